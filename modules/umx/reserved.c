// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the reserved addresses of on-link pools: their table, their
 * queues, and the transitions drawn in reserved.h.
 */
#include <linux/rhashtable.h>
#include <linux/slab.h>
#include "listed.h"
#include "onlink.h"
#include "pool.h"
#include "reserved.h"

static const struct rhashtable_params umx_reserved_params = {
	.head_offset = offsetof(struct umx_reserved, node),
	.key_offset = offsetof(struct umx_reserved, probe.addr),
	.key_len = sizeof(struct in6_addr),
	.automatic_shrinking = true,
};

static struct umx_reserve *umx_reserve_of(struct umx_pool *pool)
{
	return &pool->onlink->reserve;
}

int umx_reserve_init(struct umx_reserve *reserve)
{
	spin_lock_init(&reserve->lock);
	INIT_LIST_HEAD(&reserve->tentative);
	INIT_LIST_HEAD(&reserve->ready);
	return rhashtable_init(&reserve->table, &umx_reserved_params);
}

/* Nobody looks at it any more, a grace period ago, and it is empty. */
void umx_reserve_exit(struct umx_reserve *reserve)
{
	WARN_ON_ONCE(atomic_read(&reserve->table.nelems));
	rhashtable_destroy(&reserve->table);
}

/* Of either state: how many are, or will soon be, ready. */
u32 umx_reserved_count(struct umx_reserve *reserve)
{
	u32 n;

	spin_lock_bh(&reserve->lock);
	n = reserve->n_tentative + reserve->n_ready;
	spin_unlock_bh(&reserve->lock);
	return n;
}

/* Context: RCU; the result is valid inside it. */
struct umx_reserved *umx_reserved_find(struct umx_reserve *reserve,
				       const struct in6_addr *addr)
{
	return rhashtable_lookup(&reserve->table, addr, umx_reserved_params);
}

static void umx_reserved_enqueue(struct umx_pool *pool,
				 struct umx_reserved *entry, u8 state)
{
	struct umx_reserve *reserve = umx_reserve_of(pool);

	lockdep_assert_held(&reserve->lock);
	WRITE_ONCE(entry->state, state);
	if (state == UMX_ADDR_TENTATIVE) {
		list_add_tail(&entry->list, &reserve->tentative);
		reserve->n_tentative++;
		umx_pool_count(pool, UMX_POOL_TENTATIVE, 1);
	} else {
		list_add_tail(&entry->list, &reserve->ready);
		WRITE_ONCE(reserve->n_ready, reserve->n_ready + 1);
		umx_pool_count(pool, UMX_POOL_UNCERTAIN, 1);
	}
}

static void umx_reserved_dequeue(struct umx_pool *pool,
				 struct umx_reserved *entry)
{
	struct umx_reserve *reserve = umx_reserve_of(pool);

	lockdep_assert_held(&reserve->lock);
	list_del_init(&entry->list);
	if (entry->state == UMX_ADDR_TENTATIVE) {
		reserve->n_tentative--;
		umx_pool_count(pool, UMX_POOL_TENTATIVE, -1);
	} else {
		WRITE_ONCE(reserve->n_ready, reserve->n_ready - 1);
		umx_pool_count(pool, UMX_POOL_UNCERTAIN, -1);
	}
}

/* The last of @entry: it is in no queue. */
static void umx_reserved_end(struct umx_reserve *reserve,
			     struct umx_reserved *entry)
{
	rhashtable_remove_fast(&reserve->table, &entry->node,
			       umx_reserved_params);
	kfree_rcu(entry, rcu);
}

/**
 * umx_reserved_add() - begin DAD for a new address
 * @pool: on-link
 * @probe: the address, just generated, and a nonce
 * @probes: to be sent; 0: the link does no DAD, and it is ready at once
 * @due: jiffies: the first probe, which the caller sends, has had its time
 *
 * Context: process. Return: 0; -EEXIST: it is reserved already; -ENOMEM.
 */
int umx_reserved_add(struct umx_pool *pool, const struct umx_probe *probe,
		     u8 probes, unsigned long due)
{
	struct umx_reserve *reserve = umx_reserve_of(pool);
	struct umx_reserved *entry;
	int err;

	entry = kzalloc(sizeof(*entry), GFP_KERNEL);
	if (!entry)
		return -ENOMEM;
	entry->probe = *probe;
	entry->due = due;
	entry->probes = probes ? probes - 1 : 0;
	spin_lock_bh(&reserve->lock);
	err = rhashtable_lookup_insert_fast(&reserve->table, &entry->node,
					    umx_reserved_params);
	if (!err)
		umx_reserved_enqueue(pool, entry, probes ? UMX_ADDR_TENTATIVE :
							   UMX_ADDR_UNCERTAIN);
	spin_unlock_bh(&reserve->lock);
	if (err)
		kfree(entry);
	return err;
}

/**
 * umx_reserved_due() - go on with DAD
 * @pool: on-link
 * @delay: jiffies each probe gets
 * @probe: to be sent now
 *
 * Those whose last probe has had its time become UNCERTAIN.
 *
 * Context: any. Return: false: none wants another probe yet.
 */
bool umx_reserved_due(struct umx_pool *pool, unsigned long delay,
		      struct umx_probe *probe)
{
	struct umx_reserve *reserve = umx_reserve_of(pool);
	struct umx_reserved *entry;
	bool again = false;

	spin_lock_bh(&reserve->lock);
	while (!again && !list_empty(&reserve->tentative)) {
		entry = list_first_entry(&reserve->tentative,
					 struct umx_reserved, list);
		if (time_before(jiffies, entry->due))
			break;
		umx_reserved_dequeue(pool, entry);
		again = entry->probes;
		if (!again) {
			umx_reserved_enqueue(pool, entry, UMX_ADDR_UNCERTAIN);
			continue;
		}
		entry->probes--;
		entry->due = jiffies + delay;
		umx_reserved_enqueue(pool, entry, UMX_ADDR_TENTATIVE);
		*probe = entry->probe;
	}
	spin_unlock_bh(&reserve->lock);
	return again;
}

/**
 * umx_reserved_take() - one that is ready
 * @pool: on-link
 * @out: the address
 *
 * It is defended as UNCERTAIN until umx_reserved_taken() says that the table
 * of live addresses has it.
 *
 * Context: any. Return: false: none is ready.
 */
bool umx_reserved_take(struct umx_pool *pool, struct in6_addr *out)
{
	struct umx_reserve *reserve = umx_reserve_of(pool);
	struct umx_reserved *entry;

	spin_lock_bh(&reserve->lock);
	entry = list_first_entry_or_null(&reserve->ready, struct umx_reserved,
					 list);
	if (entry) {
		umx_reserved_dequeue(pool, entry);
		*out = entry->probe.addr;
	}
	spin_unlock_bh(&reserve->lock);
	if (entry)
		umx_listed_use(pool, out);
	return entry;
}

/**
 * umx_reserved_take_given() - one that is ready, asked for by name
 * @pool: on-link
 * @addr: the address; as for umx_reserved_take()
 *
 * Context: any. Return: false: it is not ready.
 */
bool umx_reserved_take_given(struct umx_pool *pool, const struct in6_addr *addr)
{
	struct umx_reserve *reserve = umx_reserve_of(pool);
	struct umx_reserved *entry;
	bool mine;

	rcu_read_lock();
	entry = umx_reserved_find(reserve, addr);
	spin_lock_bh(&reserve->lock);
	mine = entry && !list_empty(&entry->list) &&
	       entry->state == UMX_ADDR_UNCERTAIN;
	if (mine)
		umx_reserved_dequeue(pool, entry);
	spin_unlock_bh(&reserve->lock);
	rcu_read_unlock();
	if (mine)
		umx_listed_use(pool, addr);
	return mine;
}

/* @addr was taken, and is live or disposed by now. */
void umx_reserved_taken(struct umx_pool *pool, const struct in6_addr *addr)
{
	struct umx_reserve *reserve = umx_reserve_of(pool);
	struct umx_reserved *entry;

	rcu_read_lock();
	entry = umx_reserved_find(reserve, addr);
	if (entry)
		umx_reserved_end(reserve, entry);
	rcu_read_unlock();
}

/**
 * umx_reserved_duplicate() - somebody else has, or takes, an address
 * @pool: on-link
 * @entry: reserved
 *
 * Context: RCU. Return: false if it is no longer in a queue.
 */
bool umx_reserved_duplicate(struct umx_pool *pool, struct umx_reserved *entry)
{
	struct umx_reserve *reserve = umx_reserve_of(pool);
	bool mine;

	spin_lock_bh(&reserve->lock);
	mine = !list_empty(&entry->list);
	if (mine)
		umx_reserved_dequeue(pool, entry);
	spin_unlock_bh(&reserve->lock);
	if (mine) {
		umx_listed_use(pool, &entry->probe.addr);
		umx_pool_count(pool, UMX_POOL_DUPLICATES, 1);
		umx_pool_count(pool, UMX_POOL_DISPOSED, 1);
		umx_reserved_end(reserve, entry);
	}
	return mine;
}

static struct umx_reserved *umx_reserved_any(struct umx_pool *pool)
{
	struct umx_reserve *reserve = umx_reserve_of(pool);
	struct list_head *queue = &reserve->tentative;
	struct umx_reserved *entry;

	spin_lock_bh(&reserve->lock);
	if (list_empty(queue))
		queue = &reserve->ready;
	entry = list_first_entry_or_null(queue, struct umx_reserved, list);
	if (entry)
		umx_reserved_dequeue(pool, entry);
	spin_unlock_bh(&reserve->lock);
	return entry;
}

/*
 * Forget all: what was proven unique on this link is not any more. What is
 * listed goes back to its list.
 */
void umx_reserved_flush(struct umx_pool *pool)
{
	struct umx_reserved *entry;

	while ((entry = umx_reserved_any(pool))) {
		umx_listed_back(pool, &entry->probe.addr);
		umx_pool_count(pool, UMX_POOL_DISPOSED, !pool->listed);
		umx_reserved_end(umx_reserve_of(pool), entry);
	}
}

/**
 * umx_reserved_for_each() - look at what is reserved
 * @reserve: of a pool
 * @from: how many to skip
 * @fn: called with the lock held; false: no more
 * @arg: for @fn
 *
 * Return: how many were skipped or looked at.
 */
unsigned long umx_reserved_for_each(struct umx_reserve *reserve,
				    unsigned long from,
				    bool (*fn)(const struct umx_reserved *entry,
					       void *arg),
				    void *arg)
{
	struct list_head *queues[] = { &reserve->ready, &reserve->tentative };
	struct umx_reserved *entry;
	unsigned long at = 0;
	unsigned int i;

	spin_lock_bh(&reserve->lock);
	for (i = 0; i < ARRAY_SIZE(queues); i++)
		list_for_each_entry(entry, queues[i], list) {
			if (at >= from && !fn(entry, arg))
				goto unlock;
			at++;
		}
unlock:
	spin_unlock_bh(&reserve->lock);
	return at;
}
