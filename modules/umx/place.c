// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the way from a place (host, generation, counter) to an address
 * and back.
 */
#include "generate.h"
#include "place.h"

/**
 * umx_places_init() - share out the free bits of a prefix
 * @places: the result
 * @key: 128 bits
 * @prefix: bits beyond @plen are zero
 * @plen: 32..112
 * @host_bits: bits of the host id
 *
 * A pool of 48 bits and more gives 7 of 16 to the generation: two that are
 * drawn in a /64 are the same with a chance of 2^-28, and each has room for
 * 2^36 addresses. In a smaller one a generation would be either too short or
 * too likely to come twice: it has only the first.
 *
 * Return: false if the free bits are too few for @host_bits, or @host_bits is
 * more than UMX_PLACE_HOST_BITS.
 */
bool umx_places_init(struct umx_places *places, const u8 key[UMX_SIP_KEY],
		     const struct in6_addr *prefix, unsigned int plen,
		     unsigned int host_bits)
{
	unsigned int bits = 128 - plen;

	if (host_bits > UMX_PLACE_HOST_BITS ||
	    bits < host_bits + UMX_PLACE_BITS_MIN)
		return false;
	bits -= host_bits;
	umx_permute_init(&places->permute, key, prefix, plen);
	places->key_id = umx_permute_id(key, prefix, plen);
	places->prefix = *prefix;
	places->plen = plen;
	places->host_bits = host_bits;
	places->generation_bits = bits < UMX_PLACE_GENERATION_MIN ?
				  0 : bits * 7 / 16;
	places->counter_bits = bits - places->generation_bits;
	return true;
}

/* How many generations there are: a power of two. */
u64 umx_places_generations(const struct umx_places *places)
{
	return 1ULL << places->generation_bits;
}

/* How many counters a generation has: a power of two. */
u64 umx_places_counters(const struct umx_places *places)
{
	return 1ULL << places->counter_bits;
}

/*
 * How many counters are reserved at a time: a quarter of a generation, or a
 * sixteenth of a pool that has no other.
 */
u64 umx_places_window(const struct umx_places *places)
{
	return umx_places_counters(places) >>
	       (places->generation_bits ? 2 : 4);
}

/* @n |= @value << @by, @value below 2^54, @by below 128 */
static void umx_number_put(struct umx_number *n, u64 value, unsigned int by)
{
	if (by >= 64) {
		n->hi |= value << (by - 64);
		return;
	}
	n->lo |= value << by;
	if (by)
		n->hi |= value >> (64 - by);
}

/* @bits of @n from @by on, @bits at most 54 */
static u64 umx_number_get(struct umx_number n, unsigned int by,
			  unsigned int bits)
{
	u64 value;

	if (by >= 64)
		value = n.hi >> (by - 64);
	else
		value = n.lo >> by | (by ? n.hi << (64 - by) : 0);
	return value & ~(~0ULL << bits);
}

/**
 * umx_place_address() - the address of a place
 * @places: of the pool
 * @place: each member within its bits
 * @out: the address
 */
void umx_place_address(const struct umx_places *places,
		       const struct umx_place *place, struct in6_addr *out)
{
	struct umx_number n = { .lo = place->counter };
	unsigned int by = places->counter_bits;
	u64 free[2];

	umx_number_put(&n, place->generation, by);
	by += places->generation_bits;
	if (places->host_bits)
		umx_number_put(&n, place->host, by);
	n = umx_permute(&places->permute, n);
	free[0] = n.hi;
	free[1] = n.lo;
	umx_generate_random(out, &places->prefix, places->plen, free);
}

/**
 * umx_place_of() - the place of an address
 * @places: of the pool
 * @addr: any address
 * @out: its place
 *
 * Return: false if it is outside the prefix.
 */
bool umx_place_of(const struct umx_places *places, const struct in6_addr *addr,
		  struct umx_place *out)
{
	unsigned int by = places->counter_bits;
	struct umx_number n;

	if (!umx_prefix_match(addr, &places->prefix, places->plen))
		return false;
	umx_generate_free(addr, places->plen, &n.hi, &n.lo);
	n = umx_unpermute(&places->permute, n);
	out->counter = umx_number_get(n, 0, by);
	out->generation = umx_number_get(n, by, places->generation_bits);
	by += places->generation_bits;
	out->host = umx_number_get(n, by, places->host_bits);
	return true;
}
