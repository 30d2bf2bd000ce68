/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns reserved addresses: those of an on-link pool that are nobody's
 * yet. They are not in the table of live addresses (address.h); a session, an
 * SSA or a port in mode auto takes them out of here.
 *
 *	made --> TENTATIVE --nobody objects--> UNCERTAIN --taken--> address.h
 *	             |                             |
 *	             `-- somebody has it, or takes it: a duplicate
 *	                 the link or the prefix is gone: forgotten
 *
 * Proven unique, and defended from then on, an UNCERTAIN address can be used
 * without a second look (draft-kitamura-ipv6-uncertain-address-state).
 */
#ifndef _UMX_RESERVED_H
#define _UMX_RESERVED_H

#include <linux/in6.h>
#include <linux/list.h>
#include <linux/rcupdate.h>
#include <linux/rhashtable-types.h>
#include <linux/spinlock.h>
#include <linux/umx.h>

struct umx_pool;

/**
 * struct umx_probe - a DAD probe
 * @addr: the address that is proven unique
 * @nonce: by which a probe that comes back is known (RFC 7527); not 0
 */
struct umx_probe {
	struct in6_addr addr;
	u64 nonce;
};

/**
 * struct umx_reserved - an address nobody has been given
 * @node: in umx_reserve.table
 * @list: in umx_reserve.tentative or .ready; empty once it is taken
 * @probe: its address, the key, and the nonce of its probes; constant
 * @due: jiffies: its current DAD probe has had its time
 * @state: UMX_ADDR_TENTATIVE or UMX_ADDR_UNCERTAIN
 * @probes: DAD probes still to be sent
 * @rcu: frees it
 *
 * Under umx_reserve.lock where not constant.
 */
struct umx_reserved {
	struct rhash_head node;
	struct list_head list;
	struct umx_probe probe;
	unsigned long due;
	u8 state;
	u8 probes;
	struct rcu_head rcu;
};

/**
 * struct umx_reserve - the reserved addresses of one pool
 * @lock: protects the lists and their entries. A leaf; BH off
 * @table: of all of them; lookups under RCU
 * @tentative: in DAD, by @due
 * @ready: UNCERTAIN, the oldest first
 * @n_tentative: length of @tentative
 * @n_ready: length of @ready
 */
struct umx_reserve {
	spinlock_t lock;
	struct rhashtable table;
	struct list_head tentative;
	struct list_head ready;
	u32 n_tentative;
	u32 n_ready;
};

int umx_reserve_init(struct umx_reserve *reserve);
void umx_reserve_exit(struct umx_reserve *reserve);

int umx_reserved_add(struct umx_pool *pool, const struct umx_probe *probe,
		     u8 probes, unsigned long due);
struct umx_reserved *umx_reserved_find(struct umx_reserve *reserve,
				       const struct in6_addr *addr);
bool umx_reserved_due(struct umx_pool *pool, unsigned long delay,
		      struct umx_probe *probe);
bool umx_reserved_take(struct umx_pool *pool, struct in6_addr *out);
bool umx_reserved_take_given(struct umx_pool *pool,
			     const struct in6_addr *addr);
void umx_reserved_taken(struct umx_pool *pool, const struct in6_addr *addr);
bool umx_reserved_duplicate(struct umx_pool *pool, struct umx_reserved *entry);
void umx_reserved_flush(struct umx_pool *pool);
unsigned long umx_reserved_for_each(struct umx_reserve *reserve,
				    unsigned long from,
				    bool (*fn)(const struct umx_reserved *entry,
					       void *arg),
				    void *arg);
u32 umx_reserved_count(struct umx_reserve *reserve);

#endif /* _UMX_RESERVED_H */
