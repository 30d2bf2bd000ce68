// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the life of per-namespace state; the hook is registered only
 * while there is a rule.
 */
#include <net/netns/generic.h>
#include "hook.h"
#include "netns.h"
#include "reply.h"
#include "rule.h"

static unsigned int umx_anycast_net_id __read_mostly;

struct umx_anycast_net *umx_anycast_net(const struct net *net)
{
	return net_generic(net, umx_anycast_net_id);
}

/**
 * umx_anycast_net_switch() - turn the hook on or off as the rules now need
 * @an: the namespace; its lock is held
 *
 * Return: 0, or the error of a hook that could not be registered.
 */
int umx_anycast_net_switch(struct umx_anycast_net *an)
{
	bool on = an->n_rules && !an->gone;
	int err;

	lockdep_assert_held(&an->lock);
	if (on == an->hook_on)
		return 0;
	if (on) {
		err = umx_anycast_hook_add(an->net);
		if (err)
			return err;
	} else {
		umx_anycast_hook_del(an->net);
	}
	an->hook_on = on;
	return 0;
}

static int __net_init umx_anycast_net_init(struct net *net)
{
	struct umx_anycast_net *an = umx_anycast_net(net);

	an->net = net;
	an->genid = 1;
	mutex_init(&an->lock);
	INIT_LIST_HEAD(&an->rules);
	umx_anycast_reply_init(an);
	an->mib = alloc_percpu(struct umx_anycast_mib_counters);
	return an->mib ? 0 : -ENOMEM;
}

/* Stop: no packet of this namespace meets us once a grace period is over. */
static void __net_exit umx_anycast_net_pre_exit(struct net *net)
{
	struct umx_anycast_net *an = umx_anycast_net(net);

	mutex_lock(&an->lock);
	an->gone = true;
	umx_anycast_net_switch(an);
	mutex_unlock(&an->lock);
}

static void __net_exit umx_anycast_net_exit(struct net *net)
{
	struct umx_anycast_net *an = umx_anycast_net(net);

	mutex_lock(&an->lock);
	umx_anycast_rule_flush(an);
	mutex_unlock(&an->lock);
	umx_anycast_reply_exit(an);
	free_percpu(an->mib);
}

static struct pernet_operations umx_anycast_net_ops = {
	.init = umx_anycast_net_init,
	.pre_exit = umx_anycast_net_pre_exit,
	.exit = umx_anycast_net_exit,
	.id = &umx_anycast_net_id,
	.size = sizeof(struct umx_anycast_net),
};

int umx_anycast_netns_setup(void)
{
	return register_pernet_device(&umx_anycast_net_ops);
}

void umx_anycast_netns_teardown(void)
{
	unregister_pernet_device(&umx_anycast_net_ops);
}
