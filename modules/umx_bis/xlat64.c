// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the way from IPv6 headers to an IPv4 header (RFC 7915,
 * section 5.1). Pure.
 */
#include "xlat64.h"

static void umx_bis_head6_fragment(struct umx_bis_head6 *head, const u8 *p)
{
	u16 frag = umx_bis_get16(p + 2);

	head->fragment = true;
	head->mf = frag & 1;
	head->offset = frag & 0xfff8;
	head->id = umx_bis_get32(p + 4);
}

/* One extension header; false: @head->proto is the upper layer's. */
static bool umx_bis_head6_skip(struct umx_bis_head6 *head, const u8 *p,
			       size_t len, enum umx_bis_verdict *verdict)
{
	const u8 *ext = p + head->len;
	size_t left = len - head->len;
	u16 size;

	switch (head->proto) {
	case UMX_BIS_HOPOPTS:
	case UMX_BIS_DSTOPTS:
	case UMX_BIS_ROUTING:
	case UMX_BIS_FRAGMENT:
		break;
	default:
		return false;
	}
	/* What is behind a fragment header is not whole: 5.1.1. */
	if (head->fragment) {
		*verdict = UMX_BIS_EXTHDR;
		return false;
	}
	*verdict = UMX_BIS_MALFORMED;
	if (left < UMX_BIS_HEAD_FRAG)
		return false;
	size = head->proto == UMX_BIS_FRAGMENT ? UMX_BIS_HEAD_FRAG :
						 (ext[1] + 1) * 8;
	if (size > left || size > head->payload)
		return false;
	if (head->proto == UMX_BIS_ROUTING && ext[3]) {
		head->pointer = head->len + 3;
		*verdict = UMX_BIS_ROUTING_HEADER;
		return false;
	}
	if (head->proto == UMX_BIS_FRAGMENT)
		umx_bis_head6_fragment(head, ext);
	*verdict = UMX_BIS_OK;
	head->proto = ext[0];
	head->len += size;
	head->payload -= size;
	return true;
}

/**
 * umx_bis_head6_read() - read an IPv6 header and its extension headers
 * @head: what they say
 * @p: the packet
 * @len: how much of it there is; it may be less than the packet's length
 *
 * Return: UMX_BIS_OK, UMX_BIS_MALFORMED, UMX_BIS_ROUTING_HEADER (an error
 * points at @head->pointer) or UMX_BIS_EXTHDR.
 */
enum umx_bis_verdict umx_bis_head6_read(struct umx_bis_head6 *head,
					const u8 *p, size_t len)
{
	enum umx_bis_verdict verdict = UMX_BIS_OK;

	if (len < UMX_BIS_HEAD6 || p[0] >> 4 != 6)
		return UMX_BIS_MALFORMED;
	memset(head, 0, sizeof(*head));
	head->len = UMX_BIS_HEAD6;
	head->tclass = umx_bis_get16(p) >> 4;
	head->payload = umx_bis_get16(p + 4);
	head->proto = p[6];
	head->hop_limit = p[7];
	memcpy(&head->saddr, p + 8, 16);
	memcpy(&head->daddr, p + 24, 16);
	while (umx_bis_head6_skip(head, p, len, &verdict))
		;
	if (verdict == UMX_BIS_OK && umx_bis_head6_is_fragment(head) &&
	    (u32)head->offset + head->payload > 0xffff)
		return UMX_BIS_MALFORMED;
	return verdict;
}

/**
 * umx_bis_head6_to4() - write the IPv4 header for IPv6 headers
 * @head: the IPv6 headers; not more than 65,515 bytes are behind them
 * @saddr: source
 * @daddr: destination
 * @ttl: time to live
 * @id: identification of a packet that is not a fragment
 * @out: gets 20 bytes, checksum included
 */
void umx_bis_head6_to4(const struct umx_bis_head6 *head, const u8 saddr[4],
		       const u8 daddr[4], u8 ttl, u16 id, u8 *out)
{
	u16 total = head->payload + UMX_BIS_HEAD4;
	u16 frag = 0;
	u32 sum;

	if (head->fragment) {
		id = head->id;
		frag = head->offset / 8 | (head->mf ? 0x2000 : 0);
	} else if (total > UMX_BIS_DF_SIZE) {
		frag = 0x4000;
	}
	out[0] = 0x45;
	out[1] = head->tclass;
	umx_bis_put16(out + 2, total);
	umx_bis_put16(out + 4, id);
	umx_bis_put16(out + 6, frag);
	out[8] = ttl;
	out[9] = head->proto == UMX_BIS_ICMP6 ? UMX_BIS_ICMP4 : head->proto;
	memcpy(out + 12, saddr, 4);
	memcpy(out + 16, daddr, 4);
	sum = umx_bis_get16(out) + total + id + frag + umx_bis_get16(out + 8);
	sum = umx_bis_sum(saddr, 4, umx_bis_sum(daddr, 4, sum));
	umx_bis_put16(out + 10, ~umx_bis_fold(sum));
}
