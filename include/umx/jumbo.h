/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns how segments of more than 64 KiB (BIG TCP) are told.
 *
 * Where gso_max_size or gro_max_size of a device was raised Linux before 7
 * builds them, and merges what comes in into them, with a hop-by-hop header
 * that holds nothing but their length (RFC 2675). They are segments like any
 * other. IPv6 has checked the length when it received them, and refuses it where
 * it was not needed.
 */
#ifndef _UMX_JUMBO_H
#define _UMX_JUMBO_H

#include <linux/in6.h>
#include <linux/ipv6.h>
#include <linux/skbuff.h>
#include <net/ipv6.h>

/**
 * umx_jumbo() - is this a TCP segment behind its length?
 * @skb: a packet that IPv6 has received; its TCP header is where it is said to be
 *
 * Context: any.
 */
static inline bool umx_jumbo(const struct sk_buff *skb)
{
	const struct ipv6hdr *ip6h = ipv6_hdr(skb);
	const u8 *hop;
	u8 buf[4];

	if (likely(ip6h->nexthdr != NEXTHDR_HOP))
		return false;
	hop = skb_header_pointer(skb, skb_network_offset(skb) + sizeof(*ip6h),
				 sizeof(buf), buf);
	return hop && hop[0] == IPPROTO_TCP && !hop[1] &&
	       hop[2] == IPV6_TLV_JUMBO;
}

#endif /* _UMX_JUMBO_H */
