/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns listed addresses: those of a pool that is no prefix but single
 * addresses of a link. The pool is an on-link one in all else.
 */
#ifndef _UMX_LISTED_H
#define _UMX_LISTED_H

#include <linux/in6.h>
#include <linux/netlink.h>
#include <linux/types.h>

struct umx_net;
struct umx_pool;
struct umx_pool_config;
struct umx_spent;

/**
 * struct umx_listed - the addresses of one pool
 * @n: how many; constant
 * @spent: what is remembered of them, in the order they were given; the
 *	entries live as long as the namespace; constant
 * @sorted: the addresses, for lookups; constant
 */
struct umx_listed {
	u32 n;
	struct umx_spent **spent;
	struct in6_addr sorted[];
};

int umx_listed_check_form(const struct umx_pool_config *config,
			  struct netlink_ext_ack *extack);
int umx_listed_check(struct umx_net *un, const struct umx_pool_config *config,
		     struct netlink_ext_ack *extack);
int umx_listed_init(struct umx_pool *pool,
		    const struct umx_pool_config *config,
		    struct netlink_ext_ack *extack);
void umx_listed_exit(struct umx_pool *pool);
bool umx_listed_has(const struct umx_listed *listed,
		    const struct in6_addr *addr);
bool umx_listed_more(const struct umx_listed *listed);
u32 umx_listed_left(const struct umx_listed *listed);
bool umx_listed_next(struct umx_pool *pool, struct in6_addr *out);
void umx_listed_use(struct umx_pool *pool, const struct in6_addr *addr);
void umx_listed_back(struct umx_pool *pool, const struct in6_addr *addr);

#endif /* _UMX_LISTED_H */
