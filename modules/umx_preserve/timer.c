// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the timer of a session: it notices silence, and does under the
 * socket lock what cannot be done inside a transmission.
 *
 * It runs while segments are sent and data is outstanding, three times per
 * limit. TCP's own timers are no help: the loss probe of a single segment waits
 * two round trips and 200 ms. While it runs, and sees progress, TCP transmits by
 * itself.
 */
#include <linux/ratelimit.h>
#include <net/tcp.h>
#include "event.h"
#include "mib.h"
#include "move.h"
#include "netns.h"
#include "segment.h"
#include "session.h"
#include "timer.h"

#define UMX_PRESERVE_SILENCE_MIN	msecs_to_jiffies(60)
#define UMX_PRESERVE_SILENCE_MAX	(2 * HZ)
#define UMX_PRESERVE_SILENCE_SHIFT	6

/*
 * No progress for so long is silence: two round trips, and no less than a peer
 * takes that delays an ACK (40 ms). Doubles with every copy.
 */
static unsigned long umx_preserve_timer_limit(const struct umx_preserve_session *s,
					      const struct sock *sk)
{
	unsigned long srtt = usecs_to_jiffies(tcp_sk(sk)->srtt_us >> 3);
	unsigned long limit = srtt + max(srtt, UMX_PRESERVE_SILENCE_MIN);

	limit = min(limit, UMX_PRESERVE_SILENCE_MAX);
	return limit << min_t(u8, s->silences, UMX_PRESERVE_SILENCE_SHIFT);
}

static unsigned long umx_preserve_timer_step(const struct umx_preserve_session *s,
					     const struct sock *sk)
{
	return max(umx_preserve_timer_limit(s, sk) / 3, 1UL);
}

static void umx_preserve_timer_progress(struct umx_preserve_session *s,
					struct sock *sk)
{
	s->delivered = tcp_sk(sk)->delivered;
	s->progress_at = jiffies;
	/* the ACK was faster than the move */
	if (s->due_reason == UMX_PRESERVE_REASON_TIMEOUT)
		s->due = false;
	s->silences = 0;
	s->restarts = 0;
	s->rto_seen = 0;
	s->timeouts = 0;
	s->forced = false;
	memset(&s->copied, 0, sizeof(s->copied));
	if (s->down) {
		s->down = false;
		umx_preserve_event_path(s, UMX_PRESERVE_EVENT_RECOVERED);
	}
}

/* Have the timer look at @expires, unless it will before. */
static void umx_preserve_timer_arm(struct umx_preserve_session *s,
				   struct sock *sk, unsigned long expires)
{
	lockdep_assert_held(&s->lock);

	if (!timer_pending(&s->timer) ||
	    time_before(expires, s->timer.expires))
		sk_reset_timer(sk, &s->timer, expires);
}

/**
 * umx_preserve_timer_start() - something is being sent
 * @s: an agreed session
 * @sk: its socket
 * @data: and is to be acknowledged
 *
 * Context: socket lock.
 */
void umx_preserve_timer_start(struct umx_preserve_session *s, struct sock *sk,
			      bool data)
{
	/* the wait was for a silence that is over */
	if (unlikely(s->silences && s->delivered != tcp_sk(sk)->delivered))
		umx_preserve_timer_progress(s, sk);
	else if (likely(timer_pending(&s->timer)))
		return;
	else if (!s->silences)
		s->progress_at = jiffies;
	s->delivered = tcp_sk(sk)->delivered;
	s->outstanding = data || tcp_sk(sk)->packets_out;
	s->stalled = false;
	spin_lock_bh(&s->lock);
	umx_preserve_timer_arm(s, sk,
			       jiffies + umx_preserve_timer_step(s, sk));
	spin_unlock_bh(&s->lock);
}

/**
 * umx_preserve_timer_watches() - need nobody see the segments of this session?
 * @s: an agreed session on its original pair, with the timer started
 * @sk: its socket
 *
 * Not while there is no progress, nor if a retransmission timeout could come
 * before the timer says so, when it looks for the second time: see
 * umx_preserve_segment_timeout().
 * Context: socket lock.
 */
bool umx_preserve_timer_watches(const struct umx_preserve_session *s,
				const struct sock *sk)
{
	return !s->stalled &&
	       time_before(s->timer.expires + umx_preserve_timer_step(s, sk),
			   jiffies + inet_csk(sk)->icsk_rto);
}

/*
 * Start the timer, and if @transmit see what is sent until then, while another
 * task may own the socket, and end the session: whoever releases it sets the
 * state, and stops both after that.
 */
static void umx_preserve_timer_unowned(struct umx_preserve_session *s,
				       struct sock *sk, unsigned long expires,
				       bool transmit)
{
	spin_lock(&s->lock);
	if (s->state == UMX_PRESERVE_AGREED) {
		umx_preserve_timer_arm(s, sk, expires);
		if (transmit) {
			smp_mb();	/* with umx_preserve_segment_transmit() */
			umx_tcp_transmit_start(sk);
		}
	}
	spin_unlock(&s->lock);
}

/**
 * umx_preserve_timer_look_soon() - there is something for the lock's owner
 * @s: a session
 * @sk: its socket; a reference is held
 *
 * Context: softirq, with the socket's spinlock or without.
 */
void umx_preserve_timer_look_soon(struct umx_preserve_session *s,
				  struct sock *sk)
{
	umx_preserve_timer_unowned(s, sk, jiffies + 1, true);
}

/* The timer is to act for @reason, after @wait jiffies at the earliest. */
static void umx_preserve_timer_note(struct umx_preserve_session *s,
				    enum umx_preserve_reason reason,
				    unsigned long wait)
{
	s->due = true;
	s->due_reason = reason;
	s->due_at = jiffies + wait;
}

/**
 * umx_preserve_timer_due() - have something done right after this
 * @s: an agreed session
 * @sk: its socket
 * @reason: move for this reason; UMX_PRESERVE_REASON_PEER: do not, send again
 *	what was in flight
 *
 * A timeout is only a guess: its segment is given the time for an answer.
 * Context: socket lock.
 */
void umx_preserve_timer_due(struct umx_preserve_session *s, struct sock *sk,
			    enum umx_preserve_reason reason)
{
	unsigned long wait = 0;

	if (reason == UMX_PRESERVE_REASON_TIMEOUT) {
		if (s->due)
			return;
		wait = usecs_to_jiffies(tcp_sk(sk)->srtt_us >> 3);
	}
	umx_preserve_timer_note(s, reason, wait);
	spin_lock_bh(&s->lock);
	umx_preserve_timer_arm(s, sk, s->due_at);
	spin_unlock_bh(&s->lock);
}

/*
 * Copies of so many silent sessions per time, in a namespace. When more are
 * silent at once it may be this host that is too busy, and each copy draws more
 * segments: all the others wait for their next look, or the timeout.
 */
#define UMX_PRESERVE_COPIES_INTERVAL	(HZ / 10)
#define UMX_PRESERVE_COPIES_BURST	100

/**
 * umx_preserve_timer_net_init() - a namespace begins
 * @pn: it
 */
void umx_preserve_timer_net_init(struct umx_preserve_net *pn)
{
	ratelimit_state_init(&pn->copies, UMX_PRESERVE_COPIES_INTERVAL,
			     UMX_PRESERVE_COPIES_BURST);
	/* the counter says it, not the log */
	ratelimit_set_flags(&pn->copies, RATELIMIT_MSG_ON_RELEASE);
}

/* Copies go out on the next pair; whoever answers there has proven it. */
static void umx_preserve_timer_silence(struct umx_preserve_session *s,
				       struct sock *sk)
{
	u8 pair;

	s->progress_at = jiffies;
	if (s->silences < U8_MAX)
		s->silences++;
	if (!__ratelimit(&s->pn->copies)) {
		umx_preserve_count(s->pn, UMX_PRESERVE_MIB_COPY_HELD);
		return;
	}
	pair = umx_preserve_move_candidate(s, sk);
	if (pair == UMX_PATH_NONE)
		return;
	/* a new round: by now TCP looks less often itself */
	if (s->silences > UMX_PRESERVE_SILENCE_SHIFT &&
	    umx_path_none_tried(&s->copied))
		umx_preserve_segment_ack(s, sk, s->current_pair, true);
	s->why_copied = UMX_PRESERVE_REASON_SILENCE;
	umx_path_mark_tried(&s->copied, pair);
	umx_preserve_count(s->pn, UMX_PRESERVE_MIB_COPY_SILENCE);
	/* in the window whatever was lost, so that the peer follows */
	umx_preserve_segment_ack(s, sk, pair, false);
	/* and draws an answer */
	umx_preserve_segment_ack(s, sk, pair, true);
}

/* What ICMPv6 errors have said. */
static void umx_preserve_timer_told(struct umx_preserve_session *s)
{
	if (unlikely(READ_ONCE(s->too_big))) {
		WRITE_ONCE(s->too_big, false);
		if (!s->due && umx_preserve_move_restart(s))
			umx_preserve_timer_note(s, UMX_PRESERVE_REASON_PEER, 0);
	}
	if (unlikely(READ_ONCE(s->unreachable) != UMX_PATH_NONE)) {
		if (READ_ONCE(s->unreachable) == s->current_pair)
			umx_preserve_timer_note(s,
						UMX_PRESERVE_REASON_UNREACHABLE,
						0);
		WRITE_ONCE(s->unreachable, UMX_PATH_NONE);
	}
}

/*
 * What happened to acknowledgments since the timer last looked. Time without
 * any data is no silence.
 */
static void umx_preserve_timer_compare(struct umx_preserve_session *s,
				       struct sock *sk)
{
	s->stalled = s->outstanding && s->delivered == tcp_sk(sk)->delivered;
	if (s->delivered != tcp_sk(sk)->delivered)
		umx_preserve_timer_progress(s, sk);
	else if (!s->outstanding)
		s->progress_at = jiffies;
	s->outstanding = tcp_sk(sk)->packets_out;
}

/* TCP transmits by itself, and has not told us that there is no route. */
static void umx_preserve_timer_route(struct umx_preserve_session *s,
				     struct sock *sk)
{
	int err;

	if (s->current_pair || s->due)
		return;
	err = umx_tcp_reroute(sk);
	if (unlikely(err == -ENETUNREACH || err == -EHOSTUNREACH))
		umx_preserve_timer_note(s, UMX_PRESERVE_REASON_UNREACHABLE, 0);
}

/* What could not be done inside a transmission. */
static void umx_preserve_timer_act(struct umx_preserve_session *s,
				   struct sock *sk)
{
	enum umx_preserve_reason reason = s->due_reason;

	s->due = false;
	if (reason == UMX_PRESERVE_REASON_PEER) {
		umx_preserve_move_resume(s, sk, false);
		return;
	}
	if (reason == UMX_PRESERVE_REASON_UNREACHABLE)
		reason = umx_preserve_move_why(s, sk);
	umx_preserve_move_next(s, sk, reason, true);
}

/* One jiffy at least. */
static unsigned long umx_preserve_timer_until(unsigned long when)
{
	unsigned long now = jiffies;

	return time_after(when, now) ? when - now : 1;
}

/* Return: look again after so long; 0: not until something is sent. */
static unsigned long umx_preserve_timer_look(struct umx_preserve_session *s,
					     struct sock *sk)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	unsigned long again = 0;

	if (READ_ONCE(s->heard) != UMX_PATH_NONE)
		umx_preserve_move_heard(s);
	umx_preserve_move_follow(s, sk);
	umx_preserve_timer_told(s);
	umx_preserve_timer_compare(s, sk);
	umx_preserve_timer_route(s, sk);
	if (s->due && time_after_eq(jiffies, s->due_at))
		umx_preserve_timer_act(s, sk);
	if (s->stalled || !tp->packets_out)
		umx_tcp_transmit_start(sk);
	/* whose window is closed says so, and is not silent */
	if (tp->packets_out && tp->snd_wnd &&
	    time_after_eq(jiffies,
			  s->progress_at + umx_preserve_timer_limit(s, sk)))
		umx_preserve_timer_silence(s, sk);
	if (tp->packets_out)
		again = umx_preserve_timer_step(s, sk);
	if (s->due)
		again = min_not_zero(again, umx_preserve_timer_until(s->due_at));
	return again;
}

/*
 * A timer that runs more than its own time late is one of more than this host
 * can serve: they must not keep it from everything else. Or the host stood
 * still, which must not blind the session for long.
 */
#define UMX_PRESERVE_BEAR_MAX	(10L * HZ)

static unsigned long umx_preserve_timer_bear(unsigned long again, long late)
{
	if (!again || late <= (long)again)
		return again;
	return max_t(long, again, min(2 * late, UMX_PRESERVE_BEAR_MAX));
}

void umx_preserve_timer(struct timer_list *t)
{
	struct umx_preserve_session *s =
		container_of(t, struct umx_preserve_session, timer);
	struct sock *sk = s->track.sk;
	/* negative if somebody has asked for another look meanwhile */
	long late = jiffies - READ_ONCE(t->expires);
	unsigned long again = 0;

	bh_lock_sock(sk);
	if (umx_preserve_session_agreed(s)) {
		if (sock_owned_by_user(sk))
			again = 1;
		else if (sk->sk_state != TCP_CLOSE)
			again = umx_preserve_timer_bear(
					umx_preserve_timer_look(s, sk), late);
		if (again)
			umx_preserve_timer_unowned(s, sk, jiffies + again,
						   false);
	}
	bh_unlock_sock(sk);
	sock_put(sk);
}
