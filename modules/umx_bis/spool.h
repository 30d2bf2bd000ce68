/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns the contract of spool.c: the prefix IPv6 hosts get their
 * IPv4 addresses from, and the host's own pair.
 */
#ifndef _UMX_BIS_SPOOL_H
#define _UMX_BIS_SPOOL_H

#include <linux/in6.h>
#include <linux/netlink.h>
#include <linux/rcupdate.h>
#include <linux/types.h>

struct umx_bis_net;

/**
 * struct umx_bis_spool - the spool; constant once it is published
 * @prefix: its prefix
 * @plen: length of the prefix
 * @self: the host's own IPv4 address
 * @source: the host's IPv6 address for translated sessions
 * @shared: the host uses @source natively, too
 * @incoming: enum umx_bis_incoming_mode
 * @idle: seconds until the address of an idle pair may be taken
 * @rcu: frees it
 */
struct umx_bis_spool {
	__be32 prefix;
	u8 plen;
	__be32 self;
	struct in6_addr source;
	bool shared;
	u8 incoming;
	u32 idle;
	struct rcu_head rcu;
};

int umx_bis_spool_add(struct umx_bis_net *bn, const struct umx_bis_spool *new,
		      struct netlink_ext_ack *extack);
int umx_bis_spool_del(struct umx_bis_net *bn, const struct umx_bis_spool *old,
		      struct netlink_ext_ack *extack);
void umx_bis_spool_flush(struct umx_bis_net *bn);
bool umx_bis_spool_has(const struct umx_bis_spool *spool, __be32 addr);

#endif /* _UMX_BIS_SPOOL_H */
