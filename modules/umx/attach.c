// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns following the devices that pools go by, whatever they need of
 * them: the link of an on-link pool (onlink.c), or the prefix that a routed one
 * is in (follow.c). (The attached and detached prefixes of KAME.)
 *
 * The work that looks takes no lock of the configuration, so that a pool can be
 * removed, and its work waited for, under it. The notifiers (notify.c), which
 * are called with RTNL held, only start it.
 */
#include <linux/rculist.h>
#include <net/net_namespace.h>
#include "attach.h"
#include "event.h"
#include "netns.h"

/* @name: of the device. Whoever begins that way is not attached. */
void umx_attach_init(struct umx_attach *at, struct umx_pool *pool,
		     const char *name, work_func_t look)
{
	at->pool = pool;
	strscpy(at->name, name, sizeof(at->name));
	spin_lock_init(&at->lock);
	INIT_DELAYED_WORK(&at->work, look);
}

/* On return the work does not run, and will not. Context: process. */
void umx_attach_stop(struct umx_attach *at)
{
	spin_lock_bh(&at->lock);
	at->stopped = true;
	spin_unlock_bh(&at->lock);
	cancel_delayed_work_sync(&at->work);
}

/* Have the work look again after @delay; not once it was stopped. */
void umx_attach_schedule(struct umx_attach *at, unsigned long delay)
{
	spin_lock_bh(&at->lock);
	if (!at->stopped)
		mod_delayed_work(umx_wq, &at->work, delay);
	spin_unlock_bh(&at->lock);
}

/*
 * Have the work look again after @delay; sooner if something has changed since
 * it began to look.
 */
void umx_attach_tick(struct umx_attach *at, unsigned long delay)
{
	spin_lock_bh(&at->lock);
	if (!at->stopped)
		queue_delayed_work(umx_wq, &at->work, delay);
	spin_unlock_bh(&at->lock);
}

/* Something has changed that the work of the pool has to look at. */
void umx_attach_kick(struct umx_pool *pool)
{
	if (pool->attach)
		umx_attach_schedule(pool->attach, 0);
}

/* What the work has found out. Return: has it changed? */
bool umx_attach_set(struct umx_attach *at, bool attached)
{
	struct umx_pool *pool = at->pool;

	if (attached == at->attached)
		return false;
	WRITE_ONCE(at->attached, attached);
	umx_event_pool(pool->un, attached ? UMX_EVENT_POOL_ATTACH :
					    UMX_EVENT_POOL_DETACH, pool->name);
	return true;
}

/**
 * umx_attach_device() - something has happened to a device, or to its addresses
 * @un: its namespace
 * @dev: the device
 * @lost: it is being removed, or leaves the namespace
 *
 * Context: any.
 */
void umx_attach_device(struct umx_net *un, const struct net_device *dev,
		       bool lost)
{
	struct umx_attach *at;
	struct umx_pool *pool;

	rcu_read_lock();
	list_for_each_entry_rcu(pool, &un->pools, list) {
		at = pool->attach;
		if (!at || strcmp(at->name, dev->name))
			continue;
		/* also if it is just being adopted: the work looks again */
		if (lost)
			WRITE_ONCE(at->lost, true);
		umx_attach_schedule(at, 0);
	}
	rcu_read_unlock();
}

/*
 * The machine was restored from a snapshot: another may have reserved the same
 * addresses. Context: process.
 */
void umx_attach_restored(void)
{
	struct umx_pool *pool;
	struct net *net;

	rcu_read_lock();
	for_each_net_rcu(net)
		list_for_each_entry_rcu(pool, &umx_net(net)->pools, list)
			umx_attach_kick(pool);
	rcu_read_unlock();
}
