// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the places where packets call in.
 *
 * Where TCP receives: what has no socket yet, since it carries an option or is
 * on an alternative pair, and errors about such a segment. The host's firewall
 * has seen them by then, as they are on the wire. While a session is away from
 * its original pair, every segment: its peer may return.
 *
 * Where packets to one-time addresses are judged, before that: the option is
 * taken off, so that the gate sees plain TCP, and a segment on an alternative
 * pair has its socket.
 *
 * LOCAL_OUT, after all other hooks, for SYN-ACKs: they pass no operation of a
 * socket. Not before a listener is attached, so that clients need not pay; then
 * until "off", since packets that wait in NFQUEUE are lost when a hook goes.
 */
#include <linux/ipv6.h>
#include <linux/netfilter.h>
#include <linux/netfilter_ipv6.h>
#include <linux/tcp.h>
#include <net/request_sock.h>
#include <net/tcp.h>
#include <umx/jumbo.h>
#include <umx/tcp.h>
#include "demux.h"
#include "half.h"
#include "hook.h"
#include "input.h"
#include "mib.h"
#include "netns.h"
#include "synack.h"

/* umx_tcp_ops.segment */
bool umx_preserve_hook_segment(struct sk_buff *skb)
{
	struct umx_preserve_net *pn = umx_preserve_net(dev_net(skb->dev));

	if (!umx_preserve_receives(pn))
		return true;
	if (unlikely(ipv6_hdr(skb)->nexthdr == NEXTHDR_DEST))
		umx_preserve_input_option(pn, skb);
	return !READ_ONCE(pn->n_aliases) ||
	       umx_preserve_demux_segment(pn, skb);
}

/* umx_tcp_ops.error */
bool umx_preserve_hook_error(struct sk_buff *skb, u8 type, int offset,
			     __be32 info)
{
	struct umx_preserve_net *pn = umx_preserve_net(dev_net(skb->dev));

	return umx_preserve_receives(pn) && READ_ONCE(pn->n_aliases) &&
	       umx_preserve_demux_error(pn, skb, type, offset, info);
}

/* umx_tcp_ops.arrives */
bool umx_preserve_hook_arrives(struct net *net, struct sk_buff *skb)
{
	struct umx_preserve_net *pn = umx_preserve_net(net);

	if (!umx_preserve_receives(pn))
		return true;
	if (ipv6_hdr(skb)->nexthdr == NEXTHDR_DEST &&
	    !umx_preserve_input_strip(pn, skb))
		return false;
	return (ipv6_hdr(skb)->nexthdr != IPPROTO_TCP && !umx_jumbo(skb)) ||
	       !READ_ONCE(pn->n_aliases) ||
	       umx_preserve_demux_segment(pn, skb);
}

/* umx_tcp_ops.knows */
bool umx_preserve_hook_knows(struct net *net, const struct in6_addr *local,
			     __be16 local_port, const struct in6_addr *peer,
			     __be16 peer_port, int dif)
{
	struct umx_preserve_net *pn = umx_preserve_net(net);
	struct umx_preserve_tuple t = {
		.local = *local,
		.peer = *peer,
		.local_port = local_port,
		.peer_port = peer_port,
	};

	return umx_preserve_receives(pn) && READ_ONCE(pn->n_aliases) &&
	       umx_preserve_demux_knows(pn, &t, dif);
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

	if (likely(sk && sk->sk_state != TCP_NEW_SYN_RECV))
		return NF_ACCEPT;
	local_bh_disable();	/* behind NFQUEUE we are called by a task */
	if (sk)
		umx_preserve_synack_answer(pn, skb);
	else if (umx_preserve_out_cookie(skb))
		umx_preserve_synack_cookie(pn, skb);
	local_bh_enable();
	return NF_ACCEPT;
}

/**
 * umx_preserve_hook_out() - see the SYN-ACKs of this namespace from now on
 * @pn: the namespace, with a listener that is about to be attached
 *
 * Context: process, socket lock. Return: 0; -ESHUTDOWN: it has been switched off;
 * or an error.
 */
int umx_preserve_hook_out(struct umx_preserve_net *pn)
{
	int err = 0;

	mutex_lock(&pn->out_lock);
	if (!pn->receives) {
		err = -ESHUTDOWN;
	} else if (!pn->out) {
		pn->out_hook = (struct nf_hook_ops) {
			.hook = umx_preserve_out,
			.pf = NFPROTO_IPV6,
			.hooknum = NF_INET_LOCAL_OUT,
			.priority = NF_IP6_PRI_LAST,
			.priv = pn,
		};
		err = nf_register_net_hook(pn->net, &pn->out_hook);
		pn->out = !err;
	}
	mutex_unlock(&pn->out_lock);
	return err;
}

/**
 * umx_preserve_hook_out_end() - ... and no more
 * @pn: the namespace, which does not receive any more
 *
 * Context: process.
 */
void umx_preserve_hook_out_end(struct umx_preserve_net *pn)
{
	mutex_lock(&pn->out_lock);
	if (pn->out)
		nf_unregister_net_hook(pn->net, &pn->out_hook);
	pn->out = false;
	mutex_unlock(&pn->out_lock);
}
