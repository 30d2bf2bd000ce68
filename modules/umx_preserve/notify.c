// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns hearing of addresses and links that come and go, and the walk
 * over the sessions that follows.
 *
 * The notifier of addresses runs with BH off and that of devices under RTNL:
 * both only queue the walk, which takes one socket lock at a time. It asks what
 * is there now, not what has happened, so that nothing is lost when events come
 * faster than walks.
 */
#include <linux/inetdevice.h>
#include <linux/netdevice.h>
#include <net/addrconf.h>
#include <net/if_inet6.h>
#include <net/sock.h>
#include "move.h"
#include "netns.h"
#include "notify.h"
#include "session.h"

void umx_preserve_notify_scan(struct work_struct *work)
{
	struct umx_preserve_net *pn =
		container_of(work, struct umx_preserve_net, scan);
	struct umx_preserve_session *s;
	u32 id = 0;
	struct sock *sk;

	while ((sk = umx_preserve_session_next(pn, &id))) {
		s = umx_preserve_session_lock(sk, id);
		if (s) {
			umx_preserve_move_review(s, sk);
			release_sock(sk);
		}
		sock_put(sk);
		cond_resched();
	}
}

/*
 * A namespace that could not be made, or is past its exit, has devices and
 * addresses too: the first has no state (NULL), the second no session.
 */
static void umx_preserve_notify(const struct net *net)
{
	struct umx_preserve_net *pn = umx_preserve_net(net);

	if (pn && READ_ONCE(pn->n_sessions))
		queue_work(system_highpri_wq, &pn->scan);
}

static int umx_preserve_notify_addr(struct notifier_block *nb,
				    unsigned long event, void *ptr)
{
	const struct inet6_ifaddr *ifa = ptr;

	umx_preserve_notify(dev_net(ifa->idev->dev));
	return NOTIFY_DONE;
}

static int umx_preserve_notify_dev(struct notifier_block *nb,
				   unsigned long event, void *ptr)
{
	switch (event) {
	case NETDEV_UP:
	case NETDEV_DOWN:
	case NETDEV_CHANGE:
	case NETDEV_UNREGISTER:
		umx_preserve_notify(dev_net(netdev_notifier_info_to_dev(ptr)));
	}
	return NOTIFY_DONE;
}

static struct notifier_block umx_preserve_addr_notifier = {
	.notifier_call = umx_preserve_notify_addr,
};

static struct notifier_block umx_preserve_dev_notifier = {
	.notifier_call = umx_preserve_notify_dev,
};

int umx_preserve_notify_setup(void)
{
	int err;

	err = register_inet6addr_notifier(&umx_preserve_addr_notifier);
	if (err)
		return err;
	err = register_netdevice_notifier(&umx_preserve_dev_notifier);
	if (err)
		unregister_inet6addr_notifier(&umx_preserve_addr_notifier);
	return err;
}

void umx_preserve_notify_teardown(void)
{
	unregister_netdevice_notifier(&umx_preserve_dev_notifier);
	unregister_inet6addr_notifier(&umx_preserve_addr_notifier);
}
