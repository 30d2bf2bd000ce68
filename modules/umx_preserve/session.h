/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns struct umx_preserve_session: a connection that has made or
 * answered an offer.
 */
#ifndef _UMX_PRESERVE_SESSION_H
#define _UMX_PRESERVE_SESSION_H

#include <linux/rcupdate.h>
#include <linux/spinlock.h>
#include <linux/timer.h>
#include <linux/umx_preserve.h>
#include <umx/tcp.h>
#include "half.h"
#include "option.h"
#include "path.h"
#include "set.h"

struct umx_preserve_net;

/**
 * enum umx_preserve_state - where the agreement stands
 *
 *   connect()                          SYN with an offer, SYN-ACK with ours
 *      |                                  |
 *   OFFERED --- SYN-ACK accepts --+    PENDING (child) -- acceptance ---+
 *      |                          |       |                             |
 *      | SYN-ACK without          v       | never comes                 v
 *      |                        AGREED    |                          AGREED
 *      v                          |       v                             |
 *    ENDED <-- the session ends --+-----  stays PENDING: plain TCP      |
 *                                 +-------------------------------------+
 *
 * @UMX_PRESERVE_OFFERED: client; the SYN is under way.
 * @UMX_PRESERVE_PENDING: server; the client's acceptance has not been seen.
 * @UMX_PRESERVE_AGREED: the set is in force.
 * @UMX_PRESERVE_ENDED: released, because the connection is over or a plain
 *	one; only for whoever looked it up before.
 */
enum umx_preserve_state {
	UMX_PRESERVE_OFFERED,
	UMX_PRESERVE_PENDING,
	UMX_PRESERVE_AGREED,
	UMX_PRESERVE_ENDED,
};

/**
 * struct umx_preserve_moved - a move that was made
 * @time: milliseconds since 1970.
 * @reason: enum umx_preserve_reason.
 * @from: the pair that was left.
 * @to: the pair since.
 */
struct umx_preserve_moved {
	u64 time;
	u8 reason;
	u8 from;
	u8 to;
};

/**
 * struct umx_preserve_session - a connection
 * @track: follows the socket.
 * @rcu: frees it.
 * @pn: its namespace; constant.
 * @lock: see the locking essay in netns.h.
 * @state: under @lock.
 * @client: our end has called connect(); constant.
 * @thesis: the form we write; constant once the SYN has left.
 * @onetime: our address of the connection is a one-time address, and so are
 *	those we offer; constant once the SYN, or SYN-ACK, has left.
 * @via: @onetime: index of the device our addresses lead to, as long as it is
 *	there: they are on none; by umx_preserve_addrs.local; constant once
 *	agreed.
 * @syns: SYNs sent; socket lock.
 * @carry: ACKs carry our acceptance; socket lock.
 * @carried: how many have; socket lock.
 * @check: the check they carry; likewise.
 * @answered: the SYN-ACK has accepted our offer (client); @lock.
 * @own: our offer.
 * @peer: the peer's offer, as it came; @lock.
 * @bitmap: what the peer accepted of @own; @lock.
 * @peer_bitmap: what we accepted of @peer; @lock.
 * @isn: our initial sequence number.
 * @peer_isn: the peer's.
 * @set: what is agreed upon; set once, before @state becomes AGREED.
 * @id: in umx_preserve_net.ids; 0: not there.
 * @id_node: there.
 * @place_node: in umx_preserve_net.places, while on another pair than the
 *	original one; socket lock.
 * @current_pair: what is on the wire; socket lock, read without it.
 * @follow: pair to go to with the next transmission, or UMX_PATH_NONE.
 * @heard: pair the peer was heard on while somebody owned the socket, for the
 *	timer, or UMX_PATH_NONE.
 * @unreachable: pair an ICMPv6 error was about, for the timer, or
 *	UMX_PATH_NONE.
 * @too_big: an ICMPv6 error has made the current pair's path narrower, likewise.
 * @detour: pair for the segment being sent, or UMX_PATH_NONE; socket lock.
 * @detour_data: put the head of the queue behind that ACK; socket lock.
 * @proven: the peer has sent on @current_pair; socket lock.
 * @away: counted in the set: on another pair than the original one, or back on
 *	that without having heard of the peer there; socket lock.
 * @notify: the application is told of moves; socket lock.
 * @down: there was no pair to move to; socket lock.
 * @due: the timer is to move the session; socket lock.
 * @due_reason: why.
 * @due_at: not before; jiffies.
 * @why_copied: reason of the last copies; socket lock.
 * @copied: pairs copies went to since there was progress; socket lock.
 * @dst: route of @current_pair unless that is 0; socket lock.
 * @dst_cookie: belongs to it.
 * @moved_at: jiffies of the last move; socket lock.
 * @left: the pair it left; socket lock.
 * @followed: the last move was the peer's, or the peer has followed it.
 * @follow_seq: sequence number of the segment that was followed; socket lock.
 * @follow_ack: its acknowledgment number.
 * @follow_stamped: it had a timestamp (RFC 7323).
 * @follow_tsval: that.
 * @timer: looks for silence while data is outstanding; holds the socket.
 * @delivered: segments delivered when the timer last looked; socket lock.
 * @progress_at: jiffies when there were more; socket lock.
 * @outstanding: there was data to be acknowledged then; socket lock.
 * @stalled: and none of it has been, until the next time; socket lock.
 * @silences: copies since then; socket lock, read without it.
 * @restarts: how often TCP's backoff was undone since then; socket lock.
 * @rto_seen: icsk_retransmits at the last timeout; socket lock.
 * @timeouts: since there was progress, or a move; socket lock.
 * @forced: the next timeout is our doing, and tells nothing; socket lock.
 * @moves: how many; @lock.
 * @moved: the last of them, a ring; @lock.
 * @tuple: the connection; constant once agreed.
 */
struct umx_preserve_session {
	struct umx_tcp_track track;
	struct rcu_head rcu;
	struct umx_preserve_net *pn;
	spinlock_t lock;
	u8 state;
	bool client;
	bool thesis;
	bool onetime;
	u8 syns;
	bool carry;
	u8 carried;
	u32 check;
	bool answered;
	u8 bitmap;
	u8 peer_bitmap;
	struct umx_offer own;
	struct umx_offer peer;
	u32 isn;
	u32 peer_isn;

	struct umx_preserve_set *set;
	int via[UMX_PATH_ADDRS];
	u32 id;
	struct hlist_node id_node;
	struct hlist_node place_node;
	u8 current_pair;
	u8 follow;
	u8 heard;
	u8 unreachable;
	bool too_big;
	u8 detour;
	bool detour_data;
	bool proven;
	bool away;
	bool notify;
	bool down;
	bool due;
	u8 due_reason;
	unsigned long due_at;
	u8 why_copied;
	struct umx_path_tried copied;
	struct dst_entry *dst;
	u32 dst_cookie;
	unsigned long moved_at;
	u8 left;
	bool followed;
	u32 follow_seq;
	u32 follow_ack;
	bool follow_stamped;
	u32 follow_tsval;

	struct timer_list timer;
	u32 delivered;
	unsigned long progress_at;
	bool outstanding;
	bool stalled;
	u8 silences;
	u8 restarts;
	u8 rto_seen;
	u8 timeouts;
	bool forced;

	u32 moves;
	struct umx_preserve_moved moved[UMX_PRESERVE_MOVES_MAX];
	struct umx_preserve_tuple tuple;
};

extern const struct umx_tcp_type umx_preserve_session_type;

static inline struct umx_preserve_session *
umx_preserve_session_of(struct umx_tcp_track *track)
{
	return container_of(track, struct umx_preserve_session, track);
}

/* The session of a socket, agreed or not; RCU. */
static inline struct umx_preserve_session *
umx_preserve_session_find(const struct sock *sk)
{
	struct umx_tcp_track *track;

	track = umx_tcp_track_find(sk, &umx_preserve_session_type);
	return track ? umx_preserve_session_of(track) : NULL;
}

/* Is the set in force? */
static inline bool
umx_preserve_session_agreed(const struct umx_preserve_session *s)
{
	/* pairs with the release in umx_preserve_session_agree() */
	return smp_load_acquire(&s->state) == UMX_PRESERVE_AGREED;
}

bool umx_preserve_session_agree(struct umx_preserve_session *s,
				const struct umx_preserve_tuple *tuple);
void umx_preserve_session_plain(struct umx_preserve_session *s,
				struct sock *sk);
void umx_preserve_session_away(struct umx_preserve_session *s, bool away);
struct sock *umx_preserve_session_next(struct umx_preserve_net *pn,
				       u32 *id);
struct sock *umx_preserve_session_get(struct umx_preserve_net *pn, u32 id);
struct umx_preserve_session *umx_preserve_session_lock(struct sock *sk, u32 id);
void umx_preserve_session_let_go(struct umx_preserve_net *pn, bool abort);

int umx_preserve_session_setup(void);
void umx_preserve_session_teardown(void);

#endif /* _UMX_PRESERVE_SESSION_H */
