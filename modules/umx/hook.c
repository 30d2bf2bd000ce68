// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the netfilter hooks: which packets are looked at, and where.
 *
 * LOCAL_IN, because early demux has run by then: a segment of a session comes
 * with its socket and passes on one compare; forwarded packets never come.
 * LOCAL_OUT for what leaves from a pool address. First of all hooks in both:
 * what is dropped here costs nobody else anything and leaves no trace.
 *
 * What the packets are is judged in gate_in.c and gate_out.c.
 */
#include <linux/netfilter.h>
#include <linux/netfilter_ipv4.h>
#include <linux/netfilter_ipv6.h>
#include <net/net_namespace.h>
#include "gate.h"
#include "hook.h"

static const struct nf_hook_ops umx_hooks[] = {
	{
		.hook = umx_gate_in,
		.pf = NFPROTO_IPV6,
		.hooknum = NF_INET_LOCAL_IN,
		.priority = NF_IP6_PRI_FIRST,
	},
	{
		.hook = umx_gate_out,
		.pf = NFPROTO_IPV6,
		.hooknum = NF_INET_LOCAL_OUT,
		.priority = NF_IP6_PRI_FIRST,
	},
};

static const struct nf_hook_ops umx_hooks4[] = {
	{
		.hook = umx_gate_in4,
		.pf = NFPROTO_IPV4,
		.hooknum = NF_INET_LOCAL_IN,
		.priority = NF_IP_PRI_FIRST,
	},
};

int umx_hook_add(struct net *net)
{
	return nf_register_net_hooks(net, umx_hooks, ARRAY_SIZE(umx_hooks));
}

void umx_hook_del(struct net *net)
{
	nf_unregister_net_hooks(net, umx_hooks, ARRAY_SIZE(umx_hooks));
}

int umx_hook4_add(struct net *net)
{
	return nf_register_net_hooks(net, umx_hooks4, ARRAY_SIZE(umx_hooks4));
}

void umx_hook4_del(struct net *net)
{
	nf_unregister_net_hooks(net, umx_hooks4, ARRAY_SIZE(umx_hooks4));
}
