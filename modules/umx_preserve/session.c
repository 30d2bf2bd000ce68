// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the life of a session: from a connect(), or from the child of
 * an answered offer, to the end of its socket.
 */
#include <linux/slab.h>
#include <net/addrconf.h>
#include <net/ip6_route.h>
#include <net/ipv6.h>
#include <net/tcp.h>
#include <umx/compat.h>
#include "blackhole.h"
#include "exclude.h"
#include "hook.h"
#include "ids.h"
#include "listener.h"
#include "netns.h"
#include "offer.h"
#include "place.h"
#include "segment.h"
#include "session.h"
#include "sockopt.h"
#include "timer.h"

static struct umx_preserve_session *
umx_preserve_session_alloc(struct umx_preserve_net *pn, bool client, gfp_t gfp)
{
	struct umx_preserve_session *s = kzalloc(sizeof(*s), gfp);

	if (!s) {
		umx_preserve_count(pn, UMX_PRESERVE_MIB_NO_SET);
		return NULL;
	}
	s->track.type = &umx_preserve_session_type;
	s->pn = pn;
	s->client = client;
	s->state = client ? UMX_PRESERVE_OFFERED : UMX_PRESERVE_PENDING;
	s->follow = UMX_PATH_NONE;
	s->heard = UMX_PATH_NONE;
	s->unreachable = UMX_PATH_NONE;
	s->detour = UMX_PATH_NONE;
	spin_lock_init(&s->lock);
	timer_setup(&s->timer, umx_preserve_timer, 0);
	return s;
}

static void umx_preserve_session_free(struct umx_preserve_session *s)
{
	if (s->set)
		umx_preserve_set_put(s->pn, s->set, s->moves);
	kfree_rcu(s, rcu);
}

/**
 * umx_preserve_session_away() - listen for the peer on the original pair, too
 * @s: the session
 * @away: it has left that pair; false: TCP finds its segments there by itself
 *
 * Context: socket lock, or the socket is at its end.
 */
void umx_preserve_session_away(struct umx_preserve_session *s, bool away)
{
	if (s->away == away)
		return;
	WRITE_ONCE(s->away, away);
	umx_preserve_set_away(s->pn, s->set, away ? 1 : -1);
}

/* umx_tcp_type.release */
static void umx_preserve_session_release(struct umx_tcp_track *track,
					 struct sock *sk)
{
	struct umx_preserve_session *s = umx_preserve_session_of(track);
	struct umx_preserve_net *pn = s->pn;

	spin_lock_bh(&s->lock);
	WRITE_ONCE(s->state, UMX_PRESERVE_ENDED);
	spin_unlock_bh(&s->lock);
	sk_stop_timer(sk, &s->timer);
	if (s->id)
		umx_preserve_ids_del(pn, s);
	dst_release(s->dst);
	s->dst = NULL;
	umx_preserve_session_away(s, false);
	umx_preserve_place_leave(s);
	if (s->set)
		queue_delayed_work(system_unbound_wq, &pn->sweep, 5 * HZ);
	umx_preserve_session_free(s);
}

/* --- agreement ------------------------------------------------------------- */

/*
 * The device packets to @peer leave by from @local, which is on none. By source
 * alone: rules of the administrator's about marks or users are not asked.
 */
static int umx_preserve_session_via(const struct umx_preserve_net *pn,
				    const struct in6_addr *local,
				    const struct in6_addr *peer)
{
	struct flowi6 fl6 = {
		.saddr = *local,
		.daddr = *peer,
		.flowi6_proto = IPPROTO_TCP,
	};
	struct dst_entry *dst;
	int via = 0;

	dst = ip6_route_output(pn->net, NULL, &fl6);
	if (!dst->error)
		via = dst->dev->ifindex;
	dst_release(dst);
	return via;
}

/**
 * umx_preserve_session_plain() - follow a connection no more that goes on
 * @s: its session, on the original pair
 * @sk: its socket
 *
 * What was made for it is given back. Context: socket lock.
 */
void umx_preserve_session_plain(struct umx_preserve_session *s,
				struct sock *sk)
{
	struct umx_preserve_net *pn = s->pn;
	bool onetime = s->onetime;

	if (!umx_tcp_untrack(sk, &s->track) && onetime)
		umx_tcp_spares_drop(pn->net, &sk->sk_v6_rcv_saddr);
}

/**
 * umx_preserve_session_agree() - put the set in force
 * @s: both offers and acceptances are known
 * @tuple: the connection
 *
 * Context: BH off or process. Return: false if it stays a plain connection:
 * neither end has an alternative, it has been switched off, there is no room.
 */
bool umx_preserve_session_agree(struct umx_preserve_session *s,
				const struct umx_preserve_tuple *tuple)
{
	struct umx_preserve_net *pn = s->pn;
	struct umx_preserve_addrs addrs __uninitialized;
	bool agreed = false;
	unsigned int i;

	addrs.n_local = umx_preserve_offer_resolve(&s->own, s->bitmap,
						   &tuple->local, addrs.local);
	addrs.n_peer = umx_preserve_offer_resolve(&s->peer, s->peer_bitmap,
						  &tuple->peer, addrs.peer);
	if (addrs.n_local * addrs.n_peer == 1 || !umx_preserve_enabled(pn))
		return false;

	spin_lock_bh(&s->lock);
	if (s->state == UMX_PRESERVE_AGREED || s->state == UMX_PRESERVE_ENDED) {
		agreed = s->state == UMX_PRESERVE_AGREED;
		spin_unlock_bh(&s->lock);
		return agreed;
	}
	for (i = 0; s->onetime && i < addrs.n_local; i++)
		s->via[i] = umx_preserve_session_via(pn, &addrs.local[i],
						     &tuple->peer);
	s->set = umx_preserve_set_get(pn, &addrs);
	if (s->set) {
		s->tuple = *tuple;
		umx_preserve_ids_add(pn, s);
		/* pairs with umx_preserve_session_agreed() */
		smp_store_release(&s->state, UMX_PRESERVE_AGREED);
		agreed = true;
	}
	spin_unlock_bh(&s->lock);
	umx_preserve_count(pn, agreed ? UMX_PRESERVE_MIB_AGREED :
					UMX_PRESERVE_MIB_NO_SET);
	return agreed;
}

static void umx_preserve_session_tuple(const struct sock *sk,
				       struct umx_preserve_tuple *tuple)
{
	memset(tuple, 0, sizeof(*tuple));
	tuple->local = sk->sk_v6_rcv_saddr;
	tuple->peer = sk->sk_v6_daddr;
	tuple->local_port = inet_sk(sk)->inet_sport;
	tuple->peer_port = inet_sk(sk)->inet_dport;
}

/*
 * umx_tcp_type.established: of a connect() only. Without an answer to our
 * offer TCP does everything by itself from here on.
 */
static void umx_preserve_session_established(struct umx_tcp_track *track,
					     struct sock *sk)
{
	struct umx_preserve_session *s = umx_preserve_session_of(track);
	struct umx_preserve_tuple tuple;

	umx_preserve_session_tuple(sk, &tuple);
	/* an answer in a SYN-ACK TCP did not take is none */
	if (s->answered && tcp_sk(sk)->rcv_nxt == s->peer_isn + 1) {
		s->carry = true;
		if (umx_preserve_session_agree(s, &tuple))
			return;
	} else if (s->syns > 1) {
		umx_preserve_count(s->pn, UMX_PRESERVE_MIB_BLACKHOLE);
		umx_preserve_blackhole_add(s->pn, &tuple.peer);
	} else if (s->syns) {
		umx_preserve_count(s->pn, UMX_PRESERVE_MIB_PEER_PLAIN);
	}
	umx_preserve_session_plain(s, sk);
}

/* --- what umx_tcp asks ----------------------------------------------------- */

static bool umx_preserve_session_peer(const struct in6_addr *to)
{
	int type = ipv6_addr_type(to);

	return type & IPV6_ADDR_UNICAST &&
	       !(type & (IPV6_ADDR_LOOPBACK | IPV6_ADDR_LINKLOCAL |
			 IPV6_ADDR_MAPPED));
}

/* umx_tcp_ops.connect */
static struct umx_tcp_track *
umx_preserve_session_connect(struct sock *sk, const struct sockaddr_in6 *to)
{
	struct umx_preserve_net *pn = umx_preserve_net(sock_net(sk));
	struct umx_preserve_session *s;

	if (!umx_preserve_enabled(pn) ||
	    !umx_preserve_session_peer(&to->sin6_addr) ||
	    !umx_preserve_offer_allowed(pn, sk))
		return NULL;
	if (tcp_sk(sk)->fastopen_req || tcp_sk(sk)->fastopen_connect) {
		umx_preserve_count(pn, UMX_PRESERVE_MIB_SKIP_FASTOPEN);
		return NULL;
	}
	if (umx_preserve_excluded(pn, &to->sin6_addr)) {
		umx_preserve_count(pn, UMX_PRESERVE_MIB_SKIP_EXCLUDED);
		return NULL;
	}
	if (umx_preserve_blackhole_find(pn, &to->sin6_addr)) {
		umx_preserve_count(pn, UMX_PRESERVE_MIB_SKIP_BLACKHOLE);
		return NULL;
	}
	s = umx_preserve_session_alloc(pn, true, GFP_KERNEL);
	if (!s)
		return NULL;
	s->notify = umx_preserve_sockopt_notify(sk);
	return &s->track;
}

/* @arg: the half as the SYN-ACK's request knows it; gets the rest. */
static bool umx_preserve_session_peek(struct umx_preserve_half *half, void *arg)
{
	struct umx_preserve_half *to = arg;

	if (!half->synacks || half->isn != to->isn ||
	    half->peer_isn != to->peer_isn)
		return false;
	half->claimed = true;
	*to = *half;
	return true;
}

/* umx_tcp_ops.claim: softirq, RCU */
static struct umx_tcp_track *
umx_preserve_session_claim(const struct sock *lsk,
			   const struct request_sock *req)
{
	const struct inet_request_sock *ireq = inet_rsk(req);
	struct umx_preserve_net *pn = umx_preserve_net(sock_net(lsk));
	struct umx_preserve_tuple tuple = {
		.local = ireq->ir_v6_loc_addr,
		.peer = ireq->ir_v6_rmt_addr,
		.local_port = htons(ireq->ir_num),
		.peer_port = ireq->ir_rmt_port,
	};
	struct umx_preserve_half half __uninitialized;
	struct umx_preserve_session *s;

	half.isn = tcp_rsk(req)->snt_isn;
	half.peer_isn = tcp_rsk(req)->rcv_isn;
	if (!umx_preserve_half_update(umx_preserve_half_bucket(pn, &tuple),
				      &tuple, umx_preserve_session_peek, &half))
		return NULL;
	s = umx_preserve_session_alloc(pn, false, GFP_ATOMIC);
	if (!s)
		return NULL;
	s->notify = umx_preserve_sockopt_notify(lsk);
	s->own = half.own;
	s->peer = half.peer;
	s->peer_bitmap = half.peer_bitmap;
	s->bitmap = half.bitmap;
	s->answered = half.accepted;
	s->onetime = half.onetime;
	s->isn = half.isn;
	s->peer_isn = half.peer_isn;
	return &s->track;
}

/* umx_tcp_ops.bound */
static void umx_preserve_session_bound(struct umx_tcp_track *track,
				       struct sock *child)
{
	struct umx_preserve_session *s = umx_preserve_session_of(track);
	struct umx_preserve_tuple tuple;

	umx_preserve_session_tuple(child, &tuple);
	if (s->answered && !umx_preserve_session_agree(s, &tuple))
		umx_preserve_session_plain(s, child);
}

/* umx_tcp_ops.unclaim */
static void umx_preserve_session_unclaim(struct umx_tcp_track *track)
{
	umx_preserve_session_free(umx_preserve_session_of(track));
}

const struct umx_tcp_type umx_preserve_session_type = {
	.owner = THIS_MODULE,
	.slot = UMX_TCP_SLOT_PRESERVE,
	.release = umx_preserve_session_release,
	.established = umx_preserve_session_established,
	.transmit = umx_preserve_segment_transmit,
	.reroute = umx_preserve_segment_reroute,
};

static const struct umx_tcp_ops umx_preserve_session_ops = {
	.slot = UMX_TCP_SLOT_PRESERVE,
	.fastopen = true,
	.connect = umx_preserve_session_connect,
	.listen = umx_preserve_listener_listen,
	.claim = umx_preserve_session_claim,
	.bound = umx_preserve_session_bound,
	.unclaim = umx_preserve_session_unclaim,
	.segment = umx_preserve_hook_segment,
	.error = umx_preserve_hook_error,
	.arrives = umx_preserve_hook_arrives,
	.knows = umx_preserve_hook_knows,
};

/* --- walking --------------------------------------------------------------- */

/* A reference on its socket, or NULL; RCU. */
static struct sock *
umx_preserve_session_sock(const struct umx_preserve_session *s)
{
	/* a socket's memory stays one under RCU: TYPESAFE_BY_RCU */
	struct sock *sk = s->track.sk;

	return sk && refcount_inc_not_zero(&sk->sk_refcnt) ? sk : NULL;
}

/**
 * umx_preserve_session_next() - the socket of the next agreed session
 * @pn: the namespace
 * @id: begin after this one; the one found
 *
 * Context: process. Return: the socket, to be put, or NULL at the end.
 */
struct sock *umx_preserve_session_next(struct umx_preserve_net *pn,
				       u32 *id)
{
	struct umx_preserve_session *s;
	struct sock *sk = NULL;

	rcu_read_lock();
	while (!sk) {
		s = umx_preserve_ids_next(pn, id);
		if (!s)
			break;
		sk = umx_preserve_session_sock(s);
	}
	rcu_read_unlock();
	return sk;
}

/**
 * umx_preserve_session_get() - the socket of a session
 * @pn: the namespace
 * @id: the session's
 *
 * Context: process. Return: the socket, to be put, or NULL.
 */
struct sock *umx_preserve_session_get(struct umx_preserve_net *pn, u32 id)
{
	struct umx_preserve_session *s;
	struct sock *sk;

	rcu_read_lock();
	s = umx_preserve_ids_find(pn, id);
	sk = s ? umx_preserve_session_sock(s) : NULL;
	rcu_read_unlock();
	return sk;
}

/**
 * umx_preserve_session_lock() - lock a socket that had this session
 * @sk: the socket; a reference is held
 * @id: the session
 *
 * Context: process. Return: the session; NULL, with the lock not held, if it
 * has ended.
 */
struct umx_preserve_session *umx_preserve_session_lock(struct sock *sk, u32 id)
{
	struct umx_preserve_session *s;

	lock_sock(sk);
	rcu_read_lock();
	s = umx_preserve_session_find(sk);
	rcu_read_unlock();
	/* the socket lock keeps it: an armed track ends with the connection */
	if (s && s->id == id && umx_preserve_session_agreed(s))
		return s;
	release_sock(sk);
	return NULL;
}

/*
 * Switched off: those on their original pair are plain connections from here
 * on. Context: process.
 */
void umx_preserve_session_let_go(struct umx_preserve_net *pn, bool abort)
{
	struct umx_preserve_session *s;
	struct sock *sk;
	u32 id = 0;

	while ((sk = umx_preserve_session_next(pn, &id))) {
		s = umx_preserve_session_lock(sk, id);
		if (s) {
			bool moved = s->current_pair;

			if (!moved)
				umx_preserve_session_plain(s, sk);
			release_sock(sk);
			if (moved && abort)
				umx_tcp_abort(sk, ECONNABORTED);
		}
		sock_put(sk);
		cond_resched();
	}
}

int umx_preserve_session_setup(void)
{
	return umx_tcp_register(&umx_preserve_session_ops);
}

void umx_preserve_session_teardown(void)
{
	umx_tcp_unregister(&umx_preserve_session_ops);
}
