// SPDX-License-Identifier: GPL-2.0
/* This file owns `umctl addr`: the live addresses. */
#include <linux/umx.h>

#include "field.h"
#include "nl.h"
#include "umctl.h"
#include "words.h"

static const struct arg show_args[] = {
	{ .name = "state", .type = ARG_WORD, .attr = UMX_ADDR_A_STATE, .words = words_addr_state },
	{}
};

static const struct field fields[] = {
	{ .name = "address", .label = "", .type = FIELD_IN6, .attr = UMX_ADDR_A_ADDRESS },
	{
		.name = "state", .type = FIELD_WORD, .attr = UMX_ADDR_A_STATE,
		.words = words_addr_state,
	},
	{ .name = "role", .type = FIELD_WORD, .attr = UMX_ADDR_A_ROLE, .words = words_role },
	{ .name = "bound", .type = FIELD_FLAG, .attr = UMX_ADDR_A_BOUND },
	{ .name = "pool", .type = FIELD_STRING, .attr = UMX_ADDR_A_POOL },
	{ .name = "port", .type = FIELD_UINT, .attr = UMX_ADDR_A_PORT },
	{ .name = "spare_of", .type = FIELD_IN6, .attr = UMX_ADDR_A_SPARE_OF },
	{}
};

static const struct verb verbs[] = {
	{
		.name = "show", .help = "live addresses, or those in one state",
		.cmd = UMX_CMD_ADDR_GET, .args = show_args, .fields = fields,
	},
	{}
};

static const struct object addr = {
	.name = "addr",
	.help = "live one-time addresses",
	.family = &umx_family,
	.verbs = verbs,
};

OBJECT(addr);
