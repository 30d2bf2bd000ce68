// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the life of umx_anycast.ko: set up in order, undone in
 * reverse.
 */
#include <linux/init.h>
#include <linux/module.h>
#include <linux/umx_anycast.h>
#include <net/genetlink.h>
#include "hook.h"
#include "netlink.h"
#include "netns.h"

static int __init umx_anycast_init(void)
{
	int err;

	err = umx_anycast_netns_setup();
	if (err)
		return err;
	err = umx_anycast_hook_setup();
	if (err)
		goto err_netns;
	err = umx_anycast_netlink_setup();
	if (err)
		goto err_hook;
	return 0;

err_hook:
	umx_anycast_hook_teardown();
err_netns:
	umx_anycast_netns_teardown();
	return err;
}

static void __exit umx_anycast_exit(void)
{
	umx_anycast_netlink_teardown();
	umx_anycast_hook_teardown();
	umx_anycast_netns_teardown();
}

module_init(umx_anycast_init);
module_exit(umx_anycast_exit);

MODULE_DESCRIPTION("An ICMPv6 error for TCP to IPv6 anycast addresses");
MODULE_AUTHOR("The umx authors");
MODULE_LICENSE("GPL");
MODULE_VERSION(UMX_VERSION);
MODULE_ALIAS_GENL_FAMILY(UMX_ANYCAST_GENL_NAME);
