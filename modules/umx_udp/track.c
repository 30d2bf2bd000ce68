// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the table of tracked sockets, and the end of those that are
 * destroyed.
 */
#include <linux/hash.h>
#include <linux/mm.h>
#include <linux/spinlock.h>
#include "umx_udp.h"

#define UMX_UDP_LOCKS	64	/* bucket groups; a power of two */

static struct hlist_head *umx_udp_table;
static unsigned int umx_udp_table_bits;
static spinlock_t umx_udp_locks[UMX_UDP_LOCKS];

static unsigned int umx_udp_bucket(const struct sock *sk)
{
	return hash_ptr(sk, umx_udp_table_bits);
}

static spinlock_t *umx_udp_bucket_lock(unsigned int bucket)
{
	return &umx_udp_locks[bucket & (UMX_UDP_LOCKS - 1)];
}

/* The track of @sk: it has one at most. Context: bucket lock. */
static struct umx_udp_track *umx_udp_track_find(unsigned int bucket,
						const struct sock *sk)
{
	struct umx_udp_track *track;

	lockdep_assert_held(umx_udp_bucket_lock(bucket));
	hlist_for_each_entry(track, &umx_udp_table[bucket], node)
		if (track->sk == sk)
			return track;
	return NULL;
}

/* Does the capability follow @sk? */
bool umx_udp_tracked(const struct sock *sk)
{
	unsigned int bucket = umx_udp_bucket(sk);
	spinlock_t *lock = umx_udp_bucket_lock(bucket);
	bool tracked;

	spin_lock_bh(lock);
	tracked = umx_udp_track_find(bucket, sk);
	spin_unlock_bh(lock);
	return tracked;
}

/* Follow @sk, which is not followed yet. The track holds its owner's module. */
void umx_udp_track_add(struct sock *sk, struct umx_udp_track *track)
{
	unsigned int bucket = umx_udp_bucket(sk);
	spinlock_t *lock = umx_udp_bucket_lock(bucket);

	WRITE_ONCE(track->sk, sk);
	spin_lock_bh(lock);
	hlist_add_head(&track->node, &umx_udp_table[bucket]);
	spin_unlock_bh(lock);
}

/*
 * The session of @sk is over; @armed_only leaves a connect() under way alone.
 * Return: true if it had one, for the one caller that ended it.
 */
bool umx_udp_track_end(struct sock *sk, bool armed_only)
{
	unsigned int bucket = umx_udp_bucket(sk);
	spinlock_t *lock = umx_udp_bucket_lock(bucket);
	struct umx_udp_track *track;
	struct module *owner;

	spin_lock_bh(lock);
	track = umx_udp_track_find(bucket, sk);
	if (track && armed_only && !track->armed)
		track = NULL;
	if (track)
		hlist_del_init(&track->node);
	spin_unlock_bh(lock);
	if (!track)
		return false;
	owner = track->ops->owner;
	track->ops->release(track);
	module_put(owner);
	return true;
}

/*
 * The socket of @track, with a reference, or NULL: the session has not begun, or
 * is over. While the track is in the table the socket's memory is there.
 */
struct sock *umx_udp_track_sock(struct umx_udp_track *track)
{
	struct sock *sk = READ_ONCE(track->sk);	/* set once */
	spinlock_t *lock;

	if (!sk)
		return NULL;
	lock = umx_udp_bucket_lock(umx_udp_bucket(sk));
	spin_lock_bh(lock);
	if (hlist_unhashed(&track->node) ||
	    !refcount_inc_not_zero(&sk->sk_refcnt))
		sk = NULL;
	spin_unlock_bh(lock);
	return sk;
}

/* The sk_destruct of sockets that have, or had, a track. Context: any. */
void umx_udp_destruct(struct sock *sk)
{
	umx_udp_track_end(sk, false);
	umx_udp_origin.destruct(sk);
}

int umx_udp_track_setup(void)
{
	unsigned long want = totalram_pages() / 64;
	unsigned int i;

	want = clamp(want, 1UL << 10, 1UL << 16);
	umx_udp_table_bits = ilog2(want);
	umx_udp_table = kvcalloc(1UL << umx_udp_table_bits,
				 sizeof(*umx_udp_table), GFP_KERNEL);
	if (!umx_udp_table)
		return -ENOMEM;
	for (i = 0; i < UMX_UDP_LOCKS; i++)
		spin_lock_init(&umx_udp_locks[i]);
	return 0;
}

void umx_udp_track_teardown(void)
{
	kvfree(umx_udp_table);
}
