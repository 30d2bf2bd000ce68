// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the table of explicitly given addresses of a namespace. An
 * entry outlives its pool: a pool added again does not forget.
 */
#include <linux/rhashtable.h>
#include <linux/slab.h>
#include <linux/umx.h>
#include "netns.h"
#include "pool.h"
#include "spent.h"

/**
 * struct umx_spent - an address that was given explicitly
 * @node: in umx_net.spent
 * @addr: the key; constant
 * @rcu: frees it
 */
struct umx_spent {
	struct rhash_head node;
	struct in6_addr addr;
	struct rcu_head rcu;
};

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

/* Context: any, RCU or not. */
bool umx_spent_has(const struct umx_pool *pool, const struct in6_addr *addr)
{
	bool has;

	if (!READ_ONCE(pool->explicit) && !atomic_read(&pool->un->spent.nelems))
		return false;
	rcu_read_lock();
	has = rhashtable_lookup(&pool->un->spent, addr, umx_spent_params);
	rcu_read_unlock();
	return has;
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
	int err;

	lockdep_assert_held(&pool->un->lock);
	if (umx_spent_has(pool, addr))
		return -EEXIST;
	if (pool->explicit >= UMX_POOL_EXPLICIT_MAX ||
	    atomic_read(&pool->un->spent.nelems) >= 4 * UMX_POOL_EXPLICIT_MAX)
		return -ENOSPC;
	spent = kmalloc(sizeof(*spent), GFP_KERNEL_ACCOUNT);
	if (!spent)
		return -ENOMEM;
	spent->addr = *addr;
	err = rhashtable_insert_fast(&pool->un->spent, &spent->node,
				     umx_spent_params);
	if (err) {
		kfree(spent);
		return err;
	}
	WRITE_ONCE(pool->explicit, pool->explicit + 1);
	return 0;
}

/* The address was not used after all: a later step of the request failed. */
void umx_spent_del(struct umx_pool *pool, const struct in6_addr *addr)
{
	struct umx_spent *spent;

	lockdep_assert_held(&pool->un->lock);
	spent = rhashtable_lookup_fast(&pool->un->spent, addr,
				       umx_spent_params);
	if (!spent || rhashtable_remove_fast(&pool->un->spent, &spent->node,
					     umx_spent_params))
		return;
	WRITE_ONCE(pool->explicit, pool->explicit - 1);
	kfree_rcu(spent, rcu);
}
