/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns the contract of frag.c: putting fragments together before
 * they are translated.
 */
#ifndef _UMX_BIS_FRAG_H
#define _UMX_BIS_FRAG_H

struct net;
struct sk_buff;

int umx_bis_frag_gather4(struct net *net, struct sk_buff *skb);
int umx_bis_frag_gather6(struct net *net, struct sk_buff *skb);

#endif /* _UMX_BIS_FRAG_H */
