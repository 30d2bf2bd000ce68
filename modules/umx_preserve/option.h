/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns how offers and acceptances are written into an IPv6
 * Destination Options header. Pure: no state, no kernel services, so that it
 * also builds in user space.
 *
 * The compact form, one option (docs/protocols/preserve.md has the diagrams):
 *
 *   0x1E  length  0x50 | what  [bitmap  check:4]  {plen  prefix:(plen+7)/8} ...
 *
 * what: bit 0: there is an offer, bit 1: an acceptance. An acceptance comes
 * first; an offer is all that follows, and may be empty.
 *
 * The form of the thesis: option 0x0B is an offer, 0x0C an acceptance, both
 * {plen prefix} ...
 */
#ifndef _UMX_PRESERVE_OPTION_H
#define _UMX_PRESERVE_OPTION_H

#include <linux/in6.h>
#include <linux/types.h>

#define UMX_OPTION_COMPACT	0x1e	/* RFC 4727: skip if unknown, immutable */
#define UMX_OPTION_THESIS_SYN	0x0b
#define UMX_OPTION_THESIS_ACK	0x0c

#define UMX_OPTION_SUBTYPE	0x50
#define UMX_OPTION_SUBTYPE_MASK	0xfc
#define UMX_OPTION_OFFER	0x01
#define UMX_OPTION_ACCEPT	0x02

/* Entries we write or keep; a bitmap has a bit for each. */
#define UMX_OFFER_MAX		8
/* The longest header we write: 8 /128 and an acceptance, in either form. */
#define UMX_OPTION_HEADER_MAX	288

/**
 * struct umx_prefix - one entry of an offer
 * @addr: the first @plen bits count; the others are 0.
 * @plen: 1 to 128.
 */
struct umx_prefix {
	struct in6_addr addr;
	u8 plen;
};

/**
 * struct umx_offer - alternatives of one end
 * @n: how many; at most UMX_OFFER_MAX.
 * @entry: in the order of preference.
 */
struct umx_offer {
	u8 n;
	struct umx_prefix entry[UMX_OFFER_MAX];
};

/**
 * struct umx_option - what one segment says
 * @what: UMX_OPTION_OFFER, UMX_OPTION_ACCEPT or both; 0: nothing.
 * @thesis: in the form of the thesis: an acceptance is @echo.
 * @alone: the header holds nothing else but padding, and may be taken off.
 * @cut: entries beyond UMX_OFFER_MAX were left out (parsing).
 * @bitmap: entries accepted; bit 0 is the first.
 * @check: check of the accepted offer.
 * @offer: the offer.
 * @echo: what is accepted, literally.
 */
struct umx_option {
	u8 what;
	bool thesis;
	bool alone;
	bool cut;
	u8 bitmap;
	u32 check;
	struct umx_offer offer;
	struct umx_offer echo;
};

/* What a check is taken over; without holes, and of @addr only @n. */
struct umx_option_digest {
	__be32 isn;
	__be16 port;
	__be16 peer_port;
	u8 bitmap;
	u8 n;
	u8 plen[UMX_OFFER_MAX];
	u8 zero[6];
	struct in6_addr addr[UMX_OFFER_MAX];
};

/* Nothing said yet. What offers hold is what they say they do. */
static inline void umx_option_clear(struct umx_option *option)
{
	option->what = 0;
	option->thesis = false;
	option->alone = true;
	option->cut = false;
	option->bitmap = 0;
	option->check = 0;
	option->offer.n = 0;
	option->echo.n = 0;
}

int umx_option_parse(const u8 *hdr, unsigned int len, struct umx_option *option);
int umx_option_write(u8 *hdr, unsigned int size, u8 nexthdr,
		     const struct umx_option *option);
unsigned int umx_option_length(const struct umx_option *option);

bool umx_offer_add(struct umx_offer *offer, const struct in6_addr *addr,
		   const struct in6_addr *base);
void umx_prefix_resolve(const struct umx_prefix *prefix,
			const struct in6_addr *base, struct in6_addr *addr);
bool umx_offer_equal(const struct umx_offer *a, const struct umx_offer *b);
unsigned int
umx_offer_digest(const struct umx_offer *offer, u8 bitmap, __be32 isn,
		 __be16 port, __be16 peer_port,
		 struct umx_option_digest *digest);

#endif /* _UMX_PRESERVE_OPTION_H */
