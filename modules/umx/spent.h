/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns the memory of explicitly given addresses: generators cannot
 * know them, yet none may come twice.
 */
#ifndef _UMX_SPENT_H
#define _UMX_SPENT_H

#include <linux/in6.h>
#include <linux/types.h>

struct umx_net;
struct umx_pool;

int umx_spent_init(struct umx_net *un);
void umx_spent_exit(struct umx_net *un);
bool umx_spent_has(const struct umx_pool *pool, const struct in6_addr *addr);
int umx_spent_add(struct umx_pool *pool, const struct in6_addr *addr);
void umx_spent_del(struct umx_pool *pool, const struct in6_addr *addr);

#endif /* _UMX_SPENT_H */
