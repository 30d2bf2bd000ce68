// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the timer of a session: it notices silence, and does under the
 * socket lock what cannot be done inside a transmission.
 *
 * It runs while data is outstanding only, three times per limit. TCP's own
 * timers are no help: the loss probe of a single segment waits two round trips
 * and 200 ms.
 */
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
	s->una = tcp_sk(sk)->snd_una;
	s->una_at = jiffies;
	s->silences = 0;
	s->rto_base = 0;
	memset(&s->copied, 0, sizeof(s->copied));
	if (s->down) {
		s->down = false;
		umx_preserve_event_path(s, UMX_PRESERVE_EVENT_RECOVERED);
	}
}

/**
 * umx_preserve_timer_start() - data is being sent
 * @s: an agreed session
 * @sk: its socket
 *
 * Context: socket lock.
 */
void umx_preserve_timer_start(struct umx_preserve_session *s, struct sock *sk)
{
	if (likely(timer_pending(&s->timer)))
		return;
	if (s->una != tcp_sk(sk)->snd_una || !s->silences)
		s->una_at = jiffies;
	s->una = tcp_sk(sk)->snd_una;
	sk_reset_timer(sk, &s->timer, jiffies + umx_preserve_timer_step(s, sk));
}

/*
 * Start the timer while another task may own the socket, and end the session:
 * whoever releases it sets the state, and stops the timer after that.
 */
static void umx_preserve_timer_unowned(struct umx_preserve_session *s,
				       struct sock *sk, unsigned long expires)
{
	spin_lock(&s->lock);
	if (s->state == UMX_PRESERVE_AGREED)
		sk_reset_timer(sk, &s->timer, expires);
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
	umx_preserve_timer_unowned(s, sk, jiffies + 1);
}

/**
 * umx_preserve_timer_due() - have something done right after this
 * @s: an agreed session
 * @sk: its socket
 * @reason: move for this reason; UMX_PRESERVE_REASON_PEER: do not, send again
 *	what was in flight
 *
 * Context: socket lock.
 */
void umx_preserve_timer_due(struct umx_preserve_session *s, struct sock *sk,
			    enum umx_preserve_reason reason)
{
	s->due = true;
	s->due_reason = reason;
	sk_reset_timer(sk, &s->timer, jiffies);
}

/* Copies go out on the next pair; whoever answers there has proven it. */
static void umx_preserve_timer_silence(struct umx_preserve_session *s,
				       struct sock *sk)
{
	u8 pair = umx_preserve_move_candidate(s, sk, &s->copied);

	if (s->silences < U8_MAX)
		s->silences++;
	s->una_at = jiffies;
	if (pair == UMX_PATH_NONE)
		return;
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
		s->due_reason = s->due ? s->due_reason :
					 UMX_PRESERVE_REASON_PEER;
		s->due = true;
	}
	if (unlikely(READ_ONCE(s->unreachable) != UMX_PATH_NONE)) {
		if (READ_ONCE(s->unreachable) == s->current_pair) {
			s->due = true;
			s->due_reason = UMX_PRESERVE_REASON_UNREACHABLE;
		}
		WRITE_ONCE(s->unreachable, UMX_PATH_NONE);
	}
}

/* Return: look again after so long; 0: not until data is sent. */
static unsigned long umx_preserve_timer_look(struct umx_preserve_session *s,
					     struct sock *sk)
{
	const struct tcp_sock *tp = tcp_sk(sk);

	if (READ_ONCE(s->heard) != UMX_PATH_NONE)
		umx_preserve_move_heard(s);
	umx_preserve_move_follow(s, sk);
	umx_preserve_timer_told(s);
	if (s->una != tp->snd_una)
		umx_preserve_timer_progress(s, sk);
	if (s->due) {
		s->due = false;
		if (s->due_reason == UMX_PRESERVE_REASON_PEER)
			umx_preserve_move_resume(s, sk, false);
		else
			umx_preserve_move_next(s, sk, s->due_reason, true);
	}
	if (!tp->packets_out)
		return 0;
	if (time_after_eq(jiffies, s->una_at + umx_preserve_timer_limit(s, sk)))
		umx_preserve_timer_silence(s, sk);
	return umx_preserve_timer_step(s, sk);
}

void umx_preserve_timer(struct timer_list *t)
{
	struct umx_preserve_session *s =
		container_of(t, struct umx_preserve_session, timer);
	struct sock *sk = s->track.sk;
	unsigned long again = 0;

	bh_lock_sock(sk);
	if (umx_preserve_session_agreed(s)) {
		if (sock_owned_by_user(sk))
			again = 1;
		else if (sk->sk_state != TCP_CLOSE)
			again = umx_preserve_timer_look(s, sk);
		if (again && !timer_pending(&s->timer))
			umx_preserve_timer_unowned(s, sk, jiffies + again);
	}
	bh_unlock_sock(sk);
	sock_put(sk);
}
