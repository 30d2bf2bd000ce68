// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the table of explicitly given addresses of a namespace, those
 * given by hand and those listed. An entry outlives its pool: a pool added
 * again does not forget.
 */
#include <linux/err.h>
#include <linux/rhashtable.h>
#include <linux/slab.h>
#include <linux/umx.h>
#include "netns.h"
#include "pool.h"
#include "spent.h"
#include "window.h"

static const struct rhashtable_params umx_spent_params = {
	.head_offset = offsetof(struct umx_spent, node),
	.key_offset = offsetof(struct umx_spent, addr),
	.key_len = sizeof(struct in6_addr),
	.automatic_shrinking = true,
};

int umx_spent_init(struct umx_net *un)
{
	return rhashtable_init(&un->spent, &umx_spent_params);
}

static void umx_spent_free(void *ptr, void *arg)
{
	kfree(ptr);
}

void umx_spent_exit(struct umx_net *un)
{
	rhashtable_free_and_destroy(&un->spent, umx_spent_free, NULL);
}

/*
 * What is remembered of @addr, or NULL. Context: RCU or umx_net.lock, and valid
 * as long; a listed one as long as the namespace.
 */
struct umx_spent *umx_spent_find(const struct umx_net *un,
				 const struct in6_addr *addr)
{
	struct rhashtable *table = (struct rhashtable *)&un->spent;
	struct umx_spent *spent;

	rcu_read_lock();
	spent = rhashtable_lookup(table, addr, umx_spent_params);
	rcu_read_unlock();
	return spent;
}

/*
 * Is @addr one no generator may make? Listed ones are, used or not: they are
 * for lists. Context: any, RCU or not.
 */
bool umx_spent_has(const struct umx_pool *pool, const struct in6_addr *addr)
{
	if (!READ_ONCE(pool->explicit) && !atomic_read(&pool->un->spent.nelems))
		return false;
	return umx_spent_find(pool->un, addr);
}

/* May it be given to nobody any more? */
bool umx_spent_used(const struct umx_spent *spent)
{
	return READ_ONCE(spent->state) == UMX_SPENT_USED ||
	       spent->epoch != umx_window_epoch();
}

static struct umx_spent *umx_spent_new(struct umx_pool *pool,
				       const struct in6_addr *addr, u8 state)
{
	struct umx_spent *spent;
	int err;

	if (atomic_read(&pool->un->spent.nelems) >= 4 * UMX_POOL_EXPLICIT_MAX)
		return ERR_PTR(-ENOSPC);
	spent = kmalloc(sizeof(*spent), GFP_KERNEL_ACCOUNT);
	if (!spent)
		return ERR_PTR(-ENOMEM);
	spent->addr = *addr;
	spent->epoch = umx_window_epoch();
	spent->state = state;
	err = rhashtable_insert_fast(&pool->un->spent, &spent->node,
				     umx_spent_params);
	if (!err)
		return spent;
	kfree(spent);
	return ERR_PTR(err);
}

/**
 * umx_spent_add() - remember an address for ever
 * @pool: it belongs to; umx_net.lock is held
 * @addr: the address
 *
 * Return: 0; -EEXIST: it was given before; -ENOSPC: the pool remembers
 * UMX_POOL_EXPLICIT_MAX of them; -ENOMEM.
 */
int umx_spent_add(struct umx_pool *pool, const struct in6_addr *addr)
{
	struct umx_spent *spent;

	lockdep_assert_held(&pool->un->lock);
	if (pool->explicit >= UMX_POOL_EXPLICIT_MAX)
		return -ENOSPC;
	spent = umx_spent_find(pool->un, addr);
	if (spent && umx_spent_used(spent))
		return -EEXIST;
	if (!spent)
		spent = umx_spent_new(pool, addr, UMX_SPENT_USED);
	if (IS_ERR(spent))
		return PTR_ERR(spent);
	/* listed once, by a pool that is gone, and given to nobody */
	WRITE_ONCE(spent->state, UMX_SPENT_USED);
	WRITE_ONCE(pool->explicit, pool->explicit + 1);
	return 0;
}

/* The address was not used after all: a later step of the request failed. */
void umx_spent_del(struct umx_pool *pool, const struct in6_addr *addr)
{
	struct umx_spent *spent;

	lockdep_assert_held(&pool->un->lock);
	spent = umx_spent_find(pool->un, addr);
	if (!spent || rhashtable_remove_fast(&pool->un->spent, &spent->node,
					     umx_spent_params))
		return;
	if (pool->explicit)
		WRITE_ONCE(pool->explicit, pool->explicit - 1);
	kfree_rcu(spent, rcu);
}

/**
 * umx_spent_list() - an address is listed by a pool
 * @pool: which; umx_net.lock is held
 * @addr: the address, in no other pool
 * @made: nothing was remembered of it: umx_spent_del() takes this back
 *
 * Return: what is remembered of it; ERR_PTR(): -ENOSPC, -ENOMEM.
 */
struct umx_spent *umx_spent_list(struct umx_pool *pool,
				 const struct in6_addr *addr, bool *made)
{
	struct umx_spent *spent;

	lockdep_assert_held(&pool->un->lock);
	spent = umx_spent_find(pool->un, addr);
	*made = !spent;
	return spent ?: umx_spent_new(pool, addr, UMX_SPENT_FREE);
}
