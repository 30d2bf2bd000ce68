/* SPDX-License-Identifier: GPL-2.0 */
/* This file owns the contract of exclude.c: whose addresses take no part. */
#ifndef _UMX_PRESERVE_EXCLUDE_H
#define _UMX_PRESERVE_EXCLUDE_H

#include <linux/in6.h>

struct netlink_ext_ack;
struct umx_preserve_net;

int umx_preserve_exclude_add(struct umx_preserve_net *pn,
			     const struct in6_addr *addr, u8 plen,
			     struct netlink_ext_ack *extack);
int umx_preserve_exclude_del(struct umx_preserve_net *pn,
			     const struct in6_addr *addr, u8 plen,
			     struct netlink_ext_ack *extack);
void umx_preserve_exclude_flush(struct umx_preserve_net *pn);
bool umx_preserve_excluded(const struct umx_preserve_net *pn,
			   const struct in6_addr *addr);

#endif /* _UMX_PRESERVE_EXCLUDE_H */
