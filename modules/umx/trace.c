// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the bodies of the tracepoints, and what they say of a packet.
 */
#include <linux/skbuff.h>
#include <net/ip.h>
#include <net/ipv6.h>

#define CREATE_TRACE_POINTS
#include "trace.h"

static void umx_trace_ports(const struct sk_buff *skb, int off,
			    struct umx_trace_flow *flow)
{
	const __be16 *port;
	__be16 buf[2];

	if (flow->proto != IPPROTO_TCP && flow->proto != IPPROTO_UDP)
		return;
	port = skb_header_pointer(skb, skb_network_offset(skb) + off,
				  sizeof(buf), buf);
	if (!port)
		return;
	flow->sport = ntohs(port[0]);
	flow->dport = ntohs(port[1]);
}

/* @skb has its network header in the linear part, or is NULL. */
void umx_trace_flow_of(const struct sk_buff *skb, struct umx_trace_flow *flow)
{
	memset(flow, 0, sizeof(*flow));
	if (!skb)
		return;
	if (ip_hdr(skb)->version == 4) {
		ipv6_addr_set_v4mapped(ip_hdr(skb)->saddr, &flow->saddr);
		ipv6_addr_set_v4mapped(ip_hdr(skb)->daddr, &flow->daddr);
		flow->proto = ip_hdr(skb)->protocol;
		umx_trace_ports(skb, ip_hdrlen(skb), flow);
		return;
	}
	flow->saddr = ipv6_hdr(skb)->saddr;
	flow->daddr = ipv6_hdr(skb)->daddr;
	flow->proto = ipv6_hdr(skb)->nexthdr;
	umx_trace_ports(skb, sizeof(struct ipv6hdr), flow);
}
