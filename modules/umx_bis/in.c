// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the way of a packet from IPv6 to IPv4: what was delivered to
 * the source address comes in once more, as IPv4, through the device; or is
 * delivered as if it had (direct.c).
 *
 * The host has not forwarded anything: TTL and hop limit are equal.
 */
#include <linux/err.h>
#include <linux/icmpv6.h>
#include <linux/netdevice.h>
#include <linux/netfilter.h>
#include <linux/random.h>
#include <linux/skbuff.h>
#include <linux/umx_bis.h>
#include <net/gso.h>
#include <net/ip6_route.h>
#include <net/ipv6.h>
#include <net/sock.h>
#include <net/xfrm.h>
#include "frag.h"
#include "gso.h"
#include "host.h"
#include "icmp.h"
#include "in.h"
#include "map.h"
#include "netns.h"
#include "packet.h"
#include "spool.h"
#include "upper.h"
#include "xlat64.h"

/**
 * struct umx_bis_incoming - a packet on its way in
 * @bn: the namespace
 * @spool: its spool
 * @dev: the device it will come in through
 * @skb: the packet
 * @head: its IPv6 headers
 * @saddr: its new source
 */
struct umx_bis_incoming {
	struct umx_bis_net *bn;
	const struct umx_bis_spool *spool;
	struct net_device *dev;
	struct sk_buff *skb;
	struct umx_bis_head6 head;
	__be32 saddr;
};

/* The counter of a verdict about an IPv6 packet. */
enum umx_bis_mib umx_bis_in_mib(enum umx_bis_verdict verdict)
{
	switch (verdict) {
	case UMX_BIS_PROTO:
		return UMX_BIS_MIB_IN_PROTO;
	case UMX_BIS_ROUTING_HEADER:
		return UMX_BIS_MIB_IN_ROUTING_HEADER;
	case UMX_BIS_EXTHDR:
		return UMX_BIS_MIB_IN_EXTHDR;
	case UMX_BIS_ICMP_TYPE:
		return UMX_BIS_MIB_IN_ICMP_TYPE;
	case UMX_BIS_ICMP_POINTER:
		return UMX_BIS_MIB_IN_ICMP_POINTER;
	case UMX_BIS_ICMP_NESTED:
	case UMX_BIS_NO_PAIR:
		return UMX_BIS_MIB_IN_ICMP_QUOTE;
	default:
		return UMX_BIS_MIB_IN_MALFORMED;
	}
}

/* Count, and drop; the sender is told by ICMPv6 if @type is not 0. */
static unsigned int umx_bis_in_drop(struct umx_bis_incoming *i,
				    enum umx_bis_mib mib, u8 type, u8 code,
				    u32 info)
{
	umx_bis_mib_inc(i->bn, mib);
	if (type)
		icmpv6_send(i->skb, type, code, info);
	kfree_skb(i->skb);
	return NF_STOLEN;
}

static unsigned int umx_bis_in_refuse(struct umx_bis_incoming *i,
				      enum umx_bis_verdict verdict)
{
	enum umx_bis_mib mib = umx_bis_in_mib(verdict);

	switch (verdict) {
	case UMX_BIS_ROUTING_HEADER:
		return umx_bis_in_drop(i, mib, ICMPV6_PARAMPROB,
				       ICMPV6_HDR_FIELD, i->head.pointer);
	case UMX_BIS_EXTHDR:
		return umx_bis_in_drop(i, mib, ICMPV6_DEST_UNREACH,
				       ICMPV6_ADM_PROHIBITED, 0);
	default:
		return umx_bis_in_drop(i, mib, 0, 0, 0);
	}
}

/* --- reading --- */

/* IPsec that IPv6 has to unwrap: what is inside comes here once more. */
static bool umx_bis_in_is_ipsec(const struct umx_bis_net *bn, u8 proto)
{
#ifdef CONFIG_XFRM
	return (proto == IPPROTO_ESP || proto == IPPROTO_AH ||
		proto == IPPROTO_COMP) &&
	       bn->net->xfrm.policy_count[XFRM_POLICY_IN];
#else
	return false;
#endif
}

/*
 * What is the host's own, though it is sent to the source address: neighbour
 * discovery, IPsec, connections of IPv6 sockets (early demux has found them),
 * and what the source address sends to itself.
 */
static bool umx_bis_in_is_native(const struct umx_bis_net *bn,
				 const struct sk_buff *skb)
{
	const struct ipv6hdr *ip6 = ipv6_hdr(skb);
	const u8 *type;
	u8 buf;

	if (skb->sk || ipv6_addr_equal(&ip6->saddr, &ip6->daddr) ||
	    umx_bis_in_is_ipsec(bn, ip6->nexthdr))
		return true;
	if (ip6->nexthdr != IPPROTO_ICMPV6)
		return false;
	type = skb_header_pointer(skb, sizeof(*ip6), sizeof(buf), &buf);
	return type && !umx_bis_icmp6_is_error(*type) &&
	       !umx_bis_icmp6_is_echo(*type);
}

static bool umx_bis_in_is_error(const struct umx_bis_incoming *i)
{
	return i->head.proto == UMX_BIS_ICMP6 &&
	       umx_bis_icmp6_is_error(i->skb->data[i->head.len]);
}

/*
 * The host an ICMPv6 error is about: where the packet it quotes was sent to.
 * It must be one of ours, or there is nothing to say about it.
 */
static bool umx_bis_in_quoted(struct umx_bis_incoming *i)
{
	unsigned int off = i->head.len + UMX_BIS_HEAD_ICMP;
	const struct umx_bis_map *map = NULL;
	const struct ipv6hdr *quote;
	struct ipv6hdr buf;

	quote = skb_header_pointer(i->skb, off, sizeof(buf), &buf);
	if (quote && ipv6_addr_equal(&quote->saddr, &i->head.daddr))
		map = umx_bis_map_find6(i->bn, &quote->daddr);
	if (map)
		i->saddr = map->addr4;
	else
		umx_bis_in_drop(i, UMX_BIS_MIB_IN_ICMP_QUOTE, 0, 0, 0);
	return map;
}

/* A host nobody has heard of yet; false if that has ended it. */
static bool umx_bis_in_greet(struct umx_bis_incoming *i)
{
	int err = -EINVAL;

	if (i->spool->incoming != UMX_BIS_INCOMING_REFUSE)
		err = umx_bis_map_greet(i->bn, i->spool, &i->head.saddr,
					&i->saddr);
	switch (err) {
	case 0:
		umx_bis_mib_inc(i->bn, UMX_BIS_MIB_IN_NEW_PAIR);
		return true;
	case -EINVAL: /* nobody is to have one, or no such address */
	case -ENOENT: /* the spool has gone meanwhile */
		umx_bis_in_drop(i, UMX_BIS_MIB_IN_NO_PAIR, ICMPV6_DEST_UNREACH,
				ICMPV6_ADM_PROHIBITED, 0);
		return false;
	case -ENOSPC:
		umx_bis_in_drop(i, UMX_BIS_MIB_IN_SPOOL_FULL,
				ICMPV6_DEST_UNREACH, ICMPV6_ADDR_UNREACH, 0);
		return false;
	default:
		umx_bis_in_drop(i, UMX_BIS_MIB_IN_NO_MEMORY, 0, 0, 0);
		return false;
	}
}

/*
 * Who it is from. A router on the way has no pair: its error comes from the
 * host that was to be reached, so that errors use up no address.
 */
static bool umx_bis_in_name(struct umx_bis_incoming *i)
{
	struct umx_bis_map *map = umx_bis_map_find6(i->bn, &i->head.saddr);

	if (map) {
		i->saddr = map->addr4;
		umx_bis_map_touch(map);
		if (i->head.proto == UMX_BIS_TCP &&
		    ipv6_addr_equal(&i->head.daddr, &i->spool->source))
			umx_bis_map_come(i->bn, map, i->skb);
		return true;
	}
	return umx_bis_in_is_error(i) ? umx_bis_in_quoted(i) :
					umx_bis_in_greet(i);
}

/* --- ICMP --- */

/*
 * The IPv6 route must know, too: it is what packets are cut for. The kernel
 * looks at the packet that is quoted, at the front.
 */
static void umx_bis_in_pmtu(struct umx_bis_incoming *i)
{
	unsigned int off = i->head.len + UMX_BIS_HEAD_ICMP;
	struct sk_buff *skb = i->skb;
	const struct icmp6hdr *icmp;
	const struct ipv6hdr *quote;
	__be32 mtu;

	if (!pskb_may_pull(skb, off + sizeof(struct ipv6hdr)))
		return;
	icmp = (const struct icmp6hdr *)(skb->data + i->head.len);
	quote = (const struct ipv6hdr *)(skb->data + off);
	if (icmp->icmp6_type != ICMPV6_PKT_TOOBIG ||
	    !ipv6_addr_equal(&quote->saddr, &i->head.daddr))
		return;
	mtu = icmp->icmp6_mtu;
	__skb_pull(skb, off);
	ip6_update_pmtu(skb, i->bn->net, mtu, 0, 0,
			sock_net_uid(i->bn->net, NULL));
	__skb_push(skb, off);
	umx_bis_mib_inc(i->bn, UMX_BIS_MIB_IN_PMTU);
}

/* --- writing --- */

/**
 * umx_bis_in_came() - a packet that is translated has come in by the device
 * @bn: the namespace
 * @dev: the device
 * @skb: the packet
 *
 * Context: BH off.
 */
void umx_bis_in_came(struct umx_bis_net *bn, struct net_device *dev,
		     struct sk_buff *skb)
{
	skb_scrub_packet(skb, false);
	memset(skb->cb, 0, sizeof(skb->cb));
	skb->dev = dev;
	skb->pkt_type = PACKET_HOST;
	dev_sw_netstats_rx_add(dev, skb->len);
	umx_bis_mib_inc(bn, UMX_BIS_MIB_IN_PACKETS);
}

/* It comes in once more, as on any other device. */
static void umx_bis_in_receive(struct umx_bis_incoming *i)
{
	umx_bis_in_came(i->bn, i->dev, i->skb);
	netif_receive_skb(i->skb);
}

static bool umx_bis_in_translate_error(struct umx_bis_incoming *i)
{
	const struct umx_bis_env env = {
		.to4 = umx_bis_map_to4,
		.ctx = i->bn,
		.mtu4 = READ_ONCE(i->dev->mtu),
		.mtu6 = READ_ONCE(i->dev->mtu) + 20,
	};
	enum umx_bis_verdict verdict;
	struct sk_buff *skb;

	skb = umx_bis_packet_error64(i->skb, &i->head, &env, &verdict);
	if (IS_ERR(skb)) {
		umx_bis_in_drop(i, UMX_BIS_MIB_IN_NO_MEMORY, 0, 0, 0);
		return false;
	}
	if (!skb) {
		umx_bis_in_refuse(i, verdict);
		return false;
	}
	umx_bis_in_pmtu(i);
	consume_skb(i->skb);
	i->skb = skb;
	umx_bis_packet_put4(skb, &i->head, i->saddr, i->spool->self,
			    get_random_u16());
	return true;
}

/**
 * umx_bis_in_rewrite() - translate a packet that is no ICMPv6 error
 * @skb: the packet, at its network header
 * @head: what its headers say
 * @saddr: its new source
 * @daddr: its new destination
 * @id: its identification
 *
 * Return: 0 or -ENOMEM; it must be dropped then.
 */
int umx_bis_in_rewrite(struct sk_buff *skb, const struct umx_bis_head6 *head,
		       __be32 saddr, __be32 daddr, u16 id)
{
	if (skb_cow_head(skb, 0))
		return -ENOMEM;
	skb_pull_rcsum(skb, head->len);
	if (umx_bis_upper64(skb, head, saddr, daddr))
		return -ENOMEM;
	umx_bis_gso_to4(skb);
	umx_bis_packet_put4(skb, head, saddr, daddr, id);
	return 0;
}

static bool umx_bis_in_translate(struct umx_bis_incoming *i)
{
	if (umx_bis_in_is_error(i))
		return umx_bis_in_translate_error(i);
	if (!umx_bis_in_rewrite(i->skb, &i->head, i->saddr, i->spool->self,
				get_random_u16()))
		return true;
	umx_bis_in_drop(i, UMX_BIS_MIB_IN_NO_MEMORY, 0, 0, 0);
	return false;
}

/*
 * Must it be put together before? ICMPv6, for its checksum. What is sent to the
 * address of a session, since IPv4 would say from the spool's source that the
 * rest has not come; IPv6 says it from that address, where umx is silent.
 */
static bool umx_bis_in_is_part(const struct umx_bis_incoming *i)
{
	return umx_bis_head6_is_fragment(&i->head) &&
	       (i->head.proto == UMX_BIS_ICMP6 ||
		!ipv6_addr_equal(&i->head.daddr, &i->spool->source));
}

/* One packet that is no list of packets. */
static unsigned int umx_bis_in_one(struct umx_bis_incoming *i)
{
	enum umx_bis_verdict verdict = umx_bis_packet_read6(i->skb, &i->head);

	if (verdict == UMX_BIS_OK && umx_bis_in_is_part(i)) {
		umx_bis_mib_inc(i->bn, UMX_BIS_MIB_IN_FRAGMENT);
		/* It may wait longer than the route is good. */
		skb_dst_drop(i->skb);
		if (umx_bis_frag_gather6(i->bn->net, i->skb))
			return NF_STOLEN;
		verdict = umx_bis_packet_read6(i->skb, &i->head);
		if (umx_bis_head6_is_fragment(&i->head))
			verdict = UMX_BIS_MALFORMED;
	}
	if (verdict != UMX_BIS_OK)
		return umx_bis_in_refuse(i, verdict);
	if (umx_bis_packet_lacks_checksum(i->skb, i->head.len,
					  i->head.proto, i->head.offset))
		return umx_bis_in_drop(i, UMX_BIS_MIB_IN_NO_CHECKSUM, 0, 0, 0);
	if (i->head.proto == UMX_BIS_ICMP6 &&
	    !umx_bis_icmp6_is_error(i->skb->data[i->head.len]) &&
	    !umx_bis_icmp6_is_echo(i->skb->data[i->head.len]))
		return umx_bis_in_refuse(i, UMX_BIS_ICMP_TYPE);
	if (umx_bis_in_name(i) && umx_bis_in_translate(i))
		umx_bis_in_receive(i);
	return NF_STOLEN;
}

static unsigned int umx_bis_in_split(struct umx_bis_incoming *i)
{
	struct sk_buff *segs, *skb, *next;

	umx_bis_mib_inc(i->bn, UMX_BIS_MIB_IN_SPLIT);
	segs = umx_bis_gso_split(i->skb);
	if (!segs)
		umx_bis_mib_inc(i->bn, UMX_BIS_MIB_IN_NO_MEMORY);
	skb_list_walk_safe(segs, skb, next) {
		skb_mark_not_on_list(skb);
		i->skb = skb;
		umx_bis_in_one(i);
	}
	return NF_STOLEN;
}

static unsigned int umx_bis_in_ours(struct umx_bis_incoming *i)
{
	if (!xfrm6_policy_check(NULL, XFRM_POLICY_IN, i->skb))
		return umx_bis_in_drop(i, UMX_BIS_MIB_IN_POLICY, 0, 0, 0);
	i->dev = rcu_dereference(i->bn->dev);
	if (!i->dev || !(i->dev->flags & IFF_UP))
		return umx_bis_in_drop(i, UMX_BIS_MIB_IN_NO_DEVICE, 0, 0, 0);
	if (skb_is_gso(i->skb) && !umx_bis_gso_whole(i->skb))
		return umx_bis_in_split(i);
	return umx_bis_in_one(i);
}

static unsigned int umx_bis_in_native(struct umx_bis_incoming *i)
{
	umx_bis_mib_inc(i->bn, UMX_BIS_MIB_IN_NATIVE);
	return NF_ACCEPT;
}

/* IPv6 has the packet, and we a copy of it. */
static unsigned int umx_bis_in_both(struct umx_bis_incoming *i)
{
	i->skb = skb_copy(i->skb, GFP_ATOMIC | __GFP_NOWARN);
	if (i->skb)
		umx_bis_in_ours(i);
	else
		umx_bis_mib_inc(i->bn, UMX_BIS_MIB_IN_NO_MEMORY);
	umx_bis_mib_inc(i->bn, UMX_BIS_MIB_IN_BOTH);
	return NF_ACCEPT;
}

/* The source address is the host's as well. */
static unsigned int umx_bis_in_shared(struct umx_bis_incoming *i)
{
	switch (umx_bis_host_whose(i->bn, i->spool, i->skb)) {
	case UMX_BIS_WHOSE_OURS:
		return umx_bis_in_ours(i);
	case UMX_BIS_WHOSE_BOTH:
		return umx_bis_in_both(i);
	case UMX_BIS_WHOSE_WAITS:
		return NF_STOLEN;
	default:
		return umx_bis_in_native(i);
	}
}

/**
 * umx_bis_in() - translate a packet to IPv4 and take it in again
 * @bn: the namespace
 * @spool: its spool
 * @skb: an IPv6 packet to the spool's source, or to a session's own address,
 *	delivered here, at its network header
 *
 * Return: NF_ACCEPT if it is not ours after all, else NF_STOLEN.
 * Context: RCU, BH off.
 */
unsigned int umx_bis_in(struct umx_bis_net *bn,
			const struct umx_bis_spool *spool, struct sk_buff *skb)
{
	struct umx_bis_incoming i = { .bn = bn, .spool = spool, .skb = skb };

	if (umx_bis_in_is_native(bn, skb))
		return umx_bis_in_native(&i);
	if (spool->shared &&
	    ipv6_addr_equal(&ipv6_hdr(skb)->daddr, &spool->source))
		return umx_bis_in_shared(&i);
	return umx_bis_in_ours(&i);
}
