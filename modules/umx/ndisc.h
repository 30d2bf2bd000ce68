/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns what neighbours say about addresses of on-link pools, and what
 * they are told.
 */
#ifndef _UMX_NDISC_H
#define _UMX_NDISC_H

#include <linux/types.h>

struct in6_addr;
struct net_device;
struct sk_buff;
struct umx_net;
struct umx_probe;

bool umx_ndisc_in(struct umx_net *un, struct sk_buff *skb);
bool umx_ndisc_ours(const struct umx_net *un, const struct sk_buff *skb);
bool umx_ndisc_probe(struct net_device *dev, const struct umx_probe *probe);
bool umx_ndisc_announce(struct net_device *dev, const struct in6_addr *addr);

#endif /* _UMX_NDISC_H */
