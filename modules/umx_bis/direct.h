/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns the contract of direct.c: packets of the host's own that need
 * not pass the device.
 */
#ifndef _UMX_BIS_DIRECT_H
#define _UMX_BIS_DIRECT_H

struct nf_hook_state;
struct sk_buff;

unsigned int umx_bis_direct_out(void *priv, struct sk_buff *skb,
				const struct nf_hook_state *state);
unsigned int umx_bis_direct_in(void *priv, struct sk_buff *skb,
			       const struct nf_hook_state *state);

#endif /* _UMX_BIS_DIRECT_H */
