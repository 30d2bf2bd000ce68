// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the ordered list of EA rules. First match wins; no rule, no
 * EA; a rule whose pool is gone refuses (fail closed).
 */
#include <linux/rculist.h>
#include <linux/slab.h>
#include <net/ipv6.h>
#include "generate.h"
#include "netns.h"
#include "pool.h"
#include "rule.h"

static bool umx_rule_equal(const struct umx_rule *rule,
			   const struct umx_rule_config *config)
{
	return rule->legacy == config->legacy &&
	       rule->proto == config->proto &&
	       rule->to_plen == config->to_plen &&
	       ipv6_addr_equal(&rule->to, &config->to) &&
	       umx_who_equal(&rule->who, &config->who) &&
	       !strcmp(rule->pool_name, config->pool ?: "");
}

static void umx_rule_free_rcu(struct rcu_head *rcu)
{
	struct umx_rule *rule = container_of(rcu, struct umx_rule, rcu);

	umx_who_exit(&rule->who);
	kfree(rule);
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

/*
 * Does a rule say this already? One whose group is gone does not: the path may
 * lead to a new group of the same name.
 */
static bool umx_rule_exists(struct umx_net *un,
			    const struct umx_rule_config *config)
{
	struct umx_rule *rule;

	list_for_each_entry(rule, &un->rules, list)
		if (umx_rule_equal(rule, config) && !umx_who_gone(&rule->who))
			return true;
	return false;
}

/* Is there a rule about @proto? Context: umx_net.lock. */
bool umx_rule_any(const struct umx_net *un, enum umx_proto proto)
{
	struct umx_rule *rule;

	lockdep_assert_held(&un->lock);
	list_for_each_entry(rule, &un->rules, list)
		if (rule->proto == proto)
			return true;
	return false;
}

static u32 umx_rule_count(struct umx_net *un)
{
	struct umx_rule *rule;
	u32 n = 0;

	list_for_each_entry(rule, &un->rules, list)
		n++;
	return n;
}

/* What does not depend on other objects. */
static int umx_rule_check(const struct umx_rule_config *config,
			  struct netlink_ext_ack *extack)
{
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
	return 0;
}

static struct umx_rule *umx_rule_new(const struct umx_rule_config *config,
				     struct netlink_ext_ack *extack)
{
	struct umx_rule *rule;
	int err;

	rule = kzalloc(sizeof(*rule), GFP_KERNEL_ACCOUNT);
	if (!rule)
		return ERR_PTR(-ENOMEM);
	err = umx_who_init(&rule->who, &config->who, extack);
	if (err) {
		kfree(rule);
		return ERR_PTR(err);
	}
	rule->to = config->to;
	rule->to_plen = config->to_plen;
	rule->legacy = config->legacy;
	rule->proto = config->proto;
	rule->fallback = config->fallback;
	return rule;
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
	struct umx_pool *pool = NULL;
	struct umx_rule *rule, *at;
	int err;

	lockdep_assert_held(&un->lock);

	err = umx_rule_check(config, extack);
	if (err)
		return err;
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
	if (config->index == U32_MAX && umx_rule_exists(un, config)) {
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

	rule = umx_rule_new(config, extack);
	if (IS_ERR(rule))
		return PTR_ERR(rule);
	if (pool)
		strscpy(rule->pool_name, pool->name, sizeof(rule->pool_name));
	RCU_INIT_POINTER(rule->pool, pool);

	list_add_tail_rcu(&rule->list, before);
	err = umx_net_switch(un);
	if (err) {
		list_del_rcu(&rule->list);
		umx_net_switch(un);
		call_rcu(&rule->rcu, umx_rule_free_rcu);
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
	call_rcu(&rule->rcu, umx_rule_free_rcu);
	return 0;
}

void umx_rule_flush(struct umx_net *un)
{
	struct umx_rule *rule, *next;

	lockdep_assert_held(&un->lock);
	list_for_each_entry_safe(rule, next, &un->rules, list) {
		list_del_rcu(&rule->list);
		call_rcu(&rule->rcu, umx_rule_free_rcu);
	}
	umx_net_switch(un);
}

static bool umx_rule_reaches(const struct umx_rule *rule,
			     const struct in6_addr *to)
{
	return !rule->to_plen || ipv6_prefix_equal(to, &rule->to, rule->to_plen);
}

/* Do all conditions of @rule hold for @sk, its destination aside? */
static bool umx_rule_admits(const struct umx_rule *rule, struct sock *sk,
			    enum umx_proto proto)
{
	return rule->proto == proto && umx_who_admits(&rule->who, sk);
}

/**
 * umx_rule_yields() - does the wish of a program for an EA go before a rule?
 * @rule: a rule, or NULL
 *
 * It does if the rule is about destinations, not if it names users or groups: it
 * is for them.
 */
bool umx_rule_yields(const struct umx_rule *rule)
{
	return !rule || (rule->legacy && !umx_who_names(&rule->who));
}

/**
 * umx_rule_match() - the rule that decides about a connect()
 * @un: the namespace
 * @sk: the socket that connects
 * @to: where to
 * @proto: of which protocol @sk is
 * @wants: its program wants an EA
 *
 * The first that matches; if an EA is wanted, by RFC 5014 or by @wants, one that
 * yields only if none follows.
 * Context: RCU; the result is valid inside it.
 */
struct umx_rule *umx_rule_match(const struct umx_net *un, struct sock *sk,
				const struct in6_addr *to, enum umx_proto proto,
				bool wants)
{
	struct umx_rule *rule, *yields = NULL;

	/* a translated session's may be one of IPv4, and have none */
	if (sk->sk_family == AF_INET6)
		wants |= !!(inet6_sk(sk)->srcprefs & IPV6_PREFER_SRC_TMP);
	list_for_each_entry_rcu(rule, &un->rules, list) {
		if (!umx_rule_reaches(rule, to) ||
		    !umx_rule_admits(rule, sk, proto))
			continue;
		if (!wants || !umx_rule_yields(rule))
			return rule;
		if (!yields)
			yields = rule;
	}
	return yields;
}

/* Does @rule keep @sk from what follows? @to: NULL if not known yet. */
static bool umx_rule_forbids(const struct umx_rule *rule,
			     const struct in6_addr *to)
{
	return rule->legacy && umx_who_names(&rule->who) &&
	       (to ? umx_rule_reaches(rule, to) : !rule->to_plen);
}

/**
 * umx_rule_offer() - the pool that rules offer a socket, wherever it connects to
 * @un: the namespace
 * @sk: the socket
 * @to: where it connects to, NULL if that is not known yet
 * @proto: of which protocol @sk is
 * @name: of the pool that is wanted; NULL: the only one
 *
 * What its user could draw from anyway, by a connect() to the right place: the
 * rules' destinations do not count, but for those of rules that keep this user
 * or group on legacy addresses.
 * Context: RCU. Return: the pool; NULL: none, or several without a @name.
 */
struct umx_pool *umx_rule_offer(const struct umx_net *un, struct sock *sk,
				const struct in6_addr *to, enum umx_proto proto,
				const char *name)
{
	struct umx_pool *pool, *found = NULL;
	struct umx_rule *rule;

	list_for_each_entry_rcu(rule, &un->rules, list) {
		if (!umx_rule_admits(rule, sk, proto))
			continue;
		if (umx_rule_forbids(rule, to))
			break;
		pool = rcu_dereference(rule->pool);
		if (!pool || pool == found || READ_ONCE(pool->detached) ||
		    (name && strcmp(name, pool->name)))
			continue;
		if (found)
			return NULL;
		found = pool;
	}
	return found;
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
