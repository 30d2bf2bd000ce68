// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the sweep: TCP connections may be silent for hours, and no
 * packet says that their pair is in use. While there are pairs that may be
 * taken from their hosts, once a minute, or oftener if they are idle sooner,
 * the pair of every connected TCP socket counts as used. A pair is not idle
 * before a sweep has said so. Reservations of ports are swept oftener: as long
 * as one lasts nobody else can have the port.
 */
#include <net/inet_hashtables.h>
#include <net/sock.h>
#include "map.h"
#include "netns.h"
#include "port.h"
#include "spool.h"
#include "sweep.h"

#define UMX_BIS_SWEEP_EVERY	60U	/* seconds */
#define UMX_BIS_SWEEP_PORTS	10U	/* the same where ports are reserved */

static void umx_bis_sweep_bucket(struct umx_bis_net *bn,
				 struct inet_ehash_bucket *bucket)
{
	const struct umx_bis_spool *spool = rcu_dereference(bn->spool);
	const struct hlist_nulls_node *node;
	struct umx_bis_map *map;
	const struct sock *sk;

	/* What moves to another bucket meanwhile is met there, or next time. */
	sk_nulls_for_each_rcu(sk, node, &bucket->chain) {
		if (!net_eq(sock_net(sk), bn->net))
			continue;
		map = umx_bis_map_find4(bn, READ_ONCE(sk->sk_daddr));
		if (map)
			umx_bis_map_touch(map);
		if (spool && spool->shared)
			umx_bis_port_seen(bn, spool, sk);
	}
}

static void umx_bis_sweep(struct work_struct *work)
{
	struct umx_bis_net *bn = container_of(to_delayed_work(work),
					      struct umx_bis_net, sweep);
	struct inet_hashinfo *info = bn->net->ipv4.tcp_death_row.hashinfo;
	unsigned long began = jiffies;
	unsigned int i;

	for (i = 0; i <= info->ehash_mask; i++) {
		struct inet_ehash_bucket *bucket = &info->ehash[i];

		cond_resched();
		if (hlist_nulls_empty(&bucket->chain))
			continue;
		rcu_read_lock();
		umx_bis_sweep_bucket(bn, bucket);
		rcu_read_unlock();
	}
	WRITE_ONCE(bn->swept, began);
	if (umx_bis_port_any(bn))
		umx_bis_port_reap(bn);
	if (umx_bis_map_may_be_idle(bn) || umx_bis_port_any(bn))
		umx_bis_sweep_want(bn);
}

/*
 * A pair may be taken from its host one day, or a reservation end: begin, unless
 * it has begun.
 */
void umx_bis_sweep_want(struct umx_bis_net *bn)
{
	const struct umx_bis_spool *spool;
	u32 every = UMX_BIS_SWEEP_EVERY;

	if (delayed_work_pending(&bn->sweep))
		return;
	rcu_read_lock();
	spool = rcu_dereference(bn->spool);
	if (spool && spool->shared)
		every = UMX_BIS_SWEEP_PORTS;
	if (spool)
		every = min(every, spool->idle);
	rcu_read_unlock();
	schedule_delayed_work(&bn->sweep, every * HZ);
}

/* Another spool, which may be impatient: the last one's sweep may be far off. */
void umx_bis_sweep_restart(struct umx_bis_net *bn)
{
	lockdep_assert_held(&bn->lock);
	cancel_delayed_work(&bn->sweep);
	umx_bis_sweep_want(bn);
}

void umx_bis_sweep_init(struct umx_bis_net *bn)
{
	bn->swept = jiffies;
	INIT_DELAYED_WORK(&bn->sweep, umx_bis_sweep);
}

void umx_bis_sweep_exit(struct umx_bis_net *bn)
{
	cancel_delayed_work_sync(&bn->sweep);
}
