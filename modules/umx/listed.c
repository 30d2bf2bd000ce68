// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the addresses of pools that are lists: which they are, which
 * of them comes next, and that each is used once.
 *
 * What became of an address is remembered by the namespace (spent.h), not by
 * the pool: a list that is added again has what the first one left. All that is
 * left is reserved, and so proven unique and defended, as long as the link is
 * there (onlink.h); what was reserved and is nobody's when the link goes, comes
 * back. What was listed in another epoch (window.c) counts as used, all of it:
 * another copy of the machine has the same list.
 */
#include <linux/err.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <net/addrconf.h>
#include <net/ipv6.h>
#include "generate.h"
#include "listed.h"
#include "netns.h"
#include "onlink.h"
#include "pool.h"
#include "spent.h"

static int umx_listed_cmp(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(struct in6_addr));
}

/**
 * umx_listed_check_form() - is a pool what all lists are?
 * @config: the pool; it is a list, by its generator or by its addresses
 * @extack: gets the sentence of a refusal
 */
int umx_listed_check_form(const struct umx_pool_config *config,
			  struct netlink_ext_ack *extack)
{
	if (config->generator != UMX_GENERATOR_LIST) {
		NL_SET_ERR_MSG(extack, "single addresses are of generator list");
		return -EINVAL;
	}
	if (!config->n_addrs) {
		NL_SET_ERR_MSG(extack, "generator list is of single addresses, and of no prefix");
		return -EINVAL;
	}
	if (config->type == UMX_POOL_ROUTED) {
		NL_SET_ERR_MSG(extack, "single addresses are of a link: type onlink");
		return -EINVAL;
	}
	if (config->ready) {
		NL_SET_ERR_MSG(extack, "a list keeps all of its addresses ready");
		return -EINVAL;
	}
	return 0;
}

static int umx_listed_check_one(struct umx_net *un, const struct in6_addr *addr,
				struct netlink_ext_ack *extack)
{
	int type = ipv6_addr_type(addr);

	if (!(type & IPV6_ADDR_UNICAST) || ipv6_addr_any(addr) ||
	    type & (IPV6_ADDR_LINKLOCAL | IPV6_ADDR_LOOPBACK |
		    IPV6_ADDR_MAPPED | IPV6_ADDR_COMPATv4)) {
		NL_SET_ERR_MSG(extack, "an address of the list is no global or unique local unicast address");
		return -EINVAL;
	}
	if (umx_generate_reserved(addr, 64)) {
		NL_SET_ERR_MSG(extack, "an address of the list is reserved (RFC 4291, RFC 2526): no host may use it");
		return -EINVAL;
	}
	/* one whose DAD goes on, too */
	if (ipv6_chk_addr_and_flags(un->net, addr, NULL, true, 0, 0)) {
		NL_SET_ERR_MSG(extack, "an address of the list is one of this host's interfaces");
		return -EADDRINUSE;
	}
	if (umx_pool_of(un, addr)) {
		NL_SET_ERR_MSG(extack, "an address of the list is in another pool");
		return -EEXIST;
	}
	return 0;
}

static int umx_listed_check_twice(const struct umx_pool_config *config,
				  struct netlink_ext_ack *extack)
{
	struct in6_addr *sorted;
	int err = 0;
	u32 i;

	sorted = kmemdup(config->addrs, config->n_addrs * sizeof(*sorted),
			 GFP_KERNEL);
	if (!sorted)
		return -ENOMEM;
	sort(sorted, config->n_addrs, sizeof(*sorted), umx_listed_cmp, NULL);
	for (i = 1; i < config->n_addrs && !err; i++)
		if (ipv6_addr_equal(&sorted[i - 1], &sorted[i])) {
			NL_SET_ERR_MSG(extack, "an address is in the list twice");
			err = -EINVAL;
		}
	kfree(sorted);
	return err;
}

/**
 * umx_listed_check() - can these be the addresses of a pool?
 * @un: the namespace; its lock is held
 * @config: the pool, a list
 * @extack: gets the sentence of a refusal
 *
 * Return: 0; -EINVAL, -EADDRINUSE, -EEXIST with a sentence; -ENOMEM.
 */
int umx_listed_check(struct umx_net *un, const struct umx_pool_config *config,
		     struct netlink_ext_ack *extack)
{
	int err = 0;
	u32 i;

	lockdep_assert_held(&un->lock);
	for (i = 0; i < config->n_addrs && !err; i++)
		err = umx_listed_check_one(un, &config->addrs[i], extack);
	return err ?: umx_listed_check_twice(config, extack);
}

/* What all addresses begin with: a first look at one says whether it may be. */
static void umx_listed_prefix(const struct umx_listed *listed,
			      struct umx_pool *pool)
{
	const struct in6_addr *last = &listed->sorted[listed->n - 1];
	int differs = ipv6_addr_diff(&listed->sorted[0], last);

	pool->plen = min(differs, 128);
	ipv6_addr_prefix(&pool->prefix, last, pool->plen);
}

static void umx_listed_free(struct umx_listed *listed)
{
	kfree(listed->spent);
	kfree(listed);
}

static struct umx_listed *umx_listed_alloc(u32 n)
{
	struct umx_listed *listed;

	listed = kzalloc(struct_size(listed, sorted, n), GFP_KERNEL_ACCOUNT);
	if (!listed)
		return NULL;
	listed->spent = kcalloc(n, sizeof(*listed->spent), GFP_KERNEL_ACCOUNT);
	if (!listed->spent) {
		kfree(listed);
		return NULL;
	}
	listed->n = n;
	return listed;
}

/* Have all addresses remembered, or, after an error, none that was not. */
static int umx_listed_remember(struct umx_pool *pool, struct umx_listed *listed,
			       const struct umx_pool_config *config)
{
	DECLARE_BITMAP(made, UMX_POOL_LIST_MAX) = { };
	struct umx_spent *spent;
	bool new;
	u32 i;

	for (i = 0; i < config->n_addrs; i++) {
		spent = umx_spent_list(pool, &config->addrs[i], &new);
		if (IS_ERR(spent))
			goto forget;
		__assign_bit(i, made, new);
		listed->spent[i] = spent;
	}
	for (i = 0; i < config->n_addrs; i++)
		if (test_bit(i, config->used))
			WRITE_ONCE(listed->spent[i]->state, UMX_SPENT_USED);
	return 0;

forget:
	while (i--)
		if (test_bit(i, made))
			umx_spent_del(pool, &config->addrs[i]);
	return PTR_ERR(spent);
}

/**
 * umx_listed_init() - give a pool its addresses
 * @pool: not yet in the configuration; umx_net.lock is held
 * @config: checked
 * @extack: gets the sentence of a refusal
 *
 * Return: 0; -ENOSPC with a sentence; -ENOMEM.
 */
int umx_listed_init(struct umx_pool *pool,
		    const struct umx_pool_config *config,
		    struct netlink_ext_ack *extack)
{
	struct umx_listed *listed;
	int err;

	lockdep_assert_held(&pool->un->lock);
	listed = umx_listed_alloc(config->n_addrs);
	if (!listed)
		return -ENOMEM;
	memcpy(listed->sorted, config->addrs,
	       config->n_addrs * sizeof(*listed->sorted));
	sort(listed->sorted, listed->n, sizeof(*listed->sorted),
	     umx_listed_cmp, NULL);
	err = umx_listed_remember(pool, listed, config);
	if (err == -ENOSPC)
		NL_SET_ERR_MSG(extack, "this network namespace has had 262144 addresses given by hand or listed");
	if (err) {
		umx_listed_free(listed);
		return err;
	}
	umx_listed_prefix(listed, pool);
	WRITE_ONCE(pool->listed, listed);	/* sysfs looks already */
	return 0;
}

/* Nobody meets the pool any more, a grace period ago. */
void umx_listed_exit(struct umx_pool *pool)
{
	struct umx_listed *listed = pool->listed;

	if (!listed)
		return;
	pool->listed = NULL;
	umx_listed_free(listed);
}

/* Is @addr one of them? Context: RCU or umx_net.lock. */
bool umx_listed_has(const struct umx_listed *listed,
		    const struct in6_addr *addr)
{
	u32 from = 0, to = listed->n, at;
	int cmp;

	while (from < to) {
		at = (from + to) / 2;
		cmp = memcmp(addr, &listed->sorted[at], sizeof(*addr));
		if (!cmp)
			return true;
		if (cmp < 0)
			to = at;
		else
			from = at + 1;
	}
	return false;
}

static struct umx_spent *umx_listed_first(const struct umx_listed *listed)
{
	u32 i;

	for (i = 0; i < listed->n; i++)
		if (READ_ONCE(listed->spent[i]->state) == UMX_SPENT_FREE &&
		    !umx_spent_used(listed->spent[i]))
			return listed->spent[i];
	return NULL;
}

/* Is there one that is neither used nor reserved? */
bool umx_listed_more(const struct umx_listed *listed)
{
	return umx_listed_first(listed);
}

/* How many have not been given to anybody: a snapshot. */
u32 umx_listed_left(const struct umx_listed *listed)
{
	u32 i, left = 0;

	for (i = 0; i < listed->n; i++)
		left += !umx_spent_used(listed->spent[i]);
	return left;
}

/**
 * umx_listed_next() - draw an address
 * @pool: a list
 * @out: the first one that nobody has
 *
 * It is reserved from now on; umx_listed_use() or umx_listed_back() follows.
 *
 * Context: the pool's work. Return: false: there is none.
 */
bool umx_listed_next(struct umx_pool *pool, struct in6_addr *out)
{
	struct umx_spent *spent = umx_listed_first(pool->listed);

	if (!spent)
		return false;
	WRITE_ONCE(spent->state, UMX_SPENT_OUT);
	*out = spent->addr;
	return true;
}

/* What becomes of an address of @pool, which may be no list, that was drawn. */
static void umx_listed_move(struct umx_pool *pool, const struct in6_addr *addr,
			    u8 state)
{
	struct umx_spent *spent;

	if (!pool->listed)
		return;
	spent = umx_spent_find(pool->un, addr);
	if (spent)
		WRITE_ONCE(spent->state, state);
}

/* Somebody has it now, or another host has. Context: any. */
void umx_listed_use(struct umx_pool *pool, const struct in6_addr *addr)
{
	umx_listed_move(pool, addr, UMX_SPENT_USED);
}

/* Nobody has had it. Context: any. */
void umx_listed_back(struct umx_pool *pool, const struct in6_addr *addr)
{
	umx_listed_move(pool, addr, UMX_SPENT_FREE);
}
