// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the router's way from IPv6 to IPv4 (RFC 7915, section 5).
 */
#include <linux/err.h>
#include <linux/icmpv6.h>
#include <linux/in.h>
#include <linux/inetdevice.h>
#include <linux/netdevice.h>
#include <linux/random.h>
#include <linux/skbuff.h>
#include <net/ip.h>
#include <net/ipv6.h>
#include <net/route.h>
#include "eam.h"
#include "frag.h"
#include "gso.h"
#include "icmp.h"
#include "in.h"
#include "packet.h"
#include "router.h"
#include "upper.h"
#include "xlat64.h"

/**
 * struct umx_bis_routed64 - a packet, and what it becomes
 * @r: the packet
 * @head: its IPv6 headers
 * @saddr: its new source
 * @daddr: its new destination
 * @vouched: the source is this host's
 */
struct umx_bis_routed64 {
	struct umx_bis_routed *r;
	struct umx_bis_head6 head;
	__be32 saddr;
	__be32 daddr;
	bool vouched;
};

/* Count, and drop; the sender is told by ICMPv6 if @type is not 0. */
static bool umx_bis_router64_drop(struct umx_bis_routed64 *q,
				  enum umx_bis_mib mib, u8 type, u8 code,
				  u32 info)
{
	umx_bis_mib_inc(q->r->bn, mib);
	if (type)
		icmpv6_ndo_send(q->r->skb, type, code, info);
	kfree_skb(q->r->skb);
	return false;
}

static bool umx_bis_router64_unreachable(struct umx_bis_routed64 *q,
					 enum umx_bis_mib mib, u8 code)
{
	return umx_bis_router64_drop(q, mib, ICMPV6_DEST_UNREACH, code, 0);
}

static bool umx_bis_router64_refuse(struct umx_bis_routed64 *q,
				    enum umx_bis_verdict verdict)
{
	enum umx_bis_mib mib = umx_bis_in_mib(verdict);

	switch (verdict) {
	case UMX_BIS_ROUTING_HEADER:
		return umx_bis_router64_drop(q, mib, ICMPV6_PARAMPROB,
					     ICMPV6_HDR_FIELD,
					     q->head.pointer);
	case UMX_BIS_EXTHDR:
		return umx_bis_router64_unreachable(q, mib,
						    ICMPV6_ADM_PROHIBITED);
	default:
		return umx_bis_router64_drop(q, mib, 0, 0, 0);
	}
}

static bool umx_bis_router64_is_error(const struct umx_bis_routed64 *q)
{
	return q->head.proto == UMX_BIS_ICMP6 &&
	       umx_bis_icmp6_is_error(q->r->skb->data[q->head.len]);
}

/* --- addresses --- */

static bool umx_bis_router64_to4(void *ctx, const struct in6_addr *addr6,
				 u8 addr4[4])
{
	return umx_bis_is_mapped(umx_bis_eam_to4(ctx, addr6, addr4));
}

/*
 * A router nobody maps: its error comes from this host (RFC 6791), or from the
 * address that says it has none (RFC 7600, section 4.8).
 */
static bool umx_bis_router64_vouch(struct umx_bis_routed64 *q)
{
	if (!umx_bis_router64_is_error(q))
		return false;
	q->saddr = inet_select_addr(q->r->dev, q->daddr, RT_SCOPE_UNIVERSE);
	if (!q->saddr)
		q->saddr = htonl(INADDR_DUMMY);
	q->vouched = true;
	return true;
}

/* Who it is from and to; false if that has ended it. */
static bool umx_bis_router64_name(struct umx_bis_routed64 *q)
{
	struct umx_bis_net *bn = q->r->bn;
	enum umx_bis_mapped src, dst;
	u8 saddr[4] = {}, daddr[4] = {};

	dst = umx_bis_eam_to4(bn, &q->head.daddr, daddr);
	src = umx_bis_eam_to4(bn, &q->head.saddr, saddr);
	memcpy(&q->daddr, daddr, sizeof(daddr));
	memcpy(&q->saddr, saddr, sizeof(saddr));
	if (dst == UMX_BIS_MAPPED_LOCAL)
		return umx_bis_router64_unreachable(q,
						UMX_BIS_MIB_ROUTER_NOT_GLOBAL,
						ICMPV6_ADM_PROHIBITED);
	if (!umx_bis_is_mapped(dst))
		return umx_bis_router64_unreachable(q,
						UMX_BIS_MIB_ROUTER_IN_DEST,
						ICMPV6_NOROUTE);
	if (umx_bis_is_mapped(src) || umx_bis_router64_vouch(q))
		return true;
	if (src == UMX_BIS_MAPPED_LOCAL)
		return umx_bis_router64_unreachable(q,
						UMX_BIS_MIB_ROUTER_NOT_GLOBAL,
						ICMPV6_ADM_PROHIBITED);
	return umx_bis_router64_unreachable(q, UMX_BIS_MIB_ROUTER_IN_SOURCE,
					    ICMPV6_POLICY_FAIL);
}

/* --- writing --- */

/* IPv4 takes nothing in that comes from itself: this goes out by its output. */
static bool umx_bis_router64_send(struct umx_bis_routed64 *q)
{
	struct umx_bis_net *bn = q->r->bn;
	struct flowi4 fl4 = {
		.saddr = q->saddr,
		.daddr = q->daddr,
		.flowi4_proto = IPPROTO_ICMP,
		.flowi4_mark = q->r->skb->mark,
		.flowi4_flags = FLOWI_FLAG_ANYSRC,
	};
	struct rtable *rt = ip_route_output_key(bn->net, &fl4);

	if (IS_ERR(rt))
		return umx_bis_router64_drop(q, UMX_BIS_MIB_ROUTER_NO_ROUTE, 0,
					     0, 0);
	skb_dst_set(q->r->skb, &rt->dst);
	umx_bis_mib_inc(bn, UMX_BIS_MIB_ROUTER_VOUCHED);
	ip_local_out(bn->net, NULL, q->r->skb);
	return true;
}

static bool umx_bis_router64_put(struct umx_bis_routed64 *q)
{
	umx_bis_packet_put4(q->r->skb, &q->head, q->saddr, q->daddr,
			    get_random_u16());
	if (q->vouched)
		return umx_bis_router64_send(q);
	return umx_bis_router_receive(q->r, UMX_BIS_MIB_ROUTER_IN_PACKETS);
}

static bool umx_bis_router64_error(struct umx_bis_routed64 *q)
{
	const struct umx_bis_env env = {
		.to4 = umx_bis_router64_to4,
		.ctx = q->r->bn,
		.mtu4 = READ_ONCE(q->r->dev->mtu),
		.mtu6 = READ_ONCE(q->r->dev->mtu) + 20,
	};
	enum umx_bis_verdict verdict;
	struct sk_buff *skb;

	skb = umx_bis_packet_error64(q->r->skb, &q->head, &env, &verdict);
	if (IS_ERR(skb))
		return umx_bis_router64_drop(q, UMX_BIS_MIB_IN_NO_MEMORY, 0, 0,
					     0);
	if (!skb)
		return umx_bis_router64_refuse(q, verdict);
	consume_skb(q->r->skb);
	q->r->skb = skb;
	return umx_bis_router64_put(q);
}

/* --- one packet --- */

/* The upper layer and the headers; false if there is no memory for that. */
static bool umx_bis_router64_change(struct sk_buff *skb,
				    const struct umx_bis_head6 *head,
				    __be32 saddr, __be32 daddr)
{
	if (skb_cow_head(skb, 0))
		return false;
	skb_pull_rcsum(skb, head->len);
	if (umx_bis_upper64(skb, head, saddr, daddr))
		return false;
	umx_bis_gso_to4(skb);
	return true;
}

/**
 * umx_bis_router64_rewrite() - translate a packet whose addresses are known
 * @bn: the namespace
 * @skb: a packet of TCP or UDP, at its network header
 * @addr: source and destination; IPv4 in the first words
 * @hops: what it has come on by
 *
 * Return: 0, -ENOMEM, which is counted, or 1: as it is, it has to be looked at.
 * Context: RCU, BH off.
 */
int umx_bis_router64_rewrite(struct umx_bis_net *bn, struct sk_buff *skb,
			     const struct in6_addr addr[2], u8 hops)
{
	__be32 saddr = addr[0].s6_addr32[0], daddr = addr[1].s6_addr32[0];
	struct umx_bis_head6 head;

	if (umx_bis_packet_read6(skb, &head) != UMX_BIS_OK ||
	    head.len != UMX_BIS_HEAD6 || head.hop_limit <= hops ||
	    umx_bis_packet_lacks_checksum(skb, head.len, head.proto, 0))
		return 1;
	skb_forward_csum(skb);
	if (!umx_bis_router64_change(skb, &head, saddr, daddr)) {
		umx_bis_mib_inc(bn, UMX_BIS_MIB_IN_NO_MEMORY);
		return -ENOMEM;
	}
	head.hop_limit -= hops;
	umx_bis_packet_put4(skb, &head, saddr, daddr, get_random_u16());
	umx_bis_mib_inc(bn, UMX_BIS_MIB_ROUTER_IN_PACKETS);
	return 0;
}

/* ICMPv6's checksum covers other things than ICMP's: it is put together. */
static bool umx_bis_router64_whole(struct umx_bis_routed64 *q, bool *waits)
{
	struct umx_bis_routed *r = q->r;
	enum umx_bis_verdict verdict;

	*waits = false;
	if (q->head.proto != UMX_BIS_ICMP6 ||
	    !umx_bis_head6_is_fragment(&q->head))
		return true;
	umx_bis_mib_inc(r->bn, UMX_BIS_MIB_IN_FRAGMENT);
	/* It may wait longer than the route is good. */
	skb_dst_drop(r->skb);
	*waits = true;
	if (umx_bis_frag_gather6(r->bn->net, r->skb))
		return false;
	*waits = false;
	verdict = umx_bis_packet_read6(r->skb, &q->head);
	if (verdict == UMX_BIS_OK && umx_bis_head6_is_fragment(&q->head))
		verdict = UMX_BIS_MALFORMED;
	if (verdict == UMX_BIS_OK) {
		/* It must be possible to cut it again: DF = 0. */
		q->head.fragment = true;
		q->head.id = get_random_u32();
		return true;
	}
	umx_bis_router64_refuse(q, verdict);
	return false;
}

static bool umx_bis_router64_one(struct umx_bis_routed *r)
{
	struct umx_bis_routed64 q = { .r = r };
	enum umx_bis_verdict verdict;
	bool waits;

	if (r->back)
		return umx_bis_router64_drop(&q, UMX_BIS_MIB_IN_LOOP, 0, 0, 0);
	verdict = umx_bis_packet_read6(r->skb, &q.head);
	if (verdict != UMX_BIS_OK)
		return umx_bis_router64_refuse(&q, verdict);
	if (umx_bis_packet_lacks_checksum(r->skb, q.head.len, q.head.proto,
					  q.head.offset))
		return umx_bis_router64_drop(&q, UMX_BIS_MIB_IN_NO_CHECKSUM, 0,
					     0, 0);
	if (!umx_bis_router64_whole(&q, &waits))
		return waits;
	if (q.head.proto == UMX_BIS_ICMP6 &&
	    !umx_bis_router64_is_error(&q) &&
	    !umx_bis_icmp6_is_echo(r->skb->data[q.head.len]))
		return umx_bis_router64_refuse(&q, UMX_BIS_ICMP_TYPE);
	if (!umx_bis_router64_name(&q))
		return false;
	if (umx_bis_router64_is_error(&q))
		return umx_bis_router64_error(&q);
	if (!umx_bis_router64_change(r->skb, &q.head, q.saddr, q.daddr))
		return umx_bis_router64_drop(&q, UMX_BIS_MIB_IN_NO_MEMORY, 0, 0,
					     0);
	return umx_bis_router64_put(&q);
}

/**
 * umx_bis_router64() - translate an IPv6 packet of others
 * @r: the packet; consumed
 *
 * Return: whether it was sent, or waits for other fragments.
 * Context: RCU, BH off.
 */
bool umx_bis_router64(struct umx_bis_routed *r)
{
	if (skb_is_gso(r->skb) && !umx_bis_gso_whole(r->skb))
		return umx_bis_router_split(r, UMX_BIS_MIB_IN_SPLIT,
					    umx_bis_router64_one);
	return umx_bis_router64_one(r);
}
