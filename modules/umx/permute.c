// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the permutation behind traceable addresses: an alternating
 * Feistel network over 16 to 96 bits.
 *
 *	n = left | right
 *	round 0, 2, ..:	left  ^= F(round, right)
 *	round 1, 3, ..:	right ^= F(round, left)
 *
 * Each round is its own inverse, whatever F is: that is why it cannot repeat.
 * F is SipHash-2-4 over seven bytes, the half (at most 48 bits) and the number
 * of the round, cut to the width of the other half. No half is swapped, so that
 * an odd width needs nothing special.
 *
 * Rounds. With six of them and halves of h bits nobody who may choose numbers
 * in both directions tells it from a random permutation with far fewer than
 * 2^h of them, if F is random (Patarin, "Security of Random Feistel Schemes
 * with 5 or More Rounds", 2004); the best attacks known on k rounds need
 * 2^((k - 4)h) of them, with six all there are. In a narrow pool 2^h is soon
 * reached; NIST SP 800-38G keeps the 10 and 8 rounds of FF1 and FF3 away from
 * domains below a million numbers, because the attacks on these become
 * practical there. So the narrower, the more rounds: work that grows with each
 * of them stays out of reach where 2^h is small. That somebody can try all
 * addresses of a narrow pool no number of rounds changes.
 */
#include "permute.h"

static unsigned int umx_permute_rounds(unsigned int bits)
{
	if (bits >= 64)
		return 6;
	if (bits >= 48)
		return 8;
	return bits >= 32 ? 12 : 18;
}

/* The label, the length and the prefix under which a key becomes another. */
static u64 umx_permute_derive(const u8 key[UMX_SIP_KEY],
			      const struct in6_addr *prefix, unsigned int plen,
			      u8 label)
{
	u8 data[18] = { label, plen };

	memcpy(data + 2, prefix, sizeof(*prefix));
	return umx_sip(key, data, sizeof(data));
}

/**
 * umx_permute_init() - the permutation of a prefix under a key
 * @p: the result
 * @key: 128 bits
 * @prefix: its bits beyond @plen are zero
 * @plen: 32..112; what is left of 128 is permuted
 *
 * Prefixes under one key have nothing in common: who sees both learns nothing.
 */
void umx_permute_init(struct umx_permute *p, const u8 key[UMX_SIP_KEY],
		      const struct in6_addr *prefix, unsigned int plen)
{
	unsigned int bits = 128 - plen;

	p->begin = umx_sip_begin(umx_permute_derive(key, prefix, plen, 1),
				 umx_permute_derive(key, prefix, plen, 2));
	p->right = bits / 2;
	p->left = bits - p->right;
	p->rounds = umx_permute_rounds(bits);
}

/**
 * umx_permute_id() - a number by which permutations are told apart
 * @key: 128 bits
 * @prefix: its bits beyond @plen are zero
 * @plen: 32..112
 *
 * It says nothing about the key.
 */
u64 umx_permute_id(const u8 key[UMX_SIP_KEY], const struct in6_addr *prefix,
		   unsigned int plen)
{
	return umx_permute_derive(key, prefix, plen, 3);
}

/**
 * umx_permute_tail() - what the addresses of an on-link pool end in
 * @key: 128 bits
 * @prefix: its bits beyond @plen are zero
 * @plen: 32..112
 *
 * Return: 32 bits, of which the pool uses the lower ones.
 */
u32 umx_permute_tail(const u8 key[UMX_SIP_KEY], const struct in6_addr *prefix,
		     unsigned int plen)
{
	return umx_permute_derive(key, prefix, plen, 4);
}

static u64 umx_permute_half(const struct umx_permute *p, unsigned int round,
			    u64 half, unsigned int bits)
{
	return umx_sip_seven(&p->begin, (u64)round << 48 | half) &
	       ~(~0ULL << bits);
}

static u64 umx_permute_left(const struct umx_permute *p, struct umx_number n)
{
	return n.lo >> p->right | n.hi << (64 - p->right);
}

static struct umx_number umx_permute_join(const struct umx_permute *p,
					  u64 left, u64 right)
{
	return (struct umx_number){ .hi = left >> (64 - p->right),
				    .lo = left << p->right | right };
}

/**
 * umx_permute() - from a number to what looks random
 * @p: the permutation
 * @n: with no more bits than @p permutes
 */
struct umx_number umx_permute(const struct umx_permute *p,
			      struct umx_number n)
{
	u64 left = umx_permute_left(p, n);
	u64 right = n.lo & ~(~0ULL << p->right);
	unsigned int i;

	for (i = 0; i < p->rounds; i += 2) {
		left ^= umx_permute_half(p, i, right, p->left);
		right ^= umx_permute_half(p, i + 1, left, p->right);
	}
	return umx_permute_join(p, left, right);
}

/**
 * umx_unpermute() - and back
 * @p: the permutation
 * @n: a result of umx_permute(); every number of its width is one
 */
struct umx_number umx_unpermute(const struct umx_permute *p,
				struct umx_number n)
{
	u64 left = umx_permute_left(p, n);
	u64 right = n.lo & ~(~0ULL << p->right);
	unsigned int i;

	for (i = p->rounds; i; i -= 2) {
		right ^= umx_permute_half(p, i - 1, left, p->right);
		left ^= umx_permute_half(p, i - 2, right, p->left);
	}
	return umx_permute_join(p, left, right);
}
