/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns the rules that decide which client sessions get an EA.
 */
#ifndef _UMX_RULE_H
#define _UMX_RULE_H

#include <linux/atomic.h>
#include <linux/in6.h>
#include <linux/netlink.h>
#include <linux/rcupdate.h>
#include <linux/umx.h>
#include "who.h"

struct sock;
struct umx_net;
struct umx_pool;

/**
 * struct umx_rule - one rule
 * @list: in umx_net.rules, in order
 * @to: destination prefix; constant
 * @to_plen: its length; constant
 * @legacy: leave matching sessions alone; constant
 * @proto: enum umx_proto: whose sessions it is about; constant
 * @fallback: a pool that gives none leaves the session alone; constant
 * @who: whose sessions; constant
 * @pool_name: name of the pool, "" if @legacy; constant
 * @pool: the pool while one of that name exists; written under umx_net.lock,
 *	read under RCU
 * @hits: sessions it decided
 * @rcu: frees it
 */
struct umx_rule {
	struct list_head list;
	struct in6_addr to;
	u8 to_plen;
	bool legacy;
	u8 proto;
	bool fallback;
	struct umx_who who;
	char pool_name[UMX_POOL_NAME_MAX];
	struct umx_pool __rcu *pool;
	atomic64_t hits;
	struct rcu_head rcu;
};

/**
 * struct umx_rule_config - what a rule is to be, or which one is meant
 * See enum umx_ea_attr. @index is U32_MAX if not given.
 */
struct umx_rule_config {
	struct in6_addr to;
	u8 to_plen;
	bool legacy;
	u8 proto;
	bool fallback;
	struct umx_who_config who;
	const char *pool;
	u32 index;
};

int umx_rule_add(struct umx_net *un, const struct umx_rule_config *config,
		 struct netlink_ext_ack *extack);
int umx_rule_del(struct umx_net *un, const struct umx_rule_config *config,
		 struct netlink_ext_ack *extack);
void umx_rule_flush(struct umx_net *un);
bool umx_rule_any(const struct umx_net *un, enum umx_proto proto);
struct umx_rule *umx_rule_match(const struct umx_net *un, struct sock *sk,
				const struct in6_addr *to,
				enum umx_proto proto, bool wants);
bool umx_rule_yields(const struct umx_rule *rule);
struct umx_pool *umx_rule_offer(const struct umx_net *un, struct sock *sk,
				const struct in6_addr *to, enum umx_proto proto,
				const char *name);
void umx_rule_bind_pool(struct umx_net *un, struct umx_pool *pool);
void umx_rule_forget_pool(struct umx_net *un, struct umx_pool *pool);

#endif /* _UMX_RULE_H */
