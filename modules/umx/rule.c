// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the ordered list of EA rules. First match wins; no rule, no
 * EA; a rule whose pool is gone refuses (fail closed).
 */
#include <linux/rculist.h>
#include <linux/slab.h>
#include "generate.h"
#include "netns.h"
#include "pool.h"
#include "rule.h"

static bool umx_rule_equal(const struct umx_rule *rule,
			   const struct umx_rule_config *config)
{
	return rule->legacy == config->legacy &&
	       rule->to_plen == config->to_plen &&
	       ipv6_addr_equal(&rule->to, &config->to) &&
	       !strcmp(rule->pool_name, config->pool ?: "");
}

static struct umx_rule *umx_rule_find(struct umx_net *un,
				      const struct umx_rule_config *config)
{
	struct umx_rule *rule;
	u32 i = 0;

	list_for_each_entry(rule, &un->rules, list) {
		if (config->index != U32_MAX ? i == config->index :
					       umx_rule_equal(rule, config))
			return rule;
		i++;
	}
	return NULL;
}

static u32 umx_rule_count(struct umx_net *un)
{
	struct umx_rule *rule;
	u32 n = 0;

	list_for_each_entry(rule, &un->rules, list)
		n++;
	return n;
}

/**
 * umx_rule_add() - add a rule, at the end or before position config->index
 * @un: the namespace; its lock is held
 * @config: what it is to be
 * @extack: gets the sentence of a refusal
 */
int umx_rule_add(struct umx_net *un, const struct umx_rule_config *config,
		 struct netlink_ext_ack *extack)
{
	struct list_head *before = &un->rules;
	struct umx_rule_config same = *config;
	struct umx_pool *pool = NULL;
	struct umx_rule *rule, *at;
	int err;

	lockdep_assert_held(&un->lock);

	if (!umx_prefix_clean(&config->to, config->to_plen)) {
		NL_SET_ERR_MSG(extack, "destination prefix has bits set beyond its length");
		return -EINVAL;
	}
	if (config->legacy == !!config->pool) {
		NL_SET_ERR_MSG(extack, "a rule names either a pool or legacy");
		return -EINVAL;
	}
	if (config->legacy && config->fallback) {
		NL_SET_ERR_MSG(extack, "fallback has no meaning in a legacy rule");
		return -EINVAL;
	}
	if (config->pool) {
		pool = umx_pool_find(un, config->pool);
		if (!pool || pool->detached) {
			NL_SET_ERR_MSG(extack, "no pool of this name");
			return -ENOENT;
		}
	}
	/*
	 * Where a position is given, the same rule may stand twice: for as
	 * long as one takes over from the other.
	 */
	same.index = U32_MAX;
	if (config->index == U32_MAX && umx_rule_find(un, &same)) {
		NL_SET_ERR_MSG(extack, "this rule exists");
		return -EEXIST;
	}
	if (config->index != U32_MAX) {
		at = umx_rule_find(un, config);
		if (!at && config->index != umx_rule_count(un)) {
			NL_SET_ERR_MSG(extack, "no rule at this index");
			return -ENOENT;
		}
		if (at)
			before = &at->list;
	}

	rule = kzalloc(sizeof(*rule), GFP_KERNEL_ACCOUNT);
	if (!rule)
		return -ENOMEM;
	rule->to = config->to;
	rule->to_plen = config->to_plen;
	rule->legacy = config->legacy;
	rule->fallback = config->fallback;
	if (pool)
		strscpy(rule->pool_name, pool->name, sizeof(rule->pool_name));
	RCU_INIT_POINTER(rule->pool, pool);

	list_add_tail_rcu(&rule->list, before);
	err = umx_net_switch(un);
	if (err) {
		list_del_rcu(&rule->list);
		umx_net_switch(un);
		kfree_rcu(rule, rcu);
	}
	return err;
}

/**
 * umx_rule_del() - remove one rule
 * @un: the namespace; its lock is held
 * @config: its index, or what it says
 * @extack: gets the sentence of a refusal
 */
int umx_rule_del(struct umx_net *un, const struct umx_rule_config *config,
		 struct netlink_ext_ack *extack)
{
	struct umx_rule *rule;

	lockdep_assert_held(&un->lock);
	rule = umx_rule_find(un, config);
	if (!rule) {
		NL_SET_ERR_MSG(extack, "no such rule");
		return -ENOENT;
	}
	list_del_rcu(&rule->list);
	umx_net_switch(un);
	kfree_rcu(rule, rcu);
	return 0;
}

void umx_rule_flush(struct umx_net *un)
{
	struct umx_rule *rule, *next;

	lockdep_assert_held(&un->lock);
	list_for_each_entry_safe(rule, next, &un->rules, list) {
		list_del_rcu(&rule->list);
		kfree_rcu(rule, rcu);
	}
	umx_net_switch(un);
}

/* Context: RCU. */
struct umx_rule *umx_rule_match(const struct umx_net *un,
				const struct in6_addr *to)
{
	struct umx_rule *rule;

	list_for_each_entry_rcu(rule, &un->rules, list)
		if (!rule->to_plen ||
		    ipv6_prefix_equal(to, &rule->to, rule->to_plen))
			return rule;
	return NULL;
}

/* A pool has come (again): the rules that name it are whole. */
void umx_rule_bind_pool(struct umx_net *un, struct umx_pool *pool)
{
	struct umx_rule *rule;

	lockdep_assert_held(&un->lock);
	list_for_each_entry(rule, &un->rules, list)
		if (!strcmp(rule->pool_name, pool->name))
			rcu_assign_pointer(rule->pool, pool);
}

/* A pool goes: the rules that name it refuse from now on. */
void umx_rule_forget_pool(struct umx_net *un, struct umx_pool *pool)
{
	struct umx_rule *rule;

	lockdep_assert_held(&un->lock);
	list_for_each_entry(rule, &un->rules, list)
		if (rcu_access_pointer(rule->pool) == pool)
			RCU_INIT_POINTER(rule->pool, NULL);
}
