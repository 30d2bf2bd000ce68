// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the gate of LISTEN_0: who may reach a port in das mode on a
 * legacy address. The gate is by port, so that it also closes listeners whose
 * sockets cannot be attached (MPTCP, kernel sockets).
 *
 *   with its socket: established, half open, TIME_WAIT (early demux)   accept
 *   to a pool address: judged in gate_in.c                             accept
 *   not to a das port                                                  accept
 *   from this host, if the port allows it                              accept
 *   of a connection early demux did not look for                       accept
 *   anything else                                                      drop
 */
#include <linux/netdevice.h>
#include <net/inet6_hashtables.h>
#include <net/inet_hashtables.h>
#include <net/ip.h>
#include <net/ipv6.h>
#include <net/tcp.h>
#include <umx/compat.h>
#include "gate.h"
#include "listener.h"
#include "netns.h"
#include "pool.h"

/*
 * LISTEN_0 on a legacy address. The TCP header may follow extension headers,
 * and a fragment header: without its first fragment no packet is reassembled,
 * so that judging the first is enough. (A first fragment without the whole
 * TCP header is refused by the kernel itself, RFC 7112.)
 */
static noinline unsigned int umx_gate_in_port(struct umx_net *un,
					      struct sk_buff *skb)
{
	struct umx_listener *listener;
	const struct tcphdr *th;
	unsigned short frag = 0;
	unsigned int off = 0;
	struct tcphdr buf;

	if (ipv6_find_hdr(skb, &off, IPPROTO_TCP, &frag, NULL) < 0 || frag)
		return NF_ACCEPT;
	th = skb_header_pointer(skb, off, sizeof(buf), &buf);
	if (!th)
		return NF_ACCEPT;
	listener = umx_listener_find(un, ntohs(th->dest));
	if (!listener || umx_pool_of(un, &ipv6_hdr(skb)->daddr))
		return NF_ACCEPT;
	if ((skb->dev->flags & IFF_LOOPBACK) && READ_ONCE(listener->local))
		return NF_ACCEPT;
	if (umx_gate_known(un->net, skb, th))
		return NF_ACCEPT;
	umx_drop(un, NULL, UMX_MIB_IN_LISTEN0);
	return NF_DROP;
}

unsigned int umx_gate_in_port6(void *priv, struct sk_buff *skb,
			       const struct nf_hook_state *state)
{
	if (likely(skb->sk && skb->sk->sk_state != TCP_LISTEN))
		return NF_ACCEPT;
	return umx_gate_in_port(umx_net(state->net), skb);
}

/* LISTEN_0 of a dual-stack listener, over IPv4; fragments are whole here. */
unsigned int umx_gate_in_port4(void *priv, struct sk_buff *skb,
			       const struct nf_hook_state *state)
{
	const struct iphdr *iph = ip_hdr(skb);
	struct umx_listener *listener;
	const struct tcphdr *th;
	struct umx_net *un;
	struct tcphdr buf;
	struct sock *sk;

	if ((skb->sk && skb->sk->sk_state != TCP_LISTEN) ||
	    iph->protocol != IPPROTO_TCP)
		return NF_ACCEPT;
	th = skb_header_pointer(skb, ip_hdrlen(skb), sizeof(buf), &buf);
	if (!th)
		return NF_ACCEPT;
	un = umx_net(state->net);
	listener = umx_listener_find(un, ntohs(th->dest));
	if (!listener || READ_ONCE(listener->ipv4))
		return NF_ACCEPT;
	if ((skb->dev->flags & IFF_LOOPBACK) && READ_ONCE(listener->local))
		return NF_ACCEPT;
	sk = umx_inet_lookup_established(un->net, iph->saddr, th->source,
					 iph->daddr, ntohs(th->dest),
					 inet_iif(skb));
	if (sk) {
		sock_gen_put(sk);
		return NF_ACCEPT;
	}
	umx_drop(un, NULL, UMX_MIB_IN_LISTEN0_IPV4);
	return NF_DROP;
}
