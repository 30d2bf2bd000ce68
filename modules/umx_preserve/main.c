// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the life of umx_preserve.ko: set up in order, undone in
 * reverse.
 */
#include <linux/init.h>
#include <linux/module.h>
#include <linux/rcupdate.h>
#include <linux/umx_preserve.h>
#include <net/genetlink.h>
#include "netlink.h"
#include "netns.h"
#include "notify.h"
#include "session.h"
#include "sockopt.h"

static int __init umx_preserve_init(void)
{
	int err;

	err = umx_preserve_netns_setup();
	if (err)
		return err;
	err = umx_preserve_session_setup();
	if (err)
		goto err_netns;
	err = umx_preserve_notify_setup();
	if (err)
		goto err_session;
	err = umx_preserve_netlink_setup();
	if (err)
		goto err_notify;
	err = umx_preserve_sockopt_setup();
	if (err)
		goto err_netlink;
	return 0;

err_netlink:
	umx_preserve_netlink_teardown();
err_notify:
	umx_preserve_notify_teardown();
err_session:
	umx_preserve_session_teardown();
err_netns:
	umx_preserve_netns_teardown();
	return err;
}

/*
 * There is no session and no listener of ours any more, or the module could not
 * be unloaded. What may still run is the tail of a function that gave the last
 * one back, in a task or in softirq.
 */
static void __exit umx_preserve_exit(void)
{
	umx_preserve_sockopt_teardown();
	umx_preserve_netlink_teardown();
	umx_preserve_notify_teardown();
	umx_preserve_session_teardown();
	umx_preserve_netns_teardown();
	synchronize_rcu_tasks();
	rcu_barrier();
}

module_init(umx_preserve_init);
module_exit(umx_preserve_exit);

MODULE_DESCRIPTION("TCP connections that survive the loss of an address or a link");
MODULE_AUTHOR("The umx authors");
MODULE_LICENSE("GPL");
MODULE_VERSION(UMX_VERSION);
MODULE_ALIAS_GENL_FAMILY(UMX_PRESERVE_GENL_NAME);
