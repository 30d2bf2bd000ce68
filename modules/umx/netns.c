// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the life of per-namespace state: made at once, filled on
 * first use, hooks switched on only while there is something to guard.
 */
#include <umx/tcp.h>
#include <umx/udp.h>
#include "address.h"
#include "elder.h"
#include "hook.h"
#include "limit.h"
#include "listen_rule.h"
#include "listener.h"
#include "netns.h"
#include "pool.h"
#include "rule.h"
#include "spent.h"
#include "sysctl.h"

unsigned int umx_net_id __read_mostly;

struct workqueue_struct *umx_wq;

/**
 * umx_net_make_ready() - allocate what an unused namespace does without
 * @un: the namespace; its lock is held
 *
 * Return: 0 or -ENOMEM.
 */
int umx_net_make_ready(struct umx_net *un)
{
	int err;

	lockdep_assert_held(&un->lock);
	if (un->ready)
		return 0;
	err = umx_addr_table_init(un);
	if (err)
		return err;
	err = umx_spent_init(un);
	if (err) {
		umx_addr_table_exit(un);
		return err;
	}
	un->ready = true;
	return 0;
}

/*
 * TCP remembers round-trip times by (source, destination) in a cache anybody
 * may read. For an address used once there is nothing to remember, and much to
 * give away: while there are pools, the namespace keeps no such cache.
 */
static void umx_net_metrics(struct umx_net *un, bool off)
{
	u8 *no_save = &un->net->ipv4.sysctl_tcp_nometrics_save;

	if (off == un->metrics_off)
		return;
	if (off)
		un->metrics_was = READ_ONCE(*no_save);
	if (off)
		WRITE_ONCE(*no_save, 1);
	else if (READ_ONCE(*no_save) == 1)	/* nobody has changed it since */
		WRITE_ONCE(*no_save, un->metrics_was);
	un->metrics_off = off;
}

static void umx_net_pin(struct umx_net *un, bool pin)
{
	if (pin == un->pinned)
		return;
	if (pin)
		__module_get(THIS_MODULE);
	else
		module_put(THIS_MODULE);
	un->pinned = pin;
}

/**
 * umx_net_switch() - turn hooks on or off as the configuration now needs
 * @un: the namespace; its lock is held
 *
 * Return: 0, or the error of a hook that could not be registered.
 */
int umx_net_switch(struct umx_net *un)
{
	bool pools, onlink, ports, out, tcp, udp;
	int err;

	lockdep_assert_held(&un->lock);

	WRITE_ONCE(un->has_rules, umx_rule_any(un, UMX_PROTO_TCP));
	WRITE_ONCE(un->has_udp_rules, umx_rule_any(un, UMX_PROTO_UDP));
	WRITE_ONCE(un->has_listeners, !list_empty(&un->listen_rules) ||
				      umx_listener_any(un));
	pools = !list_empty(&un->pools) && !un->gone;
	onlink = umx_pool_any_onlink(un) && !un->gone;
	ports = un->has_listeners && !un->gone;
	out = pools || ports;
	tcp = (un->has_rules || un->has_listeners) && !un->gone;
	udp = un->has_udp_rules && !un->gone;

	umx_net_metrics(un, pools);
	umx_net_pin(un, pools && !un->draining);
	if (out && !un->out_on) {
		err = umx_hook_out_add(un);
		if (err)
			return err;
		un->out_on = true;
	}
	if (ports && !un->port4_on) {
		err = umx_hook_port4_add(un);
		if (err)
			return err;
		un->port4_on = true;
	}
	if (pools && !un->pools_on) {
		umx_hook_pools_add(un);
		un->pools_on = true;
	}
	if (onlink && !un->onlink_on) {
		err = umx_hook_onlink_add(un);
		if (err)
			return err;
		un->onlink_on = true;
	}
	if (tcp && !un->tcp_on) {
		umx_tcp_enable(un->net);
		un->tcp_on = true;
	}
	if (udp && !un->udp_on) {
		umx_udp_enable(un->net);
		un->udp_on = true;
	}

	if (!udp && un->udp_on) {
		umx_udp_disable(un->net);
		un->udp_on = false;
	}
	if (!tcp && un->tcp_on) {
		umx_tcp_disable(un->net);
		un->tcp_on = false;
	}
	if (!onlink && un->onlink_on) {
		umx_hook_onlink_del(un);
		un->onlink_on = false;
	}
	if (!pools && un->pools_on) {
		umx_hook_pools_del(un);
		un->pools_on = false;
	}
	if (!ports && un->port4_on) {
		umx_hook_port4_del(un);
		un->port4_on = false;
	}
	if (!out && un->out_on) {
		umx_hook_out_del(un);
		un->out_on = false;
	}
	return 0;
}

static int __net_init umx_net_init(struct net *net)
{
	struct umx_net *un = umx_net(net);
	unsigned int i;
	int err;

	un->net = net;
	un->genid = 1;
	mutex_init(&un->lock);
	INIT_LIST_HEAD(&un->pools);
	INIT_LIST_HEAD(&un->rules);
	INIT_LIST_HEAD(&un->listen_rules);
	spin_lock_init(&un->ports_lock);
	for (i = 0; i < UMX_PORT_BUCKETS; i++)
		INIT_HLIST_HEAD(&un->ports[i]);
	un->mib = alloc_percpu(struct umx_mib_counters);
	if (!un->mib)
		return -ENOMEM;
	err = umx_sysctl_init(un);
	if (err)
		free_percpu(un->mib);
	return err;
}

/* Stop: no packet and no connect() of this namespace meets us after this. */
static void __net_exit umx_net_pre_exit(struct net *net)
{
	struct umx_net *un = umx_net(net);

	mutex_lock(&un->lock);
	un->gone = true;
	umx_net_switch(un);
	mutex_unlock(&un->lock);
}

static void __net_exit umx_net_exit(struct net *net)
{
	struct umx_net *un = umx_net(net);

	umx_sysctl_exit(un);
	mutex_lock(&un->lock);
	if (un->ready)
		umx_addr_table_exit(un);
	umx_rule_flush(un);
	umx_listen_rule_flush(un);
	umx_listener_flush(un);
	mutex_unlock(&un->lock);

	flush_workqueue(umx_wq);	/* takeovers, pools whose last address left */
	umx_elder_exit(un);
	umx_pool_exit(un);
	if (un->ready)
		umx_spent_exit(un);	/* lists look at it as long as they are */
	umx_limit_exit(un);
	free_percpu(un->mib);
}

static struct pernet_operations umx_net_ops = {
	.init = umx_net_init,
	.pre_exit = umx_net_pre_exit,
	.exit = umx_net_exit,
	.id = &umx_net_id,
	.size = sizeof(struct umx_net),
};

int umx_netns_setup(void)
{
	int err;

	umx_wq = alloc_workqueue("umx", WQ_UNBOUND, 0);
	if (!umx_wq)
		return -ENOMEM;
	err = register_pernet_device(&umx_net_ops);
	if (err)
		destroy_workqueue(umx_wq);
	return err;
}

void umx_netns_teardown(void)
{
	unregister_pernet_device(&umx_net_ops);
	destroy_workqueue(umx_wq);
}
