// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns checksums that cover addresses, and echo, whose type
 * changes. A checksum is adjusted by what has changed, never made anew: what
 * was wrong stays wrong, and the data is not touched. Work that was left to
 * the hardware (CHECKSUM_PARTIAL) stays left to it.
 */
#include <linux/ipv6.h>
#include <linux/skbuff.h>
#include <net/checksum.h>
#include <net/ip6_checksum.h>
#include "icmp.h"
#include "upper.h"
#include "xlat46.h"
#include "xlat64.h"

static u64 umx_bis_sum_addr(const struct in6_addr *addr)
{
	const u32 *word = (__force const u32 *)addr->s6_addr32;

	return (u64)word[0] + word[1] + word[2] + word[3];
}

static __wsum umx_bis_sum_addr6(const struct in6_addr *saddr,
				const struct in6_addr *daddr)
{
	u64 sum = umx_bis_sum_addr(saddr) + umx_bis_sum_addr(daddr);

	return csum_add((__force __wsum)sum, (__force __wsum)(sum >> 32));
}

static __wsum umx_bis_sum_addr4(__be32 saddr, __be32 daddr)
{
	return csum_add((__force __wsum)saddr, (__force __wsum)daddr);
}

/* Does the hardware, or the last step in software, finish this checksum? */
static bool umx_bis_upper_is_partial(const struct sk_buff *skb,
				     unsigned int off)
{
	return skb->ip_summed == CHECKSUM_PARTIAL &&
	       skb_checksum_start_offset(skb) == off;
}

/**
 * umx_bis_upper_need() - how much of an upper layer must be at hand
 * @proto: its protocol
 * @fragment: it is not the first fragment
 */
size_t umx_bis_upper_need(u8 proto, bool fragment)
{
	unsigned int check = umx_bis_check_offset(proto);

	if (fragment)
		return 0;
	if (proto == UMX_BIS_ICMP4 || proto == UMX_BIS_ICMP6)
		return UMX_BIS_HEAD_ICMP;
	return check ? check + sizeof(__sum16) : 0;
}

/*
 * Changes the checksum @check by @diff. What the device has summed up
 * (CHECKSUM_COMPLETE) covers the checksum, too.
 */
static void umx_bis_upper_adjust(struct sk_buff *skb, __sum16 *check,
				 __wsum diff, bool partial, bool udp)
{
	__sum16 old = *check;

	if (partial) {
		*check = ~csum_fold(csum_add(diff, csum_unfold(old)));
		return;
	}
	*check = csum_fold(csum_add(diff, ~csum_unfold(old)));
	if (udp && !*check)
		*check = CSUM_MANGLED_0;
	if (skb->ip_summed == CHECKSUM_COMPLETE)
		skb->csum = csum_add(csum_sub(skb->csum, csum_unfold(old)),
				     csum_unfold(*check));
}

/*
 * IPv6 has no UDP without a checksum: leave it to whoever sends it. A checksum
 * of what is inside comes first.
 */
static int umx_bis_upper_udp(struct sk_buff *skb, unsigned int off,
			     const struct in6_addr *saddr,
			     const struct in6_addr *daddr)
{
	__sum16 *check;
	int err;

	if (skb->ip_summed == CHECKSUM_PARTIAL) {
		err = skb_checksum_help(skb);
		if (err)
			return err;
	}
	check = (__sum16 *)(skb->data + off + 6);
	*check = ~csum_ipv6_magic(saddr, daddr, skb->len - off, UMX_BIS_UDP, 0);
	skb->ip_summed = CHECKSUM_PARTIAL;
	skb->csum_start = skb_headroom(skb) + off;
	skb->csum_offset = 6;
	return 0;
}

/* The type of an echo, which shares a word with the code. */
static __wsum umx_bis_upper_echo(struct sk_buff *skb, unsigned int off, u8 type)
{
	__be16 *word = (__be16 *)(skb->data + off);
	__be16 old = *word;
	__wsum diff;

	skb->data[off] = type;
	diff = csum_sub((__force __wsum)*word, (__force __wsum)old);
	if (skb->ip_summed == CHECKSUM_COMPLETE)
		skb->csum = csum_add(skb->csum, diff);
	return diff;
}

/* The pseudo header that ICMPv6 has and ICMP has not. */
static __wsum umx_bis_upper_pseudo(const struct in6_addr *saddr,
				   const struct in6_addr *daddr, u32 len)
{
	return csum_add(umx_bis_sum_addr6(saddr, daddr),
			(__force __wsum)htonl(len + UMX_BIS_ICMP6));
}

/**
 * umx_bis_upper46() - behind an IPv4 header that becomes an IPv6 header
 * @skb: the packet, at its IPv4 header; umx_bis_upper_need() bytes behind the
 *	header are linear and writable
 * @head: what the header says
 * @saddr: the new source
 * @daddr: the new destination
 *
 * Return: 0, or the error of a checksum that had to be made here.
 */
int umx_bis_upper46(struct sk_buff *skb, const struct umx_bis_head4 *head,
		    const struct in6_addr *saddr,
		    const struct in6_addr *daddr)
{
	unsigned int off = head->len, check = umx_bis_check_offset(head->proto);
	const struct iphdr *ip = (const struct iphdr *)skb->data;
	__wsum diff;
	int err;

	if (head->offset)
		return 0;
	if (head->proto == UMX_BIS_ICMP4) {
		if (umx_bis_upper_is_partial(skb, off)) {
			err = skb_checksum_help(skb);
			if (err)
				return err;
		}
		diff = umx_bis_upper_echo(skb, off,
					  umx_bis_icmp4_echo_to6(skb->data[off]));
		diff = csum_add(diff, umx_bis_upper_pseudo(saddr, daddr,
							   skb->len - off));
		umx_bis_upper_adjust(skb, (__sum16 *)(skb->data + off + 2),
				     diff, false, false);
		return 0;
	}
	if (!check)
		return 0;
	if (head->proto == UMX_BIS_UDP && !umx_bis_upper_is_partial(skb, off) &&
	    !*(__sum16 *)(skb->data + off + check))
		return umx_bis_upper_udp(skb, off, saddr, daddr);
	diff = csum_sub(umx_bis_sum_addr6(saddr, daddr),
			umx_bis_sum_addr4(ip->saddr, ip->daddr));
	umx_bis_upper_adjust(skb, (__sum16 *)(skb->data + off + check), diff,
			     umx_bis_upper_is_partial(skb, off),
			     head->proto == UMX_BIS_UDP);
	return 0;
}

/**
 * umx_bis_upper64() - behind IPv6 headers that become an IPv4 header
 * @skb: the packet, behind its IPv6 headers; umx_bis_upper_need() bytes are
 *	linear and writable
 * @head: what the headers said
 * @saddr: the new source
 * @daddr: the new destination
 *
 * Return: 0, or the error of a checksum that had to be made here.
 */
int umx_bis_upper64(struct sk_buff *skb, const struct umx_bis_head6 *head,
		    __be32 saddr, __be32 daddr)
{
	unsigned int check = umx_bis_check_offset(head->proto);
	__wsum diff;
	int err;

	if (head->offset)
		return 0;
	if (head->proto == UMX_BIS_ICMP6) {
		if (umx_bis_upper_is_partial(skb, 0)) {
			err = skb_checksum_help(skb);
			if (err)
				return err;
		}
		diff = umx_bis_upper_echo(skb, 0,
					  umx_bis_icmp6_echo_to4(skb->data[0]));
		diff = csum_sub(diff, umx_bis_upper_pseudo(&head->saddr,
							   &head->daddr,
							   skb->len));
		umx_bis_upper_adjust(skb, (__sum16 *)(skb->data + 2), diff,
				     false, false);
		return 0;
	}
	if (!check)
		return 0;
	diff = csum_sub(umx_bis_sum_addr4(saddr, daddr),
			umx_bis_sum_addr6(&head->saddr, &head->daddr));
	umx_bis_upper_adjust(skb, (__sum16 *)(skb->data + check), diff,
			     umx_bis_upper_is_partial(skb, 0),
			     head->proto == UMX_BIS_UDP);
	return 0;
}
