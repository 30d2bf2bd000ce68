/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns the contract of netlink.c, which alone touches netlink
 * attributes; events borrow its family and how it writes a pair.
 */
#ifndef _UMX_PRESERVE_NETLINK_H
#define _UMX_PRESERVE_NETLINK_H

#include <linux/types.h>

struct genl_family;
struct sk_buff;
struct umx_preserve_set;

extern struct genl_family umx_preserve_genl_family;

int umx_preserve_netlink_pair(struct sk_buff *msg, int attr,
			      const struct umx_preserve_set *set, u8 pair);

int umx_preserve_netlink_setup(void);
void umx_preserve_netlink_teardown(void);

#endif /* _UMX_PRESERVE_NETLINK_H */
