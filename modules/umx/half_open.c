// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns what a half-open handshake may cost: so many SYNs of an SSA
 * get a request socket, the others a SYN cookie, at a limited rate. So a flood
 * of SYNs to an SSA somebody has learnt takes no memory, and the client it was
 * given to still gets through.
 *
 * SYNs that were given a request socket are counted, for as long as the SSA
 * waits, not those that have one now: an SSA is for one connection, and after
 * the fourth attempt a cookie serves as well. A repeated SYN finds its request
 * socket and is not counted again.
 */
#include <linux/jiffies.h>
#include <linux/netfilter.h>
#include <linux/netfilter_ipv6.h>
#include <net/inet_connection_sock.h>
#include <net/ipv6.h>
#include <net/tcp.h>
#include <umx/tcp.h>
#include "address.h"
#include "half_open.h"
#include "hook.h"
#include "listener.h"
#include "netns.h"
#include "port_ignore.h"

/*
 * Would TCP itself answer with a cookie, or drop the SYN (tcp_syncookies 0,
 * three quarters of tcp_max_syn_backlog taken)?
 */
static bool umx_half_open_queue_full(const struct net *net,
				     const struct sock *lsk)
{
	int max = READ_ONCE(net->ipv4.sysctl_max_syn_backlog);

	return inet_csk_reqsk_queue_is_full(lsk) ||
	       inet_csk_reqsk_queue_len(lsk) >= max - (max >> 2);
}

static bool umx_half_open_take(struct umx_addr *addr)
{
	int limit = READ_ONCE(addr->listener->half_open);

	return atomic_read(&addr->half_open) < limit &&
	       atomic_inc_return(&addr->half_open) <= limit;
}

/*
 * So many cookies per tenth of a second, long enough for a burst, and at least
 * one; a race between processors lets a few more out.
 */
static bool umx_half_open_rate(struct umx_listener *listener)
{
	u32 rate = READ_ONCE(listener->cookie_rate);
	unsigned long now = jiffies;

	if (now - READ_ONCE(listener->cookies_since) >= HZ / 10) {
		WRITE_ONCE(listener->cookies_since, now);
		atomic_set(&listener->cookies, 0);
	}
	return atomic_inc_return(&listener->cookies) <=
	       rate / 10 + !!(rate % 10);
}

static bool umx_half_open_cookie(struct umx_net *un, struct umx_addr *addr,
				 struct sock *lsk, struct sk_buff *skb)
{
	/* before the cookie is out: its ACK may come on another processor */
	WRITE_ONCE(addr->cookies, true);
	if (!umx_half_open_rate(addr->listener) ||
	    umx_tcp_cookie_send(lsk, skb, !umx_port_ignored(un)))
		return false;
	umx_mib_inc(un, UMX_MIB_COOKIE_SENT);
	return true;
}

/**
 * umx_half_open_syn() - a SYN to a pool address has reached its listener
 * @un: the namespace
 * @lsk: the attached listener
 * @skb: the SYN, as umx_tcp_ops.syn is given it: what the host's own rules and
 *	TCP had to say against it they have said
 *
 * Context: softirq, RCU.
 * Return: true: TCP may have it; false: it was answered with a cookie, or is
 * dropped and counted.
 */
bool umx_half_open_syn(struct umx_net *un, struct sock *lsk,
		       struct sk_buff *skb)
{
	struct umx_addr *addr = umx_addr_find(un, &ipv6_hdr(skb)->daddr);

	if (!addr || !umx_addr_waits(addr)) {
		umx_drop(un, addr ? addr->pool : NULL,
			 addr ? UMX_MIB_IN_OTHER : UMX_MIB_IN_UNKNOWN, skb);
		return false;
	}
	/* always cookies: the administrator wants TCP's; no place: TCP drops */
	if (READ_ONCE(un->net->ipv4.sysctl_tcp_syncookies) == 2 ||
	    sk_acceptq_is_full(lsk))
		return true;
	if (!umx_half_open_queue_full(un->net, lsk) &&
	    umx_half_open_take(addr)) {
		if (umx_port_ignored(un))
			umx_port_ignore_note(addr, skb);
		return true;
	}
	if (!umx_half_open_cookie(un, addr, lsk, skb))
		umx_drop(un, addr->pool, UMX_MIB_IN_NO_COOKIE, skb);
	return false;
}

/* Headers linear, checksum right: what TCP would have seen to. */
static bool umx_half_open_sane(struct sk_buff *skb, const struct tcphdr *th)
{
	unsigned int off = skb_network_offset(skb) + sizeof(struct ipv6hdr);

	if (th->doff < sizeof(*th) / 4 ||
	    !pskb_may_pull(skb, off + th->doff * 4))
		return false;
	skb_set_transport_header(skb, off);
	return !nf_ip6_checksum(skb, NF_INET_LOCAL_IN, off, IPPROTO_TCP);
}

/**
 * umx_half_open_ack() - an ACK for an SSA that waits, of no known handshake
 * @un: the namespace
 * @addr: the SSA
 * @lsk: its attached listener
 * @skb: the ACK, at its IPv6 header
 * @th: its TCP header; not valid afterwards
 *
 * Context: softirq or BH off, RCU.
 * Return: what to do with it.
 */
enum umx_tcp_cookie_verdict umx_half_open_ack(struct umx_net *un,
					      const struct umx_addr *addr,
					      struct sock *lsk,
					      struct sk_buff *skb,
					      const struct tcphdr *th)
{
	enum umx_tcp_cookie_verdict verdict;
	struct dst_entry *local;

	if (!READ_ONCE(addr->cookies) || !umx_half_open_sane(skb, th))
		return UMX_TCP_COOKIE_NONE;
	local = umx_hook_local_dst(un);
	if (!local)
		return UMX_TCP_COOKIE_WAIT;
	verdict = umx_tcp_cookie_accept(lsk, skb, local,
					!umx_port_ignored(un));
	dst_release(local);
	if (verdict == UMX_TCP_COOKIE_REQUEST)
		umx_mib_inc(un, UMX_MIB_COOKIE_ACCEPTED);
	return verdict;
}
