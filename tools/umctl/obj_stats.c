// SPDX-License-Identifier: GPL-2.0
/* This file owns `umctl stats`: the counters of the namespace. */
#include <linux/umx.h>

#include "field.h"
#include "nl.h"
#include "umctl.h"
#include "words.h"

static const struct arg show_args[] = {
	{ .name = "--explain", .type = ARG_FLAG, .attr = UMX_STATS_A_VERBOSE },
	{}
};

/* Text is "name value" for whoever greps; the kind is for JSON only. */
static const struct field fields[] = {
	{ .name = "name", .label = "", .type = FIELD_STRING, .attr = UMX_STATS_A_NAME },
	{ .name = "value", .label = "", .type = FIELD_UINT, .attr = UMX_STATS_A_VALUE },
	{
		.name = "kind", .type = FIELD_WORD, .attr = UMX_STATS_A_KIND,
		.words = words_stats_kind, .json_only = true,
	},
	{ .name = "explain", .label = "", .type = FIELD_STRING, .attr = UMX_STATS_A_EXPLAIN },
	{}
};

static const struct verb verbs[] = {
	{
		.name = "show", .help = "every counter, with the sentence that explains it",
		.cmd = UMX_CMD_STATS_GET, .args = show_args, .fields = fields,
	},
	{}
};

static const struct object stats = {
	.name = "stats",
	.help = "counters",
	.family = &umx_family,
	.verbs = verbs,
};

OBJECT(stats);
