// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns what host and router do alike with a packet: reading its
 * headers, putting others in their place, and making an ICMP error anew.
 *
 * TTL and hop limit stay equal. The host has forwarded nothing; the router's
 * packets have been forwarded to the device by one version, which has taken
 * one off, and will be by the other.
 */
#include <linux/err.h>
#include <linux/icmpv6.h>
#include <linux/ip.h>
#include <linux/skbuff.h>
#include <net/ip.h>
#include <net/ip6_checksum.h>
#include "gso.h"
#include "icmp.h"
#include "packet.h"
#include "upper.h"
#include "xlat46.h"
#include "xlat64.h"

/* Extension headers are looked for within this much of a packet. */
#define UMX_BIS_PACKET_HEADERS	1280

/* --- reading --- */

/**
 * umx_bis_packet_read4() - the header, and all there should be behind it
 * @skb: an IPv4 packet at its network header; cut to the length it says
 * @head: gets what the header says
 */
enum umx_bis_verdict umx_bis_packet_read4(struct sk_buff *skb,
					  struct umx_bis_head4 *head)
{
	enum umx_bis_verdict verdict;

	if (!pskb_may_pull(skb, sizeof(struct iphdr)) ||
	    !pskb_may_pull(skb, ip_hdrlen(skb)))
		return UMX_BIS_MALFORMED;
	verdict = umx_bis_head4_read(head, skb->data, skb_headlen(skb));
	if (verdict != UMX_BIS_OK)
		return verdict;
	if (head->total > skb->len || pskb_trim_rcsum(skb, head->total))
		return UMX_BIS_MALFORMED;
	if (head->len > UMX_BIS_HEAD4 &&
	    umx_bis_head4_source_routed(skb->data, head->len))
		return UMX_BIS_SOURCE_ROUTE;
	if (umx_bis_proto_is_only4(head->proto))
		return UMX_BIS_PROTO;
	if (!pskb_may_pull(skb, head->len +
			   umx_bis_upper_need(head->proto, head->offset)) ||
	    !umx_bis_gso_is_of(skb, head->proto,
			       umx_bis_head4_is_fragment(head)) ||
	    (skb_is_gso(skb) && skb_transport_offset(skb) != head->len))
		return UMX_BIS_MALFORMED;
	return UMX_BIS_OK;
}

/**
 * umx_bis_packet_read6() - the headers, and all there should be behind them
 * @skb: an IPv6 packet at its network header
 * @head: gets what the headers say
 */
enum umx_bis_verdict umx_bis_packet_read6(struct sk_buff *skb,
					  struct umx_bis_head6 *head)
{
	enum umx_bis_verdict verdict;

	/* The upper layer right behind the header is what there mostly is. */
	verdict = umx_bis_head6_read(head, skb->data, skb_headlen(skb));
	if (verdict == UMX_BIS_MALFORMED &&
	    pskb_may_pull(skb, min_t(u32, skb->len, UMX_BIS_PACKET_HEADERS)))
		verdict = umx_bis_head6_read(head, skb->data,
					     skb_headlen(skb));
	if (verdict != UMX_BIS_OK)
		return verdict;
	if (head->len + head->payload != skb->len ||
	    head->payload > 0xffff - UMX_BIS_HEAD4 ||
	    !pskb_may_pull(skb, head->len +
			   umx_bis_upper_need(head->proto, head->offset)) ||
	    !umx_bis_gso_is_of(skb, head->proto,
			       umx_bis_head6_is_fragment(head)))
		return UMX_BIS_MALFORMED;
	return head->proto == UMX_BIS_ICMP4 ? UMX_BIS_PROTO : UMX_BIS_OK;
}

/**
 * umx_bis_packet_lacks_checksum() - is it a UDP datagram without a checksum?
 * @skb: a packet that was read, at its network header
 * @off: length of its headers
 * @proto: its upper layer's protocol
 * @fragment: it is not the first fragment
 */
bool umx_bis_packet_lacks_checksum(const struct sk_buff *skb, unsigned int off,
				   u8 proto, bool fragment)
{
	return proto == UMX_BIS_UDP && !fragment &&
	       skb->ip_summed != CHECKSUM_PARTIAL &&
	       !umx_bis_get16(skb->data + off + 6);
}

/* --- writing --- */

/* Room for a header before an upper layer, where it is written. */
static u8 *umx_bis_packet_push(struct sk_buff *skb, size_t len, u16 protocol)
{
	skb_reset_transport_header(skb);
	skb_push(skb, len);
	skb_reset_network_header(skb);
	skb_reset_mac_header(skb);
	skb->mac_len = 0;
	skb->protocol = htons(protocol);
	return skb->data;
}

/**
 * umx_bis_packet_put6() - IPv6 headers in place of an IPv4 header
 * @skb: the packet, behind the old header, which is gone
 * @head: what it said
 * @saddr: the new source
 * @daddr: the new destination
 */
void umx_bis_packet_put6(struct sk_buff *skb, const struct umx_bis_head4 *head,
			 const struct in6_addr *saddr,
			 const struct in6_addr *daddr)
{
	size_t len = UMX_BIS_HEAD6;

	if (umx_bis_head4_is_fragment(head))
		len += UMX_BIS_HEAD_FRAG;
	umx_bis_head4_to6(head, saddr, daddr, head->ttl,
			  umx_bis_packet_push(skb, len, ETH_P_IPV6));
}

/**
 * umx_bis_packet_put4() - an IPv4 header in place of IPv6 headers
 * @skb: the packet, behind the old headers, which are gone
 * @head: what they said
 * @saddr: the new source
 * @daddr: the new destination
 * @id: its identification, if it is no fragment
 */
void umx_bis_packet_put4(struct sk_buff *skb, const struct umx_bis_head6 *head,
			 __be32 saddr, __be32 daddr, u16 id)
{
	umx_bis_head6_to4(head, (const u8 *)&saddr, (const u8 *)&daddr,
			  head->hop_limit, id,
			  umx_bis_packet_push(skb, UMX_BIS_HEAD4, ETH_P_IP));
}

/* --- ICMP errors --- */

/**
 * umx_bis_packet_error46() - make an ICMP error anew, for ICMPv6
 * @skb: the error, at its IPv4 header
 * @head: what the header says; then of what is returned
 * @env: pairs of addresses, MTUs
 * @saddr: the new source
 * @daddr: the new destination
 * @headroom: how much room to leave before the IPv6 header
 * @verdict: why there is none
 *
 * What an error quotes changes its length, so it becomes a packet of its own.
 * A checksum that is made anew must have been right.
 *
 * Return: the ICMPv6 message, with room for the headers, or NULL: *@verdict
 * says why; ERR_PTR(): there is no memory.
 */
struct sk_buff *umx_bis_packet_error46(struct sk_buff *skb,
				       struct umx_bis_head4 *head,
				       const struct umx_bis_env *env,
				       const struct in6_addr *saddr,
				       const struct in6_addr *daddr,
				       unsigned int headroom,
				       enum umx_bis_verdict *verdict)
{
	struct sk_buff *new;
	size_t len;

	*verdict = UMX_BIS_MALFORMED;
	if (skb_linearize(skb))
		return ERR_PTR(-ENOMEM);
	if (csum_fold(csum_partial(skb->data + head->len,
				   skb->len - head->len, 0)))
		return NULL;
	new = alloc_skb(headroom + UMX_BIS_HEAD6 + UMX_BIS_ICMP6_MAX,
			GFP_ATOMIC);
	if (!new)
		return ERR_PTR(-ENOMEM);
	skb_reserve(new, headroom + UMX_BIS_HEAD6);
	*verdict = umx_bis_icmp46_error(skb->data + head->len,
					skb->len - head->len, env, new->data,
					&len);
	if (*verdict != UMX_BIS_OK) {
		kfree_skb(new);
		return NULL;
	}
	skb_put(new, len);
	((struct icmp6hdr *)new->data)->icmp6_cksum =
		csum_ipv6_magic(saddr, daddr, len, UMX_BIS_ICMP6,
				csum_partial(new->data, len, 0));
	new->mark = skb->mark;
	new->priority = skb->priority;
	head->total = UMX_BIS_HEAD4 + len;
	head->len = UMX_BIS_HEAD4;
	return new;
}

/* Its checksum is made anew, so that a wrong one must not pass. */
static bool umx_bis_packet_sound6(const struct sk_buff *skb,
				  const struct umx_bis_head6 *head)
{
	if (skb_csum_unnecessary(skb))
		return true;
	return !csum_ipv6_magic(&head->saddr, &head->daddr, head->payload,
				UMX_BIS_ICMP6,
				csum_partial(skb->data + head->len,
					     head->payload, 0));
}

/**
 * umx_bis_packet_error64() - make an ICMPv6 error anew, for ICMP
 * @skb: the error, at its IPv6 header
 * @head: what the headers say; then of what is returned
 * @env: pairs of addresses, MTUs
 * @verdict: why there is none
 *
 * Return: as umx_bis_packet_error46().
 */
struct sk_buff *umx_bis_packet_error64(struct sk_buff *skb,
				       struct umx_bis_head6 *head,
				       const struct umx_bis_env *env,
				       enum umx_bis_verdict *verdict)
{
	struct sk_buff *new;
	size_t len;

	*verdict = UMX_BIS_MALFORMED;
	if (skb_linearize(skb))
		return ERR_PTR(-ENOMEM);
	if (!umx_bis_packet_sound6(skb, head))
		return NULL;
	new = alloc_skb(UMX_BIS_HEAD4 + UMX_BIS_ICMP4_MAX, GFP_ATOMIC);
	if (!new)
		return ERR_PTR(-ENOMEM);
	skb_reserve(new, UMX_BIS_HEAD4);
	*verdict = umx_bis_icmp64_error(skb->data + head->len, head->payload,
					env, new->data, &len);
	if (*verdict != UMX_BIS_OK) {
		kfree_skb(new);
		return NULL;
	}
	skb_put(new, len);
	new->mark = skb->mark;
	head->payload = len;
	return new;
}
