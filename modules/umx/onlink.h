/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns what an on-link pool has more than a routed one: its link, the
 * queue of addresses that are proven unique, the advertisements that wait.
 *
 * Its addresses share the low UMX_ONLINK_TAIL bits, so that one solicited-node
 * multicast group serves them all, and a packet for another host of the prefix
 * is not taken for ours.
 *
 *	| prefix (64) | free (40) | tail (24) |
 *
 * Those of a list (listed.h) are what they are, with a group each.
 */
#ifndef _UMX_ONLINK_H
#define _UMX_ONLINK_H

#include <linux/in6.h>
#include <linux/netdevice.h>
#include <linux/netlink.h>
#include <linux/spinlock.h>
#include "attach.h"
#include "reserved.h"

struct umx_net;
struct umx_pool;
struct umx_pool_config;

/**
 * struct umx_onlink - the link of a pool
 * @attach: its device, which is up and has the prefixes
 * @reserve: its addresses that are nobody's yet
 * @dev: a reference, or NULL: there is none now; written by the work, read under
 *	RCU
 * @target: how many reserved addresses there are to be; constant
 * @joined: @dev is in the multicast groups; of the work
 * @stuck: the generator gave none; of the work
 * @epoch: in which all of @reserve were made (window.h); written by the work
 * @lock: protects what follows. A leaf; BH off
 * @tokens: advertisements that may be sent at once
 * @stamp: jiffies: @tokens was right then
 * @first: of @waiting
 * @n_waiting: how many
 * @waiting: ring of UMX_ONLINK_RING addresses whose advertisement waits
 *
 * The work of @attach follows the link, fills @reserve, sends what waits.
 */
struct umx_onlink {
	struct umx_attach attach;
	struct umx_reserve reserve;
	struct net_device *dev;
	u32 target;
	bool joined;
	bool stuck;
	u64 epoch;
	spinlock_t lock;
	u32 tokens;
	unsigned long stamp;
	u32 first;
	u32 n_waiting;
	struct in6_addr *waiting;
};

int umx_onlink_init(struct umx_pool *pool, const struct umx_pool_config *config,
		    struct netlink_ext_ack *extack);
void umx_onlink_exit(struct umx_pool *pool);
bool umx_onlink_take(struct umx_pool *pool, struct in6_addr *out);
bool umx_onlink_take_given(struct umx_pool *pool, const struct in6_addr *addr);
void umx_onlink_live(struct umx_pool *pool, const struct in6_addr *addr);

#endif /* _UMX_ONLINK_H */
