// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns one line of a configuration. What the kernel dumps becomes
 * the words of the command that would make it, by the table of that command's
 * arguments: an argument that is new there is saved, restored and compared
 * without a word here.
 */
#include <arpa/inet.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>

#include "field.h"
#include "item.h"
#include "say.h"

/* What no value can hold, for it would be several words, or a comment. */
static bool word_is_one(const char *word)
{
	const char *c;

	if (!*word || *word == '#')
		return false;
	for (c = word; *c; c++)
		if (*c == ' ' || (*c >= '\t' && *c <= '\r'))
			return false;
	return true;
}

static size_t words_count(const char *const *words)
{
	size_t n;

	for (n = 0; words[n]; n++)
		;
	return n;
}

/* A string as the kernel sends it ends with a NUL. */
static const char *string_get(const struct nlattr *nla)
{
	return nla_len(nla) && !((const char *)nla_data(nla))[nla_len(nla) - 1] ?
	       nla_data(nla) : NULL;
}

/* The opposite of value_put() in args.c. NULL or why not. */
static const char *value_get(const struct arg *arg, const struct nlmsghdr *nlh,
			     struct value *value)
{
	const struct nlattr *nla = arg->attr ? field_find(nlh, arg->attr) : NULL;
	const struct nlattr *nla2 = arg->attr2 ? field_find(nlh, arg->attr2) : NULL;
	char dev[IF_NAMESIZE];

	if (!nla)
		return NULL;
	switch (arg->type) {
	case ARG_FLAG:
	case ARG_WORD_FLAG:
		value->num = 0;
		break;
	case ARG_TRUE:
		if (field_uint(nla) != 1)
			return NULL;
		value->num = 1;
		break;
	case ARG_WORD:
		value->num = field_uint(nla);
		if (value->num >= words_count(arg->words) || !*arg->words[value->num])
			return "has a value that this umctl has no word for";
		break;
	case ARG_NAME:
	case ARG_LINK:
		value->str = string_get(nla);
		if (!value->str || !*value->str)
			return NULL;
		if (!word_is_one(value->str))
			return "has blanks in a name";
		break;
	case ARG_U8:
	case ARG_U32:
	case ARG_PID:
	case ARG_PORT:
	case ARG_LIMIT:
		value->num = field_uint(nla);
		break;
	case ARG_ADDR:
	case ARG_PREFIX:
		if (!field_in6(nla, &value->addr))
			return "has an address that is none";
		value->plen = nla2 ? field_uint(nla2) : 128;
		break;
	case ARG_ADDR4:
	case ARG_PREFIX4:
		if (!field_in4(nla, &value->addr))
			return "has an address that is none";
		value->plen = nla2 ? field_uint(nla2) : 32;
		break;
	case ARG_ADDRS:
		return NULL;
	case ARG_DEV:
		value->num = field_uint(nla);
		if (!if_indextoname(value->num, dev))
			return "names a device that is gone";
		break;
	case ARG_UIDS:
		value->num = field_uint(nla);
		value->end = nla2 ? field_uint(nla2) : value->num;
		break;
	}
	value->arg = arg;
	return NULL;
}

static void value_print(const struct value *value, FILE *to)
{
	const struct arg *arg = value->arg;
	char addr[INET6_ADDRSTRLEN], dev[IF_NAMESIZE];
	size_t i;

	if (arg->place != ARG_POSITION)
		fprintf(to, " %s", arg->name);
	switch (arg->type) {
	case ARG_FLAG:
	case ARG_TRUE:
		break;
	case ARG_WORD:
	case ARG_WORD_FLAG:
		fprintf(to, " %s", arg->words[value->num]);
		break;
	case ARG_NAME:
	case ARG_LINK:
		fprintf(to, " %s", *value->str ? value->str : "-");
		break;
	case ARG_U8:
	case ARG_U32:
	case ARG_PID:
	case ARG_PORT:
		fprintf(to, " %u", value->num);
		break;
	case ARG_LIMIT:
		if (value->num == UINT32_MAX)
			fputs(" none", to);
		else
			fprintf(to, " %u", value->num);
		break;
	case ARG_ADDR:
	case ARG_PREFIX:
		inet_ntop(AF_INET6, &value->addr, addr, sizeof(addr));
		fprintf(to, " %s", addr);
		if (arg->type == ARG_PREFIX)
			fprintf(to, "/%u", value->plen);
		break;
	case ARG_ADDR4:
	case ARG_PREFIX4:
		inet_ntop(AF_INET, &value->addr, addr, sizeof(addr));
		fprintf(to, " %s", addr);
		if (arg->type == ARG_PREFIX4)
			fprintf(to, "/%u", value->plen);
		break;
	case ARG_DEV:
		fprintf(to, " %s", if_indextoname(value->num, dev) ? dev : "-");
		break;
	case ARG_ADDRS:
		for (i = 0; i < value->count; i++)
			fprintf(to, " %s",
				inet_ntop(AF_INET6, &value->list[i], addr, sizeof(addr)));
		break;
	case ARG_UIDS:
		fprintf(to, " %u", value->num);
		if (value->end != value->num)
			fprintf(to, "-%u", value->end);
		break;
	}
}

/* The same addresses, in whatever order; none is there twice. */
static bool list_equal(const struct value *a, const struct value *b)
{
	size_t i, j;

	if (a->count != b->count)
		return false;
	for (i = 0; i < a->count; i++) {
		for (j = 0; j < b->count; j++)
			if (!memcmp(&a->list[i], &b->list[j], sizeof(*a->list)))
				break;
		if (j == b->count)
			return false;
	}
	return true;
}

/*
 * No type is left to a default here: one that is new, and holds more than a
 * number, is to be thought of.
 */
static bool value_equal(const struct value *a, const struct value *b)
{
	if (!a->arg || !b->arg)
		return a->arg == b->arg;
	switch (a->arg->type) {
	case ARG_FLAG:
	case ARG_TRUE:
	case ARG_WORD_FLAG:
		return true;
	case ARG_NAME:
	case ARG_LINK:
		return !strcmp(a->str, b->str);
	case ARG_ADDR:
	case ARG_PREFIX:
	case ARG_ADDR4:
	case ARG_PREFIX4:
		return a->plen == b->plen && !memcmp(&a->addr, &b->addr, sizeof(a->addr));
	case ARG_ADDRS:
		return list_equal(a, b);
	case ARG_UIDS:
		return a->num == b->num && a->end == b->end;
	case ARG_WORD:
	case ARG_U8:
	case ARG_U32:
	case ARG_PID:
	case ARG_PORT:
	case ARG_LIMIT:
	case ARG_DEV:
		return a->num == b->num;
	}
	return false;
}

static const struct value *value_of(const struct item *item, const struct arg *arg)
{
	return &item->args.values[arg - item->args.verb->args];
}

const struct keep *item_keep(const struct item *item)
{
	return kind_of(&item->args)->keep;
}

const struct value *item_value(const struct item *item, const char *name)
{
	return args_find(&item->args, name);
}

static void args_print(const struct args *args, FILE *to)
{
	const struct arg *arg;

	fputs(args_command(args), to);
	for_each_arg(arg, args->verb)
		if (args->values[arg - args->verb->args].arg)
			value_print(&args->values[arg - args->verb->args], to);
}

void item_print(const struct item *item, FILE *to)
{
	args_print(&item->args, to);
}

void item_print_change(const struct item *from, const struct item *to, FILE *out)
{
	const struct args *args = from ? &from->args : &to->args;
	const struct value unset = {};
	const struct arg *arg;

	fputs(args_command(args), out);
	for_each_arg(arg, args->verb) {
		const struct value *old = from ? value_of(from, arg) : &unset;
		const struct value *new = to ? value_of(to, arg) : &unset;

		if (value_equal(old, new))
			continue;
		if (new->arg)
			value_print(new, out);
		else
			fprintf(out, " %s %s", arg->name, arg->left_out);
	}
}

void item_print_key(const struct item *item, FILE *to)
{
	const struct arg *arg;
	bool keyed = false;

	for_each_arg(arg, item->args.verb)
		keyed |= arg->key;
	for_each_arg(arg, item->args.verb)
		if ((arg->key || !keyed) && value_of(item, arg)->arg)
			value_print(value_of(item, arg), to);
}

/*
 * Does it say anything? Of what a verb needs one of, all may be gone: a user may
 * have addresses and no limit, and no limit may be what is said.
 */
static bool args_say_something(const struct args *args)
{
	const struct arg *arg;
	bool needed = false;

	for_each_arg(arg, args->verb) {
		if (!arg->group)
			continue;
		needed = true;
		if (args->values[arg - args->verb->args].arg)
			return true;
	}
	return !needed;
}

/* The object and the verb that begin a line of a configuration, @begin words. */
static int item_command(struct args *args, int count, char **words, int *begin)
{
	const struct object *object = object_find(words[0]), *part;
	const struct kind *kind;
	char *kept = NULL;
	size_t size;
	FILE *to;
	int ret;

	if (!object)
		return say_usage("there is no object \"%s\"; \"umctl help\" lists them", words[0]);
	part = count > 1 ? part_find(object, words[1]) : NULL;
	args->object = part ? part : object;
	*begin = part ? 3 : 2;
	args->verb = count >= *begin ? verb_find(args->object, words[*begin - 1]) : NULL;
	if (args->verb && kind_of(args))
		return UMCTL_DONE;
	to = open_memstream(&kept, &size);
	if (!to)
		return say_refused("out of memory");
	for_each_kind(kind)
		fprintf(to, "%s%s %s", kind == kinds() ? "" : ", ", kind->object->name,
			kind->verb->name);
	fclose(to);
	ret = say_usage("\"%s%s%s\" is no line of a configuration, which has only these: %s",
			args->object->name, count >= *begin ? " " : "",
			count >= *begin ? words[*begin - 1] : "", kept ? kept : "");
	free(kept);
	return ret;
}

/* What a line says beside that there is such a thing. */
static int item_judge(struct args *args)
{
	const struct arg *arg;
	struct value *value;

	for_each_arg(arg, args->verb) {
		value = &args->values[arg - args->verb->args];
		if (arg->not_kept && value->arg)
			return say_usage("\"%s\" has no place in a configuration", arg->name);
		/* Nothing is there to be taken back. */
		if (arg->revoke && value->arg && !*value->str)
			value->arg = NULL;
	}
	return UMCTL_DONE;
}

/* Of settings those that are not as they are anyway; of others all. */
static int item_complete(struct args *args, bool settings)
{
	struct args usual = { .object = args->object, .verb = args->verb };
	const struct arg *arg;
	int ret;

	ret = args_fill(settings ? &usual : args);
	for_each_arg(arg, args->verb) {
		size_t i = arg - args->verb->args;

		if (settings && value_equal(&args->values[i], &usual.values[i]))
			args->values[i].arg = NULL;
	}
	return ret;
}

int item_parse(struct item *item, const char *text)
{
	char *words[UMCTL_WORDS_MAX];
	const struct keep *keep;
	int count, begin = 0, ret;

	*item = (struct item){};
	item->words = strdup(text);
	if (!item->words)
		return say_refused("out of memory");
	count = line_split(item->words, words);
	if (count < 0)
		return say_usage("the line has too many words");
	if (!count)
		return UMCTL_DONE;
	ret = item_command(&item->args, count, words, &begin);
	if (!ret)
		ret = args_parse(&item->args, count - begin, words + begin);
	if (!ret)
		ret = item_judge(&item->args);
	if (ret)
		return ret;
	keep = item_keep(item);
	if (keep->tidy)
		ret = keep->tidy(&item->args);
	if (!ret && keep->settings)
		ret = item_complete(&item->args, true);
	if (!ret && !args_say_something(&item->args)) {
		item->args.object = NULL;
		return UMCTL_DONE;
	}
	return ret || keep->settings ? ret : item_complete(&item->args, false);
}

/* What @nlh says, as arguments. */
static int item_tell(struct args *args, const struct keep *keep, const struct nlmsghdr *nlh,
		     const char **why)
{
	const struct value *value;
	const struct arg *arg;
	int ret = UMCTL_DONE;

	for_each_arg(arg, args->verb)
		if (!arg->not_kept && !*why)
			*why = value_get(arg, nlh, &args->values[arg - args->verb->args]);
	if (keep->tell && !*why)
		ret = keep->tell(args, nlh);
	for_each_arg(arg, args->verb) {
		value = &args->values[arg - args->verb->args];
		if (!arg->attr && (arg->type == ARG_NAME || arg->type == ARG_LINK) &&
		    value->arg && !*why && !word_is_one(value->str))
			*why = "has blanks in a name";
	}
	return ret;
}

static bool attr_is_true(const struct nlmsghdr *nlh, uint16_t attr)
{
	const struct nlattr *nla = attr ? field_find(nlh, attr) : NULL;

	return nla && field_uint(nla);
}

int item_read(struct item *item, const struct kind *kind, const struct nlmsghdr *nlh)
{
	struct args args = { .object = kind->object, .verb = kind->verb };
	const struct keep *keep = kind->keep;
	const char *why = NULL;
	char *text = NULL;
	size_t size;
	FILE *to;
	int ret;

	*item = (struct item){};
	if ((keep->when && !attr_is_true(nlh, keep->when)) ||
	    (keep->unless && field_find(nlh, keep->unless)))
		return UMCTL_DONE;
	ret = item_tell(&args, keep, nlh, &why);
	if (ret || !args_say_something(&args)) {
		args_free(&args);
		return ret;
	}
	/* By way of its words, so that what is saved is what can be read. */
	to = open_memstream(&text, &size);
	if (to) {
		args_print(&args, to);
		fclose(to);
	}
	if (!text)
		ret = say_refused("out of memory");
	else if (why)
		ret = say_refused("\"%s\" %s", text, why);
	else
		ret = item_parse(item, text);
	free(text);
	args_free(&args);
	item->leaving = attr_is_true(nlh, keep->leaving);
	item->stale = attr_is_true(nlh, keep->stale);
	return ret;
}

void item_free(struct item *item)
{
	args_free(&item->args);
	free(item->words);
}

bool item_equal(const struct item *a, const struct item *b)
{
	const struct arg *arg;

	if (a->args.verb != b->args.verb)
		return false;
	for_each_arg(arg, a->args.verb)
		if (!value_equal(value_of(a, arg), value_of(b, arg)))
			return false;
	return true;
}

bool item_same(const struct item *a, const struct item *b)
{
	const struct arg *arg;
	bool keyed = false;

	if (a->args.verb != b->args.verb || item_keep(a)->listed)
		return false;
	if (item_keep(a)->single)
		return true;
	for_each_arg(arg, a->args.verb) {
		if (!arg->key)
			continue;
		keyed = true;
		if (!value_equal(value_of(a, arg), value_of(b, arg)))
			return false;
	}
	return keyed || item_equal(a, b);
}

void item_choose(struct item *item, const struct item *have)
{
	const struct arg *arg;

	for_each_arg(arg, item->args.verb)
		if (arg->chosen && !value_of(item, arg)->arg)
			item->args.values[arg - item->args.verb->args] = *value_of(have, arg);
}

static int value_compare(const struct value *a, const struct value *b)
{
	int order;

	if (!a->arg || !b->arg)
		return !!a->arg - !!b->arg;
	switch (a->arg->type) {
	case ARG_NAME:
	case ARG_LINK:
	case ARG_DEV:
		return strcmp(a->str, b->str);
	case ARG_ADDR:
	case ARG_PREFIX:
	case ARG_ADDR4:
	case ARG_PREFIX4:
		order = memcmp(&a->addr, &b->addr, sizeof(a->addr));
		return order ? order : a->plen - b->plen;
	default:
		return (a->num > b->num) - (a->num < b->num);
	}
}

int item_compare(const struct item *a, const struct item *b)
{
	const struct kind *kind = kind_of(&a->args), *other = kind_of(&b->args);
	const struct arg *arg;
	int order = (kind > other) - (kind < other);

	if (order || kind->keep->listed)
		return order;
	/* Its names come first among its arguments. */
	for_each_arg(arg, a->args.verb) {
		order = value_compare(value_of(a, arg), value_of(b, arg));
		if (order)
			return order;
	}
	return 0;
}
