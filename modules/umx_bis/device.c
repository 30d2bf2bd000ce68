// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the device: ip link add bis0 type umx_bis. IPv4 packets that
 * are routed to it leave the host as IPv6; IPv6 packets to the spool's source
 * come in through it as IPv4. So tcpdump sees the IPv4 side here and the IPv6
 * side on the link, and routing and firewall see two devices. What a router is
 * to translate for others goes out of it in one version, and comes in by it in
 * the other.
 */
#include <linux/etherdevice.h>
#include <linux/if_arp.h>
#include <linux/module.h>
#include <linux/netdevice.h>
#include <linux/umx_bis.h>
#include <net/rtnetlink.h>
#include <umx/compat.h>
#include "device.h"
#include "netns.h"
#include "out.h"
#include "router.h"
#include "wire.h"

/* How much longer a packet gets. */
#define UMX_BIS_DEVICE_GROWTH	(UMX_BIS_HEAD6 + UMX_BIS_HEAD_FRAG - \
				 UMX_BIS_HEAD4)

#define UMX_BIS_DEVICE_FEATURES	(NETIF_F_SG | NETIF_F_FRAGLIST |	\
				 NETIF_F_HIGHDMA | NETIF_F_HW_CSUM |	\
				 NETIF_F_ALL_TSO | NETIF_F_GSO_UDP_L4 |	\
				 NETIF_F_RXCSUM)

static bool umx_bis_device_send(struct net_device *dev, struct sk_buff *skb)
{
	struct umx_bis_net *bn = umx_bis_net(dev_net(dev));

	if (umx_bis_router_is_on(bn) && umx_bis_router_takes(bn, skb))
		return umx_bis_router(bn, dev, skb);
	return umx_bis_out(bn, dev, skb);
}

static netdev_tx_t umx_bis_device_xmit(struct sk_buff *skb,
				       struct net_device *dev)
{
	unsigned int len = skb->len;
	bool sent;

	skb_reset_network_header(skb);
	rcu_read_lock();
	sent = umx_bis_device_send(dev, skb);
	rcu_read_unlock();
	if (sent)
		dev_sw_netstats_tx_add(dev, 1, len);
	else
		dev_core_stats_tx_dropped_inc(dev);
	return NETDEV_TX_OK;
}

static int umx_bis_device_init(struct net_device *dev)
{
	dev->tstats = netdev_alloc_pcpu_stats(struct pcpu_sw_netstats);
	return dev->tstats ? 0 : -ENOMEM;
}

/* Called when it is freed, too: packets may count until then. */
static void umx_bis_device_free(struct net_device *dev)
{
	free_percpu(dev->tstats);
}

static const struct net_device_ops umx_bis_device_ops = {
	.ndo_init = umx_bis_device_init,
	.ndo_start_xmit = umx_bis_device_xmit,
	.ndo_get_stats64 = dev_get_tstats64,
};

static struct rtnl_link_ops umx_bis_link_ops;

bool umx_bis_device_is(const struct net_device *dev)
{
	return dev->rtnl_link_ops == &umx_bis_link_ops;
}

static void umx_bis_device_make(struct net_device *dev)
{
	dev->netdev_ops = &umx_bis_device_ops;
	dev->needs_free_netdev = true;
	dev->priv_destructor = umx_bis_device_free;
	dev->type = ARPHRD_NONE;
	dev->flags = IFF_NOARP | IFF_POINTOPOINT;
	dev->priv_flags |= IFF_NO_QUEUE;
	dev->needed_headroom = UMX_BIS_DEVICE_GROWTH + LL_MAX_HEADER;
	dev->mtu = ETH_DATA_LEN - 20;
	dev->min_mtu = 68;
	dev->max_mtu = 0xffff - 20;
	dev->features = UMX_BIS_DEVICE_FEATURES;
	dev->hw_features = UMX_BIS_DEVICE_FEATURES;
	umx_netdev_set_lltx(dev);
	/* ICMP errors about a packet need its route */
	netif_keep_dst(dev);
}

static struct rtnl_link_ops umx_bis_link_ops = {
	.kind = UMX_BIS_LINK_KIND,
	.setup = umx_bis_device_make,
};

int umx_bis_device_setup(void)
{
	return rtnl_link_register(&umx_bis_link_ops);
}

void umx_bis_device_teardown(void)
{
	rtnl_link_unregister(&umx_bis_link_ops);
}
