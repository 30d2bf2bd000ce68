/* SPDX-License-Identifier: GPL-2.0 */
/* This file owns the contract of hook.c: where packets call in. */
#ifndef _UMX_PRESERVE_HOOK_H
#define _UMX_PRESERVE_HOOK_H

#include <linux/types.h>

struct in6_addr;
struct net;
struct sk_buff;
struct umx_preserve_net;

bool umx_preserve_hook_segment(struct sk_buff *skb);
bool umx_preserve_hook_error(struct sk_buff *skb, u8 type, int offset,
			     __be32 info);
bool umx_preserve_hook_arrives(struct net *net, struct sk_buff *skb);

bool umx_preserve_hook_knows(struct net *net, const struct in6_addr *local,
			     __be16 local_port, const struct in6_addr *peer,
			     __be16 peer_port, int dif);

int umx_preserve_hook_out(struct umx_preserve_net *pn);
void umx_preserve_hook_out_end(struct umx_preserve_net *pn);

#endif /* _UMX_PRESERVE_HOOK_H */
