// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the words for the uapi's enums: the constants in lower case,
 * which are what is typed and what is printed.
 */
#include <linux/umx.h>
#include <stddef.h>

#include "words.h"

const char *const words_generator[] = {
	[UMX_GENERATOR_RANDOM] = "random",
	[UMX_GENERATOR_SEQUENTIAL] = "sequential",
	[UMX_GENERATOR_TRACEABLE] = "traceable",
	[UMX_GENERATOR_LIST] = "list",
	NULL
};

const char *const words_pool_type[] = {
	[UMX_POOL_ROUTED] = "routed",
	[UMX_POOL_ONLINK] = "onlink",
	NULL
};

const char *const words_no_yes[] = { "no", "yes", NULL };

const char *const words_listener_mode[] = {
	[UMX_LISTENER_LEGACY] = "legacy",
	[UMX_LISTENER_DAS] = "das",
	[UMX_LISTENER_AUTO] = "auto",
	NULL
};

const char *const words_addr_state[] = {
	[UMX_ADDR_TENTATIVE] = "tentative",
	[UMX_ADDR_UNCERTAIN] = "uncertain",
	[UMX_ADDR_VALID] = "valid",
	[UMX_ADDR_CLOSING] = "closing",
	[UMX_ADDR_DISPOSED] = "disposed",
	NULL
};

const char *const words_role[] = {
	[UMX_ROLE_EA] = "ea",
	[UMX_ROLE_SSA] = "ssa",
	NULL
};

const char *const words_proto[] = {
	[UMX_PROTO_TCP] = "tcp",
	[UMX_PROTO_UDP] = "udp",
	NULL
};

const char *const words_event[] = {
	[UMX_EVENT_UNSPEC] = "unspec",
	[UMX_EVENT_POOL_ADD] = "pool_add",
	[UMX_EVENT_POOL_DEL] = "pool_del",
	[UMX_EVENT_LISTENER_SET] = "listener_set",
	[UMX_EVENT_SSA_ADD] = "ssa_add",
	[UMX_EVENT_SSA_EXPIRED] = "ssa_expired",
	[UMX_EVENT_SESSION_BOUND] = "session_bound",
	[UMX_EVENT_SESSION_CLOSING] = "session_closing",
	[UMX_EVENT_DISPOSED] = "disposed",
	[UMX_EVENT_POOL_LOW] = "pool_low",
	[UMX_EVENT_POOL_ATTACH] = "pool_attach",
	[UMX_EVENT_POOL_DETACH] = "pool_detach",
	NULL
};

const char *const words_limit_scope[] = {
	[UMX_LIMIT_NETNS] = "namespace",
	[UMX_LIMIT_EACH] = "each",
	[UMX_LIMIT_UID] = "uid",
	NULL
};

const char *const words_stats_kind[] = {
	[UMX_STATS_LIFE] = "life",
	[UMX_STATS_DROP] = "drop",
	[UMX_STATS_REFUSAL] = "refusal",
	NULL
};
