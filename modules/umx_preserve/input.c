// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the reading of the handshake's options.
 *
 *   SYN        offer                  kept for the SYN-ACK (half.c, synack.c)
 *   SYN-ACK    acceptance, offer      written into the client's session
 *   ACK        acceptance             completes what was kept, or the child's
 *                                     session if it exists by now
 */
#include <linux/ipv6.h>
#include <linux/netfilter.h>
#include <linux/netfilter_ipv6.h>
#include <linux/skbuff.h>
#include <linux/tcp.h>
#include <net/addrconf.h>
#include <net/inet6_hashtables.h>
#include <net/ip6_checksum.h>
#include <net/ipv6.h>
#include <net/tcp.h>
#include <umx/compat.h>
#include "demux.h"
#include "exclude.h"
#include "half.h"
#include "input.h"
#include "key.h"
#include "mib.h"
#include "netns.h"
#include "offer.h"
#include "option.h"
#include "session.h"

/* A segment with an option: what it says, and of which connection. */
struct umx_preserve_segment {
	struct umx_option option;
	struct umx_preserve_tuple tuple;
	u32 seq;
	u32 ack_seq;
	bool syn;
	bool ack;
	bool onetime;
};

/* Take the first @len bytes after the IPv6 header off. The header is linear. */
static bool umx_preserve_input_cut(struct sk_buff *skb, unsigned int len,
				   u8 nexthdr)
{
	struct ipv6hdr *ip6h;

	if (skb_ensure_writable(skb, sizeof(*ip6h) + len))
		return false;
	ip6h = ipv6_hdr(skb);
	if (skb->ip_summed == CHECKSUM_COMPLETE)
		skb->csum = csum_sub(skb->csum,
				     csum_partial(ip6h, sizeof(*ip6h) + len,
						  0));
	memmove((u8 *)ip6h + len, ip6h, sizeof(*ip6h));
	__skb_pull(skb, len);
	skb_reset_network_header(skb);
	ip6h = ipv6_hdr(skb);
	ip6h->nexthdr = nexthdr;
	ip6h->payload_len = htons(ntohs(ip6h->payload_len) - len);
	skb_set_transport_header(skb, sizeof(*ip6h));
	IP6CB(skb)->nhoff = offsetof(struct ipv6hdr, nexthdr);
	if (skb->ip_summed == CHECKSUM_COMPLETE)
		skb->csum = csum_add(skb->csum,
				     csum_partial(ip6h, sizeof(*ip6h), 0));
	return true;
}

static void umx_preserve_input_read(const struct sk_buff *skb,
				    const struct tcphdr *th,
				    struct umx_preserve_segment *seg)
{
	const struct ipv6hdr *ip6h = ipv6_hdr(skb);

	memset(&seg->tuple, 0, sizeof(seg->tuple));
	seg->tuple.local = ip6h->daddr;
	seg->tuple.peer = ip6h->saddr;
	seg->tuple.local_port = th->dest;
	seg->tuple.peer_port = th->source;
	seg->seq = ntohl(th->seq);
	seg->ack_seq = ntohl(th->ack_seq);
	seg->syn = th->syn;
	seg->ack = th->ack;
}

static noinline_for_stack void
umx_preserve_input_syn(struct umx_preserve_net *pn,
		       const struct umx_preserve_segment *seg)
{
	struct umx_preserve_half half = {
		.tuple = seg->tuple,
		.since = jiffies,
		.peer_isn = seg->seq,
		.onetime = seg->onetime,
		.thesis = seg->option.thesis,
		.peer = seg->option.offer,
	};

	if (!(seg->option.what & UMX_OPTION_OFFER))
		return;
	/* delivered here, but somebody else's: AnyIP, TPROXY */
	if (!seg->onetime && !ipv6_chk_addr(pn->net, &seg->tuple.local, NULL, 0))
		return;
	umx_preserve_count(pn, UMX_PRESERVE_MIB_SYN_IN);
	if (umx_preserve_excluded(pn, &seg->tuple.peer) ||
	    umx_preserve_excluded(pn, &seg->tuple.local)) {
		umx_preserve_count(pn, UMX_PRESERVE_MIB_SKIP_EXCLUDED);
		return;
	}
	if (seg->option.thesis &&
	    umx_preserve_key_find(pn, &seg->tuple.peer, NULL)) {
		umx_preserve_count(pn, UMX_PRESERVE_MIB_BAD_FORM);
		return;
	}
	half.peer_bitmap = umx_preserve_offer_judge(pn, &half.peer,
						    &seg->tuple.peer,
						    &seg->tuple.local);
	umx_preserve_half_add(pn, &half);
}

/* What an acceptance of @own, ours, must be taken over. */
static void umx_preserve_input_signed(const struct umx_preserve_segment *seg,
				      const struct umx_offer *own, u32 isn,
				      u32 peer_isn,
				      struct umx_preserve_signed *what)
{
	what->offer = own;
	what->peer = &seg->tuple.peer;
	what->isn = isn;
	what->peer_isn = peer_isn;
	what->port = seg->tuple.local_port;
	what->peer_port = seg->tuple.peer_port;
}

/* The server's answer. @sk has sent the SYN, and is not locked. */
static void umx_preserve_input_answer(struct umx_preserve_net *pn,
				      const struct sock *sk,
				      const struct umx_preserve_segment *seg)
{
	const u8 both = UMX_OPTION_OFFER | UMX_OPTION_ACCEPT;
	struct umx_preserve_signed what;
	struct umx_preserve_session *s;
	u8 bitmap;

	s = umx_preserve_session_find(sk);
	if (!s || !s->client || READ_ONCE(s->state) != UMX_PRESERVE_OFFERED ||
	    seg->ack_seq != s->isn + 1 ||
	    (seg->option.what & both) != both) {
		umx_preserve_count(pn, UMX_PRESERVE_MIB_STRAY);
		return;
	}
	umx_preserve_input_signed(seg, &s->own, s->isn, seg->seq, &what);
	if (!umx_preserve_offer_accepted(pn, &seg->option, &what, &bitmap))
		return;
	spin_lock(&s->lock);
	if (s->state == UMX_PRESERVE_OFFERED && !s->answered) {
		s->peer = seg->option.offer;
		s->peer_bitmap = umx_preserve_offer_judge(pn, &s->peer,
							  &seg->tuple.peer,
							  &seg->tuple.local);
		s->peer_isn = seg->seq;
		s->bitmap = bitmap;
		s->answered = true;
	}
	spin_unlock(&s->lock);
}

/* The client's acceptance, while the handshake is under way. */
struct umx_preserve_acceptance {
	struct umx_preserve_net *pn;
	const struct umx_preserve_segment *seg;
};

static bool umx_preserve_input_accept_half(struct umx_preserve_half *half,
					   void *arg)
{
	const struct umx_preserve_acceptance *a = arg;
	struct umx_preserve_signed what;
	u8 bitmap;

	umx_preserve_input_signed(a->seg, &half->own, half->isn,
				  half->peer_isn, &what);
	if (half->accepted || half->claimed || !half->synacks ||
	    a->seg->ack_seq != half->isn + 1 ||
	    before(a->seg->seq, half->peer_isn + 1) ||
	    !umx_preserve_offer_accepted(a->pn, &a->seg->option, &what,
					 &bitmap))
		return half->accepted;
	half->bitmap = bitmap;
	half->accepted = true;
	return true;
}

/* ... and after it, the first ACK having been lost. */
static void umx_preserve_input_accept_child(struct umx_preserve_net *pn,
					    const struct sock *sk,
					    const struct umx_preserve_segment *seg)
{
	struct umx_preserve_session *s = umx_preserve_session_find(sk);
	struct umx_preserve_signed what;
	u8 bitmap;

	if (s && !s->client && umx_preserve_session_agreed(s))
		return;			/* it says so more than once */
	if (!s || s->client || READ_ONCE(s->state) != UMX_PRESERVE_PENDING) {
		umx_preserve_count(pn, UMX_PRESERVE_MIB_LATE);
		return;
	}
	/* the thesis's form proves nothing by itself */
	if (before(seg->ack_seq, s->isn + 1) ||
	    after(seg->ack_seq, READ_ONCE(tcp_sk(sk)->snd_nxt)) ||
	    before(seg->seq, s->peer_isn + 1) ||
	    after(seg->seq, READ_ONCE(tcp_sk(sk)->rcv_nxt) +
			    tcp_receive_window(tcp_sk(sk)))) {
		umx_preserve_count(pn, UMX_PRESERVE_MIB_STRAY);
		return;
	}
	umx_preserve_input_signed(seg, &s->own, s->isn, s->peer_isn, &what);
	if (!umx_preserve_offer_accepted(pn, &seg->option, &what, &bitmap))
		return;
	spin_lock(&s->lock);
	if (s->state == UMX_PRESERVE_PENDING) {
		s->bitmap = bitmap;
		s->answered = true;
	}
	spin_unlock(&s->lock);
	if (s->answered)
		umx_preserve_session_agree(s, &seg->tuple);
}

static void umx_preserve_input_accept(struct umx_preserve_net *pn,
				      const struct umx_preserve_segment *seg,
				      int dif, int sdif)
{
	struct umx_preserve_acceptance a = { .pn = pn, .seg = seg };
	struct sock *sk;

	if (!(seg->option.what & UMX_OPTION_ACCEPT) ||
	    umx_preserve_half_update(umx_preserve_half_bucket(pn, &seg->tuple),
				     &seg->tuple,
				     umx_preserve_input_accept_half, &a))
		return;
	/* the child may have been born since its request was found */
	sk = umx_preserve_demux_exact(pn, &seg->tuple, dif, sdif);
	if (sk && sk_fullsock(sk))
		umx_preserve_input_accept_child(pn, sk, seg);
	else
		umx_preserve_count(pn, UMX_PRESERVE_MIB_STRAY);
	if (sk)
		sock_gen_put(sk);
}

static void umx_preserve_input_judge(struct umx_preserve_net *pn,
				     struct sk_buff *skb,
				     const struct umx_preserve_segment *seg)
{
	struct sock *sk;

	if (seg->syn && !seg->ack) {
		umx_preserve_input_syn(pn, seg);
		return;
	}
	if (!seg->ack)
		return;
	umx_preserve_demux_early(pn, skb);
	sk = skb->sk;
	if (sk && !seg->syn && sk->sk_state == TCP_NEW_SYN_RECV)
		umx_preserve_input_accept(pn, seg, inet6_iif(skb),
					  inet6_sdif(skb));
	else if (sk && !seg->syn && sk_fullsock(sk))
		umx_preserve_input_accept_child(pn, sk, seg);
	else if (sk && seg->syn && sk->sk_state == TCP_SYN_SENT)
		umx_preserve_input_answer(pn, sk, seg);
	else
		umx_preserve_count(pn, UMX_PRESERVE_MIB_STRAY);
}

/*
 * Read the option in @hdr, @len bytes, of a segment whose TCP header is at its
 * transport header. Whatever is wrong with it, the segment goes on: the worst
 * that may come of it is a plain connection. Return: false: there is none of
 * ours, or not alone.
 */
static bool umx_preserve_input_parse(struct umx_preserve_net *pn, const u8 *hdr,
				     unsigned int len,
				     struct umx_preserve_segment *seg)
{
	int err = umx_option_parse(hdr, len, &seg->option);

	if (err == -EBADMSG) {
		umx_preserve_count(pn, UMX_PRESERVE_MIB_MALFORMED);
		seg->option.what = 0;
		return true;
	}
	if (err)
		return false;		/* somebody else's business */
	if (!seg->option.alone)
		umx_preserve_count(pn, UMX_PRESERVE_MIB_MIXED);
	return seg->option.alone;
}

/* The option has been read, and leads to @skb's TCP header. */
static void umx_preserve_input_take(struct umx_preserve_net *pn,
				    struct sk_buff *skb,
				    struct umx_preserve_segment *seg)
{
	unsigned int off = skb_transport_offset(skb);
	const struct tcphdr *th;
	struct tcphdr buf;

	if (!seg->option.what)
		return;
	th = skb_header_pointer(skb, off, sizeof(buf), &buf);
	if (!th)
		return;			/* TCP counts it */
	if (nf_ip6_checksum(skb, NF_INET_LOCAL_IN, off, IPPROTO_TCP)) {
		umx_preserve_count(pn, UMX_PRESERVE_MIB_BAD_CHECKSUM);
		return;			/* likewise */
	}
	umx_preserve_input_read(skb, th, seg);
	umx_preserve_input_judge(pn, skb, seg);
}

/**
 * umx_preserve_input_option() - read the option of a segment
 * @pn: the namespace
 * @skb: at its TCP header; the first extension header is Destination Options
 *
 * The kernel has walked the headers, and skipped the option. Context: BH off,
 * RCU.
 */
void umx_preserve_input_option(struct umx_preserve_net *pn,
			       struct sk_buff *skb)
{
	const u8 *hdr = skb_network_header(skb) + sizeof(struct ipv6hdr);
	struct umx_preserve_segment seg __uninitialized;
	unsigned int len;

	len = skb_network_header_len(skb) - sizeof(struct ipv6hdr);
	if (hdr[0] != IPPROTO_TCP || (hdr[1] + 1) * 8 != len ||
	    !umx_preserve_input_parse(pn, hdr, len, &seg))
		return;
	seg.onetime = umx_tcp_own(pn->net, &ipv6_hdr(skb)->daddr);
	umx_preserve_input_take(pn, skb, &seg);
}

/**
 * umx_preserve_input_strip() - read and take off the option of a segment
 * @pn: the namespace
 * @skb: at its IPv6 header, to a one-time address; the first extension header is
 *	Destination Options
 *
 * Who judges such segments wants to see no extension header, and early demux
 * has not seen the TCP header. Context: BH off, RCU. Return: false: drop it.
 */
bool umx_preserve_input_strip(struct umx_preserve_net *pn, struct sk_buff *skb)
{
	struct umx_preserve_segment seg __uninitialized;
	unsigned int len;
	const u8 *hdr;

	if (!umx_tcp_own(pn->net, &ipv6_hdr(skb)->daddr) ||
	    !pskb_may_pull(skb, sizeof(struct ipv6hdr) + 8))
		return true;
	hdr = (u8 *)ipv6_hdr(skb) + sizeof(struct ipv6hdr);
	len = (hdr[1] + 1) * 8;
	if (hdr[0] != IPPROTO_TCP ||
	    !pskb_may_pull(skb, sizeof(struct ipv6hdr) + len))
		return true;
	hdr = (u8 *)ipv6_hdr(skb) + sizeof(struct ipv6hdr);
	if (!umx_preserve_input_parse(pn, hdr, len, &seg))
		return true;
	if (!umx_preserve_input_cut(skb, len, IPPROTO_TCP))
		return false;
	seg.onetime = true;
	umx_preserve_input_take(pn, skb, &seg);
	umx_preserve_demux_early(pn, skb);
	return true;
}
