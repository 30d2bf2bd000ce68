// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the entry points: IPv6 packets that are delivered here, packets
 * that may pass the device, and devices that come and go.
 *
 * LOCAL_IN and last: the address is the host's own there, neighbour discovery
 * and routing need nothing special for it, every rule of the administrator
 * has had its say, and conntrack has confirmed its entry. The other hooks are
 * ways past the device (direct.c).
 */
#include <linux/netdevice.h>
#include <linux/netfilter.h>
#include <linux/netfilter_ipv4.h>
#include <linux/netfilter_ipv6.h>
#include <net/ipv6.h>
#include <umx/hint.h>
#include "device.h"
#include "direct.h"
#include "flow.h"
#include "hook.h"
#include "in.h"
#include "netns.h"
#include "spool.h"

/*
 * The source, or the own address of a session: what has a socket of IPv6 has
 * none of those.
 */
static bool umx_bis_is_ours(struct umx_bis_net *bn,
			    const struct umx_bis_spool *spool,
			    const struct sk_buff *skb)
{
	const struct in6_addr *daddr = &ipv6_hdr(skb)->daddr;

	return ipv6_addr_equal(daddr, &spool->source) ||
	       (!skb->sk && umx_bis_flow_has(bn, daddr));
}

unsigned int umx_bis_local_in(void *priv, struct sk_buff *skb,
			      const struct nf_hook_state *state)
{
	struct umx_bis_net *bn = umx_bis_net(state->net);
	const struct umx_bis_spool *spool = rcu_dereference(bn->spool);
	unsigned int verdict;

	if (!spool || !umx_bis_is_ours(bn, spool, skb))
		return NF_ACCEPT;
	/* Behind NFQUEUE we are called by a task. */
	local_bh_disable();
	verdict = umx_bis_in(bn, spool, skb);
	local_bh_enable();
	return verdict;
}

static const struct nf_hook_ops umx_bis_hooks[] = {
	{
		.hook = umx_bis_local_in,
		.pf = NFPROTO_IPV6,
		.hooknum = NF_INET_LOCAL_IN,
		.priority = NF_IP6_PRI_LAST,	/* conntrack confirms: - 1 */
	},
	{
		.hook = umx_bis_direct_in,
		.pf = NFPROTO_IPV6,
		.hooknum = NF_INET_PRE_ROUTING,
		.priority = NF_IP6_PRI_LAST,
	},
	{
		.hook = umx_bis_direct_out,
		.pf = NFPROTO_IPV4,
		.hooknum = NF_INET_LOCAL_OUT,
		.priority = NF_IP_PRI_LAST,
	},
};

int umx_bis_hook_add(struct net *net)
{
	int err = nf_register_net_hooks(net, umx_bis_hooks,
					ARRAY_SIZE(umx_bis_hooks));

	if (!err)
		umx_hints_off(net);	/* what has a socket of IPv6 has skb->sk */
	return err;
}

void umx_bis_hook_del(struct net *net)
{
	umx_hints_on(net);
	nf_unregister_net_hooks(net, umx_bis_hooks, ARRAY_SIZE(umx_bis_hooks));
}

/* A namespace has one device. */
static int umx_bis_device_come(struct umx_bis_net *bn, struct net_device *dev)
{
	if (bn->gone || rcu_access_pointer(bn->dev))
		return -EEXIST;
	rcu_assign_pointer(bn->dev, dev);
	return 0;
}

/* The core waits for packets before it frees the device. */
static void umx_bis_device_go(struct umx_bis_net *bn, struct net_device *dev)
{
	if (rcu_access_pointer(bn->dev) == dev)
		RCU_INIT_POINTER(bn->dev, NULL);
}

/*
 * A device that is moved goes in one namespace and comes in another; there,
 * should it be one too many, it stays without use.
 */
static int umx_bis_netdev_event(struct notifier_block *nb,
				unsigned long event, void *ptr)
{
	struct net_device *dev = netdev_notifier_info_to_dev(ptr);
	struct umx_bis_net *bn;
	int err = 0;

	if (!umx_bis_device_is(dev))
		return NOTIFY_DONE;
	bn = umx_bis_net(dev_net(dev));
	if (!bn)
		return NOTIFY_DONE;
	mutex_lock(&bn->lock);
	if (event == NETDEV_REGISTER)
		err = umx_bis_device_come(bn, dev);
	else if (event == NETDEV_UNREGISTER)
		umx_bis_device_go(bn, dev);
	mutex_unlock(&bn->lock);
	return notifier_from_errno(err);
}

static struct notifier_block umx_bis_netdev_notifier = {
	.notifier_call = umx_bis_netdev_event,
};

int umx_bis_hook_setup(void)
{
	return register_netdevice_notifier(&umx_bis_netdev_notifier);
}

void umx_bis_hook_teardown(void)
{
	unregister_netdevice_notifier(&umx_bis_netdev_notifier);
}
