/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns how a pool's free bits become an address. Pure: no state, no
 * kernel services, so that it also builds in user space.
 */
#ifndef _UMX_GENERATE_H
#define _UMX_GENERATE_H

#include <linux/in6.h>
#include <linux/types.h>

void umx_generate_random(struct in6_addr *out, const struct in6_addr *prefix,
			 unsigned int plen, const u64 noise[2]);
bool umx_generate_sequential(struct in6_addr *out,
			     const struct in6_addr *prefix, unsigned int plen,
			     u64 counter);
u64 umx_generate_position(const struct in6_addr *addr, unsigned int plen);
void umx_generate_free(const struct in6_addr *addr, unsigned int plen,
		       u64 *hi, u64 *lo);
bool umx_generate_reserved(const struct in6_addr *addr, unsigned int plen);
bool umx_prefix_match(const struct in6_addr *addr,
		      const struct in6_addr *prefix, unsigned int plen);
bool umx_prefix_clean(const struct in6_addr *prefix, unsigned int plen);

#endif /* _UMX_GENERATE_H */
