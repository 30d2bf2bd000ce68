/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns whether a pool is attached: the device it goes by, by name, has
 * its prefix. When it has not, the pool gives no address; sessions stay.
 */
#ifndef _UMX_ATTACH_H
#define _UMX_ATTACH_H

#include <linux/netdevice.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>
#include "pool.h"

/**
 * struct umx_attach - the device a pool goes by
 * @pool: whose
 * @name: of the device: one of that name is taken again when it comes back
 * @attached: the device has what the pool needs; written by @work
 * @lost: a device of that name is being removed, or leaves the namespace
 * @lock: protects @stopped. A leaf; BH off
 * @stopped: @work is not to run any more
 * @work: looks at the device
 */
struct umx_attach {
	struct umx_pool *pool;
	char name[IFNAMSIZ];
	bool attached;
	bool lost;
	spinlock_t lock;
	bool stopped;
	struct delayed_work work;
};

void umx_attach_init(struct umx_attach *at, struct umx_pool *pool,
		     const char *name, work_func_t look);
void umx_attach_stop(struct umx_attach *at);
void umx_attach_schedule(struct umx_attach *at, unsigned long delay);
void umx_attach_tick(struct umx_attach *at, unsigned long delay);
void umx_attach_kick(struct umx_pool *pool);
bool umx_attach_set(struct umx_attach *at, bool attached);
void umx_attach_device(struct umx_net *un, const struct net_device *dev,
		       bool lost);
void umx_attach_restored(void);

/* May the pool give addresses? One that goes by no device may. */
static inline bool umx_attach_is(const struct umx_pool *pool)
{
	return !pool->attach || READ_ONCE(pool->attach->attached);
}

#endif /* _UMX_ATTACH_H */
