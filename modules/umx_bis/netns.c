// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the life of per-namespace state; the hooks are registered only
 * while there is a spool.
 */
#include <net/netns/generic.h>
#include "eam.h"
#include "flow.h"
#include "hook.h"
#include "map.h"
#include "netns.h"
#include "spool.h"
#include "sweep.h"

static unsigned int umx_bis_net_id __read_mostly;

struct umx_bis_net *umx_bis_net(const struct net *net)
{
	return net_generic(net, umx_bis_net_id);
}

/**
 * umx_bis_net_switch() - turn the hooks on or off
 * @bn: the namespace; its lock is held
 * @on: there is, or is about to be, a spool
 *
 * Return: 0, or the error of one that could not be registered.
 */
int umx_bis_net_switch(struct umx_bis_net *bn, bool on)
{
	int err;

	lockdep_assert_held(&bn->lock);
	if (bn->gone)
		on = false;
	if (on == bn->hook_on)
		return 0;
	if (on) {
		err = umx_bis_hook_add(bn->net);
		if (err)
			return err;
	} else {
		umx_bis_hook_del(bn->net);
	}
	bn->hook_on = on;
	return 0;
}

static int __net_init umx_bis_net_init(struct net *net)
{
	struct umx_bis_net *bn = umx_bis_net(net);
	int err;

	bn->net = net;
	bn->genid = 1;
	mutex_init(&bn->lock);
	umx_bis_sweep_init(bn);
	umx_bis_port_init(bn);
	err = umx_bis_map_init(bn);
	if (err)
		return err;
	err = umx_bis_eam_init(bn);
	if (err)
		goto err_map;
	err = umx_bis_flow_init(bn);
	if (err)
		goto err_eam;
	bn->mib = alloc_percpu(struct umx_bis_mib_counters);
	if (bn->mib)
		return 0;
	err = -ENOMEM;
	umx_bis_flow_exit(bn);
err_eam:
	umx_bis_eam_exit(bn);
err_map:
	umx_bis_map_exit(bn);
	return err;
}

/* Stop: the hooks let nothing in once a grace period is over. */
static void __net_exit umx_bis_net_pre_exit(struct net *net)
{
	struct umx_bis_net *bn = umx_bis_net(net);

	mutex_lock(&bn->lock);
	bn->gone = true;
	umx_bis_net_switch(bn, false);
	umx_bis_shortcut_switch(bn, false);
	mutex_unlock(&bn->lock);
	umx_bis_flow_close(bn);
}

/*
 * Pairs give back their routes in RCU callbacks, and IPv6 counts its routes
 * in the namespace: all must be back before it exits, which is after us.
 */
static void __net_exit umx_bis_net_exit_batch(struct list_head *nets)
{
	struct umx_bis_net *bn;
	struct net *net;

	list_for_each_entry(net, nets, exit_list) {
		bn = umx_bis_net(net);
		mutex_lock(&bn->lock);
		umx_bis_spool_flush(bn);
		umx_bis_eam_flush(bn);
		mutex_unlock(&bn->lock);
		/* Nobody wants one any more. */
		umx_bis_sweep_exit(bn);
	}
	rcu_barrier();
	list_for_each_entry(net, nets, exit_list) {
		bn = umx_bis_net(net);
		umx_bis_flow_exit(bn);
		umx_bis_eam_exit(bn);
		umx_bis_map_exit(bn);
		umx_bis_port_exit(bn);
		free_percpu(bn->mib);
	}
}

static struct pernet_operations umx_bis_net_ops = {
	.init = umx_bis_net_init,
	.pre_exit = umx_bis_net_pre_exit,
	.exit_batch = umx_bis_net_exit_batch,
	.id = &umx_bis_net_id,
	.size = sizeof(struct umx_bis_net),
};

int umx_bis_netns_setup(void)
{
	return register_pernet_subsys(&umx_bis_net_ops);
}

/* The last RCU callback of ours has run when the last namespace has exited. */
void umx_bis_netns_teardown(void)
{
	unregister_pernet_subsys(&umx_bis_net_ops);
}
