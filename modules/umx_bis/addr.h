/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns the contract of addr.c: addresses of one version that say
 * which of the other they stand for. Pure.
 */
#ifndef _UMX_BIS_ADDR_H
#define _UMX_BIS_ADDR_H

#include "wire.h"

/**
 * struct umx_bis_prefix6 - an IPv6 prefix
 * @addr: its address; bits behind @len are 0
 * @len: its length
 */
struct umx_bis_prefix6 {
	struct in6_addr addr;
	u8 len;
};

/**
 * struct umx_bis_prefix4 - an IPv4 prefix
 * @addr: its address; bits behind @len are 0
 * @len: its length
 */
struct umx_bis_prefix4 {
	u8 addr[4];
	u8 len;
};

void umx_bis_addr_mask(u8 *addr, size_t size, unsigned int len);
bool umx_bis_addr_is_masked(const u8 *addr, size_t size, unsigned int len);
bool umx_bis_addr_has(const u8 *prefix, unsigned int len, const u8 *addr);

bool umx_bis_embed_len_ok(u8 len);
bool umx_bis_embed_is_well_known(const struct umx_bis_prefix6 *prefix);
void umx_bis_embed(const struct umx_bis_prefix6 *prefix, const u8 addr4[4],
		   struct in6_addr *addr6);
void umx_bis_extract(const struct umx_bis_prefix6 *prefix,
		     const struct in6_addr *addr6, u8 addr4[4]);

void umx_bis_explicit_to6(const struct umx_bis_prefix4 *prefix4,
			  const struct umx_bis_prefix6 *prefix6,
			  const u8 addr4[4], struct in6_addr *addr6);
void umx_bis_explicit_to4(const struct umx_bis_prefix4 *prefix4,
			  const struct umx_bis_prefix6 *prefix6,
			  const struct in6_addr *addr6, u8 addr4[4]);

bool umx_bis_addr4_is_host(const u8 addr4[4]);
bool umx_bis_addr4_is_global(const u8 addr4[4]);

#endif /* _UMX_BIS_ADDR_H */
