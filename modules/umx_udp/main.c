// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the life of umx_udp.ko: set up in order, undone in reverse.
 */
#include <linux/init.h>
#include <linux/module.h>
#include "umx_udp.h"

static int __init umx_udp_module_init(void)
{
	int err;

	err = umx_udp_track_setup();
	if (err)
		return err;
	err = umx_udp_netns_setup();
	if (err)
		goto err_track;
	err = umx_udp_proto_setup();
	if (err)
		goto err_netns;
	return 0;

err_netns:
	umx_udp_netns_teardown();
err_track:
	umx_udp_track_teardown();
	return err;
}

static void __exit umx_udp_module_exit(void)
{
	umx_udp_proto_teardown();
	umx_udp_netns_teardown();
	umx_udp_track_teardown();
}

module_init(umx_udp_module_init);
module_exit(umx_udp_module_exit);

MODULE_DESCRIPTION("Taking part in connected UDP over IPv6 without a kernel patch");
MODULE_AUTHOR("The umx authors");
MODULE_LICENSE("GPL");
MODULE_VERSION(UMX_VERSION);
