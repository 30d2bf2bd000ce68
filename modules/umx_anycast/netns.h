/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns the state umx_anycast.ko keeps per network namespace, and
 * the module's locking essay.
 *
 * Locking
 * -------
 * 1. Rules, and whether the hook is registered, change under
 *    umx_anycast_net.lock, a mutex. The packet path reads rules under RCU and
 *    takes no lock of ours.
 * 2. The mutex is taken with RTNL held (a device goes) and without; nobody
 *    takes RTNL while holding it. A device is looked up and its rule added
 *    under one hold of the mutex: the notifier that removes the rules of a
 *    device runs after the device can be found no more, and waits for us.
 *
 * 3. A SYN that waits for its answer belongs to umx_anycast_net.queue, which
 *    is bounded, and holds its device. The work that empties the queue takes
 *    neither the mutex nor RTNL, so that a device that goes waits for it
 *    briefly, and whoever removes a rule not at all.
 *
 * Order: RTNL > umx_anycast_net.lock.
 *
 * Teardown of a namespace: the hook goes in pre_exit, which a grace period
 * follows; then nothing enters the queue, and exit stops the work, empties
 * the queue and frees rules and counters. rmmod is the same for every
 * namespace.
 */
#ifndef _UMX_ANYCAST_NETNS_H
#define _UMX_ANYCAST_NETNS_H

#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/skbuff.h>
#include <linux/workqueue.h>
#include <net/net_namespace.h>
#include "mib.h"

/**
 * struct umx_anycast_net - one network namespace
 * @net: the namespace
 * @lock: protects rules and the hook; see the essay
 * @mib: counters
 * @rules: list of umx_anycast_rule; written under @lock, read under RCU
 * @n_rules: how many; under @lock
 * @queue: SYNs that wait for @work; has a lock of its own
 * @work: answers them (reply.c)
 * @genid: changes with the rules, so that a dump that raced knows; under @lock
 * @hook_on: the netfilter hook is registered; under @lock
 * @gone: the namespace is going away; under @lock
 */
struct umx_anycast_net {
	struct net *net;
	struct mutex lock;
	struct umx_anycast_mib_counters __percpu *mib;
	struct list_head rules;
	unsigned int n_rules;
	struct sk_buff_head queue;
	struct work_struct work;
	u32 genid;
	bool hook_on;
	bool gone;
};

struct umx_anycast_net *umx_anycast_net(const struct net *net);
int umx_anycast_net_switch(struct umx_anycast_net *an);

int umx_anycast_netns_setup(void);
void umx_anycast_netns_teardown(void);

#endif /* _UMX_ANYCAST_NETNS_H */
