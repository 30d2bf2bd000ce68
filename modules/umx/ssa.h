/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns giving SSAs to listeners: Delayed Address Setting.
 */
#ifndef _UMX_SSA_H
#define _UMX_SSA_H

#include <linux/in6.h>
#include <linux/netlink.h>
#include <linux/types.h>
#include <linux/uidgid.h>

struct pid;
struct umx_addr;
struct umx_net;
struct umx_pool;
struct umx_socks;

/**
 * struct umx_ssa_config - what an SSA is to be
 * @port: the listener's port
 * @pool: name of the pool, NULL for the listener's
 * @addr: the address itself, NULL to have one generated
 * @from: client prefix
 * @from_plen: its length
 * @lifetime: seconds
 * @ifindex: device the SYN comes in on, 0 for any
 * @owner: process it is given to, or NULL
 * @socks: listening sockets of @owner
 * @uid: who makes it: it counts for his limit
 */
struct umx_ssa_config {
	u16 port;
	const char *pool;
	const struct in6_addr *addr;
	struct in6_addr from;
	u8 from_plen;
	u32 lifetime;
	u32 ifindex;
	struct pid *owner;
	struct umx_socks *socks;
	kuid_t uid;
};

struct umx_pool *umx_ssa_pool_of(struct umx_net *un, const char *name,
				 struct netlink_ext_ack *extack);
int umx_ssa_check(struct umx_net *un, const struct umx_ssa_config *config,
		  struct netlink_ext_ack *extack);
int umx_ssa_charge(struct umx_net *un, struct umx_addr *addr,
		   struct netlink_ext_ack *extack);
int umx_ssa_attached(const struct umx_pool *pool,
		     struct netlink_ext_ack *extack);
struct umx_addr *umx_ssa_add(struct umx_net *un,
			     const struct umx_ssa_config *config,
			     struct netlink_ext_ack *extack);
int umx_ssa_del(struct umx_net *un, const struct in6_addr *addr,
		struct netlink_ext_ack *extack);
int umx_ssa_del_port(struct umx_net *un, u16 port,
		     struct netlink_ext_ack *extack);
u32 umx_ssa_flush(struct umx_net *un);

#endif /* _UMX_SSA_H */
