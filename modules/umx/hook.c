// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns where packets enter the gate, and nothing else: what they are
 * is judged in gate_in.c and gate_out.c.
 *
 * To a pool address: where routing finds no route. A pool's prefix is a throw
 * route (umctl sets it), so that a packet to it ends at the namespace's null
 * entry, whose input is ours while there are pools. What the gate lets pass
 * gets the route of ::1 and is delivered like any other local packet, user's
 * netfilter rules included. TCP keeps that route with the socket, and early
 * demux delivers the session's further segments by it: they meet neither this
 * file nor a hook. Without the module the prefix has no route: it fails closed.
 *
 * To an address of an on-link pool, whose prefix has the route of the link: in
 * netfilter PRE_ROUTING, in namespaces with such a pool, for neighbor discovery
 * speaks to groups everybody on the link may be in.
 *
 * From a pool address, and the stack's answers from a das port: netfilter
 * LOCAL_OUT, in namespaces with a pool or such a port. To a das port over IPv4:
 * netfilter LOCAL_IN. First of all hooks: what is dropped costs nobody else
 * anything and leaves no trace. There is none for IPv6 on the way in: it would
 * cost each segment of each session more than the gates together (gate_port.c).
 */
#include <linux/netfilter.h>
#include <linux/netfilter_ipv4.h>
#include <linux/netfilter_ipv6.h>
#include <net/dst.h>
#include <net/ip6_fib.h>
#include <net/ip6_route.h>
#include <net/net_namespace.h>
#include <net/tcp.h>
#include <umx/hint.h>
#include <umx/tcp.h>
#include "gate.h"
#include "hook.h"
#include "ndisc.h"
#include "netns.h"
#include "pool.h"

static unsigned int umx_hook_in_onlink(void *priv, struct sk_buff *skb,
				       const struct nf_hook_state *state);

static const struct nf_hook_ops umx_hook_onlink = {
	.hook = umx_hook_in_onlink,
	.pf = NFPROTO_IPV6,
	.hooknum = NF_INET_PRE_ROUTING,
	.priority = NF_IP6_PRI_FIRST,
};

static const struct nf_hook_ops umx_hook_out = {
	.hook = umx_gate_out,
	.pf = NFPROTO_IPV6,
	.hooknum = NF_INET_LOCAL_OUT,
	.priority = NF_IP6_PRI_FIRST,
};

static const struct nf_hook_ops umx_hook_port4 = {
	.hook = umx_gate_in_port4,
	.pf = NFPROTO_IPV4,
	.hooknum = NF_INET_LOCAL_IN,
	.priority = NF_IP_PRI_FIRST,
};

/**
 * struct umx_local - the route of ::1, by which what passes is delivered
 * @dst: a reference
 * @cookie: for dst_check()
 * @rcu: frees it
 */
struct umx_local {
	struct dst_entry *dst;
	u32 cookie;
	struct rcu_head rcu;
};

static void umx_local_free(struct rcu_head *rcu)
{
	struct umx_local *local = container_of(rcu, struct umx_local, rcu);

	dst_release(local->dst);
	kfree(local);
}

static void umx_local_replace(struct umx_net *un, struct umx_local *new)
{
	struct umx_local *old;

	old = unrcu_pointer(xchg(&un->local, RCU_INITIALIZER(new)));
	if (old)
		call_rcu(&old->rcu, umx_local_free);
}

/* Look ::1 up anew. A reference to the route, or NULL: lo is down or has none. */
static struct dst_entry *umx_local_lookup(struct umx_net *un)
{
	struct flowi6 fl6 = { .daddr = in6addr_loopback };
	struct umx_local *local;
	struct dst_entry *dst;

	dst = ip6_route_output(un->net, NULL, &fl6);
	if (dst->error || !(dst_rt6_info(dst)->rt6i_flags & RTF_LOCAL)) {
		dst_release(dst);
		return NULL;
	}
	local = kmalloc(sizeof(*local), GFP_ATOMIC);
	if (local) {
		dst_hold(dst);
		local->dst = dst;
		local->cookie = rt6_get_cookie(dst_rt6_info(dst));
		umx_local_replace(un, local);
	}
	return dst;
}

/**
 * umx_hook_local_dst() - the route by which packets to pool addresses are
 * delivered
 * @un: the namespace
 *
 * Context: RCU. Return: a reference, or NULL: lo is down or has no ::1.
 */
struct dst_entry *umx_hook_local_dst(struct umx_net *un)
{
	const struct umx_local *local = rcu_dereference(un->local);

	if (likely(local && dst_check(local->dst, local->cookie) &&
		   dst_hold_safe(local->dst)))
		return local->dst;
	return umx_local_lookup(un);
}

/**
 * umx_hook_established() - have early demux deliver to a session from now on
 * @un: the namespace
 * @sk: the socket of a session on a pool address, just established; its lock
 *	is held
 *
 * TCP keeps the route of the SYN-ACK, unless that met a busy socket and lost
 * its route in the backlog. Until another one is kept every segment would come
 * to umx_input().
 */
void umx_hook_established(struct umx_net *un, struct sock *sk)
{
	struct dst_entry *out = __sk_dst_get(sk), *dst;

	if (!out || rcu_access_pointer(sk->sk_rx_dst))
		return;
	rcu_read_lock();
	dst = umx_hook_local_dst(un);
	if (dst) {
		sk->sk_rx_dst_ifindex = out->dev->ifindex;
		sk->sk_rx_dst_cookie = rt6_get_cookie(dst_rt6_info(dst));
		/* last: early demux reads it without the lock */
		rcu_assign_pointer(sk->sk_rx_dst, dst);
	}
	rcu_read_unlock();
}

/*
 * Has early demux found the packet's 4-tuple: a session whose route was stale, a
 * handshake, a TIME_WAIT? All of them came to be through the gate or connect().
 * Its TCP header is linear then; not if somebody else has assigned the socket.
 */
static bool umx_input_known(const struct sk_buff *skb)
{
	return skb->sk && ipv6_hdr(skb)->nexthdr == IPPROTO_TCP &&
	       skb_transport_offset(skb) + sizeof(struct tcphdr) <=
	       skb_headlen(skb) &&
	       umx_gate_lives(skb->sk, tcp_hdr(skb)->syn);
}

/*
 * dst.input of the null entry: packets its namespace has no route for. Some
 * devices (ipvlan in mode l3s) have a packet routed in a namespace it has not
 * come to yet: no gate of that one can judge it.
 */
static int umx_input(struct sk_buff *skb)
{
	struct umx_net *un = umx_net(dev_net(skb_dst(skb)->dev));
	struct umx_pool *pool = NULL;
	struct dst_entry *dst;

	if (likely(net_eq(un->net, dev_net(skb->dev))))
		pool = umx_pool_of(un, &ipv6_hdr(skb)->daddr);
	if (!pool)
		return un->null_input(skb);

	if ((umx_input_known(skb) && !pool->ifindex) ||
	    (umx_tcp_arrives(un->net, skb) &&
	     umx_gate_in_pool(un, pool, skb) == NF_ACCEPT)) {
		dst = umx_hook_local_dst(un);
		if (dst) {
			skb_dst_drop(skb);
			skb_dst_set(skb, dst);
			return dst_input(skb);
		}
		umx_drop(un, pool, UMX_MIB_IN_LO_DOWN, skb);
	}
	kfree_skb(skb);
	return 0;
}

/**
 * umx_hook_pools_add() - take in what is sent to pool addresses
 * @un: the namespace; its lock is held
 */
void umx_hook_pools_add(struct umx_net *un)
{
	struct dst_entry *null = &un->net->ipv6.ip6_null_entry->dst;

	lockdep_assert_held(&un->lock);
	umx_hints_off(un->net);	/* a session's route would lead past us */
	un->null_input = null->input;
	smp_wmb();	/* umx_input() finds whom to pass on to */
	WRITE_ONCE(null->input, umx_input);
}

void umx_hook_pools_del(struct umx_net *un)
{
	struct dst_entry *null = &un->net->ipv6.ip6_null_entry->dst;

	lockdep_assert_held(&un->lock);
	WRITE_ONCE(null->input, un->null_input);
	synchronize_net();	/* no packet is in umx_input() */
	umx_hints_on(un->net);
	umx_local_replace(un, NULL);
}

/* A packet to @pool that the gate has let pass: delivered by the route of ::1. */
static unsigned int umx_hook_deliver(struct umx_net *un, struct umx_pool *pool,
				     struct sk_buff *skb)
{
	struct dst_entry *dst = umx_hook_local_dst(un);

	if (!dst) {
		umx_drop(un, pool, UMX_MIB_IN_LO_DOWN, skb);
		return NF_DROP;
	}
	skb_dst_drop(skb);
	skb_dst_set(skb, dst);
	return NF_ACCEPT;
}

/* PRE_ROUTING: fragments are not whole yet, and there is no route. */
static unsigned int umx_hook_in_onlink(void *priv, struct sk_buff *skb,
				       const struct nf_hook_state *state)
{
	struct umx_net *un = umx_net(state->net);
	struct umx_pool *pool = NULL;

	if (!ipv6_addr_is_multicast(&ipv6_hdr(skb)->daddr)) {
		pool = umx_pool_of(un, &ipv6_hdr(skb)->daddr);
		if (!pool || !pool->onlink)
			return NF_ACCEPT;
	}
	if (umx_ndisc_in(un, skb)) {
		consume_skb(skb);
		return NF_STOLEN;
	}
	if (!pool)
		return NF_ACCEPT;
	if (!umx_tcp_arrives(un->net, skb) ||
	    umx_gate_in_pool(un, pool, skb) != NF_ACCEPT)
		return NF_DROP;
	return umx_hook_deliver(un, pool, skb);
}

/**
 * umx_hook_onlink_add() - take in what is sent to addresses of on-link pools
 * @un: the namespace; its lock is held
 */
int umx_hook_onlink_add(struct umx_net *un)
{
	lockdep_assert_held(&un->lock);
	return nf_register_net_hook(un->net, &umx_hook_onlink);
}

void umx_hook_onlink_del(struct umx_net *un)
{
	lockdep_assert_held(&un->lock);
	nf_unregister_net_hook(un->net, &umx_hook_onlink);
}

/**
 * umx_hook_out_add() - guard what leaves from pool addresses and das ports
 * @un: the namespace; its lock is held
 */
int umx_hook_out_add(struct umx_net *un)
{
	lockdep_assert_held(&un->lock);
	return nf_register_net_hook(un->net, &umx_hook_out);
}

void umx_hook_out_del(struct umx_net *un)
{
	lockdep_assert_held(&un->lock);
	nf_unregister_net_hook(un->net, &umx_hook_out);
}

/**
 * umx_hook_port4_add() - guard das ports over IPv4
 * @un: the namespace; its lock is held
 */
int umx_hook_port4_add(struct umx_net *un)
{
	lockdep_assert_held(&un->lock);
	return nf_register_net_hook(un->net, &umx_hook_port4);
}

void umx_hook_port4_del(struct umx_net *un)
{
	lockdep_assert_held(&un->lock);
	nf_unregister_net_hook(un->net, &umx_hook_port4);
}
