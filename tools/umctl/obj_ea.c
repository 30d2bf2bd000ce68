// SPDX-License-Identifier: GPL-2.0
/* This file owns `umctl ea`: which connect() gets an ephemeral address. */
#include <linux/umx.h>

#include "field.h"
#include "live.h"
#include "nl.h"
#include "umctl.h"
#include "words.h"

static const char *const words_fallback[] = { "legacy", NULL };

static const struct arg add_args[] = {
	{
		.name = "pool", .type = ARG_NAME, .attr = UMX_EA_A_POOL, .group = 1,
		.max = UMX_POOL_NAME_MAX - 1, .live = &live_pools,
	},
	{ .name = "legacy", .type = ARG_FLAG, .attr = UMX_EA_A_LEGACY, .group = 1 },
	{
		.name = "to", .type = ARG_PREFIX, .attr = UMX_EA_A_TO, .attr2 = UMX_EA_A_TO_PLEN,
		.left_out = "::/0",
	},
	{ .name = "uid", .type = ARG_UIDS, .attr = UMX_EA_A_UID, .attr2 = UMX_EA_A_UID_END },
	{
		.name = "cgroup", .value = "PATH", .type = ARG_NAME, .attr = UMX_EA_A_CGROUP,
		.max = UMX_CGROUP_PATH_MAX - 1,
	},
	{
		.name = "fallback", .type = ARG_WORD_FLAG, .attr = UMX_EA_A_FALLBACK,
		.words = words_fallback,
	},
	{
		.name = "proto", .type = ARG_WORD, .attr = UMX_EA_A_PROTO, .words = words_proto,
		.left_out = "tcp",
	},
	{ .name = "index", .type = ARG_U32, .attr = UMX_EA_A_INDEX, .not_kept = true },
	{}
};

static const struct arg del_args[] = {
	{ .name = "index", .type = ARG_U32, .attr = UMX_EA_A_INDEX, .place = ARG_BARE, .group = 1 },
	{
		.name = "pool", .type = ARG_NAME, .attr = UMX_EA_A_POOL, .group = 1,
		.max = UMX_POOL_NAME_MAX - 1, .live = &live_pools,
	},
	{ .name = "legacy", .type = ARG_FLAG, .attr = UMX_EA_A_LEGACY, .group = 1 },
	{ .name = "to", .type = ARG_PREFIX, .attr = UMX_EA_A_TO, .attr2 = UMX_EA_A_TO_PLEN },
	{ .name = "uid", .type = ARG_UIDS, .attr = UMX_EA_A_UID, .attr2 = UMX_EA_A_UID_END },
	{
		.name = "cgroup", .value = "PATH", .type = ARG_NAME, .attr = UMX_EA_A_CGROUP,
		.max = UMX_CGROUP_PATH_MAX - 1,
	},
	{ .name = "proto", .type = ARG_WORD, .attr = UMX_EA_A_PROTO, .words = words_proto },
	{}
};

static const struct field fields[] = {
	{ .name = "index", .label = "", .type = FIELD_UINT, .attr = UMX_EA_A_INDEX },
	{ .name = "pool", .type = FIELD_STRING, .attr = UMX_EA_A_POOL },
	{ .name = "legacy", .type = FIELD_FLAG, .attr = UMX_EA_A_LEGACY },
	{
		.name = "to", .type = FIELD_PREFIX, .attr = UMX_EA_A_TO,
		.name2 = "to_plen", .attr2 = UMX_EA_A_TO_PLEN,
	},
	{
		.name = "uid", .type = FIELD_RANGE, .attr = UMX_EA_A_UID,
		.name2 = "uid_end", .attr2 = UMX_EA_A_UID_END,
	},
	{ .name = "cgroup", .type = FIELD_STRING, .attr = UMX_EA_A_CGROUP },
	{
		.name = "cgroup_gone", .label = "gone", .type = FIELD_BOOL,
		.attr = UMX_EA_A_CGROUP_GONE,
	},
	{
		.name = "fallback", .label = "fallback legacy", .type = FIELD_FLAG,
		.attr = UMX_EA_A_FALLBACK,
	},
	{ .name = "hits", .type = FIELD_UINT, .attr = UMX_EA_A_HITS },
	{ .name = "proto", .type = FIELD_WORD, .attr = UMX_EA_A_PROTO, .words = words_proto },
	{}
};

static const struct verb verbs[] = {
	{
		.name = "show", .help = "the rules in order, and how often each decided",
		.cmd = UMX_CMD_EA_GET, .fields = fields,
	},
	{
		.name = "add", .help = "append a rule, or insert it at a position",
		.cmd = UMX_CMD_EA_ADD, .args = add_args, .kept = true,
	},
	{
		.name = "del", .help = "remove a rule by its position or by what it says",
		.cmd = UMX_CMD_EA_DEL, .args = del_args,
	},
	{
		.name = "flush", .help = "remove all rules",
		.cmd = UMX_CMD_EA_DEL, .flag = UMX_EA_A_FLUSH,
	},
	{}
};

static const struct keep keep = {
	.order = 3,
	.heading = "rules, of which the first that matches decides",
	.listed = true,
	.stale = UMX_EA_A_CGROUP_GONE,
};

static const struct object ea = {
	.name = "ea",
	.help = "rules that give client sessions their ephemeral address",
	.family = &umx_family,
	.verbs = verbs,
	.keep = &keep,
};

OBJECT(ea);
