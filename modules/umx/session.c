// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns what umx answers when TCP asks: which EA a connect() leaves
 * from, which SSA a completed handshake claims, and what the end of a session
 * does to its address.
 */
#include <linux/sched.h>
#include <net/addrconf.h>
#include <net/ipv6.h>
#include <net/tcp.h>
#include <umx/tcp.h>
#include "address.h"
#include "event.h"
#include "gate.h"
#include "hook.h"
#include "limit.h"
#include "listener.h"
#include "netns.h"
#include "onlink.h"
#include "pool.h"
#include "port_ignore.h"
#include "rule.h"
#include "session.h"

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

/* Destinations that never see an EA; this host by any of its names is one. */
static bool umx_session_legacy_peer(struct net *net, const struct in6_addr *to)
{
	return ipv6_addr_any(to) ||
	       (ipv6_addr_type(to) & (IPV6_ADDR_LOOPBACK | IPV6_ADDR_LINKLOCAL |
				      IPV6_ADDR_MULTICAST | IPV6_ADDR_MAPPED)) ||
	       ipv6_chk_addr(net, to, NULL, 0);
}

/* The application has chosen its source itself. */
static bool umx_session_bound(const struct sock *sk)
{
	const struct ipv6_pinfo *np = inet6_sk(sk);

	return !ipv6_addr_any(&sk->sk_v6_rcv_saddr) ||
	       !ipv6_addr_any(&np->saddr) ||
	       !ipv6_addr_any(&np->sticky_pktinfo.ipi6_addr) ||
	       (np->srcprefs & IPV6_PREFER_SRC_PUBLIC);
}

/* IPV6_FREEBIND needs no privilege: a pool address is nobody's to bind. */
static bool umx_session_bound_to_pool(struct umx_net *un, const struct sock *sk)
{
	bool pool;

	rcu_read_lock();
	pool = umx_pool_of(un, &sk->sk_v6_rcv_saddr) ||
	       umx_pool_of(un, &inet6_sk(sk)->saddr);
	rcu_read_unlock();
	return pool;
}

/* Pop an EA for @sk from @pool. Context: RCU. */
static struct umx_addr *umx_session_pop(struct umx_pool *pool,
					const struct sock *sk)
{
	struct umx_addr *addr;
	int err = 0;

	addr = umx_addr_alloc(pool, UMX_ROLE_EA, GFP_ATOMIC);
	if (IS_ERR(addr))
		return addr;
	addr->bound = true;
	addr->owner = READ_ONCE(sk->sk_uid);
	if (!umx_limit_never(pool->un))
		err = umx_limit_charge(pool->un, addr);
	if (!err)
		err = umx_addr_insert_generated(addr);
	if (!err)
		return addr;
	umx_addr_put(addr);
	return ERR_PTR(err);
}

/* Which counter says why umx_session_pop() gave nothing. */
static enum umx_mib umx_session_why(const struct umx_addr *addr)
{
	switch (PTR_ERR(addr)) {
	case -EDQUOT:
		return UMX_MIB_EA_LIMIT;
	case -EUSERS:
		return UMX_MIB_EA_LIMIT_UID;
	default:
		return UMX_MIB_EA_EXHAUSTED;
	}
}

/*
 * What the rules say about a session of @sk to @to: an EA, NULL to leave it
 * alone, or ERR_PTR() to refuse it.
 *
 * One RCU section from the look at @draining to the address being live: a
 * drain that has waited for readers meets every EA in its walk.
 */
static struct umx_addr *umx_session_draw(struct umx_net *un, struct sock *sk,
					 const struct in6_addr *to)
{
	enum umx_mib why = UMX_MIB_EA_NO_POOL;
	struct umx_addr *addr = NULL;
	struct umx_rule *rule;
	struct umx_pool *pool;

	rcu_read_lock();
	rule = umx_rule_match(un, sk, to);
	if (!rule)
		goto unlock;
	atomic64_inc(&rule->hits);
	if (rule->legacy) {
		umx_mib_inc(un, UMX_MIB_EA_LEGACY);
		goto unlock;
	}

	addr = ERR_PTR(-EADDRNOTAVAIL);
	pool = rcu_dereference(rule->pool);
	if (READ_ONCE(un->draining)) {
		why = UMX_MIB_EA_DRAINING;
	} else if (pool && !READ_ONCE(pool->detached)) {
		addr = umx_session_pop(pool, sk);
		why = umx_session_why(addr);
	}
	if (!IS_ERR(addr))
		goto unlock;
	if (PTR_ERR(addr) != -ENOMEM)
		addr = ERR_PTR(-EADDRNOTAVAIL);
	if (rule->fallback) {
		why = UMX_MIB_EA_FALLBACK;
		addr = NULL;
	}
	umx_mib_inc(un, why);
unlock:
	rcu_read_unlock();
	return addr;
}

/* umx_tcp_ops.connect */
static struct umx_tcp_track *umx_session_connect(struct sock *sk,
						 const struct sockaddr_in6 *to)
{
	struct umx_net *un = umx_net(sock_net(sk));
	struct umx_addr *addr;

	if (umx_session_bound(sk)) {
		if (!umx_session_bound_to_pool(un, sk))
			return NULL;
		umx_mib_inc(un, UMX_MIB_EA_BOUND);
		return ERR_PTR(-EADDRNOTAVAIL);
	}
	if (!READ_ONCE(un->has_rules) ||
	    umx_session_legacy_peer(un->net, &to->sin6_addr))
		return NULL;
	addr = umx_session_draw(un, sk, &to->sin6_addr);
	if (IS_ERR_OR_NULL(addr))
		return ERR_CAST(addr);

	addr->track.type = &umx_session_type;
	if (!inet_sk(sk)->inet_num)	/* or the application has chosen it */
		addr->track.port = READ_ONCE(un->reduced_port);
	addr->pid = get_pid(task_tgid(current));
	inet6_sk(sk)->saddr = addr->addr;
	umx_mib_inc(un, UMX_MIB_EA_CREATED);
	umx_onlink_live(addr->pool, &addr->addr);
	return &addr->track;	/* the reference of umx_addr_alloc() goes along */
}

static void umx_session_bind(struct umx_addr *addr, const struct sock *sk)
{
	spin_lock_bh(&addr->lock);
	addr->peer = sk->sk_v6_daddr;
	addr->peer_port = inet_sk(sk)->inet_dport;
	addr->local_port = inet_sk(sk)->inet_sport;
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
	.listen = umx_listener_listen,
	.syn = umx_gate_port_syn,
	.claim = umx_session_claim,
	.bound = umx_session_bound_child,
	.unclaim = umx_session_unclaim,
};

int umx_session_setup(void)
{
	return umx_tcp_register(&umx_session_ops);
}

void umx_session_teardown(void)
{
	umx_tcp_unregister(&umx_session_ops);
}
