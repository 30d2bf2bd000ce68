/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns the state umx.ko keeps per network namespace, and the
 * module's locking essay.
 *
 * Locking
 * -------
 * 1. Configuration (pools, rules, listeners, whether hooks are on) changes
 *    under umx_net.lock, a mutex. Packet and connect paths read it under RCU.
 *    The mutex is per namespace: none waits for another.
 * 2. The table of live addresses is an rhashtable: lookups under RCU, changes
 *    from any context. Whoever takes an address out of it disposes it.
 * 3. umx_addr.lock protects one address's state. Each transition of the
 *    diagram in address.h happens under it, so that claim, lifetime, deletion
 *    and release of one address exclude each other. Taken with BH off.
 * 4. umx_listener.lock protects a port's lists: its listening sockets and its
 *    waiting SSAs. Taken with BH off, inside umx_addr.lock.
 *    A live address is UNCERTAIN under umx_net.lock only (auto.c).
 *    umx_net.ports_lock protects, inside umx_net.lock or a socket's lock, what
 *    listen() looks at and may add to: the ports, and the rules about servers.
 *    A port that is in the table leaves it under both locks only.
 * 5. umx_limits.lock protects the counts of live addresses. A leaf, taken with
 *    BH off, also inside umx_addr.lock.
 * 6. umx_reserve.lock protects the queues of addresses that are nobody's yet
 *    (reserved.c), umx_onlink.lock what an on-link pool may send,
 *    umx_attach.lock whether the work of a pool that goes by a device may run.
 *    All are leaves, taken with BH off. The work itself takes no lock of the
 *    configuration: it is waited for under it.
 * 7. Nothing is allocated with more than GFP_ATOMIC under a spinlock, and no
 *    lock of TCP is taken while one of our spinlocks is held.
 *
 * Order: umx_net.lock > RTNL; umx_net.lock > socket lock > umx_addr.lock > umx_listener.lock;
 * socket lock > umx_net.ports_lock, with nothing inside.
 *
 * References: an address is held by the table, by its pending timer and by its
 * session's track; a pool by the configuration and by each live address; a
 * listener by the configuration, each socket attached to it, each of its SSAs
 * until that is freed, and a takeover or refill that is queued. Objects are
 * freed after a grace period.
 *
 * Teardown of a namespace: hooks off (pre_exit), then each address with its
 * timer, then configuration, then queued work; sessions cannot exist any more,
 * because each of their sockets holds the namespace. rmmod is the same for
 * every namespace. What holds the module: sessions, attached listeners, and a
 * namespace that has pools and is not drained, for without the gate the whole
 * prefix would answer.
 */
#ifndef _UMX_NETNS_H
#define _UMX_NETNS_H

#include <linux/mutex.h>
#include <linux/netfilter.h>
#include <linux/rhashtable-types.h>
#include <net/net_namespace.h>
#include <net/netns/generic.h>
#include "mib.h"

#define UMX_PORT_BUCKETS	64	/* a power of two */

/**
 * struct umx_net - one network namespace
 * @net: the namespace
 * @lock: protects configuration; see the essay
 * @mib: counters
 * @pools: list of umx_pool; written under @lock, read under RCU
 * @rules: list of umx_rule in order; written under @lock, read under RCU
 * @ports: umx_listener by port; added to under @ports_lock, taken from under
 *	@lock, too, read under RCU
 * @listen_rules: list of umx_listen_rule in order; written under @lock and
 *	@ports_lock, read under RCU, too
 * @elders: ports these leave alone (elder.c); set once, under @lock
 * @ports_lock: protects @ports and @listen_rules; see the essay
 * @n_ruled: how many of @ports rules have made; under @ports_lock
 * @listen_rule_id: the last that was given to a rule; under @lock
 * @addrs: live addresses (address.c)
 * @spent: explicitly given addresses, for ever (spent.c)
 * @limits: of live addresses (limit.c); set once, under @lock, read under RCU
 * @sysctl: net.umx (sysctl.c); constant
 * @reduced_port: sysctl: source port of EA sessions, 0: TCP chooses
 * @port_ignore: sysctl: enum umx_port_ignore
 * @genid: changes with the configuration, so that a dump that raced knows;
 *	under @lock
 * @ready: @addrs and @spent are initialised; set once, under @lock
 * @has_rules: a rule is about TCP: connect() is worth a look
 * @has_udp_rules: one of them is about UDP
 * @has_listeners: @ports or @listen_rules is not empty: listen() is worth a
 *	look, and what leaves from a port
 * @pools_on: packets to pool addresses come to us (hook.c); under @lock
 * @onlink_on: packets to on-link pool addresses do; under @lock
 * @out_on: what leaves from pool addresses and das ports is guarded; under
 *	@lock
 * @port4_on: das ports are guarded over IPv4; under @lock
 * @null_input: what the namespace's null entry did before @pools_on
 * @local: the route of ::1 (hook.c); RCU
 * @tcp_on: umx_tcp_enable() was called; under @lock
 * @udp_on: umx_udp_enable() was called; under @lock
 * @pinned: holds a reference on the module; under @lock
 * @metrics_off: tcp_no_metrics_save is ours; under @lock
 * @metrics_was: what it was before
 * @draining: no new EA or SSA
 * @gone: the namespace is going away
 */
struct umx_net {
	struct net *net;
	struct mutex lock;
	struct umx_mib_counters __percpu *mib;
	struct list_head pools;
	struct list_head rules;
	struct hlist_head ports[UMX_PORT_BUCKETS];
	struct list_head listen_rules;
	struct umx_elders __rcu *elders;
	spinlock_t ports_lock;
	u32 n_ruled;
	u32 listen_rule_id;
	struct rhashtable addrs;
	struct rhashtable spent;
	int (*null_input)(struct sk_buff *skb);
	struct umx_local __rcu *local;
	struct umx_limits __rcu *limits;
	struct umx_sysctl *sysctl;
	unsigned int reduced_port;
	u8 port_ignore;
	u32 genid;
	bool ready;
	bool has_rules;
	bool has_udp_rules;
	bool has_listeners;
	bool pools_on;
	bool onlink_on;
	bool out_on;
	bool port4_on;
	bool tcp_on;
	bool udp_on;
	bool pinned;
	bool metrics_off;
	u8 metrics_was;
	bool draining;
	bool gone;
};

extern unsigned int umx_net_id;

static inline struct umx_net *umx_net(const struct net *net)
{
	return net_generic(net, umx_net_id);
}

int umx_net_make_ready(struct umx_net *un);
int umx_net_switch(struct umx_net *un);

/* Work that takes umx_net.lock; flushed before a namespace is freed. */
extern struct workqueue_struct *umx_wq;

int umx_netns_setup(void);
void umx_netns_teardown(void);

#endif /* _UMX_NETNS_H */
