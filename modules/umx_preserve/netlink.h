/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns the contract of netlink.c and nl_prefix.c, which alone touch
 * netlink attributes; events borrow its family and how it writes a pair.
 */
#ifndef _UMX_PRESERVE_NETLINK_H
#define _UMX_PRESERVE_NETLINK_H

#include <linux/types.h>

struct genl_family;
struct genl_info;
struct netlink_callback;
struct sk_buff;
struct umx_preserve_set;

extern struct genl_family umx_preserve_genl_family;

int umx_preserve_netlink_pair(struct sk_buff *msg, int attr,
			      const struct umx_preserve_set *set, u8 pair);
void *umx_preserve_nl_dump_put(struct sk_buff *skb, struct netlink_callback *cb,
			       u8 cmd);

/* nl_prefix.c */
int umx_preserve_nl_exclude_add(struct sk_buff *skb, struct genl_info *info);
int umx_preserve_nl_exclude_del(struct sk_buff *skb, struct genl_info *info);
int umx_preserve_nl_exclude_flush(struct sk_buff *skb, struct genl_info *info);
int umx_preserve_nl_exclude_dump(struct sk_buff *skb,
				 struct netlink_callback *cb);
int umx_preserve_nl_key_add(struct sk_buff *skb, struct genl_info *info);
int umx_preserve_nl_key_del(struct sk_buff *skb, struct genl_info *info);
int umx_preserve_nl_key_flush(struct sk_buff *skb, struct genl_info *info);
int umx_preserve_nl_key_dump(struct sk_buff *skb, struct netlink_callback *cb);

int umx_preserve_netlink_setup(void);
void umx_preserve_netlink_teardown(void);

#endif /* _UMX_PRESERVE_NETLINK_H */
