/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns the contract of plan_pool.c: which pools can go.
 */
#ifndef UMCTL_PLAN_POOL_H
#define UMCTL_PLAN_POOL_H

#include "config.h"

/**
 * struct pool_use - live addresses that a pool has when it goes
 * @names: the pools.
 * @counts: how many addresses each has.
 * @count: how many pools.
 * @have: what is configured.
 * @want: what is to be.
 * @failed: there was no memory.
 */
struct pool_use {
	char **names;
	size_t *counts;
	size_t count;
	const struct config *have;
	const struct config *want;
	bool failed;
};

/* Does the pool @item have to go before a new one of @want can come? */
bool pool_is_in_way(const struct item *item, const struct config *want);

/* Can all pools go that have to? Says which cannot; fills in @use. */
int pools_check(const struct config *have, const struct config *want, bool force,
		struct pool_use *use);

/* Live addresses of the pool @item. */
size_t pool_use_of(const struct pool_use *use, const struct item *item);

void pool_use_free(struct pool_use *use);

#endif /* UMCTL_PLAN_POOL_H */
