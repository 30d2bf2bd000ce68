// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns where the kernel tells of devices, of interface addresses, and
 * that the machine was restored. What it means for a pool is found out in
 * onlink.c and follow.c, later: the notifiers may not sleep, or hold RTNL.
 */
#include <linux/netdevice.h>
#include <linux/notifier.h>
#include <linux/random.h>
#include <net/addrconf.h>
#include <net/if_inet6.h>
#include "attach.h"
#include "netns.h"
#include "notify.h"

static void umx_notify(const struct net_device *dev, bool lost)
{
	struct umx_net *un = umx_net(dev_net(dev));

	/* lo comes before our part of a namespace, and goes after it */
	if (un)
		umx_attach_device(un, dev, lost);
}

static int umx_notify_device(struct notifier_block *nb, unsigned long event,
			     void *ptr)
{
	switch (event) {
	case NETDEV_REGISTER:
	case NETDEV_UP:
	case NETDEV_DOWN:
	case NETDEV_CHANGE:
	case NETDEV_CHANGEMTU:	/* IPv6 comes and goes at 1280 */
	case NETDEV_UNREGISTER:
		umx_notify(netdev_notifier_info_to_dev(ptr),
			   event == NETDEV_UNREGISTER);
	}
	return NOTIFY_DONE;
}

static int umx_notify_address(struct notifier_block *nb, unsigned long event,
			      void *ptr)
{
	const struct inet6_ifaddr *ifa = ptr;

	umx_notify(ifa->idev->dev, false);
	return NOTIFY_DONE;
}

/* After window.c's, which was registered first and has begun a new epoch. */
static int umx_notify_vmfork(struct notifier_block *nb, unsigned long event,
			     void *data)
{
	umx_attach_restored();
	return NOTIFY_DONE;
}

static struct notifier_block umx_notify_device_nb = {
	.notifier_call = umx_notify_device,
};

static struct notifier_block umx_notify_address_nb = {
	.notifier_call = umx_notify_address,
};

static struct notifier_block umx_notify_vmfork_nb = {
	.notifier_call = umx_notify_vmfork,
};

int umx_notify_setup(void)
{
	int err;

	err = register_netdevice_notifier(&umx_notify_device_nb);
	if (err)
		return err;
	err = register_inet6addr_notifier(&umx_notify_address_nb);
	if (err)
		goto err_device;
	err = register_random_vmfork_notifier(&umx_notify_vmfork_nb);
	if (err)
		goto err_address;
	return 0;

err_address:
	unregister_inet6addr_notifier(&umx_notify_address_nb);
err_device:
	unregister_netdevice_notifier(&umx_notify_device_nb);
	return err;
}

void umx_notify_teardown(void)
{
	unregister_random_vmfork_notifier(&umx_notify_vmfork_nb);
	unregister_inet6addr_notifier(&umx_notify_address_nb);
	unregister_netdevice_notifier(&umx_notify_device_nb);
}
