// SPDX-License-Identifier: GPL-2.0
/* This file owns the arguments of a command: words -> values -> attributes. */
#include <errno.h>
#include <limits.h>
#include <net/if.h>
#include <netlink/attr.h>
#include <stdlib.h>
#include <string.h>

#include "args.h"
#include "parse.h"
#include "say.h"
#include "usage.h"

const char *args_command(const struct args *args)
{
	static char name[64];

	snprintf(name, sizeof(name), "%s%s%s", args->object->name, args->verb->name ? " " : "",
		 args->verb->name ? args->verb->name : "");
	return name;
}

bool arg_has_value(const struct arg *arg)
{
	return arg->type != ARG_FLAG && arg->type != ARG_TRUE;
}

const char *arg_value_name(const struct arg *arg)
{
	static const char *const names[] = {
		[ARG_FLAG] = "",
		[ARG_TRUE] = "",
		[ARG_WORD] = "WORD",
		[ARG_WORD_FLAG] = "WORD",
		[ARG_NAME] = "NAME",
		[ARG_U8] = "N",
		[ARG_U32] = "N",
		[ARG_PID] = "PID",
		[ARG_PORT] = "N",
		[ARG_ADDR] = "ADDR",
		[ARG_PREFIX] = "PREFIX",
		[ARG_DEV] = "DEV",
		[ARG_LIMIT] = "N|none",
		[ARG_UIDS] = "U[-U]",
		[ARG_ADDR4] = "ADDR4",
		[ARG_PREFIX4] = "PREFIX4",
		[ARG_ADDRS] = "ADDR [ADDR ...]",
		[ARG_LINK] = "DEV",
	};

	return arg->value ? arg->value : names[arg->type];
}

const struct arg *arg_find(const struct verb *verb, const char *word)
{
	const struct arg *arg;

	for_each_arg(arg, verb)
		if (arg->place != ARG_POSITION && !strcmp(arg->name, word))
			return arg;
	return NULL;
}

/* The argument a word belongs to that is no keyword. A list takes all there are. */
static const struct arg *arg_next_bare(const struct verb *verb, const bool *given)
{
	const struct arg *arg;

	for_each_arg(arg, verb)
		if (arg->place != ARG_KEYWORD &&
		    (!given[arg - verb->args] || arg->type == ARG_ADDRS))
			return arg;
	return NULL;
}

/*
 * The position that is left out, since @words begin with the keyword of the
 * argument it is like: with a keyword after it, it is a name that reads so.
 */
static const struct arg *arg_left_out(const struct verb *verb, int count, char **words)
{
	const struct arg *arg;

	for_each_arg(arg, verb)
		if (arg->like && count > 1 && !strcmp(words[0], arg->like) &&
		    !arg_find(verb, words[1]))
			return arg;
	return NULL;
}

/*
 * The argument that @word begins: a position as long as there is one, then
 * what the word is the keyword of, then a value without its keyword.
 * *@is_value: the word is the value already.
 */
static const struct arg *arg_begin(const struct verb *verb, const char *word, const bool *given,
				   bool *is_value)
{
	const struct arg *bare = arg_next_bare(verb, given);
	const struct arg *arg;

	*is_value = true;
	if (bare && bare->place == ARG_POSITION)
		return bare;
	arg = arg_find(verb, word);
	/* a word that cannot be one of a list is rather a keyword misspelt */
	if (!arg)
		return bare && bare->type == ARG_ADDRS && !strchr(word, ':') ? NULL : bare;
	*is_value = false;
	return arg;
}

const struct arg *args_walk(const struct verb *verb, int count, char **words, bool *given)
{
	const struct arg *arg = arg_left_out(verb, count, words);
	bool is_value;
	int i;

	if (arg)
		given[arg - verb->args] = true;
	for (i = 0; i < count; i++) {
		arg = arg_begin(verb, words[i], given, &is_value);
		if (!arg)
			continue;
		given[arg - verb->args] = true;
		if (is_value || !arg_has_value(arg))
			continue;
		if (++i == count)
			return arg;
	}
	arg = arg_next_bare(verb, given);
	return arg && arg->place == ARG_POSITION ? arg : NULL;
}

static int bad_word(const struct arg *arg, const char *word)
{
	char choice[128] = "";
	size_t i, len = 0;

	for (i = 0; arg->words[i]; i++) {
		if (!*arg->words[i])
			continue;
		len += snprintf(choice + len, sizeof(choice) - len, "%s%s", len ? " or " : "",
				arg->words[i]);
	}
	return say_usage("\"%s\" takes %s, not \"%s\"", arg->name, choice, word);
}

int value_append(struct value *value, const struct in6_addr *addr)
{
	struct in6_addr *list = reallocarray(value->list, value->count + 1, sizeof(*list));

	if (!list)
		return say_refused("out of memory");
	value->list = list;
	list[value->count++] = *addr;
	return UMCTL_DONE;
}

void args_free(struct args *args)
{
	size_t i;

	for (i = 0; i < UMCTL_ARGS_MAX; i++)
		free(args->values[i].list);
}

static int value_read(const struct arg *arg, const char *word, struct value *value)
{
	uint32_t max;
	int i;

	value->arg = arg;
	value->str = word;
	switch (arg->type) {
	case ARG_FLAG:
	case ARG_TRUE:
		value->num = 1;
		break;
	case ARG_WORD:
	case ARG_WORD_FLAG:
		i = parse_word(word, arg->words);
		if (i < 0)
			return bad_word(arg, word);
		value->num = i;
		break;
	case ARG_NAME:
		if (arg->revoke && !strcmp(word, "-")) {
			value->str = "";
			break;
		}
		if (!*word)
			return say_usage("the name of \"%s\" is empty", arg->name);
		if (arg->max && strlen(word) > arg->max)
			return say_usage("\"%s\" is too long: a name has %zu characters at most",
					 word, arg->max);
		break;
	case ARG_U8:
	case ARG_U32:
		max = arg->type == ARG_U8 ? UINT8_MAX : UINT32_MAX;
		if (!parse_u32(word, 0, max, &value->num))
			return say_usage("\"%s\" takes a number up to %u, not \"%s\"", arg->name,
					 max, word);
		break;
	case ARG_PID:
		if (!parse_u32(word, 1, INT_MAX, &value->num))
			return say_usage("\"%s\" is not a process id", word);
		break;
	case ARG_PORT:
		if (!parse_u32(word, 1, UINT16_MAX, &value->num))
			return say_usage("\"%s\" is not a port: 1 to 65535", word);
		break;
	case ARG_ADDR:
		if (!parse_in6(word, &value->addr))
			return say_usage("\"%s\" is not an IPv6 address", word);
		break;
	case ARG_PREFIX:
		if (!parse_prefix(word, &value->addr, &value->plen))
			return say_usage("\"%s\" is not an IPv6 prefix", word);
		break;
	case ARG_ADDR4:
		if (!parse_in4(word, &value->addr))
			return say_usage("\"%s\" is not an IPv4 address", word);
		break;
	case ARG_PREFIX4:
		if (!parse_prefix4(word, &value->addr, &value->plen))
			return say_usage("\"%s\" is not an IPv4 prefix", word);
		break;
	case ARG_ADDRS:
		if (!parse_in6(word, &value->addr))
			return say_usage("\"%s\" is not an IPv6 address", word);
		if (value->count == UMCTL_LIST_MAX)
			return say_usage("\"%s\" takes at most %u addresses", arg->name,
					 UMCTL_LIST_MAX);
		return value_append(value, &value->addr);
	case ARG_LINK:
		if (!*word || strlen(word) >= IF_NAMESIZE || strchr(word, '/'))
			return say_usage("\"%s\" is no name of a device", word);
		break;
	case ARG_DEV:
		value->num = if_nametoindex(word);
		if (!value->num)
			return say_refused("device %s is not in this network namespace", word);
		break;
	case ARG_LIMIT:
		value->num = UINT32_MAX;
		if (strcmp(word, "none") && !parse_u32(word, 0, UINT32_MAX - 1, &value->num))
			return say_usage("\"%s\" takes a number up to %u or none, not \"%s\"",
					 arg->name, UINT32_MAX - 1, word);
		break;
	case ARG_UIDS:
		if (!parse_uids(word, &value->num, &value->end) ||
		    (!arg->attr2 && value->num != value->end))
			return say_usage("\"%s\" takes a user%s, not \"%s\"", arg->name,
					 arg->attr2 ? " or a range of uids" : "", word);
		break;
	}
	return UMCTL_DONE;
}

/* The members of a group, or a single argument, as a sentence names them. */
static const char *arg_names(const struct verb *verb, const struct arg *one)
{
	static char names[128];
	const struct arg *arg;
	size_t len = 0;

	for_each_arg(arg, verb) {
		if (arg != one && (!one->group || arg->group != one->group))
			continue;
		len += snprintf(names + len, sizeof(names) - len, "%s%s", len ? " or " : "",
				arg->name);
	}
	return names;
}

static int args_complete(const struct args *args)
{
	const struct verb *verb = args->verb;
	const struct arg *arg, *other;
	bool there;

	for_each_arg(arg, verb) {
		if (!arg->required && !arg->group && arg->place != ARG_POSITION)
			continue;
		there = args->values[arg - verb->args].arg;
		for_each_arg(other, verb)
			if (arg->group && other->group == arg->group &&
			    args->values[other - verb->args].arg)
				there = true;
		if (there)
			continue;
		return say_usage("%s needs %s", args_command(args), arg_names(verb, arg));
	}
	return UMCTL_DONE;
}

int args_parse(struct args *args, int count, char **words)
{
	const struct verb *verb = args->verb;
	const struct arg *like = arg_left_out(verb, count, words);
	bool given[UMCTL_ARGS_MAX] = {};
	const struct arg *arg;
	bool is_value;
	int i, ret;

	if (like) {
		given[like - verb->args] = true;
		ret = value_read(like, words[1], &args->values[like - verb->args]);
		if (ret)
			goto usage;
	}
	for (i = 0; i < count; i++) {
		arg = arg_begin(verb, words[i], given, &is_value);
		if (!arg) {
			ret = say_usage("%s does not know \"%s\"", args_command(args),
					words[i]);
			goto usage;
		}
		if (given[arg - verb->args] && arg->type != ARG_ADDRS) {
			ret = say_usage("\"%s\" is given twice", arg->name);
			goto usage;
		}
		given[arg - verb->args] = true;
		if (!is_value && arg_has_value(arg) && ++i == count) {
			ret = say_usage("\"%s\" needs a value: %s", arg->name, arg_value_name(arg));
			goto usage;
		}
		ret = value_read(arg, words[i], &args->values[arg - verb->args]);
		if (ret)
			goto usage;
	}
	ret = args_complete(args);
usage:
	if (ret == UMCTL_USAGE)
		usage_verb(args->object, verb);
	return ret;
}

bool args_is_usual(const struct value *value)
{
	struct value usual = {};

	return value->arg && value->arg->usual &&
	       !value_read(value->arg, value->arg->usual, &usual) && usual.num == value->num;
}

int args_fill(struct args *args)
{
	const struct arg *arg;
	struct value *value;
	int ret;

	for_each_arg(arg, args->verb) {
		value = &args->values[arg - args->verb->args];
		if (value->arg || !arg->left_out)
			continue;
		ret = value_read(arg, arg->left_out, value);
		if (ret)
			return ret;
	}
	return UMCTL_DONE;
}

const struct value *args_find(const struct args *args, const char *name)
{
	const struct arg *arg;

	for_each_arg(arg, args->verb)
		if (!strcmp(arg->name, name) && args->values[arg - args->verb->args].arg)
			return &args->values[arg - args->verb->args];
	return NULL;
}

static int value_put(const struct value *value, struct nl_msg *msg)
{
	const struct arg *arg = value->arg;
	int err;

	switch (arg->type) {
	case ARG_FLAG:
	case ARG_WORD_FLAG:
		return nla_put_flag(msg, arg->attr);
	case ARG_TRUE:
	case ARG_WORD:
	case ARG_U8:
		return nla_put_u8(msg, arg->attr, value->num);
	case ARG_NAME:
	case ARG_LINK:
		return nla_put_string(msg, arg->attr, value->str);
	case ARG_U32:
	case ARG_PID:
	case ARG_DEV:
	case ARG_LIMIT:
		return nla_put_u32(msg, arg->attr, value->num);
	case ARG_PORT:
		return nla_put_u16(msg, arg->attr, value->num);
	case ARG_ADDR:
		return nla_put(msg, arg->attr, sizeof(value->addr), &value->addr);
	case ARG_PREFIX:
		err = nla_put(msg, arg->attr, sizeof(value->addr), &value->addr);
		return err ? err : nla_put_u8(msg, arg->attr2, value->plen);
	case ARG_UIDS:
		err = nla_put_u32(msg, arg->attr, value->num);
		if (err || !arg->attr2)
			return err;
		return nla_put_u32(msg, arg->attr2, value->end);
	case ARG_ADDR4:
		return nla_put(msg, arg->attr, sizeof(struct in_addr), &value->addr);
	case ARG_PREFIX4:
		err = nla_put(msg, arg->attr, sizeof(struct in_addr), &value->addr);
		return err ? err : nla_put_u8(msg, arg->attr2, value->plen);
	case ARG_ADDRS:
		break;
	}
	return 0;
}

int args_put(const struct args *args, struct nl_msg *msg)
{
	const struct arg *arg;
	const struct value *value;

	for_each_arg(arg, args->verb) {
		value = &args->values[arg - args->verb->args];
		if (value->arg && arg->attr && value_put(value, msg))
			return -EMSGSIZE;
	}
	return 0;
}
