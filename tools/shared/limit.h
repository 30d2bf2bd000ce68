/* SPDX-License-Identifier: GPL-2.0 */
/* This file owns the contract of limit.c: how often something may happen. */
#ifndef UMX_SHARED_LIMIT_H
#define UMX_SHARED_LIMIT_H

#include <stdbool.h>
#include <stdint.h>

/**
 * struct bucket - a token bucket
 * @filled: uses that are there, times their period.
 * @at: when they were counted, in ms.
 */
struct bucket {
	uint64_t filled;
	int64_t at;
};

/* Whether one more fits at @now (ms), @uses of them being allowed in @period
 * (ms) and as many at once; bucket_take() then takes it. No limit if @uses is 0.
 */
bool bucket_fits(struct bucket *bucket, uint32_t uses, uint32_t period, int64_t now);
void bucket_take(struct bucket *bucket, uint32_t period);

#endif /* UMX_SHARED_LIMIT_H */
