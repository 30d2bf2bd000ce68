// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the address generators (spec: address generation per pool)
 * and the prefix arithmetic they stand on.
 */
#include "generate.h"

/* Bits of byte @i that belong to a prefix of @plen bits. */
static u8 umx_prefix_mask(unsigned int plen, unsigned int i)
{
	if (plen >= 8 * (i + 1))
		return 0xff;
	if (plen <= 8 * i)
		return 0;
	return (u8)(0xff << (8 - (plen - 8 * i)));
}

/**
 * umx_prefix_match() - is @addr inside @prefix/@plen?
 * @addr: any address
 * @prefix: its bits beyond @plen do not matter
 * @plen: 0..128
 */
bool umx_prefix_match(const struct in6_addr *addr,
		      const struct in6_addr *prefix, unsigned int plen)
{
	unsigned int i;

	for (i = 0; i < 16 && 8 * i < plen; i++)
		if ((addr->s6_addr[i] ^ prefix->s6_addr[i]) &
		    umx_prefix_mask(plen, i))
			return false;
	return true;
}

/**
 * umx_prefix_clean() - are all bits of @prefix beyond @plen zero?
 * @prefix: to look at
 * @plen: 0..128
 */
bool umx_prefix_clean(const struct in6_addr *prefix, unsigned int plen)
{
	unsigned int i;

	for (i = plen / 8; i < 16; i++)
		if (prefix->s6_addr[i] & (u8)~umx_prefix_mask(plen, i))
			return false;
	return true;
}

/**
 * umx_generate_random() - fill the free bits with noise
 * @out: the address
 * @prefix: of the pool
 * @plen: of the pool
 * @noise: 16 bytes from a CSPRNG
 */
void umx_generate_random(struct in6_addr *out, const struct in6_addr *prefix,
			 unsigned int plen, const struct in6_addr *noise)
{
	unsigned int i;
	u8 mask;

	for (i = 0; i < 16; i++) {
		mask = umx_prefix_mask(plen, i);
		out->s6_addr[i] = (prefix->s6_addr[i] & mask) |
				  (noise->s6_addr[i] & (u8)~mask);
	}
}

/**
 * umx_generate_sequential() - the free bits count
 * @out: the address
 * @prefix: of the pool
 * @plen: of the pool, at most 112
 * @counter: position, from 1
 *
 * Return: false when the pool has no such position.
 */
bool umx_generate_sequential(struct in6_addr *out,
			     const struct in6_addr *prefix, unsigned int plen,
			     u64 counter)
{
	unsigned int bits = 128 - plen;
	int i;

	if (bits < 64 && counter >> bits)
		return false;
	*out = *prefix;
	for (i = 15; i >= 8; i--) {
		out->s6_addr[i] |= (u8)counter;
		counter >>= 8;
	}
	return true;
}

/**
 * umx_generate_reserved() - addresses of a prefix that no host may use
 * @addr: inside the prefix
 * @plen: of the prefix
 *
 * Return: true for the subnet-router anycast address (free bits all zero,
 * RFC 4291 section 2.6.1) and the reserved subnet anycast addresses (the
 * last 128 of the prefix: RFC 2526 section 2).
 */
bool umx_generate_reserved(const struct in6_addr *addr, unsigned int plen)
{
	bool zero = true, top = true;
	unsigned int i;
	u8 want, have;

	for (i = plen / 8; i < 16; i++) {
		want = (u8)~umx_prefix_mask(plen, i);
		have = addr->s6_addr[i] & want;
		if (have)
			zero = false;
		/* in a /64 the universal/local bit of the anycast IIDs is 0 */
		if (plen == 64 && i == 8)
			want = 0xfd;
		if (i == 15)
			want &= 0x80;
		if ((have & (i == 15 ? 0x80 : 0xff)) != want)
			top = false;
	}
	return zero || top;
}
