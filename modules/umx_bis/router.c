// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the router: which packets the device transmits are others',
 * and how a translated one goes on. It comes in on the device, as if a host of
 * the other version had sent it, and is forwarded, filtered and traced by the
 * host's own IP from there.
 *
 * Whether a packet was translated just before is said by the device it came in
 * on (skb_iif): ours. Going out of the same device, it would be translated
 * again. IPv6 hosts that meet by their IPv4 addresses need that, once each way
 * (RFC 7757, section 4); all else is a loop.
 */
#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <net/ip.h>
#include <net/ipv6.h>
#include <umx/compat.h>
#include "gso.h"
#include "router.h"
#include "spool.h"

static bool umx_bis_router_takes4(const struct umx_bis_net *bn,
				  struct sk_buff *skb)
{
	const struct umx_bis_spool *spool;
	const struct iphdr *ip;

	if (!pskb_may_pull(skb, sizeof(*ip)))
		return false;
	ip = ip_hdr(skb);
	if (ipv4_is_multicast(ip->daddr) || ipv4_is_lbcast(ip->daddr))
		return false;
	spool = rcu_dereference(bn->spool);
	return !spool || (ip->saddr != spool->self &&
			  !umx_bis_spool_has(spool, ip->daddr));
}

static bool umx_bis_router_takes6(struct sk_buff *skb)
{
	const struct ipv6hdr *ip6;

	if (!pskb_may_pull(skb, sizeof(*ip6)))
		return false;
	ip6 = ipv6_hdr(skb);
	return !ipv6_addr_is_multicast(&ip6->daddr) &&
	       !(ipv6_addr_type(&ip6->daddr) & IPV6_ADDR_LINKLOCAL) &&
	       !(ipv6_addr_type(&ip6->saddr) & IPV6_ADDR_LINKLOCAL);
}

/**
 * umx_bis_router_takes() - is it a packet of others, for others?
 * @bn: the namespace
 * @skb: what the device is to transmit, at its network header
 *
 * Not the sessions of this host's spool, nor what a device says for itself
 * (neighbour discovery, multicast groups).
 */
bool umx_bis_router_takes(const struct umx_bis_net *bn, struct sk_buff *skb)
{
	if (skb->protocol == htons(ETH_P_IP))
		return umx_bis_router_takes4(bn, skb);
	return skb->protocol == htons(ETH_P_IPV6) && umx_bis_router_takes6(skb);
}

/**
 * umx_bis_router_receive() - a translated packet comes in
 * @r: the packet; consumed
 * @mib: counts it
 *
 * What a task sends comes in by the backlog, as from any other software device:
 * its stack may be deep already. In softirq it comes in at once, before the next
 * packet of its flow can take a shortcut.
 */
bool umx_bis_router_receive(struct umx_bis_routed *r, enum umx_bis_mib mib)
{
	struct sk_buff *skb = r->skb;
	unsigned int len = skb->len;

	skb_orphan(skb);
	skb_scrub_packet(skb, false);
	skb_clear_tstamp(skb);
	memset(skb->cb, 0, sizeof(skb->cb));
	skb->dev = r->dev;
	skb->pkt_type = PACKET_HOST;
	if (in_serving_softirq()) {
		umx_bis_shortcut_learn(r);
		netif_receive_skb(skb);
	} else if (netif_rx(skb) != NET_RX_SUCCESS) {
		umx_bis_mib_inc(r->bn, UMX_BIS_MIB_ROUTER_BACKLOG);
		return false;
	}
	dev_sw_netstats_rx_add(r->dev, len);
	umx_bis_mib_inc(r->bn, mib);
	return true;
}

/**
 * umx_bis_router_split() - cut a GSO packet that cannot pass as it is
 * @r: the packet; consumed
 * @mib: counts it
 * @one: gets each segment
 *
 * Return: whether one of them was sent.
 */
bool umx_bis_router_split(struct umx_bis_routed *r, enum umx_bis_mib mib,
			  bool (*one)(struct umx_bis_routed *r))
{
	struct sk_buff *segs, *skb, *next;
	bool sent = false;

	umx_bis_mib_inc(r->bn, mib);
	segs = umx_bis_gso_split(r->skb);
	if (!segs)
		umx_bis_mib_inc(r->bn, mib == UMX_BIS_MIB_OUT_SPLIT ?
				UMX_BIS_MIB_OUT_NO_MEMORY :
				UMX_BIS_MIB_IN_NO_MEMORY);
	skb_list_walk_safe(segs, skb, next) {
		skb_mark_not_on_list(skb);
		r->skb = skb;
		sent |= one(r);
	}
	return sent;
}

/**
 * umx_bis_router() - translate a packet of others, and take it in again
 * @bn: the namespace
 * @dev: the device that transmits it
 * @skb: the packet, at its network header; consumed
 *
 * Return: whether it was sent, or waits for other fragments.
 * Context: RCU, BH off.
 */
bool umx_bis_router(struct umx_bis_net *bn, struct net_device *dev,
		    struct sk_buff *skb)
{
	struct umx_bis_routed r = {
		.bn = bn,
		.dev = dev,
		.skb = skb,
		.back = skb->skb_iif == dev->ifindex,
	};
	bool sent;

	skb_forward_csum(skb);
	umx_bis_shortcut_note(&r);
	sent = skb->protocol == htons(ETH_P_IP) ? umx_bis_router46(&r) :
						  umx_bis_router64(&r);
	umx_bis_shortcut_forget(&r);
	return sent;
}
