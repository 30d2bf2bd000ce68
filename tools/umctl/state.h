/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns the contract of state.c: which windows of a key were reserved,
 * and when.
 */
#ifndef UMCTL_STATE_H
#define UMCTL_STATE_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "keyfile.h"
#include "place.h"

/**
 * struct window - counters that were reserved
 * @prefix: of the pool.
 * @plen: of the prefix, and of what the addresses of an on-link pool end in:
 *	the rest was free.
 * @host_bits: of the host id.
 * @host: the host id.
 * @generation: of the counters.
 * @start: the first counter.
 * @end: the one after the last.
 * @epoch: the module's, UMX_VERSION_A_EPOCH.
 * @time: when they were reserved.
 */
struct window {
	struct in6_addr prefix;
	uint8_t plen;
	uint8_t host_bits;
	uint32_t host;
	uint64_t generation;
	uint64_t start;
	uint64_t end;
	uint64_t epoch;
	time_t time;
};

/**
 * struct state - the windows of a key, in the order they were reserved
 * @list: the windows.
 * @count: how many.
 */
struct state {
	struct window *list;
	size_t count;
};

/* Both say what is wrong and return what to exit with. */
int state_read(struct state *state, const struct keyfile *file);
int state_write(const struct state *state, const struct keyfile *file);
void state_free(struct state *state);

/* Appends the next window for @window's prefix, host and epoch; fills in the
 * rest of @window. Nothing is written yet.
 */
int state_reserve(struct state *state, const struct umx_places *places, struct window *window);

/* The window @place of @prefix was made in; NULL: none. */
const struct window *state_find(const struct state *state, const struct window *prefix,
				const struct umx_place *place);

/* The prefix in @prefixes of @window is the same, with the same host bits. */
bool window_same_prefix(const struct window *a, const struct window *b);

#endif /* UMCTL_STATE_H */
