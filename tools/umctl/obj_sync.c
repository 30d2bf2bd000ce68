// SPDX-License-Identifier: GPL-2.0
/* This file owns `umctl sync`: the configuration becomes that of a file. */
#include "nl.h"
#include "plan.h"

static const struct arg sync_args[] = {
	{ .name = "file", .value = "FILE", .type = ARG_NAME, .place = ARG_BARE, .required = true },
	{ .name = "dry-run", .type = ARG_FLAG },
	{ .name = "-n", .type = ARG_FLAG },
	{ .name = "force", .type = ARG_FLAG },
	{}
};

static int sync_run(const struct args *args)
{
	const char *path = args_find(args, "file")->str;
	struct config have = {}, want = {};
	struct plan plan = {};
	int ret;

	ret = config_read_file(&want, path);
	if (!ret)
		ret = config_read_kernel(&have);
	if (!ret)
		ret = plan_make(&plan, &have, &want, args_find(args, "force"));
	if (!ret && (args_find(args, "dry-run") || args_find(args, "-n")))
		ret = plan_print(&plan);
	else if (!ret)
		ret = plan_run(&plan, path);
	plan_free(&plan);
	config_free(&want);
	config_free(&have);
	return ret;
}

static const struct verb verbs[] = {
	{
		.help = "change what differs from FILE; dry-run (-n) only prints the commands",
		.args = sync_args, .run = sync_run,
	},
	{}
};

static const struct object sync_object = {
	.name = "sync",
	.help = "change the configuration into that of a file",
	.family = &umx_family,
	.verbs = verbs,
};

OBJECT(sync_object);
