/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns the contract of netlink.c, which alone touches netlink
 * attributes.
 */
#ifndef _UMX_BIS_NETLINK_H
#define _UMX_BIS_NETLINK_H

int umx_bis_netlink_setup(void);
void umx_bis_netlink_teardown(void);

#endif /* _UMX_BIS_NETLINK_H */
