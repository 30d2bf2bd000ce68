// SPDX-License-Identifier: GPL-2.0
/* This file owns `umctl monitor`: the events of one-time addresses. */
#include <linux/umx.h>

#include "field.h"
#include "monitor.h"
#include "nl.h"
#include "umctl.h"
#include "words.h"

static const struct field fields[] = {
	{
		.name = "event", .label = "", .type = FIELD_WORD, .attr = UMX_EVENT_A_EVENT,
		.words = words_event,
	},
	{ .name = "address", .type = FIELD_IN6, .attr = UMX_EVENT_A_ADDRESS },
	{ .name = "role", .type = FIELD_WORD, .attr = UMX_EVENT_A_ROLE, .words = words_role },
	{ .name = "local_port", .type = FIELD_UINT, .attr = UMX_EVENT_A_LOCAL_PORT },
	{
		.name = "peer", .type = FIELD_ENDPOINT, .attr = UMX_EVENT_A_PEER,
		.name2 = "peer_port", .attr2 = UMX_EVENT_A_PEER_PORT,
	},
	{ .name = "pool", .type = FIELD_STRING, .attr = UMX_EVENT_A_POOL },
	{ .name = "port", .type = FIELD_UINT, .attr = UMX_EVENT_A_PORT },
	{
		.name = "mode", .type = FIELD_WORD, .attr = UMX_EVENT_A_MODE,
		.words = words_listener_mode,
	},
	{}
};

static const struct verb verbs[] = {
	{
		.help = "one line per event, until interrupted", .fields = fields,
		.run = monitor_run,
	},
	{}
};

static const struct object monitor_object = {
	.name = "monitor",
	.help = "events as they happen",
	.family = &umx_family,
	.verbs = verbs,
};

OBJECT(monitor_object);
