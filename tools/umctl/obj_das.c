// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns `umctl das`, also installed as `das`: delayed address
 * setting, which gives a process that listens already an address.
 */
#include <linux/umx.h>

#include "field.h"
#include "live.h"
#include "nl.h"
#include "umctl.h"

static const struct arg das_args[] = {
	{ .name = "PID", .type = ARG_PID, .place = ARG_POSITION, .attr = UMX_SSA_A_PID },
	{ .name = "DEV", .type = ARG_DEV, .place = ARG_POSITION, .attr = UMX_SSA_A_IFINDEX },
	{ .name = "ADDR", .type = ARG_ADDR, .place = ARG_POSITION, .attr = UMX_SSA_A_ADDRESS },
	{ .name = "port", .type = ARG_PORT, .attr = UMX_SSA_A_PORT, .live = &live_ports },
	{}
};

static const struct field fields[] = {
	{ .name = "address", .label = "", .type = FIELD_IN6, .attr = UMX_SSA_A_ADDRESS },
	{}
};

static const struct verb verbs[] = {
	{
		.help = "give a listening process the address ADDR; packets come in on DEV",
		.cmd = UMX_CMD_SSA_ADD, .args = das_args, .reply = fields,
	},
	{}
};

static const struct object das = {
	.name = "das",
	.help = "delayed address setting: an address for a process that listens",
	.family = &umx_family,
	.verbs = verbs,
};

OBJECT(das);
