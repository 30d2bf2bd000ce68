// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the gate of LISTEN_0: a port in das mode answers nobody on a
 * legacy address. Three places together, so that no segment of a session pays:
 *
 *   IPv6, an attached listener     its SYN is dropped before TCP looks at it
 *   IPv6, any other socket, none   the stack's answer is dropped on its way
 *                                  out: SYN-ACK, RST, ACK. Nobody can complete
 *                                  a handshake whose sequence number he does
 *                                  not learn, so that MPTCP and kernel
 *                                  listeners are closed as well
 *   IPv4                           everything but known connections is dropped
 *                                  on its way in
 *
 * Connections of this host to itself pass where the port allows them.
 */
#include <linux/netdevice.h>
#include <net/inet6_hashtables.h>
#include <net/inet_hashtables.h>
#include <net/ip.h>
#include <net/ipv6.h>
#include <net/tcp.h>
#include <umx/compat.h>
#include "gate.h"
#include "half_open.h"
#include "listen.h"
#include "listener.h"
#include "netns.h"
#include "pool.h"

static bool umx_gate_port_open(const struct umx_listener *listener,
			       const struct net *net, int ifindex)
{
	return ifindex == net->loopback_dev->ifindex &&
	       READ_ONCE(listener->local);
}

/* umx_tcp_ops.syn */
bool umx_gate_port_syn(struct sock *lsk, struct sk_buff *skb)
{
	struct umx_net *un = umx_net(sock_net(lsk));
	struct umx_listener *listener;

	if (umx_pool_of(un, &ipv6_hdr(skb)->daddr))
		return umx_half_open_syn(un, lsk, skb);
	listener = umx_listener_find(un, inet_sk(lsk)->inet_num);
	if (!listener || umx_gate_port_open(listener, un->net, skb->skb_iif))
		return true;
	umx_drop(un, NULL, UMX_MIB_IN_LISTEN0, skb);
	return false;
}

/*
 * Is this segment without a session of ours an answer to somebody who has no
 * connection? A SYN-ACK is, whoever sends it; so is whatever a child says that
 * Fast Open made of a SYN. What the stack says in nobody's name (skb->sk is
 * NULL, or the listener) is unless it is the ACK of a connection or TIME_WAIT:
 * an RST, and the ACK by which a half-open handshake would tell its sequence
 * number to one who sends a second SYN.
 */
static bool umx_gate_port_answer(struct umx_net *un, struct sk_buff *skb,
				 const struct tcphdr *th)
{
	const struct ipv6hdr *ip6h = ipv6_hdr(skb);
	struct sock *sk = skb->sk;
	bool answer;

	if (th->syn)
		return th->ack;
	if (sk && sk_fullsock(sk) && sk->sk_state != TCP_LISTEN)
		return sk->sk_state == TCP_SYN_RECV;
	if (th->rst)
		return true;
	sk = umx_inet6_lookup_established(un->net, &ip6h->daddr, th->dest,
					  &ip6h->saddr, ntohs(th->source),
					  skb_dst(skb)->dev->ifindex);
	if (!sk)
		return true;
	answer = sk->sk_state == TCP_NEW_SYN_RECV ||
		 sk->sk_state == TCP_SYN_RECV;
	sock_gen_put(sk);
	return answer;
}

/* What listens where this SYN-ACK comes from; one with a cookie has no socket. */
static struct sock *umx_gate_port_sk(struct umx_net *un, struct sk_buff *skb,
				     const struct tcphdr *th)
{
	const struct ipv6hdr *ip6h = ipv6_hdr(skb);

	if (skb->sk)
		return sk_to_full_sk(skb->sk);
	return umx_inet6_lookup_listener(un->net, NULL, 0, &ip6h->daddr,
					 th->dest, &ip6h->saddr,
					 ntohs(th->source),
					 skb_dst(skb)->dev->ifindex, 0);
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
	struct umx_listener *listener;
	const struct tcphdr *th;
	unsigned int off = 0;
	struct tcphdr buf;

	/* a listener's own options may come first (IPV6_DSTOPTS) */
	if (ipv6_find_hdr(skb, &off, IPPROTO_TCP, NULL, NULL) < 0)
		return NF_ACCEPT;
	th = skb_header_pointer(skb, off, sizeof(buf), &buf);
	if (!th)
		return NF_ACCEPT;
	listener = umx_listener_find(un, ntohs(th->source));
	if (!listener && th->syn && th->ack && umx_listen_rules(un))
		listener = umx_listen_late(un, umx_gate_port_sk(un, skb, th),
					   ntohs(th->source));
	if (!listener)
		return NF_ACCEPT;
	if (!IS_ERR(listener) &&
	    (umx_gate_port_open(listener, un->net,
				skb_dst(skb)->dev->ifindex) ||
	     !umx_gate_port_answer(un, skb, th)))
		return NF_ACCEPT;
	if (!IS_ERR(listener) && (th->rst || th->syn))
		umx_listen_over(listener);
	umx_drop(un, NULL, UMX_MIB_OUT_LISTEN0, skb);
	return NF_DROP;
}

/* A connection over IPv4, with a socket of any kind; a TIME_WAIT takes no SYN. */
static bool umx_gate_port_known4(struct net *net, const struct sk_buff *skb,
				 const struct tcphdr *th)
{
	const struct iphdr *iph = ip_hdr(skb);
	struct sock *sk = skb->sk;
	bool known;

	if (sk && sk->sk_state != TCP_LISTEN)
		return sk->sk_state != TCP_TIME_WAIT || !th->syn;
	sk = umx_inet_lookup_established(net, iph->saddr, th->source,
					 iph->daddr, ntohs(th->dest),
					 inet_iif(skb));
	if (!sk)
		return false;
	known = sk->sk_state != TCP_TIME_WAIT || !th->syn;
	sock_gen_put(sk);
	return known;
}

/* What listens where this SYN goes to. */
static struct sock *umx_gate_port_sk4(struct net *net,
				      const struct sk_buff *skb,
				      const struct tcphdr *th)
{
	const struct iphdr *iph = ip_hdr(skb);

	return umx_inet_lookup_listener(net, NULL, 0, iph->saddr, th->source,
					iph->daddr, ntohs(th->dest),
					inet_iif(skb), inet_sdif(skb));
}

/* LOCAL_IN: fragments are whole here. */
unsigned int umx_gate_in_port4(void *priv, struct sk_buff *skb,
			       const struct nf_hook_state *state)
{
	struct umx_net *un = umx_net(state->net);
	struct umx_listener *listener;
	const struct tcphdr *th;
	struct tcphdr buf;

	if (ip_hdr(skb)->protocol != IPPROTO_TCP)
		return NF_ACCEPT;
	th = skb_header_pointer(skb, ip_hdrlen(skb), sizeof(buf), &buf);
	if (!th)
		return NF_ACCEPT;
	listener = umx_listener_find(un, ntohs(th->dest));
	if (!listener && th->syn && !th->ack && umx_listen_rules(un))
		listener = umx_listen_late(un,
					   umx_gate_port_sk4(un->net, skb, th),
					   ntohs(th->dest));
	if (!listener)
		return NF_ACCEPT;
	if (!IS_ERR(listener) &&
	    (READ_ONCE(listener->ipv4) ||
	     umx_gate_port_open(listener, un->net, skb->dev->ifindex) ||
	     umx_gate_port_known4(un->net, skb, th)))
		return NF_ACCEPT;
	if (!IS_ERR(listener))
		umx_listen_over(listener);
	umx_drop(un, NULL, UMX_MIB_IN_LISTEN0_IPV4, skb);
	return NF_DROP;
}
