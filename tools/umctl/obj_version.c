// SPDX-License-Identifier: GPL-2.0
/* This file owns `umctl version`: who asks and who answers. */
#include <errno.h>
#include <linux/umx.h>

#include "ask.h"
#include "out.h"
#include "umctl.h"

static const struct field fields[] = {
	{ .name = "module", .label = "umx", .type = FIELD_STRING, .attr = UMX_VERSION_A_MODULE },
	{ .name = "genl", .type = FIELD_UINT, .attr = UMX_VERSION_A_GENL },
	{}
};

static void version_print(const struct nlmsghdr *nlh, void *arg)
{
	(void)arg;
	fields_print_into(fields, nlh);
}

/* Without the module one's own version is printed all the same. */
static int version(const struct args *args)
{
	struct nl_msg *msg;
	int err, ret;

	out_begin();
	out_object_open();
	out_string("umctl", NULL, UMCTL_VERSION);
	msg = ask_message(args);
	err = msg ? unl_call(msg, version_print, NULL) : -ENOMEM;
	out_object_close();
	ret = out_end();
	return err ? unl_refused(args_command(args), err) : ret;
}

static const struct verb verbs[] = {
	{
		.help = "versions of umctl and of the module",
		.cmd = UMX_CMD_VERSION_GET, .run = version,
	},
	{}
};

static const struct object version_object = {
	.name = "version",
	.help = "versions of umctl and of the module",
	.family = &umx_family,
	.verbs = verbs,
};

OBJECT(version_object);
