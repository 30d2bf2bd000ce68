// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the rate limit: a token bucket that begins full. It counts in
 * uses times milliseconds, of which one use costs a period: nothing is rounded.
 */
#include "limit.h"

bool bucket_fits(struct bucket *bucket, uint32_t uses, uint32_t period, int64_t now)
{
	uint64_t most = (uint64_t)uses * period;
	int64_t gone = now - bucket->at;

	/* Never used, or longer ago than it takes to fill. */
	if (!uses || !bucket->at || gone >= period)
		bucket->filled = uses ? most : period;
	else if (gone > 0)
		bucket->filled += (uint64_t)gone * uses;
	if (gone > 0 || !bucket->at)
		bucket->at = now;
	if (uses && bucket->filled > most)
		bucket->filled = most;
	return bucket->filled >= period;
}

void bucket_take(struct bucket *bucket, uint32_t period)
{
	bucket->filled -= period;
}
