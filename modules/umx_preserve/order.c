// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the order of segments about a move: which of them were sent
 * before it, and say nothing of where the peer is now.
 */
#include <linux/skbuff.h>
#include <linux/tcp.h>
#include <net/tcp.h>
#include "order.h"
#include "session.h"

/* For so long after a move segments may be on their way that know nothing of it. */
#define UMX_PRESERVE_ORDER_HOLD_MIN	HZ

/* For so long a segment can be on its way at all: as TIME_WAIT. */
#define UMX_PRESERVE_ORDER_HOLD_MAX	TCP_TIMEWAIT_LEN

/*
 * The timestamp @skb has (RFC 7323), where everybody writes it (its appendix A).
 * Return: false: none.
 */
static bool umx_preserve_order_tsval(const struct sock *sk,
				     const struct sk_buff *skb,
				     const struct tcphdr *th, u32 *tsval)
{
	__be32 buf[2];
	const __be32 *opt;

	if (!tcp_sk(sk)->rx_opt.tstamp_ok ||
	    th->doff < (sizeof(*th) + TCPOLEN_TSTAMP_ALIGNED) / 4)
		return false;
	opt = skb_header_pointer(skb, skb_transport_offset(skb) + sizeof(*th),
				 sizeof(buf), buf);
	if (!opt || opt[0] != htonl(TCPOPT_NOP << 24 | TCPOPT_NOP << 16 |
				    TCPOPT_TIMESTAMP << 8 | TCPOLEN_TIMESTAMP))
		return false;
	*tsval = ntohl(opt[1]);
	return true;
}

/* Was @skb sent before the segment that was followed? By timestamps, if any. */
static bool umx_preserve_order_older(const struct umx_preserve_session *s,
				     const struct sock *sk,
				     const struct sk_buff *skb,
				     const struct tcphdr *th, u8 pair,
				     bool held)
{
	u32 seq = ntohl(th->seq), ack = ntohl(th->ack_seq), tsval;

	/*
	 * What is sent again has an old number, and a new timestamp. Who waits
	 * for an answer to copies does not ask: whoever has forged a segment
	 * in the window may have had any timestamp followed.
	 */
	if (READ_ONCE(s->follow_stamped) &&
	    !(READ_ONCE(s->silences) &&
	      umx_path_was_tried(&s->copied, pair)) &&
	    umx_preserve_order_tsval(sk, skb, th, &tsval) &&
	    tsval != READ_ONCE(s->follow_tsval))
		return before(tsval, READ_ONCE(s->follow_tsval));
	return held && (before(seq, READ_ONCE(s->follow_seq)) ||
			(seq == READ_ONCE(s->follow_seq) &&
			 before(ack, READ_ONCE(s->follow_ack))));
}

/**
 * umx_preserve_order_stays() - is a segment on another pair no move of the peer's?
 * @s: the session
 * @sk: its socket
 * @skb: the segment, its transport header where it is said to be
 * @th: its TCP header
 * @pair: the pair it came on
 *
 * - After a move of our own the peer goes on where it was until it hears of it.
 *   Should it have moved to a third pair at the same moment, the server gives
 *   way.
 * - After one of the peer's what it sent before may still come on the old pair:
 *   it is older than the segment that was followed. A router that looks for a
 *   neighbour keeps it for a second or more.
 *
 * Context: BH off, RCU; without the socket lock: a near miss waits.
 */
bool umx_preserve_order_stays(const struct umx_preserve_session *s,
			      const struct sock *sk, const struct sk_buff *skb,
			      const struct tcphdr *th, u8 pair)
{
	unsigned long hold = usecs_to_jiffies(tcp_sk(sk)->srtt_us >> 2);
	unsigned long moved_at = READ_ONCE(s->moved_at);
	unsigned long since = jiffies - moved_at;
	bool held = since <= max(hold, UMX_PRESERVE_ORDER_HOLD_MIN);

	if (!READ_ONCE(s->moves) || since > UMX_PRESERVE_ORDER_HOLD_MAX)
		return false;
	if (READ_ONCE(s->followed))
		return umx_preserve_order_older(s, sk, skb, th, pair, held);
	return held && (s->client || pair == READ_ONCE(s->left));
}

/**
 * umx_preserve_order_note() - what is older than this segment moves nothing
 * @s: the session
 * @sk: its socket
 * @skb: the segment, as above
 * @th: its TCP header
 *
 * Context: the socket's spinlock.
 */
void umx_preserve_order_note(struct umx_preserve_session *s,
			     const struct sock *sk, const struct sk_buff *skb,
			     const struct tcphdr *th)
{
	u32 tsval = 0;

	WRITE_ONCE(s->follow_seq, ntohl(th->seq));
	WRITE_ONCE(s->follow_ack, ntohl(th->ack_seq));
	WRITE_ONCE(s->follow_stamped,
		   umx_preserve_order_tsval(sk, skb, th, &tsval));
	WRITE_ONCE(s->follow_tsval, tsval);
}
