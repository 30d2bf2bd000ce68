// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the table of agreed sets, and that of their alternative
 * pairs, in which a segment's addresses are looked up.
 *
 * There is no object per connection and pair: a pair leads to its set, the set
 * to the original addresses, and those with the segment's ports to the socket.
 */
#include <linux/siphash.h>
#include <linux/slab.h>
#include <net/ipv6.h>
#include <net/tcp.h>
#include <umx/tcp.h>
#include "netns.h"
#include "set.h"

/* How long a set outlives its last session: connections often come in rows. */
#define UMX_PRESERVE_SET_IDLE	(10 * HZ)
/* ... and that of a session that has moved: as long as its TIME_WAIT. */
#define UMX_PRESERVE_SET_MOVED	(TCP_TIMEWAIT_LEN + HZ)

struct hlist_head *umx_preserve_set_bucket(struct umx_preserve_net *pn,
					   const struct in6_addr *local,
					   const struct in6_addr *peer)
{
	const struct in6_addr pair[] = { *local, *peer };

	return &pn->aliases[hsiphash(pair, sizeof(pair), &pn->key) &
			    (UMX_PRESERVE_ALIAS_BUCKETS - 1)];
}

static struct hlist_head *
umx_preserve_set_hash(struct umx_preserve_net *pn,
		      const struct umx_preserve_addrs *addrs)
{
	u32 hash = hsiphash(addrs->local,
			    addrs->n_local * sizeof(addrs->local[0]), &pn->key);

	hash = rol32(hash, 16) ^ hsiphash(addrs->peer, addrs->n_peer *
					  sizeof(addrs->peer[0]), &pn->key);
	return &pn->sets[hash & (UMX_PRESERVE_SETS_BUCKETS - 1)];
}

static bool umx_preserve_addrs_equal(const struct umx_preserve_addrs *a,
				     const struct umx_preserve_addrs *b)
{
	return a->n_local == b->n_local && a->n_peer == b->n_peer &&
	       !memcmp(a->local, b->local, a->n_local * sizeof(a->local[0])) &&
	       !memcmp(a->peer, b->peer, a->n_peer * sizeof(a->peer[0]));
}

static struct umx_preserve_set *
umx_preserve_set_alloc(const struct umx_preserve_addrs *addrs)
{
	unsigned int n = addrs->n_local * addrs->n_peer, i;
	struct umx_preserve_set *set;

	set = kzalloc(struct_size(set, alias, n), GFP_ATOMIC);
	if (!set)
		return NULL;
	set->addrs = *addrs;
	set->n_alias = n;
	for (i = 0; i < n; i++) {
		set->alias[i].set = set;
		set->alias[i].pair = i;
	}
	return set;
}

static void umx_preserve_set_link_alias(struct umx_preserve_net *pn,
					struct umx_preserve_alias *alias)
{
	const struct in6_addr *local, *peer;
	u16 *filter;

	lockdep_assert_held(&pn->sets_lock);
	local = umx_preserve_set_local(alias->set, alias->pair);
	peer = umx_preserve_set_peer(alias->set, alias->pair);
	filter = umx_preserve_set_filter(pn, local, peer);
	/* one that has run over stays: its pairs are looked up, for good */
	if (*filter != U16_MAX)
		WRITE_ONCE(*filter, *filter + 1);
	hlist_add_head_rcu(&alias->node,
			   umx_preserve_set_bucket(pn, local, peer));
}

static void umx_preserve_set_unlink_alias(struct umx_preserve_net *pn,
					  struct umx_preserve_alias *alias)
{
	u16 *filter;

	lockdep_assert_held(&pn->sets_lock);
	filter = umx_preserve_set_filter(pn,
			umx_preserve_set_local(alias->set, alias->pair),
			umx_preserve_set_peer(alias->set, alias->pair));
	hlist_del_rcu(&alias->node);
	if (*filter != U16_MAX)
		WRITE_ONCE(*filter, *filter - 1);
}

static void umx_preserve_set_link(struct umx_preserve_net *pn,
				  struct umx_preserve_set *set)
{
	unsigned int i;

	lockdep_assert_held(&pn->sets_lock);
	hlist_add_head(&set->node, umx_preserve_set_hash(pn, &set->addrs));
	for (i = 1; i < set->n_alias; i++)
		umx_preserve_set_link_alias(pn, &set->alias[i]);
	WRITE_ONCE(pn->n_aliases, pn->n_aliases + set->n_alias);
}

static void umx_preserve_set_unlink(struct umx_preserve_net *pn,
				    struct umx_preserve_set *set)
{
	unsigned int i;

	lockdep_assert_held(&pn->sets_lock);
	hlist_del(&set->node);
	for (i = 1; i < set->n_alias; i++)
		umx_preserve_set_unlink_alias(pn, &set->alias[i]);
	WRITE_ONCE(pn->n_aliases, pn->n_aliases - set->n_alias);
	kfree_rcu(set, rcu);
}

/**
 * umx_preserve_set_get() - the set with these addresses
 * @pn: the namespace
 * @addrs: them
 *
 * Its alternative pairs are recognised when this returns.
 * Context: BH off. Return: the set, to be given back, or NULL: no memory, or
 * UMX_PRESERVE_ALIASES_MAX.
 */
struct umx_preserve_set *
umx_preserve_set_get(struct umx_preserve_net *pn,
		     const struct umx_preserve_addrs *addrs)
{
	struct umx_preserve_set *set;

	spin_lock(&pn->sets_lock);
	hlist_for_each_entry(set, umx_preserve_set_hash(pn, addrs), node)
		if (umx_preserve_addrs_equal(&set->addrs, addrs))
			goto found;
	set = umx_preserve_set_alloc(addrs);
	if (set && pn->n_aliases + set->n_alias > UMX_PRESERVE_ALIASES_MAX) {
		kfree(set);
		set = NULL;
	}
	if (!set)
		goto unlock;
	umx_preserve_set_link(pn, set);
	set->until = jiffies;
	pn->n_idle++;
found:
	if (!set->users++)
		pn->n_idle--;
unlock:
	spin_unlock(&pn->sets_lock);
	return set;
}

/**
 * umx_preserve_set_put() - a session has ended
 * @pn: the namespace
 * @set: its set
 * @moved: it has moved: its TIME_WAIT is to recognise every pair
 *
 * Context: any.
 */
void umx_preserve_set_put(struct umx_preserve_net *pn,
			  struct umx_preserve_set *set, bool moved)
{
	unsigned long until = jiffies + (moved ? UMX_PRESERVE_SET_MOVED :
						 UMX_PRESERVE_SET_IDLE);

	spin_lock_bh(&pn->sets_lock);
	if (time_after(until, set->until))
		set->until = until;
	if (!--set->users) {
		if (pn->n_idle < UMX_PRESERVE_IDLE_MAX)
			pn->n_idle++;
		else
			umx_preserve_set_unlink(pn, set);
	}
	spin_unlock_bh(&pn->sets_lock);
}

/**
 * umx_preserve_set_away() - a session leaves its original pair, or returns
 * @pn: the namespace
 * @set: its set
 * @change: 1 or -1
 *
 * A reader that stands on the entry while it goes and comes back sees its
 * bucket from the beginning once more. Context: any.
 */
void umx_preserve_set_away(struct umx_preserve_net *pn,
			   struct umx_preserve_set *set, int change)
{
	spin_lock_bh(&pn->sets_lock);
	if (change > 0 && !set->away) {
		umx_preserve_set_link_alias(pn, &set->alias[0]);
		umx_tcp_receive_all(true);
	}
	set->away += change;
	if (!set->away) {
		umx_tcp_receive_all(false);
		umx_preserve_set_unlink_alias(pn, &set->alias[0]);
	}
	spin_unlock_bh(&pn->sets_lock);
}

/* Free the sets nobody has used for a while. Return: there are others. */
bool umx_preserve_set_sweep(struct umx_preserve_net *pn)
{
	struct umx_preserve_set *set;
	struct hlist_node *next;
	unsigned int i;

	if (!READ_ONCE(pn->n_aliases))
		return false;
	for (i = 0; i < UMX_PRESERVE_SETS_BUCKETS; i++) {
		if (hlist_empty(&pn->sets[i]))
			continue;
		spin_lock_bh(&pn->sets_lock);
		hlist_for_each_entry_safe(set, next, &pn->sets[i], node)
			if (!set->users && time_after(jiffies, set->until)) {
				pn->n_idle--;
				umx_preserve_set_unlink(pn, set);
			}
		spin_unlock_bh(&pn->sets_lock);
	}
	return READ_ONCE(pn->n_aliases);
}

/* With the first "on"; they stay until the namespace goes. */
int umx_preserve_set_alloc_tables(struct umx_preserve_net *pn)
{
	if (!pn->sets)
		pn->sets = kvcalloc(UMX_PRESERVE_SETS_BUCKETS,
				    sizeof(*pn->sets), GFP_KERNEL_ACCOUNT);
	if (!pn->aliases)
		pn->aliases = kvcalloc(UMX_PRESERVE_ALIAS_BUCKETS,
				       sizeof(*pn->aliases),
				       GFP_KERNEL_ACCOUNT);
	if (!pn->filter)
		pn->filter = kvcalloc(UMX_PRESERVE_FILTER_SIZE,
				      sizeof(*pn->filter), GFP_KERNEL_ACCOUNT);
	return pn->sets && pn->aliases && pn->filter ? 0 : -ENOMEM;
}

/* Nobody has a set any more, and no packet is looked up. */
void umx_preserve_set_exit(struct umx_preserve_net *pn)
{
	struct umx_preserve_set *set;
	struct hlist_node *next;
	unsigned int i;

	spin_lock_bh(&pn->sets_lock);
	for (i = 0; pn->n_aliases && i < UMX_PRESERVE_SETS_BUCKETS; i++)
		hlist_for_each_entry_safe(set, next, &pn->sets[i], node)
			umx_preserve_set_unlink(pn, set);
	spin_unlock_bh(&pn->sets_lock);
	kvfree(pn->sets);
	kvfree(pn->aliases);
	kvfree(pn->filter);
}
