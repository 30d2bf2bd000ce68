// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the moves: which pair can be used now, and what changes when
 * a session goes there.
 */
#include <linux/netdevice.h>
#include <linux/random.h>
#include <net/addrconf.h>
#include <net/inet6_hashtables.h>
#include <net/ip6_fib.h>
#include <net/ip6_route.h>
#include <net/tcp.h>
#include <umx/compat.h>
#include "event.h"
#include "half.h"
#include "mib.h"
#include "move.h"
#include "netns.h"
#include "place.h"
#include "segment.h"
#include "session.h"
#include "sockopt.h"
#include "timer.h"

/* The states in which a connection still has something to say. */
#define UMX_PRESERVE_MOVABLE						\
	(TCPF_ESTABLISHED | TCPF_FIN_WAIT1 | TCPF_FIN_WAIT2 | TCPF_CLOSING | \
	 TCPF_CLOSE_WAIT | TCPF_LAST_ACK)

static const enum umx_preserve_mib umx_preserve_move_mib[] = {
	[UMX_PRESERVE_REASON_ADMIN] = UMX_PRESERVE_MIB_MOVED_ADMIN,
	[UMX_PRESERVE_REASON_ADDRESS] = UMX_PRESERVE_MIB_MOVED_ADDRESS,
	[UMX_PRESERVE_REASON_LINK] = UMX_PRESERVE_MIB_MOVED_LINK,
	[UMX_PRESERVE_REASON_PEER] = UMX_PRESERVE_MIB_MOVED_PEER,
	[UMX_PRESERVE_REASON_SILENCE] = UMX_PRESERVE_MIB_MOVED_SILENCE,
	[UMX_PRESERVE_REASON_TIMEOUT] = UMX_PRESERVE_MIB_MOVED_TIMEOUT,
	[UMX_PRESERVE_REASON_UNREACHABLE] = UMX_PRESERVE_MIB_MOVED_UNREACHABLE,
	[UMX_PRESERVE_REASON_REVERT] = UMX_PRESERVE_MIB_MOVED_REVERT,
};

static bool umx_preserve_move_dev_up(const struct net_device *dev)
{
	return dev->flags & IFF_UP && netif_carrier_ok(dev);
}

/* The device that has our address @local of a session, or leads to it; RCU. */
static const struct net_device *
umx_preserve_move_dev(const struct umx_preserve_session *s, unsigned int local)
{
	struct net *net = s->pn->net;

	if (s->onetime)
		return dev_get_by_index_rcu(net, s->via[local]);
	return ipv6_dev_find(net, &s->set->addrs.local[local], NULL);
}

/*
 * Can segments leave from our address @local? @present, unless NULL: is it there
 * at all?
 */
static bool umx_preserve_move_usable(const struct umx_preserve_session *s,
				     unsigned int local, bool *present)
{
	const struct in6_addr *addr = &s->set->addrs.local[local];
	const struct net_device *dev;
	bool usable = false, there;

	rcu_read_lock();
	there = s->onetime ? umx_tcp_own(s->pn->net, addr) :
			     ipv6_chk_addr(s->pn->net, addr, NULL, 0);
	if (there) {
		dev = umx_preserve_move_dev(s, local);
		usable = dev && umx_preserve_move_dev_up(dev);
	}
	rcu_read_unlock();
	if (present)
		*present = there;
	return usable;
}

static u16 umx_preserve_move_usable_all(const struct umx_preserve_session *s)
{
	const struct umx_preserve_addrs *addrs = &s->set->addrs;
	u16 usable = 0;
	unsigned int i;

	for (i = 0; i < addrs->n_local; i++)
		if (umx_preserve_move_usable(s, i, NULL))
			usable |= 1 << i;
	return usable;
}

/*
 * Another connection of the same hosts may have been opened on this very pair,
 * or have moved there, with the same ports. Its segments could not be told from
 * ours.
 */
static bool umx_preserve_move_taken(const struct umx_preserve_session *s,
				    struct sock *sk, u8 pair)
{
	struct umx_preserve_tuple t;
	struct sock *other;
	u8 its;

	if (!pair)
		return false;
	umx_preserve_place_of(s, sk, pair, &t);
	rcu_read_lock();
	other = umx_inet6_lookup_established(sock_net(sk), &t.peer, t.peer_port,
					     &t.local, ntohs(t.local_port), 0);
	if (!other)
		other = umx_preserve_place_sock(s->pn, &t, 0, &its);
	rcu_read_unlock();
	if (other)
		sock_gen_put(other);
	return other;
}

/*
 * Does a route lead there? @strict: by the device that has the address, which
 * is where source selection would have sent it.
 */
static bool umx_preserve_move_routed(const struct umx_preserve_session *s,
				     struct sock *sk, u8 pair, bool strict)
{
	const struct net_device *dev, *owner;
	struct dst_entry *dst;
	struct flowi6 fl6;
	bool good;

	dst = umx_preserve_segment_route(s, sk, pair, &fl6);
	if (IS_ERR(dst))
		return false;
	rcu_read_lock();
	dev = dst->dev;
	good = umx_preserve_move_dev_up(dev);
	if (good && strict) {
		owner = umx_preserve_move_dev(s, pair / s->set->addrs.n_peer);
		good = owner == dev || (owner && owner->flags & IFF_LOOPBACK);
	}
	rcu_read_unlock();
	dst_release(dst);
	return good;
}

/* The first in the order of pairs that a route leads to. */
static u8 umx_preserve_move_best(const struct umx_preserve_session *s,
				 struct sock *sk)
{
	const struct umx_preserve_addrs *addrs = &s->set->addrs;
	u8 order[UMX_PATH_PAIRS];
	unsigned int i, n;
	int strict;

	n = umx_path_order(order, addrs->n_local, addrs->n_peer,
			   s->current_pair, umx_preserve_move_usable_all(s),
			   &s->copied, get_random_u32());
	for (strict = 1; strict >= 0; strict--)
		for (i = 0; i < n; i++)
			if (!umx_preserve_move_taken(s, sk, order[i]) &&
			    umx_preserve_move_routed(s, sk, order[i], strict))
				return order[i];
	return UMX_PATH_NONE;
}

/**
 * umx_preserve_move_candidate() - the best pair to go to, or to send a copy on
 * @s: the session
 * @sk: its socket
 *
 * Those that have been tried come last. When each has been, a new round begins:
 * a path may have come back.
 * Context: socket lock. Return: the pair or UMX_PATH_NONE.
 */
u8 umx_preserve_move_candidate(struct umx_preserve_session *s, struct sock *sk)
{
	u8 pair = umx_preserve_move_best(s, sk);

	if (pair == UMX_PATH_NONE || !umx_path_was_tried(&s->copied, pair))
		return pair;
	memset(&s->copied, 0, sizeof(s->copied));
	return umx_preserve_move_best(s, sk);
}

static void umx_preserve_move_record(struct umx_preserve_session *s, u8 from,
				     enum umx_preserve_reason reason)
{
	struct umx_preserve_moved *moved;

	spin_lock_bh(&s->lock);
	moved = &s->moved[s->moves++ % UMX_PRESERVE_MOVES_MAX];
	moved->time = ktime_to_ms(ktime_get_real());
	moved->reason = reason;
	moved->from = from;
	moved->to = s->current_pair;
	spin_unlock_bh(&s->lock);
}

/*
 * What the old path could take says nothing of the new one, which may not even
 * lead to the peer: a few segments first, and from there by slow start (RFC
 * 5681, 4.1).
 */
static void umx_preserve_move_slow(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);

	/* nor does what TCP finds out about the old one bring its window back */
	tp->undo_marker = 0;
	tp->prior_ssthresh = 0;
	if (tcp_snd_cwnd(tp) <= TCP_INIT_CWND)
		return;
	tp->snd_ssthresh = inet_csk(sk)->icsk_ca_state == TCP_CA_CWR ?
			   TCP_INFINITE_SSTHRESH : tcp_current_ssthresh(sk);
	tcp_snd_cwnd_set(tp, TCP_INIT_CWND);
	tp->snd_cwnd_stamp = tcp_jiffies32;
}

/**
 * umx_preserve_move_to() - change the pair
 * @s: the session
 * @sk: its socket
 * @pair: the new pair
 * @reason: why
 *
 * Nothing is sent. Context: socket lock, any.
 * Return: 0, -EALREADY, -ENOTCONN, -EADDRINUSE, or the error of the route.
 */
int umx_preserve_move_to(struct umx_preserve_session *s, struct sock *sk,
			 u8 pair, enum umx_preserve_reason reason)
{
	struct dst_entry *dst = NULL;
	u8 from = s->current_pair;
	struct flowi6 fl6;
	bool proven;

	if (pair == from)
		return -EALREADY;
	if (!((1 << sk->sk_state) & UMX_PRESERVE_MOVABLE))
		return -ENOTCONN;
	if (umx_preserve_move_taken(s, sk, pair))
		return -EADDRINUSE;
	dst = umx_preserve_segment_route(s, sk, pair, &fl6);
	if (IS_ERR(dst))
		return PTR_ERR(dst);
	dst_release(s->dst);
	s->dst = dst;
	s->dst_cookie = rt6_get_cookie(container_of(dst, struct rt6_info, dst));
	inet6_sk(sk)->dst_cookie = s->dst_cookie;
	/* TCP takes the MTU and the device's offloads from here */
	sk_setup_caps(sk, dst_clone(dst));

	/* before the pair: segments are judged meanwhile, with what belongs to it */
	WRITE_ONCE(s->follow, UMX_PATH_NONE);
	WRITE_ONCE(s->heard, UMX_PATH_NONE);
	proven = reason == UMX_PRESERVE_REASON_PEER ||
		 reason == UMX_PRESERVE_REASON_SILENCE;
	WRITE_ONCE(s->proven, proven);
	WRITE_ONCE(s->followed, proven);
	WRITE_ONCE(s->left, from);
	WRITE_ONCE(s->moved_at, jiffies);
	/* pairs with umx_preserve_demux_judge() */
	smp_store_release(&s->current_pair, pair);
	umx_tcp_transmit_start(sk);
	umx_preserve_place_set(s, sk);
	umx_preserve_move_slow(sk);
	if (pair)
		umx_preserve_session_away(s, true);
	else if (proven)
		umx_preserve_session_away(s, false);
	s->timeouts = 0;
	s->forced = false;
	if (s->due_reason == UMX_PRESERVE_REASON_TIMEOUT)
		s->due = false;
	umx_path_mark_tried(&s->copied, from);
	umx_preserve_move_record(s, from, reason);
	umx_preserve_count(s->pn, umx_preserve_move_mib[reason]);
	umx_preserve_event_moved(s, from, reason);
	umx_preserve_sockopt_moved(s, sk);
	return 0;
}

/* Restarts without progress, at most, however many pairs there are. */
#define UMX_PRESERVE_RESTARTS_MAX	8U

/**
 * umx_preserve_move_restart() - may TCP's backoff be undone once more?
 * @s: the session
 *
 * While there are pairs that have not had their chance since there was progress.
 * After that a timeout is what it always was, a sign of congestion, and TCP goes
 * on slowing down (RFC 6298, 5.5): many sessions on a network that takes none of
 * their segments must not go on sending at the pace of the first second.
 * Context: socket lock.
 */
bool umx_preserve_move_restart(struct umx_preserve_session *s)
{
	const struct umx_preserve_addrs *addrs = &s->set->addrs;
	unsigned int pairs = addrs->n_local * addrs->n_peer;

	if (s->restarts >= min(pairs, UMX_PRESERVE_RESTARTS_MAX))
		return false;
	s->restarts++;
	return true;
}

/*
 * What was in flight may be lost: have TCP send the head again, in a moment and
 * by its own timer, or a probe, which is not one of those it gives up after.
 * retrans_stamp is left alone, so that the limits of tcp_retries2 and
 * TCP_USER_TIMEOUT keep their meaning.
 */
static void umx_preserve_move_resend(struct umx_preserve_session *s,
				     struct sock *sk)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	struct tcp_sock *tp = tcp_sk(sk);

	if (tp->packets_out) {
		if (icsk->icsk_backoff && tp->srtt_us &&
		    umx_preserve_move_restart(s)) {
			icsk->icsk_backoff = 0;
			icsk->icsk_rto = __tcp_set_rto(tp);
			tcp_bound_rto(sk);
		}
		/* this timeout tells nothing of the new pair */
		s->forced = true;
		inet_csk_reset_xmit_timer(sk, ICSK_TIME_RETRANS, 1,
					  TCP_RTO_MAX);
	} else if (icsk->icsk_pending == ICSK_TIME_PROBE0) {
		if (icsk->icsk_probes_out)
			icsk->icsk_probes_out--;
		inet_csk_reset_xmit_timer(sk, ICSK_TIME_PROBE0, 1, TCP_RTO_MAX);
	}
}

/**
 * umx_preserve_move_resume() - go on after a move
 * @s: the session
 * @sk: its socket
 * @ack: tell the peer
 *
 * Not inside a transmission: TCP would undo it. Context: socket lock.
 */
void umx_preserve_move_resume(struct umx_preserve_session *s,
			      struct sock *sk, bool ack)
{
	if (ack)
		umx_preserve_segment_ack(s, sk, s->current_pair, false);
	umx_preserve_move_resend(s, sk);
	umx_preserve_timer_start(s, sk, false);
}

/**
 * umx_preserve_move_next() - move to the best other pair
 * @s: the session
 * @sk: its socket
 * @reason: why
 * @resend: tell the peer and send again what was in flight; not inside a
 *	transmission
 *
 * Context: socket lock. Return: 0, or -EHOSTUNREACH: there is none now.
 */
int umx_preserve_move_next(struct umx_preserve_session *s, struct sock *sk,
			   enum umx_preserve_reason reason, bool resend)
{
	u8 pair = umx_preserve_move_candidate(s, sk);
	int err = -EHOSTUNREACH;

	if (pair != UMX_PATH_NONE)
		err = umx_preserve_move_to(s, sk, pair, reason);
	if (!err) {
		if (resend)
			umx_preserve_move_resume(s, sk, true);
		return 0;
	}
	umx_preserve_count(s->pn, UMX_PRESERVE_MIB_NO_PATH);
	if (!s->down)
		umx_preserve_event_path(s, UMX_PRESERVE_EVENT_ALL_PATHS_DOWN);
	s->down = true;
	return err;
}

/**
 * umx_preserve_move_local() - move to a local address, as told
 * @s: the session
 * @sk: its socket
 * @local: the address; NULL: the next pair
 *
 * Context: process, socket lock. Return: 0 or an error.
 */
int umx_preserve_move_local(struct umx_preserve_session *s, struct sock *sk,
			    const struct in6_addr *local)
{
	const struct umx_preserve_addrs *addrs = &s->set->addrs;
	struct umx_path_tried none = {};
	u8 order[UMX_PATH_PAIRS];
	unsigned int i, n;
	u16 usable = U16_MAX;
	int err;

	if (local) {
		for (i = 0; i < addrs->n_local; i++)
			if (ipv6_addr_equal(&addrs->local[i], local))
				break;
		if (i == addrs->n_local)
			return -ENOENT;
		if (i == s->current_pair / addrs->n_peer)
			return -EALREADY;
		usable = 1 << i;
	}
	n = umx_path_order(order, addrs->n_local, addrs->n_peer,
			   s->current_pair, usable, &none, get_random_u32());
	err = -EHOSTUNREACH;
	for (i = 0; i < n && err; i++)
		if (umx_preserve_move_routed(s, sk, order[i], true))
			err = umx_preserve_move_to(s, sk, order[i],
						   UMX_PRESERVE_REASON_ADMIN);
	for (i = 0; i < n && err; i++)
		err = umx_preserve_move_to(s, sk, order[i],
					   UMX_PRESERVE_REASON_ADMIN);
	if (!err)
		umx_preserve_move_resume(s, sk, true);
	return err;
}

/**
 * umx_preserve_move_heard() - the peer has been heard on a pair
 * @s: the session
 *
 * Context: socket lock.
 */
void umx_preserve_move_heard(struct umx_preserve_session *s)
{
	u8 pair = READ_ONCE(s->heard);

	WRITE_ONCE(s->heard, UMX_PATH_NONE);
	if (pair != s->current_pair)
		return;			/* it has gone on since */
	WRITE_ONCE(s->followed, true);
	WRITE_ONCE(s->proven, true);
}

/**
 * umx_preserve_move_follow() - go where the peer's segments come from
 * @s: the session
 * @sk: its socket
 *
 * Context: socket lock.
 */
void umx_preserve_move_follow(struct umx_preserve_session *s, struct sock *sk)
{
	u8 pair = READ_ONCE(s->follow), reason = UMX_PRESERVE_REASON_PEER;
	bool copied;

	if (likely(pair == UMX_PATH_NONE))
		return;
	WRITE_ONCE(s->follow, UMX_PATH_NONE);
	copied = s->silences && umx_path_was_tried(&s->copied, pair);
	if (copied)
		reason = s->why_copied;
	if (umx_preserve_move_to(s, sk, pair, reason))
		return;
	WRITE_ONCE(s->proven, true);
	/* what was in flight to the peer's old address is lost */
	umx_preserve_timer_due(s, sk, UMX_PRESERVE_REASON_PEER);
}

/* Is the device of the current route without a carrier? */
static bool umx_preserve_move_link_lost(struct sock *sk)
{
	struct dst_entry *dst;
	bool lost = false;

	rcu_read_lock();
	dst = __sk_dst_get(sk);
	if (dst)
		lost = !umx_preserve_move_dev_up(dst->dev);
	rcu_read_unlock();
	return lost;
}

/**
 * umx_preserve_move_why() - why can nothing leave on the current pair?
 * @s: the session
 * @sk: its socket
 *
 * Context: socket lock. Return: that an address has gone, or a link; if neither
 * has, that the peer is unreachable.
 */
enum umx_preserve_reason
umx_preserve_move_why(const struct umx_preserve_session *s, struct sock *sk)
{
	unsigned int local = s->current_pair / s->set->addrs.n_peer;
	bool present;

	if (!umx_preserve_move_usable(s, local, &present))
		return present ? UMX_PRESERVE_REASON_LINK :
				 UMX_PRESERVE_REASON_ADDRESS;
	return umx_preserve_move_link_lost(sk) ?
	       UMX_PRESERVE_REASON_LINK : UMX_PRESERVE_REASON_UNREACHABLE;
}

/**
 * umx_preserve_move_review() - has what happened to addresses and links
 *	anything to do with this session?
 * @s: the session
 * @sk: its socket
 *
 * Context: process, socket lock.
 */
void umx_preserve_move_review(struct umx_preserve_session *s, struct sock *sk)
{
	enum umx_preserve_reason why;

	umx_preserve_move_follow(s, sk);
	why = umx_preserve_move_why(s, sk);
	if (why != UMX_PRESERVE_REASON_UNREACHABLE) {
		umx_preserve_move_next(s, sk, why, true);
		return;
	}
	if (READ_ONCE(s->pn->set.revert) && s->current_pair &&
	    umx_preserve_move_usable(s, 0, NULL) &&
	    umx_preserve_move_routed(s, sk, 0, true) &&
	    !umx_preserve_move_to(s, sk, 0, UMX_PRESERVE_REASON_REVERT)) {
		umx_preserve_move_resume(s, sk, true);
		return;
	}
	/* the current pair has come back: do not wait for a backed-off timer */
	if (s->down)
		umx_preserve_move_resume(s, sk, true);
}
