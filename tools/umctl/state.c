// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the state of a key: a line per window that was reserved, the
 * last of which holds the high-water mark of its prefix and host.
 *
 * A window follows the last one as long as the module's epoch is the same. In
 * another epoch, or when a generation is used up, a generation is drawn that is
 * on no line: the file may be older than it seems, with a machine that was
 * restored from a snapshot. A small pool has no generations to draw.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "durable.h"
#include "say.h"
#include "state.h"
#include "umctl.h"

static const char header[] =
	"# This file owns which counters of the key beside it were used; umctl keeps it. Without it addresses repeat.\n";

static const char *state_path(const struct keyfile *file)
{
	static char path[PATH_MAX + sizeof(KEYFILE_STATE)];

	snprintf(path, sizeof(path), "%s" KEYFILE_STATE, file->path);
	return path;
}

static bool window_parse(const char *line, struct window *window)
{
	char prefix[INET6_ADDRSTRLEN];
	unsigned int plen, bits;
	int64_t time;
	int end = 0;

	if (sscanf(line, "window %45[0-9a-f:]/%3u host %" SCNu32 "/%2u generation %" SCNu64
		   " counters %" SCNu64 "-%" SCNu64 " epoch %" SCNx64 " time %" SCNd64 "%n",
		   prefix, &plen, &window->host, &bits, &window->generation, &window->start,
		   &window->end, &window->epoch, &time, &end) != 9 || strcmp(line + end, "\n"))
		return false;
	window->plen = plen;
	window->host_bits = bits;
	window->time = time;
	return inet_pton(AF_INET6, prefix, &window->prefix) == 1 && plen <= UMX_POOL_PLEN_MAX &&
	       plen >= UMX_POOL_PLEN_MIN && bits <= UMX_PLACE_HOST_BITS &&
	       window->start < window->end;
}

static void window_print(FILE *out, const struct window *window)
{
	char prefix[INET6_ADDRSTRLEN];

	inet_ntop(AF_INET6, &window->prefix, prefix, sizeof(prefix));
	fprintf(out, "window %s/%u host %" PRIu32 "/%u generation %" PRIu64
		" counters %" PRIu64 "-%" PRIu64 " epoch %" PRIx64 " time %" PRId64 "\n",
		prefix, window->plen, window->host, window->host_bits, window->generation,
		window->start, window->end, window->epoch, (int64_t)window->time);
}

static bool state_append(struct state *state, const struct window *window)
{
	struct window *list;

	list = reallocarray(state->list, state->count + 1, sizeof(*list));
	if (!list)
		return false;
	state->list = list;
	list[state->count++] = *window;
	return true;
}

int state_read(struct state *state, const struct keyfile *file)
{
	const char *path = state_path(file);
	unsigned int number = 0;
	struct window window;
	char line[256];
	FILE *in;

	*state = (struct state){};
	in = fopen(path, "re");
	if (!in && errno == ENOENT)
		return say_refused("%s is missing: which addresses of the key were used is not known. Use another key; or make the file, empty, if the key is new on this host",
				   path);
	if (!in)
		return say_refused("%s: %s", path, strerror(errno));
	while (fgets(line, sizeof(line), in)) {
		number++;
		if (*line == '#')
			continue;
		if (window_parse(line, &window) && state_append(state, &window))
			continue;
		fclose(in);
		state_free(state);
		return say_refused("%s line %u is not understood: which addresses of the key were used is not known",
				   path, number);
	}
	if (ferror(in)) {
		fclose(in);
		state_free(state);
		return say_refused("%s cannot be read", path);
	}
	fclose(in);
	return UMCTL_DONE;
}

int state_write(const struct state *state, const struct keyfile *file)
{
	const char *path = state_path(file);
	char *text = NULL;
	size_t i, size;
	FILE *out;
	int err;

	out = open_memstream(&text, &size);
	if (!out)
		return say_refused("%s: %s", path, strerror(errno));
	fputs(header, out);
	for (i = 0; i < state->count; i++)
		window_print(out, &state->list[i]);
	err = fclose(out) ? -ENOMEM : durable_replace(path, text);
	free(text);
	return err ? say_refused("%s cannot be written: %s", path, strerror(-err)) : UMCTL_DONE;
}

void state_free(struct state *state)
{
	free(state->list);
	*state = (struct state){};
}

static bool same_prefix(const struct window *a, const struct window *b)
{
	return a->plen == b->plen && !memcmp(&a->prefix, &b->prefix, sizeof(a->prefix));
}

bool window_same_prefix(const struct window *a, const struct window *b)
{
	return same_prefix(a, b) && a->host_bits == b->host_bits;
}

static bool same_host(const struct window *a, const struct window *b)
{
	return window_same_prefix(a, b) && a->host == b->host;
}

static bool generation_used(const struct state *state, const struct window *window)
{
	size_t i;

	for (i = 0; i < state->count; i++)
		if (same_host(&state->list[i], window) &&
		    state->list[i].generation == window->generation)
			return true;
	return false;
}

/* One nobody has used, as far as the state knows. */
static bool generation_draw(const struct state *state, const struct umx_places *places,
			    struct window *window)
{
	size_t tries;

	for (tries = 0; tries < 1000; tries++) {
		if (getrandom(&window->generation, sizeof(window->generation), 0) < 0)
			return false;
		window->generation &= umx_places_generations(places) - 1;
		if (!generation_used(state, window))
			return true;
	}
	return false;
}

int state_reserve(struct state *state, const struct umx_places *places, struct window *window)
{
	bool small = umx_places_generations(places) == 1;
	uint64_t counters = umx_places_counters(places);
	const struct window *last = NULL;
	size_t i;

	for (i = 0; i < state->count; i++) {
		if (same_prefix(&state->list[i], window) &&
		    state->list[i].host_bits != window->host_bits)
			return say_refused("with this key the host ids of the prefix have %u bits; others would make addresses twice",
					   state->list[i].host_bits);
		if (same_host(&state->list[i], window))
			last = &state->list[i];
	}
	window->generation = last ? last->generation : 0;
	window->start = last ? last->end : 0;
	if (small && window->start >= counters)
		return say_refused("all addresses the prefix has under this key were reserved; use another prefix");
	if (!small && (!last || last->epoch != window->epoch || window->start >= counters)) {
		if (!generation_draw(state, places, window))
			return say_refused("no unused generation can be drawn");
		window->start = 0;
	}
	window->end = window->start + umx_places_window(places);
	if (window->end > counters)
		window->end = counters;
	window->time = time(NULL);
	return state_append(state, window) ? UMCTL_DONE : say_refused("no memory");
}

const struct window *state_find(const struct state *state, const struct window *prefix,
				const struct umx_place *place)
{
	const struct window *window;

	for (window = state->list; window < state->list + state->count; window++)
		if (window_same_prefix(window, prefix) && window->host == place->host &&
		    window->generation == place->generation &&
		    window->start <= place->counter && place->counter < window->end)
			return window;
	return NULL;
}
