// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the gate in: what may reach a pool address. Everything else
 * is dropped in silence.
 *
 *   TCP, address waits   SYN -> its listener           assign, accept
 *                        handshake's ACK, known        accept
 *                        ACK with a cookie of ours     accept
 *                        ACK with a cookie of TCP's?   assign, accept
 *   TCP, address bound   its session's 4-tuple         accept
 *   UDP, fragments of it its connected socket's        accept (gate_udp.c)
 *   ICMPv6 error         quotes its session            accept
 *   TCP, a spare         umx_preserve has given it to  accept
 *                        its session's socket
 *   TCP, a lent EA       its session's 4-tuple         accept
 *   TCP, above 64 KiB    its session's 4-tuple         accept
 *
 * Where ports are ignored, those of a session or handshake whose ports were
 * changed on the way are put back (port_ignore.c).
 *
 * Segments of connections and handshakes that early demux has found do not
 * come here (hook.c), but for those of pools with a device or on a link.
 */
#include <linux/icmpv6.h>
#include <linux/netdevice.h>
#include <net/inet6_hashtables.h>
#include <net/ipv6.h>
#include <net/tcp.h>
#include <umx/compat.h>
#include <umx/jumbo.h>
#include <umx/tcp.h>
#include "address.h"
#include "gate.h"
#include "half_open.h"
#include "listener.h"
#include "loan.h"
#include "netns.h"
#include "pool.h"
#include "port_ignore.h"
#include "spare.h"

/* Drop @skb, counted; in silence, unless the pool is to be debugged. */
unsigned int umx_gate_drop(struct umx_net *un, struct umx_pool *pool,
			   struct sk_buff *skb, enum umx_mib reason)
{
	umx_drop(un, pool, reason, skb);
	if (pool && pool->reject)
		icmpv6_send(skb, ICMPV6_DEST_UNREACH, ICMPV6_ADDR_UNREACH, 0);
	return NF_DROP;
}

/**
 * umx_gate_lives() - may this socket have a segment from outside?
 * @sk: the socket of the segment's 4-tuple, of any kind
 * @syn: the segment is a SYN
 *
 * Not a handshake whose listener we have let go of, for nobody would judge its
 * child; no SYN for a TIME_WAIT, which would be a new connection; and no connect()
 * nobody was asked about.
 */
bool umx_gate_lives(struct sock *sk, bool syn)
{
	switch (READ_ONCE(sk->sk_state)) {
	case TCP_LISTEN:	/* TPROXY assigned it: knows nobody */
		return false;
	case TCP_NEW_SYN_RECV:
		return umx_tcp_listener_attached(inet_reqsk(sk)->rsk_listener,
						 UMX_TCP_SLOT_ADDRESS);
	case TCP_TIME_WAIT:
		return !syn;
	case TCP_SYN_SENT:	/* who bound it himself was never judged */
		return umx_tcp_session(sk);
	default:
		return true;
	}
}

/*
 * Is there a socket of any kind for this 4-tuple: established, half open,
 * TIME_WAIT? Early demux has answered unless it is switched off.
 */
static bool umx_gate_known(struct net *net, struct sk_buff *skb,
			   const struct tcphdr *th)
{
	const struct ipv6hdr *ip6h = ipv6_hdr(skb);
	struct sock *sk;
	bool lives;

	if (skb->sk && skb->sk->sk_state != TCP_LISTEN)
		return umx_gate_lives(skb->sk, th->syn);
	sk = umx_inet6_lookup_established(net, &ip6h->saddr, th->source,
					  &ip6h->daddr, ntohs(th->dest),
					  inet6_iif(skb));
	if (!sk)
		return false;
	lives = umx_gate_lives(sk, th->syn);
	sock_gen_put(sk);
	return lives;
}

static bool umx_gate_demuxed(const struct net *net)
{
	return READ_ONCE(net->ipv4.sysctl_ip_early_demux) &&
	       READ_ONCE(net->ipv4.sysctl_tcp_early_demux);
}

/*
 * Hand @skb to the listener of @addr, whatever its destination port:
 * tcp_v6_rcv() takes the socket it finds, and the child is made with the
 * packet's own destination.
 */
static unsigned int umx_gate_assign(struct umx_net *un, struct umx_addr *addr,
				    struct sk_buff *skb,
				    const struct tcphdr *th)
{
	struct umx_pool *pool = addr->pool;
	enum umx_tcp_cookie_verdict verdict;
	struct sock *sk;

	if (umx_port_ignore_wrong(un, addr, th))
		return umx_gate_drop(un, pool, skb, UMX_MIB_IN_PORT);
	if (!ipv6_prefix_equal(&ipv6_hdr(skb)->saddr, &addr->peer,
			       addr->from_plen))
		return umx_gate_drop(un, pool, skb, UMX_MIB_IN_FROM);
	if (addr->ifindex && addr->ifindex != skb->dev->ifindex)
		return umx_gate_drop(un, pool, skb, UMX_MIB_IN_DEVICE);

	sk = umx_listener_lookup(addr->listener, skb,
				 skb_network_offset(skb) +
				 sizeof(struct ipv6hdr), th);
	if (!sk)
		return umx_gate_drop(un, pool, skb, UMX_MIB_IN_NO_LISTENER);
	if (!umx_tcp_listener_attached(sk, UMX_TCP_SLOT_ADDRESS)) {
		umx_listener_take_over(addr->listener);
		return umx_gate_drop(un, pool, skb, UMX_MIB_IN_NO_LISTENER);
	}
	if (!th->syn) {
		verdict = umx_half_open_ack(un, addr, sk, skb, th);
		if (verdict == UMX_TCP_COOKIE_REQUEST)
			return NF_ACCEPT;
		if (verdict == UMX_TCP_COOKIE_WAIT)
			return umx_gate_drop(un, pool, skb,
					     UMX_MIB_IN_COOKIE_WAITS);
	}
	if (!refcount_inc_not_zero(&sk->sk_refcnt))
		return umx_gate_drop(un, pool, skb, UMX_MIB_IN_NO_LISTENER);

	skb_orphan(skb);
	skb->sk = sk;
	skb->destructor = sock_edemux;
	return NF_ACCEPT;
}

static unsigned int umx_gate_in_waiting(struct umx_net *un,
					struct umx_addr *addr,
					struct sk_buff *skb,
					const struct tcphdr *th)
{
	/*
	 * Where early demux runs it has looked for a SYN's own socket already;
	 * it comes later for what is on-link.
	 */
	if ((!th->syn || skb->sk || addr->pool->onlink ||
	     !umx_gate_demuxed(un->net)) &&
	    umx_gate_known(un->net, skb, th))
		return NF_ACCEPT;
	if (umx_port_ignored(un) &&
	    umx_port_ignore_restore(un, addr, skb, th))
		return NF_ACCEPT;
	if (th->rst || th->fin || th->syn == th->ack)
		return umx_gate_drop(un, addr->pool, skb, UMX_MIB_IN_NOT_SYN);
	/* an ACK for nobody completes a handshake only as a SYN cookie */
	return umx_gate_assign(un, addr, skb, th);
}

static unsigned int umx_gate_in_tcp(struct umx_net *un, struct umx_pool *pool,
				    struct sk_buff *skb)
{
	const struct tcphdr *th;
	struct tcphdr buf;
	struct umx_addr *addr;

	th = skb_header_pointer(skb, skb_network_offset(skb) +
				sizeof(struct ipv6hdr), sizeof(buf), &buf);
	if (!th)
		return umx_gate_drop(un, pool, skb, UMX_MIB_IN_MALFORMED);

	addr = umx_addr_find(un, &ipv6_hdr(skb)->daddr);
	if (!addr)
		return umx_gate_drop(un, pool, skb, UMX_MIB_IN_UNKNOWN);
	if (addr->proto != UMX_PROTO_TCP)
		return umx_gate_drop(un, pool, skb, UMX_MIB_IN_OTHER);
	if (umx_addr_waits(addr))
		return umx_gate_in_waiting(un, addr, skb, th);
	if (!READ_ONCE(addr->bound))	/* or it expires at this moment */
		return umx_gate_drop(un, pool, skb,
				     READ_ONCE(addr->state) ==
				     UMX_ADDR_UNCERTAIN ?
				     UMX_MIB_IN_UNCERTAIN : UMX_MIB_IN_UNKNOWN);
	if (unlikely(umx_addr_lent(addr)))
		return umx_loan_passes_in(addr, skb) ? NF_ACCEPT :
			umx_gate_drop(un, pool, skb, UMX_MIB_IN_OTHER);
	if (!umx_gate_known(un->net, skb, th) &&
	    !(umx_port_ignored(un) &&
	      umx_port_ignore_restore(un, addr, skb, th)))
		return umx_gate_drop(un, pool, skb, UMX_MIB_IN_OTHER);
	return NF_ACCEPT;
}

/*
 * BIG TCP: data of a session, as much of it as nobody begins with. One whose ports
 * were changed on the way gets no such segments, nor does a lent address.
 */
static unsigned int umx_gate_in_jumbo(struct umx_net *un, struct umx_pool *pool,
				      struct sk_buff *skb)
{
	const struct tcphdr *th;
	struct tcphdr buf;
	struct umx_addr *addr;

	th = skb_header_pointer(skb, skb_transport_offset(skb), sizeof(buf),
				&buf);
	if (!th)
		return umx_gate_drop(un, pool, skb, UMX_MIB_IN_MALFORMED);
	addr = umx_addr_find(un, &ipv6_hdr(skb)->daddr);
	if (!addr)
		return umx_gate_drop(un, pool, skb, UMX_MIB_IN_UNKNOWN);
	if (addr->proto != UMX_PROTO_TCP || !READ_ONCE(addr->bound) ||
	    umx_addr_lent(addr) || !umx_gate_known(un->net, skb, th))
		return umx_gate_drop(un, pool, skb, UMX_MIB_IN_OTHER);
	return NF_ACCEPT;
}

/* Is it an ICMPv6 error, types 1-4? TCP checks the sequence number it quotes. */
static bool umx_gate_icmp_error(const struct sk_buff *skb)
{
	const u8 *type;
	u8 buf;

	type = skb_header_pointer(skb, skb_network_offset(skb) +
				  sizeof(struct ipv6hdr), sizeof(buf), &buf);
	return type && *type >= ICMPV6_DEST_UNREACH &&
	       *type <= ICMPV6_PARAMPROB;
}

/* An error from anywhere, about a packet of a session at this address. */
static unsigned int umx_gate_in_icmp(struct umx_net *un, struct umx_pool *pool,
				     struct sk_buff *skb)
{
	struct {
		struct icmp6hdr icmp6h;
		struct ipv6hdr ip6h;
		__be16 source;
		__be16 dest;
	} __packed buf;
	const typeof(buf) *quote;
	struct umx_addr *addr;
	struct sock *sk;

	if (!umx_gate_icmp_error(skb))
		return umx_gate_drop(un, pool, skb, UMX_MIB_IN_PROTO);
	quote = skb_header_pointer(skb, skb_network_offset(skb) +
				   sizeof(struct ipv6hdr), sizeof(buf), &buf);
	if (!quote)
		return umx_gate_drop(un, pool, skb, UMX_MIB_IN_MALFORMED);
	addr = umx_addr_find(un, &ipv6_hdr(skb)->daddr);
	if (!addr ||
	    !ipv6_addr_equal(&quote->ip6h.saddr, &ipv6_hdr(skb)->daddr))
		return umx_gate_drop(un, pool, skb, UMX_MIB_IN_ICMP);
	if (addr->proto == UMX_PROTO_UDP && umx_gate_in_udp_error(addr, skb))
		return NF_ACCEPT;
	if (addr->proto == UMX_PROTO_UDP || quote->ip6h.nexthdr != IPPROTO_TCP)
		return umx_gate_drop(un, pool, skb, UMX_MIB_IN_ICMP);
	if (umx_addr_lent(addr))
		return umx_loan_passes_error(addr, skb) ? NF_ACCEPT :
			umx_gate_drop(un, pool, skb, UMX_MIB_IN_ICMP);
	if (addr->of)	/* who has moved the session there will hear of it */
		return umx_spare_known(addr->of, skb, skb_network_offset(skb) +
				       offsetof(typeof(buf), source) +
				       sizeof(struct ipv6hdr)) ?
		       NF_ACCEPT : umx_gate_drop(un, pool, skb,
						 UMX_MIB_IN_ICMP);

	sk = umx_inet6_lookup_established(un->net, &quote->ip6h.daddr,
					  quote->dest, &quote->ip6h.saddr,
					  ntohs(quote->source), inet6_iif(skb));
	if (sk) {
		sock_gen_put(sk);
		return NF_ACCEPT;
	}
	if ((umx_port_ignored(un) && umx_port_ignore_restore_quote(un, skb)) ||
	    umx_tcp_knows(un->net, &quote->ip6h.saddr, quote->source,
			  &quote->ip6h.daddr, quote->dest, inet6_iif(skb)))
		return NF_ACCEPT;
	return umx_gate_drop(un, pool, skb, UMX_MIB_IN_ICMP);
}

/**
 * umx_gate_in_pool() - may this packet reach a pool address?
 * @un: the namespace
 * @pool: the pool of its destination
 * @skb: the packet, at its IPv6 header
 *
 * Context: softirq, RCU. Return: NF_ACCEPT, @skb assigned to a listener if it
 * is a SYN; or NF_DROP, counted.
 */
unsigned int umx_gate_in_pool(struct umx_net *un, struct umx_pool *pool,
			      struct sk_buff *skb)
{
	if (!pool->onlink && pool->ifindex &&
	    pool->ifindex != skb->dev->ifindex)
		return umx_gate_drop(un, pool, skb, UMX_MIB_IN_DEVICE);

	switch (ipv6_hdr(skb)->nexthdr) {
	case IPPROTO_TCP:
		return umx_gate_in_tcp(un, pool, skb);
	case IPPROTO_ICMPV6:
		return umx_gate_in_icmp(un, pool, skb);
	case IPPROTO_UDP:
		return umx_gate_in_udp(un, pool, skb);
	case IPPROTO_FRAGMENT:
		return umx_gate_in_fragment(un, pool, skb);
	case IPPROTO_HOPOPTS:
		if (umx_jumbo(skb))
			return umx_gate_in_jumbo(un, pool, skb);
		fallthrough;
	case IPPROTO_DSTOPTS:
	case IPPROTO_ROUTING:
	case IPPROTO_AH:
		return umx_gate_drop(un, pool, skb, UMX_MIB_IN_EXTHDR);
	default:
		return umx_gate_drop(un, pool, skb, UMX_MIB_IN_PROTO);
	}
}
