// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the life of umx_bis.ko: set up in order, undone in reverse.
 */
#include <linux/init.h>
#include <linux/module.h>
#include <linux/umx_bis.h>
#include <net/genetlink.h>
#include <net/rtnetlink.h>
#include "device.h"
#include "flow.h"
#include "hook.h"
#include "netlink.h"
#include "netns.h"

static int __init umx_bis_init(void)
{
	int err;

	err = umx_bis_netns_setup();
	if (err)
		return err;
	err = umx_bis_flow_setup();
	if (err)
		goto err_netns;
	err = umx_bis_hook_setup();
	if (err)
		goto err_flow;
	err = umx_bis_device_setup();
	if (err)
		goto err_hook;
	err = umx_bis_netlink_setup();
	if (err)
		goto err_device;
	return 0;

err_device:
	umx_bis_device_teardown();
err_hook:
	umx_bis_hook_teardown();
err_flow:
	umx_bis_flow_teardown();
err_netns:
	umx_bis_netns_teardown();
	return err;
}

static void __exit umx_bis_exit(void)
{
	umx_bis_netlink_teardown();
	umx_bis_device_teardown();
	umx_bis_hook_teardown();
	umx_bis_flow_teardown();
	umx_bis_netns_teardown();
}

module_init(umx_bis_init);
module_exit(umx_bis_exit);

MODULE_DESCRIPTION("IPv4-only applications on an IPv6 network");
MODULE_AUTHOR("The umx authors");
MODULE_LICENSE("GPL");
MODULE_VERSION(UMX_VERSION);
MODULE_ALIAS_RTNL_LINK(UMX_BIS_LINK_KIND);
MODULE_ALIAS_GENL_FAMILY(UMX_BIS_GENL_NAME);
