/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns the contract of xlat46.c: from an IPv4 header to an IPv6
 * header. Pure.
 */
#ifndef _UMX_BIS_XLAT46_H
#define _UMX_BIS_XLAT46_H

#include "wire.h"

/**
 * struct umx_bis_head4 - an IPv4 header that was read
 * @len: its length, with options
 * @total: length of the packet, as the header has it
 * @tos: type of service
 * @ttl: time to live
 * @proto: protocol
 * @id: identification
 * @offset: fragment offset in bytes
 * @mf: more fragments follow
 * @df: it must not be fragmented
 * @saddr: source
 * @daddr: destination
 */
struct umx_bis_head4 {
	u8 len;
	u16 total;
	u8 tos;
	u8 ttl;
	u8 proto;
	u16 id;
	u16 offset;
	bool mf;
	bool df;
	u8 saddr[4];
	u8 daddr[4];
};

static inline bool umx_bis_head4_is_fragment(const struct umx_bis_head4 *head)
{
	return head->mf || head->offset;
}

enum umx_bis_verdict umx_bis_head4_read(struct umx_bis_head4 *head,
					const u8 *p, size_t len);
bool umx_bis_head4_source_routed(const u8 *p, size_t len);
size_t umx_bis_head4_to6(const struct umx_bis_head4 *head,
			 const struct in6_addr *saddr,
			 const struct in6_addr *daddr, u8 hop_limit, u8 *out);

#endif /* _UMX_BIS_XLAT46_H */
