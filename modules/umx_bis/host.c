// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the decision whose a packet is that came to a source address
 * the host also uses natively (a spool with "shared").
 *
 *   port reserved                                    IPv4's
 *   TCP: a connection of IPv6, then of IPv4          its
 *   TCP: a listener of IPv6, then of IPv4            its
 *   UDP: a socket of IPv6, then of IPv4              its
 *   ICMPv6 error                                     as the packet it quotes
 *   echo reply, of a host with a pair                both's: who has not
 *                                                    asked does not hear it
 *   all else: echo requests, other protocols, ports
 *   nobody has                                       IPv6's
 *
 * So a packet of a session never goes to a server, and IPv4's servers are
 * reached where IPv6 has none, whoever began first. A server of IPv4 is offered
 * packets only of those "incoming" lets in.
 */
#include <linux/icmpv6.h>
#include <linux/skbuff.h>
#include <linux/udp.h>
#include <linux/umx_bis.h>
#include <net/inet6_hashtables.h>
#include <net/inet_hashtables.h>
#include <net/ipv6.h>
#include <net/udp.h>
#include <umx/compat.h>
#include "frag.h"
#include "host.h"
#include "icmp.h"
#include "map.h"
#include "mib.h"
#include "netns.h"
#include "packet.h"
#include "port.h"
#include "spool.h"
#include "xlat64.h"

/**
 * struct umx_bis_ends - both ends of a session, as IPv6 has them
 * @peer: the other host
 * @peer_port: its port
 * @port: ours
 * @ifindex: the device it is talked to through
 */
struct umx_bis_ends {
	struct in6_addr peer;
	__be16 peer_port;
	u16 port;
	int ifindex;
};

/* --- sockets --- */

static bool umx_bis_host_put(struct sock *sk)
{
	if (sk)
		sock_gen_put(sk);
	return sk;
}

/**
 * umx_bis_host_has_tcp6() - is there a connection of IPv6?
 * @bn: the namespace
 * @peer: the other host
 * @peer_port: its port
 * @addr: our address
 * @port: our port
 * @ifindex: the device; 0: any
 *
 * Context: RCU.
 */
bool umx_bis_host_has_tcp6(const struct umx_bis_net *bn,
			   const struct in6_addr *peer, __be16 peer_port,
			   const struct in6_addr *addr, u16 port, int ifindex)
{
	return umx_bis_host_put(umx_inet6_lookup_established(bn->net, peer,
							     peer_port, addr,
							     port, ifindex));
}

static int umx_bis_host_ifindex4(const struct umx_bis_net *bn)
{
	const struct net_device *dev = rcu_dereference(bn->dev);

	return dev ? dev->ifindex : 0;
}

static bool umx_bis_host_has_tcp4(const struct umx_bis_net *bn,
				  const struct umx_bis_spool *spool,
				  const struct umx_bis_map *map,
				  const struct umx_bis_ends *ends)
{
	return map && umx_bis_host_put(
		umx_inet_lookup_established(bn->net, map->addr4,
					    ends->peer_port, spool->self,
					    ends->port,
					    umx_bis_host_ifindex4(bn)));
}

/* A listener has no reference taken. */
static bool umx_bis_host_hears_tcp6(const struct umx_bis_net *bn,
				    const struct umx_bis_spool *spool,
				    const struct umx_bis_ends *ends)
{
	return umx_inet6_lookup_listener(bn->net, NULL, 0, &ends->peer,
					 ends->peer_port, &spool->source,
					 ends->port, ends->ifindex, 0);
}

static bool umx_bis_host_hears_tcp4(const struct umx_bis_net *bn,
				    const struct umx_bis_spool *spool,
				    const struct umx_bis_map *map,
				    const struct umx_bis_ends *ends)
{
	return umx_inet_lookup_listener(bn->net, NULL, 0,
					map ? map->addr4 : spool->self,
					ends->peer_port, spool->self,
					ends->port, umx_bis_host_ifindex4(bn),
					0);
}

/* May a UDP socket send to IPv4 or hear it? One of both versions is IPv6's. */
static bool umx_bis_host_is_udp4(const struct sock *sk,
				 const struct umx_bis_spool *spool)
{
	if (sk->sk_family != AF_INET &&
	    !ipv6_addr_v4mapped(&sk->sk_v6_rcv_saddr))
		return false;
	return !sk->sk_rcv_saddr || sk->sk_rcv_saddr == spool->self;
}

static bool umx_bis_host_hears_udp4(const struct umx_bis_net *bn,
				    const struct sock *sk,
				    const struct umx_bis_spool *spool,
				    const struct umx_bis_map *map,
				    const struct umx_bis_ends *ends)
{
	return umx_bis_host_is_udp4(sk, spool) &&
	       udp_sk_bound_dev_eq(bn->net, sk->sk_bound_dev_if,
				   umx_bis_host_ifindex4(bn), 0) &&
	       (!sk->sk_daddr || (map && sk->sk_daddr == map->addr4 &&
				  sk->sk_dport == ends->peer_port));
}

static bool umx_bis_host_hears_udp6(const struct sock *sk,
				    const struct umx_bis_spool *spool,
				    const struct umx_bis_ends *ends)
{
	if (sk->sk_family != AF_INET6 ||
	    !udp_sk_bound_dev_eq(sock_net(sk), sk->sk_bound_dev_if,
				 ends->ifindex, 0) ||
	    (!ipv6_addr_any(&sk->sk_v6_rcv_saddr) &&
	     !ipv6_addr_equal(&sk->sk_v6_rcv_saddr, &spool->source)))
		return false;
	return ipv6_addr_any(&sk->sk_v6_daddr) ||
	       (ipv6_addr_equal(&sk->sk_v6_daddr, &ends->peer) &&
		sk->sk_dport == ends->peer_port);
}

static struct udp_hslot *umx_bis_host_udp(const struct umx_bis_net *bn,
					  u16 port)
{
	return udp_hashslot(umx_udp_table_of(bn->net), bn->net, port);
}

static bool umx_bis_host_is_port(const struct sock *sk,
				 const struct umx_bis_net *bn, u16 port)
{
	return sk->sk_num == port && net_eq(sock_net(sk), bn->net);
}

/**
 * umx_bis_host_has_udp4() - is there a UDP socket of IPv4 with this port?
 * @bn: the namespace
 * @spool: its spool
 * @port: the port
 *
 * Context: RCU.
 */
bool umx_bis_host_has_udp4(const struct umx_bis_net *bn,
			   const struct umx_bis_spool *spool, u16 port)
{
	const struct sock *sk;

	sk_for_each_rcu(sk, &umx_bis_host_udp(bn, port)->head) {
		if (umx_bis_host_is_port(sk, bn, port) &&
		    umx_bis_host_is_udp4(sk, spool))
			return true;
	}
	return false;
}

/* --- deciding --- */

static enum umx_bis_whose umx_bis_host_ours_if(bool ours)
{
	return ours ? UMX_BIS_WHOSE_OURS : UMX_BIS_WHOSE_NATIVE;
}

/* May it reach a server of IPv4? */
static bool umx_bis_host_admits(const struct umx_bis_spool *spool,
				const struct umx_bis_map *map)
{
	return map || spool->incoming != UMX_BIS_INCOMING_REFUSE;
}

static enum umx_bis_whose umx_bis_host_tcp(struct umx_bis_net *bn,
					   const struct umx_bis_spool *spool,
					   const struct umx_bis_ends *ends)
{
	const struct umx_bis_map *map;

	if (umx_bis_port_has(bn, IPPROTO_TCP, ends->port))
		return UMX_BIS_WHOSE_OURS;
	map = umx_bis_map_find6(bn, &ends->peer);
	if (umx_bis_host_has_tcp6(bn, &ends->peer, ends->peer_port,
				  &spool->source, ends->port, ends->ifindex))
		return UMX_BIS_WHOSE_NATIVE;
	if (umx_bis_host_has_tcp4(bn, spool, map, ends))
		return UMX_BIS_WHOSE_OURS;
	if (!umx_bis_host_admits(spool, map) ||
	    umx_bis_host_hears_tcp6(bn, spool, ends))
		return UMX_BIS_WHOSE_NATIVE;
	return umx_bis_host_ours_if(umx_bis_host_hears_tcp4(bn, spool, map,
							    ends));
}

static enum umx_bis_whose umx_bis_host_udp_whose(struct umx_bis_net *bn,
				const struct umx_bis_spool *spool,
				const struct umx_bis_ends *ends)
{
	const struct umx_bis_map *map;
	const struct sock *sk;
	bool ours = false;

	if (umx_bis_port_has(bn, IPPROTO_UDP, ends->port))
		return UMX_BIS_WHOSE_OURS;
	map = umx_bis_map_find6(bn, &ends->peer);
	if (!umx_bis_host_admits(spool, map))
		return UMX_BIS_WHOSE_NATIVE;
	sk_for_each_rcu(sk, &umx_bis_host_udp(bn, ends->port)->head) {
		if (!umx_bis_host_is_port(sk, bn, ends->port))
			continue;
		if (umx_bis_host_hears_udp6(sk, spool, ends))
			return UMX_BIS_WHOSE_NATIVE;
		ours |= umx_bis_host_hears_udp4(bn, sk, spool, map, ends);
	}
	return umx_bis_host_ours_if(ours);
}

/* The session of a packet that is quoted, which we have sent. */
static enum umx_bis_whose umx_bis_host_quote(struct umx_bis_net *bn,
				const struct umx_bis_spool *spool,
				const struct umx_bis_map *map, u8 proto,
				const struct umx_bis_ends *ends)
{
	switch (proto) {
	case UMX_BIS_UDP:
		return umx_bis_host_ours_if(umx_bis_port_has(bn, IPPROTO_UDP,
							     ends->port));
	case UMX_BIS_TCP:
		if (umx_bis_port_has(bn, IPPROTO_TCP, ends->port))
			return UMX_BIS_WHOSE_OURS;
		if (umx_bis_host_has_tcp6(bn, &ends->peer, ends->peer_port,
					  &spool->source, ends->port,
					  ends->ifindex))
			return UMX_BIS_WHOSE_NATIVE;
		return umx_bis_host_ours_if(umx_bis_host_has_tcp4(bn, spool,
								  map, ends));
	case UMX_BIS_ICMP6:
		return UMX_BIS_WHOSE_BOTH;
	default:
		return UMX_BIS_WHOSE_NATIVE;
	}
}

/* An error: what it quotes says whose it is. */
static enum umx_bis_whose umx_bis_host_error(struct umx_bis_net *bn,
				const struct umx_bis_spool *spool,
				const struct sk_buff *skb, unsigned int off)
{
	struct umx_bis_ends ends = { .ifindex = inet6_iif(skb) };
	const struct umx_bis_map *map;
	const struct ipv6hdr *quote;
	const u8 *ports;
	struct ipv6hdr buf;
	u8 ports_buf[4];
	__be16 frag;
	u8 proto;
	int at;

	quote = skb_header_pointer(skb, off, sizeof(buf), &buf);
	if (!quote || !ipv6_addr_equal(&quote->saddr, &spool->source))
		return UMX_BIS_WHOSE_NATIVE;
	map = umx_bis_map_find6(bn, &quote->daddr);
	if (!map)
		return UMX_BIS_WHOSE_NATIVE;
	ends.peer = quote->daddr;
	proto = quote->nexthdr;
	at = ipv6_skip_exthdr(skb, off + sizeof(buf), &proto, &frag);
	ports = at < 0 || frag & htons(IP6_OFFSET) ? NULL :
		skb_header_pointer(skb, at, sizeof(ports_buf), ports_buf);
	/* Not the first fragment: both learn the path's MTU. */
	if (!ports)
		return UMX_BIS_WHOSE_BOTH;
	ends.port = umx_bis_get16(ports);
	ends.peer_port = htons(umx_bis_get16(ports + 2));
	return umx_bis_host_quote(bn, spool, map, proto, &ends);
}

static enum umx_bis_whose umx_bis_host_icmp(struct umx_bis_net *bn,
				const struct umx_bis_spool *spool,
				const struct sk_buff *skb,
				const struct umx_bis_head6 *head)
{
	u8 type = skb->data[head->len];

	if (umx_bis_icmp6_is_error(type))
		return umx_bis_host_error(bn, spool, skb,
					  head->len + UMX_BIS_HEAD_ICMP);
	if (type == UMX_BIS_ICMP6_ECHO_REPLY &&
	    umx_bis_map_find6(bn, &head->saddr))
		return UMX_BIS_WHOSE_BOTH;
	return UMX_BIS_WHOSE_NATIVE;
}

/*
 * A fragment has no ports but in the first: they are put together here, as
 * connection tracking does for all; IPv6 gets its own whole. False: it waits.
 */
static bool umx_bis_host_gather(struct umx_bis_net *bn, struct sk_buff *skb)
{
	unsigned int off = sizeof(struct ipv6hdr);

	umx_bis_mib_inc(bn, UMX_BIS_MIB_IN_FRAGMENT);
	if (umx_bis_frag_gather6(bn->net, skb))
		return false;
	/* IPv6 goes on behind the options it has read, of the first fragment */
	if (ipv6_hdr(skb)->nexthdr == NEXTHDR_HOP)
		off += ipv6_optlen((const struct ipv6_opt_hdr *)
				   (skb->data + off));
	skb_set_transport_header(skb, off);
	return true;
}

/**
 * umx_bis_host_whose() - whose a packet to the source address is
 * @bn: the namespace
 * @spool: its spool, whose source is shared
 * @skb: an IPv6 packet to the spool's source, at its network header, with
 *	nothing of IPv6 alone in it that shows at once (umx_bis_in()); it may be
 *	put together
 *
 * What cannot be read is IPv6's, which answers it as it should.
 *
 * Context: RCU, BH off.
 */
enum umx_bis_whose umx_bis_host_whose(struct umx_bis_net *bn,
				      const struct umx_bis_spool *spool,
				      struct sk_buff *skb)
{
	struct umx_bis_head6 head;
	struct umx_bis_ends ends;

	if (umx_bis_packet_read6(skb, &head) != UMX_BIS_OK)
		return UMX_BIS_WHOSE_NATIVE;
	if (umx_bis_head6_is_fragment(&head)) {
		if (!umx_bis_host_gather(bn, skb))
			return UMX_BIS_WHOSE_WAITS;
		if (umx_bis_packet_read6(skb, &head) != UMX_BIS_OK ||
		    umx_bis_head6_is_fragment(&head))
			return UMX_BIS_WHOSE_NATIVE;
	}
	if (head.proto == UMX_BIS_ICMP6)
		return umx_bis_host_icmp(bn, spool, skb, &head);
	if (head.proto != UMX_BIS_TCP && head.proto != UMX_BIS_UDP)
		return UMX_BIS_WHOSE_NATIVE;
	ends.peer = head.saddr;
	ends.ifindex = inet6_iif(skb);
	ends.peer_port = htons(umx_bis_get16(skb->data + head.len));
	ends.port = umx_bis_get16(skb->data + head.len + 2);
	return head.proto == UMX_BIS_TCP ?
	       umx_bis_host_tcp(bn, spool, &ends) :
	       umx_bis_host_udp_whose(bn, spool, &ends);
}
