// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the life of umx_tcp.ko: set up in order, undone in reverse.
 */
#include <linux/init.h>
#include <linux/module.h>
#include "umx_tcp.h"

static int __init umx_tcp_module_init(void)
{
	int err;

	umx_tcp_cookie_setup();
	err = umx_tcp_track_setup();
	if (err)
		return err;
	err = umx_tcp_netns_setup();
	if (err)
		goto err_track;
	err = umx_tcp_proto_setup();
	if (err)
		goto err_netns;
	return 0;

err_netns:
	umx_tcp_netns_teardown();
err_track:
	umx_tcp_track_teardown();
	return err;
}

static void __exit umx_tcp_module_exit(void)
{
	umx_tcp_proto_teardown();
	umx_tcp_netns_teardown();
	umx_tcp_track_teardown();
}

module_init(umx_tcp_module_init);
module_exit(umx_tcp_module_exit);

MODULE_DESCRIPTION("Taking part in TCP over IPv6 without a kernel patch");
MODULE_AUTHOR("The umx authors");
MODULE_LICENSE("GPL");
MODULE_VERSION(UMX_VERSION);
