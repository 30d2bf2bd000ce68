/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns routed pools that follow the prefix of a device, one that was
 * delegated to this host above all.
 */
#ifndef _UMX_FOLLOW_H
#define _UMX_FOLLOW_H

struct umx_pool;
struct umx_pool_config;

int umx_follow_init(struct umx_pool *pool, const struct umx_pool_config *config);
void umx_follow_exit(struct umx_pool *pool);

#endif /* _UMX_FOLLOW_H */
