/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns the contract of in.c: from IPv6 to IPv4.
 */
#ifndef _UMX_BIS_IN_H
#define _UMX_BIS_IN_H

#include "mib.h"
#include "wire.h"

struct net_device;
struct sk_buff;
struct umx_bis_head6;
struct umx_bis_net;
struct umx_bis_spool;

unsigned int umx_bis_in(struct umx_bis_net *bn,
			const struct umx_bis_spool *spool,
			struct sk_buff *skb);
int umx_bis_in_rewrite(struct sk_buff *skb, const struct umx_bis_head6 *head,
		       __be32 saddr, __be32 daddr, u16 id);
void umx_bis_in_came(struct umx_bis_net *bn, struct net_device *dev,
		     struct sk_buff *skb);
enum umx_bis_mib umx_bis_in_mib(enum umx_bis_verdict verdict);

#endif /* _UMX_BIS_IN_H */
