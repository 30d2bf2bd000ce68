/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns struct umx_preserve_prefix, what an administrator has said
 * about the addresses of a prefix.
 */
#ifndef _UMX_PRESERVE_PREFIX_H
#define _UMX_PRESERVE_PREFIX_H

#include <linux/in6.h>
#include <linux/list.h>
#include <linux/rcupdate.h>

struct netlink_ext_ack;
struct umx_preserve_net;

/**
 * struct umx_preserve_prefix - a prefix in a list
 * @list: in umx_preserve_prefixes.list.
 * @rcu: frees it.
 * @addr: bits beyond @plen are zero; constant.
 * @plen: 0..128; constant.
 */
struct umx_preserve_prefix {
	struct list_head list;
	struct rcu_head rcu;
	struct in6_addr addr;
	u8 plen;
};

/**
 * struct umx_preserve_prefixes - prefixes, the longest first
 * @list: them; changes under umx_preserve_net.lock, read under RCU.
 * @n: how many; under that lock.
 */
struct umx_preserve_prefixes {
	struct list_head list;
	unsigned int n;
};

void umx_preserve_prefix_init(struct umx_preserve_net *pn);
void umx_preserve_prefix_exit(struct umx_preserve_net *pn);
int umx_preserve_exclude_add(struct umx_preserve_net *pn,
			     const struct in6_addr *addr, u8 plen,
			     struct netlink_ext_ack *extack);
int umx_preserve_exclude_del(struct umx_preserve_net *pn,
			     const struct in6_addr *addr, u8 plen,
			     struct netlink_ext_ack *extack);
void umx_preserve_exclude_flush(struct umx_preserve_net *pn);
bool umx_preserve_excluded(const struct umx_preserve_net *pn,
			   const struct in6_addr *addr);

#endif /* _UMX_PRESERVE_PREFIX_H */
