/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns finding listening sockets: those of a process, those of a
 * port.
 */
#ifndef _UMX_SOCKS_H
#define _UMX_SOCKS_H

#include <linux/netlink.h>
#include <linux/pid.h>
#include <net/sock.h>

#define UMX_SOCKS_MAX	256	/* listening sockets looked at per request */

/**
 * struct umx_socks - listening sockets
 * @n: how many
 * @mptcp: one listens with MPTCP, which cannot be attached
 * @sk: each with a reference
 */
struct umx_socks {
	unsigned int n;
	bool mptcp;
	struct sock *sk[UMX_SOCKS_MAX];
};

struct umx_socks *umx_socks_of_pid(struct net *net, struct pid *pid, u16 port,
				   struct netlink_ext_ack *extack);
struct umx_socks *umx_socks_of_port(struct net *net, u16 port,
				    bool unattached);
void umx_socks_put(struct umx_socks *socks);
int umx_socks_port(const struct umx_socks *socks,
		   struct netlink_ext_ack *extack);

#endif /* _UMX_SOCKS_H */
