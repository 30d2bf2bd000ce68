// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the places where packets call in.
 *
 * PRE_ROUTING, before connection tracking and every firewall rule: an option is
 * taken off before anybody has to understand it, and a segment on an
 * alternative pair has its socket before early demux looks for another. Rules
 * then see plain TCP with the addresses that are on the wire.
 *
 * LOCAL_OUT, after all of them, for SYN-ACKs: they pass no socket operation.
 */
#include <linux/ipv6.h>
#include <linux/netfilter.h>
#include <linux/netfilter_ipv6.h>
#include <linux/tcp.h>
#include <net/request_sock.h>
#include <net/tcp.h>
#include "demux.h"
#include "hook.h"
#include "input.h"
#include "mib.h"
#include "netns.h"

/* Behind NFQUEUE we are called by a task. */
static unsigned int
umx_preserve_in_bh(unsigned int (*judge)(struct umx_preserve_net *pn,
					 struct sk_buff *skb),
		   struct umx_preserve_net *pn, struct sk_buff *skb)
{
	unsigned int verdict;

	local_bh_disable();
	verdict = judge(pn, skb);
	local_bh_enable();
	return verdict;
}

static unsigned int umx_preserve_in(void *priv, struct sk_buff *skb,
				    const struct nf_hook_state *state)
{
	struct umx_preserve_net *pn = priv;

	switch (ipv6_hdr(skb)->nexthdr) {
	case IPPROTO_TCP:
		if (likely(!READ_ONCE(pn->n_aliases)))
			return NF_ACCEPT;
		return umx_preserve_demux_segment(pn, skb);
	case NEXTHDR_DEST:
		return umx_preserve_in_bh(umx_preserve_input_option, pn, skb);
	case IPPROTO_ICMPV6:
		if (likely(!READ_ONCE(pn->n_aliases)))
			return NF_ACCEPT;
		return umx_preserve_in_bh(umx_preserve_demux_icmp, pn, skb);
	default:
		return NF_ACCEPT;
	}
}

/* What TCP sends without a socket and with a SYN has a SYN cookie. */
static bool umx_preserve_out_cookie(const struct sk_buff *skb)
{
	return ipv6_hdr(skb)->nexthdr == IPPROTO_TCP &&
	       skb_transport_header_was_set(skb) &&
	       skb_transport_offset(skb) + sizeof(struct tcphdr) <=
	       skb_headlen(skb) &&
	       tcp_hdr(skb)->syn;
}

static unsigned int umx_preserve_out(void *priv, struct sk_buff *skb,
				     const struct nf_hook_state *state)
{
	struct umx_preserve_net *pn = priv;
	const struct sock *sk = skb->sk;

	if (unlikely(!sk)) {
		if (umx_preserve_out_cookie(skb))
			umx_preserve_input_cookie(pn, skb);
		return NF_ACCEPT;
	}
	if (likely(sk->sk_state != TCP_NEW_SYN_RECV))
		return NF_ACCEPT;
	return umx_preserve_input_synack(pn, skb);
}

static const struct nf_hook_ops umx_preserve_hooks[] = {
	{
		.hook = umx_preserve_in,
		.pf = NFPROTO_IPV6,
		.hooknum = NF_INET_PRE_ROUTING,
		.priority = NF_IP6_PRI_RAW_BEFORE_DEFRAG - 1,
	},
	{
		.hook = umx_preserve_out,
		.pf = NFPROTO_IPV6,
		.hooknum = NF_INET_LOCAL_OUT,
		.priority = NF_IP6_PRI_LAST,
	},
};

int umx_preserve_hook_add(struct umx_preserve_net *pn)
{
	struct nf_hook_ops *ops = pn->hooks;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(umx_preserve_hooks); i++) {
		ops[i] = umx_preserve_hooks[i];
		ops[i].priv = pn;
	}
	return nf_register_net_hooks(pn->net, ops,
				     ARRAY_SIZE(umx_preserve_hooks));
}

void umx_preserve_hook_del(struct umx_preserve_net *pn)
{
	nf_unregister_net_hooks(pn->net, pn->hooks,
				ARRAY_SIZE(umx_preserve_hooks));
}
