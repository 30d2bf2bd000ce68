// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the set of rules. They only ever switch on: a SYN is
 * answered if one rule names its address and device, or leaves them open.
 */
#include <linux/ipv6.h>
#include <linux/netdevice.h>
#include <linux/rculist.h>
#include <linux/slab.h>
#include <linux/umx_anycast.h>
#include <net/ipv6.h>
#include "netns.h"
#include "rule.h"

static struct umx_anycast_rule *
umx_anycast_rule_find(struct umx_anycast_net *an, u32 ifindex,
		      const struct in6_addr *addr)
{
	struct umx_anycast_rule *rule;

	list_for_each_entry(rule, &an->rules, list)
		if (rule->ifindex == ifindex &&
		    ipv6_addr_equal(&rule->addr, addr))
			return rule;
	return NULL;
}

/* The hook is the caller's to switch. */
static void umx_anycast_rule_unlink(struct umx_anycast_net *an,
				    struct umx_anycast_rule *rule)
{
	list_del_rcu(&rule->list);
	an->n_rules--;
	an->genid++;
	kfree_rcu(rule, rcu);
}

static bool umx_anycast_device_exists(struct net *net, u32 ifindex)
{
	bool there;

	rcu_read_lock();
	there = ifindex <= INT_MAX && dev_get_by_index_rcu(net, ifindex);
	rcu_read_unlock();
	return there;
}

/**
 * umx_anycast_rule_add() - switch on
 * @an: the namespace; its lock is held
 * @ifindex: SYNs that come in on this device, 0 for any
 * @addr: SYNs to this address, :: for any
 * @extack: gets the sentence of a refusal
 *
 * Return: 0, also if the rule is there, or a negative errno.
 */
int umx_anycast_rule_add(struct umx_anycast_net *an, u32 ifindex,
			 const struct in6_addr *addr,
			 struct netlink_ext_ack *extack)
{
	struct umx_anycast_rule *rule;
	int err;

	lockdep_assert_held(&an->lock);

	if (ifindex && !umx_anycast_device_exists(an->net, ifindex)) {
		NL_SET_ERR_MSG(extack, "no such device in this network namespace");
		return -ENODEV;
	}
	if (umx_anycast_rule_find(an, ifindex, addr))
		return 0;
	if (an->n_rules >= UMX_ANYCAST_RULE_MAX) {
		NL_SET_ERR_MSG(extack, "there are 64 rules already; 'anycast on' alone covers every device and address");
		return -ENOSPC;
	}
	rule = kzalloc(sizeof(*rule), GFP_KERNEL_ACCOUNT);
	if (!rule)
		return -ENOMEM;
	rule->ifindex = ifindex;
	rule->addr = *addr;

	list_add_tail_rcu(&rule->list, &an->rules);
	an->n_rules++;
	an->genid++;
	err = umx_anycast_net_switch(an);
	if (err)
		umx_anycast_rule_unlink(an, rule);
	return err;
}

/**
 * umx_anycast_rule_del() - remove one rule
 * @an: the namespace; its lock is held
 * @ifindex: as it was added
 * @addr: as it was added
 * @extack: gets the sentence of a refusal
 */
int umx_anycast_rule_del(struct umx_anycast_net *an, u32 ifindex,
			 const struct in6_addr *addr,
			 struct netlink_ext_ack *extack)
{
	struct umx_anycast_rule *rule;

	lockdep_assert_held(&an->lock);
	rule = umx_anycast_rule_find(an, ifindex, addr);
	if (!rule && umx_anycast_rule_find(an, 0, &in6addr_any)) {
		NL_SET_ERR_MSG(extack, "it is on for all, not for these; rules make no exceptions ('anycast off' removes them all)");
		return -ENOENT;
	}
	if (!rule) {
		NL_SET_ERR_MSG(extack, "it was not switched on for this device and address");
		return -ENOENT;
	}
	umx_anycast_rule_unlink(an, rule);
	umx_anycast_net_switch(an);
	return 0;
}

void umx_anycast_rule_flush(struct umx_anycast_net *an)
{
	struct umx_anycast_rule *rule, *next;

	lockdep_assert_held(&an->lock);
	list_for_each_entry_safe(rule, next, &an->rules, list)
		umx_anycast_rule_unlink(an, rule);
	umx_anycast_net_switch(an);
}

/* A device goes: its index may name another one later. */
void umx_anycast_rule_flush_device(struct umx_anycast_net *an, u32 ifindex)
{
	struct umx_anycast_rule *rule, *next;

	lockdep_assert_held(&an->lock);
	list_for_each_entry_safe(rule, next, &an->rules, list)
		if (rule->ifindex == ifindex)
			umx_anycast_rule_unlink(an, rule);
	umx_anycast_net_switch(an);
}

/**
 * umx_anycast_rule_match() - is it switched on for this packet?
 * @an: the namespace
 * @skb: a packet in LOCAL_IN; skb->dev is the VRF if it came in through one
 *
 * Context: RCU.
 */
bool umx_anycast_rule_match(const struct umx_anycast_net *an,
			    const struct sk_buff *skb)
{
	const struct in6_addr *addr = &ipv6_hdr(skb)->daddr;
	u32 vrf = skb->dev->ifindex, dev = inet6_iif(skb);
	const struct umx_anycast_rule *rule;

	list_for_each_entry_rcu(rule, &an->rules, list) {
		if (rule->ifindex && rule->ifindex != dev &&
		    rule->ifindex != vrf)
			continue;
		if (ipv6_addr_any(&rule->addr) ||
		    ipv6_addr_equal(&rule->addr, addr))
			return true;
	}
	return false;
}
