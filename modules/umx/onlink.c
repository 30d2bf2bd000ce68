// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the links of on-link pools: whether one is there, the filling
 * of the queue behind it, and the rate of what is sent.
 *
 * A pool is attached while its device is up and has an address of the prefix; a
 * list, while it has one of the prefix of each address.
 * When it is not, it gives no address, and forgets those nobody has: on
 * another link they would be unproven. Sessions stay. (attach.c)
 */
#include <linux/if_arp.h>
#include <linux/random.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>
#include <net/addrconf.h>
#include <net/if_inet6.h>
#include <net/ndisc.h>
#include <net/neighbour.h>
#include "address.h"
#include "auto.h"
#include "listed.h"
#include "mib.h"
#include "ndisc.h"
#include "netns.h"
#include "onlink.h"
#include "pool.h"

/* DAD probes, and unsolicited advertisements, per second and pool, at most. */
#define UMX_ONLINK_RATE		1000
/* Advertisements that may follow one another at once. */
#define UMX_ONLINK_BURST	100
/* Advertisements that wait for their turn; a power of two. */
#define UMX_ONLINK_RING		4096
/* The work runs this often while there is something to do. */
#define UMX_ONLINK_TICK		(HZ / 20)
#define UMX_ONLINK_PER_TICK	(UMX_ONLINK_RATE / 20)

/* Can there be neighbours on @dev whose addresses are found by asking? */
static bool umx_onlink_suits(struct net_device *dev)
{
	return dev->addr_len && (dev->flags & IFF_MULTICAST) &&
	       !(dev->flags & (IFF_LOOPBACK | IFF_NOARP | IFF_POINTOPOINT)) &&
	       ndisc_opt_addr_space(dev, NDISC_NEIGHBOUR_SOLICITATION);
}

/* How many addresses stand for all of the pool; whose groups are joined. */
static u32 umx_onlink_n(const struct umx_pool *pool)
{
	return pool->listed ? pool->listed->n : 1;
}

static void umx_onlink_addr(const struct umx_pool *pool, u32 i,
			    struct in6_addr *out)
{
	*out = pool->listed ? pool->listed->sorted[i] : pool->prefix;
	if (!pool->listed)
		out->s6_addr32[3] = pool->tail;
}

static void umx_onlink_group(const struct umx_pool *pool, u32 i,
			     struct in6_addr *out)
{
	struct in6_addr addr;

	umx_onlink_addr(pool, i, &addr);
	addrconf_addr_solict_mult(&addr, out);
}

/* Of the first @n groups; nothing to leave if IPv6 is gone from the device. */
static void umx_onlink_leave_groups(struct umx_onlink *ol, u32 n)
{
	struct in6_addr group;

	ASSERT_RTNL();
	while (n--) {
		umx_onlink_group(ol->attach.pool, n, &group);
		ipv6_dev_mc_dec(ol->dev, &group);
	}
}

/* Addresses that end alike have one group, which counts who joins. */
static bool umx_onlink_join_groups(struct umx_onlink *ol)
{
	struct in6_addr group;
	u32 i;

	ASSERT_RTNL();
	for (i = 0; i < umx_onlink_n(ol->attach.pool); i++) {
		umx_onlink_group(ol->attach.pool, i, &group);
		if (!ipv6_dev_mc_inc(ol->dev, &group))
			continue;
		umx_onlink_leave_groups(ol, i);
		return false;
	}
	return true;
}

static void umx_onlink_leave(struct umx_onlink *ol)
{
	struct net_device *dev = ol->dev;

	if (!dev)
		return;
	rtnl_lock();
	if (ol->joined)
		umx_onlink_leave_groups(ol, umx_onlink_n(ol->attach.pool));
	rtnl_unlock();
	ol->joined = false;
	WRITE_ONCE(ol->dev, NULL);
	synchronize_net();	/* nobody sends through it any more */
	dev_put(dev);
}

static void umx_onlink_adopt(struct umx_onlink *ol)
{
	struct net_device *dev;

	dev = dev_get_by_name(ol->attach.pool->un->net, ol->attach.name);
	if (!dev)
		return;
	if (dev->reg_state != NETREG_REGISTERED || !umx_onlink_suits(dev)) {
		dev_put(dev);
		return;
	}
	WRITE_ONCE(ol->attach.pool->ifindex, dev->ifindex);
	WRITE_ONCE(ol->dev, dev);
}

/* The groups of its addresses; they go when IPv6 goes from the device. */
static void umx_onlink_join(struct umx_onlink *ol)
{
	rtnl_lock();
	if (!__in6_dev_get(ol->dev))
		ol->joined = false;
	else if (!ol->joined)
		ol->joined = umx_onlink_join_groups(ol);
	rtnl_unlock();
}

static bool umx_onlink_up(const struct umx_onlink *ol)
{
	struct in6_addr addr;
	u32 i;

	if (!ol->dev || !ol->joined || !netif_running(ol->dev) ||
	    !netif_carrier_ok(ol->dev))
		return false;
	for (i = 0; i < umx_onlink_n(ol->attach.pool); i++) {
		umx_onlink_addr(ol->attach.pool, i, &addr);
		if (!ipv6_chk_prefix(&addr, ol->dev))
			return false;
	}
	return true;
}

/* Look at the link again. */
static void umx_onlink_follow(struct umx_onlink *ol)
{
	struct umx_pool *pool = ol->attach.pool;
	bool up;

	if (xchg(&ol->attach.lost, false) ||
	    (ol->dev && !net_eq(dev_net(ol->dev), pool->un->net)))
		umx_onlink_leave(ol);
	if (!ol->dev)	/* one that is going is not found by its name */
		umx_onlink_adopt(ol);
	if (ol->dev)
		umx_onlink_join(ol);
	up = umx_onlink_up(ol) && !READ_ONCE(pool->detached);
	if (umx_attach_set(&ol->attach, up) && !up)
		umx_reserved_flush(pool);
}

/* The jiffies a DAD probe gets, and how many: as for the host's addresses. */
static unsigned long umx_onlink_dad(const struct umx_onlink *ol, u8 *probes)
{
	struct net *net = ol->attach.pool->un->net;
	struct inet6_dev *idev = in6_dev_get(ol->dev);
	unsigned long delay = HZ;

	*probes = 1;
	if (!idev)
		return delay;
	delay = max_t(int, NEIGH_VAR(idev->nd_parms, RETRANS_TIME), 1);
	*probes = clamp_t(int, READ_ONCE(idev->cnf.dad_transmits), 0, U8_MAX);
	if (READ_ONCE(net->ipv6.devconf_all->accept_dad) < 1 &&
	    READ_ONCE(idev->cnf.accept_dad) < 1)
		*probes = 0;
	in6_dev_put(idev);
	return delay;
}

static void umx_onlink_probe(struct umx_onlink *ol,
			     const struct umx_probe *probe)
{
	if (umx_ndisc_probe(ol->dev, probe))
		umx_mib_inc(ol->attach.pool->un, UMX_MIB_ND_PROBE);
}

/* Begin DAD for one more address. */
static bool umx_onlink_add(struct umx_onlink *ol, u8 probes,
			   unsigned long delay)
{
	struct umx_probe probe;
	int err;

	do {
		ol->stuck = umx_pool_make(ol->attach.pool, &probe.addr);
		if (ol->stuck)
			return false;
		get_random_bytes(&probe.nonce, sizeof(probe.nonce));
		err = umx_reserved_add(ol->attach.pool, &probe, probes,
				       jiffies + delay);
	} while (err == -EEXIST);
	if (err)
		umx_listed_back(ol->attach.pool, &probe.addr);
	if (!err && probes)
		umx_onlink_probe(ol, &probe);
	return !err;
}

/* Go on with DAD, and begin more; no faster than the rate allows. */
static void umx_onlink_fill(struct umx_onlink *ol)
{
	unsigned int left = UMX_ONLINK_PER_TICK;
	struct umx_probe probe;
	unsigned long delay;
	u8 probes;

	delay = umx_onlink_dad(ol, &probes);
	while (umx_reserved_due(ol->attach.pool, delay, &probe)) {
		umx_onlink_probe(ol, &probe);
		if (!--left)
			return;
	}
	if (READ_ONCE(ol->attach.pool->un->draining))
		return;
	ol->stuck = false;
	while (umx_reserved_count(&ol->reserve) < ol->target &&
	       umx_pool_makes(ol->attach.pool) && left--)
		if (!umx_onlink_add(ol, probes, delay))
			return;
}

static bool umx_onlink_token(struct umx_onlink *ol)
{
	unsigned long gone = jiffies - ol->stamp;
	u32 more;

	lockdep_assert_held(&ol->lock);
	more = min_t(unsigned long, gone, HZ) * UMX_ONLINK_RATE / HZ;
	if (more) {
		ol->tokens = min_t(u32, ol->tokens + more, UMX_ONLINK_BURST);
		ol->stamp = jiffies;
	}
	if (!ol->tokens)
		return false;
	ol->tokens--;
	return true;
}

static bool umx_onlink_wait(struct umx_onlink *ol, const struct in6_addr *addr)
{
	lockdep_assert_held(&ol->lock);
	if (ol->n_waiting == UMX_ONLINK_RING)
		return false;
	ol->waiting[(ol->first + ol->n_waiting++) & (UMX_ONLINK_RING - 1)] =
		*addr;
	return true;
}

static void umx_onlink_announce(struct umx_onlink *ol,
				const struct in6_addr *addr)
{
	struct net_device *dev;

	rcu_read_lock();
	dev = READ_ONCE(ol->dev);
	if (dev && umx_ndisc_announce(dev, addr))
		umx_mib_inc(ol->attach.pool->un, UMX_MIB_ND_ANNOUNCED);
	rcu_read_unlock();
}

/**
 * umx_onlink_live() - an address of a pool has become VALID: tell the routers
 * @pool: any pool
 * @addr: the address
 *
 * At once, or when the rate allows it.
 * Context: any, but no lock of ours held.
 */
void umx_onlink_live(struct umx_pool *pool, const struct in6_addr *addr)
{
	struct umx_onlink *ol = pool->onlink;
	bool now, later = true;

	if (!ol)
		return;
	spin_lock_bh(&ol->lock);
	now = !ol->n_waiting && umx_onlink_token(ol);
	if (!now)
		later = umx_onlink_wait(ol, addr);
	spin_unlock_bh(&ol->lock);
	if (now)
		umx_onlink_announce(ol, addr);
	else if (!later)
		umx_mib_inc(pool->un, UMX_MIB_ND_UNANNOUNCED);
	else if (!delayed_work_pending(&ol->attach.work))
		umx_attach_schedule(&ol->attach, UMX_ONLINK_TICK);
}

/* Advertise what has waited: those of addresses that still live. */
static void umx_onlink_catch_up(struct umx_onlink *ol)
{
	struct in6_addr addr;
	bool more;

	do {
		spin_lock_bh(&ol->lock);
		more = ol->n_waiting && umx_onlink_token(ol);
		if (more) {
			addr = ol->waiting[ol->first];
			ol->first = (ol->first + 1) & (UMX_ONLINK_RING - 1);
			ol->n_waiting--;
		}
		spin_unlock_bh(&ol->lock);
		rcu_read_lock();
		if (more && umx_addr_find(ol->attach.pool->un, &addr))
			umx_onlink_announce(ol, &addr);
		rcu_read_unlock();
	} while (more);
}

static bool umx_onlink_busy(struct umx_onlink *ol)
{
	return ol->attach.attached &&
	       (READ_ONCE(ol->reserve.n_tentative) || READ_ONCE(ol->n_waiting) ||
		(umx_reserved_count(&ol->reserve) < ol->target &&
		 umx_pool_makes(ol->attach.pool) &&
		 !READ_ONCE(ol->attach.pool->un->draining)));
}

static void umx_onlink_work(struct work_struct *work)
{
	struct umx_onlink *ol = container_of(to_delayed_work(work),
					     struct umx_onlink, attach.work);
	u64 epoch = umx_window_epoch();
	u32 ready = READ_ONCE(ol->reserve.n_ready);

	/* another copy of this machine may have what was made before */
	if (ol->epoch != epoch)
		umx_reserved_flush(ol->attach.pool);
	WRITE_ONCE(ol->epoch, epoch);
	umx_onlink_follow(ol);
	if (ol->attach.attached) {
		umx_onlink_fill(ol);
		umx_onlink_catch_up(ol);
		if (READ_ONCE(ol->reserve.n_ready) > ready)
			umx_auto_kick_all(ol->attach.pool->un);
	}
	if (umx_onlink_busy(ol))
		umx_attach_tick(&ol->attach, ol->stuck ? HZ : UMX_ONLINK_TICK);
}

/**
 * umx_onlink_take() - an address that is proven unique
 * @pool: on-link
 * @out: the address
 *
 * Context: any. Return: false: none is ready, or the link is not there.
 */
bool umx_onlink_take(struct umx_pool *pool, struct in6_addr *out)
{
	struct umx_onlink *ol = pool->onlink;
	bool taken = false;

	if (READ_ONCE(ol->attach.attached) &&
	    READ_ONCE(ol->epoch) == umx_window_epoch())
		taken = umx_reserved_take(pool, out);
	if (!delayed_work_pending(&ol->attach.work))
		umx_attach_schedule(&ol->attach, 0);
	return taken;
}

/**
 * umx_onlink_take_given() - an address that is asked for by name
 * @pool: on-link
 * @addr: the address
 *
 * Context: any. Return: false: it is not ready, or the link is not there.
 */
bool umx_onlink_take_given(struct umx_pool *pool, const struct in6_addr *addr)
{
	struct umx_onlink *ol = pool->onlink;
	bool taken = false;

	if (READ_ONCE(ol->attach.attached) &&
	    READ_ONCE(ol->epoch) == umx_window_epoch())
		taken = umx_reserved_take_given(pool, addr);
	if (taken)
		umx_attach_schedule(&ol->attach, 0);
	return taken;
}

/**
 * umx_onlink_init() - give a pool its link
 * @pool: its prefix and tail are set
 * @config: checked
 * @extack: gets the sentence of a refusal
 *
 * Return: 0; -ENODEV, -EOPNOTSUPP with a sentence; -ENOMEM.
 */
int umx_onlink_init(struct umx_pool *pool, const struct umx_pool_config *config,
		    struct netlink_ext_ack *extack)
{
	struct umx_onlink *ol;
	int err = -ENOMEM;

	ol = kzalloc(sizeof(*ol), GFP_KERNEL_ACCOUNT);
	if (!ol)
		return -ENOMEM;
	/* what is listed is all reserved */
	ol->target = config->n_addrs ?: config->ready;
	ol->tokens = UMX_ONLINK_BURST;
	ol->stamp = jiffies;
	spin_lock_init(&ol->lock);
	ol->waiting = kvcalloc(UMX_ONLINK_RING, sizeof(*ol->waiting),
			       GFP_KERNEL_ACCOUNT);
	if (!ol->waiting)
		goto err_ol;
	err = umx_reserve_init(&ol->reserve);
	if (err)
		goto err_waiting;
	ol->dev = dev_get_by_index(pool->un->net, config->ifindex);
	if (!ol->dev) {
		NL_SET_ERR_MSG(extack, "the device has gone meanwhile");
		err = -ENODEV;
		goto err_reserve;
	}
	if (!umx_onlink_suits(ol->dev)) {
		NL_SET_ERR_MSG(extack, "the device has no neighbours to share a prefix with; use type routed");
		err = -EOPNOTSUPP;
		goto err_dev;
	}
	umx_attach_init(&ol->attach, pool, ol->dev->name, umx_onlink_work);
	pool->onlink = ol;
	pool->attach = &ol->attach;
	return 0;

err_dev:
	dev_put(ol->dev);
err_reserve:
	umx_reserve_exit(&ol->reserve);
err_waiting:
	kvfree(ol->waiting);
err_ol:
	kfree(ol);
	return err;
}

/* Nobody meets the pool any more, a grace period ago. */
void umx_onlink_exit(struct umx_pool *pool)
{
	struct umx_onlink *ol = pool->onlink;

	if (!ol)
		return;
	umx_attach_stop(&ol->attach);
	umx_reserved_flush(pool);
	umx_onlink_leave(ol);
	umx_reserve_exit(&ol->reserve);
	kvfree(ol->waiting);
	pool->attach = NULL;
	pool->onlink = NULL;
	kfree(ol);
}
