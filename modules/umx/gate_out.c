// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the gate out: a packet leaves from a pool address only if it
 * belongs to the address's session, and the stack's own replies betray
 * nothing.
 *
 *   from a tracked socket                                   accept
 *   from a pool address
 *     neighbor discovery for an on-link pool                accept
 *     its session's socket, seen another way                accept
 *     its UDP socket, to its peer                           accept
 *     SYN-ACK of a handshake on a waiting SSA               accept
 *     ACK or RST of its session's 4-tuple (TIME_WAIT, ...)  accept
 *     from a spare, the same in its session's ports         accept
 *     from a lent EA, its session, which has no IPv6 socket accept
 *     anything else: IPV6_FREEBIND, raw sockets, RSTs       drop
 *   ICMPv6 error about a packet to a pool address           drop
 *   from a legacy address and a das port                    see gate_port.c
 *   anything else                                           accept
 */
#include <linux/icmpv6.h>
#include <net/inet6_hashtables.h>
#include <net/ipv6.h>
#include <net/tcp.h>
#include <umx/compat.h>
#include "address.h"
#include "gate.h"
#include "loan.h"
#include "ndisc.h"
#include "netns.h"
#include "pool.h"
#include "spare.h"

/*
 * What the stack says without a socket of its own: SYN-ACK, late ACK, RST. A
 * cookie's SYN-ACK has no request socket to be found. Once an SSA is claimed,
 * the other half-open handshakes on it fall silent.
 */
static bool umx_gate_out_reply(struct umx_net *un, const struct umx_addr *addr,
			       struct sk_buff *skb)
{
	const struct ipv6hdr *ip6h = ipv6_hdr(skb);
	bool waits = umx_addr_waits(addr);
	const struct tcphdr *th;
	struct tcphdr buf;
	struct sock *sk;
	bool half_open;

	if (unlikely(addr->of))
		return umx_spare_known(addr->of, skb, skb_network_offset(skb) +
				       sizeof(*ip6h));
	/* a SYN-ACK comes with its request socket */
	if (skb->sk && skb->sk->sk_state == TCP_NEW_SYN_RECV)
		return waits;
	th = skb_header_pointer(skb, skb_network_offset(skb) + sizeof(*ip6h),
				sizeof(buf), &buf);
	if (!th)
		return false;
	sk = umx_inet6_lookup_established(un->net, &ip6h->daddr, th->dest,
					  &ip6h->saddr, ntohs(th->source),
					  skb_dst(skb)->dev->ifindex);
	if (!sk)
		return waits && th->syn && th->ack;
	half_open = sk->sk_state == TCP_NEW_SYN_RECV;
	sock_gen_put(sk);
	return !half_open || waits;
}

static unsigned int umx_gate_out_pool(struct umx_net *un, struct umx_pool *pool,
				      struct sk_buff *skb,
				      const struct nf_hook_state *state)
{
	const struct sock *sk = skb->sk;
	struct umx_addr *addr;

	if (pool->onlink && umx_ndisc_ours(un, skb))
		return NF_ACCEPT;
	addr = umx_addr_find(un, &ipv6_hdr(skb)->saddr);
	if (addr && unlikely(umx_addr_lent(addr))) {
		if (umx_loan_passes_out(addr, state, skb))
			return NF_ACCEPT;
		umx_drop(un, pool, UMX_MIB_OUT_OWNER, skb);
		return NF_DROP;
	}
	/* a listener is the socket of the stack's own SYN-ACKs and RSTs */
	if (sk && sk_fullsock(sk) && sk->sk_state != TCP_LISTEN) {
		if (addr && addr->proto == UMX_PROTO_UDP &&
		    READ_ONCE(addr->datagram.sk) == sk) {
			if (umx_gate_out_udp(addr, skb))
				return NF_ACCEPT;
			umx_drop(un, pool, UMX_MIB_OUT_STRANGER, skb);
			return NF_DROP;
		}
		/* kTLS offload hides that a socket is tracked: compare */
		if (addr && addr->proto == UMX_PROTO_TCP &&
		    READ_ONCE((addr->of ?: addr)->track.sk) == sk)
			return NF_ACCEPT;
		umx_drop(un, pool, UMX_MIB_OUT_OWNER, skb);
		return NF_DROP;
	}
	if (addr && ipv6_hdr(skb)->nexthdr == IPPROTO_TCP &&
	    umx_gate_out_reply(un, addr, skb))
		return NF_ACCEPT;
	umx_drop(un, pool, UMX_MIB_OUT_SILENT, skb);
	return NF_DROP;
}

/* The destination of the packet an ICMPv6 error of ours quotes. */
static struct umx_pool *umx_gate_out_quoted(struct umx_net *un,
					    struct sk_buff *skb)
{
	struct {
		struct icmp6hdr icmp6h;
		struct ipv6hdr ip6h;
	} __packed buf;
	const typeof(buf) *quote;

	quote = skb_header_pointer(skb, skb_network_offset(skb) +
				   sizeof(struct ipv6hdr), sizeof(buf), &buf);
	if (!quote || (quote->icmp6h.icmp6_type & ICMPV6_INFOMSG_MASK))
		return NULL;
	return umx_pool_of(un, &quote->ip6h.daddr);
}

static noinline unsigned int umx_gate_out_slow(struct sk_buff *skb,
					       const struct nf_hook_state *state)
{
	struct umx_net *un = umx_net(state->net);
	struct umx_pool *pool;

	pool = umx_pool_of(un, &ipv6_hdr(skb)->saddr);
	if (pool)
		return umx_gate_out_pool(un, pool, skb, state);
	if (ipv6_hdr(skb)->nexthdr == IPPROTO_ICMPV6) {
		pool = umx_gate_out_quoted(un, skb);
		if (pool && !pool->reject) {
			umx_drop(un, pool, UMX_MIB_OUT_ICMP, skb);
			return NF_DROP;
		}
	}
	if (READ_ONCE(un->has_listeners))
		return umx_gate_out_port(un, skb);
	return NF_ACCEPT;
}

unsigned int umx_gate_out(void *priv, struct sk_buff *skb,
			  const struct nf_hook_state *state)
{
	if (likely(skb->sk && umx_tcp_session(skb->sk)))
		return NF_ACCEPT;
	return umx_gate_out_slow(skb, state);
}
