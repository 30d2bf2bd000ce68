// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the life of pools: added, drawn from, removed or detached.
 */
#include <linux/ctype.h>
#include <linux/random.h>
#include <linux/rculist.h>
#include <linux/slab.h>
#include "attach.h"
#include "auto.h"
#include "event.h"
#include "follow.h"
#include "generate.h"
#include "listed.h"
#include "netns.h"
#include "onlink.h"
#include "pool.h"
#include "rule.h"
#include "spent.h"
#include "sysfs.h"

/* A generated address that is reserved, spent or live is skipped this often. */
#define UMX_GENERATE_TRIES	64

u64 umx_pool_stat(const struct umx_pool *pool, enum umx_pool_stat stat)
{
	long sum = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		sum += READ_ONCE(per_cpu_ptr(pool->stats, cpu)->c[stat]);
	return sum > 0 ? sum : 0;
}

/* The pool named @name, detached ones included. Under umx_net.lock. */
struct umx_pool *umx_pool_find(struct umx_net *un, const char *name)
{
	struct umx_pool *pool;

	lockdep_assert_held(&un->lock);
	list_for_each_entry(pool, &un->pools, list)
		if (!strcmp(pool->name, name))
			return pool;
	return NULL;
}

/* The pool @addr belongs to. Under RCU or umx_net.lock. */
struct umx_pool *umx_pool_of(const struct umx_net *un,
			     const struct in6_addr *addr)
{
	struct umx_pool *pool;

	list_for_each_entry_rcu(pool, &un->pools, list,
				lockdep_is_held(&un->lock))
		if (ipv6_prefix_equal(&pool->prefix, addr, pool->plen) &&
		    !((addr->s6_addr32[3] ^ pool->tail) & pool->tail_mask) &&
		    (!pool->listed || umx_listed_has(pool->listed, addr)))
			return pool;
	return NULL;
}

/**
 * umx_pool_named() - a pool to draw from
 * @un: the namespace
 * @name: its name; NULL: the only one there is
 *
 * Context: RCU. Return: the pool; NULL: none, or several without a @name.
 */
struct umx_pool *umx_pool_named(const struct umx_net *un, const char *name)
{
	struct umx_pool *pool, *found = NULL;

	list_for_each_entry_rcu(pool, &un->pools, list) {
		if (READ_ONCE(pool->detached) ||
		    (name && strcmp(name, pool->name)))
			continue;
		if (found)
			return NULL;
		found = pool;
	}
	return found;
}

/* Has the namespace an on-link pool? Its lock is held. */
bool umx_pool_any_onlink(const struct umx_net *un)
{
	const struct umx_pool *pool;

	lockdep_assert_held(&un->lock);
	list_for_each_entry(pool, &un->pools, list)
		if (pool->onlink)
			return true;
	return false;
}

/* Hold @pool for one more live address; false: it gives out none any more. */
bool umx_pool_get(struct umx_pool *pool)
{
	return !READ_ONCE(pool->detached) && refcount_inc_not_zero(&pool->ref);
}

void umx_pool_put(struct umx_pool *pool)
{
	if (refcount_dec_and_test(&pool->ref))
		queue_work(umx_wq, &pool->gone);
}

/* Take a pool nobody draws from out of the configuration, and free it. */
static void umx_pool_remove(struct umx_pool *pool)
{
	struct umx_net *un = pool->un;

	lockdep_assert_held(&un->lock);
	list_del_rcu(&pool->list);
	umx_rule_forget_pool(un, pool);
	umx_net_switch(un);
	umx_sysfs_del(pool);
	synchronize_net();
	umx_follow_exit(pool);
	umx_onlink_exit(pool);
	umx_listed_exit(pool);
	if (pool->generator == UMX_GENERATOR_TRACEABLE)
		umx_window_exit(pool);
	umx_sysfs_put(pool);
}

static void umx_pool_gone(struct work_struct *work)
{
	struct umx_pool *pool = container_of(work, struct umx_pool, gone);
	struct umx_net *un = pool->un;

	mutex_lock(&un->lock);
	umx_pool_remove(pool);
	mutex_unlock(&un->lock);
}

static int umx_pool_check_trace(const struct umx_pool_config *config,
				struct netlink_ext_ack *extack)
{
	if (config->generator != UMX_GENERATOR_TRACEABLE) {
		if (!config->key && !config->host && !config->host_bits)
			return 0;
		NL_SET_ERR_MSG(extack, "key and host are of a traceable pool");
		return -EINVAL;
	}
	if (config->host_bits > UMX_PLACE_HOST_BITS ||
	    config->host_bits + UMX_PLACE_BITS_MIN >
	    128 - umx_pool_plen(config->type, config->plen)) {
		NL_SET_ERR_MSG(extack, "the host id has too many bits: at most 16, and 8 less than the prefix leaves free");
		return -EINVAL;
	}
	if (config->host >> config->host_bits) {
		NL_SET_ERR_MSG(extack, "the host id does not fit into its bits");
		return -EINVAL;
	}
	return 0;
}

static int umx_pool_check_type(const struct umx_pool_config *config,
			       struct netlink_ext_ack *extack)
{
	if (config->type == UMX_POOL_ROUTED) {
		if (config->follow && !dev_valid_name(config->follow)) {
			NL_SET_ERR_MSG(extack, "no device can have this name");
			return -EINVAL;
		}
		if (!config->ready)
			return 0;
		NL_SET_ERR_MSG(extack, "only an on-link pool keeps addresses ready");
		return -EINVAL;
	}
	if (config->follow) {
		NL_SET_ERR_MSG(extack, "an on-link pool goes by its link; to follow a prefix is for routed pools");
		return -EINVAL;
	}
	if (!config->ifindex) {
		NL_SET_ERR_MSG(extack, "an on-link pool needs its device");
		return -EINVAL;
	}
	if (config->generator != UMX_GENERATOR_LIST && config->plen != 64) {
		NL_SET_ERR_MSG(extack, "an on-link pool is a /64, as the prefixes of links are");
		return -EINVAL;
	}
	if (config->reject) {
		NL_SET_ERR_MSG(extack, "reject is of routed pools");
		return -EINVAL;
	}
	if (config->ready > UMX_ONLINK_READY_MAX) {
		NL_SET_ERR_MSG(extack, "an on-link pool keeps at most 4096 addresses ready");
		return -ERANGE;
	}
	return 0;
}

static int umx_pool_check_prefix(const struct umx_pool_config *config,
				 struct netlink_ext_ack *extack)
{
	if (config->plen > UMX_POOL_PLEN_MAX) {
		NL_SET_ERR_MSG(extack, "prefix is longer than /112: too few addresses to be used once each");
		return -EINVAL;
	}
	if (config->plen < UMX_POOL_PLEN_MIN) {
		NL_SET_ERR_MSG(extack, "prefix is shorter than /32");
		return -EINVAL;
	}
	if (!umx_prefix_clean(&config->prefix, config->plen)) {
		NL_SET_ERR_MSG(extack, "prefix has bits set beyond its length");
		return -EINVAL;
	}
	if (ipv6_addr_type(&config->prefix) &
	    (IPV6_ADDR_MULTICAST | IPV6_ADDR_LINKLOCAL | IPV6_ADDR_LOOPBACK |
	     IPV6_ADDR_MAPPED) || ipv6_addr_any(&config->prefix)) {
		NL_SET_ERR_MSG(extack, "prefix is not of global or unique local unicast addresses");
		return -EINVAL;
	}
	return 0;
}

/* Addresses of two pools: a link's /64 may have several, that end differently. */
static bool umx_pool_overlaps(const struct umx_pool *pool,
			      const struct umx_pool_config *config)
{
	u32 i;

	if (!pool->listed)
		return !(pool->onlink && config->type == UMX_POOL_ONLINK) &&
		       ipv6_prefix_equal(&pool->prefix, &config->prefix,
					 min(pool->plen, config->plen));
	for (i = 0; config->type != UMX_POOL_ONLINK && i < pool->listed->n; i++)
		if (ipv6_prefix_equal(&pool->listed->sorted[i],
				      &config->prefix, config->plen))
			return true;
	return false;
}

static int umx_pool_check(struct umx_net *un,
			  const struct umx_pool_config *config,
			  struct netlink_ext_ack *extack)
{
	bool list = config->generator == UMX_GENERATOR_LIST || config->n_addrs;
	const char *p;
	struct umx_pool *pool;
	int err;

	for (p = config->name; *p; p++)
		if (!isascii(*p) || (!isalnum(*p) && !strchr("._-", *p))) {
			NL_SET_ERR_MSG(extack, "a pool name holds letters, digits, '.', '_' and '-' only");
			return -EINVAL;
		}
	if (config->name[0] == '\0' || config->name[0] == '.' ||
	    config->name[0] == '-') {
		NL_SET_ERR_MSG(extack, "a pool name starts with a letter, a digit or '_'");
		return -EINVAL;
	}
	err = list ? umx_listed_check_form(config, extack) :
		     umx_pool_check_prefix(config, extack);
	if (err)
		return err;
	err = umx_pool_check_type(config, extack);
	if (err)
		return err;
	if (config->generator == UMX_GENERATOR_RANDOM &&
	    umx_pool_plen(config->type, config->plen) > UMX_RANDOM_PLEN_MAX) {
		NL_SET_ERR_MSG(extack, "generator random would soon repeat itself on a prefix longer than /80, and on a link, whose pools have 40 free bits");
		return -EINVAL;
	}
	err = umx_pool_check_trace(config, extack);
	if (err)
		return err;
	if (umx_pool_find(un, config->name)) {
		NL_SET_ERR_MSG(extack, "a pool of this name exists");
		return -EEXIST;
	}
	if (list)
		return umx_listed_check(un, config, extack);
	list_for_each_entry(pool, &un->pools, list)
		if (umx_pool_overlaps(pool, config)) {
			NL_SET_ERR_MSG(extack, "prefix overlaps that of another pool");
			return -EEXIST;
		}
	return 0;
}

/* Does @pool, which is a list, have an address that @other would have? */
static bool umx_pool_lists(const struct umx_pool *pool,
			   const struct umx_pool *other)
{
	const struct in6_addr *addr;
	u32 i;

	for (i = 0; i < pool->listed->n; i++) {
		addr = &pool->listed->sorted[i];
		if (ipv6_prefix_equal(addr, &other->prefix, other->plen) &&
		    !((addr->s6_addr32[3] ^ other->tail) & other->tail_mask))
			return true;
	}
	return false;
}

/* Pools share a link's prefix if their addresses do not end alike. */
static int umx_pool_check_tail(const struct umx_pool *pool,
			       struct netlink_ext_ack *extack)
{
	struct in6_addr addr = pool->prefix;
	struct umx_pool *other;

	addr.s6_addr32[3] = pool->tail;
	if (umx_pool_of(pool->un, &addr)) {
		NL_SET_ERR_MSG(extack, "another pool has this prefix with this key");
		return -EEXIST;
	}
	list_for_each_entry(other, &pool->un->pools, list)
		if (other->listed && umx_pool_lists(other, pool)) {
			NL_SET_ERR_MSG(extack, "an address of another pool's list ends as those of this prefix do with this key");
			return -EEXIST;
		}
	return 0;
}

/* Single addresses need no tail: each has its own group. */
static int umx_pool_fit_list(struct umx_pool *pool,
			     const struct umx_pool_config *config,
			     struct netlink_ext_ack *extack)
{
	int err;

	err = umx_onlink_init(pool, config, extack);
	if (err)
		return err;
	err = umx_listed_init(pool, config, extack);
	if (err)
		umx_onlink_exit(pool);
	return err;
}

/* What pools of this generator and of this type have more than others. */
static int umx_pool_fit(struct umx_pool *pool,
			const struct umx_pool_config *config,
			struct netlink_ext_ack *extack)
{
	u32 tail = get_random_u32();
	int err;

	if (pool->generator == UMX_GENERATOR_LIST)
		return umx_pool_fit_list(pool, config, extack);
	if (pool->generator == UMX_GENERATOR_TRACEABLE) {
		err = umx_window_init(pool, config, &tail);
		if (err)
			return err;
	}
	if (pool->type == UMX_POOL_ONLINK) {
		pool->tail_mask = cpu_to_be32(UMX_TAIL_MASK);
		pool->tail = cpu_to_be32(tail) & pool->tail_mask;
		err = umx_pool_check_tail(pool, extack) ?:
		      umx_onlink_init(pool, config, extack);
	} else {
		err = config->follow ? umx_follow_init(pool, config) : 0;
	}
	if (err && pool->generator == UMX_GENERATOR_TRACEABLE)
		umx_window_exit(pool);
	return err;
}

/**
 * umx_pool_add() - add a pool
 * @un: the namespace; its lock is held
 * @config: what it is to be
 * @extack: gets the sentence of a refusal
 *
 * Return: 0; -EINVAL, -EEXIST with a sentence; -ENOMEM.
 */
int umx_pool_add(struct umx_net *un, const struct umx_pool_config *config,
		 struct netlink_ext_ack *extack)
{
	struct umx_pool *pool;
	int err;

	lockdep_assert_held(&un->lock);

	err = umx_pool_check(un, config, extack);
	if (err)
		return err;
	err = umx_net_make_ready(un);
	if (err)
		return err;

	pool = kzalloc(sizeof(*pool), GFP_KERNEL_ACCOUNT);
	if (!pool)
		return -ENOMEM;
	pool->stats = alloc_percpu_gfp(struct umx_pool_counters,
				       GFP_KERNEL_ACCOUNT);
	if (!pool->stats) {
		kfree(pool);
		return -ENOMEM;
	}
	pool->un = un;
	pool->prefix = config->prefix;
	pool->plen = config->plen;
	pool->generator = config->generator;
	pool->type = config->type;
	pool->reject = config->reject;
	pool->ifindex = config->ifindex;
	strscpy(pool->name, config->name, sizeof(pool->name));
	refcount_set(&pool->ref, 1);
	INIT_WORK(&pool->gone, umx_pool_gone);

	err = umx_sysfs_add(pool);
	if (err) {
		NL_SET_ERR_MSG(extack, "no room for the pool in sysfs");
		return err;	/* the device has freed the pool */
	}
	err = umx_pool_fit(pool, config, extack);
	if (err) {
		umx_sysfs_del(pool);
		umx_sysfs_put(pool);
		return err;
	}

	list_add_tail_rcu(&pool->list, &un->pools);
	err = umx_net_switch(un);
	if (err) {
		NL_SET_ERR_MSG(extack, "the netfilter hooks of the gate cannot be registered");
		umx_pool_remove(pool);
		return err;
	}
	umx_rule_bind_pool(un, pool);
	umx_attach_kick(pool);
	if (!config->key)	/* which gives nothing before it has a window */
		umx_auto_fill_all(un);
	umx_event_pool(un, UMX_EVENT_POOL_ADD, pool->name);
	return 0;
}

static int umx_pool_del_one(struct umx_net *un, struct umx_pool *pool,
			    bool force, struct netlink_ext_ack *extack)
{
	if (pool->detached) {
		NL_SET_ERR_MSG(extack, "the pool is detached; it goes away with its last session");
		return -EBUSY;
	}
	if (refcount_dec_if_one(&pool->ref)) {
		umx_event_pool(un, UMX_EVENT_POOL_DEL, pool->name);
		umx_pool_remove(pool);
		return 0;
	}
	if (!force) {
		NL_SET_ERR_MSG(extack, "the pool has live addresses; 'force' detaches it and lets them end");
		return -EBUSY;
	}
	WRITE_ONCE(pool->detached, true);
	umx_attach_kick(pool);
	umx_auto_fill_all(un);	/* what was ready goes, what is leased stays */
	umx_event_pool(un, UMX_EVENT_POOL_DEL, pool->name);
	umx_pool_put(pool);
	return 0;
}

/**
 * umx_pool_del() - remove a pool
 * @un: the namespace; its lock is held
 * @name: of the pool
 * @force: detach it if it has live addresses
 * @extack: gets the sentence of a refusal
 */
int umx_pool_del(struct umx_net *un, const char *name, bool force,
		 struct netlink_ext_ack *extack)
{
	struct umx_pool *pool;

	lockdep_assert_held(&un->lock);
	pool = umx_pool_find(un, name);
	if (!pool) {
		NL_SET_ERR_MSG(extack, "no pool of this name");
		return -ENOENT;
	}
	return umx_pool_del_one(un, pool, force, extack);
}

/* All pools or none: checked first. */
int umx_pool_flush(struct umx_net *un, bool force,
		   struct netlink_ext_ack *extack)
{
	struct umx_pool *pool, *next;
	int err;

	lockdep_assert_held(&un->lock);
	list_for_each_entry(pool, &un->pools, list)
		if (!force && !pool->detached &&
		    refcount_read(&pool->ref) > 1) {
			NL_SET_ERR_MSG(extack, "a pool has live addresses; 'force' detaches it and lets them end");
			return -EBUSY;
		}
	list_for_each_entry_safe(pool, next, &un->pools, list) {
		if (pool->detached)
			continue;
		err = umx_pool_del_one(un, pool, force, extack);
		if (err)
			return err;
	}
	return 0;
}

/* The prefix, its tail not counted, is in the upper bits of @out. */
static bool umx_pool_next(struct umx_pool *pool, struct in6_addr *out)
{
	unsigned int plen = umx_pool_plen(pool->type, pool->plen);
	u64 noise[2] = { 0 };

	switch (pool->generator) {
	case UMX_GENERATOR_SEQUENTIAL:
		return umx_generate_sequential(out, &pool->prefix, plen,
					       atomic64_inc_return(&pool->counter));
	case UMX_GENERATOR_TRACEABLE:
		if (umx_window_next(pool, out))
			return true;
		umx_mib_inc(pool->un, UMX_MIB_WINDOW_END);
		return false;
	default:
		/*
		 * Drawn from a batch per CPU; get_random_bytes() would run the
		 * cipher for each address.
		 */
		if (pool->plen < 64)
			noise[0] = get_random_u64();
		noise[1] = get_random_u64();
		umx_generate_random(out, &pool->prefix, pool->plen, noise);
		return true;
	}
}

/* May umx_pool_make() have one more? What others say, they say when asked. */
bool umx_pool_makes(const struct umx_pool *pool)
{
	return !pool->listed || umx_listed_more(pool->listed);
}

/**
 * umx_pool_make() - make an address that was never given out
 * @pool: to draw from
 * @out: the address
 *
 * Context: any. Return: 0 or -EADDRNOTAVAIL.
 */
int umx_pool_make(struct umx_pool *pool, struct in6_addr *out)
{
	unsigned int i;

	if (pool->listed && umx_listed_next(pool, out))
		return 0;
	for (i = 0; !pool->listed && i < UMX_GENERATE_TRIES; i++) {
		if (!umx_pool_next(pool, out))
			break;
		if (pool->tail_mask)
			umx_tail_put(out, be32_to_cpu(pool->tail));
		if (!umx_generate_reserved(out, pool->plen) &&
		    !umx_spent_has(pool, out))
			return 0;
	}
	umx_pool_count(pool, UMX_POOL_EXHAUSTED, 1);
	return -EADDRNOTAVAIL;
}

/**
 * umx_pool_generate() - an address that may be used now
 * @pool: to draw from
 * @out: the address
 *
 * The caller adds it to the table, which refuses one that is live.
 * Context: any. Return: 0 or -EADDRNOTAVAIL.
 */
int umx_pool_generate(struct umx_pool *pool, struct in6_addr *out)
{
	if (!pool->onlink && umx_attach_is(pool))
		return umx_pool_make(pool, out);
	if (pool->onlink && umx_onlink_take(pool, out))
		return 0;
	umx_pool_count(pool, UMX_POOL_EXHAUSTED, 1);
	return -EADDRNOTAVAIL;
}

/*
 * Has the generator made @addr before? A sequential pool can tell, a traceable
 * one for the generation it is in. A random one cannot: that somebody gives by
 * hand what it has made is up to him.
 */
bool umx_pool_generated(const struct umx_pool *pool,
			const struct in6_addr *addr)
{
	if (pool->generator == UMX_GENERATOR_TRACEABLE)
		return umx_window_made(pool, addr);
	/* nobody gives addresses to an on-link pool by hand */
	return pool->generator == UMX_GENERATOR_SEQUENTIAL &&
	       umx_generate_position(addr, pool->plen) <=
	       atomic64_read(&pool->counter);
}

/**
 * umx_pool_reserve() - give a traceable pool more counters
 * @un: the namespace; its lock is held
 * @name: of the pool
 * @window: which
 * @extack: gets the sentence of a refusal
 */
int umx_pool_reserve(struct umx_net *un, const char *name,
		     const struct umx_window_config *window,
		     struct netlink_ext_ack *extack)
{
	struct umx_pool *pool;
	int err;

	lockdep_assert_held(&un->lock);
	pool = umx_pool_find(un, name);
	if (!pool || pool->detached) {
		NL_SET_ERR_MSG(extack, "no pool of this name");
		return -ENOENT;
	}
	err = umx_window_reserve(pool, window, extack);
	if (!err) {	/* it may have had nothing to give */
		umx_attach_kick(pool);
		umx_auto_fill_all(un);
	}
	return err;
}

/* The namespace goes away: no session is left, so that no reference is. */
void umx_pool_exit(struct umx_net *un)
{
	struct umx_pool *pool, *next;

	mutex_lock(&un->lock);
	list_for_each_entry_safe(pool, next, &un->pools, list) {
		WARN_ON_ONCE(!refcount_dec_if_one(&pool->ref));
		umx_pool_remove(pool);
	}
	mutex_unlock(&un->lock);
}
