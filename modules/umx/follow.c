// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns finding out whether a device has the prefix that a routed pool
 * is in: an address that is no more tentative and not yet deprecated, whose own
 * prefix has the pool's in it, or lies in it. That is what is to be seen of a
 * prefix that was delegated by DHCPv6, whoever asked for it.
 *
 * The kernel tells nobody when an address is done with DAD, or deprecated. So
 * the device is looked at every now and then, besides when something is heard.
 */
#include <linux/slab.h>
#include <net/addrconf.h>
#include <net/if_inet6.h>
#include "attach.h"
#include "auto.h"
#include "follow.h"
#include "netns.h"

/* How long a change may go unnoticed that is not told. */
#define UMX_FOLLOW_TICK		HZ

static bool umx_follow_covers(const struct umx_pool *pool,
			      const struct inet6_ifaddr *ifa)
{
	u32 plen = ifa->prefix_len;

	if (ifa->flags & (IFA_F_TENTATIVE | IFA_F_DADFAILED | IFA_F_DEPRECATED))
		return false;
	return plen && ipv6_prefix_equal(&ifa->addr, &pool->prefix,
					 min_t(u32, plen, pool->plen));
}

static bool umx_follow_has(const struct umx_pool *pool, struct inet6_dev *idev)
{
	const struct inet6_ifaddr *ifa;
	bool has = false;

	read_lock_bh(&idev->lock);
	list_for_each_entry(ifa, &idev->addr_list, if_list) {
		has = umx_follow_covers(pool, ifa);
		if (has)
			break;
	}
	read_unlock_bh(&idev->lock);
	return has;
}

static bool umx_follow_up(const struct umx_attach *at)
{
	const struct umx_pool *pool = at->pool;
	struct inet6_dev *idev = NULL;
	struct net_device *dev;
	bool up;

	rcu_read_lock();
	dev = dev_get_by_name_rcu(pool->un->net, at->name);
	if (dev && netif_running(dev))
		idev = __in6_dev_get(dev);
	up = idev && umx_follow_has(pool, idev);
	rcu_read_unlock();
	return up;
}

static void umx_follow_work(struct work_struct *work)
{
	struct umx_attach *at = container_of(to_delayed_work(work),
					     struct umx_attach, work);
	struct umx_pool *pool = at->pool;

	if (umx_attach_set(at, umx_follow_up(at) && !READ_ONCE(pool->detached)) &&
	    at->attached)
		umx_auto_kick_all(pool->un);
	umx_attach_tick(at, UMX_FOLLOW_TICK);
}

/**
 * umx_follow_init() - have a pool follow the prefix of a device
 * @pool: routed
 * @config: checked; names the device, which may not be there yet
 *
 * Return: 0 or -ENOMEM.
 */
int umx_follow_init(struct umx_pool *pool, const struct umx_pool_config *config)
{
	struct umx_attach *at = kzalloc(sizeof(*at), GFP_KERNEL_ACCOUNT);

	if (!at)
		return -ENOMEM;
	umx_attach_init(at, pool, config->follow, umx_follow_work);
	at->attached = umx_follow_up(at);
	pool->attach = at;
	return 0;
}

/* Nobody meets the pool any more, a grace period ago. */
void umx_follow_exit(struct umx_pool *pool)
{
	struct umx_attach *at = pool->attach;

	if (!at || pool->onlink)
		return;
	umx_attach_stop(at);
	pool->attach = NULL;
	kfree(at);
}
