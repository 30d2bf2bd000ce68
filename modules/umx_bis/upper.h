/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns the contract of upper.c: what translation changes behind the
 * IP header.
 */
#ifndef _UMX_BIS_UPPER_H
#define _UMX_BIS_UPPER_H

#include <linux/types.h>

struct sk_buff;
struct umx_bis_head4;
struct umx_bis_head6;
struct in6_addr;

size_t umx_bis_upper_need(u8 proto, bool fragment);
int umx_bis_upper46(struct sk_buff *skb, const struct umx_bis_head4 *head,
		    const struct in6_addr *saddr,
		    const struct in6_addr *daddr);
int umx_bis_upper64(struct sk_buff *skb, const struct umx_bis_head6 *head,
		    __be32 saddr, __be32 daddr);

#endif /* _UMX_BIS_UPPER_H */
