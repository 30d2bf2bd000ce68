// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the table of half-open offers.
 *
 * A SYN is nobody's yet: what is kept of it takes the place of the oldest of a
 * few entries its addresses lead to. Under a flood an honest client's offer
 * may be lost that way; its connection is then a plain one.
 */
#include <linux/jiffies.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <net/ipv6.h>
#include "half.h"
#include "netns.h"

#define UMX_PRESERVE_HALF_BUCKETS	256
#define UMX_PRESERVE_HALF_WAYS		4
/* Longer than a handshake takes, SYN-ACKs repeated. */
#define UMX_PRESERVE_HALF_LIFE		(64 * HZ)

/**
 * struct umx_preserve_half_bucket - the entries some addresses lead to
 * @lock: protects @half.
 * @half: entries.
 */
struct umx_preserve_half_bucket {
	spinlock_t lock;
	struct umx_preserve_half half[UMX_PRESERVE_HALF_WAYS];
};

struct umx_preserve_half_table {
	struct umx_preserve_half_bucket bucket[UMX_PRESERVE_HALF_BUCKETS];
};

/**
 * umx_preserve_half_bucket() - where the offer of a connection would be
 * @pn: the namespace
 * @tuple: the connection
 *
 * Context: any.
 */
struct umx_preserve_half_bucket *
umx_preserve_half_bucket(struct umx_preserve_net *pn,
			 const struct umx_preserve_tuple *tuple)
{
	u32 hash = umx_preserve_tuple_hash(tuple, &pn->key);

	return &pn->half->bucket[hash & (UMX_PRESERVE_HALF_BUCKETS - 1)];
}

static bool umx_preserve_half_is(const struct umx_preserve_half *half,
				 const struct umx_preserve_tuple *tuple)
{
	return half->tuple.peer_port == tuple->peer_port &&
	       half->tuple.local_port == tuple->local_port &&
	       ipv6_addr_equal(&half->tuple.peer, &tuple->peer) &&
	       ipv6_addr_equal(&half->tuple.local, &tuple->local) &&
	       time_before(jiffies, half->since + UMX_PRESERVE_HALF_LIFE);
}

static struct umx_preserve_half *
umx_preserve_half_find(struct umx_preserve_half_bucket *bucket,
		       const struct umx_preserve_tuple *tuple)
{
	unsigned int i;

	lockdep_assert_held(&bucket->lock);
	for (i = 0; i < UMX_PRESERVE_HALF_WAYS; i++)
		if (umx_preserve_half_is(&bucket->half[i], tuple))
			return &bucket->half[i];
	return NULL;
}

/* The one to be overwritten: an empty one, or the oldest. */
static struct umx_preserve_half *
umx_preserve_half_victim(struct umx_preserve_half_bucket *bucket)
{
	struct umx_preserve_half *victim = &bucket->half[0];
	unsigned int i;

	lockdep_assert_held(&bucket->lock);
	for (i = 0; i < UMX_PRESERVE_HALF_WAYS; i++) {
		if (!bucket->half[i].tuple.peer_port)
			return &bucket->half[i];
		if (time_before(bucket->half[i].since, victim->since))
			victim = &bucket->half[i];
	}
	return victim;
}

/**
 * umx_preserve_half_add() - keep an offer
 * @pn: the namespace
 * @half: what is known; a repeated SYN changes nothing
 *
 * Context: BH off.
 */
void umx_preserve_half_add(struct umx_preserve_net *pn,
			   const struct umx_preserve_half *half)
{
	struct umx_preserve_half_bucket *bucket;
	struct umx_preserve_half *old;

	bucket = umx_preserve_half_bucket(pn, &half->tuple);
	spin_lock(&bucket->lock);
	old = umx_preserve_half_find(bucket, &half->tuple);
	if (!old || old->peer_isn != half->peer_isn)
		*(old ?: umx_preserve_half_victim(bucket)) = *half;
	spin_unlock(&bucket->lock);
}

/**
 * umx_preserve_half_update() - look at an offer, and change it
 * @bucket: where it would be
 * @tuple: the connection
 * @update: called with the bucket locked
 * @arg: its argument
 *
 * Context: BH off. Return: what @update returns; false if nothing waits.
 */
bool umx_preserve_half_update(struct umx_preserve_half_bucket *bucket,
			      const struct umx_preserve_tuple *tuple,
			      bool (*update)(struct umx_preserve_half *half,
					     void *arg), void *arg)
{
	struct umx_preserve_half *half;
	bool ret;

	spin_lock(&bucket->lock);
	half = umx_preserve_half_find(bucket, tuple);
	ret = half && update(half, arg);
	spin_unlock(&bucket->lock);
	return ret;
}

int umx_preserve_half_alloc(struct umx_preserve_net *pn)
{
	unsigned int i;

	if (pn->half)
		return 0;
	pn->half = kvzalloc(sizeof(*pn->half), GFP_KERNEL_ACCOUNT);
	if (!pn->half)
		return -ENOMEM;
	for (i = 0; i < UMX_PRESERVE_HALF_BUCKETS; i++)
		spin_lock_init(&pn->half->bucket[i].lock);
	return 0;
}

void umx_preserve_half_free(struct umx_preserve_net *pn)
{
	kvfree(pn->half);
}
