// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the per-namespace switch: in which network namespaces new
 * sockets are adopted. While there is none, no socket() meets us at all.
 */
#include <linux/mutex.h>
#include <net/net_namespace.h>
#include <net/netns/generic.h>
#include "umx_udp.h"

/**
 * struct umx_udp_net - a namespace
 * @users: how often it was enabled; new sockets are adopted while > 0. Written
 *	under umx_udp_used_lock
 */
struct umx_udp_net {
	int users;
};

static unsigned int umx_udp_net_id __read_mostly;
static DEFINE_MUTEX(umx_udp_used_lock);
static unsigned int umx_udp_used;	/* under umx_udp_used_lock */

bool umx_udp_enabled(const struct net *net)
{
	const struct umx_udp_net *un = net_generic(net, umx_udp_net_id);

	return READ_ONCE(un->users) > 0;
}

static void umx_udp_use(struct net *net, int by)
{
	struct umx_udp_net *un = net_generic(net, umx_udp_net_id);

	mutex_lock(&umx_udp_used_lock);
	WRITE_ONCE(un->users, un->users + by);
	WARN_ON_ONCE(un->users < 0);
	umx_udp_used += by;
	umx_udp_proto_hook(umx_udp_used);
	mutex_unlock(&umx_udp_used_lock);
}

/**
 * umx_udp_enable() - adopt the UDP/IPv6 sockets made in @net from now on
 * @net: the namespace
 *
 * Calls nest; each is undone by one umx_udp_disable().
 * Context: process, may sleep.
 */
void umx_udp_enable(struct net *net)
{
	umx_udp_use(net, 1);
}
EXPORT_SYMBOL_GPL(umx_udp_enable);

/**
 * umx_udp_disable() - undo one umx_udp_enable()
 * @net: the namespace
 *
 * Sockets adopted before stay adopted until they close.
 * Context: process, may sleep.
 */
void umx_udp_disable(struct net *net)
{
	umx_udp_use(net, -1);
}
EXPORT_SYMBOL_GPL(umx_udp_disable);

static struct pernet_operations umx_udp_net_ops = {
	.id = &umx_udp_net_id,
	.size = sizeof(struct umx_udp_net),
};

int umx_udp_netns_setup(void)
{
	return register_pernet_subsys(&umx_udp_net_ops);
}

void umx_udp_netns_teardown(void)
{
	unregister_pernet_subsys(&umx_udp_net_ops);
}
