// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns `umctl listener`: the modes of ports, and the rules that set
 * them when a server calls listen().
 */
#include <errno.h>
#include <linux/umx.h>
#include <netlink/attr.h>
#include <string.h>

#include "ask.h"
#include "live.h"
#include "say.h"
#include "umctl.h"
#include "words.h"

#define STRING_OF(value)	#value
#define STRING(macro)		STRING_OF(macro)

/* Positions are the values of the u8 booleans. */
static const char *const words_ipv4[] = { "drop", "keep", NULL };
static const char *const words_local[] = { "deny", "allow", NULL };

static const struct arg set_args[] = {
	{ .name = "pid", .type = ARG_PID, .attr = UMX_LISTENER_A_PID, .group = 1,
	  .not_kept = true },
	{ .name = "port", .type = ARG_PORT, .attr = UMX_LISTENER_A_PORT, .group = 1,
	  .live = &live_ports, .key = true },
	{ .name = "mode", .type = ARG_WORD, .required = true, .attr = UMX_LISTENER_A_MODE,
	  .words = words_listener_mode },
	{ .name = "pool", .type = ARG_NAME, .attr = UMX_LISTENER_A_POOL,
	  .max = UMX_POOL_NAME_MAX - 1, .live = &live_pools, .revoke = true },
	{ .name = "ipv4", .type = ARG_WORD, .attr = UMX_LISTENER_A_IPV4, .words = words_ipv4,
	  .left_out = "drop" },
	{ .name = "local", .type = ARG_WORD, .attr = UMX_LISTENER_A_LOCAL, .words = words_local,
	  .left_out = "allow" },
	{ .name = "half_open", .type = ARG_U8, .attr = UMX_LISTENER_A_HALF_OPEN,
	  .left_out = STRING(UMX_HALF_OPEN) },
	{ .name = "cookie_rate", .type = ARG_U32, .attr = UMX_LISTENER_A_COOKIE_RATE,
	  .left_out = STRING(UMX_COOKIE_RATE) },
	{}
};

static const struct arg show_args[] = {
	{ .name = "all", .type = ARG_FLAG, .attr = UMX_LISTENER_A_ALL },
	{}
};

static const struct field fields[] = {
	{ .name = "port", .type = FIELD_UINT, .attr = UMX_LISTENER_A_PORT },
	{
		.name = "mode", .type = FIELD_WORD, .attr = UMX_LISTENER_A_MODE,
		.words = words_listener_mode,
	},
	{ .name = "pool", .type = FIELD_STRING, .attr = UMX_LISTENER_A_POOL },
	{ .name = "ipv4", .type = FIELD_BOOL, .attr = UMX_LISTENER_A_IPV4, .words = words_ipv4 },
	{ .name = "local", .type = FIELD_BOOL, .attr = UMX_LISTENER_A_LOCAL, .words = words_local },
	{ .name = "half_open", .type = FIELD_UINT, .attr = UMX_LISTENER_A_HALF_OPEN },
	{ .name = "cookie_rate", .type = FIELD_UINT, .attr = UMX_LISTENER_A_COOKIE_RATE },
	{ .name = "sockets", .type = FIELD_UINT, .attr = UMX_LISTENER_A_SOCKETS },
	{ .name = "waiting", .type = FIELD_UINT, .attr = UMX_LISTENER_A_WAITING },
	{ .name = "ready", .type = FIELD_UINT, .attr = UMX_LISTENER_A_READY },
	{ .name = "backlog", .type = FIELD_UINT, .attr = UMX_LISTENER_A_BACKLOG },
	{ .name = "dualstack", .type = FIELD_FLAG, .attr = UMX_LISTENER_A_DUALSTACK },
	{ .name = "ruled", .label = "by rule", .type = FIELD_FLAG, .attr = UMX_LISTENER_A_RULED },
	{ .name = "rule", .label = "", .type = FIELD_UINT, .attr = UMX_LISTENER_A_RULE },
	{ .name = "pid", .type = FIELD_UINT, .attr = UMX_LISTENER_A_PID },
	{ .name = "comm", .type = FIELD_STRING, .attr = UMX_LISTENER_A_COMM },
	{}
};

static uint64_t listener_uint(const struct nlmsghdr *nlh, uint16_t attr)
{
	const struct nlattr *nla = field_find(nlh, attr);

	return nla ? field_uint(nla) : 0;
}

/* IPv4 that somebody may miss, on a port that the command was about. */
static void dualstack_warn(const struct nlmsghdr *nlh, void *arg)
{
	const struct value *port = args_find(arg, "port");
	const struct value *pid = args_find(arg, "pid");
	uint64_t its_port = listener_uint(nlh, UMX_LISTENER_A_PORT);

	if (port && port->num != its_port)
		return;
	if (!port && pid->num != listener_uint(nlh, UMX_LISTENER_A_PID))
		return;
	if (listener_uint(nlh, UMX_LISTENER_A_MODE) == UMX_LISTENER_LEGACY ||
	    !listener_uint(nlh, UMX_LISTENER_A_DUALSTACK) ||
	    listener_uint(nlh, UMX_LISTENER_A_IPV4))
		return;
	say_warning("port %u also took IPv4; that is closed now (ipv4 keep leaves it open)",
		    (unsigned int)its_port);
}

static int listener_set(const struct args *args)
{
	struct nl_msg *msg;
	int ret;

	ret = ask_command(args);
	if (ret || args_find(args, "mode")->num == UMX_LISTENER_LEGACY)
		return ret;
	msg = unl_genl(args->object->family, UMX_CMD_LISTENER_GET, 0);
	if (msg)
		unl_dump(msg, dualstack_warn, NULL, (void *)args);
	return UMCTL_DONE;
}

static int listener_flush(const struct args *args)
{
	struct nl_msg *msg = ask_message(args);
	int err = -ENOMEM;

	if (msg) {
		nla_put_u8(msg, UMX_LISTENER_A_MODE, UMX_LISTENER_LEGACY);
		err = unl_call(msg, NULL, NULL);
	}
	return err ? unl_refused(args_command(args), err) : UMCTL_DONE;
}

static const struct verb verbs[] = {
	{
		.name = "show", .help = "ports with a mode, or every port that listens",
		.cmd = UMX_CMD_LISTENER_GET, .args = show_args, .fields = fields,
	},
	{
		.name = "set", .help = "set the mode of a port, or of a process's port",
		.cmd = UMX_CMD_LISTENER_SET, .args = set_args, .run = listener_set,
		.kept = true,
	},
	{
		.name = "flush", .help = "give every port back to mode legacy",
		.cmd = UMX_CMD_LISTENER_SET, .flag = UMX_LISTENER_A_FLUSH, .run = listener_flush,
	},
	{}
};

static const struct keep keep = {
	.order = 4,
	.heading = "ports",
	.unless = UMX_LISTENER_A_RULED,
};

/* --- listener rule --- */

static const struct arg rule_add_args[] = {
	{ .name = "port", .type = ARG_PORT, .attr = UMX_LISTEN_RULE_A_PORT, .live = &live_ports },
	{ .name = "uid", .type = ARG_UIDS, .attr = UMX_LISTEN_RULE_A_UID,
	  .attr2 = UMX_LISTEN_RULE_A_UID_END },
	{ .name = "cgroup", .value = "PATH", .type = ARG_NAME, .attr = UMX_LISTEN_RULE_A_CGROUP,
	  .max = UMX_CGROUP_PATH_MAX - 1 },
	{ .name = "mode", .type = ARG_WORD, .required = true, .attr = UMX_LISTEN_RULE_A_MODE,
	  .words = words_listener_mode },
	{ .name = "pool", .type = ARG_NAME, .attr = UMX_LISTEN_RULE_A_POOL,
	  .max = UMX_POOL_NAME_MAX - 1, .live = &live_pools },
	{ .name = "ipv4", .type = ARG_WORD, .attr = UMX_LISTEN_RULE_A_IPV4, .words = words_ipv4,
	  .usual = "drop" },
	{ .name = "local", .type = ARG_WORD, .attr = UMX_LISTEN_RULE_A_LOCAL,
	  .words = words_local, .usual = "allow" },
	{ .name = "half_open", .type = ARG_U8, .attr = UMX_LISTEN_RULE_A_HALF_OPEN,
	  .usual = STRING(UMX_HALF_OPEN) },
	{ .name = "cookie_rate", .type = ARG_U32, .attr = UMX_LISTEN_RULE_A_COOKIE_RATE,
	  .usual = STRING(UMX_COOKIE_RATE) },
	{ .name = "index", .type = ARG_U32, .attr = UMX_LISTEN_RULE_A_INDEX, .not_kept = true },
	{}
};

static const struct arg rule_del_args[] = {
	{ .name = "index", .type = ARG_U32, .attr = UMX_LISTEN_RULE_A_INDEX, .place = ARG_BARE,
	  .group = 1 },
	{ .name = "port", .type = ARG_PORT, .attr = UMX_LISTEN_RULE_A_PORT, .live = &live_ports },
	{ .name = "uid", .type = ARG_UIDS, .attr = UMX_LISTEN_RULE_A_UID,
	  .attr2 = UMX_LISTEN_RULE_A_UID_END },
	{ .name = "cgroup", .value = "PATH", .type = ARG_NAME, .attr = UMX_LISTEN_RULE_A_CGROUP,
	  .max = UMX_CGROUP_PATH_MAX - 1 },
	{ .name = "mode", .type = ARG_WORD, .attr = UMX_LISTEN_RULE_A_MODE,
	  .words = words_listener_mode, .group = 1 },
	{ .name = "pool", .type = ARG_NAME, .attr = UMX_LISTEN_RULE_A_POOL,
	  .max = UMX_POOL_NAME_MAX - 1, .live = &live_pools },
	{}
};

static const struct field rule_fields[] = {
	{ .name = "index", .label = "", .type = FIELD_UINT, .attr = UMX_LISTEN_RULE_A_INDEX },
	{ .name = "port", .type = FIELD_UINT, .attr = UMX_LISTEN_RULE_A_PORT },
	{
		.name = "uid", .type = FIELD_RANGE, .attr = UMX_LISTEN_RULE_A_UID,
		.name2 = "uid_end", .attr2 = UMX_LISTEN_RULE_A_UID_END,
	},
	{ .name = "cgroup", .type = FIELD_STRING, .attr = UMX_LISTEN_RULE_A_CGROUP },
	{
		.name = "cgroup_gone", .label = "gone", .type = FIELD_BOOL,
		.attr = UMX_LISTEN_RULE_A_CGROUP_GONE,
	},
	{
		.name = "mode", .type = FIELD_WORD, .attr = UMX_LISTEN_RULE_A_MODE,
		.words = words_listener_mode,
	},
	{ .name = "pool", .type = FIELD_STRING, .attr = UMX_LISTEN_RULE_A_POOL },
	{ .name = "ipv4", .type = FIELD_BOOL, .attr = UMX_LISTEN_RULE_A_IPV4,
	  .words = words_ipv4 },
	{ .name = "local", .type = FIELD_BOOL, .attr = UMX_LISTEN_RULE_A_LOCAL,
	  .words = words_local },
	{ .name = "half_open", .type = FIELD_UINT, .attr = UMX_LISTEN_RULE_A_HALF_OPEN },
	{ .name = "cookie_rate", .type = FIELD_UINT, .attr = UMX_LISTEN_RULE_A_COOKIE_RATE },
	{ .name = "hits", .type = FIELD_UINT, .attr = UMX_LISTEN_RULE_A_HITS },
	{}
};

static const struct verb rule_verbs[] = {
	{
		.name = "show", .help = "the rules in order, and how often each decided",
		.cmd = UMX_CMD_LISTEN_RULE_GET, .fields = rule_fields,
	},
	{
		.name = "add", .help = "append a rule, or insert it at a position",
		.cmd = UMX_CMD_LISTEN_RULE_ADD, .args = rule_add_args, .kept = true,
	},
	{
		.name = "del", .help = "remove a rule by its position or by what it says",
		.cmd = UMX_CMD_LISTEN_RULE_DEL, .args = rule_del_args,
	},
	{
		.name = "flush", .help = "remove all rules",
		.cmd = UMX_CMD_LISTEN_RULE_DEL, .flag = UMX_LISTEN_RULE_A_FLUSH,
	},
	{}
};

/* What a port has anyway a rule need not say. */
static int rule_tidy(struct args *args)
{
	const struct arg *arg;
	struct value *value;

	for_each_arg(arg, args->verb) {
		value = &args->values[arg - args->verb->args];
		if (args_is_usual(value))
			value->arg = NULL;
	}
	return UMCTL_DONE;
}

static const struct keep keep_rule = {
	.order = 4,
	.heading = "rules about servers, of which the first that matches decides",
	.listed = true,
	.stale = UMX_LISTEN_RULE_A_CGROUP_GONE,
	.tidy = rule_tidy,
};

static const struct object listener_rule = {
	.name = "listener rule",
	.help = "servers whose ports are closed when they call listen()",
	.family = &umx_family,
	.verbs = rule_verbs,
	.keep = &keep_rule,
};

/* --- listener --- */

static const struct object *const parts[] = { &listener_rule, NULL };

static const struct object listener = {
	.name = "listener",
	.help = "ports that accept nobody but through specific service addresses",
	.family = &umx_family,
	.verbs = verbs,
	.keep = &keep,
	.parts = parts,
};

OBJECT(listener);
