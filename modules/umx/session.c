// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns what umx answers when TCP asks: which EA a connect() leaves
 * from (draw.c), which SSA a completed handshake claims, and what the end of a
 * session does to its address.
 */
#include <net/ipv6.h>
#include <net/tcp.h>
#include <umx/tcp.h>
#include "address.h"
#include "draw.h"
#include "event.h"
#include "gate.h"
#include "hook.h"
#include "listen.h"
#include "netns.h"
#include "onlink.h"
#include "pool.h"
#include "port_ignore.h"
#include "session.h"
#include "spare.h"
#include "wish.h"

static struct umx_addr *umx_addr_of(struct umx_tcp_track *track)
{
	return container_of(track, struct umx_addr, track);
}

/* The session has ended, whatever way: track.c lists them. */
static void umx_session_release(struct umx_tcp_track *track, struct sock *sk)
{
	struct umx_addr *addr = umx_addr_of(track);

	umx_mib_inc(addr->pool->un, addr->role == UMX_ROLE_EA ?
		    UMX_MIB_EA_RELEASED : UMX_MIB_SSA_RELEASED);
	/*
	 * No peer port: connect() failed, nothing was ever sent. No shutdown:
	 * tcp_disconnect() was here, which leaves no TIME_WAIT.
	 */
	umx_addr_close(addr, addr->peer_port && sk->sk_shutdown);
	umx_addr_put(addr);
}

static void umx_session_established(struct umx_tcp_track *track,
				    struct sock *sk)
{
	umx_hook_established(umx_net(sock_net(sk)), sk);
}

static const struct umx_tcp_type umx_session_type = {
	.owner = THIS_MODULE,
	.slot = UMX_TCP_SLOT_ADDRESS,
	.release = umx_session_release,
	.established = umx_session_established,
};

/* The application has chosen its source itself. */
static bool umx_session_bound(const struct sock *sk)
{
	return !ipv6_addr_any(&sk->sk_v6_rcv_saddr) ||
	       !ipv6_addr_any(&inet6_sk(sk)->saddr) || umx_draw_declined(sk);
}

/* An EA, NULL to leave the session alone, or ERR_PTR(). @wish: NULL: none. */
static __always_inline struct umx_addr *
umx_session_draw(struct umx_net *un, struct sock *sk, const struct in6_addr *to,
		 const struct umx_wish *wish)
{
	if (umx_session_bound(sk)) {
		if (!umx_draw_bound_to_pool(un, sk))
			return NULL;
		umx_mib_inc(un, UMX_MIB_EA_BOUND);
		return ERR_PTR(-EADDRNOTAVAIL);
	}
	if ((!wish && !READ_ONCE(un->has_rules)) ||
	    umx_draw_legacy_peer(un->net, to))
		return NULL;
	if (wish)
		return umx_draw_wish(un, sk, to, wish);
	return umx_draw(un, sk, to, UMX_PROTO_TCP);
}

/* As umx_session_draw(), for a socket whose program may have said something. */
static struct umx_addr *
umx_session_draw_noted(struct umx_net *un, struct sock *sk,
		       const struct in6_addr *to)
{
	struct umx_addr *addr;
	struct umx_wish wish;

	umx_wish_read(sk, &wish);
	if (wish.mode == UMX_SOCKET_EA_NEVER && !umx_draw_bound_to_pool(un, sk)) {
		umx_mib_inc(un, UMX_MIB_EA_NEVER);
		return NULL;
	}
	addr = umx_session_draw(un, sk, to, &wish);
	if (!addr && wish.mode == UMX_SOCKET_EA_REQUIRE) {
		umx_mib_inc(un, UMX_MIB_EA_REQUIRED);
		return ERR_PTR(-EADDRNOTAVAIL);
	}
	return addr;
}

/* umx_tcp_ops.connect */
static struct umx_tcp_track *umx_session_connect(struct sock *sk,
						 const struct sockaddr_in6 *to)
{
	struct umx_net *un = umx_net(sock_net(sk));
	struct umx_addr *addr;

	if (unlikely(umx_tcp_note_likely(sk)))
		addr = umx_session_draw_noted(un, sk, &to->sin6_addr);
	else
		addr = umx_session_draw(un, sk, &to->sin6_addr, NULL);
	if (IS_ERR_OR_NULL(addr))
		return ERR_CAST(addr);

	addr->track.type = &umx_session_type;
	if (!inet_sk(sk)->inet_num)	/* or the application has chosen it */
		addr->track.port = READ_ONCE(un->reduced_port);
	inet6_sk(sk)->saddr = addr->addr;
	umx_onlink_live(addr->pool, &addr->addr);
	return &addr->track;	/* the reference of umx_addr_alloc() goes along */
}

/**
 * umx_session_bind() - the session of an address is known
 * @addr: bound
 * @sk: its socket, connected
 */
void umx_session_bind(struct umx_addr *addr, const struct sock *sk)
{
	spin_lock_bh(&addr->lock);
	addr->peer = sk->sk_v6_daddr;
	addr->local_port = inet_sk(sk)->inet_sport;
	/* pairs with umx_gate_udp_own() */
	smp_store_release(&addr->peer_port, inet_sk(sk)->inet_dport);
	addr->bound_dev = sk->sk_bound_dev_if;
	addr->uid = sk->sk_uid;
	addr->since = ktime_get_seconds();
	if (unlikely(addr->handshakes))
		umx_port_ignore_forget(addr);
	spin_unlock_bh(&addr->lock);
	umx_event_addr(addr, UMX_EVENT_SESSION_BOUND);
}

/* umx_tcp_ops.connected */
static void umx_session_connected(struct umx_tcp_track *track, struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);

	/*
	 * A Fast Open cookie is good for this source address only, which never
	 * comes again. Take no notice of the one the server may send: it would
	 * be kept in the TCP metrics cache, which anybody may read.
	 */
	if (tp->syn_fastopen && !tp->syn_data)
		tp->syn_fastopen = 0;
	umx_session_bind(umx_addr_of(track), sk);
}

/* umx_tcp_ops.claim: softirq, RCU */
static struct umx_tcp_track *umx_session_claim(const struct sock *lsk,
					       const struct request_sock *req)
{
	const struct inet_request_sock *ireq = inet_rsk(req);
	struct umx_net *un = umx_net(sock_net(lsk));
	struct umx_addr *addr;

	addr = umx_addr_find(un, &ireq->ir_v6_loc_addr);
	if (!addr) {
		/* the host itself, or a port whose gate was just opened */
		if (!umx_pool_of(un, &ireq->ir_v6_loc_addr))
			return NULL;
		umx_drop(un, NULL, UMX_MIB_IN_UNKNOWN, NULL);
		return ERR_PTR(-EADDRNOTAVAIL);
	}
	if (!umx_addr_bind(addr, &ireq->ir_v6_rmt_addr)) {
		umx_drop(un, addr->pool, UMX_MIB_CLAIM_LOST, NULL);
		return ERR_PTR(-EADDRINUSE);
	}
	addr->track.type = &umx_session_type;
	umx_addr_get(addr);
	return &addr->track;
}

/* umx_tcp_ops.bound */
static void umx_session_bound_child(struct umx_tcp_track *track,
				    struct sock *child)
{
	struct umx_addr *addr = umx_addr_of(track);

	umx_mib_inc(addr->pool->un, UMX_MIB_SSA_CLAIMED);
	umx_session_bind(addr, child);
}

/* umx_tcp_ops.unclaim */
static void umx_session_unclaim(struct umx_tcp_track *track)
{
	struct umx_addr *addr = umx_addr_of(track);

	umx_mib_inc(addr->pool->un, UMX_MIB_SSA_NO_CHILD);
	umx_addr_unbind(addr);
	umx_addr_put(addr);
}

static const struct umx_tcp_ops umx_session_ops = {
	.slot = UMX_TCP_SLOT_ADDRESS,
	.connect = umx_session_connect,
	.connected = umx_session_connected,
	.listening = umx_listen_begin,
	.listen = umx_listen_end,
	.syn = umx_gate_port_syn,
	.claim = umx_session_claim,
	.bound = umx_session_bound_child,
	.unclaim = umx_session_unclaim,
	.own = umx_spare_own,
	.spares = umx_spare_draw,
	.spares_drop = umx_spare_drop,
};

int umx_session_setup(void)
{
	return umx_tcp_register(&umx_session_ops);
}

void umx_session_teardown(void)
{
	umx_tcp_unregister(&umx_session_ops);
}
