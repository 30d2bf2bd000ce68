/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns what the handlers of the genl family "umx" share. Handlers of
 * one object live in nl_OBJECT.c; nothing else touches netlink attributes.
 */
#ifndef _UMX_NETLINK_H
#define _UMX_NETLINK_H

#include <linux/umx.h>
#include <net/genetlink.h>
#include <net/sock.h>
#include "netns.h"

struct umx_who;
struct umx_who_config;

extern struct genl_family umx_genl_family;

int umx_netlink_setup(void);
void umx_netlink_teardown(void);

/* nl_policy.c: one policy per command */
extern const struct nla_policy umx_nl_none_policy[];
extern const struct nla_policy umx_nl_pool_add_policy[];
extern const struct nla_policy umx_nl_pool_del_policy[];
extern const struct nla_policy umx_nl_pool_reserve_policy[];
extern const struct nla_policy umx_nl_ea_policy[];
extern const struct nla_policy umx_nl_ea_del_policy[];
extern const struct nla_policy umx_nl_listener_set_policy[];
extern const struct nla_policy umx_nl_listener_get_policy[];
extern const struct nla_policy umx_nl_listen_rule_add_policy[];
extern const struct nla_policy umx_nl_listen_rule_del_policy[];
extern const struct nla_policy umx_nl_ssa_add_policy[];
extern const struct nla_policy umx_nl_ssa_lease_policy[];
extern const struct nla_policy umx_nl_ssa_del_policy[];
extern const struct nla_policy umx_nl_ssa_get_policy[];
extern const struct nla_policy umx_nl_addr_get_policy[];
extern const struct nla_policy umx_nl_drain_policy[];
extern const struct nla_policy umx_nl_stats_policy[];
extern const struct nla_policy umx_nl_limit_set_policy[];
extern const struct nla_policy umx_nl_limit_del_policy[];

/* what a request acts on */
static inline struct umx_net *umx_nl_net(const struct genl_info *info)
{
	return umx_net(genl_info_net((struct genl_info *)info));
}

struct nlattr **umx_nl_dump_attrs(struct netlink_callback *cb);
struct sk_buff *umx_nl_reply(struct genl_info *info, void **hdr);
int umx_nl_require(struct genl_info *info, int attr, const char *sentence);
int umx_nl_device(struct genl_info *info, int attr, u32 *ifindex);
struct pid *umx_nl_pid(struct genl_info *info, int attr);
void *umx_nl_dump_put(struct sk_buff *skb, struct netlink_callback *cb,
		      u8 cmd);

/* nl_who.c; which attributes of an object say whose sockets a rule is about */
struct umx_nl_who_attrs {
	int uid;
	int uid_end;
	int cgroup;
	int cgroup_gone;
};

int umx_nl_who_read(struct genl_info *info, const struct umx_nl_who_attrs *a,
		    struct umx_who_config *config);
int umx_nl_who_put(struct sk_buff *skb, const struct umx_nl_who_attrs *a,
		   const struct umx_who *who);

/* nl_pool.c, nl_ea.c, nl_listener.c, nl_listen_rule.c, nl_ssa.c, nl_addr.c, nl_limit.c */
int umx_nl_pool_add(struct sk_buff *skb, struct genl_info *info);
int umx_nl_pool_del(struct sk_buff *skb, struct genl_info *info);
int umx_nl_pool_reserve(struct sk_buff *skb, struct genl_info *info);
int umx_nl_pool_start(struct netlink_callback *cb);
int umx_nl_pool_dump(struct sk_buff *skb, struct netlink_callback *cb);
int umx_nl_ea_add(struct sk_buff *skb, struct genl_info *info);
int umx_nl_ea_del(struct sk_buff *skb, struct genl_info *info);
int umx_nl_ea_dump(struct sk_buff *skb, struct netlink_callback *cb);
int umx_nl_listener_set(struct sk_buff *skb, struct genl_info *info);
int umx_nl_listener_start(struct netlink_callback *cb);
int umx_nl_listener_dump(struct sk_buff *skb, struct netlink_callback *cb);
int umx_nl_listener_done(struct netlink_callback *cb);
int umx_nl_listen_rule_add(struct sk_buff *skb, struct genl_info *info);
int umx_nl_listen_rule_del(struct sk_buff *skb, struct genl_info *info);
int umx_nl_listen_rule_dump(struct sk_buff *skb, struct netlink_callback *cb);
int umx_nl_ssa_add(struct sk_buff *skb, struct genl_info *info);
int umx_nl_ssa_lease(struct sk_buff *skb, struct genl_info *info);
int umx_nl_ssa_del(struct sk_buff *skb, struct genl_info *info);
int umx_nl_addr_start(struct netlink_callback *cb);
int umx_nl_ssa_dump(struct sk_buff *skb, struct netlink_callback *cb);
int umx_nl_addr_dump(struct sk_buff *skb, struct netlink_callback *cb);
int umx_nl_session_dump(struct sk_buff *skb, struct netlink_callback *cb);
int umx_nl_addr_done(struct netlink_callback *cb);
int umx_nl_limit_set(struct sk_buff *skb, struct genl_info *info);
int umx_nl_limit_del(struct sk_buff *skb, struct genl_info *info);
int umx_nl_limit_dump(struct sk_buff *skb, struct netlink_callback *cb);

#endif /* _UMX_NETLINK_H */
