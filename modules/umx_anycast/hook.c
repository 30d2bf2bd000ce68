// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the entry points: packets that are delivered here, and
 * devices that go.
 *
 * LOCAL_IN, because the route is known by then and tells an anycast address
 * from any other in one test, and because forwarded packets never come. After
 * every firewall rule, so that what the administrator drops or rejects is not
 * answered a second time; before conntrack confirms, so that a SYN that is
 * answered leaves no entry behind.
 */
#include <linux/ipv6_route.h>
#include <linux/netdevice.h>
#include <linux/netfilter.h>
#include <linux/netfilter_ipv6.h>
#include <net/ip6_fib.h>
#include "answer.h"
#include "hook.h"
#include "netns.h"
#include "rule.h"

static unsigned int umx_anycast_in(void *priv, struct sk_buff *skb,
				   const struct nf_hook_state *state)
{
	const struct rt6_info *rt;

	rt = container_of(skb_dst(skb), struct rt6_info, dst);
	if (likely(!(rt->rt6i_flags & RTF_ANYCAST)))
		return NF_ACCEPT;
	return umx_anycast_answer(umx_anycast_net(state->net), skb);
}

static const struct nf_hook_ops umx_anycast_hooks[] = {
	{
		.hook = umx_anycast_in,
		.pf = NFPROTO_IPV6,
		.hooknum = NF_INET_LOCAL_IN,
		.priority = NF_IP6_PRI_LAST - 2,	/* confirm: - 1 */
	},
};

int umx_anycast_hook_add(struct net *net)
{
	return nf_register_net_hooks(net, umx_anycast_hooks,
				     ARRAY_SIZE(umx_anycast_hooks));
}

void umx_anycast_hook_del(struct net *net)
{
	nf_unregister_net_hooks(net, umx_anycast_hooks,
				ARRAY_SIZE(umx_anycast_hooks));
}

/*
 * A namespace that could not be made, or is past its exit, has devices too:
 * the first has no state (NULL), the second only the mutex and "gone".
 */
static int umx_anycast_netdev_event(struct notifier_block *nb,
				    unsigned long event, void *ptr)
{
	struct net_device *dev = netdev_notifier_info_to_dev(ptr);
	struct umx_anycast_net *an;

	if (event != NETDEV_UNREGISTER)
		return NOTIFY_DONE;
	an = umx_anycast_net(dev_net(dev));
	if (!an)
		return NOTIFY_DONE;
	mutex_lock(&an->lock);
	if (!an->gone)
		umx_anycast_rule_flush_device(an, dev->ifindex);
	mutex_unlock(&an->lock);
	return NOTIFY_DONE;
}

static struct notifier_block umx_anycast_netdev_notifier = {
	.notifier_call = umx_anycast_netdev_event,
};

int umx_anycast_hook_setup(void)
{
	return register_netdevice_notifier(&umx_anycast_netdev_notifier);
}

void umx_anycast_hook_teardown(void)
{
	unregister_netdevice_notifier(&umx_anycast_netdev_notifier);
}
