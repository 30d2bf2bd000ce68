// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the counting of live addresses by user, and the limits they
 * are held against.
 */
#include <linux/hash.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include "address.h"
#include "limit.h"
#include "netns.h"

/*
 * Accounts that are kept though they count nothing, so that a user who opens
 * and closes one connection at a time does not pay for one each time.
 */
#define UMX_LIMIT_IDLE	64

/**
 * struct umx_account - a user
 * @node: in umx_limits.accounts
 * @idle: in umx_limits.idle while it counts nothing, else empty
 * @uid: who; constant
 * @live: addresses that count for him, by role
 * @has: he has a limit of his own, by role
 * @max: which one, UMX_LIMIT_NONE: none at all, whatever others have
 *
 * All under umx_limits.lock.
 */
struct umx_account {
	struct hlist_node node;
	struct list_head idle;
	kuid_t uid;
	u32 live[UMX_ROLES];
	bool has[UMX_ROLES];
	u32 max[UMX_ROLES];
};

/* Made once, by the first limit; it stays as long as the namespace. */
static struct umx_limits *umx_limits_of(struct umx_net *un)
{
	return rcu_dereference_protected(un->limits,
					 lockdep_is_held(&un->lock));
}

static struct hlist_head *umx_account_bucket(struct umx_limits *limits,
					     kuid_t uid)
{
	return &limits->accounts[hash_32(__kuid_val(uid), UMX_LIMIT_BITS)];
}

static struct umx_account *umx_account_find(struct umx_limits *limits,
					    kuid_t uid)
{
	struct umx_account *account;

	lockdep_assert_held(&limits->lock);
	hlist_for_each_entry(account, umx_account_bucket(limits, uid), node)
		if (uid_eq(account->uid, uid))
			return account;
	return NULL;
}

static void umx_account_add(struct umx_limits *limits,
			    struct umx_account *account, kuid_t uid)
{
	lockdep_assert_held(&limits->lock);
	account->uid = uid;
	INIT_LIST_HEAD(&account->idle);
	hlist_add_head(&account->node, umx_account_bucket(limits, uid));
}

/* The account of @uid, for the time the lock is held; NULL without memory. */
static struct umx_account *umx_account_get(struct umx_limits *limits,
					   kuid_t uid)
{
	struct umx_account *account = umx_account_find(limits, uid);

	if (account)
		return account;
	account = kzalloc(sizeof(*account), GFP_ATOMIC | __GFP_ACCOUNT);
	if (account)
		umx_account_add(limits, account, uid);
	return account;
}

static bool umx_account_used(const struct umx_account *account)
{
	return account->live[UMX_ROLE_EA] || account->live[UMX_ROLE_SSA] ||
	       account->has[UMX_ROLE_EA] || account->has[UMX_ROLE_SSA];
}

/* @account may have begun or ceased to be used. */
static void umx_account_settle(struct umx_limits *limits,
			       struct umx_account *account)
{
	struct umx_account *oldest;

	lockdep_assert_held(&limits->lock);
	if (umx_account_used(account) == list_empty(&account->idle))
		return;
	if (umx_account_used(account)) {
		list_del_init(&account->idle);
		limits->n_idle--;
		return;
	}
	list_add_tail(&account->idle, &limits->idle);
	if (++limits->n_idle <= UMX_LIMIT_IDLE)
		return;
	oldest = list_first_entry(&limits->idle, struct umx_account, idle);
	list_del(&oldest->idle);
	limits->n_idle--;
	hlist_del(&oldest->node);
	kfree(oldest);
}

static void umx_account_count(struct umx_limits *limits,
			      struct umx_account *account,
			      struct umx_addr *addr)
{
	limits->live[addr->role]++;
	account->live[addr->role]++;
	if (!list_empty(&account->idle))
		umx_account_settle(limits, account);
	addr->charged = true;
}

/**
 * umx_limit_charge() - count an address that is being made, or leased
 * @un: the namespace
 * @addr: not yet live, or UNCERTAIN; its role and owner are set
 *
 * What was counted is given back when @addr is freed.
 *
 * Context: RCU, from here until @addr is live: a limit that is set meanwhile
 * then counts it. Or umx_net.lock.
 * Return: 0; -EDQUOT: the namespace has as many as it may; -EUSERS: the owner
 * has; -ENOMEM.
 */
int umx_limit_charge(struct umx_net *un, struct umx_addr *addr)
{
	struct umx_limits *limits;
	struct umx_account *account;
	u8 role = addr->role;
	u32 max;
	int err = 0;

	limits = rcu_dereference_check(un->limits, lockdep_is_held(&un->lock));
	if (!limits || !READ_ONCE(limits->on[role]))
		return 0;

	spin_lock_bh(&limits->lock);
	if (limits->live[role] >= limits->max[role]) {
		err = -EDQUOT;
		goto unlock;
	}
	account = umx_account_get(limits, addr->owner);
	if (!account) {
		err = -ENOMEM;
		goto unlock;
	}
	max = account->has[role] ? account->max[role] : limits->each[role];
	if (account->live[role] < max) {
		umx_account_count(limits, account, addr);
	} else {
		umx_account_settle(limits, account);
		err = -EUSERS;
	}
unlock:
	spin_unlock_bh(&limits->lock);
	return err;
}

/**
 * umx_limit_uncharge() - @addr is being freed
 * @un: the namespace
 * @addr: charged; nobody else refers to it
 *
 * Context: any.
 */
void umx_limit_uncharge(struct umx_net *un, struct umx_addr *addr)
{
	struct umx_account *account;
	struct umx_limits *limits;

	/* there is an address: the namespace has not come to umx_limit_exit() */
	limits = rcu_dereference_protected(un->limits, true);
	spin_lock_bh(&limits->lock);
	account = umx_account_find(limits, addr->owner);
	if (!WARN_ON_ONCE(!account)) {
		limits->live[addr->role]--;
		if (!--account->live[addr->role])
			umx_account_settle(limits, account);
	}
	spin_unlock_bh(&limits->lock);
}

/* What one walk over the addresses is for. */
struct umx_limit_walk {
	struct umx_limits *limits;
	int err;
};

/* An address from before the first limit of its role. */
static void umx_limit_catch_up(struct umx_addr *addr, void *arg)
{
	struct umx_limit_walk *walk = arg;
	struct umx_limits *limits = walk->limits;
	struct umx_account *account;

	spin_lock_bh(&addr->lock);
	/* UNCERTAIN ones are nobody's: they are charged when they are leased */
	if (addr->charged || !limits->on[addr->role] ||
	    addr->state < UMX_ADDR_VALID || addr->state == UMX_ADDR_DISPOSED)
		goto unlock;
	spin_lock(&limits->lock);
	account = umx_account_get(limits, addr->owner);
	if (account)
		umx_account_count(limits, account, addr);
	else
		walk->err = -ENOMEM;
	spin_unlock(&limits->lock);
unlock:
	spin_unlock_bh(&addr->lock);
}

static bool umx_limit_any(const struct umx_limits *limits, u8 role)
{
	return limits->max[role] != UMX_LIMIT_NONE ||
	       limits->each[role] != UMX_LIMIT_NONE || limits->own[role];
}

/* Count as the limits now need. */
static void umx_limit_switch(struct umx_limits *limits)
{
	u8 role;

	for (role = 0; role < UMX_ROLES; role++)
		WRITE_ONCE(limits->on[role], umx_limit_any(limits, role));
}

/*
 * Begin to count the roles @config limits. Whoever has not seen @on has made
 * his address live when the readers are waited for, so that the walk meets it.
 */
static int umx_limit_begin(struct umx_net *un, struct umx_limits *limits,
			   const struct umx_limit_config *config)
{
	struct umx_limit_walk walk = { .limits = limits };
	bool begin = false;
	u8 role;

	for (role = 0; role < UMX_ROLES; role++) {
		if (limits->on[role] || !config->given[role] ||
		    config->max[role] == UMX_LIMIT_NONE)
			continue;
		WRITE_ONCE(limits->on[role], true);
		begin = true;
	}
	if (!begin)
		return 0;
	synchronize_net();
	if (un->ready)
		umx_addr_for_each(un, umx_limit_catch_up, &walk);
	return walk.err;
}

static struct umx_limits *umx_limits_make(struct umx_net *un)
{
	struct umx_limits *limits = umx_limits_of(un);
	u8 role;

	if (limits)
		return limits;
	limits = kvzalloc(sizeof(*limits), GFP_KERNEL_ACCOUNT);
	if (!limits)
		return NULL;
	spin_lock_init(&limits->lock);
	INIT_LIST_HEAD(&limits->idle);
	for (role = 0; role < UMX_ROLES; role++) {
		limits->max[role] = UMX_LIMIT_NONE;
		limits->each[role] = UMX_LIMIT_NONE;
	}
	rcu_assign_pointer(un->limits, limits);
	return limits;
}

/* @account gets, or loses, a limit of its own. */
static void umx_account_limit(struct umx_limits *limits,
			      struct umx_account *account, u8 role, bool has,
			      u32 max)
{
	lockdep_assert_held(&limits->lock);
	if (account->has[role] && account->max[role] != UMX_LIMIT_NONE)
		limits->own[role]--;
	account->has[role] = has;
	account->max[role] = max;
	if (has && max != UMX_LIMIT_NONE)
		limits->own[role]++;
}

/* The limits of one user, which @spare is for if he has no account yet. */
static void umx_limit_set_own(struct umx_limits *limits,
			      const struct umx_limit_config *config,
			      struct umx_account **spare)
{
	struct umx_account *account = umx_account_find(limits, config->uid);
	u8 role;

	if (!account) {
		account = *spare;
		*spare = NULL;
		umx_account_add(limits, account, config->uid);
	}
	for (role = 0; role < UMX_ROLES; role++)
		if (config->given[role])
			umx_account_limit(limits, account, role, true,
					  config->max[role]);
	umx_account_settle(limits, account);
}

/**
 * umx_limit_set() - set limits
 * @un: the namespace; its lock is held
 * @config: which
 * @extack: gets the sentence of a refusal
 *
 * Nothing that lives is ended by a limit.
 * Context: process, may sleep.
 */
int umx_limit_set(struct umx_net *un, const struct umx_limit_config *config,
		  struct netlink_ext_ack *extack)
{
	struct umx_limits *limits = umx_limits_make(un);
	struct umx_account *spare = NULL;
	u32 *max;
	int err;
	u8 role;

	lockdep_assert_held(&un->lock);
	if (!limits)
		return -ENOMEM;
	if (config->scope == UMX_LIMIT_UID) {
		spare = kzalloc(sizeof(*spare), GFP_KERNEL_ACCOUNT);
		if (!spare)
			return -ENOMEM;
	}
	err = umx_limit_begin(un, limits, config);
	if (err) {
		NL_SET_ERR_MSG(extack, "no memory to count the addresses that live");
		goto out;
	}

	spin_lock_bh(&limits->lock);
	max = config->scope == UMX_LIMIT_EACH ? limits->each : limits->max;
	if (config->scope == UMX_LIMIT_UID) {
		umx_limit_set_own(limits, config, &spare);
	} else {
		for (role = 0; role < UMX_ROLES; role++)
			if (config->given[role])
				max[role] = config->max[role];
	}
	spin_unlock_bh(&limits->lock);
out:
	umx_limit_switch(limits);
	kfree(spare);
	return err;
}

static bool umx_account_forget(struct umx_limits *limits,
			       struct umx_account *account)
{
	bool had = false;
	u8 role;

	lockdep_assert_held(&limits->lock);
	for (role = 0; role < UMX_ROLES; role++) {
		had |= account->has[role];
		umx_account_limit(limits, account, role, false, 0);
	}
	umx_account_settle(limits, account);
	return had;
}

/**
 * umx_limit_del() - a user has no limits of his own any more
 * @un: the namespace; its lock is held
 * @uid: who
 * @extack: gets the sentence of a refusal
 */
int umx_limit_del(struct umx_net *un, kuid_t uid,
		  struct netlink_ext_ack *extack)
{
	struct umx_limits *limits = umx_limits_of(un);
	struct umx_account *account;
	bool had = false;

	if (limits) {
		spin_lock_bh(&limits->lock);
		account = umx_account_find(limits, uid);
		if (account)
			had = umx_account_forget(limits, account);
		spin_unlock_bh(&limits->lock);
		umx_limit_switch(limits);
	}
	if (had)
		return 0;
	NL_SET_ERR_MSG(extack, "this user has no limit of its own");
	return -ENOENT;
}

/* The first in @bucket with a limit of its own. */
static struct umx_account *umx_account_own(struct hlist_head *bucket)
{
	struct umx_account *account;

	hlist_for_each_entry(account, bucket, node)
		if (account->has[UMX_ROLE_EA] || account->has[UMX_ROLE_SSA])
			return account;
	return NULL;
}

/**
 * umx_limit_flush() - no limits any more
 * @un: the namespace; its lock is held
 */
void umx_limit_flush(struct umx_net *un)
{
	struct umx_limits *limits = umx_limits_of(un);
	struct umx_account *account;
	unsigned int i;
	u8 role;

	if (!limits)
		return;
	spin_lock_bh(&limits->lock);
	for (role = 0; role < UMX_ROLES; role++) {
		limits->max[role] = UMX_LIMIT_NONE;
		limits->each[role] = UMX_LIMIT_NONE;
	}
	/* from the start each time: an idle one, anywhere, may be freed */
	for (i = 0; i < ARRAY_SIZE(limits->accounts); i++)
		while ((account = umx_account_own(&limits->accounts[i])))
			umx_account_forget(limits, account);
	spin_unlock_bh(&limits->lock);
	umx_limit_switch(limits);
}

static void umx_limit_show(const struct umx_limits *limits, const u32 *max,
			   const u32 *live, struct umx_limit_config *config)
{
	u8 role;

	for (role = 0; role < UMX_ROLES; role++) {
		config->given[role] = max[role] != UMX_LIMIT_NONE;
		config->max[role] = max[role];
		config->counted[role] = live && limits->on[role];
		config->live[role] = live ? live[role] : 0;
	}
}

/* The account at @at or after it. */
static struct umx_account *umx_account_at(struct umx_limits *limits,
					  struct umx_limit_cursor *at)
{
	struct umx_account *account;
	unsigned int n;

	for (; at->bucket - 2 < ARRAY_SIZE(limits->accounts); at->bucket++) {
		n = 0;
		hlist_for_each_entry(account, &limits->accounts[at->bucket - 2],
				     node)
			if (n++ >= at->skip && umx_account_used(account)) {
				at->skip = n;
				return account;
			}
		at->skip = 0;
	}
	return NULL;
}

/**
 * umx_limit_next() - one step of a dump
 * @un: the namespace; its lock is held
 * @at: where the dump is; moved on
 * @config: gets what is there
 *
 * Users come and go while a dump is under way, and may be missed or met twice.
 * Return: false at the end.
 */
bool umx_limit_next(struct umx_net *un, struct umx_limit_cursor *at,
		    struct umx_limit_config *config)
{
	struct umx_limits *limits = umx_limits_of(un);
	struct umx_account *account;
	u8 role;

	if (!limits)
		return false;
	memset(config, 0, sizeof(*config));
	spin_lock_bh(&limits->lock);
	if (at->bucket < 2) {
		config->scope = at->bucket ? UMX_LIMIT_EACH : UMX_LIMIT_NETNS;
		umx_limit_show(limits, at->bucket ? limits->each : limits->max,
			       at->bucket ? NULL : limits->live, config);
		at->bucket++;
		spin_unlock_bh(&limits->lock);
		return true;
	}
	account = umx_account_at(limits, at);
	if (account) {
		config->scope = UMX_LIMIT_UID;
		config->uid = account->uid;
		umx_limit_show(limits, account->max, account->live, config);
		for (role = 0; role < UMX_ROLES; role++)
			config->given[role] = account->has[role];
	}
	spin_unlock_bh(&limits->lock);
	return account;
}

/* The namespace goes; so has every address. */
void umx_limit_exit(struct umx_net *un)
{
	struct umx_limits *limits = rcu_dereference_protected(un->limits, true);
	struct umx_account *account;
	struct hlist_node *next;
	unsigned int i;

	if (!limits)
		return;
	for (i = 0; i < ARRAY_SIZE(limits->accounts); i++)
		hlist_for_each_entry_safe(account, next, &limits->accounts[i],
					  node) {
			WARN_ON_ONCE(account->live[UMX_ROLE_EA] ||
				     account->live[UMX_ROLE_SSA]);
			kfree(account);
		}
	kvfree(limits);
}
