/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns windows: the counters a traceable pool may make addresses of.
 */
#ifndef _UMX_WINDOW_H
#define _UMX_WINDOW_H

#include <linux/list.h>
#include <linux/netlink.h>
#include <linux/types.h>
#include "place.h"

struct umx_pool;
struct umx_pool_config;
struct umx_window;

/**
 * struct umx_trace - what a traceable pool has more than others: a secret
 * @list: in the list of all traceable pools; under umx_trace_lock
 * @places: between a place and an address; constant
 * @host: id of this host; constant
 * @keyed: the key came with the request, windows come from user space;
 *	otherwise the kernel made it, and the first window is all there is;
 *	constant
 * @window: written under umx_trace_lock, read under RCU
 */
struct umx_trace {
	struct list_head list;
	struct umx_places places;
	u32 host;
	bool keyed;
	struct umx_window __rcu *window;
};

/**
 * struct umx_window_config - a window
 * @generation: its counters are of this generation
 * @start: the first counter
 * @end: the one after the last
 * @epoch: in which it was reserved (not in a reply)
 * @key_id: for which key (not in a reply)
 */
struct umx_window_config {
	u64 generation;
	u64 start;
	u64 end;
	u64 epoch;
	u64 key_id;
};

u64 umx_window_epoch(void);
int umx_window_init(struct umx_pool *pool,
		    const struct umx_pool_config *config, u32 *tail);
void umx_window_exit(struct umx_pool *pool);
int umx_window_reserve(struct umx_pool *pool,
		       const struct umx_window_config *config,
		       struct netlink_ext_ack *extack);
void umx_window_get(struct umx_pool *pool, struct umx_window_config *left);
bool umx_window_next(struct umx_pool *pool, struct in6_addr *out);
bool umx_window_made(const struct umx_pool *pool, const struct in6_addr *addr);

int umx_window_setup(void);
void umx_window_teardown(void);

#endif /* _UMX_WINDOW_H */
