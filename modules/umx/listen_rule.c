// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the ordered list of rules about servers. First match wins; no
 * rule, and a port stays as it is.
 *
 * listen() is where they are looked at, with a socket locked, and so without
 * umx_net.lock. What is written under that, and read there, is under
 * umx_net.ports_lock, too: whoever has taken a rule out of the list knows that
 * each port it closed is in the table.
 */
#include <linux/rculist.h>
#include <linux/slab.h>
#include "elder.h"
#include "listen_rule.h"
#include "netns.h"
#include "ssa.h"

static bool umx_listen_rule_equal(const struct umx_listen_rule *rule,
				  const struct umx_listen_rule_config *config)
{
	return rule->port.mode == config->port.mode &&
	       rule->port.port == config->port.port &&
	       umx_who_equal(&rule->who, &config->who) &&
	       !strcmp(rule->pool, config->port.pool ?: "");
}

static struct umx_listen_rule *
umx_listen_rule_find(struct umx_net *un,
		     const struct umx_listen_rule_config *config)
{
	struct umx_listen_rule *rule;
	u32 i = 0;

	list_for_each_entry(rule, &un->listen_rules, list) {
		if (config->index != U32_MAX ?
		    i == config->index : umx_listen_rule_equal(rule, config))
			return rule;
		i++;
	}
	return NULL;
}

/*
 * Does a rule say this already? One whose group is gone does not: the path may
 * lead to a new group of the same name.
 */
static bool umx_listen_rule_exists(struct umx_net *un,
				   const struct umx_listen_rule_config *config)
{
	struct umx_listen_rule *rule;

	list_for_each_entry(rule, &un->listen_rules, list)
		if (umx_listen_rule_equal(rule, config) &&
		    !umx_who_gone(&rule->who))
			return true;
	return false;
}

static u32 umx_listen_rule_count(const struct umx_net *un)
{
	struct umx_listen_rule *rule;
	u32 n = 0;

	list_for_each_entry(rule, &un->listen_rules, list)
		n++;
	return n;
}

static int umx_listen_rule_check(struct umx_net *un,
				 const struct umx_listener_config *port,
				 struct netlink_ext_ack *extack)
{
	if (port->mode == UMX_LISTENER_LEGACY) {
		if (!port->pool && port->ipv4 < 0 && port->local < 0 &&
		    port->half_open < 0 && port->cookie_rate < 0)
			return 0;
		NL_SET_ERR_MSG(extack, "a rule with mode legacy leaves a port alone: it has no settings");
		return -EINVAL;
	}
	if (!port->pool && port->mode != UMX_LISTENER_AUTO)
		return 0;
	return PTR_ERR_OR_ZERO(umx_ssa_pool_of(un, port->pool ?: "", extack));
}

static void umx_listen_rule_free(struct rcu_head *rcu)
{
	struct umx_listen_rule *rule =
		container_of(rcu, struct umx_listen_rule, rcu);

	umx_who_exit(&rule->who);
	kfree(rule);
}

static struct umx_listen_rule *
umx_listen_rule_new(const struct umx_listen_rule_config *config,
		    struct netlink_ext_ack *extack)
{
	struct umx_listen_rule *rule;
	int err;

	rule = kzalloc(sizeof(*rule), GFP_KERNEL_ACCOUNT);
	if (!rule)
		return ERR_PTR(-ENOMEM);
	err = umx_who_init(&rule->who, &config->who, extack);
	if (err) {
		kfree(rule);
		return ERR_PTR(err);
	}
	rule->port = config->port;
	if (config->port.pool)
		strscpy(rule->pool, config->port.pool, sizeof(rule->pool));
	rule->port.pool = rule->pool;
	return rule;
}

/* Where in the list a rule goes; NULL: no such place, with a sentence. */
static struct list_head *
umx_listen_rule_place(struct umx_net *un,
		      const struct umx_listen_rule_config *config,
		      struct netlink_ext_ack *extack)
{
	struct umx_listen_rule *at;

	if (config->index == U32_MAX)
		return &un->listen_rules;
	at = umx_listen_rule_find(un, config);
	if (at)
		return &at->list;
	if (config->index == umx_listen_rule_count(un))
		return &un->listen_rules;
	NL_SET_ERR_MSG(extack, "no rule at this index");
	return NULL;
}

static void umx_listen_rule_remove(struct umx_net *un,
				   struct umx_listen_rule *rule)
{
	spin_lock_bh(&un->ports_lock);
	list_del_rcu(&rule->list);
	spin_unlock_bh(&un->ports_lock);
	if (list_empty(&un->listen_rules))
		umx_elder_forget(un);
	call_rcu(&rule->rcu, umx_listen_rule_free);
}

/**
 * umx_listen_rule_add() - add a rule, at the end or before position config->index
 * @un: the namespace; its lock is held
 * @config: what it is to be
 * @extack: gets the sentence of a refusal
 *
 * Servers that listen already are left alone.
 * Return: 0; -EINVAL; -ENOENT: no such pool, group or position; -ENOTUNIQ:
 * which pool; -EEXIST; -ENOSPC: there are UMX_LISTEN_RULE_MAX; -EOPNOTSUPP;
 * -ENOMEM; or the error of a hook.
 */
int umx_listen_rule_add(struct umx_net *un,
			const struct umx_listen_rule_config *config,
			struct netlink_ext_ack *extack)
{
	struct umx_listen_rule *rule;
	struct list_head *before;
	int err;

	lockdep_assert_held(&un->lock);

	err = umx_listen_rule_check(un, &config->port, extack);
	if (err)
		return err;
	/*
	 * Where a position is given, the same rule may stand twice: for as
	 * long as one takes over from the other.
	 */
	if (config->index == U32_MAX && umx_listen_rule_exists(un, config)) {
		NL_SET_ERR_MSG(extack, "this rule exists");
		return -EEXIST;
	}
	if (umx_listen_rule_count(un) >= UMX_LISTEN_RULE_MAX) {
		NL_SET_ERR_MSG(extack, "there are as many rules about servers as there may be");
		return -ENOSPC;
	}
	before = umx_listen_rule_place(un, config, extack);
	if (!before)
		return -ENOENT;
	err = umx_net_make_ready(un);	/* handshakes are looked up */
	if (!err && config->port.mode != UMX_LISTENER_LEGACY)
		err = umx_elder_find(un);
	if (err)
		return err;
	rule = umx_listen_rule_new(config, extack);
	if (IS_ERR(rule))
		return PTR_ERR(rule);

	rule->id = ++un->listen_rule_id;
	spin_lock_bh(&un->ports_lock);
	list_add_tail_rcu(&rule->list, before);
	spin_unlock_bh(&un->ports_lock);
	err = umx_net_switch(un);
	if (err) {
		NL_SET_ERR_MSG(extack, "the netfilter hooks of the gate cannot be registered");
		umx_listen_rule_remove(un, rule);
		umx_net_switch(un);
	}
	return err;
}

/**
 * umx_listen_rule_del() - remove one rule
 * @un: the namespace; its lock is held
 * @config: its index, or what it says
 * @extack: gets the sentence of a refusal
 *
 * Ports it has closed stay so until their servers are gone.
 */
int umx_listen_rule_del(struct umx_net *un,
			const struct umx_listen_rule_config *config,
			struct netlink_ext_ack *extack)
{
	struct umx_listen_rule *rule;

	lockdep_assert_held(&un->lock);
	rule = umx_listen_rule_find(un, config);
	if (!rule) {
		NL_SET_ERR_MSG(extack, "no such rule");
		return -ENOENT;
	}
	/* Whom it has kept open so far is not closed by another one now. */
	if (rule->port.mode == UMX_LISTENER_LEGACY &&
	    rcu_access_pointer(un->elders) && umx_elder_find(un))
		return -ENOMEM;
	umx_listen_rule_remove(un, rule);
	umx_net_switch(un);
	return 0;
}

void umx_listen_rule_flush(struct umx_net *un)
{
	struct umx_listen_rule *rule, *next;

	lockdep_assert_held(&un->lock);
	list_for_each_entry_safe(rule, next, &un->listen_rules, list)
		umx_listen_rule_remove(un, rule);
	umx_net_switch(un);
}

/**
 * umx_listen_rule_match() - the rule that decides about a listen()
 * @un: the namespace
 * @sk: the socket that is about to listen
 * @port: on this port
 *
 * Context: RCU, or umx_net.ports_lock. Return: the first that matches, or NULL.
 */
struct umx_listen_rule *umx_listen_rule_match(struct umx_net *un,
					      struct sock *sk, u16 port)
{
	struct umx_listen_rule *rule;

	list_for_each_entry_rcu(rule, &un->listen_rules, list,
				lockdep_is_held(&un->ports_lock))
		if ((!rule->port.port || rule->port.port == port) &&
		    umx_who_admits(&rule->who, sk))
			return rule;
	return NULL;
}

/**
 * umx_listen_rule_closes() - is the port of this socket to be closed?
 * @un: the namespace
 * @sk: what listens, or is about to
 * @port: on this port
 *
 * Context: any.
 */
bool umx_listen_rule_closes(struct umx_net *un, struct sock *sk, u16 port)
{
	const struct umx_listen_rule *rule;
	bool closes;

	rcu_read_lock();
	rule = umx_listen_rule_match(un, sk, port);
	closes = rule && rule->port.mode != UMX_LISTENER_LEGACY;
	rcu_read_unlock();
	return closes;
}

/* Where the rule @id stands now, U32_MAX: it is gone. Context: umx_net.lock. */
u32 umx_listen_rule_index(const struct umx_net *un, u32 id)
{
	struct umx_listen_rule *rule;
	u32 i = 0;

	lockdep_assert_held(&un->lock);
	list_for_each_entry(rule, &un->listen_rules, list) {
		if (rule->id == id)
			return i;
		i++;
	}
	return U32_MAX;
}
