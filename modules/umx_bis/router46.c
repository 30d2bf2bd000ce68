// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the router's way from IPv4 to IPv6 (RFC 7915, section 4).
 */
#include <linux/err.h>
#include <linux/icmp.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <net/addrconf.h>
#include <net/gso.h>
#include <net/icmp.h>
#include <net/ip.h>
#include <net/ipv6.h>
#include <net/route.h>
#include "eam.h"
#include "frag.h"
#include "gso.h"
#include "icmp.h"
#include "out.h"
#include "packet.h"
#include "router.h"
#include "upper.h"
#include "xlat46.h"

/* How much longer a packet gets at most. */
#define UMX_BIS_ROUTER_GROWTH	(UMX_BIS_HEAD6 + UMX_BIS_HEAD_FRAG - \
				 UMX_BIS_HEAD4)

/* What a fragment carries that fits into every IPv6 link. */
#define UMX_BIS_ROUTER_PIECE	(UMX_BIS_MIN_MTU6 - UMX_BIS_HEAD6 - \
				 UMX_BIS_HEAD_FRAG)

/**
 * struct umx_bis_routed46 - a packet, and what it becomes
 * @r: the packet
 * @head: its IPv4 header
 * @saddr: its new source
 * @daddr: its new destination
 */
struct umx_bis_routed46 {
	struct umx_bis_routed *r;
	struct umx_bis_head4 head;
	struct in6_addr saddr;
	struct in6_addr daddr;
};

/* Count, and drop; the sender is told by ICMP if @code is not negative. */
static bool umx_bis_router46_drop(struct umx_bis_routed46 *q,
				  enum umx_bis_mib mib, int code)
{
	umx_bis_mib_inc(q->r->bn, mib);
	if (code >= 0)
		icmp_ndo_send(q->r->skb, ICMP_DEST_UNREACH, code, 0);
	kfree_skb(q->r->skb);
	return false;
}

static bool umx_bis_router46_refuse(struct umx_bis_routed46 *q,
				    enum umx_bis_verdict verdict)
{
	return umx_bis_router46_drop(q, umx_bis_out_mib(verdict),
				     verdict == UMX_BIS_SOURCE_ROUTE ?
				     ICMP_SR_FAILED : -1);
}

static bool umx_bis_router46_is_error(const struct umx_bis_routed46 *q)
{
	return q->head.proto == UMX_BIS_ICMP4 && !q->head.offset &&
	       umx_bis_icmp4_is_error(q->r->skb->data[q->head.len]);
}

/* --- addresses --- */

/*
 * From one IPv6 host to another, by their IPv4 addresses (RFC 7757, section
 * 4): the answer has to come back this way, so that the source is the prefix's,
 * even if it has a mapping. If the destination has none, the packet would
 * become what it was: a loop.
 */
static enum umx_bis_mapped umx_bis_router46_hairpin(struct umx_bis_routed46 *q,
						    enum umx_bis_mapped dst)
{
	enum umx_bis_mapped src = UMX_BIS_MAPPED_NOT;

	if (dst == UMX_BIS_MAPPED_EXPLICIT)
		src = umx_bis_eam_embed(q->r->bn, q->head.saddr, &q->saddr);
	if (umx_bis_is_mapped(src))
		umx_bis_mib_inc(q->r->bn, UMX_BIS_MIB_ROUTER_HAIRPIN);
	return src;
}

/* A router nobody maps: its error comes from this host (RFC 6791). */
static bool umx_bis_router46_vouch(struct umx_bis_routed46 *q)
{
	if (!umx_bis_router46_is_error(q) ||
	    ipv6_dev_get_saddr(q->r->bn->net, q->r->dev, &q->daddr, 0,
			       &q->saddr))
		return false;
	umx_bis_mib_inc(q->r->bn, UMX_BIS_MIB_ROUTER_VOUCHED);
	return true;
}

/* Who it is from and to; false if that has ended it. */
static bool umx_bis_router46_name(struct umx_bis_routed46 *q)
{
	struct umx_bis_net *bn = q->r->bn;
	enum umx_bis_mapped src, dst;

	dst = umx_bis_eam_to6(bn, q->head.daddr, &q->daddr);
	if (q->r->back) {
		src = umx_bis_router46_hairpin(q, dst);
		if (!umx_bis_is_mapped(src))
			return umx_bis_router46_drop(q, UMX_BIS_MIB_OUT_LOOP,
						     -1);
		return true;
	}
	src = umx_bis_eam_to6(bn, q->head.saddr, &q->saddr);
	if (dst == UMX_BIS_MAPPED_LOCAL)
		return umx_bis_router46_drop(q, UMX_BIS_MIB_ROUTER_NOT_GLOBAL,
					     ICMP_PKT_FILTERED);
	if (!umx_bis_is_mapped(dst))
		return umx_bis_router46_drop(q, UMX_BIS_MIB_ROUTER_OUT_DEST,
					     ICMP_HOST_UNREACH);
	if (umx_bis_is_mapped(src) || umx_bis_router46_vouch(q))
		return true;
	return umx_bis_router46_drop(q, src == UMX_BIS_MAPPED_LOCAL ?
				     UMX_BIS_MIB_ROUTER_NOT_GLOBAL :
				     UMX_BIS_MIB_ROUTER_OUT_SOURCE,
				     ICMP_PKT_FILTERED);
}

/**
 * struct umx_bis_quoted46 - how the addresses an error quotes are translated
 * @bn: the namespace
 * @embedded: an address that is translated by the prefix alone, or NULL
 */
struct umx_bis_quoted46 {
	struct umx_bis_net *bn;
	const u8 *embedded;
};

static bool umx_bis_router46_to6(void *ctx, const u8 addr4[4],
				 struct in6_addr *addr6)
{
	const struct umx_bis_quoted46 *quoted = ctx;

	if (quoted->embedded && !memcmp(quoted->embedded, addr4, 4))
		return umx_bis_is_mapped(umx_bis_eam_embed(quoted->bn, addr4,
							   addr6));
	return umx_bis_is_mapped(umx_bis_eam_to6(quoted->bn, addr4, addr6));
}

/* --- writing --- */

static bool umx_bis_router46_put(struct umx_bis_routed46 *q)
{
	umx_bis_packet_put6(q->r->skb, &q->head, &q->saddr, &q->daddr);
	return umx_bis_router_receive(q->r, UMX_BIS_MIB_ROUTER_OUT_PACKETS);
}

/*
 * Is it an error about a hairpin? It is if it is on its way back itself; or if
 * this host's IPv4 sends it, about a packet that would have gone our way.
 */
static bool umx_bis_router46_about_hairpin(const struct umx_bis_routed46 *q,
					   __be32 daddr)
{
	struct flowi4 fl4 = { .daddr = daddr };
	struct rtable *rt;
	bool ours;

	if (q->r->back || q->r->skb->skb_iif)
		return q->r->back;
	rt = ip_route_output_key(q->r->bn->net, &fl4);
	if (IS_ERR(rt))
		return false;
	ours = rt->dst.dev == q->r->dev;
	ip_rt_put(rt);
	return ours;
}

/*
 * The packet an error about a hairpin quotes was translated the other way: its
 * destination is what a hairpin's source is.
 */
static bool umx_bis_router46_error(struct umx_bis_routed46 *q)
{
	unsigned int off = q->head.len + UMX_BIS_HEAD_ICMP;
	struct umx_bis_quoted46 quoted = { .bn = q->r->bn };
	const struct umx_bis_env env = {
		.to6 = umx_bis_router46_to6,
		.ctx = &quoted,
		.mtu4 = READ_ONCE(q->r->dev->mtu),
		.mtu6 = READ_ONCE(q->r->dev->mtu) + 20,
	};
	enum umx_bis_verdict verdict;
	struct sk_buff *skb;
	__be32 daddr;

	if (!skb_copy_bits(q->r->skb, off + 16, &daddr, sizeof(daddr)) &&
	    umx_bis_router46_about_hairpin(q, daddr))
		quoted.embedded = (const u8 *)&daddr;
	skb = umx_bis_packet_error46(q->r->skb, &q->head, &env, &q->saddr,
				     &q->daddr, LL_MAX_HEADER, &verdict);
	if (IS_ERR(skb))
		return umx_bis_router46_drop(q, UMX_BIS_MIB_OUT_NO_MEMORY, -1);
	if (!skb)
		return umx_bis_router46_refuse(q, verdict);
	consume_skb(q->r->skb);
	q->r->skb = skb;
	return umx_bis_router46_put(q);
}

/*
 * Without DF, nobody does path MTU discovery: cut it here into what fits into
 * every IPv6 link. What is behind the header is IPv6's already.
 */
static bool umx_bis_router46_cut(struct umx_bis_routed46 *q)
{
	struct sk_buff *whole = q->r->skb;
	struct ip_frag_state state;
	bool sent = false;

	if (whole->ip_summed == CHECKSUM_PARTIAL && skb_checksum_help(whole))
		return umx_bis_router46_drop(q, UMX_BIS_MIB_OUT_NO_MEMORY, -1);
	umx_bis_mib_inc(q->r->bn, UMX_BIS_MIB_ROUTER_CUT);
	ip_frag_init(whole, q->head.len, UMX_BIS_ROUTER_GROWTH + LL_MAX_HEADER,
		     UMX_BIS_ROUTER_PIECE, false, &state);
	while (state.left > 0) {
		struct sk_buff *skb = ip_frag_next(whole, &state);

		if (IS_ERR(skb)) {
			umx_bis_mib_inc(q->r->bn, UMX_BIS_MIB_OUT_NO_MEMORY);
			break;
		}
		q->r->skb = skb;
		if (umx_bis_head4_read(&q->head, skb->data, skb->len) !=
		    UMX_BIS_OK) {
			umx_bis_router46_refuse(q, UMX_BIS_MALFORMED);
			break;
		}
		__skb_pull(skb, q->head.len);
		sent |= umx_bis_router46_put(q);
	}
	consume_skb(whole);
	return sent;
}

/* Does it fit into every IPv6 link, as it is or in segments? */
static bool umx_bis_router46_fits(const struct sk_buff *skb,
				  const struct umx_bis_head4 *head)
{
	unsigned int max = UMX_BIS_MIN_MTU6 + head->len - UMX_BIS_HEAD6;

	if (skb_is_gso(skb))
		return skb_gso_validate_network_len(skb, max);
	if (umx_bis_head4_is_fragment(head))
		max -= UMX_BIS_HEAD_FRAG;
	return skb->len <= max;
}

/* --- one packet --- */

/* The upper layer; false if there is no memory for that. */
static bool umx_bis_router46_change(struct sk_buff *skb,
				    const struct umx_bis_head4 *head,
				    const struct in6_addr *saddr,
				    const struct in6_addr *daddr)
{
	return !skb_cow_head(skb, UMX_BIS_ROUTER_GROWTH) &&
	       !umx_bis_upper46(skb, head, saddr, daddr);
}

/**
 * umx_bis_router46_rewrite() - translate a packet whose addresses are known
 * @bn: the namespace
 * @skb: a packet of TCP or UDP, at its network header
 * @addr: source and destination
 * @hops: what it has come on by
 *
 * Return: 0, -ENOMEM, which is counted, or 1: as it is, it has to be looked at.
 * Context: RCU, BH off.
 */
int umx_bis_router46_rewrite(struct umx_bis_net *bn, struct sk_buff *skb,
			     const struct in6_addr addr[2], u8 hops)
{
	struct umx_bis_head4 head;

	if (umx_bis_packet_read4(skb, &head) != UMX_BIS_OK ||
	    umx_bis_head4_is_fragment(&head) || head.ttl <= hops ||
	    umx_bis_packet_lacks_checksum(skb, head.len, head.proto, 0) ||
	    (!head.df && !umx_bis_router46_fits(skb, &head)))
		return 1;
	skb_forward_csum(skb);
	if (!umx_bis_router46_change(skb, &head, &addr[0], &addr[1])) {
		umx_bis_mib_inc(bn, UMX_BIS_MIB_OUT_NO_MEMORY);
		return -ENOMEM;
	}
	umx_bis_gso_to6(skb);
	__skb_pull(skb, head.len);
	head.ttl -= hops;
	umx_bis_packet_put6(skb, &head, &addr[0], &addr[1]);
	umx_bis_mib_inc(bn, UMX_BIS_MIB_ROUTER_OUT_PACKETS);
	return 0;
}

/*
 * ICMP's checksum covers other things than ICMPv6's: it is put together. So
 * are no others; a UDP checksum cannot be made of a part.
 */
static bool umx_bis_router46_whole(struct umx_bis_routed46 *q, bool *waits)
{
	struct umx_bis_routed *r = q->r;
	int err;

	*waits = false;
	if (!umx_bis_head4_is_fragment(&q->head))
		return true;
	if (umx_bis_packet_lacks_checksum(r->skb, q->head.len, q->head.proto,
					  q->head.offset)) {
		umx_bis_router46_drop(q, UMX_BIS_MIB_ROUTER_NO_CHECKSUM, -1);
		return false;
	}
	if (q->head.proto != UMX_BIS_ICMP4)
		return true;
	umx_bis_mib_inc(r->bn, UMX_BIS_MIB_OUT_FRAGMENT);
	err = umx_bis_frag_gather4(r->bn->net, r->skb);
	*waits = err == -EINPROGRESS;
	if (err)
		return false;
	if (umx_bis_packet_read4(r->skb, &q->head) == UMX_BIS_OK &&
	    !umx_bis_head4_is_fragment(&q->head))
		return true;
	umx_bis_router46_refuse(q, UMX_BIS_MALFORMED);
	return false;
}

static bool umx_bis_router46_one(struct umx_bis_routed *r)
{
	struct umx_bis_routed46 q = { .r = r };
	enum umx_bis_verdict verdict;
	bool waits;

	verdict = umx_bis_packet_read4(r->skb, &q.head);
	if (verdict != UMX_BIS_OK)
		return umx_bis_router46_refuse(&q, verdict);
	if (!umx_bis_router46_whole(&q, &waits))
		return waits;
	if (q.head.proto == UMX_BIS_ICMP4 &&
	    !umx_bis_router46_is_error(&q) &&
	    !umx_bis_icmp4_is_echo(r->skb->data[q.head.len]))
		return umx_bis_router46_refuse(&q, UMX_BIS_ICMP_TYPE);
	if (!umx_bis_router46_name(&q))
		return false;
	if (umx_bis_router46_is_error(&q))
		return umx_bis_router46_error(&q);
	if (skb_is_gso(r->skb) && !q.head.df && !umx_bis_router46_fits(r->skb, &q.head))
		return umx_bis_router_split(r, UMX_BIS_MIB_OUT_SPLIT,
					    umx_bis_router46_one);
	if (!umx_bis_router46_change(r->skb, &q.head, &q.saddr, &q.daddr))
		return umx_bis_router46_drop(&q, UMX_BIS_MIB_OUT_NO_MEMORY, -1);
	if (!q.head.df && !umx_bis_router46_fits(r->skb, &q.head))
		return umx_bis_router46_cut(&q);
	umx_bis_gso_to6(r->skb);
	__skb_pull(r->skb, q.head.len);
	return umx_bis_router46_put(&q);
}

/**
 * umx_bis_router46() - translate an IPv4 packet of others
 * @r: the packet; consumed
 *
 * Return: whether it was sent, or waits for other fragments.
 * Context: RCU, BH off.
 */
bool umx_bis_router46(struct umx_bis_routed *r)
{
	if (skb_is_gso(r->skb) && !umx_bis_gso_whole(r->skb))
		return umx_bis_router_split(r, UMX_BIS_MIB_OUT_SPLIT,
					    umx_bis_router46_one);
	return umx_bis_router46_one(r);
}
