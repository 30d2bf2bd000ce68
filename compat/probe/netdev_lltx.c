// SPDX-License-Identifier: GPL-2.0
/* This file owns one question: is "transmits without a lock" a bit of its own, and no feature? (since 6.12) */
#include <linux/netdevice.h>

void probe(struct net_device *dev);
void probe(struct net_device *dev)
{
	dev->lltx = true;
}
