// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns AUTO_SET: a port in mode auto has as many SSAs as its server
 * asked listen() for (its backlog). They are UNCERTAIN, silent to everybody,
 * until one is leased to a client; it then waits as any other SSA does. Each
 * one that is claimed or expires is replaced:
 *
 *	ready (UNCERTAIN) + waiting (leased) = backlog
 *
 * so that a lease costs no generation, and leases nobody uses are bounded.
 *
 * A virtual machine may be copied with what is ready in it, and each copy would
 * lease the same addresses. So what was made in another epoch (window.c) is
 * disposed before anything is leased, whatever generator made it. Nobody has
 * heard of it, and it is silent: there is no hurry to do so earlier.
 *
 * Everything here happens under umx_net.lock; what softirqs notice they leave
 * to the port's work. No other code makes or ends an UNCERTAIN address.
 */
#include <linux/jiffies.h>
#include <linux/sched.h>
#include <net/sock.h>
#include <net/tcp_states.h>
#include "address.h"
#include "auto.h"
#include "listener.h"
#include "mib.h"
#include "netns.h"
#include "pool.h"
#include "ssa.h"
#include "window.h"

/* A socket that was closed leaves the list a grace period later. */
static bool umx_auto_listens(const struct umx_listen_sock *ls)
{
	return READ_ONCE(ls->track.sk->sk_state) == TCP_LISTEN;
}

/**
 * umx_auto_backlog() - connections the port's servers let wait for accept()
 * @listener: the port; its lock is held
 *
 * Return: the sum over its listening sockets, at most UMX_AUTO_MAX. A second
 * listen() changes it without our being told: looked up each time.
 */
u32 umx_auto_backlog(const struct umx_listener *listener)
{
	const struct umx_listen_sock *ls;
	u64 sum = 0;

	lockdep_assert_held(&listener->lock);
	list_for_each_entry(ls, &listener->socks, list)
		if (umx_auto_listens(ls))
			sum += READ_ONCE(ls->track.sk->sk_max_ack_backlog);
	return min_t(u64, sum, UMX_AUTO_MAX);
}

static bool umx_auto_served(struct umx_listener *listener)
{
	const struct umx_listen_sock *ls;

	lockdep_assert_held(&listener->lock);
	list_for_each_entry(ls, &listener->socks, list)
		if (umx_auto_listens(ls))
			return true;
	return false;
}

/* How many are to be ready now. Without a server those there are kept. */
static u32 umx_auto_wanted(struct umx_listener *listener)
{
	u32 backlog, wanted;

	spin_lock_bh(&listener->lock);
	backlog = umx_auto_backlog(listener);
	wanted = backlog > listener->n_waiting ?
		 backlog - listener->n_waiting : 0;
	if (!umx_auto_served(listener))
		wanted = listener->n_ready;
	spin_unlock_bh(&listener->lock);
	return wanted;
}

/* Dispose what is ready but not of @pool, and what is more than @keep. */
static void umx_auto_trim(struct umx_listener *listener,
			  const struct umx_pool *pool, u32 keep)
{
	struct umx_addr *addr, *next;
	LIST_HEAD(doomed);
	u32 kept = 0;

	lockdep_assert_held(&listener->un->lock);
	spin_lock_bh(&listener->lock);
	list_for_each_entry_safe(addr, next, &listener->ready, waiting)
		if (addr->pool != pool || kept++ >= keep)
			list_move_tail(&addr->waiting, &doomed);
	spin_unlock_bh(&listener->lock);

	/* the lock of an address comes before the listener's */
	list_for_each_entry_safe(addr, next, &doomed, waiting)
		umx_addr_discard(addr);
}

static int umx_auto_add(struct umx_listener *listener, struct umx_pool *pool)
{
	struct umx_addr *addr;
	int err;

	addr = umx_addr_alloc(pool, UMX_ROLE_SSA, GFP_KERNEL);
	if (IS_ERR(addr))
		return PTR_ERR(addr);
	addr->state = UMX_ADDR_UNCERTAIN;
	refcount_inc(&listener->ref);
	addr->listener = listener;
	addr->port = listener->port;
	err = umx_addr_insert_generated(addr);
	if (!err)
		umx_listener_ready(listener, addr);
	umx_addr_put(addr);
	return err;
}

/**
 * umx_auto_fill() - have as many SSAs ready as the backlog is long
 * @listener: a port; its namespace's lock is held
 *
 * A port that is not in mode auto (any more), drained, or whose pool is gone
 * has none ready afterwards.
 * Context: process, may sleep.
 * Return: 0; -EADDRNOTAVAIL: the pool gave fewer; -ENOENT: no pool; -ENOTUNIQ:
 * several, and the port names none; -ENOMEM.
 */
int umx_auto_fill(struct umx_listener *listener)
{
	struct umx_net *un = listener->un;
	u64 epoch = umx_window_epoch();
	struct umx_pool *pool;
	u32 wanted;
	int err = 0;

	lockdep_assert_held(&un->lock);
	if (listener->mode != UMX_LISTENER_AUTO || listener->dead ||
	    un->draining || un->gone) {
		umx_auto_trim(listener, NULL, 0);
		return 0;
	}
	pool = umx_ssa_pool_of(un, listener->pool, NULL);
	if (IS_ERR(pool)) {
		umx_auto_trim(listener, NULL, 0);
		return PTR_ERR(pool);
	}
	wanted = umx_auto_wanted(listener);
	umx_auto_trim(listener, pool, listener->epoch == epoch ? wanted : 0);
	listener->epoch = epoch;
	/* alone in making them, and n_ready is written under our lock */
	while (!err && READ_ONCE(listener->n_ready) < wanted) {
		err = umx_auto_add(listener, pool);
		cond_resched();
	}
	return err;
}

void umx_auto_fill_all(struct umx_net *un)
{
	struct umx_listener *listener;
	unsigned int i;

	lockdep_assert_held(&un->lock);
	for (i = 0; i < UMX_PORT_BUCKETS; i++)
		hlist_for_each_entry(listener, &un->ports[i], node)
			umx_auto_fill(listener);
}

/* umx_listener.refill; holds a reference on the listener */
void umx_auto_work(struct work_struct *work)
{
	struct umx_listener *listener =
		container_of(work, struct umx_listener, refill);

	mutex_lock(&listener->un->lock);
	umx_auto_fill(listener);
	mutex_unlock(&listener->un->lock);
	umx_listener_put(listener);
}

/**
 * umx_auto_kick() - the number of SSAs, or of those wanted, has changed
 * @listener: any port
 *
 * Context: any.
 */
void umx_auto_kick(struct umx_listener *listener)
{
	if (READ_ONCE(listener->mode) != UMX_LISTENER_AUTO ||
	    !refcount_inc_not_zero(&listener->ref))
		return;
	if (!queue_work(umx_wq, &listener->refill))
		umx_listener_put(listener);
}

/**
 * umx_auto_kick_all() - a pool has addresses that it had not
 * @un: the namespace
 *
 * Context: any.
 */
void umx_auto_kick_all(struct umx_net *un)
{
	struct umx_listener *listener;
	unsigned int i;

	rcu_read_lock();
	for (i = 0; i < UMX_PORT_BUCKETS; i++)
		hlist_for_each_entry_rcu(listener, &un->ports[i], node)
			umx_auto_kick(listener);
	rcu_read_unlock();
}

/*
 * The oldest SSA that is ready, with a reference, or NULL. It stays on the
 * list, which nobody else takes it from: our lock is held.
 */
static struct umx_addr *umx_auto_first(struct umx_listener *listener)
{
	struct umx_addr *addr;

	lockdep_assert_held(&listener->un->lock);
	spin_lock_bh(&listener->lock);
	addr = list_first_entry_or_null(&listener->ready, struct umx_addr,
					waiting);
	if (addr)
		umx_addr_get(addr);
	spin_unlock_bh(&listener->lock);
	return addr;
}

/* Nothing is ready: why, and which error that is. */
static int umx_auto_none(struct umx_net *un, int err,
			 struct netlink_ext_ack *extack)
{
	umx_mib_inc(un, UMX_MIB_LEASE_NONE);
	if (err == -EADDRNOTAVAIL)
		NL_SET_ERR_MSG(extack, "the pool has no address left");
	else if (err == -ENOENT)
		NL_SET_ERR_MSG(extack, "the pool of the port is gone");
	else if (err == -ENOTUNIQ)
		NL_SET_ERR_MSG(extack, "the port names none of several pools; first: umctl listener set port N mode auto pool NAME");
	else if (!err)
		NL_SET_ERR_MSG(extack, "every SSA of the port is leased: as many wait as its backlog is long");
	return err ?: -EAGAIN;
}

static struct umx_listener *
umx_auto_find(struct umx_net *un, u16 port, struct netlink_ext_ack *extack)
{
	struct umx_listener *listener = umx_listener_find(un, port);
	bool served;

	if (!listener || listener->mode != UMX_LISTENER_AUTO) {
		NL_SET_ERR_MSG(extack, "the port is not in mode auto; first: umctl listener set port N mode auto");
		return ERR_PTR(-EOPNOTSUPP);
	}
	spin_lock_bh(&listener->lock);
	served = umx_auto_served(listener);
	spin_unlock_bh(&listener->lock);
	if (!served) {
		NL_SET_ERR_MSG(extack, "no server listens on the port now");
		return ERR_PTR(-ENOTCONN);
	}
	return listener;
}

/**
 * umx_auto_lease() - take out an SSA for a client
 * @un: the namespace; its lock is held
 * @config: port, client prefix, device, lifetime
 * @extack: gets the sentence of a refusal
 *
 * Return: the SSA, which waits for its connection, with a reference; or
 * ERR_PTR(): -EAGAIN: as many are leased as the backlog is long;
 * -EADDRNOTAVAIL: the pool gives none; -EOPNOTSUPP, -ENOTCONN, -EBUSY,
 * -EDQUOT, -EINVAL, -ENOENT, -ENOTUNIQ, -ENOMEM.
 */
struct umx_addr *umx_auto_lease(struct umx_net *un,
				const struct umx_ssa_config *config,
				struct netlink_ext_ack *extack)
{
	struct umx_listener *listener;
	struct umx_addr *addr;
	int err;

	lockdep_assert_held(&un->lock);
	err = umx_ssa_check(un, config, extack);
	if (err)
		return ERR_PTR(err);
	listener = umx_auto_find(un, config->port, extack);
	if (IS_ERR(listener))
		return ERR_CAST(listener);

	/* the refill may not have run yet; or the machine was restored */
	if (!listener->n_ready || listener->epoch != umx_window_epoch())
		err = umx_auto_fill(listener);
	addr = umx_auto_first(listener);
	if (!addr)
		return ERR_PTR(umx_auto_none(un, err, extack));
	err = umx_ssa_attached(addr->pool, extack);
	if (err) {
		umx_mib_inc(un, UMX_MIB_LEASE_NONE);
		umx_addr_put(addr);
		return ERR_PTR(err);
	}

	/* UNCERTAIN, it is nobody's; from here on it counts for who leases it */
	addr->owner = config->uid;
	err = umx_ssa_charge(un, addr, extack);
	if (err) {
		umx_addr_put(addr);
		return ERR_PTR(err);
	}
	umx_listener_unready(listener, addr);
	WARN_ON_ONCE(!umx_addr_lease(addr, config));
	umx_mib_inc(un, UMX_MIB_SSA_LEASED);
	umx_addr_wait(addr, jiffies + config->lifetime * HZ);
	return addr;
}
