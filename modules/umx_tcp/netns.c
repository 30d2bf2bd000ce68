// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the per-namespace switch: in which network namespaces new
 * sockets are adopted.
 */
#include <net/net_namespace.h>
#include <net/netns/generic.h>
#include "umx_tcp.h"

/**
 * struct umx_tcp_net - a namespace
 * @users: capabilities that asked for it; new sockets are adopted while > 0.
 */
struct umx_tcp_net {
	atomic_t users;
};

static unsigned int umx_tcp_net_id __read_mostly;

/* One branch for every socket() of every namespace while nobody uses us. */
DEFINE_STATIC_KEY_FALSE(umx_tcp_used);

bool umx_tcp_enabled(const struct net *net)
{
	const struct umx_tcp_net *un = net_generic(net, umx_tcp_net_id);

	return atomic_read(&un->users) > 0;
}

/**
 * umx_tcp_enable() - adopt the TCP/IPv6 sockets made in @net from now on
 * @net: the namespace
 *
 * Calls nest; each is undone by one umx_tcp_disable().
 * Context: process, may sleep.
 */
void umx_tcp_enable(struct net *net)
{
	struct umx_tcp_net *un = net_generic(net, umx_tcp_net_id);

	atomic_inc(&un->users);
	static_branch_inc(&umx_tcp_used);
}
EXPORT_SYMBOL_GPL(umx_tcp_enable);

/**
 * umx_tcp_disable() - undo one umx_tcp_enable()
 * @net: the namespace
 *
 * Sockets adopted before stay adopted until they connect, listen or close.
 * Context: process, may sleep.
 */
void umx_tcp_disable(struct net *net)
{
	struct umx_tcp_net *un = net_generic(net, umx_tcp_net_id);

	static_branch_dec(&umx_tcp_used);
	WARN_ON_ONCE(atomic_dec_return(&un->users) < 0);
}
EXPORT_SYMBOL_GPL(umx_tcp_disable);

static struct pernet_operations umx_tcp_net_ops = {
	.id = &umx_tcp_net_id,
	.size = sizeof(struct umx_tcp_net),
};

int umx_tcp_netns_setup(void)
{
	return register_pernet_subsys(&umx_tcp_net_ops);
}

void umx_tcp_netns_teardown(void)
{
	unregister_pernet_subsys(&umx_tcp_net_ops);
}
