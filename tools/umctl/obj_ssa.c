// SPDX-License-Identifier: GPL-2.0
/* This file owns `umctl ssa`: addresses that wait for their one connection. */
#include <linux/umx.h>

#include "field.h"
#include "live.h"
#include "nl.h"
#include "umctl.h"

static const struct arg add_args[] = {
	{ .name = "pid", .type = ARG_PID, .attr = UMX_SSA_A_PID, .group = 1 },
	{ .name = "port", .type = ARG_PORT, .attr = UMX_SSA_A_PORT, .group = 1,
	  .live = &live_ports },
	{ .name = "pool", .type = ARG_NAME, .attr = UMX_SSA_A_POOL, .max = UMX_POOL_NAME_MAX - 1,
	  .live = &live_pools },
	{ .name = "addr", .type = ARG_ADDR, .attr = UMX_SSA_A_ADDRESS },
	{ .name = "from", .type = ARG_PREFIX, .attr = UMX_SSA_A_FROM,
	  .attr2 = UMX_SSA_A_FROM_PLEN },
	{ .name = "lifetime", .value = "SEC", .type = ARG_U32, .attr = UMX_SSA_A_LIFETIME },
	{ .name = "dev", .type = ARG_DEV, .attr = UMX_SSA_A_IFINDEX },
	{}
};

static const struct arg lease_args[] = {
	{ .name = "port", .type = ARG_PORT, .required = true, .attr = UMX_SSA_A_PORT,
	  .live = &live_ports },
	{ .name = "from", .type = ARG_PREFIX, .attr = UMX_SSA_A_FROM,
	  .attr2 = UMX_SSA_A_FROM_PLEN },
	{ .name = "lifetime", .value = "SEC", .type = ARG_U32, .attr = UMX_SSA_A_LIFETIME },
	{ .name = "dev", .type = ARG_DEV, .attr = UMX_SSA_A_IFINDEX },
	{}
};

static const struct arg del_args[] = {
	{ .name = "addr", .type = ARG_ADDR, .place = ARG_BARE, .attr = UMX_SSA_A_ADDRESS,
	  .group = 1, .live = &live_ssas },
	{ .name = "port", .type = ARG_PORT, .attr = UMX_SSA_A_PORT, .group = 1,
	  .live = &live_ports },
	{}
};

static const struct arg show_args[] = {
	{ .name = "port", .type = ARG_PORT, .attr = UMX_SSA_A_PORT, .live = &live_ports },
	{}
};

static const struct field fields[] = {
	{ .name = "address", .label = "", .type = FIELD_IN6, .attr = UMX_SSA_A_ADDRESS },
	{ .name = "port", .type = FIELD_UINT, .attr = UMX_SSA_A_PORT },
	{ .name = "pid", .type = FIELD_UINT, .attr = UMX_SSA_A_PID },
	{ .name = "pool", .type = FIELD_STRING, .attr = UMX_SSA_A_POOL },
	{
		.name = "from", .type = FIELD_PREFIX, .attr = UMX_SSA_A_FROM,
		.name2 = "from_plen", .attr2 = UMX_SSA_A_FROM_PLEN,
	},
	{ .name = "lifetime", .type = FIELD_UINT, .attr = UMX_SSA_A_LIFETIME },
	{ .name = "ifindex", .label = "dev", .type = FIELD_IFINDEX, .attr = UMX_SSA_A_IFINDEX },
	{}
};

/* Of a new one only the address, ready to be handed to its client. */
static const struct field new_fields[] = {
	{ .name = "address", .label = "", .type = FIELD_IN6, .attr = UMX_SSA_A_ADDRESS },
	{}
};

static const struct verb verbs[] = {
	{
		.name = "show", .help = "addresses that wait, and the seconds they have left",
		.cmd = UMX_CMD_SSA_GET, .args = show_args, .fields = fields,
	},
	{
		.name = "add", .help = "make one and print its address",
		.cmd = UMX_CMD_SSA_ADD, .args = add_args, .reply = new_fields,
	},
	{
		.name = "lease", .help = "take out one that a port in mode auto keeps ready",
		.cmd = UMX_CMD_SSA_LEASE, .args = lease_args, .reply = new_fields,
	},
	{
		.name = "del", .help = "dispose one that waits, or all of a port",
		.cmd = UMX_CMD_SSA_DEL, .args = del_args,
	},
	{
		.name = "flush", .help = "dispose all that wait",
		.cmd = UMX_CMD_SSA_DEL, .flag = UMX_SSA_A_FLUSH,
	},
	{}
};

static const struct object ssa = {
	.name = "ssa",
	.help = "specific service addresses that wait for their connection",
	.family = &umx_family,
	.verbs = verbs,
};

OBJECT(ssa);
