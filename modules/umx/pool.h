/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns pools: prefixes, or lists of single addresses, from which EAs
 * and SSAs are drawn.
 */
#ifndef _UMX_POOL_H
#define _UMX_POOL_H

#include <linux/device.h>
#include <linux/bitmap.h>
#include <linux/in6.h>
#include <linux/netlink.h>
#include <linux/refcount.h>
#include <linux/umx.h>
#include <linux/workqueue.h>
#include <net/ipv6.h>
#include "window.h"

struct umx_attach;
struct umx_net;
struct umx_onlink;
struct umx_listed;

/* Statistics, in the order of UMX_POOL_STAT_A_* and of sysfs. */
enum umx_pool_stat {
	UMX_POOL_TENTATIVE,
	UMX_POOL_UNCERTAIN,
	UMX_POOL_VALID,
	UMX_POOL_CLOSING,
	UMX_POOL_DISPOSED,
	UMX_POOL_EXHAUSTED,
	UMX_POOL_DUPLICATES,
	UMX_POOL_DROPPED,
	UMX_POOL_STAT_MAX
};

struct umx_pool_counters {
	long c[UMX_POOL_STAT_MAX];
};

/**
 * struct umx_pool - a pool
 * @list: in umx_net.pools
 * @un: its namespace; outlives it
 * @prefix: bits beyond @plen are zero; of a list what its addresses have in
 *	common; constant
 * @plen: constant
 * @generator: enum umx_generator; constant
 * @type: enum umx_pool_type; constant
 * @name: unique in the namespace; constant
 * @tail: on-link: the low bits of every address, in their place; constant
 * @tail_mask: which bits these are; 0 if routed; constant
 * @attach: the device it goes by (attach.h), NULL: none; constant
 * @onlink: of an on-link pool; constant
 * @listed: the addresses of a list (listed.h), which is on-link, too; constant
 * @ifindex: routed: packets come in on this device only, 0 for any; constant.
 *	On-link: the device, as long as it is there
 * @reject: answer dropped packets with ICMPv6 1/3; constant
 * @detached: removed by force, kept for its last sessions; under umx_net.lock
 * @counter: positions a sequential pool has given out
 * @trace: of a traceable pool
 * @explicit: explicitly given addresses so far; under umx_net.lock
 * @ref: the configuration's (while not detached) and one per live address;
 *	0 once the pool gives out nothing any more
 * @stats: per CPU; gauges may be negative on one CPU, their sum never is
 * @dev: the class device of sysfs; holds the memory
 * @gone: takes the pool out of everything when @ref reached 0
 */
struct umx_pool {
	struct list_head list;
	struct umx_net *un;
	struct in6_addr prefix;
	u8 plen;
	u8 generator;
	u8 type;
	bool reject;
	bool detached;
	char name[UMX_POOL_NAME_MAX];
	__be32 tail;
	__be32 tail_mask;
	struct umx_attach *attach;
	struct umx_onlink *onlink;
	struct umx_listed *listed;
	u32 ifindex;
	u32 explicit;
	atomic64_t counter;
	struct umx_trace trace;
	refcount_t ref;
	struct umx_pool_counters __percpu *stats;
	struct device dev;
	struct work_struct gone;
};

static inline void umx_pool_count(struct umx_pool *pool,
				  enum umx_pool_stat stat, long by)
{
	this_cpu_add(pool->stats->c[stat], by);
}

u64 umx_pool_stat(const struct umx_pool *pool, enum umx_pool_stat stat);

/**
 * struct umx_pool_config - what a pool is to be
 * See enum umx_pool_attr. @key: NULL lets the kernel make one. @follow: NULL:
 * no device. @addrs: those of
 * a list, @n_addrs of them, with a bit in @used for each that was used before.
 */
struct umx_pool_config {
	const char *name;
	struct in6_addr prefix;
	u8 plen;
	u8 generator;
	u8 type;
	bool reject;
	u32 ifindex;
	const char *follow;
	const u8 *key;
	u32 host;
	u8 host_bits;
	u32 ready;
	struct in6_addr *addrs;
	u32 n_addrs;
	DECLARE_BITMAP(used, UMX_POOL_LIST_MAX);
};

int umx_pool_add(struct umx_net *un, const struct umx_pool_config *config,
		 struct netlink_ext_ack *extack);
int umx_pool_del(struct umx_net *un, const char *name, bool force,
		 struct netlink_ext_ack *extack);
int umx_pool_flush(struct umx_net *un, bool force,
		   struct netlink_ext_ack *extack);
int umx_pool_reserve(struct umx_net *un, const char *name,
		     const struct umx_window_config *window,
		     struct netlink_ext_ack *extack);
struct umx_pool *umx_pool_find(struct umx_net *un, const char *name);
struct umx_pool *umx_pool_of(const struct umx_net *un,
			     const struct in6_addr *addr);
struct umx_pool *umx_pool_named(const struct umx_net *un, const char *name);
bool umx_pool_get(struct umx_pool *pool);
void umx_pool_put(struct umx_pool *pool);
bool umx_pool_makes(const struct umx_pool *pool);
int umx_pool_make(struct umx_pool *pool, struct in6_addr *out);
int umx_pool_generate(struct umx_pool *pool, struct in6_addr *out);
bool umx_pool_generated(const struct umx_pool *pool,
			const struct in6_addr *addr);
bool umx_pool_any_onlink(const struct umx_net *un);
void umx_pool_exit(struct umx_net *un);

#endif /* _UMX_POOL_H */
