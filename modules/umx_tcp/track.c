// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the table of tracked sockets and the three callbacks through
 * which the end of a session is heard.
 *
 * Which way ends where:
 *
 *   RST, ICMPv6 error in SYN_SENT, retransmission or keepalive timeout, the
 *   last FIN or ACK while the application keeps the descriptor
 *                                 -> sk_state_change, state TCP_CLOSE
 *   AF_UNSPEC, a connect() given up
 *                                 -> sk_error_report, state TCP_CLOSE
 *   everything after close(), a killed process, a dying namespace
 *                                 -> sk_destruct
 *
 * None of them is called per segment.
 */
#include <linux/hash.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/rculist.h>
#include <linux/spinlock.h>
#include "umx_tcp.h"

#define UMX_TCP_LOCKS	256	/* bucket groups; a power of two */

static struct hlist_head *umx_tcp_table;
static unsigned int umx_tcp_table_bits;
static spinlock_t umx_tcp_locks[UMX_TCP_LOCKS];

struct umx_tcp_origin umx_tcp_origin;

static unsigned int umx_tcp_bucket(const struct sock *sk)
{
	return hash_ptr(sk, umx_tcp_table_bits);
}

static spinlock_t *umx_tcp_bucket_lock(unsigned int bucket)
{
	return &umx_tcp_locks[bucket & (UMX_TCP_LOCKS - 1)];
}

/* Nobody else has changed what we are about to change. */
bool umx_tcp_track_possible(const struct sock *sk)
{
	return (sk->sk_destruct == umx_tcp_origin.destruct ||
		(sk->sk_destruct == umx_tcp_destruct && umx_tcp_noted(sk))) &&
	       sk->sk_error_report == umx_tcp_origin.error_report &&
	       sk->sk_state_change == umx_tcp_origin.state_change;
}

/* The caller has taken a reference on @track's module. */
void umx_tcp_track_add(struct sock *sk, struct umx_tcp_track *track)
{
	unsigned int bucket = umx_tcp_bucket(sk);
	spinlock_t *lock = umx_tcp_bucket_lock(bucket);

	track->sk = sk;
	spin_lock_bh(lock);
	hlist_add_head_rcu(&track->node, &umx_tcp_table[bucket]);
	spin_unlock_bh(lock);
}

/* Does some capability follow @sk? */
bool umx_tcp_tracked(const struct sock *sk)
{
	unsigned int bucket = umx_tcp_bucket(sk);
	spinlock_t *lock = umx_tcp_bucket_lock(bucket);
	struct umx_tcp_track *track;
	bool tracked = false;

	spin_lock_bh(lock);
	hlist_for_each_entry(track, &umx_tcp_table[bucket], node)
		if (track->sk == sk)
			tracked = true;
	spin_unlock_bh(lock);
	return tracked;
}

/*
 * Tell those who follow @sk. Its lock is held, which keeps a track that is
 * armed or about to be: only the end of the connection releases it.
 */
void umx_tcp_track_established(struct sock *sk)
{
	unsigned int bucket = umx_tcp_bucket(sk);
	spinlock_t *lock = umx_tcp_bucket_lock(bucket);
	struct umx_tcp_track *track, *found[UMX_TCP_SLOTS] = {};
	unsigned int i;

	spin_lock_bh(lock);
	hlist_for_each_entry(track, &umx_tcp_table[bucket], node)
		if (track->sk == sk && track->type->established)
			found[track->type->slot] = track;
	spin_unlock_bh(lock);
	for (i = 0; i < UMX_TCP_SLOTS; i++)
		if (found[i])
			found[i]->type->established(found[i], sk);
}

/**
 * umx_tcp_track_find() - what a capability has handed over for a socket
 * @sk: any socket
 * @type: the type it handed over
 *
 * Without the socket lock the track may have been released by now.
 * Context: RCU. Return: the track, or NULL.
 */
struct umx_tcp_track *umx_tcp_track_find(const struct sock *sk,
					 const struct umx_tcp_type *type)
{
	struct umx_tcp_track *track;

	hlist_for_each_entry_rcu(track, &umx_tcp_table[umx_tcp_bucket(sk)],
				 node)
		if (track->sk == sk && track->type == type)
			return track;
	return NULL;
}
EXPORT_SYMBOL_GPL(umx_tcp_track_find);

/* The one that transmits for @sk, or NULL. Context: socket lock, RCU. */
struct umx_tcp_track *umx_tcp_track_transmitter(const struct sock *sk)
{
	struct umx_tcp_track *track;

	hlist_for_each_entry_rcu(track, &umx_tcp_table[umx_tcp_bucket(sk)],
				 node, lockdep_sock_is_held(sk))
		if (track->sk == sk && track->type->transmit)
			return track;
	return NULL;
}

/* Return: true for the one caller that took @track out of the table. */
bool umx_tcp_track_del(struct umx_tcp_track *track)
{
	spinlock_t *lock = umx_tcp_bucket_lock(umx_tcp_bucket(track->sk));
	bool mine;

	spin_lock_bh(lock);
	mine = !hlist_unhashed(&track->node);
	if (mine)
		hlist_del_init_rcu(&track->node);
	spin_unlock_bh(lock);
	return mine;
}

/*
 * One that transmitted for @sk is gone. The socket may have connected anew, with
 * another: see umx_tcp_check_end().
 */
static void umx_tcp_track_transmitted(struct sock *sk)
{
	unsigned int bucket = umx_tcp_bucket(sk);
	spinlock_t *lock = umx_tcp_bucket_lock(bucket);
	struct umx_tcp_track *track;

	spin_lock_bh(lock);
	hlist_for_each_entry(track, &umx_tcp_table[bucket], node)
		if (track->sk == sk && track->type->transmit)
			break;
	if (!track)
		umx_tcp_transmit_stop(sk);
	spin_unlock_bh(lock);
}

void umx_tcp_track_release(struct umx_tcp_track *track, struct sock *sk)
{
	const struct umx_tcp_type *type = track->type;

	type->release(track, sk);
	if (type->transmit)	/* after it: nobody starts it any more */
		umx_tcp_track_transmitted(sk);
	module_put(type->owner);
}

/*
 * Release every track of @sk; @ended_only: of a connection that is over, not of a
 * connect() under way, nor of one that has begun meanwhile.
 */
static void umx_tcp_track_release_all(struct sock *sk, bool ended_only)
{
	unsigned int bucket = umx_tcp_bucket(sk);
	spinlock_t *lock = umx_tcp_bucket_lock(bucket);
	struct umx_tcp_track *track, *ended[UMX_TCP_SLOTS] = {};
	struct hlist_node *next;
	unsigned int i;

	spin_lock_bh(lock);
	hlist_for_each_entry_safe(track, next, &umx_tcp_table[bucket], node) {
		if (track->sk != sk)
			continue;
		/* armed after the state has changed, and umx_tcp_track_begun() */
		if (ended_only && (!READ_ONCE(track->armed) ||
				   READ_ONCE(sk->sk_state) != TCP_CLOSE))
			continue;
		hlist_del_init_rcu(&track->node);
		ended[track->type->slot] = track;
	}
	spin_unlock_bh(lock);

	for (i = 0; i < UMX_TCP_SLOTS; i++)
		if (ended[i])
			umx_tcp_track_release(ended[i], sk);
}

/**
 * umx_tcp_destruct() - the sk_destruct of tracked sockets
 * @sk: a socket nobody refers to any more
 *
 * Also inherited by children of attached listeners that die before they are
 * complete; they have no track and just pass through.
 * Context: any; BH may be on.
 */
void umx_tcp_destruct(struct sock *sk)
{
	umx_tcp_track_release_all(sk, false);
	umx_tcp_note_free(sk);
	umx_tcp_origin.destruct(sk);
}
EXPORT_SYMBOL_GPL(umx_tcp_destruct);

/*
 * If the connection is over but the descriptor lives, put the socket back to
 * where socket() left it: hooked, so that its next connect() is asked about.
 * While a connect() is under way sk_prot is still ours, and nothing is done.
 *
 * Where somebody has stacked on the socket, or it is IPv4's by now, it cannot be
 * ours again: its next listen() is none of ours, and nothing of us must be left
 * on it for children to inherit, the destructor of its note neither.
 *
 * TCP reports with the socket lock held. Others report an error without it
 * (transmit timestamps, a task that reads the error queue), and may meet the
 * next connect() of the socket: the lock of the bucket is held while sk_prot is
 * given back, by whoever connects, and while it is taken, here. In between it is
 * ours, and from there on the state is another.
 */
static void umx_tcp_check_end(struct sock *sk)
{
	spinlock_t *lock = umx_tcp_bucket_lock(umx_tcp_bucket(sk));
	bool again;

	if (READ_ONCE(sk->sk_state) != TCP_CLOSE)
		return;
	umx_tcp_track_release_all(sk, true);
	if (sk->sk_prot_creator != &umx_tcp_prot)
		return;
	spin_lock_bh(lock);
	if (READ_ONCE(sk->sk_state) == TCP_CLOSE &&
	    READ_ONCE(sk->sk_prot) != &umx_tcp_prot) {
		again = sk->sk_prot == &tcpv6_prot;
		if (!again)
			umx_tcp_note_free(sk);
		umx_tcp_unhook(sk);
		if (again)
			umx_tcp_prot_set(sk);
	}
	spin_unlock_bh(lock);
}

/* A connect() has begun, and is TCP's own. Context: socket lock held. */
void umx_tcp_track_begun(struct sock *sk)
{
	spinlock_t *lock = umx_tcp_bucket_lock(umx_tcp_bucket(sk));

	spin_lock_bh(lock);
	umx_tcp_prot_reset(sk);
	spin_unlock_bh(lock);
}

static void umx_tcp_error_report(struct sock *sk)
{
	umx_tcp_check_end(sk);
	umx_tcp_origin.error_report(sk);
}

static void umx_tcp_state_change(struct sock *sk)
{
	umx_tcp_check_end(sk);
	umx_tcp_origin.state_change(sk);
}

void umx_tcp_callbacks_set(struct sock *sk)
{
	WRITE_ONCE(sk->sk_destruct, umx_tcp_destruct);
	WRITE_ONCE(sk->sk_error_report, umx_tcp_error_report);
	WRITE_ONCE(sk->sk_state_change, umx_tcp_state_change);
}

/*
 * Leaves alone what somebody stacked on top; that one still calls us. A note
 * keeps the destructor, which frees it.
 */
void umx_tcp_callbacks_restore(struct sock *sk)
{
	if (sk->sk_destruct == umx_tcp_destruct && !umx_tcp_noted(sk))
		WRITE_ONCE(sk->sk_destruct, umx_tcp_origin.destruct);
	if (sk->sk_error_report == umx_tcp_error_report)
		WRITE_ONCE(sk->sk_error_report, umx_tcp_origin.error_report);
	if (sk->sk_state_change == umx_tcp_state_change)
		WRITE_ONCE(sk->sk_state_change, umx_tcp_origin.state_change);
}

int umx_tcp_track_setup(void)
{
	unsigned long want = totalram_pages() / 16;
	unsigned int i;

	want = clamp(want, 1UL << 12, 1UL << 18);
	umx_tcp_table_bits = ilog2(want);
	umx_tcp_table = kvcalloc(1UL << umx_tcp_table_bits,
				 sizeof(*umx_tcp_table), GFP_KERNEL);
	if (!umx_tcp_table)
		return -ENOMEM;
	for (i = 0; i < UMX_TCP_LOCKS; i++)
		spin_lock_init(&umx_tcp_locks[i]);
	return 0;
}

void umx_tcp_track_teardown(void)
{
	kvfree(umx_tcp_table);
}
