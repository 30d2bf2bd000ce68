// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns what net.umx.port_ignore makes of the ports of a segment.
 *
 * Level 0: the addresses alone are the session. TCP knows sockets by 4-tuples
 * all the same; so a segment whose ports were changed on the way, which finds
 * no socket and would be dropped, gets those of its session back, and its
 * checksum follows. A session has one peer, so that both addresses name it; a
 * waiting SSA may have several half-open handshakes, one of each client, and
 * remembers their ports until one of them has claimed it.
 *
 * Level 3: a SYN has to know its listener's port.
 *
 * Only what the gate was about to drop, or a handshake, comes here. What keeps
 * its ports is found by early demux, on every level.
 */
#include <linux/icmpv6.h>
#include <linux/slab.h>
#include <net/inet6_hashtables.h>
#include <net/ipv6.h>
#include <net/tcp.h>
#include <umx/compat.h>
#include "address.h"
#include "gate.h"
#include "listener.h"
#include "port_ignore.h"

/**
 * struct umx_ports - the ports of a session or handshake
 * @peer: of the other end
 * @local: of this one
 */
struct umx_ports {
	__be16 peer;
	__be16 local;
};

/* An ICMPv6 error about a TCP segment. */
struct umx_quote {
	struct icmp6hdr icmp6h;
	struct ipv6hdr ip6h;
	__be16 source;
	__be16 dest;
} __packed;

/**
 * struct umx_handshake - a half-open handshake on a waiting SSA
 * @client: whose
 * @ports: of its SYN, and so of its request socket
 */
struct umx_handshake {
	struct in6_addr client;
	struct umx_ports ports;
};

/**
 * struct umx_handshakes - those of an SSA that waits
 * @n: how many
 * @max: how many there is room for: the port's half_open limit at the first one
 * @h: at most one of each client
 */
struct umx_handshakes {
	u8 n;
	u8 max;
	struct umx_handshake h[];
};

/**
 * umx_port_ignore_wrong() - is this the wrong port to reach an SSA on?
 * @un: the namespace
 * @addr: the SSA
 * @th: TCP header of the SYN, or of the ACK with a cookie
 */
bool umx_port_ignore_wrong(const struct umx_net *un,
			   const struct umx_addr *addr,
			   const struct tcphdr *th)
{
	return READ_ONCE(un->port_ignore) == UMX_PORT_AWARE &&
	       ntohs(th->dest) != addr->port;
}

static struct umx_handshake *
umx_port_ignore_handshake(const struct umx_addr *addr,
			  const struct in6_addr *client)
{
	struct umx_handshakes *all = addr->handshakes;
	unsigned int i;

	lockdep_assert_held(&addr->lock);
	for (i = 0; all && i < all->n; i++)
		if (ipv6_addr_equal(&all->h[i].client, client))
			return &all->h[i];
	return NULL;
}

/* The ports of @addr's session or handshake with @peer. */
static bool umx_port_ignore_own(const struct umx_addr *addr,
				const struct in6_addr *peer,
				struct umx_ports *own)
{
	const struct umx_handshake *handshake;
	const struct sock *sk;

	lockdep_assert_held(&addr->lock);
	if (addr->proto != UMX_PROTO_TCP)
		return false;
	if (addr->state == UMX_ADDR_CLOSING) {
		own->peer = addr->peer_port;
		own->local = addr->local_port;
		return ipv6_addr_equal(&addr->peer, peer);
	}
	if (addr->state != UMX_ADDR_VALID)
		return false;
	/*
	 * From the SYN on, which may be answered before connect() has got round
	 * to tell us. The socket is there: its end has to take @addr->lock to
	 * make the address CLOSING or DISPOSED before it may go.
	 */
	sk = addr->bound ? addr->track.sk : NULL;
	if (sk) {
		own->peer = inet_sk(sk)->inet_dport;
		own->local = inet_sk(sk)->inet_sport;
		return ipv6_addr_equal(&sk->sk_v6_daddr, peer);
	}
	handshake = umx_port_ignore_handshake(addr, peer);
	if (handshake)
		*own = handshake->ports;
	return handshake;
}

/*
 * Which ports is a segment between @peer and @addr to have that was sent with
 * @seen? False if there is no such session, or @seen are its own.
 */
static bool umx_port_ignore_find(struct umx_net *un, struct umx_addr *addr,
				 const struct in6_addr *peer,
				 const struct umx_ports *seen, bool syn,
				 int iif, struct umx_ports *own)
{
	struct sock *sk;
	bool found;

	spin_lock_bh(&addr->lock);
	found = umx_port_ignore_own(addr, peer, own);
	spin_unlock_bh(&addr->lock);
	if (!found || (own->peer == seen->peer && own->local == seen->local))
		return false;
	sk = umx_inet6_lookup_established(un->net, peer, own->peer, &addr->addr,
					  ntohs(own->local), iif);
	if (!sk)
		return false;
	found = umx_gate_lives(sk, syn);
	sock_gen_put(sk);
	return found;
}

/*
 * Change one port of @skb; @check is the checksum that covers it. One whose sum
 * is right stays so: the checksum of the whole packet (CHECKSUM_COMPLETE) does
 * not change, what is left to the device (CHECKSUM_PARTIAL) has no port in it.
 */
static void umx_port_ignore_set(struct sk_buff *skb, __sum16 *check,
				__be16 *port, __be16 to)
{
	inet_proto_csum_replace2(check, skb, *port, to, false);
	*port = to;
}

/**
 * umx_port_ignore_restore() - give a segment the ports of its session
 * @un: the namespace
 * @addr: a live address, its destination
 * @skb: the segment, at its IPv6 header
 * @th: its TCP header; not valid afterwards if the answer is true
 *
 * Context: softirq or BH off, RCU.
 * Return: true if it has a session or handshake at level 0, whose ports it now
 * has; false, and nothing was changed, otherwise.
 */
bool umx_port_ignore_restore(struct umx_net *un, struct umx_addr *addr,
			     struct sk_buff *skb, const struct tcphdr *th)
{
	unsigned int off = skb_network_offset(skb) + sizeof(struct ipv6hdr);
	const struct umx_ports seen = { .peer = th->source, .local = th->dest };
	struct umx_ports own;
	struct tcphdr *to;

	if (!umx_port_ignore_find(un, addr, &ipv6_hdr(skb)->saddr, &seen,
				  th->syn, inet6_iif(skb), &own) ||
	    skb_ensure_writable(skb, off + sizeof(*to)))
		return false;
	to = (struct tcphdr *)(skb->data + off);
	umx_port_ignore_set(skb, &to->check, &to->source, own.peer);
	umx_port_ignore_set(skb, &to->check, &to->dest, own.local);
	umx_mib_inc(un, UMX_MIB_PORTS_RESTORED);
	return true;
}

/**
 * umx_port_ignore_restore_quote() - the same for the packet an error quotes
 * @un: the namespace
 * @skb: an ICMPv6 error to a pool address, at its IPv6 header, which quotes a
 *	TCP segment from that address
 *
 * A router between the one that changes ports and the peer quotes changed ones.
 * Context, return: as umx_port_ignore_restore().
 */
bool umx_port_ignore_restore_quote(struct umx_net *un, struct sk_buff *skb)
{
	struct umx_quote *quote;
	unsigned int off = skb_network_offset(skb) + sizeof(struct ipv6hdr);
	struct umx_ports seen, own;
	struct umx_addr *addr;

	addr = umx_addr_find(un, &ipv6_hdr(skb)->daddr);
	if (!addr || skb_ensure_writable(skb, off + sizeof(*quote)))
		return false;
	quote = (struct umx_quote *)(skb->data + off);
	seen.peer = quote->dest;
	seen.local = quote->source;
	if (!umx_port_ignore_find(un, addr, &quote->ip6h.daddr, &seen, false,
				  inet6_iif(skb), &own))
		return false;
	umx_port_ignore_set(skb, &quote->icmp6h.icmp6_cksum, &quote->dest,
			    own.peer);
	umx_port_ignore_set(skb, &quote->icmp6h.icmp6_cksum, &quote->source,
			    own.local);
	umx_mib_inc(un, UMX_MIB_PORTS_RESTORED);
	return true;
}

/**
 * umx_port_ignore_note() - a SYN to a waiting SSA gets a request socket
 * @addr: the SSA
 * @syn: the SYN, as TCP sees it
 *
 * Without memory, or room, nothing is noted: the handshake then needs its ports.
 * Context: softirq, RCU.
 */
void umx_port_ignore_note(struct umx_addr *addr, const struct sk_buff *syn)
{
	const struct in6_addr *client = &ipv6_hdr(syn)->saddr;
	u8 max = READ_ONCE(addr->listener->half_open);
	struct umx_handshake *handshake;
	struct umx_handshakes *all;

	spin_lock_bh(&addr->lock);
	if (!addr->handshakes && addr->state == UMX_ADDR_VALID &&
	    !addr->bound) {
		addr->handshakes = kzalloc(struct_size(all, h, max),
					   GFP_ATOMIC);
		if (addr->handshakes)
			addr->handshakes->max = max;
	}
	handshake = umx_port_ignore_handshake(addr, client);
	all = addr->handshakes;
	if (!handshake && all && all->n < all->max)
		handshake = &all->h[all->n++];
	if (handshake) {
		handshake->client = *client;
		handshake->ports.peer = tcp_hdr(syn)->source;
		handshake->ports.local = tcp_hdr(syn)->dest;
	}
	spin_unlock_bh(&addr->lock);
}

/**
 * umx_port_ignore_forget() - an SSA has its session, or is freed
 * @addr: its lock is held, unless nobody else knows it any more
 */
void umx_port_ignore_forget(struct umx_addr *addr)
{
	kfree(addr->handshakes);
	addr->handshakes = NULL;
}
