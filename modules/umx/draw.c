// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the drawing of an EA for a connect(), whatever the protocol:
 * whether there is to be one, and which.
 */
#include <linux/preempt.h>
#include <linux/sched.h>
#include <net/addrconf.h>
#include <net/ipv6.h>
#include "address.h"
#include "draw.h"
#include "limit.h"
#include "netns.h"
#include "pool.h"
#include "rule.h"
#include "wish.h"

/* Destinations that never see an EA; this host by any of its names is one. */
bool umx_draw_legacy_peer(struct net *net, const struct in6_addr *to)
{
	return ipv6_addr_any(to) ||
	       (ipv6_addr_type(to) & (IPV6_ADDR_LOOPBACK | IPV6_ADDR_LINKLOCAL |
				      IPV6_ADDR_MULTICAST | IPV6_ADDR_MAPPED)) ||
	       ipv6_chk_addr(net, to, NULL, 0);
}

/* The application has said where its packets are to come from. */
bool umx_draw_declined(const struct sock *sk)
{
	const struct ipv6_pinfo *np = inet6_sk(sk);

	return !ipv6_addr_any(&np->sticky_pktinfo.ipi6_addr) ||
	       (np->srcprefs & IPV6_PREFER_SRC_PUBLIC);
}

/* IPV6_FREEBIND needs no privilege: a pool address is nobody's to bind. */
bool umx_draw_bound_to_pool(struct umx_net *un, const struct sock *sk)
{
	bool pool;

	rcu_read_lock();
	pool = umx_pool_of(un, &sk->sk_v6_rcv_saddr) ||
	       umx_pool_of(un, &inet6_sk(sk)->saddr);
	rcu_read_unlock();
	return pool;
}

/**
 * umx_draw_live() - let a generated address live, if limits allow it
 * @addr: its role, owner and protocol are set; given back if it may not
 *
 * Context: RCU. Return: @addr or ERR_PTR().
 */
struct umx_addr *umx_draw_live(struct umx_addr *addr)
{
	struct umx_net *un = addr->pool->un;
	int err = 0;

	if (!umx_limit_never(un))
		err = umx_limit_charge(un, addr);
	if (!err)
		err = umx_addr_insert_generated(addr);
	if (!err)
		return addr;
	umx_addr_put(addr);
	return ERR_PTR(err);
}

/* Pop an EA for @sk from @pool. Context: RCU. */
static struct umx_addr *umx_draw_pop(struct umx_pool *pool,
				     const struct sock *sk,
				     enum umx_proto proto)
{
	struct umx_addr *addr;

	addr = umx_addr_alloc(pool, UMX_ROLE_EA, GFP_ATOMIC);
	if (IS_ERR(addr))
		return addr;
	addr->bound = true;
	addr->proto = proto;
	if (in_task())	/* else it is a packet, sent whenever (loan.c) */
		addr->pid = get_pid(task_tgid(current));
	addr->owner = READ_ONCE(sk->sk_uid);
	return umx_draw_live(addr);
}

/* Which counter says why umx_draw_pop() gave nothing. */
static enum umx_mib umx_draw_why(const struct umx_addr *addr)
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

/**
 * struct umx_draw_from - what is to be drawn from
 * @pool: NULL: from nothing, which refuses the session
 * @fallback: if there is no address the session is left alone
 * @why: what counts if @pool is NULL
 */
struct umx_draw_from {
	struct umx_pool *pool;
	bool fallback;
	enum umx_mib why;
};

/* Return: as umx_draw(). Context: RCU. */
static struct umx_addr *umx_draw_try(struct umx_net *un, struct sock *sk,
				     enum umx_proto proto,
				     const struct umx_draw_from *from)
{
	struct umx_addr *addr = ERR_PTR(-EADDRNOTAVAIL);
	enum umx_mib why = from->why;

	if (READ_ONCE(un->draining)) {
		why = UMX_MIB_EA_DRAINING;
	} else if (from->pool && !READ_ONCE(from->pool->detached)) {
		addr = umx_draw_pop(from->pool, sk, proto);
		why = umx_draw_why(addr);
	}
	if (!IS_ERR(addr)) {
		umx_mib_inc(un, UMX_MIB_EA_CREATED);
		return addr;
	}
	if (PTR_ERR(addr) != -ENOMEM)
		addr = ERR_PTR(-EADDRNOTAVAIL);
	if (from->fallback) {
		why = UMX_MIB_EA_FALLBACK;
		addr = NULL;
	}
	umx_mib_inc(un, why);
	return addr;
}

/**
 * umx_draw() - what the rules say about a session
 * @un: the namespace
 * @sk: the socket that connects
 * @to: where to
 * @proto: of which protocol it is
 *
 * One RCU section from the look at @draining to the address being live: a
 * drain that has waited for readers meets every EA in its walk.
 * Context: process; softirq for a session that is translated.
 * Return: an EA with a reference, NULL to leave the session alone, or ERR_PTR()
 * to refuse it.
 */
struct umx_addr *umx_draw(struct umx_net *un, struct sock *sk,
			  const struct in6_addr *to, enum umx_proto proto)
{
	struct umx_draw_from from = { .why = UMX_MIB_EA_NO_POOL };
	struct umx_addr *addr = NULL;
	struct umx_rule *rule;

	rcu_read_lock();
	rule = umx_rule_match(un, sk, to, proto, false);
	if (!rule)
		goto unlock;
	atomic64_inc(&rule->hits);
	if (rule->legacy) {
		umx_mib_inc(un, UMX_MIB_EA_LEGACY);
		goto unlock;
	}
	from.pool = rcu_dereference(rule->pool);
	from.fallback = rule->fallback;
	addr = umx_draw_try(un, sk, proto, &from);
unlock:
	rcu_read_unlock();
	return addr;
}

/*
 * What is to be drawn from where @rule, or none, decides and the program has a
 * wish. Context: RCU. Return: false to leave the session alone.
 */
static bool umx_draw_choose(const struct umx_net *un, struct sock *sk,
			    const struct in6_addr *to,
			    const struct umx_wish *wish,
			    const struct umx_rule *rule,
			    struct umx_draw_from *from)
{
	bool wants = umx_wish_wants(wish);

	from->why = UMX_MIB_EA_NOT_OFFERED;
	if (rule && !rule->legacy) {
		from->fallback = rule->fallback &&
				 wish->mode != UMX_SOCKET_EA_REQUIRE;
		if (wish->pool) {
			from->pool = umx_wish_pool(un, sk, to, wish);
		} else {
			from->pool = rcu_dereference(rule->pool);
			from->why = UMX_MIB_EA_NO_POOL;
		}
		return true;
	}
	if (!wants || !(umx_rule_yields(rule) || wish->mode_admin))
		return false;
	from->pool = umx_wish_pool(un, sk, to, wish);
	return from->pool || wish->pool;
}

/**
 * umx_draw_wish() - what the rules say about a session whose program has a wish
 * @un: the namespace
 * @sk: the TCP socket that connects; its lock is held
 * @to: where to
 * @wish: its wish, other than never
 *
 * Context, return: as umx_draw().
 */
struct umx_addr *umx_draw_wish(struct umx_net *un, struct sock *sk,
			       const struct in6_addr *to,
			       const struct umx_wish *wish)
{
	struct umx_draw_from from = {};
	struct umx_addr *addr = NULL;
	struct umx_rule *rule;

	rcu_read_lock();
	rule = umx_rule_match(un, sk, to, UMX_PROTO_TCP, umx_wish_wants(wish));
	if (umx_draw_choose(un, sk, to, wish, rule, &from)) {
		addr = umx_draw_try(un, sk, UMX_PROTO_TCP, &from);
		if (rule && rule->legacy)
			rule = NULL;	/* was passed over */
	} else if (rule) {
		umx_mib_inc(un, UMX_MIB_EA_LEGACY);
	}
	if (rule)
		atomic64_inc(&rule->hits);
	rcu_read_unlock();
	return addr;
}
