/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns the memory of explicitly given addresses: generators cannot
 * know them, yet none may come twice.
 *
 *	given by hand ------------------------------.
 *	                                            v
 *	listed --> FREE --drawn--> OUT --taken--> USED
 *	             ^              |
 *	             `--nobody's----'
 */
#ifndef _UMX_SPENT_H
#define _UMX_SPENT_H

#include <linux/in6.h>
#include <linux/rcupdate.h>
#include <linux/rhashtable-types.h>
#include <linux/types.h>

struct umx_net;
struct umx_pool;

/**
 * enum umx_spent_state - what became of an address
 * @UMX_SPENT_USED: it is, or was, somebody's; never again.
 * @UMX_SPENT_FREE: listed, and nobody has it.
 * @UMX_SPENT_OUT: listed, and reserved (reserved.h).
 */
enum umx_spent_state {
	UMX_SPENT_USED,
	UMX_SPENT_FREE,
	UMX_SPENT_OUT,
};

/**
 * struct umx_spent - an address that was given explicitly
 * @node: in umx_net.spent
 * @addr: the key; constant
 * @epoch: in which it was listed: in another one it counts as used, for a copy
 *	of this machine may have used it; constant
 * @state: enum umx_spent_state; written under umx_net.lock as long as no pool
 *	has it, then by whoever holds the address: the pool's work draws it,
 *	one that is OUT is taken out of a queue by one alone
 * @rcu: frees it
 */
struct umx_spent {
	struct rhash_head node;
	struct in6_addr addr;
	u64 epoch;
	u8 state;
	struct rcu_head rcu;
};

int umx_spent_init(struct umx_net *un);
void umx_spent_exit(struct umx_net *un);
struct umx_spent *umx_spent_find(const struct umx_net *un,
				 const struct in6_addr *addr);
bool umx_spent_has(const struct umx_pool *pool, const struct in6_addr *addr);
bool umx_spent_used(const struct umx_spent *spent);
int umx_spent_add(struct umx_pool *pool, const struct in6_addr *addr);
void umx_spent_del(struct umx_pool *pool, const struct in6_addr *addr);
struct umx_spent *umx_spent_list(struct umx_pool *pool,
				 const struct in6_addr *addr, bool *made);

#endif /* _UMX_SPENT_H */
