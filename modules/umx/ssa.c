// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the making and unmaking of SSAs from outside.
 */
#include <linux/jiffies.h>
#include <linux/netdevice.h>
#include "address.h"
#include "attach.h"
#include "generate.h"
#include "limit.h"
#include "listener.h"
#include "mib.h"
#include "netns.h"
#include "onlink.h"
#include "pool.h"
#include "spent.h"
#include "ssa.h"

static struct umx_pool *umx_ssa_pool_named(struct umx_net *un,
					   const char *name,
					   struct netlink_ext_ack *extack)
{
	struct umx_pool *pool = umx_pool_find(un, name);

	if (pool && !pool->detached)
		return pool;
	NL_SET_ERR_MSG(extack, "no pool of this name");
	return ERR_PTR(-ENOENT);
}

/**
 * umx_ssa_pool_of() - the pool SSAs are drawn from
 * @un: the namespace; its lock is held
 * @name: of the pool, "" for the only one there is
 * @extack: gets the sentence of a refusal
 *
 * Return: the pool, ERR_PTR(-ENOENT), ERR_PTR(-ENOTUNIQ).
 */
struct umx_pool *umx_ssa_pool_of(struct umx_net *un, const char *name,
				 struct netlink_ext_ack *extack)
{
	lockdep_assert_held(&un->lock);
	if (name[0])
		return umx_ssa_pool_named(un, name, extack);
	if (list_empty(&un->pools)) {
		NL_SET_ERR_MSG(extack, "there is no pool to take an address from");
		return ERR_PTR(-ENOENT);
	}
	if (!list_is_singular(&un->pools)) {
		NL_SET_ERR_MSG(extack, "there are several pools; say which with 'pool NAME'");
		return ERR_PTR(-ENOTUNIQ);
	}
	return list_first_entry(&un->pools, struct umx_pool, list);
}

/* The pool an SSA is drawn from, or its given address belongs to. */
static struct umx_pool *umx_ssa_pool(struct umx_net *un,
				     const struct umx_ssa_config *config,
				     const struct umx_listener *listener,
				     struct netlink_ext_ack *extack)
{
	const char *name = config->pool;
	struct umx_pool *pool;

	if (config->addr) {
		pool = umx_pool_of(un, config->addr);
		if (!pool || pool->detached) {
			NL_SET_ERR_MSG(extack, "the address is in none of the pools");
			return ERR_PTR(-EADDRNOTAVAIL);
		}
		if (name && strcmp(name, pool->name)) {
			NL_SET_ERR_MSG(extack, "the address is not in the pool that was named");
			return ERR_PTR(-EADDRNOTAVAIL);
		}
		return pool;
	}

	return umx_ssa_pool_of(un, name ?: listener->pool, extack);
}

static bool umx_ssa_lives(const struct umx_net *un, const struct in6_addr *key)
{
	bool live;

	rcu_read_lock();
	live = umx_addr_find(un, key);
	rcu_read_unlock();
	return live;
}

/* Of an on-link pool: one that it has ready. */
static int umx_ssa_insert_ready(struct umx_addr *addr,
				const struct in6_addr *given,
				struct netlink_ext_ack *extack)
{
	struct umx_pool *pool = addr->pool;
	const struct umx_spent *spent;
	int err;

	if (!umx_onlink_take_given(pool, given)) {
		spent = umx_spent_find(pool->un, given);
		if (umx_ssa_lives(pool->un, given)) {
			NL_SET_ERR_MSG(extack, "the address is in use");
			return -EADDRINUSE;
		}
		if (spent && umx_spent_used(spent)) {
			NL_SET_ERR_MSG(extack, "the address was used before; an address is used once");
			return -EEXIST;
		}
		NL_SET_ERR_MSG(extack, "an on-link pool gives only addresses that it has proven unique, and this is none of them now");
		return -EADDRNOTAVAIL;
	}
	addr->addr = *given;
	err = umx_addr_insert(addr);
	umx_reserved_taken(pool, given);
	return err;
}

/* Add @addr under the address the caller gave. */
static int umx_ssa_insert_given(struct umx_addr *addr,
				const struct in6_addr *given,
				struct netlink_ext_ack *extack)
{
	struct umx_pool *pool = addr->pool;
	int err;

	if (pool->onlink)
		return umx_ssa_insert_ready(addr, given, extack);
	if (umx_generate_reserved(given, pool->plen)) {
		NL_SET_ERR_MSG(extack, "the address is reserved (RFC 4291, RFC 2526): no host may use it");
		return -EINVAL;
	}
	if (umx_ssa_lives(pool->un, given)) {
		NL_SET_ERR_MSG(extack, "the address is in use");
		return -EADDRINUSE;
	}
	err = umx_pool_generated(pool, given) ? -EEXIST :
						umx_spent_add(pool, given);
	if (err == -EEXIST)
		NL_SET_ERR_MSG(extack, "the address was used before; an address is used once");
	if (err == -ENOSPC)
		NL_SET_ERR_MSG(extack, "the pool has had 65536 addresses given by hand; let it generate them");
	if (err)
		return err;

	addr->addr = *given;
	err = umx_addr_insert(addr);
	if (err)
		umx_spent_del(pool, given);
	if (err == -EEXIST) {
		NL_SET_ERR_MSG(extack, "the address is in use");
		err = -EADDRINUSE;
	}
	return err;
}

/**
 * umx_ssa_charge() - hold an SSA against the limits before it waits
 * @un: the namespace; its lock is held
 * @addr: its owner is set
 * @extack: gets the sentence of a refusal
 *
 * Return: 0, -EDQUOT, -ENOMEM.
 */
int umx_ssa_charge(struct umx_net *un, struct umx_addr *addr,
		   struct netlink_ext_ack *extack)
{
	int err = umx_limit_charge(un, addr);

	if (err == -EDQUOT)
		NL_SET_ERR_MSG(extack, "this network namespace has as many SSAs as its limit allows");
	if (err != -EUSERS)
		return err;
	NL_SET_ERR_MSG(extack, "this user has as many SSAs as the limit allows");
	return -EDQUOT;
}

/**
 * umx_ssa_check() - what is asked of every SSA
 * @un: the namespace; its lock is held
 * @config: what the SSA is to be
 * @extack: gets the sentence of a refusal
 *
 * Return: 0, -EBUSY, -EINVAL.
 */
int umx_ssa_check(struct umx_net *un, const struct umx_ssa_config *config,
		  struct netlink_ext_ack *extack)
{
	lockdep_assert_held(&un->lock);
	if (un->draining) {
		NL_SET_ERR_MSG(extack, "this network namespace is being drained ('drain off' ends that)");
		return -EBUSY;
	}
	if (!umx_prefix_clean(&config->from, config->from_plen)) {
		NL_SET_ERR_MSG(extack, "client prefix has bits set beyond its length");
		return -EINVAL;
	}
	return 0;
}

/**
 * umx_ssa_attached() - is the pool's prefix there, for one more SSA?
 * @pool: the pool
 * @extack: gets the sentence of a refusal
 *
 * Return: 0, -EADDRNOTAVAIL.
 */
int umx_ssa_attached(const struct umx_pool *pool,
		     struct netlink_ext_ack *extack)
{
	if (umx_attach_is(pool))
		return 0;
	NL_SET_ERR_MSG(extack, "the pool is not attached: its device is not up now, or has no address of its prefix");
	return -EADDRNOTAVAIL;
}

/**
 * umx_ssa_add() - make an SSA that waits for its connection
 * @un: the namespace; its lock is held
 * @config: what it is to be
 * @extack: gets the sentence of a refusal
 *
 * Return: the SSA with a reference, or ERR_PTR() with a sentence.
 */
struct umx_addr *umx_ssa_add(struct umx_net *un,
			     const struct umx_ssa_config *config,
			     struct netlink_ext_ack *extack)
{
	struct umx_listener *listener;
	struct umx_pool *pool;
	struct umx_addr *addr;
	int err;

	lockdep_assert_held(&un->lock);

	err = umx_ssa_check(un, config, extack);
	if (err)
		return ERR_PTR(err);
	listener = umx_listener_find(un, config->port);
	if (!listener) {
		NL_SET_ERR_MSG(extack, "the port is in mode legacy; first: umctl listener set port N mode das");
		return ERR_PTR(-EOPNOTSUPP);
	}
	pool = umx_ssa_pool(un, config, listener, extack);
	if (IS_ERR(pool))
		return ERR_CAST(pool);
	err = umx_ssa_attached(pool, extack);
	if (err)
		return ERR_PTR(err);

	addr = umx_addr_alloc(pool, UMX_ROLE_SSA, GFP_KERNEL_ACCOUNT);
	if (IS_ERR(addr)) {
		if (PTR_ERR(addr) == -EADDRNOTAVAIL)
			NL_SET_ERR_MSG(extack, "the pool is detached");
		return addr;
	}
	refcount_inc(&listener->ref);
	addr->listener = listener;
	addr->port = config->port;
	addr->peer = config->from;
	addr->from_plen = config->from_plen;
	addr->ifindex = config->ifindex;
	addr->owner = config->uid;
	err = umx_ssa_charge(un, addr, extack);
	if (err) {
		umx_addr_put(addr);
		return ERR_PTR(err);
	}
	if (config->owner)
		addr->pid = umx_listener_claim_pid(listener, config->socks,
						   config->owner);

	if (config->addr) {
		err = umx_ssa_insert_given(addr, config->addr, extack);
	} else {
		err = umx_addr_insert_generated(addr);
		if (err == -EADDRNOTAVAIL)
			NL_SET_ERR_MSG(extack, "the pool has no address left");
	}
	if (err) {
		umx_addr_put(addr);
		return ERR_PTR(err);
	}
	umx_mib_inc(un, UMX_MIB_SSA_CREATED);
	umx_addr_wait(addr, jiffies + config->lifetime * HZ);
	return addr;
}

/**
 * umx_ssa_del() - dispose one waiting SSA
 * @un: the namespace; its lock is held
 * @key: the SSA
 * @extack: gets the sentence of a refusal
 */
int umx_ssa_del(struct umx_net *un, const struct in6_addr *key,
		struct netlink_ext_ack *extack)
{
	bool waited = false, session = false;
	struct umx_addr *addr = NULL;

	lockdep_assert_held(&un->lock);
	rcu_read_lock();
	if (un->ready)
		addr = umx_addr_find(un, key);
	if (addr) {
		waited = umx_addr_expire(addr);
		session = READ_ONCE(addr->bound);
	}
	rcu_read_unlock();
	if (waited)
		return 0;
	if (session)
		NL_SET_ERR_MSG(extack, "the address has a session; it does not wait");
	else
		NL_SET_ERR_MSG(extack, "no SSA waits on this address");
	return -ENOENT;
}

int umx_ssa_del_port(struct umx_net *un, u16 port,
		     struct netlink_ext_ack *extack)
{
	struct umx_listener *listener = umx_listener_find(un, port);

	lockdep_assert_held(&un->lock);
	if (!listener) {
		NL_SET_ERR_MSG(extack, "the port is in mode legacy: it has no SSAs");
		return -ENOENT;
	}
	umx_listener_expire_all(listener);
	return 0;
}

u32 umx_ssa_flush(struct umx_net *un)
{
	struct umx_listener *listener;
	unsigned int i;
	u32 n = 0;

	lockdep_assert_held(&un->lock);
	for (i = 0; i < UMX_PORT_BUCKETS; i++)
		hlist_for_each_entry(listener, &un->ports[i], node)
			n += umx_listener_expire_all(listener);
	return n;
}
