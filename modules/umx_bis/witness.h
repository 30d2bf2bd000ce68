/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns the contract of witness.c: who sees packets between the
 * versions.
 */
#ifndef _UMX_BIS_WITNESS_H
#define _UMX_BIS_WITNESS_H

#include <linux/skbuff.h>
#include <linux/types.h>
#include <net/xfrm.h>

struct net;
struct net_device;

/*
 * Is there nothing about the packet itself that somebody would look at? A
 * security mark: AppArmor, which is no witness else.
 */
static inline bool umx_bis_witness_none_for(const struct sk_buff *skb)
{
#ifdef CONFIG_NETWORK_SECMARK
	if (skb->secmark)
		return false;
#endif
	return !skb_nfct(skb) && !secpath_exists(skb);
}

bool umx_bis_witness_none(const struct net *net, struct net_device *dev,
			  u8 version);
bool umx_bis_witness_none_out(const struct net *net, struct net_device *dev);
bool umx_bis_witness_none_in(const struct net *net, struct net_device *dev);

#endif /* _UMX_BIS_WITNESS_H */
