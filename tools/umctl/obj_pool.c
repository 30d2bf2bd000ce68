// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns `umctl pool`: the prefixes one-time addresses are drawn from.
 *
 * A pool is there before its route and its route is gone after it, so that no
 * packet for the prefix passes while the gate is not up. Whatever removes a
 * pool ends in pool_routes_sweep().
 */
#include <errno.h>
#include <linux/umx.h>
#include <netlink/attr.h>
#include <string.h>

#include "ask.h"
#include "live.h"
#include "out.h"
#include "pool_routes.h"
#include "route.h"
#include "say.h"
#include "umctl.h"
#include "words.h"

static const struct arg add_args[] = {
	{ .name = "NAME", .type = ARG_NAME, .place = ARG_POSITION, .attr = UMX_POOL_A_NAME,
	  .max = UMX_POOL_NAME_MAX - 1, .key = true },
	{ .name = "prefix", .type = ARG_PREFIX, .required = true, .attr = UMX_POOL_A_PREFIX,
	  .attr2 = UMX_POOL_A_PLEN },
	{ .name = "dev", .type = ARG_DEV, .attr = UMX_POOL_A_IFINDEX },
	{ .name = "type", .type = ARG_WORD, .attr = UMX_POOL_A_TYPE, .words = words_pool_type,
	  .left_out = "routed" },
	{ .name = "gen", .type = ARG_WORD, .attr = UMX_POOL_A_GENERATOR,
	  .words = words_generator, .chosen = true },
	{ .name = "reject", .type = ARG_TRUE, .attr = UMX_POOL_A_REJECT },
	{}
};

static const struct arg show_args[] = {
	{ .name = "name", .type = ARG_NAME, .place = ARG_BARE, .max = UMX_POOL_NAME_MAX - 1,
	  .live = &live_pools },
	{}
};

static const struct arg del_args[] = {
	{ .name = "NAME", .type = ARG_NAME, .place = ARG_POSITION, .attr = UMX_POOL_A_NAME,
	  .max = UMX_POOL_NAME_MAX - 1, .live = &live_pools },
	{ .name = "force", .type = ARG_FLAG, .attr = UMX_POOL_A_FORCE },
	{}
};

static const struct arg flush_args[] = {
	{ .name = "name", .type = ARG_NAME, .place = ARG_BARE, .attr = UMX_POOL_A_NAME,
	  .max = UMX_POOL_NAME_MAX - 1, .live = &live_pools },
	{ .name = "force", .type = ARG_FLAG, .attr = UMX_POOL_A_FORCE },
	{}
};

static const struct field stat_fields[] = {
	{ .name = "tentative", .type = FIELD_UINT, .attr = UMX_POOL_STAT_A_TENTATIVE },
	{ .name = "uncertain", .type = FIELD_UINT, .attr = UMX_POOL_STAT_A_UNCERTAIN },
	{ .name = "valid", .type = FIELD_UINT, .attr = UMX_POOL_STAT_A_VALID },
	{ .name = "closing", .type = FIELD_UINT, .attr = UMX_POOL_STAT_A_CLOSING },
	{ .name = "disposed", .type = FIELD_UINT, .attr = UMX_POOL_STAT_A_DISPOSED },
	{ .name = "exhausted", .type = FIELD_UINT, .attr = UMX_POOL_STAT_A_EXHAUSTED },
	{ .name = "duplicates", .type = FIELD_UINT, .attr = UMX_POOL_STAT_A_DUPLICATES },
	{ .name = "dropped", .type = FIELD_UINT, .attr = UMX_POOL_STAT_A_DROPPED },
	{}
};

static const struct field fields[] = {
	{ .name = "name", .label = "", .type = FIELD_STRING, .attr = UMX_POOL_A_NAME },
	{
		.name = "prefix", .type = FIELD_PREFIX, .attr = UMX_POOL_A_PREFIX,
		.name2 = "plen", .attr2 = UMX_POOL_A_PLEN,
	},
	{ .name = "type", .type = FIELD_WORD, .attr = UMX_POOL_A_TYPE, .words = words_pool_type },
	{
		.name = "generator", .type = FIELD_WORD, .attr = UMX_POOL_A_GENERATOR,
		.words = words_generator,
	},
	{ .name = "ifindex", .label = "dev", .type = FIELD_IFINDEX, .attr = UMX_POOL_A_IFINDEX },
	{ .name = "reject", .type = FIELD_FLAG, .attr = UMX_POOL_A_REJECT },
	{ .name = "detached", .type = FIELD_FLAG, .attr = UMX_POOL_A_DETACHED },
	{ .name = "stats", .type = FIELD_NEST, .attr = UMX_POOL_A_STATS, .fields = stat_fields },
	{}
};

/* Takes back a pool that got no route. */
static void pool_undo(const struct family *family, const char *name)
{
	struct nl_msg *msg;

	msg = unl_genl(family, UMX_CMD_POOL_DEL, 0);
	if (!msg)
		return;
	nla_put_string(msg, UMX_POOL_A_NAME, name);
	unl_call(msg, NULL, NULL);
}

static int pool_add(const struct args *args)
{
	const struct value *prefix = args_find(args, "prefix");
	const char *name = args_find(args, "NAME")->str;
	int err, ret;

	if (!route_lo_up())
		return say_refused("lo is down, and packets to a pool are delivered through it: ip link set lo up");
	ret = ask_command(args);
	if (ret)
		return ret;
	err = route_add(&prefix->addr, prefix->plen);
	if (err) {
		ret = unl_refused("the pool's route", err);
		pool_undo(args->object->family, name);
		return ret;
	}
	if (prefix->plen > UMX_RANDOM_PLEN_MAX)
		say_warning("pool %s has fewer than 48 free bits: its addresses can be guessed",
			    name);
	return UMCTL_DONE;
}

/* The routes go after the pools; a refusal leaves both. */
static int pool_remove(const struct args *args, struct nl_msg *msg)
{
	int err;

	err = msg ? unl_call(msg, NULL, NULL) : -ENOMEM;
	if (err)
		return unl_refused(args_command(args), err);
	err = pool_routes_sweep(args->object->family);
	return err ? unl_refused("removal of the pool's route", err) : UMCTL_DONE;
}

static int pool_del(const struct args *args)
{
	return pool_remove(args, ask_message(args));
}

static int pool_flush(const struct args *args)
{
	struct nl_msg *msg = ask_message(args);

	if (msg && !args_find(args, "name"))
		nla_put_flag(msg, UMX_POOL_A_FLUSH);
	return pool_remove(args, msg);
}

/**
 * struct pool_shower - a dump of which one pool is shown
 * @name: its name.
 * @found: it was there.
 */
struct pool_shower {
	const char *name;
	bool found;
};

static void pool_print(const struct nlmsghdr *nlh, void *arg)
{
	const struct nlattr *nla = field_find(nlh, UMX_POOL_A_NAME);
	struct pool_shower *shower = arg;
	char name[UMX_POOL_NAME_MAX];

	if (!nla || strcmp(field_string(nla, name, sizeof(name)), shower->name))
		return;
	shower->found = true;
	fields_print(fields, nlh);
}

static void pool_restart(void *arg)
{
	struct pool_shower *shower = arg;

	shower->found = false;
	out_restart();
}

static int pool_show(const struct args *args)
{
	const struct value *name = args_find(args, "name");
	struct pool_shower shower = {};
	struct nl_msg *msg;
	int err;

	if (!name)
		return ask_command(args);
	shower.name = name->str;
	msg = ask_message(args);
	if (!msg)
		return unl_refused(args_command(args), -ENOMEM);
	out_begin();
	err = unl_dump(msg, pool_print, pool_restart, &shower);
	if (!err && shower.found)
		return out_end();
	out_abort();
	if (err)
		return unl_refused(args_command(args), err);
	return say_refused("there is no pool \"%s\" in this network namespace", name->str);
}

static const struct verb verbs[] = {
	{
		.name = "show", .help = "pools and their statistics",
		.cmd = UMX_CMD_POOL_GET, .args = show_args, .fields = fields, .run = pool_show,
	},
	{
		.name = "add", .help = "add a pool and the route of its prefix",
		.cmd = UMX_CMD_POOL_ADD, .args = add_args, .run = pool_add, .kept = true,
	},
	{
		.name = "del", .help = "remove a pool and its route; force: sessions live on",
		.cmd = UMX_CMD_POOL_DEL, .args = del_args, .run = pool_del,
	},
	{
		.name = "flush", .help = "remove all pools and every route left of earlier ones",
		.cmd = UMX_CMD_POOL_DEL, .args = flush_args, .run = pool_flush,
	},
	{}
};

static const struct keep keep = {
	.order = 1,
	.heading = "pools",
	.leaving = UMX_POOL_A_DETACHED,
};

static const struct object pool = {
	.name = "pool",
	.help = "prefixes from which one-time addresses are drawn",
	.family = &umx_family,
	.verbs = verbs,
	.keep = &keep,
};

OBJECT(pool);
