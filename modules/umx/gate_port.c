// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the gate of LISTEN_0: a port in das mode answers nobody on a
 * legacy address. Three places together, so that no segment of a session pays:
 *
 *   IPv6, an attached listener     its SYN is dropped before TCP looks at it
 *   IPv6, any other socket, none   the stack's answer is dropped on its way
 *                                  out: SYN-ACK, RST. Nobody can complete a
 *                                  handshake whose sequence number he has not
 *                                  seen, so that MPTCP and kernel listeners
 *                                  are closed as well
 *   IPv4                           everything but known connections is dropped
 *                                  on its way in
 *
 * Connections of this host to itself pass where the port allows them.
 */
#include <linux/netdevice.h>
#include <net/inet_hashtables.h>
#include <net/ip.h>
#include <net/ipv6.h>
#include <net/tcp.h>
#include <umx/compat.h>
#include "gate.h"
#include "listener.h"
#include "netns.h"
#include "pool.h"

static bool umx_gate_port_open(const struct umx_listener *listener,
			       const struct net *net, int ifindex)
{
	return ifindex == net->loopback_dev->ifindex &&
	       READ_ONCE(listener->local);
}

/* umx_tcp_ops.syn: what goes to a pool address has been judged in gate_in.c. */
bool umx_gate_port_syn(const struct sock *lsk, const struct sk_buff *skb)
{
	struct umx_net *un = umx_net(sock_net(lsk));
	struct umx_listener *listener;

	if (umx_pool_of(un, &ipv6_hdr(skb)->daddr))
		return true;
	listener = umx_listener_find(un, inet_sk(lsk)->inet_num);
	if (!listener || umx_gate_port_open(listener, un->net, skb->skb_iif))
		return true;
	umx_drop(un, NULL, UMX_MIB_IN_LISTEN0);
	return false;
}

/*
 * Does the stack answer somebody who has no connection? A SYN-ACK, whoever
 * sends it; an RST without a socket of its own; whatever a child says that Fast
 * Open made of a SYN.
 */
static bool umx_gate_port_answer(const struct sock *sk, const struct tcphdr *th)
{
	if (th->syn)
		return th->ack;
	if (!sk || !sk_fullsock(sk))
		return th->rst;
	return sk->sk_state == TCP_SYN_RECV;
}

/**
 * umx_gate_out_port() - may this leave from a legacy address?
 * @un: the namespace
 * @skb: a packet that is not of a session we follow, at its IPv6 header
 *
 * Context: LOCAL_OUT. Return: NF_ACCEPT, or NF_DROP, counted.
 */
unsigned int umx_gate_out_port(struct umx_net *un, struct sk_buff *skb)
{
	const struct umx_listener *listener;
	const struct tcphdr *th;
	unsigned int off = 0;
	struct tcphdr buf;

	/* a listener's own options may come first (IPV6_DSTOPTS) */
	if (ipv6_find_hdr(skb, &off, IPPROTO_TCP, NULL, NULL) < 0)
		return NF_ACCEPT;
	th = skb_header_pointer(skb, off, sizeof(buf), &buf);
	if (!th || !umx_gate_port_answer(skb->sk, th))
		return NF_ACCEPT;
	listener = umx_listener_find(un, ntohs(th->source));
	if (!listener || umx_gate_port_open(listener, un->net,
					    skb_dst(skb)->dev->ifindex))
		return NF_ACCEPT;
	umx_drop(un, NULL, UMX_MIB_OUT_LISTEN0);
	return NF_DROP;
}

/* LOCAL_IN: fragments are whole here. */
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
	if (umx_gate_port_open(listener, un->net, skb->dev->ifindex))
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
