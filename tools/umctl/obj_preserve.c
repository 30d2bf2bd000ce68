// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns `umctl preserve`: TCP connections that survive the loss of an
 * address or a link.
 */
#include <arpa/inet.h>
#include <endian.h>
#include <errno.h>
#include <linux/umx_preserve.h>
#include <netlink/attr.h>

#include "ask.h"
#include "field.h"
#include "keyring.h"
#include "monitor.h"
#include "nl.h"
#include "say.h"
#include "sip.h"
#include "umctl.h"

static const struct family preserve_family = {
	.name = UMX_PRESERVE_GENL_NAME,
	.module = "umx_preserve",
	.version = UMX_PRESERVE_GENL_VERSION,
};

static const struct live live_sessions = {
	.family = &preserve_family,
	.cmd = UMX_PRESERVE_CMD_SESSION_GET,
	.attr = UMX_PRESERVE_SESSION_A_ID,
};

static const struct live live_excludes = {
	.family = &preserve_family,
	.cmd = UMX_PRESERVE_CMD_EXCLUDE_GET,
	.attr = UMX_PRESERVE_EXCLUDE_A_PREFIX,
};

static const struct live live_keys = {
	.family = &preserve_family,
	.cmd = UMX_PRESERVE_CMD_KEY_GET,
	.attr = UMX_PRESERVE_KEY_A_PREFIX,
};

static const char *const words_off_on[] = { "off", "on", NULL };
static const char *const words_form[] = { "compact", "thesis", NULL };
static const char *const words_check[] = { "optional", "required", NULL };
static const char *const words_reason[] = {
	"admin", "address", "link", "peer", "silence", "timeout", "unreachable", "revert", NULL
};

static const char *const words_preserve_event[] = {
	"moved", "all-paths-down", "recovered", NULL
};

static int preserve_switch(const struct args *args, uint8_t on)
{
	struct nl_msg *msg = ask_message(args);
	int err = -ENOMEM;

	if (msg) {
		nla_put_u8(msg, UMX_PRESERVE_A_ENABLED, on);
		err = unl_call(msg, NULL, NULL);
	}
	return err ? unl_refused(args_command(args), err) : UMCTL_DONE;
}

static int preserve_key_add(const struct args *args)
{
	struct keyfile file;
	struct nl_msg *msg;
	int err = -ENOMEM, ret;

	ret = keyfile_open(&file, args_find(args, "file")->str);
	if (ret)
		return ret;
	msg = ask_message(args);
	if (msg) {
		nla_put(msg, UMX_PRESERVE_KEY_A_KEY, sizeof(file.key), file.key);
		err = unl_call(msg, NULL, NULL);
	}
	keyfile_close(&file);
	if (err)
		return unl_refused(args_command(args), err);
	keyring_add(file.path);
	return UMCTL_DONE;
}

/* The number by which the kernel tells keys from each other. */
static uint64_t preserve_key_id(const uint8_t *key)
{
	const uint64_t name = htole64(UMX_PRESERVE_KEY_NAME);

	return umx_sip(key, (const uint8_t *)&name, sizeof(name));
}

static bool preserve_key_is(const uint8_t *key, const void *what)
{
	const uint64_t *id = what;

	return preserve_key_id(key) == *id;
}

static struct value *preserve_key_file(struct args *args)
{
	return &args->values[arg_find(args->verb, "file") - args->verb->args];
}

/* The kernel knows which key it is, not where that is written. */
static int preserve_key_tell(struct args *args, const struct nlmsghdr *nlh)
{
	const struct nlattr *nla = field_find(nlh, UMX_PRESERVE_KEY_A_KEY_ID);
	const struct value *prefix = args_find(args, "PREFIX");
	struct value *file = preserve_key_file(args);
	uint64_t id = nla ? field_uint(nla) : 0;
	char addr[INET6_ADDRSTRLEN];

	if (!prefix)
		return UMCTL_DONE;
	file->str = nla ? keyring_find(preserve_key_is, &id) : NULL;
	if (!file->str)
		return say_refused("the key of the peers in %s/%u is in no file that umctl has used and may read; \"preserve key add\" says where it is",
				   inet_ntop(AF_INET6, &prefix->addr, addr, sizeof(addr)),
				   prefix->plen);
	file->arg = arg_find(args->verb, "file");
	return UMCTL_DONE;
}

/* A key is the same in whatever file: the one that keyring_find() names. */
static int preserve_key_tidy(struct args *args)
{
	struct value *value = preserve_key_file(args);
	struct keyfile file;
	uint64_t id;
	int ret;

	ret = keyfile_open(&file, value->str);
	if (ret)
		return ret;
	id = preserve_key_id(file.key);
	keyfile_close(&file);
	value->str = keyring_find(preserve_key_is, &id);
	if (!value->str)
		value->str = keyring_name(file.path);
	return value->str ? UMCTL_DONE : say_refused("out of memory");
}

static int preserve_on(const struct args *args)
{
	return preserve_switch(args, 1);
}

static int preserve_off(const struct args *args)
{
	return preserve_switch(args, 0);
}

static const struct arg off_args[] = {
	{ .name = "abort", .type = ARG_FLAG, .attr = UMX_PRESERVE_A_ABORT },
	{}
};

static const struct arg set_args[] = {
	{
		.name = "rto_threshold", .type = ARG_U8, .group = 1,
		.attr = UMX_PRESERVE_A_RTO_THRESHOLD, .left_out = "2",
	},
	{
		.name = "option", .type = ARG_WORD, .group = 1, .words = words_form,
		.attr = UMX_PRESERVE_A_OPTION, .left_out = "compact",
	},
	{
		.name = "revert", .type = ARG_WORD, .group = 1, .words = words_off_on,
		.attr = UMX_PRESERVE_A_REVERT, .left_out = "off",
	},
	{
		.name = "max_prefixes", .type = ARG_U8, .group = 1,
		.attr = UMX_PRESERVE_A_MAX_PREFIXES, .left_out = "8",
	},
	{
		.name = "check", .type = ARG_WORD, .group = 1, .words = words_check,
		.attr = UMX_PRESERVE_A_CHECK, .left_out = "optional",
	},
	{
		.name = "blackhole_timeout", .value = "SECONDS", .type = ARG_U32, .group = 1,
		.attr = UMX_PRESERVE_A_BLACKHOLE_TIMEOUT, .left_out = "3600",
	},
	{
		.name = "header_max", .value = "BYTES", .type = ARG_U8, .group = 1,
		.attr = UMX_PRESERVE_A_HEADER_MAX, .left_out = "24",
	},
	{
		.name = "bound", .type = ARG_WORD, .group = 1, .words = words_off_on,
		.attr = UMX_PRESERVE_A_BOUND, .left_out = "off",
	},
	{}
};

static const struct arg move_args[] = {
	{
		.name = "id", .value = "ID", .type = ARG_U32, .place = ARG_BARE, .required = true,
		.attr = UMX_PRESERVE_SESSION_A_ID, .live = &live_sessions,
	},
	{ .name = "to", .type = ARG_ADDR, .group = 1, .attr = UMX_PRESERVE_SESSION_A_TO },
	{ .name = "next", .type = ARG_FLAG, .group = 1, .attr = UMX_PRESERVE_SESSION_A_NEXT },
	{}
};

static const struct arg stats_args[] = {
	{ .name = "--explain", .type = ARG_FLAG, .attr = UMX_PRESERVE_STATS_A_VERBOSE },
	{}
};

static const struct arg exclude_add_args[] = {
	{
		.name = "PREFIX", .type = ARG_PREFIX, .place = ARG_POSITION, .key = true,
		.attr = UMX_PRESERVE_EXCLUDE_A_PREFIX, .attr2 = UMX_PRESERVE_EXCLUDE_A_PLEN,
	},
	{}
};

static const struct arg exclude_del_args[] = {
	{
		.name = "PREFIX", .type = ARG_PREFIX, .place = ARG_POSITION,
		.attr = UMX_PRESERVE_EXCLUDE_A_PREFIX, .attr2 = UMX_PRESERVE_EXCLUDE_A_PLEN,
		.live = &live_excludes,
	},
	{}
};

static const struct field exclude_fields[] = {
	{
		.name = "prefix", .label = "", .type = FIELD_PREFIX,
		.attr = UMX_PRESERVE_EXCLUDE_A_PREFIX, .name2 = "plen",
		.attr2 = UMX_PRESERVE_EXCLUDE_A_PLEN,
	},
	{}
};

static const struct arg key_add_args[] = {
	{
		.name = "PREFIX", .type = ARG_PREFIX, .place = ARG_POSITION, .key = true,
		.attr = UMX_PRESERVE_KEY_A_PREFIX, .attr2 = UMX_PRESERVE_KEY_A_PLEN,
	},
	{ .name = "file", .value = "FILE", .type = ARG_NAME, .required = true },
	{}
};

static const struct arg key_del_args[] = {
	{
		.name = "PREFIX", .type = ARG_PREFIX, .place = ARG_POSITION,
		.attr = UMX_PRESERVE_KEY_A_PREFIX, .attr2 = UMX_PRESERVE_KEY_A_PLEN,
		.live = &live_keys,
	},
	{}
};

static const struct field key_fields[] = {
	{
		.name = "prefix", .label = "", .type = FIELD_PREFIX,
		.attr = UMX_PRESERVE_KEY_A_PREFIX, .name2 = "plen",
		.attr2 = UMX_PRESERVE_KEY_A_PLEN,
	},
	{ .name = "key_id", .type = FIELD_UINT, .attr = UMX_PRESERVE_KEY_A_KEY_ID },
	{}
};

static const struct field fields[] = {
	{
		.name = "enabled", .label = "", .type = FIELD_BOOL, .words = words_off_on,
		.attr = UMX_PRESERVE_A_ENABLED,
	},
	{ .name = "rto_threshold", .type = FIELD_UINT, .attr = UMX_PRESERVE_A_RTO_THRESHOLD },
	{
		.name = "option", .type = FIELD_WORD, .words = words_form,
		.attr = UMX_PRESERVE_A_OPTION,
	},
	{
		.name = "revert", .type = FIELD_BOOL, .words = words_off_on,
		.attr = UMX_PRESERVE_A_REVERT,
	},
	{ .name = "max_prefixes", .type = FIELD_UINT, .attr = UMX_PRESERVE_A_MAX_PREFIXES },
	{
		.name = "check", .type = FIELD_WORD, .words = words_check,
		.attr = UMX_PRESERVE_A_CHECK,
	},
	{
		.name = "blackhole_timeout", .type = FIELD_UINT,
		.attr = UMX_PRESERVE_A_BLACKHOLE_TIMEOUT,
	},
	{ .name = "header_max", .type = FIELD_UINT, .attr = UMX_PRESERVE_A_HEADER_MAX },
	{
		.name = "bound", .type = FIELD_BOOL, .words = words_off_on,
		.attr = UMX_PRESERVE_A_BOUND,
	},
	{ .name = "sessions", .type = FIELD_UINT, .attr = UMX_PRESERVE_A_SESSIONS },
	{}
};

static const struct field pair_fields[] = {
	{ .name = "local", .label = "", .type = FIELD_IN6, .attr = UMX_PRESERVE_PAIR_A_LOCAL },
	{ .name = "peer", .label = "", .type = FIELD_IN6, .attr = UMX_PRESERVE_PAIR_A_PEER },
	{}
};

static const struct field sets_fields[] = {
	{
		.name = "local", .type = FIELD_IN6, .list = true,
		.attr = UMX_PRESERVE_SETS_A_LOCAL,
	},
	{ .name = "peer", .type = FIELD_IN6, .list = true, .attr = UMX_PRESERVE_SETS_A_PEER },
	{}
};

static const struct field move_fields[] = {
	{ .name = "time", .label = "moved", .type = FIELD_UINT, .attr = UMX_PRESERVE_MOVE_A_TIME },
	{
		.name = "reason", .label = "", .type = FIELD_WORD, .words = words_reason,
		.attr = UMX_PRESERVE_MOVE_A_REASON,
	},
	{
		.name = "from", .type = FIELD_NEST, .fields = pair_fields, .in_line = true,
		.attr = UMX_PRESERVE_MOVE_A_FROM,
	},
	{
		.name = "to", .type = FIELD_NEST, .fields = pair_fields, .in_line = true,
		.attr = UMX_PRESERVE_MOVE_A_TO,
	},
	{}
};

static const struct field session_fields[] = {
	{ .name = "id", .label = "", .type = FIELD_UINT, .attr = UMX_PRESERVE_SESSION_A_ID },
	{ .name = "local_port", .type = FIELD_UINT, .attr = UMX_PRESERVE_SESSION_A_LOCAL_PORT },
	{ .name = "peer_port", .type = FIELD_UINT, .attr = UMX_PRESERVE_SESSION_A_PEER_PORT },
	{
		.name = "original", .type = FIELD_NEST, .fields = pair_fields, .in_line = true,
		.attr = UMX_PRESERVE_SESSION_A_ORIGINAL,
	},
	{
		.name = "current", .type = FIELD_NEST, .fields = pair_fields, .in_line = true,
		.attr = UMX_PRESERVE_SESSION_A_CURRENT,
	},
	{
		.name = "moved", .label = "moves", .type = FIELD_UINT,
		.attr = UMX_PRESERVE_SESSION_A_MOVED,
	},
	{
		.name = "sets", .type = FIELD_NEST, .fields = sets_fields,
		.attr = UMX_PRESERVE_SESSION_A_SETS,
	},
	{
		.name = "moves", .type = FIELD_NEST, .fields = move_fields, .list = true,
		.attr = UMX_PRESERVE_SESSION_A_MOVE,
	},
	{}
};

static const struct field stats_fields[] = {
	{ .name = "name", .label = "", .type = FIELD_STRING, .attr = UMX_PRESERVE_STATS_A_NAME },
	{ .name = "value", .label = "", .type = FIELD_UINT, .attr = UMX_PRESERVE_STATS_A_VALUE },
	{
		.name = "explain", .label = "", .type = FIELD_STRING,
		.attr = UMX_PRESERVE_STATS_A_EXPLAIN,
	},
	{}
};

static const struct field event_fields[] = {
	{
		.name = "event", .label = "", .type = FIELD_WORD, .words = words_preserve_event,
		.attr = UMX_PRESERVE_EVENT_A_EVENT,
	},
	{ .name = "id", .type = FIELD_UINT, .attr = UMX_PRESERVE_EVENT_A_ID },
	{
		.name = "reason", .type = FIELD_WORD, .words = words_reason,
		.attr = UMX_PRESERVE_EVENT_A_REASON,
	},
	{
		.name = "from", .type = FIELD_NEST, .fields = pair_fields, .in_line = true,
		.attr = UMX_PRESERVE_EVENT_A_FROM,
	},
	{
		.name = "to", .type = FIELD_NEST, .fields = pair_fields, .in_line = true,
		.attr = UMX_PRESERVE_EVENT_A_TO,
	},
	{}
};

static const struct keep keep_settings = {
	.order = 6,
	.heading = "preserved connections: settings that are not the usual ones",
	.settings = true,
	.single = true,
};

static const struct keep keep_exclude = {
	.order = 7,
	.heading = "prefixes whose addresses take no part",
	.undo = "del",
	.late = true,
};

static const struct keep keep_key = {
	.order = 8,
	.heading = "keys shared with peers; the files hold them",
	.undo = "del",
	.replaces = true,
	.late = true,
	.tell = preserve_key_tell,
	.tidy = preserve_key_tidy,
};

/* When everything above is set. */
static const struct keep keep_on = {
	.order = 9,
	.heading = "preserved connections: the switch",
	.undo = "off",
	.single = true,
	.when = UMX_PRESERVE_A_ENABLED,
};

static const struct verb verbs[] = {
	{
		.name = "show", .help = "whether it is on, and the settings",
		.cmd = UMX_PRESERVE_CMD_GET, .fields = fields,
	},
	{
		.name = "on", .help = "offer and accept alternative addresses from now on",
		.cmd = UMX_PRESERVE_CMD_SET, .run = preserve_on, .kept = true, .keep = &keep_on,
	},
	{
		.name = "off", .help = "let go of all sessions but those that have moved; abort: end those",
		.cmd = UMX_PRESERVE_CMD_SET, .args = off_args, .run = preserve_off,
	},
	{
		.name = "set", .help = "change settings",
		.cmd = UMX_PRESERVE_CMD_SET, .args = set_args, .kept = true,
	},
	{
		.name = "monitor", .help = "moves as they happen, one line each, until interrupted",
		.fields = event_fields, .run = monitor_run,
	},
	{}
};

static const struct verb session_verbs[] = {
	{
		.name = "show", .help = "sessions: their pairs, sets and moves",
		.cmd = UMX_PRESERVE_CMD_SESSION_GET, .fields = session_fields,
	},
	{
		.name = "move", .help = "move a session to a local address, or on",
		.cmd = UMX_PRESERVE_CMD_SESSION_MOVE, .args = move_args,
	},
	{}
};

static const struct verb exclude_verbs[] = {
	{
		.name = "show", .help = "prefixes that are excluded",
		.cmd = UMX_PRESERVE_CMD_EXCLUDE_GET, .fields = exclude_fields,
	},
	{
		.name = "add", .help = "addresses of PREFIX take no part from now on",
		.cmd = UMX_PRESERVE_CMD_EXCLUDE_ADD, .args = exclude_add_args, .kept = true,
	},
	{
		.name = "del", .help = "take one back",
		.cmd = UMX_PRESERVE_CMD_EXCLUDE_DEL, .args = exclude_del_args,
	},
	{
		.name = "flush", .help = "take all of them back",
		.cmd = UMX_PRESERVE_CMD_EXCLUDE_FLUSH,
	},
	{}
};

static const struct verb key_verbs[] = {
	{
		.name = "show", .help = "whose peers have a key, and its number, which is not the key",
		.cmd = UMX_PRESERVE_CMD_KEY_GET, .fields = key_fields,
	},
	{
		.name = "add", .help = "share the key in FILE with the peers in PREFIX, or replace it",
		.cmd = UMX_PRESERVE_CMD_KEY_ADD, .args = key_add_args, .run = preserve_key_add,
		.kept = true,
	},
	{
		.name = "del", .help = "forget one",
		.cmd = UMX_PRESERVE_CMD_KEY_DEL, .args = key_del_args,
	},
	{
		.name = "flush", .help = "forget all of them",
		.cmd = UMX_PRESERVE_CMD_KEY_FLUSH,
	},
	{}
};

static const struct verb stats_verbs[] = {
	{
		.name = "show", .help = "counters",
		.cmd = UMX_PRESERVE_CMD_STATS_GET, .args = stats_args, .fields = stats_fields,
	},
	{}
};

static const struct object preserve_session = {
	.name = "preserve session",
	.help = "connections that can move",
	.family = &preserve_family,
	.verbs = session_verbs,
};

static const struct object preserve_stats = {
	.name = "preserve stats",
	.help = "counters",
	.family = &preserve_family,
	.verbs = stats_verbs,
};

static const struct object preserve_exclude = {
	.name = "preserve exclude",
	.help = "addresses that take no part",
	.family = &preserve_family,
	.verbs = exclude_verbs,
	.keep = &keep_exclude,
};

static const struct object preserve_key = {
	.name = "preserve key",
	.help = "secrets shared with peers",
	.family = &preserve_family,
	.verbs = key_verbs,
	.keep = &keep_key,
};

static const struct object *const parts[] = {
	&preserve_session, &preserve_exclude, &preserve_key, &preserve_stats, NULL
};

static const struct object preserve = {
	.name = "preserve",
	.help = "TCP connections that survive the loss of an address or a link",
	.family = &preserve_family,
	.verbs = verbs,
	.keep = &keep_settings,
	.parts = parts,
};

OBJECT(preserve);
