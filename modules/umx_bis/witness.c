// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the question who sees a packet between its two versions, and
 * would miss it if it took a shortcut (shortcut.c: packets of others; direct.c:
 * the host's own): hooks of netfilter, taps, filters and queues at the device,
 * IPsec.
 */
#include <linux/netdevice.h>
#include <linux/netfilter.h>
#include <linux/netfilter_ipv4.h>
#include <net/ipv6.h>
#include <net/sch_generic.h>
#include <net/xfrm.h>
#include <umx/compat.h>
#include "direct.h"
#include "hook.h"
#include "shortcut.h"
#include "witness.h"

/*
 * Ours: what goes directly does so instead of them. And AppArmor's, which looks
 * at packets with a security mark alone.
 */
static bool umx_bis_witness_is_deaf(const struct nf_hook_ops *ops)
{
	return ops->hook == umx_bis_local_in ||
	       ops->hook == umx_bis_direct_in ||
	       ops->hook == umx_bis_shortcut_hook ||
	       (ops->hooknum == NF_INET_POST_ROUTING &&
		ops->priority == NF_IP_PRI_SELINUX_FIRST &&
		ops->hook_ops_type == NF_HOOK_OP_UNDEFINED);
}

static bool umx_bis_witness_no_hook(struct nf_hook_entries __rcu *const *hooks,
				    unsigned int hook)
{
	const struct nf_hook_entries *entries = rcu_dereference(hooks[hook]);
	struct nf_hook_ops *const *ops;
	unsigned int i;

	if (!entries)
		return true;
	ops = nf_hook_entries_get_hook_ops(entries);
	for (i = 0; i < entries->num_hook_entries; i++)
		if (!umx_bis_witness_is_deaf(READ_ONCE(ops[i])))
			return false;
	return true;
}

/* The hooks between. */
static bool umx_bis_witness_no_hooks(const struct net *net, u8 version)
{
	struct nf_hook_entries __rcu *const *in = net->nf.hooks_ipv6;
	struct nf_hook_entries __rcu *const *out = net->nf.hooks_ipv4;

	if (version == 4)
		swap(in, out);
	return umx_bis_witness_no_hook(in, NF_INET_FORWARD) &&
	       umx_bis_witness_no_hook(in, NF_INET_POST_ROUTING) &&
	       umx_bis_witness_no_hook(out, NF_INET_PRE_ROUTING) &&
	       umx_bis_witness_no_hook(out, NF_INET_FORWARD);
}

/* IPsec's word about packets in one direction (XFRM_POLICY_...). */
static bool umx_bis_witness_no_policy(const struct net *net, int dir)
{
#ifdef CONFIG_XFRM
	return !net->xfrm.policy_count[dir] &&
	       net->xfrm.policy_default[dir] != XFRM_USERPOLICY_BLOCK;
#else
	return true;
#endif
}

/* Netfilter's hooks at the device itself. */
static bool umx_bis_witness_no_dev_hook(const struct net_device *dev)
{
#ifdef CONFIG_NETFILTER_INGRESS
	if (rcu_access_pointer(dev->nf_hooks_ingress))
		return false;
#endif
#ifdef CONFIG_NETFILTER_EGRESS
	if (rcu_access_pointer(dev->nf_hooks_egress))
		return false;
#endif
	return true;
}

/* Control groups that have a priority for what is sent by the device. */
static bool umx_bis_witness_no_priority(const struct net_device *dev)
{
#ifdef CONFIG_CGROUP_NET_PRIO
	return !rcu_access_pointer(dev->priomap);
#else
	return true;
#endif
}

/* Taps, filters and queues at the device, or a VRF that it is part of. */
static bool umx_bis_witness_no_tap(struct net_device *dev)
{
	const struct Qdisc *qdisc;

	qdisc = rcu_dereference_bh(netdev_get_tx_queue(dev, 0)->qdisc);
	return dev->flags & IFF_UP && !qdisc->enqueue &&
	       !dev_nit_active(dev) && !umx_netdev_has_ptype(dev) &&
	       !umx_netdev_has_tc(dev) &&
	       umx_bis_witness_no_dev_hook(dev) &&
	       umx_bis_witness_no_priority(dev) && !netif_is_l3_slave(dev) &&
	       !rcu_access_pointer(dev->rx_handler) &&
	       !rcu_access_pointer(dev->xdp_prog);
}

/**
 * umx_bis_witness_none() - would nobody miss a packet that takes a shortcut?
 * @net: the namespace
 * @dev: its device
 * @version: the one of IP it comes in by
 *
 * Nor is there anything between that IP would do with it but forward it.
 * Context: RCU, BH off.
 */
bool umx_bis_witness_none(const struct net *net, struct net_device *dev,
			  u8 version)
{
	return READ_ONCE(net->ipv6.devconf_all->forwarding) &&
	       !READ_ONCE(net->ipv6.devconf_all->proxy_ndp) &&
	       umx_bis_witness_no_hooks(net, version) &&
	       umx_bis_witness_no_policy(net, XFRM_POLICY_FWD) &&
	       umx_bis_witness_no_policy(net, XFRM_POLICY_OUT) &&
	       umx_bis_witness_no_tap(dev);
}

/**
 * umx_bis_witness_none_out() - the same of a packet of the host that goes out
 * @net: the namespace
 * @dev: its device
 *
 * It has passed IPv4's LOCAL_OUT, and will pass all of IPv6's. An IPsec policy
 * of IPv4 would be in its route.
 * Context: RCU, BH off.
 */
bool umx_bis_witness_none_out(const struct net *net, struct net_device *dev)
{
	return umx_bis_witness_no_hook(net->nf.hooks_ipv4,
				       NF_INET_POST_ROUTING) &&
	       umx_bis_witness_no_tap(dev);
}

/**
 * umx_bis_witness_none_in() - the same of a packet for the host that comes in
 * @net: the namespace
 * @dev: its device
 *
 * It has passed IPv6's PRE_ROUTING, and will pass IPv4's LOCAL_IN.
 * Context: RCU, BH off.
 */
bool umx_bis_witness_none_in(const struct net *net, struct net_device *dev)
{
	return umx_bis_witness_no_hook(net->nf.hooks_ipv6, NF_INET_LOCAL_IN) &&
	       umx_bis_witness_no_hook(net->nf.hooks_ipv4,
				       NF_INET_PRE_ROUTING) &&
	       umx_bis_witness_no_policy(net, XFRM_POLICY_IN) &&
	       umx_bis_witness_no_tap(dev);
}
