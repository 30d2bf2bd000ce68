/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns how a pool's free bits become an address. Pure: no state, no
 * kernel services, so that it also builds in user space.
 */
#ifndef _UMX_GENERATE_H
#define _UMX_GENERATE_H

#include <linux/in6.h>
#include <linux/types.h>
#include <linux/umx.h>

/* The low bits that addresses of an on-link pool share. */
#define UMX_TAIL_MASK	((1U << UMX_ONLINK_TAIL) - 1)

/* The length of a pool's prefix with its tail: what is left of 128 is free. */
static inline unsigned int umx_pool_plen(u8 type, unsigned int plen)
{
	return type == UMX_POOL_ONLINK ? plen + UMX_ONLINK_TAIL : plen;
}

void umx_generate_random(struct in6_addr *out, const struct in6_addr *prefix,
			 unsigned int plen, const u64 noise[2]);
bool umx_generate_sequential(struct in6_addr *out,
			     const struct in6_addr *prefix, unsigned int plen,
			     u64 counter);
u64 umx_generate_position(const struct in6_addr *addr, unsigned int plen);
void umx_generate_free(const struct in6_addr *addr, unsigned int plen,
		       u64 *hi, u64 *lo);
bool umx_generate_reserved(const struct in6_addr *addr, unsigned int plen);
void umx_tail_put(struct in6_addr *addr, u32 tail);
bool umx_tail_take(struct in6_addr *addr, u32 tail);
bool umx_prefix_match(const struct in6_addr *addr,
		      const struct in6_addr *prefix, unsigned int plen);
bool umx_prefix_clean(const struct in6_addr *prefix, unsigned int plen);

#endif /* _UMX_GENERATE_H */
