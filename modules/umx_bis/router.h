/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns the contract of router.c, router46.c and router64.c: packets
 * of others, from one version to the other.
 */
#ifndef _UMX_BIS_ROUTER_H
#define _UMX_BIS_ROUTER_H

#include <linux/compiler.h>
#include "mib.h"
#include "netns.h"
#include "shortcut.h"

struct net_device;
struct sk_buff;

/**
 * struct umx_bis_routed - a packet the router has to do with
 * @bn: the namespace
 * @dev: its device
 * @skb: the packet
 * @back: it has come in on that device: it was translated just before
 * @note: for the packets of its flow that follow
 */
struct umx_bis_routed {
	struct umx_bis_net *bn;
	struct net_device *dev;
	struct sk_buff *skb;
	bool back;
	struct umx_bis_shortcut_note note;
};

/* Is there anything to translate by? All that hosts without a router pay. */
static inline bool umx_bis_router_is_on(const struct umx_bis_net *bn)
{
	return READ_ONCE(bn->eams.on);
}

bool umx_bis_router_takes(const struct umx_bis_net *bn, struct sk_buff *skb);
bool umx_bis_router(struct umx_bis_net *bn, struct net_device *dev,
		    struct sk_buff *skb);

/* What router46.c and router64.c share. */
bool umx_bis_router46(struct umx_bis_routed *r);
bool umx_bis_router64(struct umx_bis_routed *r);
int umx_bis_router46_rewrite(struct umx_bis_net *bn, struct sk_buff *skb,
			     const struct in6_addr addr[2], u8 hops);
int umx_bis_router64_rewrite(struct umx_bis_net *bn, struct sk_buff *skb,
			     const struct in6_addr addr[2], u8 hops);
bool umx_bis_router_receive(struct umx_bis_routed *r, enum umx_bis_mib mib);
bool umx_bis_router_split(struct umx_bis_routed *r, enum umx_bis_mib mib,
			  bool (*one)(struct umx_bis_routed *r));

#endif /* _UMX_BIS_ROUTER_H */
