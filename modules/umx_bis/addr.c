// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns addresses of one version that say which of the other they
 * stand for: IPv4 addresses inside of IPv6 addresses (RFC 6052), and prefixes
 * that stand for each other (RFC 7757). Pure.
 */
#include "addr.h"

/* The byte of bits 64 to 71, which no IPv4 address goes into. */
#define U_OCTET		8

/* --- bits --- */

static unsigned int umx_bis_bit(const u8 *p, unsigned int i)
{
	return p[i / 8] >> (7 - i % 8) & 1;
}

/* Copies @n bits, from bit @from of @in to bit @to of @out, which are 0. */
static void umx_bis_bits_copy(u8 *out, unsigned int to, const u8 *in,
			      unsigned int from, unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++)
		out[(to + i) / 8] |= umx_bis_bit(in, from + i) <<
				     (7 - (to + i) % 8);
}

/**
 * umx_bis_addr_mask() - clear what is behind a prefix
 * @addr: an address
 * @size: its bytes
 * @len: length of the prefix, up to @size * 8
 */
void umx_bis_addr_mask(u8 *addr, size_t size, unsigned int len)
{
	size_t i = len / 8;

	if (len % 8) {
		addr[i] &= 0xff << (8 - len % 8);
		i++;
	}
	memset(addr + i, 0, size - i);
}

bool umx_bis_addr_is_masked(const u8 *addr, size_t size, unsigned int len)
{
	u8 masked[16];

	memcpy(masked, addr, size);
	umx_bis_addr_mask(masked, size, len);
	return !memcmp(masked, addr, size);
}

/* Is @addr one of @prefix, of which @len bits count? */
bool umx_bis_addr_has(const u8 *prefix, unsigned int len, const u8 *addr)
{
	unsigned int whole = len / 8, rest = len % 8;

	if (memcmp(prefix, addr, whole))
		return false;
	return !rest || !((prefix[whole] ^ addr[whole]) >> (8 - rest));
}

/* --- RFC 6052 --- */

/* Lengths a prefix may have (section 2.2). */
bool umx_bis_embed_len_ok(u8 len)
{
	return len == 96 || (len >= 32 && len <= 64 && len % 8 == 0);
}

/* 64:ff9b::/96, which has rules of its own (section 3.1). */
bool umx_bis_embed_is_well_known(const struct umx_bis_prefix6 *prefix)
{
	static const u8 known[16] = { 0, 0x64, 0xff, 0x9b };

	return prefix->len == 96 && !memcmp(&prefix->addr, known, 12);
}

/**
 * umx_bis_embed() - put an IPv4 address into an IPv6 address
 * @prefix: the prefix; its length is one of those allowed
 * @addr4: the IPv4 address
 * @addr6: gets the IPv6 address: prefix, IPv4 address around the u octet, 0
 */
void umx_bis_embed(const struct umx_bis_prefix6 *prefix, const u8 addr4[4],
		   struct in6_addr *addr6)
{
	unsigned int at = prefix->len / 8, i;
	u8 out[16];

	memcpy(out, &prefix->addr, 16);
	memset(out + at, 0, 16 - at);
	for (i = 0; i < 4; i++) {
		if (at == U_OCTET)
			at++;
		out[at++] = addr4[i];
	}
	memcpy(addr6, out, 16);
}

/**
 * umx_bis_extract() - take an IPv4 address out of an IPv6 address
 * @prefix: the prefix; its length is one of those allowed
 * @addr6: an address of the prefix; its u octet and suffix are not looked at,
 *	as the RFC wants it (2.3)
 * @addr4: gets the IPv4 address
 */
void umx_bis_extract(const struct umx_bis_prefix6 *prefix,
		     const struct in6_addr *addr6, u8 addr4[4])
{
	unsigned int at = prefix->len / 8, i;
	const u8 *in = (const u8 *)addr6;

	for (i = 0; i < 4; i++) {
		if (at == U_OCTET)
			at++;
		addr4[i] = in[at++];
	}
}

/* --- RFC 7757 --- */

/**
 * umx_bis_explicit_to6() - by a mapping of prefixes, from IPv4
 * @prefix4: the IPv4 prefix
 * @prefix6: the IPv6 prefix; at least as many bits are behind it
 * @addr4: an address of @prefix4
 * @addr6: gets the prefix, the bits behind the IPv4 prefix, and 0 (3.3.1)
 */
void umx_bis_explicit_to6(const struct umx_bis_prefix4 *prefix4,
			  const struct umx_bis_prefix6 *prefix6,
			  const u8 addr4[4], struct in6_addr *addr6)
{
	u8 out[16];

	memcpy(out, &prefix6->addr, 16);
	umx_bis_bits_copy(out, prefix6->len, addr4, prefix4->len,
			  32 - prefix4->len);
	memcpy(addr6, out, 16);
}

/**
 * umx_bis_explicit_to4() - by a mapping of prefixes, from IPv6
 * @prefix4: the IPv4 prefix
 * @prefix6: the IPv6 prefix; at least as many bits are behind it
 * @addr6: an address of @prefix6
 * @addr4: gets the prefix, and as many bits as it lacks from behind the IPv6
 *	prefix; others are not looked at (3.3.2)
 */
void umx_bis_explicit_to4(const struct umx_bis_prefix4 *prefix4,
			  const struct umx_bis_prefix6 *prefix6,
			  const struct in6_addr *addr6, u8 addr4[4])
{
	memcpy(addr4, prefix4->addr, 4);
	umx_bis_bits_copy(addr4, prefix4->len, (const u8 *)addr6, prefix6->len,
			  32 - prefix4->len);
}

/* --- what an IPv4 address can be --- */

/* Not what no host has: 0/8, 127/8, multicast, broadcast and what is unused. */
bool umx_bis_addr4_is_host(const u8 addr4[4])
{
	return addr4[0] && addr4[0] != 127 && addr4[0] < 224;
}

/*
 * Not what RFC 1918, and RFC 5735 with those that followed it (RFC 6890), keep
 * for private networks, tests and documents.
 */
bool umx_bis_addr4_is_global(const u8 addr4[4])
{
	static const struct umx_bis_prefix4 not[] = {
		{ { 10 }, 8 }, { { 100, 64 }, 10 }, { { 169, 254 }, 16 },
		{ { 172, 16 }, 12 }, { { 192, 0, 0 }, 24 },
		{ { 192, 0, 2 }, 24 }, { { 192, 168 }, 16 },
		{ { 198, 18 }, 15 }, { { 198, 51, 100 }, 24 },
		{ { 203, 0, 113 }, 24 },
	};
	const struct umx_bis_prefix4 *p;

	if (!umx_bis_addr4_is_host(addr4))
		return false;
	for (p = not; p < not + sizeof(not) / sizeof(*not); p++)
		if (umx_bis_addr_has(p->addr, p->len, addr4))
			return false;
	return true;
}
