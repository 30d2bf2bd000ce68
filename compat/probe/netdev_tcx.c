// SPDX-License-Identifier: GPL-2.0
/* This file owns one question: are the filters of a device an array of programs? (since 6.6) */
#include <linux/netdevice.h>

#ifdef CONFIG_NET_XGRESS
void *probe(struct net_device *dev);
void *probe(struct net_device *dev)
{
	return rcu_access_pointer(dev->tcx_egress);
}
#elif defined(CONFIG_NET_CLS_ACT)
#error no program without CONFIG_NET_XGRESS
#endif
