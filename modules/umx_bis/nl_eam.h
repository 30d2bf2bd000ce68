/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns the contract of nl_eam.c: the router's commands of the family
 * "umx_bis".
 */
#ifndef _UMX_BIS_NL_EAM_H
#define _UMX_BIS_NL_EAM_H

#include <linux/umx_bis.h>
#include <net/genetlink.h>

extern const struct nla_policy umx_bis_eam_policy[UMX_BIS_EAM_A_PLEN6 + 1];
extern const struct nla_policy
umx_bis_prefix_policy[UMX_BIS_PREFIX_A_PLEN + 1];

int umx_bis_nl_eam_add(struct sk_buff *skb, struct genl_info *info);
int umx_bis_nl_eam_del(struct sk_buff *skb, struct genl_info *info);
int umx_bis_nl_eam_dump(struct sk_buff *skb, struct netlink_callback *cb);
int umx_bis_nl_prefix_add(struct sk_buff *skb, struct genl_info *info);
int umx_bis_nl_prefix_del(struct sk_buff *skb, struct genl_info *info);
int umx_bis_nl_prefix_dump(struct sk_buff *skb, struct netlink_callback *cb);

/* netlink.c: begin one message of a dump; NULL if the buffer is full. */
void *umx_bis_nl_dump_put(struct sk_buff *skb, struct netlink_callback *cb,
			  u8 cmd);

#endif /* _UMX_BIS_NL_EAM_H */
