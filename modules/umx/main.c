// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the life of umx.ko: set up in order, undone in reverse.
 */
#include <linux/init.h>
#include <linux/module.h>
#include <linux/rcupdate.h>
#include <linux/umx.h>
#include <net/genetlink.h>
#include "address.h"
#include "datagram.h"
#include "loan.h"
#include "netlink.h"
#include "netns.h"
#include "notify.h"
#include "session.h"
#include "sockopt.h"
#include "sysfs.h"
#include "window.h"

static int __init umx_init(void)
{
	int err;

	err = umx_addr_setup();
	if (err)
		return err;
	err = umx_sysfs_setup();
	if (err)
		goto err_addr;
	err = umx_window_setup();
	if (err)
		goto err_sysfs;
	err = umx_netns_setup();
	if (err)
		goto err_window;
	err = umx_notify_setup();
	if (err)
		goto err_netns;
	err = umx_session_setup();
	if (err)
		goto err_notify;
	err = umx_datagram_setup();
	if (err)
		goto err_session;
	err = umx_loan_setup();
	if (err)
		goto err_datagram;
	err = umx_sockopt_setup();
	if (err)
		goto err_loan;
	err = umx_netlink_setup();
	if (err)
		goto err_sockopt;
	return 0;

err_sockopt:
	umx_sockopt_teardown();
err_loan:
	umx_loan_teardown();
err_datagram:
	umx_datagram_teardown();
err_session:
	umx_session_teardown();
err_notify:
	umx_notify_teardown();
err_netns:
	umx_netns_teardown();
err_window:
	umx_window_teardown();
err_sysfs:
	umx_sysfs_teardown();
err_addr:
	umx_addr_teardown();
	return err;
}

static void __exit umx_exit(void)
{
	umx_netlink_teardown();
	umx_sockopt_teardown();
	umx_loan_teardown();
	umx_datagram_teardown();
	umx_session_teardown();
	umx_notify_teardown();
	umx_netns_teardown();
	umx_window_teardown();
	umx_sysfs_teardown();
	umx_addr_teardown();
}

module_init(umx_init);
module_exit(umx_exit);

MODULE_DESCRIPTION("One-time IPv6 addresses (Unified Multiplex)");
MODULE_AUTHOR("The umx authors");
MODULE_LICENSE("GPL");
MODULE_VERSION(UMX_VERSION);
MODULE_ALIAS_GENL_FAMILY(UMX_GENL_NAME);
