// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the way from an IPv4 header to an IPv6 header (RFC 7915,
 * section 4.1). Pure.
 */
#include "xlat46.h"

enum {
	OPT_END = 0,
	OPT_NOP = 1,
	OPT_LSRR = 131,
	OPT_SSRR = 137,
};

/**
 * umx_bis_head4_read() - read an IPv4 header
 * @head: what it says
 * @p: the packet
 * @len: how much of it there is; it may be less than the packet's length
 *
 * Return: UMX_BIS_OK or UMX_BIS_MALFORMED. The header's own checksum is for
 * whoever received the packet to verify.
 */
enum umx_bis_verdict umx_bis_head4_read(struct umx_bis_head4 *head,
					const u8 *p, size_t len)
{
	u16 frag;

	if (len < UMX_BIS_HEAD4 || p[0] >> 4 != 4)
		return UMX_BIS_MALFORMED;
	head->len = (p[0] & 15) * 4;
	head->total = umx_bis_get16(p + 2);
	if (head->len < UMX_BIS_HEAD4 || head->len > len ||
	    head->total < head->len)
		return UMX_BIS_MALFORMED;
	head->tos = p[1];
	head->id = umx_bis_get16(p + 4);
	frag = umx_bis_get16(p + 6);
	head->df = frag & 0x4000;
	head->mf = frag & 0x2000;
	head->offset = (frag & 0x1fff) * 8;
	head->ttl = p[8];
	head->proto = p[9];
	memcpy(head->saddr, p + 12, 4);
	memcpy(head->daddr, p + 16, 4);
	return UMX_BIS_OK;
}

/**
 * umx_bis_head4_source_routed() - is there a source route with hops to go?
 * @p: an IPv4 header that umx_bis_head4_read() has read
 * @len: its length
 *
 * Every other option is left out in translation, as the RFC wants it.
 */
bool umx_bis_head4_source_routed(const u8 *p, size_t len)
{
	size_t i = UMX_BIS_HEAD4;

	while (i < len && p[i] != OPT_END) {
		if (p[i] == OPT_NOP) {
			i++;
			continue;
		}
		if (i + 1 >= len || p[i + 1] < 2 || i + p[i + 1] > len)
			return false;
		/* the pointer counts from 1; beyond the option: used up */
		if ((p[i] == OPT_LSRR || p[i] == OPT_SSRR) && p[i + 1] > 2 &&
		    p[i + 2] <= p[i + 1])
			return true;
		i += p[i + 1];
	}
	return false;
}

/**
 * umx_bis_head4_to6() - write the IPv6 header for an IPv4 header
 * @head: the IPv4 header
 * @saddr: source
 * @daddr: destination
 * @hop_limit: hop limit
 * @out: gets it, and a fragment header behind it if the packet is a fragment
 *
 * Return: 40 or 48 bytes. There is no fragment header that would say only
 * that the packet may be fragmented: RFC 7915 has given that up (RFC 8021).
 */
size_t umx_bis_head4_to6(const struct umx_bis_head4 *head,
			 const struct in6_addr *saddr,
			 const struct in6_addr *daddr, u8 hop_limit, u8 *out)
{
	u8 next = head->proto == UMX_BIS_ICMP4 ? UMX_BIS_ICMP6 : head->proto;
	bool fragment = umx_bis_head4_is_fragment(head);
	u16 payload = head->total - head->len;
	u8 *frag = out + UMX_BIS_HEAD6;

	umx_bis_put32(out, 6u << 28 | (u32)head->tos << 20);
	umx_bis_put16(out + 4, payload + (fragment ? UMX_BIS_HEAD_FRAG : 0));
	out[6] = fragment ? UMX_BIS_FRAGMENT : next;
	out[7] = hop_limit;
	memcpy(out + 8, saddr, 16);
	memcpy(out + 24, daddr, 16);
	if (!fragment)
		return UMX_BIS_HEAD6;
	frag[0] = next;
	frag[1] = 0;
	umx_bis_put16(frag + 2, head->offset | head->mf);
	umx_bis_put32(frag + 4, head->id);
	return UMX_BIS_HEAD6 + UMX_BIS_HEAD_FRAG;
}
