// SPDX-License-Identifier: GPL-2.0
/* This file owns `umctl session`: the sessions on one-time addresses. */
#include <linux/umx.h>

#include "field.h"
#include "nl.h"
#include "umctl.h"
#include "words.h"

static const struct field fields[] = {
	{
		.name = "role", .label = "", .type = FIELD_WORD, .attr = UMX_SESSION_A_ROLE,
		.words = words_role,
	},
	{
		.name = "local", .type = FIELD_ENDPOINT, .attr = UMX_SESSION_A_LOCAL,
		.name2 = "local_port", .attr2 = UMX_SESSION_A_LOCAL_PORT,
	},
	{
		.name = "peer", .type = FIELD_ENDPOINT, .attr = UMX_SESSION_A_PEER,
		.name2 = "peer_port", .attr2 = UMX_SESSION_A_PEER_PORT,
	},
	{
		.name = "state", .type = FIELD_WORD, .attr = UMX_SESSION_A_STATE,
		.words = words_addr_state,
	},
	{ .name = "pool", .type = FIELD_STRING, .attr = UMX_SESSION_A_POOL },
	{ .name = "listener_port", .type = FIELD_UINT, .attr = UMX_SESSION_A_LISTENER_PORT },
	{ .name = "uid", .type = FIELD_UINT, .attr = UMX_SESSION_A_UID },
	{ .name = "pid", .type = FIELD_UINT, .attr = UMX_SESSION_A_PID },
	{ .name = "age", .type = FIELD_UINT, .attr = UMX_SESSION_A_AGE },
	{ .name = "proto", .type = FIELD_WORD, .attr = UMX_SESSION_A_PROTO, .words = words_proto },
	{}
};

static const struct verb verbs[] = {
	{
		.name = "show", .help = "sessions with both ends, as ss prints them",
		.cmd = UMX_CMD_SESSION_GET, .fields = fields,
	},
	{}
};

static const struct object session = {
	.name = "session",
	.help = "sessions on one-time addresses",
	.family = &umx_family,
	.verbs = verbs,
};

OBJECT(session);
