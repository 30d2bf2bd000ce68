// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns EAs that are lent (include/umx/loan.h): which one a translated
 * session gets, and what may pass in its name. Datagrams are those of any UDP
 * session, which are told by address and ports, too (gate_udp.c).
 *
 * The rules decide as if its socket had called connect() over IPv6, at its
 * first packet: that is what a translator sees. The peer
 * and both ports are known from the beginning, and are all that is compared:
 * no socket of IPv6 has them, and whoever translates knows no other session of
 * that address.
 */
#include <linux/icmpv6.h>
#include <linux/netfilter.h>
#include <linux/timekeeping.h>
#include <net/ipv6.h>
#include <net/tcp.h>
#include <umx/loan.h>
#include "address.h"
#include "draw.h"
#include "event.h"
#include "gate.h"
#include "loan.h"
#include "netns.h"
#include "onlink.h"
#include "pool.h"

/* umx_loan_lender.draw */
static struct umx_loan *umx_loan_lends(const struct umx_loan_session *session,
				       struct in6_addr *out)
{
	const struct in6_addr *peer = &session->peer.sin6_addr;
	struct umx_net *un = umx_net(session->net);
	bool udp = session->proto == IPPROTO_UDP;
	struct umx_addr *addr;

	if (!(udp ? READ_ONCE(un->has_udp_rules) : READ_ONCE(un->has_rules)) ||
	    umx_draw_legacy_peer(un->net, peer))
		return NULL;
	addr = umx_draw(un, session->sk, peer,
			udp ? UMX_PROTO_UDP : UMX_PROTO_TCP);
	if (IS_ERR_OR_NULL(addr))
		return ERR_CAST(addr);

	spin_lock_bh(&addr->lock);
	addr->peer = *peer;
	addr->local_port = session->port;
	addr->bound_dev = 0;
	addr->uid = READ_ONCE(session->sk->sk_uid);
	/* pairs with umx_gate_udp_own() */
	smp_store_release(&addr->peer_port, session->peer.sin6_port);
	/* pairs with umx_addr_lent(): the rest is constant from now on */
	smp_store_release(&addr->lent, true);
	spin_unlock_bh(&addr->lock);
	umx_event_addr(addr, UMX_EVENT_SESSION_BOUND);
	umx_mib_inc(un, UMX_MIB_EA_LENT);
	if (!udp) /* gate_udp.c does, when it has left */
		umx_onlink_live(addr->pool, &addr->addr);
	*out = addr->addr;
	return &addr->loan;	/* the reference of umx_draw() goes along */
}

/* umx_loan_lender.give_back */
static void umx_loan_comes_back(struct umx_loan *loan)
{
	struct umx_addr *addr = container_of(loan, struct umx_addr, loan);

	umx_mib_inc(addr->pool->un, UMX_MIB_EA_RELEASED);
	umx_addr_close(addr, false);
	umx_addr_put(addr);
}

static const struct umx_loan_lender umx_loan_lender = {
	.owner = THIS_MODULE,
	.draw = umx_loan_lends,
	.give_back = umx_loan_comes_back,
};

/* Is this between the session at @addr, which is lent, and its peer? */
static bool umx_loan_is(const struct umx_addr *addr,
			const struct in6_addr *peer, __be16 peer_port,
			__be16 local_port)
{
	return peer_port == addr->peer_port && local_port == addr->local_port &&
	       ipv6_addr_equal(peer, &addr->peer);
}

/* The ports of a TCP segment at @off, source first. */
static const __be16 *umx_loan_ports(const struct sk_buff *skb, unsigned int off,
				    u8 nexthdr, __be16 buf[2])
{
	return nexthdr == IPPROTO_TCP ?
	       skb_header_pointer(skb, off, 2 * sizeof(*buf), buf) : NULL;
}

/**
 * umx_loan_passes_in() - is this segment of the session at a lent address?
 * @addr: the address
 * @skb: the segment, at its IPv6 header; TCP is right behind it
 */
bool umx_loan_passes_in(const struct umx_addr *addr, const struct sk_buff *skb)
{
	const struct ipv6hdr *ip6h = ipv6_hdr(skb);
	const __be16 *ports;
	__be16 buf[2];

	ports = umx_loan_ports(skb, skb_network_offset(skb) + sizeof(*ip6h),
			       ip6h->nexthdr, buf);
	return ports && umx_loan_is(addr, &ip6h->saddr, ports[0], ports[1]);
}

/**
 * umx_loan_passes_error() - does an error quote the session at a lent address?
 * @addr: the address
 * @skb: an ICMPv6 error, at its IPv6 header; ICMPv6 is right behind it
 */
bool umx_loan_passes_error(const struct umx_addr *addr,
			   const struct sk_buff *skb)
{
	unsigned int off = skb_network_offset(skb) + sizeof(struct ipv6hdr) +
			   sizeof(struct icmp6hdr);
	const struct ipv6hdr *quote;
	struct ipv6hdr quote_buf;
	const __be16 *ports;
	__be16 buf[2];

	quote = skb_header_pointer(skb, off, sizeof(quote_buf), &quote_buf);
	if (!quote)
		return false;
	ports = umx_loan_ports(skb, off + sizeof(*quote), quote->nexthdr, buf);
	return ports && umx_loan_is(addr, &quote->daddr, ports[1], ports[0]);
}

/**
 * umx_loan_passes_out() - may this packet leave from a lent address?
 * @addr: the address
 * @state: of the hook
 * @skb: the packet, at its IPv6 header
 *
 * Who translates gives IPv6 no socket (umx/loan.h). IPv6 has one for all it
 * sends by itself.
 */
bool umx_loan_passes_out(struct umx_addr *addr,
			 const struct nf_hook_state *state,
			 const struct sk_buff *skb)
{
	const struct ipv6hdr *ip6h = ipv6_hdr(skb);
	const __be16 *ports;
	__be16 buf[2];

	if (state->sk)
		return false;
	if (addr->proto == UMX_PROTO_UDP)
		return umx_gate_out_udp(addr, skb);
	ports = umx_loan_ports(skb, skb_network_offset(skb) + sizeof(*ip6h),
			       ip6h->nexthdr, buf);
	return ports && umx_loan_is(addr, &ip6h->daddr, ports[1], ports[0]);
}

int umx_loan_setup(void)
{
	return umx_loan_lend(&umx_loan_lender);
}

void umx_loan_teardown(void)
{
	umx_loan_lend_no_more(&umx_loan_lender);
}
