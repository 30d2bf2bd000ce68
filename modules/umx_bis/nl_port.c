// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the dump of reserved ports of the family "umx_bis". Sessions
 * begin and end while it runs: it shows each of those that last.
 */
#include <linux/umx_bis.h>
#include <net/genetlink.h>
#include <net/sock.h>
#include "netns.h"
#include "nl_eam.h"
#include "nl_port.h"
#include "port.h"

static int umx_bis_nl_port_put(struct sk_buff *skb, struct netlink_callback *cb,
			       const struct umx_bis_port *port)
{
	void *hdr = umx_bis_nl_dump_put(skb, cb, UMX_BIS_CMD_PORT_GET);

	if (!hdr)
		return -EMSGSIZE;
	if (nla_put_u8(skb, UMX_BIS_PORT_A_PROTO,
		       port->proto == IPPROTO_UDP ? UMX_BIS_PORT_UDP :
						    UMX_BIS_PORT_TCP) ||
	    nla_put_u16(skb, UMX_BIS_PORT_A_PORT, port->port) ||
	    (port->local && nla_put_flag(skb, UMX_BIS_PORT_A_LOCAL))) {
		genlmsg_cancel(skb, hdr);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, hdr);
	return 0;
}

int umx_bis_nl_port_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct umx_bis_net *bn = umx_bis_net(sock_net(skb->sk));
	unsigned long index = cb->args[0];
	const struct umx_bis_port *port;

	rcu_read_lock();
	xa_for_each_start(&bn->ports.table, index, port, index) {
		if (umx_bis_nl_port_put(skb, cb, port))
			break;
		cb->args[0] = index + 1;
	}
	rcu_read_unlock();
	return skb->len;
}
