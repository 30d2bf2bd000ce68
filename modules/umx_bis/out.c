// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the way of a packet from IPv4 to IPv6: the device transmits
 * an IPv4 packet, or would (direct.c), and the host sends an IPv6 packet in its
 * place, through its own output with everything an administrator has put there.
 *
 * The host has not forwarded anything: TTL and hop limit are equal.
 */
#include <linux/err.h>
#include <linux/icmp.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <net/gso.h>
#include <net/icmp.h>
#include <net/inet_sock.h>
#include <net/ip6_route.h>
#include <net/ipv6.h>
#include <net/xfrm.h>
#include "flow.h"
#include "frag.h"
#include "gso.h"
#include "icmp.h"
#include "map.h"
#include "netns.h"
#include "out.h"
#include "packet.h"
#include "port.h"
#include "spool.h"
#include "upper.h"
#include "xlat46.h"

/**
 * struct umx_bis_outgoing - a packet on its way out
 * @bn: the namespace
 * @dev: the device that transmits it
 * @skb: the packet
 * @head: its IPv4 header
 * @map: the pair of its destination
 * @saddr: its new source
 * @waits: it comes once more, when its port can be reserved
 */
struct umx_bis_outgoing {
	struct umx_bis_net *bn;
	struct net_device *dev;
	struct sk_buff *skb;
	struct umx_bis_head4 head;
	struct umx_bis_map *map;
	const struct in6_addr *saddr;
	bool waits;
};

/* The counter of a verdict about an IPv4 packet. */
enum umx_bis_mib umx_bis_out_mib(enum umx_bis_verdict verdict)
{
	switch (verdict) {
	case UMX_BIS_SOURCE_ROUTE:
		return UMX_BIS_MIB_OUT_SOURCE_ROUTE;
	case UMX_BIS_PROTO:
		return UMX_BIS_MIB_OUT_PROTO;
	case UMX_BIS_ICMP_TYPE:
		return UMX_BIS_MIB_OUT_ICMP_TYPE;
	case UMX_BIS_ICMP_POINTER:
		return UMX_BIS_MIB_OUT_ICMP_POINTER;
	case UMX_BIS_ICMP_NESTED:
	case UMX_BIS_NO_PAIR:
		return UMX_BIS_MIB_OUT_ICMP_QUOTE;
	default:
		return UMX_BIS_MIB_OUT_MALFORMED;
	}
}

/* Count, and drop; the sender is told by ICMP if @type is not negative. */
static bool umx_bis_out_drop(struct umx_bis_outgoing *o, enum umx_bis_mib mib,
			     int type, int code, u32 info)
{
	umx_bis_mib_inc(o->bn, mib);
	if (type >= 0)
		icmp_ndo_send(o->skb, type, code, htonl(info));
	kfree_skb(o->skb);
	return false;
}

static bool umx_bis_out_refuse(struct umx_bis_outgoing *o,
			       enum umx_bis_verdict verdict)
{
	enum umx_bis_mib mib = umx_bis_out_mib(verdict);

	if (verdict == UMX_BIS_SOURCE_ROUTE)
		return umx_bis_out_drop(o, mib, ICMP_DEST_UNREACH,
					ICMP_SR_FAILED, 0);
	return umx_bis_out_drop(o, mib, -1, 0, 0);
}

static bool umx_bis_out_unreachable(struct umx_bis_outgoing *o,
				    enum umx_bis_mib mib, int code)
{
	return umx_bis_out_drop(o, mib, ICMP_DEST_UNREACH, code, 0);
}

/* The port must be IPv4's alone; false if that has ended it, or it waits. */
static bool umx_bis_out_port(struct umx_bis_outgoing *o,
			     const struct umx_bis_spool *spool)
{
	int err = umx_bis_port_claim(o->bn, spool, o->skb, &o->head,
				     &o->map->addr6);

	switch (err) {
	case 0:
		return true;
	case -EINPROGRESS:
		umx_bis_mib_inc(o->bn, UMX_BIS_MIB_OUT_PORT_WAIT);
		o->waits = true;
		return false;
	case -EADDRINUSE:
		return umx_bis_out_unreachable(o, UMX_BIS_MIB_OUT_PORT_CLASH,
					       ICMP_PKT_FILTERED);
	case -ENOSPC:
		return umx_bis_out_unreachable(o, UMX_BIS_MIB_OUT_PORT_FULL,
					       ICMP_PKT_FILTERED);
	case -EPROTONOSUPPORT:
		return umx_bis_out_unreachable(o, UMX_BIS_MIB_OUT_PORT_NONE,
					       ICMP_PROT_UNREACH);
	case -ENOBUFS:
		return umx_bis_out_drop(o, UMX_BIS_MIB_OUT_PORT_LATE, -1, 0, 0);
	case -ENOENT:
		return umx_bis_out_drop(o, UMX_BIS_MIB_OUT_NO_SPOOL, -1, 0, 0);
	default:
		return umx_bis_out_drop(o, UMX_BIS_MIB_OUT_NO_MEMORY, -1, 0, 0);
	}
}

/* A session may have an address of its own. */
static bool umx_bis_out_source(struct umx_bis_outgoing *o,
			       const struct umx_bis_spool *spool)
{
	o->saddr = &spool->source;
	if ((o->head.proto != UMX_BIS_TCP && o->head.proto != UMX_BIS_UDP) ||
	    o->head.offset)
		return true;
	if (!READ_ONCE(o->bn->flows.n) &&
	    !umx_bis_flow_may_begin(o->skb, &o->head))
		return true;
	o->saddr = umx_bis_flow_source(o->bn, spool, o->map, o->skb, &o->head);
	if (!IS_ERR(o->saddr))
		return true;
	return umx_bis_out_unreachable(o, UMX_BIS_MIB_OUT_NO_EA,
				       ICMP_PKT_FILTERED);
}

/* Who it is from and to; false if that has ended it, or it waits. */
static bool umx_bis_out_name(struct umx_bis_outgoing *o)
{
	const struct iphdr *ip = (const struct iphdr *)o->skb->data;
	const struct umx_bis_spool *spool = rcu_dereference(o->bn->spool);

	if (!spool)
		return umx_bis_out_drop(o, UMX_BIS_MIB_OUT_NO_SPOOL, -1, 0, 0);
	if (ip->saddr != spool->self)
		return umx_bis_out_unreachable(o, UMX_BIS_MIB_OUT_NOT_SELF,
					       ICMP_PKT_FILTERED);
	/* The own address has lost its local route. */
	if (ip->daddr == spool->self)
		return umx_bis_out_drop(o, UMX_BIS_MIB_OUT_LOOP, -1, 0, 0);
	o->map = umx_bis_map_find4(o->bn, ip->daddr);
	if (!o->map)
		return umx_bis_out_unreachable(o, UMX_BIS_MIB_OUT_NO_PAIR,
					       ICMP_HOST_UNREACH);
	if (!umx_bis_out_source(o, spool))
		return false;
	return !spool->shared || o->saddr != &spool->source ||
	       umx_bis_out_port(o, spool);
}

/* --- the route --- */

/* What IPsec policies ask about the upper layer. */
static void umx_bis_out_ports(const struct umx_bis_outgoing *o,
			      struct flowi6 *fl6)
{
	const u8 *upper = o->skb->data + o->head.len;

	if (o->head.offset)
		return;
	if (umx_bis_check_offset(o->head.proto)) {
		memcpy(&fl6->fl6_sport, upper, sizeof(fl6->fl6_sport));
		memcpy(&fl6->fl6_dport, upper + 2, sizeof(fl6->fl6_dport));
	} else if (o->head.proto == UMX_BIS_ICMP4 &&
		   umx_bis_icmp4_is_echo(upper[0])) {
		fl6->fl6_icmp_type = umx_bis_icmp4_echo_to6(upper[0]);
	}
}

static bool umx_bis_out_has_policy(const struct umx_bis_outgoing *o)
{
#ifdef CONFIG_XFRM
	return o->bn->net->xfrm.policy_count[XFRM_POLICY_OUT];
#else
	return false;
#endif
}

/* The host's IPsec: @dst, or what leads to it through a transformation. */
static struct dst_entry *umx_bis_out_secure(struct umx_bis_outgoing *o,
					    struct dst_entry *dst,
					    struct flowi6 *fl6)
{
#ifdef CONFIG_XFRM
	if (umx_bis_out_has_policy(o)) {
		umx_bis_out_ports(o, fl6);
		dst = xfrm_lookup(o->bn->net, dst, flowi6_to_flowi(fl6), NULL,
				  0);
	}
#endif
	if (!IS_ERR(dst))
		return dst;
	if (PTR_ERR(dst) == -EPERM)
		umx_bis_out_unreachable(o, UMX_BIS_MIB_OUT_POLICY,
					ICMP_PKT_FILTERED);
	else /* keys may be on their way */
		umx_bis_out_drop(o, UMX_BIS_MIB_OUT_POLICY, -1, 0, 0);
	return NULL;
}

/* @dst is the pair's route, or NULL: it is to be found. */
static struct dst_entry *umx_bis_out_find_route(struct umx_bis_outgoing *o,
						struct dst_entry *dst)
{
	const struct sk_buff *skb = o->skb;
	struct flowi6 fl6 = {
		.saddr = *o->saddr,
		.daddr = o->map->addr6,
		.flowlabel = ip6_make_flowinfo(o->head.tos, 0),
		.flowi6_mark = skb->mark,
		.flowi6_proto = o->head.proto == UMX_BIS_ICMP4 ?
				UMX_BIS_ICMP6 : o->head.proto,
		.flowi6_uid = sock_net_uid(o->bn->net, skb_to_full_sk(skb)),
	};

	if (!dst)
		dst = umx_bis_map_find_route(o->bn, o->map, skb, &fl6);
	if (!dst->error && dst->dev != o->dev)
		return umx_bis_out_secure(o, dst, &fl6);
	if (dst->error)
		umx_bis_out_unreachable(o, UMX_BIS_MIB_OUT_NO_ROUTE,
					ICMP_HOST_UNREACH);
	else
		umx_bis_out_drop(o, UMX_BIS_MIB_OUT_LOOP, -1, 0, 0);
	dst_release(dst);
	return NULL;
}

static struct dst_entry *umx_bis_out_route(struct umx_bis_outgoing *o)
{
	struct dst_entry *dst = umx_bis_map_route(o->bn, o->map, o->skb);

	if (dst && dst->dev != o->dev && !umx_bis_out_has_policy(o))
		return dst;
	return umx_bis_out_find_route(o, dst);
}

/* Does it fit into @mtu bytes of IPv6, as it is or in segments? */
static bool umx_bis_out_fits(const struct umx_bis_outgoing *o, unsigned int mtu)
{
	if (skb_is_gso(o->skb))
		return skb_gso_validate_network_len(o->skb, mtu + o->head.len -
						    UMX_BIS_HEAD6);
	return o->skb->len - o->head.len + UMX_BIS_HEAD6 <= mtu;
}

/* --- writing --- */

/*
 * From here on it is the host's own IPv6 packet. The socket stays its owner,
 * for back pressure, but IPv6 is not told of it: it is one of IPv4.
 */
static void umx_bis_out_send(struct umx_bis_outgoing *o, struct dst_entry *dst)
{
	struct sk_buff *skb = o->skb;

	skb_scrub_packet(skb, false);
	skb_dst_set(skb, dst);
	memset(IP6CB(skb), 0, sizeof(*IP6CB(skb)));
	skb->ignore_df = !o->head.df;
	umx_bis_map_touch(o->map);
	umx_bis_mib_inc(o->bn, UMX_BIS_MIB_OUT_PACKETS);
	ip6_local_out(o->bn->net, NULL, skb);
}

static bool umx_bis_out_translate_error(struct umx_bis_outgoing *o,
					unsigned int headroom)
{
	const struct umx_bis_env env = {
		.to6 = umx_bis_map_to6,
		.ctx = o->bn,
		.mtu4 = READ_ONCE(o->dev->mtu),
		.mtu6 = READ_ONCE(o->dev->mtu) + 20,
	};
	enum umx_bis_verdict verdict;
	struct sk_buff *skb;

	if (umx_bis_flow_is_quoted(o->bn, o->skb, o->head.len +
				   UMX_BIS_HEAD_ICMP))
		return umx_bis_out_drop(o, UMX_BIS_MIB_OUT_EA_ICMP, -1, 0, 0);
	skb = umx_bis_packet_error46(o->skb, &o->head, &env, o->saddr,
				     &o->map->addr6, headroom, &verdict);
	if (IS_ERR(skb))
		return umx_bis_out_drop(o, UMX_BIS_MIB_OUT_NO_MEMORY, -1, 0, 0);
	if (!skb)
		return umx_bis_out_refuse(o, verdict);
	consume_skb(o->skb);
	o->skb = skb;
	umx_bis_packet_put6(skb, &o->head, o->saddr, &o->map->addr6);
	return true;
}

static bool umx_bis_out_translate(struct umx_bis_outgoing *o,
				  struct dst_entry *dst)
{
	unsigned int headroom = LL_RESERVED_SPACE(dst->dev) + dst->header_len;
	struct sk_buff *skb = o->skb;

	if (o->head.proto == UMX_BIS_ICMP4 &&
	    !umx_bis_icmp4_is_echo(skb->data[o->head.len]))
		return umx_bis_out_translate_error(o, headroom);
	if (skb_cow_head(skb, headroom + UMX_BIS_HEAD6 + UMX_BIS_HEAD_FRAG -
			 UMX_BIS_HEAD4) ||
	    umx_bis_upper46(skb, &o->head, o->saddr, &o->map->addr6))
		return umx_bis_out_drop(o, UMX_BIS_MIB_OUT_NO_MEMORY, -1, 0, 0);
	umx_bis_gso_to6(skb);
	__skb_pull(skb, o->head.len);
	umx_bis_packet_put6(skb, &o->head, o->saddr, &o->map->addr6);
	return true;
}

/* One packet that is no fragment, and no list of packets. */
static bool umx_bis_out_one(struct umx_bis_outgoing *o)
{
	enum umx_bis_verdict verdict;
	struct dst_entry *dst;
	unsigned int mtu;

	verdict = umx_bis_packet_read4(o->skb, &o->head);
	if (verdict != UMX_BIS_OK)
		return umx_bis_out_refuse(o, verdict);
	if (!umx_bis_out_name(o))
		return o->waits;
	dst = umx_bis_out_route(o);
	if (!dst)
		return false;
	mtu = dst_mtu(dst);
	if (o->head.df && !umx_bis_out_fits(o, mtu)) {
		umx_bis_out_drop(o, UMX_BIS_MIB_OUT_TOO_BIG, ICMP_DEST_UNREACH,
				 ICMP_FRAG_NEEDED, mtu - 20);
		dst_release(dst);
		return false;
	}
	if (!umx_bis_out_translate(o, dst)) {
		dst_release(dst);
		return false;
	}
	umx_bis_out_send(o, dst);
	return true;
}

static bool umx_bis_out_split(struct umx_bis_outgoing *o)
{
	struct sk_buff *segs, *skb, *next;
	bool sent = false;

	umx_bis_mib_inc(o->bn, UMX_BIS_MIB_OUT_SPLIT);
	segs = umx_bis_gso_split(o->skb);
	if (!segs)
		umx_bis_mib_inc(o->bn, UMX_BIS_MIB_OUT_NO_MEMORY);
	skb_list_walk_safe(segs, skb, next) {
		skb_mark_not_on_list(skb);
		o->skb = skb;
		sent |= umx_bis_out_one(o);
	}
	return sent;
}

/**
 * umx_bis_out() - translate a packet to IPv6 and send it
 * @bn: the namespace
 * @dev: the device that transmits it
 * @skb: the packet, at its network header; consumed
 *
 * Return: whether it was sent, or waits for the other fragments.
 * Context: RCU, BH off.
 */
bool umx_bis_out(struct umx_bis_net *bn, struct net_device *dev,
		 struct sk_buff *skb)
{
	struct umx_bis_outgoing o;
	int err;

	o.bn = bn;
	o.dev = dev;
	o.skb = skb;
	o.waits = false;
	if (skb->protocol != htons(ETH_P_IP) ||
	    !pskb_may_pull(skb, sizeof(struct iphdr)))
		return umx_bis_out_drop(&o, UMX_BIS_MIB_OUT_NOT_IPV4, -1, 0, 0);
	if (ip_is_fragment(ip_hdr(skb))) {
		umx_bis_mib_inc(bn, UMX_BIS_MIB_OUT_FRAGMENT);
		err = umx_bis_frag_gather4(bn->net, skb);
		if (err)
			return err == -EINPROGRESS;
	}
	if (skb_is_gso(skb) && !umx_bis_gso_whole(skb))
		return umx_bis_out_split(&o);
	return umx_bis_out_one(&o);
}
