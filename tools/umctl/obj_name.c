// SPDX-License-Identifier: GPL-2.0
/* This file owns `umctl name`: names that umx-dns answers with addresses. */
#include "../umx-dns/proto.h"
#include "field.h"
#include "nl.h"
#include "umctl.h"

static const struct live live_names = {
	.family = &dns_family,
	.cmd = PROTO_NAME_GET,
	.attr = PROTO_A_ID,
};

static const struct arg add_args[] = {
	{ .name = "SERVICE", .type = ARG_NAME, .place = ARG_POSITION, .attr = PROTO_A_SERVICE,
	  .max = 63 },
	{ .name = "for", .value = "WHO", .type = ARG_NAME, .attr = PROTO_A_FOR, .max = 63 },
	{ .name = "from", .type = ARG_PREFIX, .attr = PROTO_A_FROM, .attr2 = PROTO_A_FROM_PLEN },
	{ .name = "rate", .value = "N", .type = ARG_U32, .attr = PROTO_A_RATE },
	{ .name = "uses", .value = "N", .type = ARG_U32, .attr = PROTO_A_USES },
	{ .name = "expires", .value = "SEC", .type = ARG_U32, .attr = PROTO_A_EXPIRES },
	{ .name = "totp", .type = ARG_FLAG, .attr = PROTO_A_TOTP },
	{ .name = "token", .value = "TOKEN", .type = ARG_NAME, .attr = PROTO_A_TOKEN, .max = 63 },
	{}
};

static const struct arg del_args[] = {
	{ .name = "id", .value = "N", .type = ARG_U32, .place = ARG_BARE, .required = true,
	  .attr = PROTO_A_ID, .live = &live_names },
	{}
};

static const struct arg show_args[] = {
	{ .name = "service", .value = "SERVICE", .type = ARG_NAME, .attr = PROTO_A_SERVICE,
	  .max = 63 },
	{}
};

static const struct arg stats_args[] = {
	{ .name = "--explain", .type = ARG_FLAG, .attr = PROTO_A_EXPLAIN },
	{}
};

static const struct field fields[] = {
	{ .name = "id", .type = FIELD_UINT, .attr = PROTO_A_ID },
	{ .name = "service", .type = FIELD_STRING, .attr = PROTO_A_SERVICE },
	{ .name = "for", .type = FIELD_STRING, .attr = PROTO_A_FOR },
	{ .name = "totp", .type = FIELD_FLAG, .attr = PROTO_A_TOTP },
	{
		.name = "from", .type = FIELD_PREFIX, .attr = PROTO_A_FROM,
		.name2 = "from_plen", .attr2 = PROTO_A_FROM_PLEN,
	},
	{ .name = "rate", .type = FIELD_UINT, .attr = PROTO_A_RATE },
	{ .name = "uses", .type = FIELD_UINT, .attr = PROTO_A_USES },
	{ .name = "used", .type = FIELD_UINT, .attr = PROTO_A_USED },
	{ .name = "expires", .type = FIELD_UINT, .attr = PROTO_A_EXPIRES },
	{ .name = "waiting", .type = FIELD_UINT, .attr = PROTO_A_WAITING },
	{ .name = "leased", .type = FIELD_UINT, .attr = PROTO_A_LEASED },
	{ .name = "claimed", .type = FIELD_UINT, .attr = PROTO_A_CLAIMED },
	{ .name = "created", .type = FIELD_UINT, .attr = PROTO_A_CREATED, .json_only = true },
	{ .name = "last", .type = FIELD_UINT, .attr = PROTO_A_LAST, .json_only = true },
	{}
};

/* Of a new one only what is to be handed to its client. */
static const struct field new_fields[] = {
	{ .name = "id", .type = FIELD_UINT, .attr = PROTO_A_ID, .json_only = true },
	{ .name = "name", .label = "", .type = FIELD_STRING, .attr = PROTO_A_NAME },
	{ .name = "secret", .type = FIELD_STRING, .attr = PROTO_A_SECRET },
	{}
};

static const struct field stats_fields[] = {
	{ .name = "name", .label = "", .type = FIELD_STRING, .attr = PROTO_STATS_A_NAME },
	{ .name = "value", .label = "", .type = FIELD_UINT, .attr = PROTO_STATS_A_VALUE },
	{ .name = "explain", .label = "", .type = FIELD_STRING, .attr = PROTO_STATS_A_EXPLAIN },
	{}
};

static const struct verb verbs[] = {
	{
		.name = "show", .help = "names that were given out, without their tokens",
		.cmd = PROTO_NAME_GET, .args = show_args, .fields = fields,
	},
	{
		.name = "add", .help = "make one and print it, this once",
		.cmd = PROTO_NAME_ADD, .args = add_args, .reply = new_fields,
	},
	{
		.name = "del", .help = "take one back, and what of its addresses waits",
		.cmd = PROTO_NAME_DEL, .args = del_args,
	},
	{
		.name = "flush", .help = "take all back",
		.cmd = PROTO_NAME_DEL, .flag = PROTO_A_FLUSH,
	},
	{
		.name = "stats", .help = "counters of umx-dns, with the sentence that explains each",
		.cmd = PROTO_STATS_GET, .args = stats_args, .fields = stats_fields,
	},
	{}
};

static const struct object name = {
	.name = "name",
	.help = "names that are answered with an address for one connection",
	.family = &dns_family,
	.verbs = verbs,
};

OBJECT(name);
