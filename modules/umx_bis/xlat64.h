/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns the contract of xlat64.c: from IPv6 headers to an IPv4
 * header. Pure.
 */
#ifndef _UMX_BIS_XLAT64_H
#define _UMX_BIS_XLAT64_H

#include "wire.h"

/* A packet up to this size gets DF = 0 (RFC 7915, section 5.1). */
#define UMX_BIS_DF_SIZE		1260

/**
 * struct umx_bis_head6 - an IPv6 header and the extension headers that were
 * read
 * @len: length of all of them
 * @payload: length of what is behind them, as the headers have it
 * @tclass: traffic class
 * @hop_limit: hop limit
 * @proto: the upper layer's protocol
 * @fragment: there is a fragment header
 * @mf: more fragments follow
 * @offset: fragment offset in bytes
 * @id: identification
 * @pointer: what an ICMPv6 error about a refusal points at
 * @saddr: source
 * @daddr: destination
 */
struct umx_bis_head6 {
	u16 len;
	u16 payload;
	u8 tclass;
	u8 hop_limit;
	u8 proto;
	bool fragment;
	bool mf;
	u16 offset;
	u32 id;
	u16 pointer;
	struct in6_addr saddr;
	struct in6_addr daddr;
};

static inline bool umx_bis_head6_is_fragment(const struct umx_bis_head6 *head)
{
	return head->mf || head->offset;
}

enum umx_bis_verdict umx_bis_head6_read(struct umx_bis_head6 *head,
					const u8 *p, size_t len);
void umx_bis_head6_to4(const struct umx_bis_head6 *head, const u8 saddr[4],
		       const u8 daddr[4], u8 ttl, u16 id, u8 *out);

#endif /* _UMX_BIS_XLAT64_H */
