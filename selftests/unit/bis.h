/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns what the tests of the translation share: packets made by
 * hand, independent checksums, two hosts with a pair of addresses each.
 *
 *	192.0.2.1 <-> 2001:db8::1		198.51.100.2 <-> 2001:db8::2
 */
#ifndef _UNIT_BIS_H
#define _UNIT_BIS_H

#include <arpa/inet.h>
#include "wire.h"

static const u8 bis_a4[4] = { 192, 0, 2, 1 };
static const u8 bis_b4[4] = { 198, 51, 100, 2 };
static const struct in6_addr bis_a6 = { .s6_addr = { 0x20, 1, 0xd, 0xb8, [15] = 1 } };
static const struct in6_addr bis_b6 = { .s6_addr = { 0x20, 1, 0xd, 0xb8, [15] = 2 } };

static inline bool bis_to6(void *ctx, const u8 addr4[4], struct in6_addr *addr6)
{
	if (!memcmp(addr4, bis_a4, 4))
		*addr6 = bis_a6;
	else if (!memcmp(addr4, bis_b4, 4))
		*addr6 = bis_b6;
	else
		return false;
	return true;
}

static inline bool bis_to4(void *ctx, const struct in6_addr *addr6, u8 addr4[4])
{
	if (!memcmp(addr6, &bis_a6, 16))
		memcpy(addr4, bis_a4, 4);
	else if (!memcmp(addr6, &bis_b6, 16))
		memcpy(addr4, bis_b4, 4);
	else
		return false;
	return true;
}

static const struct umx_bis_env bis_env = {
	.to6 = bis_to6, .to4 = bis_to4, .mtu4 = 1480, .mtu6 = 1500,
};

/* The checksum by the book: the words one after the other, carries at once. */
static inline u16 bis_sum(u32 sum, const u8 *p, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++) {
		sum += i % 2 ? p[i] : p[i] << 8;
		sum = sum % 0x10000 + sum / 0x10000;
	}
	return sum;
}

/* Is the checksum at @at of an upper layer's packet right? */
static inline bool bis_check6(const u8 *ip6, const u8 *upper, size_t len, u8 proto)
{
	u16 sum = bis_sum(0, ip6 + 8, 32);
	u8 rest[8] = { len >> 24, len >> 16, len >> 8, len, 0, 0, 0, proto };

	return bis_sum(bis_sum(sum, rest, 8), upper, len) == 0xffff;
}

static inline bool bis_check4(const u8 *ip, const u8 *upper, size_t len, u8 proto)
{
	u8 rest[4] = { 0, proto, len >> 8, len };

	return bis_sum(bis_sum(bis_sum(0, ip + 12, 8), rest, 4), upper, len) == 0xffff;
}

/* An IPv4 packet of host A to host B with @len bytes behind a plain header. */
static inline size_t bis_packet4(u8 *p, u8 proto, size_t len)
{
	u16 sum;

	memset(p, 0, 20);
	p[0] = 0x45;
	p[2] = (20 + len) >> 8;
	p[3] = 20 + len;
	p[8] = 64;
	p[9] = proto;
	memcpy(p + 12, bis_a4, 4);
	memcpy(p + 16, bis_b4, 4);
	sum = ~bis_sum(0, p, 20);
	p[10] = sum >> 8;
	p[11] = sum;
	return 20 + len;
}

static inline size_t bis_packet6(u8 *p, u8 proto, size_t len)
{
	memset(p, 0, 8);
	p[0] = 0x60;
	p[4] = len >> 8;
	p[5] = len;
	p[6] = proto;
	p[7] = 64;
	memcpy(p + 8, &bis_a6, 16);
	memcpy(p + 24, &bis_b6, 16);
	return 40 + len;
}

/* Fills in the checksum at @at of what is behind the header. */
static inline void bis_sign4(u8 *ip, size_t at, size_t len, u8 proto)
{
	u8 rest[4] = { 0, proto, len >> 8, len };
	u8 *upper = ip + 20;
	u16 sum = 0;

	upper[at] = upper[at + 1] = 0;
	if (proto != 1)
		sum = bis_sum(bis_sum(0, ip + 12, 8), rest, 4);
	sum = ~bis_sum(sum, upper, len);
	upper[at] = sum >> 8;
	upper[at + 1] = sum;
}

static inline void bis_sign6(u8 *ip6, size_t at, size_t len, u8 proto)
{
	u8 rest[8] = { len >> 24, len >> 16, len >> 8, len, 0, 0, 0, proto };
	u8 *upper = ip6 + 40;
	u16 sum;

	upper[at] = upper[at + 1] = 0;
	sum = ~bis_sum(bis_sum(bis_sum(0, ip6 + 8, 32), rest, 8), upper, len);
	upper[at] = sum >> 8;
	upper[at + 1] = sum;
}

#endif /* _UNIT_BIS_H */
