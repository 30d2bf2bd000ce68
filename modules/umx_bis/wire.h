/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns what the pure code shares: numbers on the wire, reading and
 * writing them as bytes, ones' complement sums, and verdicts.
 *
 * Pure code works on bytes, calls nothing of the kernel, and is built in user
 * space as well, where unit tests and a fuzzer run it.
 */
#ifndef _UMX_BIS_WIRE_H
#define _UMX_BIS_WIRE_H

#include <linux/in6.h>
#include <linux/string.h>
#include <linux/types.h>

/* Internet protocol numbers, and next headers (IANA). */
enum {
	UMX_BIS_HOPOPTS = 0,
	UMX_BIS_ICMP4 = 1,
	UMX_BIS_TCP = 6,
	UMX_BIS_UDP = 17,
	UMX_BIS_DCCP = 33,
	UMX_BIS_ROUTING = 43,
	UMX_BIS_FRAGMENT = 44,
	UMX_BIS_ICMP6 = 58,
	UMX_BIS_NONE = 59,
	UMX_BIS_DSTOPTS = 60,
	UMX_BIS_MOBILITY = 135,
	UMX_BIS_UDPLITE = 136,
	UMX_BIS_HIP = 139,
	UMX_BIS_SHIM6 = 140,
};

#define UMX_BIS_HEAD4		20	/* IPv4 header without options */
#define UMX_BIS_HEAD6		40	/* IPv6 header */
#define UMX_BIS_HEAD_FRAG	8	/* fragment header */
#define UMX_BIS_HEAD_ICMP	8	/* ICMP header, either version */

#define UMX_BIS_MIN_MTU6	1280	/* RFC 8200, section 5 */
#define UMX_BIS_ERROR6_MAX	1280	/* longest ICMPv6 error, RFC 4443, 2.4 */
#define UMX_BIS_ERROR4_MAX	576	/* longest ICMPv4 error, RFC 1812, 4.3.2.3 */

/**
 * enum umx_bis_verdict - what became of a packet
 * @UMX_BIS_OK: it is translated.
 * @UMX_BIS_MALFORMED: its lengths contradict each other.
 * @UMX_BIS_SOURCE_ROUTE: a source route that is not used up (RFC 7915, 4.1).
 * @UMX_BIS_TTL: TTL or hop limit is used up.
 * @UMX_BIS_PROTO: its protocol number is an extension header, or the other
 *	version's ICMP, in the other version.
 * @UMX_BIS_ROUTING_HEADER: a routing header with segments left (5.1).
 * @UMX_BIS_EXTHDR: an extension header behind the fragment header (5.1.1).
 * @UMX_BIS_ICMP_TYPE: an ICMP message without a counterpart (4.2, 5.2).
 * @UMX_BIS_ICMP_POINTER: a pointer to a field without a counterpart.
 * @UMX_BIS_ICMP_NESTED: an error about an error (4.3, 5.3).
 * @UMX_BIS_NO_PAIR: an address has no pair.
 */
enum umx_bis_verdict {
	UMX_BIS_OK,
	UMX_BIS_MALFORMED,
	UMX_BIS_SOURCE_ROUTE,
	UMX_BIS_TTL,
	UMX_BIS_PROTO,
	UMX_BIS_ROUTING_HEADER,
	UMX_BIS_EXTHDR,
	UMX_BIS_ICMP_TYPE,
	UMX_BIS_ICMP_POINTER,
	UMX_BIS_ICMP_NESTED,
	UMX_BIS_NO_PAIR,
	UMX_BIS_VERDICTS
};

/**
 * struct umx_bis_env - what translation asks of whoever calls it
 * @to6: the IPv6 address of an IPv4 address; false: it has none.
 * @to4: the reverse.
 * @ctx: first argument of both.
 * @mtu4: MTU of the IPv4 side's next hop.
 * @mtu6: MTU of the IPv6 side's next hop.
 */
struct umx_bis_env {
	bool (*to6)(void *ctx, const u8 addr4[4], struct in6_addr *addr6);
	bool (*to4)(void *ctx, const struct in6_addr *addr6, u8 addr4[4]);
	void *ctx;
	u32 mtu4;
	u32 mtu6;
};

static inline u16 umx_bis_get16(const u8 *p)
{
	return p[0] << 8 | p[1];
}

static inline u32 umx_bis_get32(const u8 *p)
{
	return (u32)umx_bis_get16(p) << 16 | umx_bis_get16(p + 2);
}

static inline void umx_bis_put16(u8 *p, u16 v)
{
	p[0] = v >> 8;
	p[1] = v;
}

static inline void umx_bis_put32(u8 *p, u32 v)
{
	umx_bis_put16(p, v >> 16);
	umx_bis_put16(p + 2, v);
}

/* Adds @len bytes, at an even place of what is summed, to @sum. */
static inline u32 umx_bis_sum(const u8 *p, size_t len, u32 sum)
{
	for (; len > 1; p += 2, len -= 2)
		sum += umx_bis_get16(p);
	if (len)
		sum += p[0] << 8;
	return sum;
}

static inline u16 umx_bis_fold(u32 sum)
{
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	return sum;
}

/*
 * What a checksum becomes when what it covers changes from @old to @new, both
 * sums (RFC 1624, equation 3).
 */
static inline u16 umx_bis_resum(u16 check, u32 old, u32 new)
{
	return ~umx_bis_fold((u16)~check + (u32)(u16)~umx_bis_fold(old) +
			     umx_bis_fold(new));
}

/* Where the checksum stands that covers the addresses; 0: there is none. */
static inline unsigned int umx_bis_check_offset(u8 proto)
{
	switch (proto) {
	case UMX_BIS_TCP:
		return 16;
	case UMX_BIS_UDP:
	case UMX_BIS_UDPLITE:
	case UMX_BIS_DCCP:
		return 6;
	}
	return 0;
}

/*
 * A protocol number that means another thing, or a header that is to be
 * processed on the way, in IPv6. Copied there, the payload of an IPv4 packet
 * could forge ICMPv6 or extension headers.
 */
static inline bool umx_bis_proto_is_only4(u8 proto)
{
	switch (proto) {
	case UMX_BIS_HOPOPTS:
	case UMX_BIS_ROUTING:
	case UMX_BIS_FRAGMENT:
	case UMX_BIS_ICMP6:
	case UMX_BIS_NONE:
	case UMX_BIS_DSTOPTS:
	case UMX_BIS_MOBILITY:
	case UMX_BIS_HIP:
	case UMX_BIS_SHIM6:
		return true;
	}
	return false;
}

#endif /* _UMX_BIS_WIRE_H */
