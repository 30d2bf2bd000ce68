// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the answer: which packets to an anycast address are worth
 * one, and from which address it comes.
 *
 *   not TCP, or not switched on for it        accept: it never was our business
 *   TCP, but no SYN a host could have sent    accept, counted: TCP drops it
 *   SYN                                       1/3 (reply.c), drop
 *
 * Whatever is accepted here meets the silence of TCP, which drops everything
 * that is not sent to a unicast address (tcp_v6_conn_request(),
 * tcp_v6_send_reset()), and counts it as it does without us.
 */
#include <linux/ipv6.h>
#include <linux/netfilter.h>
#include <linux/netfilter_ipv6.h>
#include <linux/tcp.h>
#include <net/ip6_route.h>
#include <net/ipv6.h>
#include <net/l3mdev.h>
#include <net/xfrm.h>
#include "answer.h"
#include "mib.h"
#include "netns.h"
#include "reply.h"
#include "rule.h"

static unsigned int umx_anycast_leave(struct umx_anycast_net *an,
				      enum umx_anycast_mib reason)
{
	umx_anycast_mib_inc(an, reason);
	return NF_ACCEPT;
}

/*
 * Where the TCP header begins, or -1. Options may stand before it, nothing
 * else: a routing header may lead on to another node, a fragment is not the
 * whole segment, and what IPsec has not opened yet is not known.
 */
static int umx_anycast_tcp_offset(const struct sk_buff *skb)
{
	int off = skb_network_offset(skb) + sizeof(struct ipv6hdr);
	u8 nexthdr = ipv6_hdr(skb)->nexthdr;
	const struct ipv6_opt_hdr *opt;
	struct ipv6_opt_hdr buf;

	while (nexthdr == NEXTHDR_HOP || nexthdr == NEXTHDR_DEST) {
		opt = skb_header_pointer(skb, off, sizeof(buf), &buf);
		if (!opt)
			return -1;
		nexthdr = opt->nexthdr;
		off += ipv6_optlen(opt);
	}
	return nexthdr == NEXTHDR_TCP ? off : -1;
}

/*
 * The unicast address a connect() to the sender of @skb would leave from.
 * icmp6_send() by itself would choose by the address the SYN was sent to,
 * which is the one that must not be a source.
 *
 * Return: 0, -EINVAL if the sender is no single host, -EADDRNOTAVAIL.
 */
static int umx_anycast_source(const struct net *net, struct sk_buff *skb,
			      struct in6_addr *source)
{
	const struct ipv6hdr *ip6h = ipv6_hdr(skb);
	int type = ipv6_addr_type(&ip6h->saddr);
	struct flowi6 fl6 = { .daddr = ip6h->saddr };
	struct dst_entry *dst;
	bool anycast;

	if (!(type & IPV6_ADDR_UNICAST))
		return -EINVAL;
	fl6.flowi6_proto = IPPROTO_ICMPV6;
	fl6.flowi6_mark = IP6_REPLY_MARK(net, skb->mark);
	fl6.flowi6_uid = sock_net_uid(net, NULL);
	if (__ipv6_addr_needs_scope_id(type))
		fl6.flowi6_oif = inet6_iif(skb);
	else
		fl6.flowi6_oif = l3mdev_master_ifindex_rcu(skb->dev);
	if (ip6_dst_lookup(dev_net(skb->dev), NULL, &dst, &fl6))
		return -EADDRNOTAVAIL;
	anycast = ipv6_anycast_destination(dst, &ip6h->saddr);
	dst_release(dst);
	if (anycast)
		return -EINVAL;
	/* an address can be both; a source it is not for this SYN */
	if (ipv6_addr_equal(&fl6.saddr, &ip6h->daddr))
		return -EADDRNOTAVAIL;
	*source = fl6.saddr;
	return 0;
}

/**
 * umx_anycast_answer() - answer a packet if it is a SYN that is to be answered
 * @an: the namespace
 * @skb: a packet to an anycast address, in LOCAL_IN
 *
 * Context: RCU, bottom halves off.
 * Return: the verdict.
 */
unsigned int umx_anycast_answer(struct umx_anycast_net *an,
				struct sk_buff *skb)
{
	int off = umx_anycast_tcp_offset(skb);
	const struct tcphdr *th;
	struct in6_addr source;
	struct tcphdr buf;
	int err;

	if (off < 0 || !umx_anycast_rule_match(an, skb))
		return NF_ACCEPT;

	th = skb_header_pointer(skb, off, sizeof(buf), &buf);
	if (!th || th->doff < sizeof(*th) / 4 || skb->len < off + th->doff * 4)
		return umx_anycast_leave(an, UMX_ANYCAST_MIB_MALFORMED);
	if (!th->syn || th->ack || th->rst || th->fin)
		return umx_anycast_leave(an, UMX_ANYCAST_MIB_NOT_SYN);
	if (skb->pkt_type != PACKET_HOST)
		return umx_anycast_leave(an, UMX_ANYCAST_MIB_NOT_HOST);
	if (!xfrm6_policy_check(NULL, XFRM_POLICY_IN, skb))
		return umx_anycast_leave(an, UMX_ANYCAST_MIB_POLICY);
	if (nf_ip6_checksum(skb, NF_INET_LOCAL_IN, off, IPPROTO_TCP))
		return umx_anycast_leave(an, UMX_ANYCAST_MIB_BAD_CHECKSUM);
	err = umx_anycast_source(an->net, skb, &source);
	if (err)
		return umx_anycast_leave(an, err == -EINVAL ?
					 UMX_ANYCAST_MIB_BAD_SOURCE :
					 UMX_ANYCAST_MIB_NO_ADDRESS);
	return umx_anycast_reply(an, skb, &source);
}
