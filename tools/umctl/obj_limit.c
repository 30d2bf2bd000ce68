// SPDX-License-Identifier: GPL-2.0
/* This file owns `umctl limit`: how many addresses may live at a time. */
#include <linux/umx.h>

#include "args.h"
#include "field.h"
#include "nl.h"
#include "umctl.h"
#include "words.h"

/* The scope is the second word of its enum: a flag that carries 1. */
_Static_assert(UMX_LIMIT_EACH == 1, "\"each\" is sent as ARG_TRUE");

static const struct arg set_args[] = {
	{ .name = "uid", .value = "U", .type = ARG_UIDS, .attr = UMX_LIMIT_A_UID, .key = true },
	{ .name = "each", .type = ARG_TRUE, .attr = UMX_LIMIT_A_SCOPE, .key = true },
	{ .name = "ea", .type = ARG_LIMIT, .attr = UMX_LIMIT_A_EA, .group = 1 },
	{ .name = "ssa", .type = ARG_LIMIT, .attr = UMX_LIMIT_A_SSA, .group = 1 },
	{}
};

static const struct arg del_args[] = {
	{
		.name = "uid", .value = "U", .type = ARG_UIDS, .attr = UMX_LIMIT_A_UID,
		.required = true,
	},
	{}
};

static const struct field fields[] = {
	{
		.name = "scope", .label = "", .type = FIELD_WORD, .attr = UMX_LIMIT_A_SCOPE,
		.words = words_limit_scope,
	},
	{ .name = "uid", .label = "", .type = FIELD_UINT, .attr = UMX_LIMIT_A_UID },
	{ .name = "ea", .type = FIELD_LIMIT, .attr = UMX_LIMIT_A_EA },
	{ .name = "ea_live", .type = FIELD_UINT, .attr = UMX_LIMIT_A_EA_LIVE },
	{ .name = "ssa", .type = FIELD_LIMIT, .attr = UMX_LIMIT_A_SSA },
	{ .name = "ssa_live", .type = FIELD_UINT, .attr = UMX_LIMIT_A_SSA_LIVE },
	{}
};

static const struct verb verbs[] = {
	{
		.name = "show", .help = "the limits, and what counts against them",
		.cmd = UMX_CMD_LIMIT_GET, .fields = fields,
	},
	{
		.name = "set", .help = "limit the namespace, each user, or one user",
		.cmd = UMX_CMD_LIMIT_SET, .args = set_args, .kept = true,
	},
	{
		.name = "del", .help = "one user has the limits of each again",
		.cmd = UMX_CMD_LIMIT_DEL, .args = del_args,
	},
	{
		.name = "flush", .help = "remove all limits",
		.cmd = UMX_CMD_LIMIT_DEL, .flag = UMX_LIMIT_A_FLUSH,
	},
	{}
};

/* A user may be without a limit though each has one; else it is as not said. */
static int limit_tidy(struct args *args)
{
	const struct arg *arg;
	struct value *value;

	if (args_find(args, "uid"))
		return UMCTL_DONE;
	for_each_arg(arg, args->verb) {
		value = &args->values[arg - args->verb->args];
		if (arg->type == ARG_LIMIT && value->arg && value->num == UINT32_MAX)
			value->arg = NULL;
	}
	return UMCTL_DONE;
}

static const struct keep keep = {
	.order = 2,
	.heading = "limits, before there is anything to be limited",
	.tidy = limit_tidy,
};

static const struct object limit = {
	.name = "limit",
	.help = "how many addresses may live at a time",
	.family = &umx_family,
	.verbs = verbs,
	.keep = &keep,
};

OBJECT(limit);
