// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the codec of the PreserveTCP options: every byte of a peer's
 * option is judged here, and nowhere else.
 */
#include <linux/errno.h>
#include <linux/string.h>
#include <asm/byteorder.h>
#include "option.h"

#define UMX_OPTION_PAD1	0
#define UMX_OPTION_PADN	1

/* The bytes of an acceptance: the bitmap and the check. */
#define UMX_OPTION_ACCEPT_LEN	5

static unsigned int umx_prefix_bytes(u8 plen)
{
	return (plen + 7) / 8;
}

/* Keep the first @plen bits of @addr. */
static void umx_prefix_mask(struct in6_addr *addr, u8 plen)
{
	unsigned int byte = plen / 8;

	if (plen >= 128)
		return;
	if (plen % 8)
		addr->s6_addr[byte++] &= 0xff << (8 - plen % 8);
	memset(&addr->s6_addr[byte], 0, 16 - byte);
}

/**
 * umx_prefix_resolve() - the address a prefix stands for
 * @prefix: entry of an offer
 * @base: address its sender has on this connection; gives the other bits
 * @addr: gets the address
 */
void umx_prefix_resolve(const struct umx_prefix *prefix,
			const struct in6_addr *base, struct in6_addr *addr)
{
	unsigned int byte = prefix->plen / 8;

	*addr = *base;
	memcpy(addr, &prefix->addr, byte);
	if (prefix->plen % 8) {
		addr->s6_addr[byte] &= 0xff >> prefix->plen % 8;
		addr->s6_addr[byte] |= prefix->addr.s6_addr[byte];
	}
}

/**
 * umx_offer_add() - add an address to an offer
 * @offer: the offer
 * @addr: the address
 * @base: the address the connection has; an alternative with the same host
 *	identifier, its last 64 bits, goes as a prefix
 *
 * Return: false if the offer is full.
 */
bool umx_offer_add(struct umx_offer *offer, const struct in6_addr *addr,
		   const struct in6_addr *base)
{
	struct umx_prefix *prefix = &offer->entry[offer->n];

	if (offer->n >= UMX_OFFER_MAX)
		return false;
	prefix->addr = *addr;
	prefix->plen = memcmp(&addr->s6_addr[8], &base->s6_addr[8], 8) ? 128 : 64;
	umx_prefix_mask(&prefix->addr, prefix->plen);
	offer->n++;
	return true;
}

bool umx_offer_equal(const struct umx_offer *a, const struct umx_offer *b)
{
	unsigned int i;

	if (a->n != b->n)
		return false;
	for (i = 0; i < a->n; i++)
		if (a->entry[i].plen != b->entry[i].plen ||
		    memcmp(&a->entry[i].addr, &b->entry[i].addr,
			   sizeof(a->entry[i].addr)))
			return false;
	return true;
}

/**
 * umx_offer_digest() - what the check of an acceptance is taken over
 * @offer: the offer that is accepted
 * @bitmap: which of its entries are
 * @isn: the offerer's initial sequence number
 * @port: the offerer's port
 * @peer_port: the other port
 * @digest: filled
 *
 * Return: how many bytes of it; entries that are not there are not covered.
 */
unsigned int
umx_offer_digest(const struct umx_offer *offer, u8 bitmap, __be32 isn,
		 __be16 port, __be16 peer_port,
		 struct umx_option_digest *digest)
{
	const unsigned int head = sizeof(*digest) - sizeof(digest->addr);
	unsigned int i;

	memset(digest, 0, head);
	digest->isn = isn;
	digest->port = port;
	digest->peer_port = peer_port;
	digest->bitmap = bitmap;
	digest->n = offer->n;
	for (i = 0; i < offer->n; i++) {
		digest->plen[i] = offer->entry[i].plen;
		digest->addr[i] = offer->entry[i].addr;
	}
	return head + i * sizeof(digest->addr[0]);
}

/* --- reading --------------------------------------------------------------- */

/* Entries until the end. Those beyond UMX_OFFER_MAX must be sound too. */
static int umx_offer_parse(const u8 *p, unsigned int len,
			   struct umx_offer *offer, bool *cut)
{
	struct umx_prefix *prefix;
	unsigned int bytes;
	u8 plen;

	offer->n = 0;
	while (len) {
		plen = p[0];
		bytes = umx_prefix_bytes(plen);
		if (!plen || plen > 128 || len < 1 + bytes)
			return -EBADMSG;
		if (offer->n < UMX_OFFER_MAX) {
			prefix = &offer->entry[offer->n++];
			memset(prefix, 0, sizeof(*prefix));
			prefix->plen = plen;
			memcpy(&prefix->addr, p + 1, bytes);
			/* pad bits are the host's own; they do not count */
			umx_prefix_mask(&prefix->addr, plen);
		} else {
			*cut = true;
		}
		p += 1 + bytes;
		len -= 1 + bytes;
	}
	return 0;
}

static int umx_option_parse_compact(const u8 *p, unsigned int len,
				    struct umx_option *option)
{
	u8 what;

	if (!len || (p[0] & UMX_OPTION_SUBTYPE_MASK) != UMX_OPTION_SUBTYPE)
		return -ENOENT;		/* somebody else's experiment */
	what = p[0] & ~UMX_OPTION_SUBTYPE_MASK;
	p++;
	len--;
	if (!what)
		return -EBADMSG;
	if (what & UMX_OPTION_ACCEPT) {
		if (len < UMX_OPTION_ACCEPT_LEN)
			return -EBADMSG;
		option->bitmap = p[0];
		option->check = (u32)p[1] << 24 | p[2] << 16 | p[3] << 8 | p[4];
		p += UMX_OPTION_ACCEPT_LEN;
		len -= UMX_OPTION_ACCEPT_LEN;
	}
	if (what & UMX_OPTION_OFFER) {
		if (umx_offer_parse(p, len, &option->offer, &option->cut))
			return -EBADMSG;
	} else if (len) {
		return -EBADMSG;
	}
	option->what = what;
	option->thesis = false;
	return 0;
}

/* One option of the thesis; the header may hold both. */
static int umx_option_parse_thesis(u8 type, const u8 *p, unsigned int len,
				   struct umx_option *option)
{
	u8 what = type == UMX_OPTION_THESIS_SYN ? UMX_OPTION_OFFER :
						  UMX_OPTION_ACCEPT;
	struct umx_offer *offer = what == UMX_OPTION_OFFER ? &option->offer :
							     &option->echo;

	if (option->what && (!option->thesis || option->what & what))
		return 0;	/* only the first counts */
	if (umx_offer_parse(p, len, offer, &option->cut))
		return -EBADMSG;
	option->what |= what;
	option->thesis = true;
	return 0;
}

/**
 * umx_option_parse() - read a Destination Options header
 * @hdr: the header, from its next header field
 * @len: its length; a multiple of 8
 * @option: what it says
 *
 * Only the first option of ours counts, or the first of each kind in the form
 * of the thesis. Return: 0; -ENOENT: there is none of ours; -EBADMSG: an option
 * of ours, or the header, is malformed.
 */
int umx_option_parse(const u8 *hdr, unsigned int len, struct umx_option *option)
{
	unsigned int off = 2, body;
	int err;

	umx_option_clear(option);
	if (len < 8 || len != ((unsigned int)hdr[1] + 1) * 8)
		return -EBADMSG;
	while (off < len) {
		if (hdr[off] == UMX_OPTION_PAD1) {
			off++;
			continue;
		}
		if (off + 2 > len || off + 2 + hdr[off + 1] > len)
			return -EBADMSG;
		body = hdr[off + 1];
		err = 0;
		switch (hdr[off]) {
		case UMX_OPTION_PADN:
			break;
		case UMX_OPTION_COMPACT:
			if (option->what)
				break;
			err = umx_option_parse_compact(hdr + off + 2, body,
						       option);
			if (err == -ENOENT) {
				option->alone = false;
				err = 0;
			}
			break;
		case UMX_OPTION_THESIS_SYN:
		case UMX_OPTION_THESIS_ACK:
			err = umx_option_parse_thesis(hdr[off], hdr + off + 2,
						      body, option);
			break;
		default:
			option->alone = false;
		}
		if (err)
			return err;
		off += 2 + body;
	}
	return option->what ? 0 : -ENOENT;
}

/* --- writing --------------------------------------------------------------- */

static unsigned int umx_offer_length(const struct umx_offer *offer)
{
	unsigned int i, len = 0;

	for (i = 0; i < offer->n; i++)
		len += 1 + umx_prefix_bytes(offer->entry[i].plen);
	return len;
}

static u8 *umx_offer_write(u8 *p, const struct umx_offer *offer)
{
	unsigned int i, bytes;

	for (i = 0; i < offer->n; i++) {
		bytes = umx_prefix_bytes(offer->entry[i].plen);
		*p++ = offer->entry[i].plen;
		memcpy(p, &offer->entry[i].addr, bytes);
		p += bytes;
	}
	return p;
}

/* Bytes of our options, without the header's first two and the padding. */
static unsigned int umx_option_bytes(const struct umx_option *option)
{
	unsigned int len = 0;

	if (option->thesis) {
		if (option->what & UMX_OPTION_OFFER)
			len += 2 + umx_offer_length(&option->offer);
		if (option->what & UMX_OPTION_ACCEPT)
			len += 2 + umx_offer_length(&option->echo);
		return len;
	}
	len = 3;
	if (option->what & UMX_OPTION_ACCEPT)
		len += UMX_OPTION_ACCEPT_LEN;
	if (option->what & UMX_OPTION_OFFER)
		len += umx_offer_length(&option->offer);
	return len;
}

/* What umx_option_write() would write. */
unsigned int umx_option_length(const struct umx_option *option)
{
	return (2 + umx_option_bytes(option) + 7) / 8 * 8;
}

static u8 *umx_option_write_thesis(u8 *p, const struct umx_option *option)
{
	if (option->what & UMX_OPTION_OFFER) {
		*p++ = UMX_OPTION_THESIS_SYN;
		*p++ = umx_offer_length(&option->offer);
		p = umx_offer_write(p, &option->offer);
	}
	if (option->what & UMX_OPTION_ACCEPT) {
		*p++ = UMX_OPTION_THESIS_ACK;
		*p++ = umx_offer_length(&option->echo);
		p = umx_offer_write(p, &option->echo);
	}
	return p;
}

static u8 *umx_option_write_compact(u8 *p, const struct umx_option *option)
{
	*p++ = UMX_OPTION_COMPACT;
	*p++ = umx_option_bytes(option) - 2;
	*p++ = UMX_OPTION_SUBTYPE | option->what;
	if (option->what & UMX_OPTION_ACCEPT) {
		*p++ = option->bitmap;
		*p++ = option->check >> 24;
		*p++ = option->check >> 16;
		*p++ = option->check >> 8;
		*p++ = option->check;
	}
	if (option->what & UMX_OPTION_OFFER)
		p = umx_offer_write(p, &option->offer);
	return p;
}

/**
 * umx_option_write() - write a Destination Options header
 * @hdr: where to
 * @size: room there
 * @nexthdr: what follows it
 * @option: what it is to say
 *
 * Return: its length, or -EMSGSIZE.
 */
int umx_option_write(u8 *hdr, unsigned int size, u8 nexthdr,
		     const struct umx_option *option)
{
	unsigned int len = umx_option_length(option), pad;
	u8 *p = hdr + 2;

	if (len > size)
		return -EMSGSIZE;
	hdr[0] = nexthdr;
	hdr[1] = len / 8 - 1;
	p = option->thesis ? umx_option_write_thesis(p, option) :
			     umx_option_write_compact(p, option);
	pad = hdr + len - p;
	memset(p, 0, pad);
	if (pad > 1) {
		p[0] = UMX_OPTION_PADN;
		p[1] = pad - 2;
	}
	return len;
}
