// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the way of a segment on an alternative pair to its socket, and
 * that of an ICMPv6 error about such a segment.
 *
 * A session follows its peer to the pair of a segment when that is one of the
 * agreed set, its checksum is right, and sequence and acknowledgment numbers lie
 * where the peer's next may lie: no less than TCP itself would ask of a segment
 * on the original pair. Anything else on a pair that is not the current one is
 * dropped, and moves nothing.
 */
#include <linux/icmpv6.h>
#include <linux/ipv6.h>
#include <linux/netfilter.h>
#include <linux/netfilter_ipv6.h>
#include <linux/tcp.h>
#include <net/inet6_hashtables.h>
#include <net/ip6_checksum.h>
#include <net/ip6_route.h>
#include <net/ipv6.h>
#include <net/tcp.h>
#include <umx/compat.h>
#include "demux.h"
#include "mib.h"
#include "move.h"
#include "netns.h"
#include "session.h"
#include "timer.h"

/* The socket whose session has this alias; with a reference, or NULL. */
static struct sock *umx_preserve_demux_sock(struct umx_preserve_net *pn,
					    const struct umx_preserve_alias *alias,
					    __be16 peer_port, __be16 local_port,
					    int dif)
{
	const struct umx_preserve_set *set = alias->set;
	struct umx_preserve_session *s;
	struct sock *sk;

	sk = umx_inet6_lookup_established(pn->net, &set->addrs.peer[0],
					  peer_port, &set->addrs.local[0],
					  ntohs(local_port), dif);
	if (!sk)
		return NULL;
	if (sk->sk_state == TCP_TIME_WAIT)
		return sk;	/* a session that moved keeps the set */
	if (sk->sk_state != TCP_NEW_SYN_RECV) {
		s = umx_preserve_session_find(sk);
		if (s && umx_preserve_session_agreed(s) && s->set == set)
			return sk;
	}
	sock_gen_put(sk);
	return NULL;
}

/* Could this be the peer's next segment? Without the lock: a near miss waits. */
static bool umx_preserve_demux_in_window(const struct sock *sk,
					 const struct tcphdr *th,
					 unsigned int payload)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	u32 seq = ntohl(th->seq), ack = ntohl(th->ack_seq);
	u32 end = seq + payload + th->fin;
	u32 next = READ_ONCE(tp->rcv_nxt), una = READ_ONCE(tp->snd_una);

	return th->ack && !th->syn && !th->rst &&
	       !before(end, READ_ONCE(tp->rcv_wup)) &&
	       !after(seq, next + tcp_receive_window(tp)) &&
	       !after(ack, READ_ONCE(tp->snd_nxt)) &&
	       !before(ack, una - READ_ONCE(tp->max_window));
}

/* For so long after a move segments may be on their way that know nothing of it. */
#define UMX_PRESERVE_HOLD_MIN	HZ

/*
 * Is a segment on another pair a matter of order, and no move of the peer's?
 *
 * - After a move of our own the peer goes on where it was until it hears of it.
 *   Should it have moved to a third pair at the same moment, the server gives
 *   way.
 * - After one of the peer's what it sent before may still come on the old pair:
 *   it is older than the segment that was followed.
 */
static bool umx_preserve_demux_stays(const struct umx_preserve_session *s,
				     const struct sock *sk,
				     const struct tcphdr *th, u8 pair)
{
	unsigned long hold = usecs_to_jiffies(tcp_sk(sk)->srtt_us >> 2);
	u32 seq = ntohl(th->seq), ack = ntohl(th->ack_seq);

	if (!READ_ONCE(s->moves) ||
	    time_after(jiffies, READ_ONCE(s->moved_at) +
				max(hold, UMX_PRESERVE_HOLD_MIN)))
		return false;
	if (READ_ONCE(s->followed))
		return before(seq, READ_ONCE(s->follow_seq)) ||
		       (seq == READ_ONCE(s->follow_seq) &&
			before(ack, READ_ONCE(s->follow_ack)));
	return s->client || pair == READ_ONCE(s->left);
}

static void umx_preserve_demux_order(struct umx_preserve_session *s,
				     const struct tcphdr *th)
{
	WRITE_ONCE(s->follow_seq, ntohl(th->seq));
	WRITE_ONCE(s->follow_ack, ntohl(th->ack_seq));
}

/* The peer has heard of our move: what is older than this is from before. */
static void umx_preserve_demux_proven(struct umx_preserve_session *s,
				      const struct tcphdr *th)
{
	umx_preserve_demux_order(s, th);
	WRITE_ONCE(s->followed, true);
	WRITE_ONCE(s->proven, true);
}

/* Go to @pair now, or as soon as whoever owns the socket transmits. */
static void umx_preserve_demux_follow(struct umx_preserve_session *s,
				      struct sock *sk, const struct tcphdr *th,
				      u8 pair)
{
	if (umx_preserve_demux_stays(s, sk, th, pair))
		return;
	bh_lock_sock_nested(sk);	/* as tcp_v6_rcv() */
	if (umx_preserve_session_agreed(s) && s->current_pair != pair) {
		umx_preserve_demux_order(s, th);
		WRITE_ONCE(s->follow, pair);
		if (!sock_owned_by_user(sk))
			umx_preserve_move_follow(s, sk);
		else
			umx_preserve_timer_look_soon(s, sk);
	}
	bh_unlock_sock(sk);
}

static bool umx_preserve_demux_direct(struct umx_preserve_net *pn,
				      const struct sk_buff *skb,
				      const struct tcphdr *th)
{
	const struct ipv6hdr *ip6h = ipv6_hdr(skb);
	struct sock *sk;

	sk = umx_inet6_lookup_established(pn->net, &ip6h->saddr, th->source,
					  &ip6h->daddr, ntohs(th->dest),
					  skb->skb_iif);
	if (!sk)
		return false;
	sock_gen_put(sk);
	return true;
}

static unsigned int umx_preserve_demux_drop(struct umx_preserve_net *pn,
					    enum umx_preserve_mib reason)
{
	umx_preserve_count(pn, reason);
	return NF_DROP;
}

/*
 * Judge a segment for @sk on @pair. Return: NF_ACCEPT: it is to be given to @sk;
 * NF_STOP: it finds @sk anyway; NF_DROP.
 */
static unsigned int umx_preserve_demux_judge(struct umx_preserve_net *pn,
					     struct sk_buff *skb,
					     const struct tcphdr *th,
					     struct sock *sk, u8 pair)
{
	struct umx_preserve_session *s = umx_preserve_session_find(sk);
	unsigned int payload;

	if (!s)
		return NF_DROP;		/* has ended meanwhile */
	if (!pair && !READ_ONCE(s->current_pair))
		return NF_STOP;		/* TCP finds it by itself */
	if (th->rst && (pair != READ_ONCE(s->current_pair) ||
			!READ_ONCE(s->proven)))
		return umx_preserve_demux_drop(pn, UMX_PRESERVE_MIB_IN_RST);
	if (likely(pair == READ_ONCE(s->current_pair) && READ_ONCE(s->proven)))
		return NF_ACCEPT;

	payload = skb->len - sizeof(struct ipv6hdr) - th->doff * 4;
	if (!umx_preserve_demux_in_window(sk, th, payload)) {
		if (pair == READ_ONCE(s->current_pair))
			return NF_ACCEPT;
		return umx_preserve_demux_drop(pn, UMX_PRESERVE_MIB_IN_WINDOW);
	}
	if (nf_ip6_checksum(skb, NF_INET_PRE_ROUTING, sizeof(struct ipv6hdr),
			    IPPROTO_TCP))
		return umx_preserve_demux_drop(pn,
					       UMX_PRESERVE_MIB_BAD_CHECKSUM);
	if (pair == READ_ONCE(s->current_pair))
		umx_preserve_demux_proven(s, th);
	else
		umx_preserve_demux_follow(s, sk, th, pair);
	return NF_ACCEPT;
}

/* TCP takes the socket that comes with the segment: see tcp_v6_rcv(). */
static void umx_preserve_demux_assign(struct sk_buff *skb, struct sock *sk)
{
	skb_orphan(skb);
	skb->sk = sk;
	skb->destructor = sock_edemux;
}

/**
 * umx_preserve_demux_segment() - is this segment one of a session's?
 * @pn: the namespace, with alternative pairs
 * @skb: a TCP segment without extension headers, in PRE_ROUTING
 *
 * Context: softirq, RCU. Return: the verdict.
 */
unsigned int umx_preserve_demux_segment(struct umx_preserve_net *pn,
					struct sk_buff *skb)
{
	const struct ipv6hdr *ip6h = ipv6_hdr(skb);
	const struct umx_preserve_alias *alias;
	unsigned int verdict = NF_ACCEPT;
	const struct tcphdr *th;
	struct sock *sk = NULL;
	struct hlist_head *head;
	struct tcphdr buf;

	head = umx_preserve_set_bucket(pn, &ip6h->daddr, &ip6h->saddr);
	if (likely(hlist_empty(head)))
		return NF_ACCEPT;
	th = skb_header_pointer(skb, sizeof(*ip6h), sizeof(buf), &buf);
	if (!th || th->doff < sizeof(*th) / 4 ||
	    skb->len < sizeof(*ip6h) + th->doff * 4)
		return NF_ACCEPT;
	if (th->syn)
		return NF_ACCEPT;	/* a connection of its own */

	umx_preserve_for_each_alias(alias, head, &ip6h->daddr, &ip6h->saddr) {
		sk = umx_preserve_demux_sock(pn, alias, th->source, th->dest,
					     skb->skb_iif);
		if (sk)
			break;
	}
	if (!sk)
		return NF_ACCEPT;
	if (sk->sk_state == TCP_TIME_WAIT) {
		if (!alias->pair || th->rst ||
		    umx_preserve_demux_direct(pn, skb, th)) {
			sock_gen_put(sk);
			return NF_ACCEPT;
		}
		umx_preserve_count(pn, UMX_PRESERVE_MIB_IN_TIMEWAIT);
		umx_preserve_demux_assign(skb, sk);
		return NF_ACCEPT;
	}
	if (alias->pair && umx_preserve_demux_direct(pn, skb, th)) {
		sock_gen_put(sk);
		return NF_ACCEPT;
	}
	verdict = umx_preserve_demux_judge(pn, skb, th, sk, alias->pair);
	if (verdict != NF_ACCEPT) {
		sock_gen_put(sk);
		return verdict == NF_STOP ? NF_ACCEPT : verdict;
	}
	umx_preserve_count(pn, UMX_PRESERVE_MIB_IN_ALTERNATIVE);
	umx_preserve_demux_assign(skb, sk);
	return NF_ACCEPT;
}

/* --- errors ---------------------------------------------------------------- */

/* The header of the segment an ICMPv6 error is about. */
struct umx_preserve_about {
	struct ipv6hdr ip6h;
	struct {
		__be16 source;
		__be16 dest;
		__be32 seq;
	} tcp;
};

/* Act on an error about @pair of @sk, whose lock is held and not owned. */
static void umx_preserve_demux_error(struct umx_preserve_session *s,
				     struct sock *sk, u8 pair,
				     const struct icmp6hdr *icmph)
{
	if (s->current_pair != pair)
		return;
	if (icmph->icmp6_type == ICMPV6_PKT_TOOBIG) {
		if (s->dst && ntohl(icmph->icmp6_mtu) >= IPV6_MIN_MTU) {
			s->dst->ops->update_pmtu(s->dst, sk, NULL,
						 ntohl(icmph->icmp6_mtu), true);
			umx_preserve_move_resume(s, sk, false);
		}
	} else if (icmph->icmp6_type == ICMPV6_DEST_UNREACH) {
		umx_preserve_timer_due(s, sk,
				       UMX_PRESERVE_REASON_UNREACHABLE);
	}
}

static bool umx_preserve_demux_in_flight(const struct sock *sk, u32 seq)
{
	const struct tcp_sock *tp = tcp_sk(sk);

	return between(seq, READ_ONCE(tp->snd_una), READ_ONCE(tp->snd_nxt)) &&
	       READ_ONCE(tp->packets_out);
}

/**
 * umx_preserve_demux_icmp() - is this ICMPv6 error about a session's segment?
 * @pn: the namespace, with alternative pairs
 * @skb: an ICMPv6 message without extension headers, in PRE_ROUTING
 *
 * The kernel looks for a socket with the addresses in the error, and finds none
 * for an alternative pair; what it would have done is done here. The message
 * goes on. Context: softirq, RCU. Return: the verdict.
 */
unsigned int umx_preserve_demux_icmp(struct umx_preserve_net *pn,
				     struct sk_buff *skb)
{
	const unsigned int off = sizeof(struct ipv6hdr);
	const struct umx_preserve_about *about;
	const struct umx_preserve_alias *alias;
	struct umx_preserve_about about_buf;
	struct umx_preserve_session *s;
	const struct icmp6hdr *icmph;
	struct icmp6hdr buf;
	struct hlist_head *head;
	struct sock *sk;

	icmph = skb_header_pointer(skb, off, sizeof(buf), &buf);
	if (!icmph || (icmph->icmp6_type != ICMPV6_PKT_TOOBIG &&
		       icmph->icmp6_type != ICMPV6_DEST_UNREACH))
		return NF_ACCEPT;
	about = skb_header_pointer(skb, off + sizeof(*icmph),
				   sizeof(about_buf), &about_buf);
	if (!about || about->ip6h.nexthdr != IPPROTO_TCP)
		return NF_ACCEPT;
	head = umx_preserve_set_bucket(pn, &about->ip6h.saddr,
				       &about->ip6h.daddr);
	umx_preserve_for_each_alias(alias, head, &about->ip6h.saddr,
				    &about->ip6h.daddr) {
		sk = umx_preserve_demux_sock(pn, alias, about->tcp.dest,
					     about->tcp.source, skb->skb_iif);
		if (!sk)
			continue;
		s = sk->sk_state == TCP_TIME_WAIT ? NULL :
		    umx_preserve_session_find(sk);
		if (s && (!umx_preserve_demux_in_flight(sk,
							ntohl(about->tcp.seq)) ||
			  nf_ip6_checksum(skb, NF_INET_PRE_ROUTING, off,
					  IPPROTO_ICMPV6))) {
			umx_preserve_count(pn, UMX_PRESERVE_MIB_ICMP_FORGED);
		} else if (s) {
			bh_lock_sock_nested(sk);	/* as tcp_v6_rcv() */
			/* owned: it will be repeated */
			if (!sock_owned_by_user(sk) &&
			    umx_preserve_session_agreed(s)) {
				umx_preserve_count(pn, UMX_PRESERVE_MIB_ICMP);
				umx_preserve_demux_error(s, sk, alias->pair,
							 icmph);
			}
			bh_unlock_sock(sk);
		}
		sock_gen_put(sk);
		break;
	}
	return NF_ACCEPT;
}
