/* SPDX-License-Identifier: GPL-2.0 */
/* This file owns the contract of pool_routes.c: pools and their routes. */
#ifndef UMCTL_POOL_ROUTES_H
#define UMCTL_POOL_ROUTES_H

struct family;

/* Each returns 0 or -errno. */
int pool_routes_sweep(const struct family *family);
int pool_routes_withdraw(void);
int pool_routes_restore(const struct family *family);

#endif /* UMCTL_POOL_ROUTES_H */
