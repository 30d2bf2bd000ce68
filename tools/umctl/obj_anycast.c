// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns `umctl anycast`: where TCP to an anycast address is answered
 * with an error.
 */
#include <linux/umx_anycast.h>

#include "field.h"
#include "nl.h"
#include "umctl.h"

static const struct family anycast_family = {
	.name = UMX_ANYCAST_GENL_NAME,
	.module = "umx_anycast",
	.version = UMX_ANYCAST_GENL_VERSION,
};

static const struct live live_addrs = {
	.family = &anycast_family,
	.cmd = UMX_ANYCAST_CMD_GET,
	.attr = UMX_ANYCAST_A_ADDRESS,
};

static const struct arg on_args[] = {
	{ .name = "dev", .type = ARG_DEV, .attr = UMX_ANYCAST_A_IFINDEX },
	{ .name = "addr", .type = ARG_ADDR, .attr = UMX_ANYCAST_A_ADDRESS },
	{}
};

static const struct arg off_args[] = {
	{ .name = "dev", .type = ARG_DEV, .attr = UMX_ANYCAST_A_IFINDEX },
	{ .name = "addr", .type = ARG_ADDR, .attr = UMX_ANYCAST_A_ADDRESS, .live = &live_addrs },
	{}
};

static const struct arg stats_args[] = {
	{ .name = "--explain", .type = ARG_FLAG, .attr = UMX_ANYCAST_STATS_A_VERBOSE },
	{}
};

static const struct field fields[] = {
	{ .name = "all", .type = FIELD_FLAG, .attr = UMX_ANYCAST_A_ALL },
	{ .name = "ifindex", .label = "dev", .type = FIELD_IFINDEX,
	  .attr = UMX_ANYCAST_A_IFINDEX },
	{ .name = "address", .label = "addr", .type = FIELD_IN6, .attr = UMX_ANYCAST_A_ADDRESS },
	{}
};

static const struct field stats_fields[] = {
	{ .name = "name", .label = "", .type = FIELD_STRING, .attr = UMX_ANYCAST_STATS_A_NAME },
	{ .name = "value", .label = "", .type = FIELD_UINT, .attr = UMX_ANYCAST_STATS_A_VALUE },
	{ .name = "explain", .label = "", .type = FIELD_STRING,
	  .attr = UMX_ANYCAST_STATS_A_EXPLAIN },
	{}
};

static const struct verb verbs[] = {
	{
		.name = "show", .help = "where it is on; nothing is printed where it is not",
		.cmd = UMX_ANYCAST_CMD_GET, .fields = fields,
	},
	{
		.name = "on", .help = "answer everywhere, or what comes in on DEV or is sent to ADDR",
		.cmd = UMX_ANYCAST_CMD_ON, .args = on_args, .kept = true,
	},
	{
		.name = "off", .help = "take back what \"on\" with the same words did; alone, all of it",
		.cmd = UMX_ANYCAST_CMD_OFF, .args = off_args,
	},
	{
		.name = "stats", .help = "what became of TCP segments where it is on",
		.cmd = UMX_ANYCAST_CMD_STATS_GET, .args = stats_args, .fields = stats_fields,
	},
	{}
};

static const struct keep keep = {
	.order = 5,
	.heading = "anycast addresses",
};

static const struct object anycast = {
	.name = "anycast",
	.help = "an error for TCP to anycast addresses, instead of silence",
	.family = &anycast_family,
	.verbs = verbs,
	.keep = &keep,
};

OBJECT(anycast);
