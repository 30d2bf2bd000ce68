// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the table of agreed sessions by id, which commands name and
 * dumps walk.
 *
 * Ids go up, so that one is not soon another session's. The walk is by bucket
 * and within one by id: it needs no more than the last id seen, and finds each
 * session that is there from its beginning to its end.
 */
#include <linux/rculist.h>
#include <linux/slab.h>
#include "ids.h"
#include "netns.h"
#include "session.h"

#define UMX_PRESERVE_IDS_BUCKETS	4096

/* Context: there was an "on": a session lives, or umx_preserve_ids_made(). */
static struct hlist_head *umx_preserve_ids_bucket(struct umx_preserve_net *pn,
						  u32 id)
{
	return &pn->ids[id & (UMX_PRESERVE_IDS_BUCKETS - 1)];
}

/* Whoever asks by netlink may come before the first "on". */
static bool umx_preserve_ids_made(const struct umx_preserve_net *pn)
{
	/* pairs with the release in umx_preserve_ids_alloc() */
	return smp_load_acquire(&pn->ids);
}

static bool umx_preserve_ids_taken(struct umx_preserve_net *pn, u32 id)
{
	const struct umx_preserve_session *s;

	lockdep_assert_held(&pn->ids_lock);
	hlist_for_each_entry(s, umx_preserve_ids_bucket(pn, id), id_node)
		if (s->id == id)
			return true;
	return false;
}

/**
 * umx_preserve_ids_add() - give a session its id
 * @pn: the namespace
 * @s: the session
 *
 * Context: BH off.
 */
void umx_preserve_ids_add(struct umx_preserve_net *pn,
			  struct umx_preserve_session *s)
{
	spin_lock(&pn->ids_lock);
	do {
		pn->last_id = pn->last_id % INT_MAX + 1;
	} while (unlikely(umx_preserve_ids_taken(pn, pn->last_id)));
	s->id = pn->last_id;
	hlist_add_head_rcu(&s->id_node, umx_preserve_ids_bucket(pn, s->id));
	WRITE_ONCE(pn->n_sessions, pn->n_sessions + 1);
	spin_unlock(&pn->ids_lock);
}

/* Context: any. @s is freed after a grace period. */
void umx_preserve_ids_del(struct umx_preserve_net *pn,
			  struct umx_preserve_session *s)
{
	spin_lock_bh(&pn->ids_lock);
	hlist_del_rcu(&s->id_node);
	WRITE_ONCE(pn->n_sessions, pn->n_sessions - 1);
	spin_unlock_bh(&pn->ids_lock);
}

/* The session of @id's bucket with the least id that is more; RCU. */
static struct umx_preserve_session *
umx_preserve_ids_above(struct umx_preserve_net *pn, u32 bucket, u32 id)
{
	struct umx_preserve_session *s, *least = NULL;

	hlist_for_each_entry_rcu(s, &pn->ids[bucket], id_node)
		if (s->id > id && (!least || s->id < least->id))
			least = s;
	return least;
}

/**
 * umx_preserve_ids_next() - the session after one
 * @pn: the namespace
 * @id: of the last one seen, 0 at the beginning; that of the one found
 *
 * Context: RCU. Return: the session, or NULL at the end.
 */
struct umx_preserve_session *
umx_preserve_ids_next(struct umx_preserve_net *pn, u32 *id)
{
	u32 bucket = *id & (UMX_PRESERVE_IDS_BUCKETS - 1), above = *id;
	struct umx_preserve_session *s;

	if (!umx_preserve_ids_made(pn) || !READ_ONCE(pn->n_sessions))
		return NULL;
	for (; bucket < UMX_PRESERVE_IDS_BUCKETS; bucket++, above = 0) {
		s = umx_preserve_ids_above(pn, bucket, above);
		if (s) {
			*id = s->id;
			return s;
		}
	}
	return NULL;
}

/* The session with this id, or NULL; RCU. */
struct umx_preserve_session *
umx_preserve_ids_find(struct umx_preserve_net *pn, u32 id)
{
	struct umx_preserve_session *s;

	if (!umx_preserve_ids_made(pn))
		return NULL;
	hlist_for_each_entry_rcu(s, umx_preserve_ids_bucket(pn, id), id_node)
		if (s->id == id)
			return s;
	return NULL;
}

/* With the first "on"; it stays until the namespace goes. */
int umx_preserve_ids_alloc(struct umx_preserve_net *pn)
{
	struct hlist_head *ids;

	lockdep_assert_held(&pn->lock);
	if (pn->ids)
		return 0;
	ids = kvcalloc(UMX_PRESERVE_IDS_BUCKETS, sizeof(*ids),
		       GFP_KERNEL_ACCOUNT);
	if (!ids)
		return -ENOMEM;
	/* pairs with umx_preserve_ids_made() */
	smp_store_release(&pn->ids, ids);
	return 0;
}

void umx_preserve_ids_free(struct umx_preserve_net *pn)
{
	WARN_ON_ONCE(pn->n_sessions);
	kvfree(pn->ids);
}
