// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns draining: no new EA or SSA, waiting SSAs disposed, listeners
 * given back (their ports stay closed: the gate needs no socket), TIME_WAITs
 * of ours purged, UDP sockets without an EA let go of, and on demand every
 * session reset.
 */
#include <net/inet6_hashtables.h>
#include <net/tcp.h>
#include <umx/compat.h>
#include <umx/loan.h>
#include <umx/tcp.h>
#include <umx/udp.h>
#include "address.h"
#include "attach.h"
#include "auto.h"
#include "drain.h"
#include "listener.h"
#include "netns.h"
#include "pool.h"
#include "socks.h"
#include "ssa.h"

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

/* What one walk over the addresses is for. */
struct umx_drain_walk {
	struct umx_net *un;
	struct umx_drain_result *result;
	bool abort;
};

/* A session of UDP has no rest: it is, or it is over. */
static void umx_drain_end_udp(struct umx_addr *addr,
			      struct umx_drain_walk *walk)
{
	if (walk->abort && !umx_udp_abort(&addr->datagram, ECONNABORTED))
		walk->result->aborted++;
}

/* End what has a session, or is the rest of one. */
static void umx_drain_end(struct umx_addr *addr, void *arg)
{
	struct umx_drain_walk *walk = arg;
	bool closing = READ_ONCE(addr->state) == UMX_ADDR_CLOSING;
	struct sock *sk;

	if (addr->of)
		return;		/* goes with its session */
	if (umx_addr_lent(addr)) {
		if (walk->abort && umx_loan_end(walk->un->net, &addr->addr))
			walk->result->aborted++;
		return;
	}
	if (addr->proto == UMX_PROTO_UDP) {
		umx_drain_end_udp(addr, walk);
		return;
	}
	if (!READ_ONCE(addr->bound) || (!closing && !walk->abort))
		return;
	sk = umx_drain_sock(walk->un, addr);
	if (sk) {
		if (!umx_tcp_abort(sk, ECONNABORTED)) {
			if (closing)
				walk->result->purged++;
			else
				walk->result->aborted++;
		}
		sock_gen_put(sk);
	}
	if (closing)
		umx_addr_close(addr, true);
}

static void umx_drain_count(struct umx_addr *addr, void *arg)
{
	struct umx_drain_walk *walk = arg;

	if (addr->of)
		return;
	if (READ_ONCE(addr->state) == UMX_ADDR_CLOSING)
		walk->result->closing++;
	else if (READ_ONCE(addr->state) == UMX_ADDR_VALID &&
		 READ_ONCE(addr->bound))
		walk->result->sessions++;
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
	struct umx_drain_walk walk = {
		.un = un, .result = result, .abort = abort
	};

	lockdep_assert_held(&un->lock);
	memset(result, 0, sizeof(*result));
	WRITE_ONCE(un->draining, true);
	synchronize_net();	/* umx_draw() has seen it */
	umx_net_switch(un);

	result->waiting = umx_ssa_flush(un);
	umx_auto_fill_all(un);
	result->listeners = umx_listener_detach_all(un);
	if (un->ready) {
		umx_addr_for_each(un, umx_drain_end, &walk);
		/* a session that was reset may have left a TIME_WAIT */
		if (abort)
			umx_addr_for_each(un, umx_drain_end, &walk);
	}
	result->purged += umx_tcp_purge(un->net);
	umx_udp_purge(un->net);
	if (un->ready)
		umx_addr_for_each(un, umx_drain_count, &walk);
	result->sockets = umx_tcp_sockets() + umx_udp_sockets();
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
	struct umx_pool *pool;
	unsigned int i;

	lockdep_assert_held(&un->lock);
	WRITE_ONCE(un->draining, false);
	umx_net_switch(un);
	list_for_each_entry(pool, &un->pools, list)
		umx_attach_kick(pool);
	for (i = 0; i < UMX_PORT_BUCKETS; i++)
		hlist_for_each_entry(listener, &un->ports[i], node)
			umx_listener_take_over(listener);
	umx_auto_fill_all(un);
}
