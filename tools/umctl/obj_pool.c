// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns `umctl pool`: the prefixes, and lists of single addresses,
 * one-time addresses are drawn from.
 *
 * An on-link pool has no route of its own: its prefix has that of the link. A
 * routed pool is there before its route and its route is gone after it, so that no
 * packet for the prefix passes while the gate is not up. Whatever removes a
 * pool ends in pool_routes_sweep().
 */
#include <errno.h>
#include <linux/umx.h>
#include <netlink/attr.h>
#include <string.h>

#include "ask.h"
#include "generate.h"
#include "keyring.h"
#include "live.h"
#include "out.h"
#include "permute.h"
#include "pool_list.h"
#include "pool_routes.h"
#include "reserve.h"
#include "route.h"
#include "say.h"
#include "umctl.h"
#include "words.h"

static const struct arg add_args[] = {
	{ .name = "NAME", .type = ARG_NAME, .place = ARG_POSITION, .attr = UMX_POOL_A_NAME,
	  .max = UMX_POOL_NAME_MAX - 1, .key = true, .like = "dev" },
	{ .name = "prefix", .type = ARG_PREFIX, .group = 1, .attr = UMX_POOL_A_PREFIX,
	  .attr2 = UMX_POOL_A_PLEN },
	{ .name = "dev", .type = ARG_DEV, .attr = UMX_POOL_A_IFINDEX },
	{ .name = "type", .type = ARG_WORD, .attr = UMX_POOL_A_TYPE, .words = words_pool_type,
	  .left_out = "routed" },
	{ .name = "gen", .type = ARG_WORD, .attr = UMX_POOL_A_GENERATOR,
	  .words = words_generator, .chosen = true },
	{ .name = "reject", .type = ARG_TRUE, .attr = UMX_POOL_A_REJECT },
	{ .name = "key", .value = "FILE", .type = ARG_NAME },
	{ .name = "host", .type = ARG_U32, .attr = UMX_POOL_A_HOST },
	{ .name = "host_bits", .type = ARG_U8, .attr = UMX_POOL_A_HOST_BITS },
	{ .name = "ready", .type = ARG_U32, .attr = UMX_POOL_A_READY },
	{ .name = "follow", .value = "DEV", .type = ARG_LINK, .attr = UMX_POOL_A_FOLLOW },
	{ .name = "addr", .type = ARG_ADDRS, .place = ARG_BARE, .group = 1 },
	{}
};

static const struct arg show_args[] = {
	{ .name = "name", .type = ARG_NAME, .place = ARG_BARE, .max = UMX_POOL_NAME_MAX - 1,
	  .live = &live_pools },
	{}
};

static const struct arg del_args[] = {
	{ .name = "NAME", .type = ARG_NAME, .place = ARG_POSITION, .attr = UMX_POOL_A_NAME,
	  .max = UMX_POOL_NAME_MAX - 1, .live = &live_pools },
	{ .name = "force", .type = ARG_FLAG, .attr = UMX_POOL_A_FORCE },
	{}
};

static const struct arg reserve_args[] = {
	{ .name = "NAME", .type = ARG_NAME, .place = ARG_POSITION, .max = UMX_POOL_NAME_MAX - 1,
	  .live = &live_pools },
	{ .name = "key", .value = "FILE", .type = ARG_NAME },
	{}
};

static const struct arg flush_args[] = {
	{ .name = "name", .type = ARG_NAME, .place = ARG_BARE, .attr = UMX_POOL_A_NAME,
	  .max = UMX_POOL_NAME_MAX - 1, .live = &live_pools },
	{ .name = "force", .type = ARG_FLAG, .attr = UMX_POOL_A_FORCE },
	{}
};

static const struct field stat_fields[] = {
	{ .name = "tentative", .type = FIELD_UINT, .attr = UMX_POOL_STAT_A_TENTATIVE },
	{ .name = "uncertain", .type = FIELD_UINT, .attr = UMX_POOL_STAT_A_UNCERTAIN },
	{ .name = "valid", .type = FIELD_UINT, .attr = UMX_POOL_STAT_A_VALID },
	{ .name = "closing", .type = FIELD_UINT, .attr = UMX_POOL_STAT_A_CLOSING },
	{ .name = "disposed", .type = FIELD_UINT, .attr = UMX_POOL_STAT_A_DISPOSED },
	{ .name = "exhausted", .type = FIELD_UINT, .attr = UMX_POOL_STAT_A_EXHAUSTED },
	{ .name = "duplicates", .type = FIELD_UINT, .attr = UMX_POOL_STAT_A_DUPLICATES },
	{ .name = "dropped", .type = FIELD_UINT, .attr = UMX_POOL_STAT_A_DROPPED },
	{}
};

static const struct field list_fields[] = {
	{ .name = "left", .type = FIELD_UINT, .attr = UMX_POOL_LIST_A_LEFT },
	{ .name = "address", .type = FIELD_IN6, .attr = UMX_POOL_LIST_A_ADDRESS, .list = true,
	  .json_only = true },
	{ .name = "used", .type = FIELD_IN6, .attr = UMX_POOL_LIST_A_USED, .list = true,
	  .json_only = true },
	{}
};

static const struct field fields[] = {
	{ .name = "name", .label = "", .type = FIELD_STRING, .attr = UMX_POOL_A_NAME },
	{
		.name = "prefix", .type = FIELD_PREFIX, .attr = UMX_POOL_A_PREFIX,
		.name2 = "plen", .attr2 = UMX_POOL_A_PLEN,
	},
	{ .name = "type", .type = FIELD_WORD, .attr = UMX_POOL_A_TYPE, .words = words_pool_type },
	{
		.name = "generator", .type = FIELD_WORD, .attr = UMX_POOL_A_GENERATOR,
		.words = words_generator,
	},
	{
		.name = "list", .label = "", .type = FIELD_NEST, .attr = UMX_POOL_A_LIST,
		.fields = list_fields, .in_line = true,
	},
	{ .name = "ifindex", .label = "dev", .type = FIELD_IFINDEX, .attr = UMX_POOL_A_IFINDEX },
	{ .name = "ready", .type = FIELD_UINT, .attr = UMX_POOL_A_READY },
	{ .name = "follow", .type = FIELD_STRING, .attr = UMX_POOL_A_FOLLOW },
	{
		.name = "attached", .type = FIELD_BOOL, .attr = UMX_POOL_A_ATTACHED,
		.words = words_no_yes,
	},
	{ .name = "reject", .type = FIELD_FLAG, .attr = UMX_POOL_A_REJECT },
	{ .name = "detached", .type = FIELD_FLAG, .attr = UMX_POOL_A_DETACHED },
	{ .name = "host", .type = FIELD_UINT, .attr = UMX_POOL_A_HOST, .json_only = true },
	{
		.name = "host_bits", .type = FIELD_UINT, .attr = UMX_POOL_A_HOST_BITS,
		.json_only = true,
	},
	{ .name = "key_id", .type = FIELD_UINT, .attr = UMX_POOL_A_KEY_ID, .json_only = true },
	{
		.name = "generation", .type = FIELD_UINT, .attr = UMX_POOL_A_GENERATION,
		.json_only = true,
	},
	{ .name = "next", .type = FIELD_UINT, .attr = UMX_POOL_A_NEXT, .json_only = true },
	{ .name = "end", .type = FIELD_UINT, .attr = UMX_POOL_A_END, .json_only = true },
	{ .name = "stats", .type = FIELD_NEST, .attr = UMX_POOL_A_STATS, .fields = stat_fields },
	{}
};

/* Takes back a pool that got no route. */
static void pool_undo(const struct family *family, const char *name)
{
	struct nl_msg *msg;

	msg = unl_genl(family, UMX_CMD_POOL_DEL, 0);
	if (!msg)
		return;
	nla_put_string(msg, UMX_POOL_A_NAME, name);
	unl_call(msg, NULL, NULL);
}

/* The request; without @key a traceable pool gets one nobody knows. */
static int pool_ask(const struct args *args, const struct keyfile *key)
{
	struct nl_msg *msg = ask_message(args);
	int err;

	if (msg && key && (nla_put(msg, UMX_POOL_A_KEY, sizeof(key->key), key->key) ||
			   (!args_find(args, "gen") &&
			    nla_put_u8(msg, UMX_POOL_A_GENERATOR, UMX_GENERATOR_TRACEABLE)))) {
		nlmsg_free(msg);
		return unl_refused(args_command(args), -EMSGSIZE);
	}
	err = msg ? unl_call(msg, NULL, NULL) : -ENOMEM;
	return err ? unl_refused(args_command(args), err) : UMCTL_DONE;
}

static uint8_t pool_type(const struct args *args)
{
	const struct value *type = args_find(args, "type");

	return type ? type->num : UMX_POOL_ROUTED;
}

/* The pool, its route, and, when nothing else can be refused, its window. */
static int pool_make(const struct args *args, struct keyfile *key)
{
	const struct family *family = args->object->family;
	const struct value *prefix = args_find(args, "prefix");
	const char *name = args_find(args, "NAME")->str;
	int err = 0, ret;

	ret = pool_ask(args, key);
	if (ret)
		return ret;
	if (pool_type(args) == UMX_POOL_ROUTED)
		err = route_add(&prefix->addr, prefix->plen);
	if (err) {
		ret = unl_refused("the pool's route", err);
		pool_undo(family, name);
		return ret;
	}
	ret = key ? reserve_window(family, name, key) : UMCTL_DONE;
	if (ret) {
		pool_undo(family, name);
		pool_routes_sweep(family);
	}
	return ret;
}

static struct value *pool_value(struct args *args, const char *name)
{
	const struct arg *arg = arg_find(args->verb, name);

	return &args->values[arg - args->verb->args];
}

static void pool_word(struct args *args, const char *name, unsigned int num)
{
	struct value *value = pool_value(args, name);

	if (!value->arg)
		*value = (struct value){ .arg = arg_find(args->verb, name), .num = num };
	value->str = value->arg->words[value->num];
}

/* Addresses say which type and which generator, as long as nobody says other ones. */
static void pool_complete(struct args *args)
{
	if (!args_find(args, "addr") || args_find(args, "prefix"))
		return;
	pool_word(args, "type", UMX_POOL_ONLINK);
	pool_word(args, "gen", UMX_GENERATOR_LIST);
}

static int pool_add_list(const struct args *args)
{
	struct args whole = *args;

	if (args_find(args, "prefix"))
		return say_usage("a pool has a prefix or single addresses, not both");
	if (args_find(args, "key"))
		return say_usage("\"key\" is for gen traceable: single addresses are not made, and cannot be traced");
	pool_complete(&whole);
	return pool_list_add(&whole);
}

static int pool_add_prefix(const struct args *args)
{
	const struct value *prefix = args_find(args, "prefix");
	const struct value *gen = args_find(args, "gen");
	const struct value *file = args_find(args, "key");
	struct keyfile key;
	bool keyed = !gen || gen->num == UMX_GENERATOR_TRACEABLE;
	bool denied = false;
	int ret;

	if (file && !keyed)
		return say_usage("\"key\" is for gen traceable, not for %s", gen->str);
	if (!gen && !file && keyfile_denied()) {
		denied = true;
		keyed = false;
	}
	if (keyed) {
		ret = keyfile_make(&key, file ? file->str : NULL);
		if (ret)
			return ret;
	}
	ret = pool_make(args, keyed ? &key : NULL);
	if (keyed)
		keyfile_close(&key);
	if (ret)
		return ret;
	if (file)
		keyring_add(key.path);
	if (denied)
		say_warning("pool %s has a key nobody knows, for want of the right to %s: its addresses cannot be traced",
			    args_find(args, "NAME")->str, KEYFILE_DEFAULT);
	if (umx_pool_plen(pool_type(args), prefix->plen) > UMX_RANDOM_PLEN_MAX)
		say_warning("pool %s has fewer than 48 free bits: its addresses can be guessed",
			    args_find(args, "NAME")->str);
	return UMCTL_DONE;
}

static int pool_add(const struct args *args)
{
	if (!route_lo_up())
		return say_refused("lo is down, and packets to a pool are delivered through it: ip link set lo up");
	return args_find(args, "addr") ? pool_add_list(args) : pool_add_prefix(args);
}

static int pool_reserve(const struct args *args)
{
	const struct value *file = args_find(args, "key");
	struct keyfile key;
	int ret;

	ret = keyfile_open(&key, file ? file->str : NULL);
	if (ret)
		return ret;
	ret = reserve_window(args->object->family, args_find(args, "NAME")->str, &key);
	keyfile_close(&key);
	if (!ret)
		keyring_add(key.path);
	return ret;
}

/* The routes go after the pools; a refusal leaves both. */
static int pool_remove(const struct args *args, struct nl_msg *msg)
{
	int err;

	err = msg ? unl_call(msg, NULL, NULL) : -ENOMEM;
	if (err)
		return unl_refused(args_command(args), err);
	err = pool_routes_sweep(args->object->family);
	return err ? unl_refused("removal of the pool's route", err) : UMCTL_DONE;
}

static int pool_del(const struct args *args)
{
	return pool_remove(args, ask_message(args));
}

static int pool_flush(const struct args *args)
{
	struct nl_msg *msg = ask_message(args);

	if (msg && !args_find(args, "name"))
		nla_put_flag(msg, UMX_POOL_A_FLUSH);
	return pool_remove(args, msg);
}

/**
 * struct pool_shower - a dump of which one pool is shown
 * @name: its name.
 * @found: it was there.
 */
struct pool_shower {
	const char *name;
	bool found;
};

static void pool_print(const struct nlmsghdr *nlh, void *arg)
{
	const struct nlattr *nla = field_find(nlh, UMX_POOL_A_NAME);
	struct pool_shower *shower = arg;
	char name[UMX_POOL_NAME_MAX];

	if (!nla || strcmp(field_string(nla, name, sizeof(name)), shower->name))
		return;
	shower->found = true;
	fields_print(fields, nlh);
}

static void pool_restart(void *arg)
{
	struct pool_shower *shower = arg;

	shower->found = false;
	out_restart();
}

static int pool_show(const struct args *args)
{
	const struct value *name = args_find(args, "name");
	struct pool_shower shower = {};
	struct nl_msg *msg;
	int err;

	if (!name)
		return ask_command(args);
	shower.name = name->str;
	msg = ask_message(args);
	if (!msg)
		return unl_refused(args_command(args), -ENOMEM);
	out_begin();
	err = unl_dump(msg, pool_print, pool_restart, &shower);
	if (!err && shower.found)
		return out_end();
	out_abort();
	if (err)
		return unl_refused(args_command(args), err);
	return say_refused("there is no pool \"%s\" in this network namespace", name->str);
}

static const struct verb verbs[] = {
	{
		.name = "show", .help = "pools and their statistics",
		.cmd = UMX_CMD_POOL_GET, .args = show_args, .fields = fields, .run = pool_show,
	},
	{
		.name = "add", .help = "add a pool: a prefix and its route, or single addresses",
		.cmd = UMX_CMD_POOL_ADD, .args = add_args, .run = pool_add, .kept = true,
	},
	{
		.name = "reserve", .help = "give a traceable pool its next window of counters",
		.cmd = UMX_CMD_POOL_RESERVE, .args = reserve_args, .run = pool_reserve,
	},
	{
		.name = "del", .help = "remove a pool and its route; force: sessions live on",
		.cmd = UMX_CMD_POOL_DEL, .args = del_args, .run = pool_del,
	},
	{
		.name = "flush", .help = "remove all pools and every route left of earlier ones",
		.cmd = UMX_CMD_POOL_DEL, .args = flush_args, .run = pool_flush,
	},
	{}
};

/**
 * struct pool_key - which key it is that a pool has
 * @id: the kernel's number for it, with a pool of that prefix.
 * @prefix: the pool's prefix.
 * @plen: its length, up to which the key decides nothing.
 */
struct pool_key {
	uint64_t id;
	const struct in6_addr *prefix;
	uint8_t plen;
};

static bool pool_key_is(const uint8_t *key, const void *what)
{
	const struct pool_key *wanted = what;

	return umx_permute_id(key, wanted->prefix, wanted->plen) == wanted->id;
}

/* The kernel knows which key a pool has, not where that is written. */
static int pool_tell(struct args *args, const struct nlmsghdr *nlh)
{
	const struct nlattr *id = field_find(nlh, UMX_POOL_A_KEY_ID);
	const struct nlattr *leaving = field_find(nlh, UMX_POOL_A_DETACHED);
	const struct value *prefix = args_find(args, "prefix");
	const char *name = args_find(args, "NAME")->str;
	struct value *key = pool_value(args, "key");
	struct pool_key wanted;

	if (field_find(nlh, UMX_POOL_A_LIST)) {
		pool_value(args, "addr")->arg = arg_find(args->verb, "addr");
		return pool_list_read(nlh, pool_value(args, "addr"));
	}
	if (!id || (leaving && field_uint(leaving)))
		return UMCTL_DONE;
	wanted = (struct pool_key){
		.id = field_uint(id), .prefix = &prefix->addr,
		.plen = umx_pool_plen(pool_type(args), prefix->plen),
	};
	key->str = keyring_find(pool_key_is, &wanted);
	if (!key->str)
		return say_refused("the key of pool %s is in no file that umctl has used and may read; \"pool reserve %s key FILE\" says where it is",
				   name, name);
	key->arg = arg_find(args->verb, "key");
	return UMCTL_DONE;
}

/* The default key and host 0 go without saying; a key says which generator. */
static int pool_tidy(struct args *args)
{
	struct value *host = pool_value(args, "host"), *bits = pool_value(args, "host_bits");
	struct value *key = pool_value(args, "key"), *gen = pool_value(args, "gen");
	const char *path;

	pool_complete(args);
	if (host->arg && !host->num)
		host->arg = NULL;
	if (bits->arg && !bits->num)
		bits->arg = NULL;
	if (!key->arg)
		return UMCTL_DONE;
	path = keyring_name(key->str);
	if (!path)
		return say_refused("key file %s: %s; only \"pool add\" makes a key that is not there",
				   key->str, strerror(errno));
	key->str = path;
	if (!strcmp(path, KEYFILE_DEFAULT))
		key->arg = NULL;
	if (!gen->arg)
		*gen = (struct value){ .arg = arg_find(args->verb, "gen"), .str = "traceable",
				       .num = UMX_GENERATOR_TRACEABLE };
	return UMCTL_DONE;
}

static const struct keep keep = {
	.order = 1,
	.heading = "pools",
	.leaving = UMX_POOL_A_DETACHED,
	.tell = pool_tell,
	.tidy = pool_tidy,
};

static const struct object pool = {
	.name = "pool",
	.help = "prefixes, and lists, from which one-time addresses are drawn",
	.family = &umx_family,
	.verbs = verbs,
	.keep = &keep,
};

OBJECT(pool);
