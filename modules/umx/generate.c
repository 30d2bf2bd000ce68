// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the address generators (spec: address generation per pool)
 * and the prefix arithmetic they stand on.
 */
#include <linux/string.h>
#include <asm/byteorder.h>
#include "generate.h"

/* An address as two numbers in host order, which is what arithmetic wants. */
struct umx_words {
	u64 hi;
	u64 lo;
};

static u64 umx_word_get(const u8 *p)
{
	u64 w;

	memcpy(&w, p, sizeof(w));
	return be64_to_cpu((__force __be64)w);
}

static void umx_word_put(u8 *p, u64 w)
{
	__be64 be = cpu_to_be64(w);

	memcpy(p, &be, sizeof(be));
}

static struct umx_words umx_words_get(const struct in6_addr *addr)
{
	return (struct umx_words){ .hi = umx_word_get(addr->s6_addr),
				   .lo = umx_word_get(addr->s6_addr + 8) };
}

static void umx_words_put(struct in6_addr *addr, u64 hi, u64 lo)
{
	umx_word_put(addr->s6_addr, hi);
	umx_word_put(addr->s6_addr + 8, lo);
}

/* The bits of a prefix of @plen. */
static struct umx_words umx_prefix_mask(unsigned int plen)
{
	struct umx_words mask = { .hi = ~0ULL, .lo = ~0ULL };

	if (plen < 64)
		mask.hi = ~(~0ULL >> plen);
	if (plen <= 64)
		mask.lo = 0;
	else if (plen < 128)
		mask.lo = ~(~0ULL >> (plen - 64));
	return mask;
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
	struct umx_words mask = umx_prefix_mask(plen);
	struct umx_words a = umx_words_get(addr), p = umx_words_get(prefix);

	return !((a.hi ^ p.hi) & mask.hi) && !((a.lo ^ p.lo) & mask.lo);
}

/**
 * umx_prefix_clean() - are all bits of @prefix beyond @plen zero?
 * @prefix: to look at
 * @plen: 0..128
 */
bool umx_prefix_clean(const struct in6_addr *prefix, unsigned int plen)
{
	struct umx_words mask = umx_prefix_mask(plen);
	struct umx_words p = umx_words_get(prefix);

	return !(p.hi & ~mask.hi) && !(p.lo & ~mask.lo);
}

/**
 * umx_generate_random() - fill the free bits with noise
 * @out: the address
 * @prefix: of the pool
 * @plen: of the pool
 * @noise: from a CSPRNG; the first word does not matter from /64 on
 */
void umx_generate_random(struct in6_addr *out, const struct in6_addr *prefix,
			 unsigned int plen, const u64 noise[2])
{
	struct umx_words mask = umx_prefix_mask(plen);
	struct umx_words p = umx_words_get(prefix);

	umx_words_put(out, (p.hi & mask.hi) | (noise[0] & ~mask.hi),
		      (p.lo & mask.lo) | (noise[1] & ~mask.lo));
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
	struct umx_words p = umx_words_get(prefix);
	unsigned int bits = 128 - plen;

	if (bits < 64 && counter >> bits)
		return false;
	umx_words_put(out, p.hi, p.lo | counter);
	return true;
}

/**
 * umx_generate_position() - the counter a sequential pool makes an address at
 * @addr: inside the prefix
 * @plen: of the prefix
 *
 * Return: the position, or U64_MAX for one no counter reaches.
 */
u64 umx_generate_position(const struct in6_addr *addr, unsigned int plen)
{
	struct umx_words mask = umx_prefix_mask(plen);
	struct umx_words a = umx_words_get(addr);

	return a.hi & ~mask.hi ? ~0ULL : a.lo & ~mask.lo;
}

/**
 * umx_generate_free() - the free bits of an address as two words
 * @addr: any address
 * @plen: of its prefix, 0..128
 * @hi: upper word
 * @lo: lower word
 */
void umx_generate_free(const struct in6_addr *addr, unsigned int plen,
		       u64 *hi, u64 *lo)
{
	struct umx_words mask = umx_prefix_mask(plen);
	struct umx_words a = umx_words_get(addr);

	*hi = a.hi & ~mask.hi;
	*lo = a.lo & ~mask.lo;
}

/**
 * umx_tail_put() - from the free bits to an address of an on-link pool
 * @addr: of a /64, its free bits the lowest
 * @tail: what the addresses of the pool end in
 */
void umx_tail_put(struct in6_addr *addr, u32 tail)
{
	struct umx_words a = umx_words_get(addr);

	umx_words_put(addr, a.hi, a.lo << UMX_ONLINK_TAIL | tail);
}

/**
 * umx_tail_take() - and back
 * @addr: any address
 * @tail: what the addresses of the pool end in
 *
 * Return: false if @addr does not, and is left as it is.
 */
bool umx_tail_take(struct in6_addr *addr, u32 tail)
{
	struct umx_words a = umx_words_get(addr);

	if ((a.lo ^ tail) & UMX_TAIL_MASK)
		return false;
	umx_words_put(addr, a.hi, a.lo >> UMX_ONLINK_TAIL);
	return true;
}

/**
 * umx_generate_reserved() - addresses of a prefix that no host may use
 * @addr: inside the prefix
 * @plen: of the prefix, at most 120
 *
 * Return: true for the subnet-router anycast address (free bits all zero,
 * RFC 4291 section 2.6.1) and the reserved subnet anycast addresses (the
 * last 128 of the prefix; in a /64 the universal/local bit of their
 * identifiers is 0: RFC 2526 section 2).
 */
bool umx_generate_reserved(const struct in6_addr *addr, unsigned int plen)
{
	struct umx_words mask = umx_prefix_mask(plen);
	struct umx_words a = umx_words_get(addr);
	u64 hi = a.hi & ~mask.hi, lo = a.lo & ~mask.lo;
	u64 top = plen == 64 ? 0xfdffffffffffff80ULL : ~mask.lo & ~0x7fULL;

	if (!hi && !lo)
		return true;
	return hi == ~mask.hi && (lo & ~0x7fULL) == top;
}
