// SPDX-License-Identifier: GPL-2.0
/* This file owns `umctl drain`: making the module ready to be unloaded. */
#include <linux/umx.h>

#include "ask.h"
#include "pool_list.h"
#include "pool_routes.h"
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

/**
 * struct drain_left - what the drain has left
 * @sessions: that live.
 * @closing: addresses whose TIME_WAIT goes on.
 */
struct drain_left {
	uint64_t sessions;
	uint64_t closing;
};

static void left_read(const struct nlmsghdr *nlh, void *arg)
{
	const struct nlattr *sessions = field_find(nlh, UMX_DRAIN_A_SESSIONS);
	const struct nlattr *closing = field_find(nlh, UMX_DRAIN_A_CLOSING);
	struct drain_left *left = arg;

	fields_print(fields, nlh);
	left->sessions = sessions ? field_uint(sessions) : 0;
	left->closing = closing ? field_uint(closing) : 0;
}

/*
 * Once nothing lives in the pools their routes go: the module can be unloaded
 * from now on, and without it the host would answer for the prefix that there
 * is no way to it.
 */
static int drain(const struct args *args)
{
	struct drain_left left = {};
	int ret, err;

	ret = ask_print(args, left_read, &left);
	if (!ret)
		ret = pool_lists_rest(args->object->family);
	if (ret)
		return ret;
	if (left.sessions || left.closing) {
		say_warning("sessions hold the module: \"umctl session show\" lists them, "
			    "\"umctl drain --abort\" ends them");
		return UMCTL_DONE;
	}
	err = pool_routes_withdraw();
	return err ? unl_refused("removal of the pools' routes", err) : UMCTL_DONE;
}

static int drain_off(const struct args *args)
{
	int ret, err;

	ret = pool_lists_resume(args->object->family);
	if (!ret)
		ret = ask_command(args);
	if (ret)
		return ret;
	err = pool_routes_restore(args->object->family);
	return err ? unl_refused("the pools' routes", err) : UMCTL_DONE;
}

static const struct verb verbs[] = {
	{
		.help = "stop giving out addresses; say what still holds the module",
		.cmd = UMX_CMD_DRAIN, .args = drain_args, .run = drain,
	},
	{
		.name = "off", .help = "give out addresses again",
		.cmd = UMX_CMD_DRAIN, .flag = UMX_DRAIN_A_OFF, .run = drain_off,
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
