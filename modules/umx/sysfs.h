/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns /sys/class/umx_pool.
 */
#ifndef _UMX_SYSFS_H
#define _UMX_SYSFS_H

struct umx_pool;

int umx_sysfs_setup(void);
void umx_sysfs_teardown(void);
int umx_sysfs_add(struct umx_pool *pool);
void umx_sysfs_del(struct umx_pool *pool);
void umx_sysfs_put(struct umx_pool *pool);

#endif /* _UMX_SYSFS_H */
