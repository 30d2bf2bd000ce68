/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns the places where umx_bis.ko meets the network stack, its
 * device aside.
 */
#ifndef _UMX_BIS_HOOK_H
#define _UMX_BIS_HOOK_H

struct net;
struct nf_hook_state;
struct sk_buff;

unsigned int umx_bis_local_in(void *priv, struct sk_buff *skb,
			      const struct nf_hook_state *state);

int umx_bis_hook_add(struct net *net);
void umx_bis_hook_del(struct net *net);

int umx_bis_hook_setup(void);
void umx_bis_hook_teardown(void);

#endif /* _UMX_BIS_HOOK_H */
