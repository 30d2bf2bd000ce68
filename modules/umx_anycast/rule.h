/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns the rules that say where SYNs to anycast addresses are
 * answered.
 */
#ifndef _UMX_ANYCAST_RULE_H
#define _UMX_ANYCAST_RULE_H

#include <linux/in6.h>
#include <linux/list.h>
#include <linux/netlink.h>
#include <linux/rcupdate.h>
#include <linux/types.h>

struct sk_buff;
struct umx_anycast_net;

/**
 * struct umx_anycast_rule - one rule
 * @list: in umx_anycast_net.rules
 * @addr: the address SYNs are sent to, :: for any; constant
 * @ifindex: the device they come in on, 0 for any; constant
 * @rcu: frees it
 */
struct umx_anycast_rule {
	struct list_head list;
	struct in6_addr addr;
	u32 ifindex;
	struct rcu_head rcu;
};

int umx_anycast_rule_add(struct umx_anycast_net *an, u32 ifindex,
			 const struct in6_addr *addr,
			 struct netlink_ext_ack *extack);
int umx_anycast_rule_del(struct umx_anycast_net *an, u32 ifindex,
			 const struct in6_addr *addr,
			 struct netlink_ext_ack *extack);
void umx_anycast_rule_flush(struct umx_anycast_net *an);
void umx_anycast_rule_flush_device(struct umx_anycast_net *an, u32 ifindex);
bool umx_anycast_rule_match(const struct umx_anycast_net *an,
			    const struct sk_buff *skb);

#endif /* _UMX_ANYCAST_RULE_H */
