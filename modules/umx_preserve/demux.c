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
#include "order.h"
#include "place.h"
#include "session.h"
#include "timer.h"

/**
 * umx_preserve_demux_exact() - the socket of these very addresses and ports
 * @pn: the namespace
 * @t: them
 * @dif: the device its segment came by
 * @sdif: and that one's, if @dif is a VRF
 *
 * Context: BH off, RCU. Return: a socket of any kind, with a reference, or NULL.
 */
struct sock *umx_preserve_demux_exact(const struct umx_preserve_net *pn,
				      const struct umx_preserve_tuple *t,
				      int dif, int sdif)
{
	return umx_inet6_lookup_established_sdif(pn->net, &t->peer,
						 t->peer_port, &t->local,
						 ntohs(t->local_port), dif,
						 sdif);
}

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

	/* a probe: the number before the next (RFC 9293, 3.8.4 and 3.8.6.1) */
	if (seq == end && end + 1 == next)
		end = next;
	return th->ack && !th->syn && !th->rst &&
	       !before(end, READ_ONCE(tp->rcv_wup)) &&
	       !after(seq, next + tcp_receive_window(tp)) &&
	       !after(ack, READ_ONCE(tp->snd_nxt)) &&
	       !before(ack, una - READ_ONCE(tp->max_window));
}

/*
 * The peer has heard of our move to @pair: what is older than this is from
 * before. If somebody owns the socket, who may be moving it, the timer sees
 * whether it is still there: no other segment may come for long, and until one
 * does a move of the peer's would wait.
 */
static void umx_preserve_demux_proven(struct umx_preserve_session *s,
				      struct sock *sk,
				      const struct sk_buff *skb,
				      const struct tcphdr *th, u8 pair)
{
	bh_lock_sock_nested(sk);
	if (umx_preserve_session_agreed(s) && s->current_pair == pair) {
		umx_preserve_order_note(s, sk, skb, th);
		WRITE_ONCE(s->heard, pair);
		if (!sock_owned_by_user(sk))
			umx_preserve_move_heard(s);
		else
			umx_preserve_timer_look_soon(s, sk);
	}
	bh_unlock_sock(sk);
}

/*
 * Back on the original pair, and the peer is there: nothing more to hear. If
 * somebody owns the socket the next segment tries again.
 */
static void umx_preserve_demux_home(struct umx_preserve_session *s,
				    struct sock *sk)
{
	bh_lock_sock_nested(sk);
	if (umx_preserve_session_agreed(s) && !s->current_pair &&
	    !sock_owned_by_user(sk))
		umx_preserve_session_away(s, false);
	bh_unlock_sock(sk);
}

/* Go to @pair now, or as soon as whoever owns the socket transmits. */
static void umx_preserve_demux_follow(struct umx_preserve_session *s,
				      struct sock *sk,
				      const struct sk_buff *skb,
				      const struct tcphdr *th, u8 pair)
{
	if (umx_preserve_order_stays(s, sk, skb, th, pair))
		return;
	bh_lock_sock_nested(sk);	/* as tcp_v6_rcv() */
	if (umx_preserve_session_agreed(s) && s->current_pair != pair) {
		umx_preserve_order_note(s, sk, skb, th);
		WRITE_ONCE(s->follow, pair);
		if (!sock_owned_by_user(sk))
			umx_preserve_move_follow(s, sk);
		else
			umx_preserve_timer_look_soon(s, sk);
	}
	bh_unlock_sock(sk);
}

/*
 * The socket of a segment with these ends, and the pair it is on; with a
 * reference, or NULL.
 *
 * A connection of these very addresses comes first, so that what peers have
 * offered costs nothing to somebody who has not moved; then a session that is
 * there. Peers choose what they offer: of those that may come to this pair yet,
 * no more than a few sets are asked.
 */
static struct sock *umx_preserve_demux_find(struct umx_preserve_net *pn,
					    const struct hlist_head *head,
					    const struct umx_preserve_tuple *t,
					    int dif, u8 *pair)
{
	const struct umx_preserve_alias *alias;
	unsigned int asked = 0;
	struct sock *sk;

	umx_preserve_for_each_alias(alias, head, &t->local, &t->peer) {
		if (!asked++) {
			sk = umx_inet6_lookup_established(pn->net, &t->peer,
							  t->peer_port,
							  &t->local,
							  ntohs(t->local_port),
							  dif);
			*pair = 0;
			if (sk)
				return sk;
			sk = umx_preserve_place_sock(pn, t, dif, pair);
			if (sk)
				return sk;
		}
		if (!alias->pair)
			continue;	/* the same once more */
		if (asked > UMX_PRESERVE_ALIAS_WALK) {
			umx_preserve_count(pn, UMX_PRESERVE_MIB_IN_CROWDED);
			break;
		}
		sk = umx_preserve_demux_sock(pn, alias, t->peer_port,
					     t->local_port, dif);
		*pair = alias->pair;
		if (sk)
			return sk;
	}
	return NULL;
}

/**
 * enum umx_preserve_verdict - what is to become of a segment
 * @UMX_PRESERVE_PASS: TCP finds its socket, or none, by itself.
 * @UMX_PRESERVE_GIVE: it is to be given to the session.
 * @UMX_PRESERVE_DROP: nobody gets it.
 */
enum umx_preserve_verdict {
	UMX_PRESERVE_PASS,
	UMX_PRESERVE_GIVE,
	UMX_PRESERVE_DROP,
};

static enum umx_preserve_verdict
umx_preserve_demux_drop(struct umx_preserve_net *pn, enum umx_preserve_mib why)
{
	umx_preserve_count(pn, why);
	return UMX_PRESERVE_DROP;
}

/* Judge a segment for @sk on @pair. */
static enum umx_preserve_verdict
umx_preserve_demux_judge(struct umx_preserve_net *pn, struct sk_buff *skb,
			 const struct tcphdr *th, struct sock *sk, u8 pair)
{
	struct umx_preserve_session *s = umx_preserve_session_find(sk);
	unsigned int payload;

	if (!s || !umx_preserve_session_agreed(s))
		/* has ended meanwhile, or is none */
		return pair ? UMX_PRESERVE_DROP : UMX_PRESERVE_PASS;
	if (!pair && !READ_ONCE(s->away))
		return UMX_PRESERVE_PASS;
	/* whoever has an alternative address now may know nothing of us */
	if (th->rst && (pair != READ_ONCE(s->current_pair) ||
			(pair && !READ_ONCE(s->proven))))
		return umx_preserve_demux_drop(pn, UMX_PRESERVE_MIB_IN_RST);
	/* pairs with umx_preserve_move_to() */
	if (likely(pair == smp_load_acquire(&s->current_pair) &&
		   READ_ONCE(s->proven))) {
		if (!pair)
			umx_preserve_demux_home(s, sk);
		return UMX_PRESERVE_GIVE;
	}

	payload = skb->len - skb_transport_offset(skb) - th->doff * 4;
	if (!umx_preserve_demux_in_window(sk, th, payload)) {
		if (pair == READ_ONCE(s->current_pair))
			return UMX_PRESERVE_GIVE;
		return umx_preserve_demux_drop(pn, UMX_PRESERVE_MIB_IN_WINDOW);
	}
	if (nf_ip6_checksum(skb, NF_INET_LOCAL_IN, skb_transport_offset(skb),
			    IPPROTO_TCP))
		return umx_preserve_demux_drop(pn,
					       UMX_PRESERVE_MIB_BAD_CHECKSUM);
	if (pair == READ_ONCE(s->current_pair))
		umx_preserve_demux_proven(s, sk, skb, th, pair);
	else
		umx_preserve_demux_follow(s, sk, skb, th, pair);
	return UMX_PRESERVE_GIVE;
}

/* TCP takes the socket that comes with the segment: see tcp_v6_rcv(). */
static void umx_preserve_demux_assign(struct sk_buff *skb, struct sock *sk)
{
	skb_orphan(skb);
	skb->sk = sk;
	skb->destructor = sock_edemux;
}

/* Judge a segment for @sk, whose reference goes along. Return: false: drop it. */
static bool umx_preserve_demux_give(struct umx_preserve_net *pn,
				    struct sk_buff *skb,
				    const struct tcphdr *th, struct sock *sk,
				    u8 pair)
{
	enum umx_preserve_verdict verdict = UMX_PRESERVE_PASS;

	if (sk->sk_state == TCP_TIME_WAIT) {
		if (pair && !th->rst) {
			verdict = UMX_PRESERVE_GIVE;
			umx_preserve_count(pn, UMX_PRESERVE_MIB_IN_TIMEWAIT);
		}
	} else if (sk->sk_state != TCP_NEW_SYN_RECV) {
		verdict = umx_preserve_demux_judge(pn, skb, th, sk, pair);
		if (verdict == UMX_PRESERVE_GIVE)
			umx_preserve_count(pn, UMX_PRESERVE_MIB_IN_ALTERNATIVE);
	}
	if (verdict == UMX_PRESERVE_GIVE)
		umx_preserve_demux_assign(skb, sk);
	else
		sock_gen_put(sk);
	return verdict != UMX_PRESERVE_DROP;
}

/**
 * umx_preserve_demux_segment() - is this segment one of a session's?
 * @pn: the namespace, with alternative pairs
 * @skb: a TCP segment; its headers are where they are said to be
 *
 * Context: BH off, RCU. Return: false: drop it.
 */
bool umx_preserve_demux_segment(struct umx_preserve_net *pn,
				struct sk_buff *skb)
{
	unsigned int off = skb_transport_offset(skb);
	const struct ipv6hdr *ip6h = ipv6_hdr(skb);
	struct umx_preserve_tuple tuple;
	const struct tcphdr *th;
	struct hlist_head *head;
	struct tcphdr buf;
	struct sock *sk;
	u8 pair;

	if (likely(umx_preserve_set_misses(pn, &ip6h->daddr, &ip6h->saddr)))
		return true;
	head = umx_preserve_set_bucket(pn, &ip6h->daddr, &ip6h->saddr);
	if (hlist_empty(head))
		return true;
	th = skb_header_pointer(skb, off, sizeof(buf), &buf);
	if (!th || th->doff < sizeof(*th) / 4 || skb->len < off + th->doff * 4)
		return true;
	if (th->syn)
		return true;	/* a connection of its own */

	tuple.local = ip6h->daddr;
	tuple.peer = ip6h->saddr;
	tuple.local_port = th->dest;
	tuple.peer_port = th->source;
	sk = umx_preserve_demux_find(pn, head, &tuple, skb->skb_iif, &pair);
	if (sk && pair && sk == skb->sk) {
		sock_gen_put(sk);
		return true;		/* it has been judged at the gate */
	}
	return !sk || umx_preserve_demux_give(pn, skb, th, sk, pair);
}

/**
 * umx_preserve_demux_early() - early demux, for whom it could not see
 * @pn: the namespace
 * @skb: a TCP segment whose extension header has been taken off
 *
 * Context: BH off, RCU.
 */
void umx_preserve_demux_early(struct umx_preserve_net *pn, struct sk_buff *skb)
{
	const struct ipv6hdr *ip6h = ipv6_hdr(skb);
	const struct tcphdr *th;
	struct tcphdr buf;
	struct sock *sk;

	th = skb_header_pointer(skb, skb_transport_offset(skb), sizeof(buf),
				&buf);
	if (!th || skb->sk)
		return;
	sk = umx_inet6_lookup_established_sdif(pn->net, &ip6h->saddr,
					       th->source, &ip6h->daddr,
					       ntohs(th->dest), inet6_iif(skb),
					       inet6_sdif(skb));
	if (sk)
		umx_preserve_demux_assign(skb, sk);
}

/**
 * umx_preserve_demux_knows() - is this an alternative pair of a session?
 * @pn: the namespace, with alternative pairs
 * @t: the pair, and the ports
 * @dif: the device something about it came by
 *
 * Context: BH off, RCU.
 */
bool umx_preserve_demux_knows(struct umx_preserve_net *pn,
			      const struct umx_preserve_tuple *t, int dif)
{
	struct sock *sk;
	u8 pair;

	sk = umx_preserve_demux_find(pn, umx_preserve_set_bucket(pn, &t->local,
								 &t->peer),
				     t, dif, &pair);
	if (sk)
		sock_gen_put(sk);
	return sk;
}

/* --- errors ---------------------------------------------------------------- */

/* What an ICMPv6 error says of the segment it is about. */
struct umx_preserve_about {
	struct umx_preserve_tuple tuple;
	u32 seq;
	u8 type;
	__be32 info;
};

/* As tcp_v6_err(): what is just being sent may be answered already. */
static bool umx_preserve_demux_in_flight(const struct sock *sk, u32 seq)
{
	const struct tcp_sock *tp = tcp_sk(sk);

	return between(seq, READ_ONCE(tp->snd_una), READ_ONCE(tp->snd_nxt));
}

/*
 * Judge an error about a segment of @s on @pair. It often comes while somebody
 * sends: what follows from it is done by the timer, under the socket lock.
 *
 * When the path of an alternative pair is narrower than its link, the route of
 * the segment learns it, as TCP has it done for those it finds a socket for;
 * the session then looks for its route again.
 */
static void umx_preserve_demux_told(struct umx_preserve_session *s,
				    struct sock *sk, struct sk_buff *skb,
				    const struct umx_preserve_about *about,
				    u8 pair)
{
	if (READ_ONCE(s->current_pair) != pair)
		return;
	if (!umx_preserve_demux_in_flight(sk, about->seq)) {
		umx_preserve_count(s->pn, UMX_PRESERVE_MIB_ICMP_FORGED);
		return;
	}
	if (about->type == ICMPV6_DEST_UNREACH) {
		WRITE_ONCE(s->unreachable, pair);
	} else {
		/* TCP sees to the original pair; and the rest must be news */
		if (!pair || max_t(u32, ntohl(about->info), IPV6_MIN_MTU) >=
			     READ_ONCE(inet_csk(sk)->icsk_pmtu_cookie))
			return;
		ip6_update_pmtu(skb, sock_net(sk), about->info,
				sk->sk_bound_dev_if, READ_ONCE(sk->sk_mark),
				sk->sk_uid);
		WRITE_ONCE(s->too_big, true);
	}
	umx_preserve_count(s->pn, UMX_PRESERVE_MIB_ICMP);
	umx_preserve_timer_look_soon(s, sk);
}

/* The socket an error is about; with a reference, or NULL. */
static struct sock *
umx_preserve_demux_about(struct umx_preserve_net *pn,
			 const struct umx_preserve_tuple *t, int dif, u8 *pair)
{
	struct hlist_head *head;
	struct sock *sk;

	head = umx_preserve_set_bucket(pn, &t->local, &t->peer);
	sk = umx_preserve_demux_find(pn, head, t, dif, pair);
	if (sk)
		return sk;
	*pair = 0;
	return umx_inet6_lookup_established(pn->net, &t->peer, t->peer_port,
					    &t->local, ntohs(t->local_port),
					    dif);
}

static void umx_preserve_demux_read(const struct sk_buff *skb, u8 type,
				    int offset, __be32 info,
				    struct umx_preserve_about *about)
{
	const struct ipv6hdr *ip6h = (const struct ipv6hdr *)skb->data;
	const struct tcphdr *th;

	/* the first eight bytes of it */
	th = (const struct tcphdr *)(skb->data + offset);
	memset(&about->tuple, 0, sizeof(about->tuple));
	about->tuple.local = ip6h->saddr;
	about->tuple.peer = ip6h->daddr;
	about->tuple.local_port = th->source;
	about->tuple.peer_port = th->dest;
	about->seq = ntohl(th->seq);
	about->type = type;
	about->info = info;
}

/**
 * umx_preserve_demux_error() - is this ICMPv6 error about a session's segment?
 * @pn: the namespace, with alternative pairs
 * @skb: at the IPv6 header the error quotes
 * @type: its type
 * @offset: of the quoted TCP header
 * @info: what it says beside: the MTU
 *
 * TCP looks for a socket with the addresses in the error, and finds none for an
 * alternative pair; what it would have done is done here. An unreachable
 * destination moves a session on whatever pair it is.
 * Context: BH off, RCU. Return: true if it was about an alternative pair.
 */
bool umx_preserve_demux_error(struct umx_preserve_net *pn, struct sk_buff *skb,
			      u8 type, int offset, __be32 info)
{
	struct umx_preserve_session *s;
	struct umx_preserve_about about;
	struct sock *sk;
	u8 pair;

	if (type != ICMPV6_PKT_TOOBIG && type != ICMPV6_DEST_UNREACH)
		return false;
	umx_preserve_demux_read(skb, type, offset, info, &about);
	sk = umx_preserve_demux_about(pn, &about.tuple, skb->skb_iif, &pair);
	if (!sk)
		return false;
	s = sk->sk_state == TCP_TIME_WAIT || sk->sk_state == TCP_NEW_SYN_RECV ?
	    NULL : umx_preserve_session_find(sk);
	if (s && umx_preserve_session_agreed(s))
		umx_preserve_demux_told(s, sk, skb, &about, pair);
	sock_gen_put(sk);
	return pair;
}
