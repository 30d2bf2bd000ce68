/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns the contract of gso.c: packets that stand for many segments.
 */
#ifndef _UMX_BIS_GSO_H
#define _UMX_BIS_GSO_H

#include <linux/types.h>

struct sk_buff;

bool umx_bis_gso_whole(const struct sk_buff *skb);
bool umx_bis_gso_is_of(const struct sk_buff *skb, u8 proto, bool fragment);
struct sk_buff *umx_bis_gso_split(struct sk_buff *skb);
void umx_bis_gso_to6(struct sk_buff *skb);
void umx_bis_gso_to4(struct sk_buff *skb);

#endif /* _UMX_BIS_GSO_H */
