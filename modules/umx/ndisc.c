// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns neighbor discovery for addresses of on-link pools. The kernel
 * knows nothing of them: they are in no interface's list.
 *
 *	             NS from ::         NS from anybody    NA of another
 *	             (DAD of another)   (where is it?)
 *	TENTATIVE    duplicate          silence            duplicate
 *	UNCERTAIN    NA to ff02::1      silence            duplicate
 *	live         NA to ff02::1      NA to the asker    counted
 *	disposed     silence            silence            nothing
 *
 * An UNCERTAIN address is defended, and yet nobody finds a neighbour there.
 * What is sent is sent as the stack's own, through its ndisc socket.
 */
#include <linux/icmpv6.h>
#include <linux/netdevice.h>
#include <linux/netfilter.h>
#include <linux/netfilter_ipv6.h>
#include <net/addrconf.h>
#include <net/ipv6.h>
#include <net/ndisc.h>
#include <net/neighbour.h>
#include "address.h"
#include "attach.h"
#include "mib.h"
#include "ndisc.h"
#include "netns.h"
#include "onlink.h"
#include "pool.h"

/* What a solicitation or an advertisement says, as far as we need it. */
struct umx_nd {
	const struct sk_buff *skb;
	struct net_device *dev;
	const struct in6_addr *from;
	struct in6_addr target;
	u8 *lladdr;		/* of its sender, or NULL */
	const u8 *nonce;	/* ND_NONCE bytes, or NULL */
	u8 type;
	bool dad;
};

#define UMX_ND_NONCE	6	/* bytes of it the stack sends (RFC 7527) */

/* What the target of a message is here. */
struct umx_nd_target {
	struct umx_pool *pool;
	struct umx_addr *addr;
	struct umx_reserved *reserved;
	u8 state;
};

/* An advertisement: what ndisc_ns_create() makes, with two words changed. */
static bool umx_ndisc_advertise(struct net_device *dev,
				const struct in6_addr *to,
				const struct in6_addr *target, bool solicited,
				bool override)
{
	struct inet6_dev *idev;
	struct sk_buff *skb;
	struct nd_msg *msg;

	rcu_read_lock();
	idev = __in6_dev_get(dev);
	skb = idev ? ndisc_ns_create(dev, target, target, 0) : NULL;
	if (skb) {
		msg = (struct nd_msg *)skb_transport_header(skb);
		msg->icmph.icmp6_type = NDISC_NEIGHBOUR_ADVERTISEMENT;
		msg->icmph.icmp6_router = READ_ONCE(idev->cnf.forwarding) > 0;
		msg->icmph.icmp6_solicited = solicited;
		msg->icmph.icmp6_override = override;
		msg->opt[0] = ND_OPT_TARGET_LL_ADDR;
		ndisc_send_skb(skb, to, target);
	}
	rcu_read_unlock();
	return skb;
}

/**
 * umx_ndisc_announce() - tell routers where an address is that is live now
 * @dev: its link
 * @addr: live
 *
 * So that the first packet back does not wait for a solicitation (RFC 9131:
 * unsolicited, not overriding, to all routers).
 *
 * Context: any. Return: false: no memory, or no IPv6 on the link.
 */
bool umx_ndisc_announce(struct net_device *dev, const struct in6_addr *addr)
{
	static const struct in6_addr routers = IN6ADDR_LINKLOCAL_ALLROUTERS_INIT;

	return umx_ndisc_advertise(dev, &routers, addr, false, false);
}

/**
 * umx_ndisc_probe() - ask whether somebody has an address (RFC 4862, 5.4.2)
 * @dev: the link
 * @probe: the address and the nonce
 *
 * Context: any. Return: false: no memory.
 */
bool umx_ndisc_probe(struct net_device *dev, const struct umx_probe *probe)
{
	struct in6_addr group;
	struct sk_buff *skb;

	skb = ndisc_ns_create(dev, &probe->addr, &in6addr_any, probe->nonce);
	if (!skb)
		return false;
	addrconf_addr_solict_mult(&probe->addr, &group);
	ndisc_send_skb(skb, &group, &in6addr_any);
	return true;
}

/* Is this packet from a pool address one of the two above? Only ndisc_sk's are. */
bool umx_ndisc_ours(const struct umx_net *un, const struct sk_buff *skb)
{
	return skb->sk && skb->sk == un->net->ipv6.ndisc_sk;
}

/* Options of a message of @len bytes: lengths in units of 8, none of 0. */
static bool umx_nd_options(struct umx_nd *nd, u8 *opt, unsigned int len)
{
	u8 lladdr = nd->type == NDISC_NEIGHBOUR_SOLICITATION ?
		    ND_OPT_SOURCE_LL_ADDR : ND_OPT_TARGET_LL_ADDR;
	unsigned int size;

	for (; len; opt += size, len -= size) {
		if (len < 8 || !opt[1] || opt[1] * 8 > len)
			return false;
		size = opt[1] * 8;
		if (opt[0] == lladdr) {
			if (size != ndisc_opt_addr_space(nd->dev, nd->type))
				return false;
			nd->lladdr = opt + 2;
		} else if (opt[0] == ND_OPT_NONCE && size == 8) {
			nd->nonce = opt + 2;
		}
	}
	return true;
}

/* What RFC 4861, 7.1, asks of a message. The packet is linear. */
static bool umx_nd_valid(struct umx_nd *nd, struct sk_buff *skb)
{
	const unsigned int off = skb_network_offset(skb) +
				 sizeof(struct ipv6hdr);
	const struct ipv6hdr *ip6h = ipv6_hdr(skb);
	struct nd_msg *msg = (struct nd_msg *)(skb->data + off);
	unsigned int len = ntohs(ip6h->payload_len);

	if (len < sizeof(*msg) || len > skb->len - off)
		return false;
	if (ip6h->hop_limit != 255 || msg->icmph.icmp6_code ||
	    ipv6_addr_is_multicast(&ip6h->saddr) ||
	    nf_ip6_checksum(skb, NF_INET_PRE_ROUTING, off, IPPROTO_ICMPV6))
		return false;
	if (!umx_nd_options(nd, msg->opt, len - sizeof(*msg)))
		return false;
	if (!nd->dad)
		return true;
	return nd->type == NDISC_NEIGHBOUR_SOLICITATION && !nd->lladdr &&
	       ipv6_addr_is_solict_mult(&ip6h->daddr);
}

/* Is it about an address of ours, TENTATIVE, UNCERTAIN or live, on this link? */
static bool umx_nd_target(struct umx_net *un, const struct umx_nd *nd,
			  struct umx_nd_target *target)
{
	struct umx_pool *pool = umx_pool_of(un, &nd->target);

	if (!pool || !pool->onlink || READ_ONCE(pool->onlink->dev) != nd->dev)
		return false;
	target->pool = pool;
	target->reserved = NULL;
	target->addr = umx_addr_find(un, &nd->target);
	if (target->addr) {
		target->state = READ_ONCE(target->addr->state);
		return true;
	}
	target->reserved = umx_reserved_find(&pool->onlink->reserve,
					     &nd->target);
	if (target->reserved)
		target->state = READ_ONCE(target->reserved->state);
	return target->reserved;
}

static void umx_nd_duplicate(struct umx_net *un,
			     const struct umx_nd_target *target)
{
	if (target->reserved &&
	    umx_reserved_duplicate(target->pool, target->reserved))
		umx_attach_kick(target->pool);
	else
		umx_mib_inc(un, UMX_MIB_ND_CONFLICT);
}

/* Our own probe, brought back by the link. */
static bool umx_nd_looped(const struct umx_nd *nd,
			  const struct umx_reserved *reserved)
{
	return nd->nonce && !memcmp(nd->nonce, &reserved->probe.nonce,
				    UMX_ND_NONCE);
}

static void umx_nd_defend(struct umx_net *un, const struct umx_nd *nd)
{
	if (umx_ndisc_advertise(nd->dev, &in6addr_linklocal_allnodes,
				&nd->target, false, true))
		umx_mib_inc(un, UMX_MIB_ND_DEFENDED);
}

static void umx_nd_answer(struct umx_net *un, const struct umx_nd *nd)
{
	struct neighbour *neigh;

	/* who asks is about to be answered, and to talk */
	neigh = nd->lladdr ? neigh_event_ns(&nd_tbl, nd->lladdr,
					    (void *)nd->from, nd->dev) : NULL;
	if (neigh)
		neigh_release(neigh);
	if (umx_ndisc_advertise(nd->dev, nd->from, &nd->target, true, true))
		umx_mib_inc(un, UMX_MIB_ND_ANSWERED);
}

/* Somebody asks for an address of ours. */
static void umx_nd_solicited(struct umx_net *un, const struct umx_nd *nd,
			     const struct umx_nd_target *target)
{
	switch (target->state) {
	case UMX_ADDR_TENTATIVE:
		if (!nd->dad)
			umx_drop(un, target->pool, UMX_MIB_IN_SOLICIT,
				 nd->skb);
		else if (!umx_nd_looped(nd, target->reserved))
			umx_nd_duplicate(un, target);
		break;
	case UMX_ADDR_UNCERTAIN:
		if (nd->dad)
			umx_nd_defend(un, nd);
		else
			umx_drop(un, target->pool, UMX_MIB_IN_SOLICIT,
				 nd->skb);
		break;
	case UMX_ADDR_VALID:
	case UMX_ADDR_CLOSING:
		if (nd->dad)
			umx_nd_defend(un, nd);
		else
			umx_nd_answer(un, nd);
		break;
	}
}

/* Somebody says that he has it. */
static void umx_nd_advertised(struct umx_net *un, const struct umx_nd *nd,
			      const struct umx_nd_target *target)
{
	/* or it is our own advertisement, brought back by the link */
	if (!nd->lladdr ||
	    memcmp(nd->lladdr, nd->dev->dev_addr, nd->dev->addr_len))
		umx_nd_duplicate(un, target);
}

static bool umx_nd_type(u8 type)
{
	return type == NDISC_NEIGHBOUR_SOLICITATION ||
	       type == NDISC_NEIGHBOUR_ADVERTISEMENT;
}

/**
 * umx_ndisc_in() - a packet that may be about an address of an on-link pool
 * @un: the namespace
 * @skb: at its IPv6 header
 *
 * Context: PRE_ROUTING. Return: true if it was, and nobody else needs it.
 */
bool umx_ndisc_in(struct umx_net *un, struct sk_buff *skb)
{
	const unsigned int off = skb_network_offset(skb) +
				 sizeof(struct ipv6hdr);
	struct umx_nd_target target;
	const struct nd_msg *msg;
	struct umx_nd nd = { .skb = skb, .dev = skb->dev };
	struct nd_msg buf;

	if (ipv6_hdr(skb)->nexthdr != IPPROTO_ICMPV6)
		return false;
	msg = skb_header_pointer(skb, off, sizeof(buf), &buf);
	if (!msg || !umx_nd_type(msg->icmph.icmp6_type))
		return false;
	nd.type = msg->icmph.icmp6_type;
	nd.target = msg->target;
	if (!umx_nd_target(un, &nd, &target))
		return false;

	if (skb_linearize(skb)) {
		umx_drop(un, target.pool, UMX_MIB_IN_MALFORMED, skb);
		return true;
	}
	nd.from = &ipv6_hdr(skb)->saddr;
	nd.dad = ipv6_addr_any(nd.from);
	if (!umx_nd_valid(&nd, skb))
		umx_drop(un, target.pool, UMX_MIB_IN_MALFORMED, skb);
	else if (nd.type == NDISC_NEIGHBOUR_SOLICITATION)
		umx_nd_solicited(un, &nd, &target);
	else
		umx_nd_advertised(un, &nd, &target);
	return true;
}
