/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns the keyed permutation of a pool's free bits. Pure: no state,
 * no kernel services, so that it also builds in user space.
 */
#ifndef _UMX_PERMUTE_H
#define _UMX_PERMUTE_H

#include <linux/in6.h>
#include <linux/types.h>
#include "sip.h"

/* Numbers that are permuted have this many bits. */
#define UMX_PERMUTE_MIN	16
#define UMX_PERMUTE_MAX	96

/**
 * struct umx_permute - one permutation: a secret
 * @begin: state of the pseudorandom function under the permutation's own key
 * @left: bits of the upper half
 * @right: bits of the lower half: equal, or one less
 * @rounds: of the network; even
 */
struct umx_permute {
	struct umx_sip begin;
	u8 left;
	u8 right;
	u8 rounds;
};

/* A number of up to 128 bits: the upper and the lower word. */
struct umx_number {
	u64 hi;
	u64 lo;
};

void umx_permute_init(struct umx_permute *p, const u8 key[UMX_SIP_KEY],
		      const struct in6_addr *prefix, unsigned int plen);
u64 umx_permute_id(const u8 key[UMX_SIP_KEY], const struct in6_addr *prefix,
		   unsigned int plen);
u32 umx_permute_tail(const u8 key[UMX_SIP_KEY], const struct in6_addr *prefix,
		     unsigned int plen);
struct umx_number umx_permute(const struct umx_permute *p,
			      struct umx_number n);
struct umx_number umx_unpermute(const struct umx_permute *p,
				struct umx_number n);

#endif /* _UMX_PERMUTE_H */
