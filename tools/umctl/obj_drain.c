// SPDX-License-Identifier: GPL-2.0
/* This file owns `umctl drain`: making the module ready to be unloaded. */
#include <linux/umx.h>

#include "ask.h"
#include "say.h"
#include "umctl.h"

static const struct arg drain_args[] = {
	{ .name = "--abort", .type = ARG_FLAG, .attr = UMX_DRAIN_A_ABORT },
	{}
};

static const struct field fields[] = {
	{ .name = "sessions", .type = FIELD_UINT, .attr = UMX_DRAIN_A_SESSIONS },
	{ .name = "closing", .type = FIELD_UINT, .attr = UMX_DRAIN_A_CLOSING },
	{ .name = "waiting", .type = FIELD_UINT, .attr = UMX_DRAIN_A_WAITING },
	{ .name = "listeners", .type = FIELD_UINT, .attr = UMX_DRAIN_A_LISTENERS },
	{ .name = "aborted", .type = FIELD_UINT, .attr = UMX_DRAIN_A_ABORTED },
	{ .name = "purged", .type = FIELD_UINT, .attr = UMX_DRAIN_A_PURGED },
	{ .name = "sockets", .type = FIELD_UINT, .attr = UMX_DRAIN_A_SOCKETS },
	{}
};

static void count_read(const struct nlmsghdr *nlh, void *arg)
{
	const struct nlattr *sessions = field_find(nlh, UMX_DRAIN_A_SESSIONS);

	fields_print(fields, nlh);
	*(uint64_t *)arg = sessions ? field_uint(sessions) : 0;
}

static int drain(const struct args *args)
{
	uint64_t sessions = 0;
	int ret;

	ret = ask_print(args, count_read, &sessions);
	if (sessions)
		say_warning("sessions hold the module: \"umctl session show\" lists them, "
			    "\"umctl drain --abort\" ends them");
	return ret;
}

static const struct verb verbs[] = {
	{
		.help = "stop giving out addresses; say what still holds the module",
		.cmd = UMX_CMD_DRAIN, .args = drain_args, .run = drain,
	},
	{
		.name = "off", .help = "give out addresses again",
		.cmd = UMX_CMD_DRAIN, .flag = UMX_DRAIN_A_OFF,
	},
	{}
};

static const struct object drain_object = {
	.name = "drain",
	.help = "stop giving out addresses, so that the module can be unloaded",
	.family = &umx_family,
	.verbs = verbs,
};

OBJECT(drain_object);
