// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the transmission of a session's segments: with the option
 * while the agreement is under way, with the current pair's addresses once the
 * session has moved, and copies of them.
 *
 * TCP hands a segment over below the socket and above IPv6: identity, sequence
 * numbers and timers know nothing of what happens here. TCP's own output always
 * leaves the checksum to be completed (CHECKSUM_PARTIAL), so that other
 * addresses cost a new pseudo-header sum and nothing else.
 */
#include <linux/ipv6.h>
#include <linux/tcp.h>
#include <net/addrconf.h>
#include <net/ip6_checksum.h>
#include <net/ip6_fib.h>
#include <net/ip6_route.h>
#include <net/ipv6.h>
#include <net/tcp.h>
#include <umx/compat.h>
#include "exclude.h"
#include "key.h"
#include "mib.h"
#include "move.h"
#include "netns.h"
#include "offer.h"
#include "segment.h"
#include "session.h"
#include "timer.h"

/* How much of what is to be acknowledged is in it? */
static unsigned int umx_preserve_segment_length(const struct sk_buff *skb)
{
	const struct tcphdr *th = (const struct tcphdr *)skb->data;

	return skb->len - th->doff * 4 + th->fin;
}

/**
 * umx_preserve_segment_route() - the route of a pair
 * @s: the session
 * @sk: its socket
 * @pair: the pair
 * @fl6: gets the flow
 *
 * Context: socket lock. Return: the route, with a reference, or ERR_PTR().
 */
struct dst_entry *umx_preserve_segment_route(const struct umx_preserve_session *s,
					     struct sock *sk, u8 pair,
					     struct flowi6 *fl6)
{
	const struct inet_sock *inet = inet_sk(sk);
	struct ipv6_pinfo *np = inet6_sk(sk);

	memset(fl6, 0, sizeof(*fl6));
	fl6->flowi6_proto = IPPROTO_TCP;
	fl6->daddr = *umx_preserve_set_peer(s->set, pair);
	fl6->saddr = *umx_preserve_set_local(s->set, pair);
	fl6->flowlabel = np->flow_label;
	IP6_ECN_flow_xmit(sk, fl6->flowlabel);
	fl6->flowi6_oif = sk->sk_bound_dev_if;
	fl6->flowi6_mark = sk->sk_mark;
	fl6->fl6_sport = inet->inet_sport;
	fl6->fl6_dport = inet->inet_dport;
	fl6->flowi6_uid = sk->sk_uid;
	security_sk_classify_flow(sk, flowi6_to_flowi_common(fl6));
	return ip6_dst_lookup_flow(sock_net(sk), sk, fl6, NULL);
}

/* Send @skb on @pair by @dst, whose reference goes along. */
static int umx_preserve_segment_xmit(struct umx_preserve_session *s,
				     struct sock *sk, struct sk_buff *skb,
				     u8 pair, struct dst_entry *dst)
{
	const struct in6_addr *saddr = umx_preserve_set_local(s->set, pair);
	const struct in6_addr *daddr = umx_preserve_set_peer(s->set, pair);
	struct ipv6_pinfo *np = inet6_sk(sk);
	struct flowi6 fl6 = {
		.daddr = *daddr,
		.saddr = *saddr,
		.flowi6_proto = IPPROTO_TCP,
	};

	fl6.flowlabel = np->flow_label;
	IP6_ECN_flow_xmit(sk, fl6.flowlabel);
	tcp_hdr(skb)->check = ~tcp_v6_check(skb->len, saddr, daddr, 0);
	skb_dst_drop(skb);
	skb_dst_set(skb, dst);
	umx_preserve_count(s->pn, UMX_PRESERVE_MIB_OUT_ALTERNATIVE);
	return ip6_xmit(sk, skb, &fl6, sk->sk_mark, rcu_dereference(np->opt),
			np->tclass, READ_ONCE(sk->sk_priority));
}

/*
 * The route of the current pair, kept in the session and in the socket: from
 * the socket's TCP takes the MTU and what the device can do. Return: 0 or the
 * error of the route.
 */
static int umx_preserve_segment_dst(struct umx_preserve_session *s,
				    struct sock *sk)
{
	struct ipv6_pinfo *np = inet6_sk(sk);
	struct dst_entry *dst = s->dst;
	struct flowi6 fl6;

	if (dst && !dst_check(dst, s->dst_cookie)) {
		s->dst = NULL;
		dst_release(dst);
		dst = NULL;
	}
	if (!dst) {
		dst = umx_preserve_segment_route(s, sk, s->current_pair, &fl6);
		if (IS_ERR(dst))
			return PTR_ERR(dst);
		s->dst = dst;
		s->dst_cookie = rt6_get_cookie(container_of(dst,
							    struct rt6_info,
							    dst));
	}
	if (__sk_dst_get(sk) != dst) {
		np->dst_cookie = s->dst_cookie;
		sk_setup_caps(sk, dst_clone(dst));
	}
	return 0;
}

/**
 * umx_preserve_segment_reroute() - umx_tcp_type.reroute
 * @track: the session's
 * @sk: the socket
 *
 * TCP would look for a route between the original addresses, which may be gone,
 * and give the segment up.
 */
int umx_preserve_segment_reroute(struct umx_tcp_track *track, struct sock *sk)
{
	struct umx_preserve_session *s = umx_preserve_session_of(track);
	int err;

	if (!umx_preserve_session_agreed(s))
		return umx_tcp_reroute(sk);
	umx_preserve_move_follow(s, sk);
	err = s->current_pair ? umx_preserve_segment_dst(s, sk) :
				umx_tcp_reroute(sk);
	if (!err)
		return 0;
	/* the way is gone: another one, before TCP gives up */
	return umx_preserve_move_next(s, sk, umx_preserve_move_why(s, sk),
				      false) ? err : 0;
}

/* --- options --------------------------------------------------------------- */

/*
 * By the route TCP has chosen; without one, or room in it, as TCP sends it. To
 * ip6_xmit() the option's header is what the packet is about: it writes nothing
 * but the IPv6 header in front of it.
 */
static int umx_preserve_segment_option(struct sock *sk, struct sk_buff *skb,
				       struct flowi *fl,
				       const struct umx_option *option,
				       bool *with)
{
	struct ipv6_pinfo *np = inet6_sk(sk);
	struct dst_entry *dst = __sk_dst_check(sk, np->dst_cookie);
	unsigned int len = umx_option_length(option);
	struct flowi6 fl6 = {
		.flowi6_proto = IPPROTO_DSTOPTS,
		.daddr = sk->sk_v6_daddr,
		.saddr = np->saddr,
	};

	*with = dst && !rcu_access_pointer(np->opt) &&
		sizeof(struct ipv6hdr) + len + skb->len <= dst_mtu(dst) &&
		!skb_cow_head(skb, len);
	if (!*with)
		return umx_tcp_transmit(sk, skb, fl);
	umx_option_write(__skb_push(skb, len), len, IPPROTO_TCP, option);
	fl6.flowlabel = np->flow_label;
	IP6_ECN_flow_xmit(sk, fl6.flowlabel);
	skb_dst_drop(skb);
	skb_dst_set(skb, dst_clone(dst));
	return ip6_xmit(sk, skb, &fl6, sk->sk_mark, NULL, np->tclass,
			READ_ONCE(sk->sk_priority));
}

/*
 * Our address of the connection: whose is it? TCP has chosen one of the host's
 * unless an application or a capability has. Return: false: nobody's we know.
 */
static bool umx_preserve_segment_source(struct umx_preserve_session *s,
					const struct sock *sk)
{
	const struct in6_addr *saddr = &inet6_sk(sk)->saddr;

	s->onetime = umx_tcp_own(s->pn->net, saddr);
	return s->onetime || !(sk->sk_userlocks & SOCK_BINDADDR_LOCK) ||
	       ipv6_chk_addr(s->pn->net, saddr, NULL, 0);
}

/* To ourselves there is but one way. */
static bool umx_preserve_segment_looped(struct sock *sk)
{
	const struct dst_entry *dst = __sk_dst_get(sk);

	return dst && dst->dev->flags & IFF_LOOPBACK;
}

/*
 * The first SYN carries our offer. Were it lost for that, the second must not:
 * an offer is made once.
 */
static int umx_preserve_segment_syn(struct umx_preserve_session *s,
				    struct sock *sk, struct sk_buff *skb,
				    struct flowi *fl)
{
	struct umx_option option __uninitialized;
	bool offered;
	int err;

	s->isn = ntohl(tcp_hdr(skb)->seq);
	if (s->syns < U8_MAX)
		s->syns++;
	if (s->syns > 1 || umx_preserve_segment_length(skb) ||
	    !umx_preserve_enabled(s->pn))
		return umx_tcp_transmit(sk, skb, fl);
	if (umx_preserve_segment_looped(sk)) {
		s->syns = 0;
		return umx_tcp_transmit(sk, skb, fl);
	}
	if (!umx_preserve_segment_source(s, sk)) {
		umx_preserve_count(s->pn, UMX_PRESERVE_MIB_SKIP_POOL);
		s->syns = 0;
		return umx_tcp_transmit(sk, skb, fl);
	}
	if (umx_preserve_excluded(s->pn, &inet6_sk(sk)->saddr)) {
		umx_preserve_count(s->pn, UMX_PRESERVE_MIB_SKIP_EXCLUDED);
		s->syns = 0;
		return umx_tcp_transmit(sk, skb, fl);
	}
	/* with a key only what has a check counts */
	s->thesis = READ_ONCE(s->pn->set.option) == UMX_PRESERVE_FORM_THESIS &&
		    !umx_preserve_key_find(s->pn, &sk->sk_v6_daddr, NULL);
	umx_option_clear(&option);
	option.thesis = s->thesis;
	umx_preserve_offer_make(s->pn, &inet6_sk(sk)->saddr, s->onetime,
				&option);
	s->own = option.offer;
	err = umx_preserve_segment_option(sk, skb, fl, &option, &offered);
	if (offered)
		umx_preserve_count(s->pn, UMX_PRESERVE_MIB_OFFERED);
	return err;
}

/* Segments that carry our acceptance at most: a path may eat them all. */
#define UMX_PRESERVE_CARRY_MAX	8

/*
 * Our acceptance of the server's offer, on every ACK it fits into, until data of
 * ours has been acknowledged: the server has seen one by then. Not on what is
 * sent again, which must not be lost for it once more.
 */
static int umx_preserve_segment_carry(struct umx_preserve_session *s,
				      struct sock *sk, struct sk_buff *skb,
				      struct flowi *fl)
{
	const struct inet_sock *inet = inet_sk(sk);
	const struct tcp_sock *tp = tcp_sk(sk);
	struct umx_option option __uninitialized;
	const struct umx_preserve_signed what = {
		.offer = &s->peer,
		.peer = &sk->sk_v6_daddr,
		.isn = s->peer_isn,
		.peer_isn = s->isn,
		.port = inet->inet_dport,
		.peer_port = inet->inet_sport,
	};
	bool carried;
	int err;

	if (s->carried && (tp->snd_una != s->isn + 1 ||
			   s->carried == UMX_PRESERVE_CARRY_MAX)) {
		s->carry = false;
		return umx_tcp_transmit(sk, skb, fl);
	}
	if (umx_preserve_segment_length(skb) &&
	    before(ntohl(tcp_hdr(skb)->seq), tp->snd_nxt))
		return umx_tcp_transmit(sk, skb, fl);
	umx_option_clear(&option);
	option.thesis = s->thesis;
	umx_preserve_offer_accept(&option, &s->peer, s->peer_bitmap);
	if (!s->carried)
		umx_preserve_offer_sign(s->pn, &option, &what);
	else
		option.check = s->check;	/* the same once more */
	s->check = option.check;
	err = umx_preserve_segment_option(sk, skb, fl, &option, &carried);
	s->carried += carried;
	return err;
}

/* --- copies ---------------------------------------------------------------- */

/*
 * Put the head of the retransmission queue behind @skb, an ACK TCP has just
 * built: a retransmission that TCP's own state knows nothing of.
 */
static struct sk_buff *umx_preserve_segment_add_head(struct sock *sk,
						     struct sk_buff *skb)
{
	struct sk_buff *head = tcp_rtx_queue_head(sk);
	unsigned int len;

	if (!head)
		return skb;
	len = min3((unsigned int)head->len, tcp_sk(sk)->mss_cache,
		   (unsigned int)IPV6_MIN_MTU - 40 - tcp_hdrlen(skb));
	if (skb_cow_head(skb, skb_headroom(skb)) ||
	    pskb_expand_head(skb, 0, len, GFP_ATOMIC))
		return skb;
	if (skb_copy_bits(head, 0, skb_put(skb, len), len)) {
		skb_trim(skb, skb->len - len);
		return skb;
	}
	tcp_hdr(skb)->seq = htonl(TCP_SKB_CB(head)->seq);
	tcp_hdr(skb)->psh = 1;
	tcp_hdr(skb)->fin = len == head->len &&
			    TCP_SKB_CB(head)->tcp_flags & TCPHDR_FIN;
	return skb;
}

/* @skb is an ACK that umx_preserve_segment_ack() has asked for. */
static int umx_preserve_segment_detour(struct umx_preserve_session *s,
				       struct sock *sk, struct sk_buff *skb,
				       struct flowi *fl)
{
	struct dst_entry *dst;
	struct flowi6 fl6;
	u8 pair = s->detour;

	if (s->detour_data)
		skb = umx_preserve_segment_add_head(sk, skb);
	dst = umx_preserve_segment_route(s, sk, pair, &fl6);
	if (IS_ERR(dst)) {
		kfree_skb(skb);
		return 0;	/* an attempt: TCP need not know */
	}
	umx_preserve_segment_xmit(s, sk, skb, pair, dst);
	return 0;
}

/**
 * umx_preserve_segment_ack() - send an ACK on a pair, current or not
 * @s: the session
 * @sk: its socket
 * @pair: the pair
 * @data: with a copy of the first unacknowledged data
 *
 * TCP builds it, so that window, timestamps and SACK blocks are what they should
 * be. Context: socket lock, RCU not needed.
 */
void umx_preserve_segment_ack(struct umx_preserve_session *s, struct sock *sk,
			      u8 pair, bool data)
{
	s->detour = pair;
	s->detour_data = data;
	umx_tcp_transmit_start(sk);
	umx_tcp_send_ack(sk, tcp_sk(sk)->rcv_nxt);
	s->detour = UMX_PATH_NONE;
	s->detour_data = false;
}

/*
 * Is this the segment of a retransmission timeout we have not heard of yet?
 * Fast retransmissions are none: ordinary congestion moves nothing. Nor is the
 * one that follows a move: a copy of it would have the peer follow to a third
 * pair.
 */
static bool umx_preserve_segment_timed_out(struct umx_preserve_session *s,
					   struct sock *sk,
					   const struct sk_buff *skb)
{
	const struct inet_connection_sock *icsk = inet_csk(sk);
	struct tcp_sock *tp = tcp_sk(sk);
	u32 seq = ntohl(tcp_hdr(skb)->seq);

	if (icsk->icsk_ca_state != TCP_CA_Loss || seq != tp->snd_una ||
	    !before(seq, tp->snd_nxt) || !umx_preserve_segment_length(skb) ||
	    icsk->icsk_retransmits == s->rto_seen)
		return false;
	s->rto_seen = icsk->icsk_retransmits;
	if (s->forced) {
		s->forced = false;
		/* what umx_preserve_move_slow() wanted: the loss is none */
		tp->snd_ssthresh = max(tp->snd_ssthresh, tp->prior_ssthresh);
		return false;
	}
	return s->rto_seen;
}

/*
 * A retransmission timeout: send @copy of its segment on the next pair too, if
 * there was memory for it. @fin: of nothing but a FIN.
 */
static void umx_preserve_segment_timeout(struct umx_preserve_session *s,
					 struct sock *sk, struct sk_buff *copy,
					 bool fin)
{
	struct dst_entry *dst;
	struct flowi6 fl6;
	u8 pair;

	if (s->timeouts < U8_MAX)
		s->timeouts++;
	pair = umx_preserve_move_candidate(s, sk);
	if (pair == UMX_PATH_NONE)
		goto drop;
	s->why_copied = UMX_PRESERVE_REASON_TIMEOUT;
	/*
	 * A FIN alone waits for an answer: a peer that has gone resets the
	 * connection, which counts on a pair that is proven.
	 */
	if (!fin && s->timeouts >= READ_ONCE(s->pn->set.rto_threshold))
		umx_preserve_timer_due(s, sk, UMX_PRESERVE_REASON_TIMEOUT);
	if (!copy)
		return;
	dst = umx_preserve_segment_route(s, sk, pair, &fl6);
	if (IS_ERR(dst))
		goto drop;
	umx_path_mark_tried(&s->copied, pair);
	umx_preserve_count(s->pn, UMX_PRESERVE_MIB_COPY_TIMEOUT);
	umx_preserve_segment_xmit(s, sk, copy, pair, dst);
	return;
drop:
	kfree_skb(copy);
}

/*
 * Probes of a closed window, or of a peer that is silent, which nobody answers:
 * they are not data, and no timeout of a segment tells.
 */
static void umx_preserve_segment_probe(struct umx_preserve_session *s,
				       struct sock *sk)
{
	if (!tcp_sk(sk)->packets_out && inet_csk(sk)->icsk_probes_out >=
					READ_ONCE(s->pn->set.rto_threshold))
		umx_preserve_timer_due(s, sk, UMX_PRESERVE_REASON_TIMEOUT);
}

/* --- the way out ----------------------------------------------------------- */

/* As TCP sends it. If there is no way, TCP waits for a timer. */
static int umx_preserve_segment_plain(struct umx_preserve_session *s,
				      struct sock *sk, struct sk_buff *skb,
				      struct flowi *fl)
{
	int err = umx_tcp_transmit(sk, skb, fl);

	if (unlikely(err == -ENETUNREACH || err == -EHOSTUNREACH))
		umx_preserve_timer_due(s, sk, UMX_PRESERVE_REASON_UNREACHABLE);
	return err;
}

/* On the current pair. */
static int umx_preserve_segment_current(struct umx_preserve_session *s,
					struct sock *sk, struct sk_buff *skb,
					struct flowi *fl)
{
	int err;

	if (!s->current_pair && s->carry)
		return umx_preserve_segment_carry(s, sk, skb, fl);
	if (!s->current_pair)
		return umx_preserve_segment_plain(s, sk, skb, fl);
	err = umx_preserve_segment_dst(s, sk);
	if (err) {
		kfree_skb(skb);
		WRITE_ONCE(sk->sk_err_soft, -err);
		umx_preserve_timer_due(s, sk, UMX_PRESERVE_REASON_UNREACHABLE);
		return err;
	}
	return umx_preserve_segment_xmit(s, sk, skb, s->current_pair,
					 dst_clone(s->dst));
}

static int umx_preserve_segment_agreed(struct umx_preserve_session *s,
				       struct sock *sk, struct sk_buff *skb,
				       struct flowi *fl)
{
	struct sk_buff *copy;
	bool fin;
	int err;

	if (s->detour != UMX_PATH_NONE)
		return umx_preserve_segment_detour(s, sk, skb, fl);
	if (READ_ONCE(s->follow) != UMX_PATH_NONE)
		umx_preserve_move_follow(s, sk);
	umx_preserve_timer_start(s, sk, umx_preserve_segment_length(skb));
	umx_preserve_segment_probe(s, sk);
	if (likely(!umx_preserve_segment_timed_out(s, sk, skb)))
		return umx_preserve_segment_current(s, sk, skb, fl);
	fin = umx_preserve_segment_length(skb) == tcp_hdr(skb)->fin;
	copy = pskb_copy(skb, GFP_ATOMIC);
	err = umx_preserve_segment_current(s, sk, skb, fl);
	/* what was dropped on this host says nothing of the pair */
	if (net_xmit_eval(err) > 0)
		kfree_skb(copy);
	else
		umx_preserve_segment_timeout(s, sk, copy, fin);
	return err;
}

/* Whatever is no segment of a session that is where it began. */
static noinline int umx_preserve_segment_other(struct umx_preserve_session *s,
					       struct sock *sk,
					       struct sk_buff *skb,
					       struct flowi *fl)
{
	if (umx_preserve_session_agreed(s))
		return umx_preserve_segment_agreed(s, sk, skb, fl);
	if (s->client && tcp_hdr(skb)->syn)
		return umx_preserve_segment_syn(s, sk, skb, fl);
	if (s->carry)
		return umx_preserve_segment_carry(s, sk, skb, fl);
	return umx_tcp_transmit(sk, skb, fl);
}

/**
 * umx_preserve_segment_transmit() - umx_tcp_type.transmit
 * @track: the session's
 * @sk: the socket
 * @skb: the segment
 * @fl: as TCP gave it
 *
 * Where a session began there is nothing to do but to notice silence, which the
 * timer does: nobody asks us about what follows until it says so.
 */
int umx_preserve_segment_transmit(struct umx_tcp_track *track, struct sock *sk,
				  struct sk_buff *skb, struct flowi *fl)
{
	struct umx_preserve_session *s = umx_preserve_session_of(track);

	if (unlikely(!umx_preserve_session_agreed(s) || s->current_pair ||
		     s->carry || s->detour != UMX_PATH_NONE ||
		     READ_ONCE(s->follow) != UMX_PATH_NONE ||
		     inet_csk(sk)->icsk_probes_out ||
		     inet_csk(sk)->icsk_ca_state == TCP_CA_Loss))
		return umx_preserve_segment_other(s, sk, skb, fl);
	umx_preserve_timer_start(s, sk, umx_preserve_segment_length(skb));
	if (umx_preserve_timer_watches(s, sk)) {
		umx_tcp_transmit_stop(sk);
		smp_mb();	/* pairs with umx_preserve_timer_unowned() */
		if (unlikely(READ_ONCE(s->follow) != UMX_PATH_NONE))
			umx_tcp_transmit_start(sk);
	}
	return umx_preserve_segment_plain(s, sk, skb, fl);
}
