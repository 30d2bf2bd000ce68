// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the life of per-namespace state, and switching on and off.
 */
#include <linux/random.h>
#include <linux/umx_preserve.h>
#include <net/netns/generic.h>
#include <umx/tcp.h>
#include "blackhole.h"
#include "exclude.h"
#include "half.h"
#include "hook.h"
#include "ids.h"
#include "key.h"
#include "listener.h"
#include "netns.h"
#include "notify.h"
#include "place.h"
#include "session.h"
#include "set.h"
#include "timer.h"

static unsigned int umx_preserve_net_id __read_mostly;

struct umx_preserve_net *umx_preserve_net(const struct net *net)
{
	return net_generic(net, umx_preserve_net_id);
}

static int umx_preserve_net_on(struct umx_preserve_net *pn)
{
	int err;

	err = umx_preserve_set_alloc_tables(pn) ?:
	      umx_preserve_ids_alloc(pn) ?:
	      umx_preserve_place_alloc(pn) ?:
	      umx_preserve_half_alloc(pn) ?:
	      umx_preserve_blackhole_alloc(pn);
	if (err)
		return err;
	err = umx_tcp_receive_start();
	if (err)
		return err;
	umx_tcp_enable(pn->net);
	pn->on = true;
	/* pairs with umx_preserve_receives() */
	smp_store_release(&pn->receives, true);
	/* pairs with umx_preserve_enabled() */
	smp_store_release(&pn->set.enabled, true);
	umx_preserve_listener_attach_all(pn);
	return 0;
}

/*
 * What comes in is looked at while a session has moved: its segments need that.
 * The sweep ends it.
 */
static void umx_preserve_net_off(struct umx_preserve_net *pn)
{
	WRITE_ONCE(pn->set.enabled, false);
	umx_preserve_listener_detach_all(pn);
}

static void umx_preserve_net_quit(struct umx_preserve_net *pn)
{
	lockdep_assert_held(&pn->lock);
	if (!pn->on || pn->set.enabled)
		return;
	WRITE_ONCE(pn->receives, false);
	umx_preserve_hook_out_end(pn);
	umx_tcp_receive_stop();
	umx_tcp_disable(pn->net);
	pn->on = false;
}

/**
 * umx_preserve_net_switch() - switch on or off
 * @pn: the namespace; its lock is held
 * @on: which
 *
 * Context: process. Return: 0 or an error; off never fails.
 */
int umx_preserve_net_switch(struct umx_preserve_net *pn, bool on)
{
	lockdep_assert_held(&pn->lock);
	if (on == pn->set.enabled)
		return 0;
	if (!on) {
		umx_preserve_net_off(pn);
		return 0;
	}
	if (pn->gone)
		return -ENETDOWN;
	if (pn->on) {		/* some session has kept it on */
		WRITE_ONCE(pn->set.enabled, true);
		umx_preserve_listener_attach_all(pn);
		return 0;
	}
	return umx_preserve_net_on(pn);
}

/* Housekeeping, while there is anything to keep. */
static void umx_preserve_net_sweep(struct work_struct *work)
{
	struct umx_preserve_net *pn =
		container_of(work, struct umx_preserve_net, sweep.work);
	bool more = umx_preserve_set_sweep(pn);

	mutex_lock(&pn->lock);
	if (!pn->set.enabled && !READ_ONCE(pn->n_sessions))
		umx_preserve_net_quit(pn);
	mutex_unlock(&pn->lock);
	if (more)
		queue_delayed_work(system_unbound_wq, &pn->sweep, 5 * HZ);
}

static int __net_init umx_preserve_net_init(struct net *net)
{
	struct umx_preserve_net *pn = umx_preserve_net(net);

	pn->net = net;
	mutex_init(&pn->lock);
	mutex_init(&pn->out_lock);
	pn->set = (struct umx_preserve_settings) {
		.rto_threshold = 2,
		.option = UMX_PRESERVE_FORM_COMPACT,
		.max_prefixes = UMX_PRESERVE_PREFIXES_MAX,
		.header_max = 24,
		.blackhole_timeout = 3600,
	};
	get_random_bytes(&pn->key, sizeof(pn->key));
	spin_lock_init(&pn->sets_lock);
	spin_lock_init(&pn->ids_lock);
	umx_preserve_timer_net_init(pn);
	spin_lock_init(&pn->places_lock);
	spin_lock_init(&pn->listeners_lock);
	INIT_LIST_HEAD(&pn->listeners);
	INIT_LIST_HEAD(&pn->excludes.list);
	INIT_LIST_HEAD(&pn->keys.list);
	INIT_WORK(&pn->scan, umx_preserve_notify_scan);
	INIT_DELAYED_WORK(&pn->sweep, umx_preserve_net_sweep);
	pn->mib = alloc_percpu(struct umx_preserve_mib_counters);
	return pn->mib ? 0 : -ENOMEM;
}

/* Stop: no packet of this namespace meets us once a grace period is over. */
static void __net_exit umx_preserve_net_pre_exit(struct net *net)
{
	struct umx_preserve_net *pn = umx_preserve_net(net);

	mutex_lock(&pn->lock);
	pn->gone = true;
	umx_preserve_net_switch(pn, false);
	umx_preserve_net_quit(pn);
	mutex_unlock(&pn->lock);
}

static void __net_exit umx_preserve_net_exit(struct net *net)
{
	struct umx_preserve_net *pn = umx_preserve_net(net);

	cancel_work_sync(&pn->scan);
	cancel_delayed_work_sync(&pn->sweep);
	umx_preserve_ids_free(pn);
	umx_preserve_place_free(pn);
	umx_preserve_set_exit(pn);
	mutex_lock(&pn->lock);
	umx_preserve_exclude_flush(pn);
	umx_preserve_key_flush(pn);
	mutex_unlock(&pn->lock);
	umx_preserve_half_free(pn);
	umx_preserve_blackhole_free(pn);
	free_percpu(pn->mib);
}

static struct pernet_operations umx_preserve_net_ops = {
	.init = umx_preserve_net_init,
	.pre_exit = umx_preserve_net_pre_exit,
	.exit = umx_preserve_net_exit,
	.id = &umx_preserve_net_id,
	.size = sizeof(struct umx_preserve_net),
};

int umx_preserve_netns_setup(void)
{
	return register_pernet_device(&umx_preserve_net_ops);
}

void umx_preserve_netns_teardown(void)
{
	unregister_pernet_device(&umx_preserve_net_ops);
}
