// SPDX-License-Identifier: GPL-2.0
/* This file owns `umctl restore`: a file becomes the configuration where none is. */
#include <stdlib.h>

#include "nl.h"
#include "plan.h"
#include "say.h"

static const struct arg restore_args[] = {
	{ .name = "FILE", .type = ARG_NAME, .place = ARG_POSITION },
	{}
};

/* Pools that are detached are on their way out. */
static int config_is_empty(const struct config *config)
{
	const struct item *item;
	char *keys = NULL;
	size_t size;
	FILE *to;
	int ret;

	for_each_item(item, config)
		if (!item->leaving)
			break;
	if (item == config->items + config->count)
		return UMCTL_DONE;
	to = open_memstream(&keys, &size);
	if (to) {
		config_print_keys(config, to);
		fclose(to);
	}
	ret = say_refused("there is a configuration already (%s): \"umctl sync\" changes it into that of the file",
			  keys ? keys : "");
	free(keys);
	return ret;
}

static int restore(const struct args *args)
{
	const char *path = args_find(args, "FILE")->str;
	struct config have = {}, want = {};
	struct plan plan = {};
	int ret;

	ret = config_read_file(&want, path);
	if (!ret)
		ret = config_read_kernel(&have);
	if (!ret)
		ret = config_is_empty(&have);
	if (!ret)
		ret = plan_make(&plan, &have, &want, false);
	if (!ret)
		ret = plan_run(&plan, path);
	plan_free(&plan);
	config_free(&want);
	config_free(&have);
	return ret;
}

static const struct verb verbs[] = {
	{
		.help = "set up what FILE says, all of it or nothing, where nothing is yet",
		.args = restore_args, .run = restore,
	},
	{}
};

static const struct object restore_object = {
	.name = "restore",
	.help = "set up the configuration of a file",
	.family = &umx_family,
	.verbs = verbs,
};

OBJECT(restore_object);
