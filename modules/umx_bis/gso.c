// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns GSO and GRO packets: they are translated as they are, headers
 * and type changed. gso_size counts data behind the headers; it stays, because
 * the device's MTU is 20 less than the path's, so that a segment fits on either
 * side, and because whoever merged or will cut the segments has counted in it.
 */
#include <linux/err.h>
#include <linux/skbuff.h>
#include <net/gso.h>
#include "gso.h"
#include "wire.h"

#define UMX_BIS_GSO_WHOLE	(SKB_GSO_TCPV4 | SKB_GSO_TCPV6 |	\
				 SKB_GSO_TCP_ECN | SKB_GSO_TCP_FIXEDID | \
				 SKB_GSO_UDP_L4 | SKB_GSO_DODGY)

/**
 * umx_bis_gso_whole() - can it be translated as it is?
 * @skb: a GSO packet
 *
 * Not those that carry a header of IP inside, are lists of packets with a
 * header each, or are longer than the other version can say.
 */
bool umx_bis_gso_whole(const struct sk_buff *skb)
{
	return !(skb_shinfo(skb)->gso_type & ~UMX_BIS_GSO_WHOLE) &&
	       skb->len <= 0xffff;
}

/**
 * umx_bis_gso_is_of() - is it what its IP header says?
 * @skb: a packet, of GSO or not
 * @proto: its upper layer's protocol
 * @fragment: it is a fragment
 *
 * What the kernel has made is. Whoever may open a packet socket or a tap can
 * say of ping that it is TCP to be cut.
 */
bool umx_bis_gso_is_of(const struct sk_buff *skb, u8 proto, bool fragment)
{
	unsigned int type = skb_shinfo(skb)->gso_type;

	if (!skb_is_gso(skb))
		return true;
	if (fragment)
		return false;
	if (type & (SKB_GSO_TCPV4 | SKB_GSO_TCPV6))
		return proto == UMX_BIS_TCP;
	return type & SKB_GSO_UDP_L4 && proto == UMX_BIS_UDP;
}

/**
 * umx_bis_gso_split() - cut it into its segments
 * @skb: a GSO packet, at its network header; it is consumed
 *
 * Return: a list of them, linked by their next pointers, or NULL.
 */
struct sk_buff *umx_bis_gso_split(struct sk_buff *skb)
{
	struct sk_buff *segs;

	skb_reset_mac_header(skb);
	skb_reset_mac_len(skb);
	segs = skb_gso_segment(skb, NETIF_F_SG | NETIF_F_HW_CSUM);
	if (IS_ERR_OR_NULL(segs)) {
		kfree_skb(skb);
		return NULL;
	}
	consume_skb(skb);
	return segs;
}

/* IPv4 alone may repeat its identification (FIXEDID). */
void umx_bis_gso_to6(struct sk_buff *skb)
{
	struct skb_shared_info *info = skb_shinfo(skb);

	if (!skb_is_gso(skb) || !(info->gso_type & SKB_GSO_TCPV4))
		return;
	info->gso_type &= ~(SKB_GSO_TCPV4 | SKB_GSO_TCP_FIXEDID);
	info->gso_type |= SKB_GSO_TCPV6;
}

void umx_bis_gso_to4(struct sk_buff *skb)
{
	struct skb_shared_info *info = skb_shinfo(skb);

	if (!skb_is_gso(skb) || !(info->gso_type & SKB_GSO_TCPV6))
		return;
	info->gso_type &= ~SKB_GSO_TCPV6;
	info->gso_type |= SKB_GSO_TCPV4;
}
