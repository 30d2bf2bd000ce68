/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns what an address of a traceable pool says to whoever has its
 * key: the host, the generation and the counter it was made at. Pure: no state,
 * no kernel services, so that it also builds in user space.
 *
 *	free bits = permutation of ( host | generation | counter )
 */
#ifndef _UMX_PLACE_H
#define _UMX_PLACE_H

#include "permute.h"

/* Hosts that share a key and a prefix are told apart by at most this. */
#define UMX_PLACE_HOST_BITS	16
/* What is left for generation and counter is never less. */
#define UMX_PLACE_BITS_MIN	8
/* A pool with this much of it has generations, others have the first one. */
#define UMX_PLACE_GENERATION_MIN	48

/**
 * struct umx_place - where an address comes from
 * @host: which host
 * @generation: drawn at random whenever the counter is not to be trusted:
 *	after a boot, and after a virtual machine was restored
 * @counter: position within the generation
 */
struct umx_place {
	u32 host;
	u64 generation;
	u64 counter;
};

/**
 * struct umx_places - the places of a prefix under a key: a secret
 * @permute: from the place to the free bits
 * @key_id: tells keys apart; not secret
 * @prefix: bits beyond @plen are zero
 * @plen: 32..112
 * @host_bits: bits of the host
 * @generation_bits: bits of the generation
 * @counter_bits: bits of the counter, at most 54
 */
struct umx_places {
	struct umx_permute permute;
	u64 key_id;
	struct in6_addr prefix;
	u8 plen;
	u8 host_bits;
	u8 generation_bits;
	u8 counter_bits;
};

bool umx_places_init(struct umx_places *places, const u8 key[UMX_SIP_KEY],
		     const struct in6_addr *prefix, unsigned int plen,
		     unsigned int host_bits);
u64 umx_places_generations(const struct umx_places *places);
u64 umx_places_counters(const struct umx_places *places);
u64 umx_places_window(const struct umx_places *places);
void umx_place_address(const struct umx_places *places,
		       const struct umx_place *place, struct in6_addr *out);
bool umx_place_of(const struct umx_places *places, const struct in6_addr *addr,
		  struct umx_place *out);

#endif /* _UMX_PLACE_H */
