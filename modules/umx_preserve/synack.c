// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the answer to an offer in a SYN-ACK: that segment passes no
 * operation of a socket, and gets its option on the way out.
 */
#include <linux/ipv6.h>
#include <linux/skbuff.h>
#include <linux/tcp.h>
#include <net/ipv6.h>
#include <net/request_sock.h>
#include <net/tcp.h>
#include <umx/compat.h>
#include <umx/tcp.h>
#include "half.h"
#include "mib.h"
#include "netns.h"
#include "offer.h"
#include "option.h"
#include "synack.h"

/* What the answer to an offer is made of, and what was kept of the offer. */
struct umx_preserve_answer {
	struct umx_preserve_net *pn;
	const struct tcp_request_sock *req;
	struct umx_preserve_half half;
	struct umx_option option;
};

/* Is there an offer to answer? It is copied: what follows takes a while. */
static bool umx_preserve_synack_wanted(struct umx_preserve_half *half,
				       void *arg)
{
	struct umx_preserve_answer *a = arg;

	if (half->peer_isn != a->req->rcv_isn)
		return false;
	if (half->synacks) {
		if (half->synacks < U8_MAX)
			half->synacks++;
		umx_preserve_count(a->pn, UMX_PRESERVE_MIB_SYNACK_REPEAT);
		return false;
	}
	a->half = *half;
	return true;
}

static bool umx_preserve_synack_given(struct umx_preserve_half *half,
				      void *arg)
{
	struct umx_preserve_answer *a = arg;

	if (half->peer_isn != a->req->rcv_isn || half->synacks)
		return false;
	half->own = a->option.offer;
	half->isn = a->req->snt_isn;
	half->synacks = 1;
	return true;
}

static noinline_for_stack void
umx_preserve_synack_make(struct umx_preserve_answer *a)
{
	const struct umx_preserve_half *half = &a->half;
	const struct umx_preserve_signed what = {
		.offer = &half->peer,
		.peer = &half->tuple.peer,
		.isn = half->peer_isn,
		.peer_isn = a->req->snt_isn,
		.port = half->tuple.peer_port,
		.peer_port = half->tuple.local_port,
	};

	umx_option_clear(&a->option);
	a->option.thesis = half->thesis;
	umx_preserve_offer_accept(&a->option, &half->peer, half->peer_bitmap);
	umx_preserve_offer_make(a->pn, &half->tuple.local, half->onetime,
				&a->option);
	umx_preserve_offer_sign(a->pn, &a->option, &what);
}

/* Put @option between the IPv6 header of @skb and what follows. */
static noinline_for_stack bool
umx_preserve_synack_insert(struct sk_buff *skb,
			   const struct umx_option *option)
{
	unsigned int len = umx_option_length(option);
	struct ipv6hdr *ip6h;

	if (skb_cow_head(skb, len))
		return false;
	ip6h = ipv6_hdr(skb);
	__skb_push(skb, len);
	memmove(skb->data, ip6h, sizeof(*ip6h));
	skb_reset_network_header(skb);
	ip6h = ipv6_hdr(skb);
	umx_option_write((u8 *)(ip6h + 1), len, ip6h->nexthdr, option);
	ip6h->nexthdr = NEXTHDR_DEST;
	ip6h->payload_len = htons(ntohs(ip6h->payload_len) + len);
	return true;
}

static bool umx_preserve_synack_waits(struct umx_preserve_half *half, void *arg)
{
	return !half->synacks;
}

/**
 * umx_preserve_synack_cookie() - a SYN-ACK with a cookie leaves
 * @pn: the namespace
 * @skb: it, in LOCAL_OUT
 *
 * Nothing may be kept, so nothing can be agreed upon. Context: BH off, RCU.
 */
void umx_preserve_synack_cookie(struct umx_preserve_net *pn,
				const struct sk_buff *skb)
{
	const struct ipv6hdr *ip6h = ipv6_hdr(skb);
	struct umx_preserve_tuple tuple = {
		.local = ip6h->saddr,
		.peer = ip6h->daddr,
		.local_port = tcp_hdr(skb)->source,
		.peer_port = tcp_hdr(skb)->dest,
	};

	if (umx_preserve_half_update(umx_preserve_half_bucket(pn, &tuple),
				     &tuple, umx_preserve_synack_waits, NULL))
		umx_preserve_count(pn, UMX_PRESERVE_MIB_SYNACK_COOKIE);
}

/**
 * umx_preserve_synack_answer() - answer an offer in the SYN-ACK
 * @pn: the namespace
 * @skb: a segment on its way out that belongs to a request socket, in LOCAL_OUT
 *
 * The first SYN-ACK has the answer; were it lost for that, the next has not.
 * Context: BH off, RCU.
 */
void umx_preserve_synack_answer(struct umx_preserve_net *pn,
				struct sk_buff *skb)
{
	const struct request_sock *req = inet_reqsk(skb->sk);
	const struct inet_request_sock *ireq = inet_rsk(req);
	const struct sock *lsk = req->rsk_listener;
	struct umx_preserve_half_bucket *bucket;
	struct umx_preserve_answer a __uninitialized;
	struct umx_preserve_tuple tuple = {
		.local = ireq->ir_v6_loc_addr,
		.peer = ireq->ir_v6_rmt_addr,
		.local_port = htons(ireq->ir_num),
		.peer_port = ireq->ir_rmt_port,
	};

	a.pn = pn;
	a.req = tcp_rsk(req);
	if (ipv6_hdr(skb)->nexthdr != IPPROTO_TCP || !lsk ||
	    !umx_tcp_listener_attached(lsk, UMX_TCP_SLOT_PRESERVE))
		return;
	bucket = umx_preserve_half_bucket(pn, &tuple);
	if (!umx_preserve_half_update(bucket, &tuple,
				      umx_preserve_synack_wanted, &a) ||
	    !umx_preserve_offer_allowed(pn, lsk))
		return;
	umx_preserve_synack_make(&a);
	if (umx_preserve_half_update(bucket, &tuple,
				     umx_preserve_synack_given, &a) &&
	    umx_preserve_synack_insert(skb, &a.option))
		umx_preserve_count(pn, UMX_PRESERVE_MIB_SYNACK_OUT);
}
