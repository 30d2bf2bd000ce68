// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the judgement over datagrams to and from the EAs of connected
 * UDP sockets. An EA has one peer: what is not between these two pairs of
 * address and port does not pass, in either direction.
 *
 * Datagrams the kernel's early demux has found a connected socket for, by the
 * same four, do not come here on their way in.
 */
#include <linux/icmpv6.h>
#include <linux/udp.h>
#include <net/ipv6.h>
#include "address.h"
#include "gate.h"
#include "netns.h"
#include "onlink.h"
#include "pool.h"

/* Is this between the UDP session at @addr and its peer? */
static bool umx_gate_udp_own(const struct umx_addr *addr,
			     const struct in6_addr *peer, __be16 peer_port,
			     __be16 local_port)
{
	/* pairs with umx_session_bind(): not 0, the rest is constant */
	__be16 port = smp_load_acquire(&addr->peer_port);

	return port && port == peer_port && addr->local_port == local_port &&
	       ipv6_addr_equal(&addr->peer, peer);
}

/* The live address @skb is sent to, if it is that of a UDP session. */
static struct umx_addr *umx_gate_udp_addr(struct umx_net *un,
					  const struct sk_buff *skb)
{
	struct umx_addr *addr = umx_addr_find(un, &ipv6_hdr(skb)->daddr);

	return addr && addr->proto == UMX_PROTO_UDP ? addr : NULL;
}

/* A datagram, or the fragment it begins with, whose UDP header is at @off. */
static unsigned int umx_gate_in_udp_at(struct umx_net *un,
				       struct umx_addr *addr,
				       struct sk_buff *skb, unsigned int off)
{
	const struct udphdr *uh;
	struct udphdr buf;

	uh = skb_header_pointer(skb, off, sizeof(buf), &buf);
	if (!uh)
		return umx_gate_drop(un, addr->pool, skb,
				     UMX_MIB_IN_MALFORMED);
	if (!umx_gate_udp_own(addr, &ipv6_hdr(skb)->saddr, uh->source,
			      uh->dest))
		return umx_gate_drop(un, addr->pool, skb,
				     UMX_MIB_IN_STRANGER);
	return NF_ACCEPT;
}

/* UDP to @pool. Context, return: as umx_gate_in_pool(). */
unsigned int umx_gate_in_udp(struct umx_net *un, struct umx_pool *pool,
			     struct sk_buff *skb)
{
	struct umx_addr *addr = umx_gate_udp_addr(un, skb);

	if (!addr)
		return umx_gate_drop(un, pool, skb, UMX_MIB_IN_PROTO);
	return umx_gate_in_udp_at(un, addr, skb, skb_network_offset(skb) +
						 sizeof(struct ipv6hdr));
}

/*
 * A fragment. TCP sends none, and a router makes none (RFC 8200 section 4.5);
 * a UDP peer may. The kernel puts together what passes, and only that: the ports
 * of a whole datagram are those of its first fragment, which is judged by them,
 * for overlapping fragments are refused (RFC 5722). The others have to come from
 * the peer's address.
 * Context, return: as umx_gate_in_pool().
 */
unsigned int umx_gate_in_fragment(struct umx_net *un, struct umx_pool *pool,
				  struct sk_buff *skb)
{
	unsigned int off = skb_network_offset(skb) + sizeof(struct ipv6hdr);
	struct umx_addr *addr = umx_gate_udp_addr(un, skb);
	const struct frag_hdr *fh;
	struct frag_hdr buf;

	if (!addr)
		return umx_gate_drop(un, pool, skb, UMX_MIB_IN_EXTHDR);
	fh = skb_header_pointer(skb, off, sizeof(buf), &buf);
	if (!fh)
		return umx_gate_drop(un, pool, skb, UMX_MIB_IN_MALFORMED);
	if (fh->nexthdr != IPPROTO_UDP)
		return umx_gate_drop(un, pool, skb, UMX_MIB_IN_EXTHDR);
	if (!(fh->frag_off & htons(IP6_OFFSET)))
		return umx_gate_in_udp_at(un, addr, skb, off + sizeof(buf));
	if (!umx_gate_udp_own(addr, &ipv6_hdr(skb)->saddr, addr->peer_port,
			      addr->local_port))
		return umx_gate_drop(un, pool, skb, UMX_MIB_IN_STRANGER);
	return NF_ACCEPT;
}

/*
 * Does the ICMPv6 error @skb quote a datagram of the session at @addr, or the
 * first fragment of one?
 */
bool umx_gate_in_udp_error(const struct umx_addr *addr,
			   const struct sk_buff *skb)
{
	unsigned int off = skb_network_offset(skb) + sizeof(struct ipv6hdr) +
			   sizeof(struct icmp6hdr);
	const struct ipv6hdr *ip6h;
	const struct frag_hdr *fh;
	const struct udphdr *uh;
	struct ipv6hdr ip6h_buf;
	struct frag_hdr fh_buf;
	struct udphdr uh_buf;
	u8 nexthdr;

	ip6h = skb_header_pointer(skb, off, sizeof(ip6h_buf), &ip6h_buf);
	if (!ip6h)
		return false;
	nexthdr = ip6h->nexthdr;
	off += sizeof(ip6h_buf);
	if (nexthdr == IPPROTO_FRAGMENT) {
		fh = skb_header_pointer(skb, off, sizeof(fh_buf), &fh_buf);
		if (!fh || (fh->frag_off & htons(IP6_OFFSET)))
			return false;
		nexthdr = fh->nexthdr;
		off += sizeof(fh_buf);
	}
	uh = skb_header_pointer(skb, off, sizeof(uh_buf), &uh_buf);
	return uh && nexthdr == IPPROTO_UDP &&
	       umx_gate_udp_own(addr, &ip6h->daddr, uh->dest, uh->source);
}

/**
 * umx_gate_out_udp() - may this packet leave from the EA of a UDP socket?
 * @addr: the EA
 * @skb: the packet, which comes from its socket
 *
 * sendto() may name another destination than the socket's peer, and routing
 * headers do. Whoever is there was not given this address.
 * Context: RCU.
 */
bool umx_gate_out_udp(struct umx_addr *addr, const struct sk_buff *skb)
{
	u8 nexthdr = ipv6_hdr(skb)->nexthdr;
	const struct udphdr *uh;
	struct udphdr buf;
	__be16 frag_off;
	int off;

	off = ipv6_skip_exthdr(skb, skb_network_offset(skb) +
			       sizeof(struct ipv6hdr), &nexthdr, &frag_off);
	if (off < 0 || frag_off || nexthdr != IPPROTO_UDP)
		return false;
	uh = skb_header_pointer(skb, off, sizeof(buf), &buf);
	if (!uh || !umx_gate_udp_own(addr, &ipv6_hdr(skb)->daddr, uh->dest,
				     uh->source))
		return false;
	/* many connect and send nothing: routers hear of those who do */
	if (unlikely(!READ_ONCE(addr->sent))) {
		WRITE_ONCE(addr->sent, true);	/* two at once tell them twice */
		umx_onlink_live(addr->pool, &addr->addr);
	}
	return true;
}
