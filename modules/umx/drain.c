// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns draining: no new EA or SSA, waiting SSAs disposed, listeners
 * given back (their ports stay closed: the gate needs no socket), TIME_WAITs
 * of ours purged, and on demand every session reset.
 */
#include <linux/rhashtable.h>
#include <net/inet6_hashtables.h>
#include <net/tcp.h>
#include <umx/compat.h>
#include <umx/tcp.h>
#include "address.h"
#include "drain.h"
#include "listener.h"
#include "netns.h"
#include "socks.h"
#include "ssa.h"

#define UMX_DRAIN_BATCH	64

/* The socket of @addr's session, TIME_WAIT or not, with a reference. */
static struct sock *umx_drain_sock(struct umx_net *un, struct umx_addr *addr)
{
	struct sock *sk = NULL;

	spin_lock_bh(&addr->lock);
	if (addr->bound && addr->peer_port)
		sk = umx_inet6_lookup_established(un->net, &addr->peer,
						  addr->peer_port, &addr->addr,
						  ntohs(addr->local_port),
						  addr->bound_dev);
	spin_unlock_bh(&addr->lock);
	return sk;
}

static void umx_drain_one(struct umx_net *un, struct umx_addr *addr, bool abort,
			  struct umx_drain_result *result)
{
	bool closing = READ_ONCE(addr->state) == UMX_ADDR_CLOSING;
	struct sock *sk;

	if (!READ_ONCE(addr->bound))
		return;
	sk = closing || abort ? umx_drain_sock(un, addr) : NULL;
	if (sk) {
		if (!umx_tcp_abort(sk, ECONNABORTED)) {
			if (closing)
				result->purged++;
			else
				result->aborted++;
		}
		sock_gen_put(sk);
	}
	if (closing)
		umx_addr_close(addr, true);
}

/*
 * Call umx_drain_one() for every live address, or just count. A walk holds
 * RCU, and ending a session sleeps: addresses are taken out in batches.
 */
static void umx_drain_walk(struct umx_net *un, bool count, bool abort,
			   struct umx_drain_result *result)
{
	struct umx_addr *batch[UMX_DRAIN_BATCH];
	struct rhashtable_iter iter;
	struct umx_addr *addr;
	unsigned int i, n;

	rhashtable_walk_enter(&un->addrs, &iter);
	do {
		n = 0;
		rhashtable_walk_start(&iter);
		while (n < UMX_DRAIN_BATCH &&
		       (addr = rhashtable_walk_next(&iter))) {
			if (addr == ERR_PTR(-EAGAIN))
				continue;
			if (count) {
				if (READ_ONCE(addr->state) == UMX_ADDR_CLOSING)
					result->closing++;
				else if (READ_ONCE(addr->bound))
					result->sessions++;
				continue;
			}
			if (refcount_inc_not_zero(&addr->ref))
				batch[n++] = addr;
		}
		rhashtable_walk_stop(&iter);

		for (i = 0; i < n; i++) {
			umx_drain_one(un, batch[i], abort, result);
			umx_addr_put(batch[i]);
		}
		cond_resched();
	} while (n == UMX_DRAIN_BATCH);
	rhashtable_walk_exit(&iter);
}

/**
 * umx_drain() - stop, and end what can be ended
 * @un: the namespace; its lock is held
 * @abort: reset every session
 * @result: what was done and what is left
 *
 * May be repeated until nothing is left.
 * Context: process, may sleep.
 */
void umx_drain(struct umx_net *un, bool abort, struct umx_drain_result *result)
{
	lockdep_assert_held(&un->lock);
	memset(result, 0, sizeof(*result));
	WRITE_ONCE(un->draining, true);
	synchronize_net();	/* no connect() draws an EA any more */

	result->waiting = umx_ssa_flush(un);
	result->listeners = umx_listener_detach_all(un);
	if (un->ready) {
		umx_drain_walk(un, false, abort, result);
		/* an aborted session may have left a TIME_WAIT */
		if (abort)
			umx_drain_walk(un, false, true, result);
		umx_drain_walk(un, true, false, result);
	}
	result->sockets = umx_tcp_sockets();
}

/**
 * umx_drain_off() - give out addresses again
 * @un: the namespace; its lock is held
 *
 * Listeners are attached again.
 */
void umx_drain_off(struct umx_net *un)
{
	struct umx_listener *listener;
	unsigned int i;

	lockdep_assert_held(&un->lock);
	WRITE_ONCE(un->draining, false);
	for (i = 0; i < UMX_PORT_BUCKETS; i++)
		hlist_for_each_entry(listener, &un->ports[i], node)
			umx_listener_take_over(listener);
}
