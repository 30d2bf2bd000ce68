/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns struct umx_preserve_prefix, a prefix an administrator has said
 * something about, and the lists of them.
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
 * @rcu: frees what it is embedded in.
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

int umx_preserve_prefix_judge(const struct in6_addr *addr, u8 plen,
			      struct netlink_ext_ack *extack);
struct umx_preserve_prefix *
umx_preserve_prefix_find(const struct umx_preserve_net *pn,
			 const struct umx_preserve_prefixes *prefixes,
			 const struct in6_addr *addr, u8 plen);
const struct umx_preserve_prefix *
umx_preserve_prefix_match(const struct umx_preserve_prefixes *prefixes,
			  const struct in6_addr *addr);
void umx_preserve_prefix_link(struct umx_preserve_net *pn,
			      struct umx_preserve_prefixes *prefixes,
			      struct umx_preserve_prefix *p);
void umx_preserve_prefix_unlink(struct umx_preserve_net *pn,
				struct umx_preserve_prefixes *prefixes,
				struct umx_preserve_prefix *p);

#endif /* _UMX_PRESERVE_PREFIX_H */
