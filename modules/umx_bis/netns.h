/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns the state umx_bis.ko keeps per network namespace, and the
 * module's locking essay.
 *
 * Locking
 * -------
 * 1. The spool, pairs, the device, and whether the hooks are registered change
 *    under umx_bis_net.lock, a mutex. The packet path reads them under RCU and
 *    takes no lock of ours; what it read is freed after a grace period.
 * 2. The mutex is taken with RTNL held (a device comes or goes) and without;
 *    nobody takes RTNL while holding it.
 * 3. The table of pairs changes under umx_bis_net.map_lock, a spinlock, since
 *    packets make pairs, too. What is read only under it: the lists, the
 *    cursor, how many there are.
 * 4. Mappings of the router (eam.h) change under umx_bis_net.lock alone, and
 *    are read under RCU; packets make none.
 * 5. A pair remembers the routes its last packets took, out and in
 *    (umx_bis_route). Whoever finds one stale puts another there with xchg();
 *    the old one goes after a grace period, in an RCU callback.
 * 6. Reservations of ports (port.h) change under umx_bis_ports.lock, a
 *    spinlock, since packets make them; packets look at them under RCU. Their
 *    sockets are bound and unbound under it, which takes the locks of the
 *    kernel's tables of ports, and closed without it. They are the kernel's:
 *    they do not keep the namespace, which closes them before it exits.
 * 7. Sessions with an address of their own (flow.h) have a spinlock,
 *    umx_bis_flows.lock, under which nothing is called but look-ups in the tables
 *    of TCP and UDP, and what the end of a socket's last reference may. Packets
 *    make them; a work finds that they have ended. What was lent is returned
 *    without it, since its lender has locks, too.
 * 8. Shortcuts (shortcut.h) are put into their table with xchg() by packets,
 *	and read under RCU; their routes go in an RCU callback, like those of
 *	pairs. The table comes and goes with the router's mappings, under
 *	umx_bis_net.lock, and is freed after a grace period.
 *
 * Order: RTNL > umx_bis_net.lock > umx_bis_net.map_lock, umx_bis_flows.lock;
 * umx_bis_net.lock > umx_bis_ports.lock > bucket locks of TCP and UDP.
 *
 * The sweep, a work, looks which pairs and reservations TCP sockets still use,
 * under RCU alone, and takes map_lock to see whether it is needed again, and
 * umx_bis_ports.lock to end reservations. It is stopped in exit, when no packet
 * queues it any more. The work that makes sockets for reservations takes no
 * mutex of ours: the spool's end waits for it under umx_bis_net.lock.
 *
 * Contexts: the device transmits, and the hook at LOCAL_OUT runs, in softirq or
 * in a task, possibly with the sender's socket locked. The other hooks run in
 * softirq, or in a task if a program has judged the packet (NFQUEUE).
 *
 * Teardown of a namespace: the hooks go in pre_exit, and what was lent comes
 * back, for its lender may exit before us. A grace period follows; then devices go, of ours too; then exit frees spool, pairs,
 * mappings and counters (this is why we are a subsystem for the core, not a
 * device: those exit before us). exit waits for RCU callbacks, since those give
 * back routes that are counted in the namespace's IPv6, which exits after us.
 * rmmod removes the devices first, in all namespaces, then does the same.
 */
#ifndef _UMX_BIS_NETNS_H
#define _UMX_BIS_NETNS_H

#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/rhashtable.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>
#include <net/net_namespace.h>
#include "eam.h"
#include "flow.h"
#include "map.h"
#include "mib.h"
#include "port.h"
#include "shortcut.h"

struct umx_bis_spool;

/**
 * struct umx_bis_net - one network namespace
 * @net: the namespace
 * @lock: protects what changes; see the essay
 * @mib: counters
 * @spool: the spool, or NULL; written under @lock, read under RCU
 * @dev: the device, or NULL; written under @lock, read under RCU
 * @map_lock: protects the table of pairs; see the essay
 * @by4: pairs by IPv4 address; written under @map_lock, read under RCU
 * @by6: pairs by IPv6 address; the same
 * @maps: pairs in the order they were made; under @map_lock
 * @lru: pairs that were not made by hand, by origin, those that may be idle
 *	first; under @map_lock
 * @n_maps: how many pairs there are; under @map_lock
 * @n_greeted: how many of them packets have made; under @map_lock
 * @cursor: where the search for a free address goes on; under @map_lock
 * @genid: changes with spool, pairs and mappings, so that a dump that raced
 *	knows; under @map_lock
 * @eams: what the router translates by; see there
 * @shortcuts: flows the router knows the way of; see there
 * @flows: sessions with an address of their own; see there
 * @sweep: looks which pairs TCP uses (sweep.c)
 * @swept: jiffies when the last sweep that has ended began; written by the
 *	sweep alone
 * @ports: reservations of ports; see there
 * @hook_on: the hooks of hook.c are registered; under @lock
 * @gone: the namespace is going away; under @lock
 */
struct umx_bis_net {
	struct net *net;
	struct mutex lock;
	struct umx_bis_mib_counters __percpu *mib;
	struct umx_bis_spool __rcu *spool;
	struct net_device __rcu *dev;
	spinlock_t map_lock;
	struct rhashtable by4;
	struct rhashtable by6;
	struct list_head maps;
	struct list_head lru[UMX_BIS_ORIGIN_HAND];
	unsigned int n_maps;
	unsigned int n_greeted;
	u32 cursor;
	u32 genid;
	struct umx_bis_eams eams;
	struct umx_bis_shortcuts shortcuts;
	struct umx_bis_flows flows;
	struct delayed_work sweep;
	unsigned long swept;
	struct umx_bis_ports ports;
	bool hook_on;
	bool gone;
};

static inline void umx_bis_mib_inc(struct umx_bis_net *bn, enum umx_bis_mib id)
{
	this_cpu_inc(bn->mib->c[id]);
}

struct umx_bis_net *umx_bis_net(const struct net *net);
int umx_bis_net_switch(struct umx_bis_net *bn, bool on);

int umx_bis_netns_setup(void);
void umx_bis_netns_teardown(void);

#endif /* _UMX_BIS_NETNS_H */
