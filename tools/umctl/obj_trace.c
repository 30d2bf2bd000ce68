// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns `umctl trace`: whose an address is, told by whoever has the
 * key. The kernel is not asked.
 */
#include <arpa/inet.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "args.h"
#include "generate.h"
#include "nl.h"
#include "listfile.h"
#include "out.h"
#include "say.h"
#include "state.h"
#include "umctl.h"

static const struct arg trace_args[] = {
	{ .name = "ADDR", .type = ARG_ADDR, .place = ARG_POSITION },
	{ .name = "key", .value = "FILE", .type = ARG_NAME },
	{}
};

static void out_time(const char *name, time_t time)
{
	char text[32];

	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", gmtime(&time));
	out_string(name, NULL, text);
}

/* The next window of the same prefix and host was reserved then; 0: none yet. */
static time_t next_time(const struct state *state, const struct window *window)
{
	const struct window *next;

	for (next = window + 1; next < state->list + state->count; next++)
		if (window_same_prefix(next, window) && next->host == window->host)
			return next->time;
	return 0;
}

static int trace_print(const struct state *state, const struct window *window,
		       const struct in6_addr *addr, const struct umx_place *place)
{
	time_t next = next_time(state, window);

	out_begin();
	out_object_open();
	out_in6("address", "", addr);
	out_prefix("prefix", NULL, &window->prefix, "plen", window->plen);
	out_uint("host", NULL, place->host);
	out_uint("generation", NULL, place->generation);
	out_uint("counter", NULL, place->counter);
	out_time("reserved", window->time);
	if (next)
		out_time("next_reserved", next);
	out_object_close();
	return out_end();
}

static bool seen_before(const struct state *state, const struct window *window)
{
	const struct window *before;

	for (before = state->list; before < window; before++)
		if (window_same_prefix(before, window))
			return true;
	return false;
}

/*
 * The place of @addr, if it is in @window's prefix. Of an on-link pool the
 * prefix was counted with what its addresses end in, which the key tells, too.
 */
static bool trace_place(const struct keyfile *file, const struct window *window,
			const struct in6_addr *addr, struct umx_place *place)
{
	struct umx_places places;
	struct in6_addr bare = *addr;
	bool found;

	if (!umx_places_init(&places, file->key, &window->prefix, window->plen, window->host_bits))
		return false;
	found = umx_place_of(&places, addr, place) ||
		(umx_tail_take(&bare, umx_permute_tail(file->key, &window->prefix, window->plen)) &&
		 umx_place_of(&places, &bare, place));
	explicit_bzero(&places, sizeof(places));
	return found;
}

static int trace_state(const struct state *state, const struct keyfile *file,
		       const struct in6_addr *addr, const char *word)
{
	const struct window *window, *found;
	struct umx_place place;
	bool inside = false;

	for (window = state->list; window < state->list + state->count; window++) {
		if (seen_before(state, window) || !trace_place(file, window, addr, &place))
			continue;
		found = state_find(state, window, &place);
		if (found)
			return trace_print(state, found, addr, &place);
		inside = true;
	}
	if (inside)
		return say_refused("%s was not made here with the key in %s: it would be host %" PRIu32
				   ", generation %" PRIu64 ", counter %" PRIu64 ", which was never reserved",
				   word, file->path, place.host, place.generation, place.counter);
	return say_refused("%s is in no prefix the key in %s was used for", word, file->path);
}

static int trace(const struct args *args)
{
	const struct value *addr = args_find(args, "ADDR");
	const struct value *key = args_find(args, "key");
	struct state state = {};
	struct keyfile file;
	int ret;

	if (listfile_has(&addr->addr))
		return say_refused("%s was given to a pool in a list: no key made it, and none says when it was used",
				   addr->str);
	ret = keyfile_open(&file, key ? key->str : NULL);
	if (ret)
		return ret;
	ret = state_read(&state, &file);
	if (!ret)
		ret = trace_state(&state, &file, &addr->addr, addr->str);
	state_free(&state);
	keyfile_close(&file);
	return ret;
}

static const struct verb verbs[] = {
	{
		.help = "whose an address is: host, generation, counter, time",
		.args = trace_args, .run = trace,
	},
	{}
};

static const struct object trace_object = {
	.name = "trace",
	.help = "addresses of traceable pools, turned back with their key",
	.family = &umx_family,
	.verbs = verbs,
};

OBJECT(trace_object);
