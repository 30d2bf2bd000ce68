/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns the contract of nl_port.c: the dump of reserved ports of the
 * family "umx_bis".
 */
#ifndef _UMX_BIS_NL_PORT_H
#define _UMX_BIS_NL_PORT_H

struct netlink_callback;
struct sk_buff;

int umx_bis_nl_port_dump(struct sk_buff *skb, struct netlink_callback *cb);

#endif /* _UMX_BIS_NL_PORT_H */
