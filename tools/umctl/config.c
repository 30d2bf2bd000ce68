// SPDX-License-Identifier: GPL-2.0
/* This file owns configurations: where they come from and how they are written. */
#include <errno.h>
#include <linux/umx.h>
#include <stdlib.h>
#include <string.h>

#include "config.h"
#include "live.h"
#include "nl.h"
#include "say.h"

/* What a sentence names; the rest is counted. */
#define KEYS_NAMED	8

static struct item *config_add(struct config *config)
{
	struct item *items;

	items = realloc(config->items, (config->count + 1) * sizeof(*items));
	if (!items)
		return NULL;
	config->items = items;
	items[config->count] = (struct item){};
	return &items[config->count++];
}

void config_free(struct config *config)
{
	struct item *item;

	for_each_item(item, config)
		item_free(item);
	free(config->items);
	*config = (struct config){};
}

struct item *config_find(const struct config *config, const struct item *item)
{
	struct item *other;

	for_each_item(other, config)
		if (other->args.object && !other->leaving && item_same(other, item))
			return other;
	return NULL;
}

/* --- from the kernel --- */

/**
 * struct config_reader - a dump that is being read
 * @config: gets its things.
 * @kind: what they are.
 * @begin: how many there were before.
 * @ret: what to exit with.
 */
struct config_reader {
	struct config *config;
	const struct kind *kind;
	size_t begin;
	int ret;
};

static void message_read(const struct nlmsghdr *nlh, void *arg)
{
	struct config_reader *reader = arg;
	struct item *item;

	if (reader->ret)
		return;
	item = config_add(reader->config);
	if (!item) {
		reader->ret = say_refused("out of memory");
		return;
	}
	reader->ret = item_read(item, reader->kind, nlh);
	if (item->args.object)
		return;
	item_free(item);
	reader->config->count--;
}

static void message_restart(void *arg)
{
	struct config_reader *reader = arg;

	while (reader->config->count > reader->begin)
		item_free(&reader->config->items[--reader->config->count]);
	reader->ret = UMCTL_DONE;
}

static int kind_read(struct config *config, const struct kind *kind)
{
	struct config_reader reader = {
		.config = config, .kind = kind, .begin = config->count,
	};
	const struct object *object = kind->object;
	struct nl_msg *msg;
	int err;

	msg = unl_genl(object->family, verb_find(object, "show")->cmd, 0);
	err = msg ? unl_dump(msg, message_read, message_restart, &reader) : -ENOMEM;
	if (err)
		return unl_refused(object->name, err);
	return reader.ret;
}

/* qsort() may change the order of what is equal: it is where it was. */
static int items_order(const void *a, const void *b)
{
	const struct item *first = *(const struct item *const *)a;
	const struct item *second = *(const struct item *const *)b;
	int order = item_compare(first, second);

	return order ? order : (first > second) - (first < second);
}

static int config_sort(struct config *config)
{
	struct item **order, *items;
	size_t i;

	order = calloc(config->count + 1, sizeof(*order));
	items = calloc(config->count + 1, sizeof(*items));
	if (!order || !items) {
		free(order);
		free(items);
		return say_refused("out of memory");
	}
	for (i = 0; i < config->count; i++)
		order[i] = &config->items[i];
	qsort(order, config->count, sizeof(*order), items_order);
	for (i = 0; i < config->count; i++)
		items[i] = *order[i];
	free(order);
	free(config->items);
	config->items = items;
	return UMCTL_DONE;
}

int config_read_kernel(struct config *config)
{
	const struct kind *kind;
	int ret = UMCTL_DONE;

	*config = (struct config){};
	for_each_kind(kind)
		if (!ret && unl_there(kind->object->family))
			ret = kind_read(config, kind);
	return ret ? ret : config_sort(config);
}

/* --- from a file --- */

static bool prefix_equal(const struct in6_addr *one, const struct in6_addr *two, unsigned int plen)
{
	unsigned int bytes = plen / 8, mask = 0xff00 >> plen % 8 & 0xff;

	return !memcmp(one, two, bytes) &&
	       (!mask || !((one->s6_addr[bytes] ^ two->s6_addr[bytes]) & mask));
}

/* Is one of the addresses of @list in the pool @item, or one of its own? */
static bool list_overlap(const struct value *list, const struct item *item)
{
	const struct value *other = item_value(item, "addr");
	const struct value *prefix = item_value(item, "prefix");
	const struct value *type = item_value(item, "type");
	size_t i, j;

	/* a pool that shares a link's prefix has other addresses */
	if (prefix && type && type->num != UMX_POOL_ROUTED)
		return false;
	for (i = 0; i < list->count; i++) {
		if (prefix && prefix_equal(&list->list[i], &prefix->addr, prefix->plen))
			return true;
		for (j = 0; other && j < other->count; j++)
			if (prefix_equal(&list->list[i], &other->list[j], 128))
				return true;
	}
	return false;
}

bool config_overlap(const struct item *a, const struct item *b)
{
	const struct value *one = item_value(a, "prefix");
	const struct value *two = item_value(b, "prefix");

	if (item_value(a, "addr"))
		return list_overlap(item_value(a, "addr"), b);
	if (item_value(b, "addr"))
		return list_overlap(item_value(b, "addr"), a);
	return prefix_equal(&one->addr, &two->addr, one->plen < two->plen ? one->plen : two->plen);
}

/* A name of a pool must be one that a line before has added. */
static int item_check_pools(const struct config *config, const struct item *item)
{
	const struct item *other;
	const struct value *value, *name;
	const struct arg *arg;

	for_each_arg(arg, item->args.verb) {
		value = &item->args.values[arg - item->args.verb->args];
		if (arg->live != &live_pools || !value->arg)
			continue;
		for (other = config->items; other < item; other++) {
			name = other->args.object && !strcmp(other->args.object->name, "pool") ?
			       item_value(other, "NAME") : NULL;
			if (name && !strcmp(name->str, value->str))
				break;
		}
		if (other == item)
			return say_usage("no line before adds the pool \"%s\"", value->str);
	}
	return UMCTL_DONE;
}

/* What lives in something needs a line before that makes it. */
static int item_check_within(const struct config *config, const struct item *item)
{
	const struct object *within = item_keep(item)->within;
	const struct item *other;

	if (!within)
		return UMCTL_DONE;
	for (other = config->items; other < item; other++)
		if (other->args.object == within)
			return UMCTL_DONE;
	return say_usage("no line before is a \"%s\"", within->name);
}

/* What the kernel would refuse for the sake of another line. */
static int item_check(const struct config *config, const struct item *item)
{
	bool is_pool = !strcmp(item->args.object->name, "pool");
	const struct value *mode = item_value(item, "mode");
	const struct item *other;
	int ret;

	for (other = config->items; other < item; other++) {
		if (other->args.verb != item->args.verb)
			continue;
		if (item_equal(other, item) || item_same(other, item))
			return say_usage("line %u has it already", other->number);
		if (is_pool && config_overlap(other, item))
			return say_usage("the %s overlaps that of line %u",
					 item_value(item, "prefix") ? "prefix" : "list",
					 other->number);
	}
	if (mode && !strcmp(mode->str, "legacy") && !item_keep(item)->listed)
		return say_usage("a port in mode legacy is one that no line names");
	ret = item_check_within(config, item);
	return ret ? ret : item_check_pools(config, item);
}

static int line_read(struct config *config, const char *text, unsigned int number)
{
	struct item *item = config_add(config);
	int ret;

	if (!item)
		return say_refused("out of memory");
	ret = item_parse(item, text);
	item->number = number;
	if (!ret && item->args.object)
		ret = item_check(config, item);
	if (!ret && item->args.object)
		return UMCTL_DONE;
	item_free(item);
	config->count--;
	return ret;
}

/* A word that is wrong outweighs a device that is not there. */
static int worse(int a, int b)
{
	return a == UMCTL_USAGE || b == UMCTL_USAGE ? UMCTL_USAGE : a ? a : b;
}

int config_read_file(struct config *config, const char *path)
{
	bool standard = !strcmp(path, "-");
	unsigned int number = 0;
	int ret = UMCTL_DONE;
	char *line = NULL;
	size_t size = 0;
	ssize_t len;
	FILE *file;

	*config = (struct config){};
	file = standard ? stdin : fopen(path, "re");
	if (!file)
		return say_usage("%s cannot be read: %s", path, strerror(errno));
	while ((len = getline(&line, &size, file)) >= 0) {
		say_where(standard ? "stdin" : path, ++number);
		ret = worse(ret, strlen(line) == (size_t)len ?
			    line_read(config, line, number) :
			    say_usage("the line has a byte that is no text"));
	}
	say_where(NULL, 0);
	if (ferror(file))
		ret = say_usage("%s cannot be read: %s", path, strerror(errno));
	free(line);
	if (!standard)
		fclose(file);
	return ret;
}

/* --- as text --- */

static void kind_print(const struct config *config, const struct kind *kind, FILE *to)
{
	const struct item *item;

	fprintf(to, "\n# %s%s\n", kind->keep->heading,
		unl_there(kind->object->family) ? "" :
		" (not looked at: the module is not loaded)");
	for_each_item(item, config) {
		if (item->args.verb != kind->verb || item->leaving)
			continue;
		item_print(item, to);
		fputc('\n', to);
	}
}

void config_print(const struct config *config, FILE *to)
{
	const struct kind *kind;

	fputs("# Configuration of umx in one network namespace, as \"umctl save\" writes it.\n"
	      "# \"umctl sync FILE\" makes it so, see umctl(8).\n", to);
	for_each_kind(kind)
		kind_print(config, kind, to);
}

void config_print_keys(const struct config *config, FILE *to)
{
	const struct verb *last = NULL;
	const struct item *item;
	size_t named = 0, more = 0;

	for_each_item(item, config) {
		if (item->leaving)
			continue;
		if (named == KEYS_NAMED) {
			more++;
			continue;
		}
		if (item->args.verb != last)
			fprintf(to, "%s%s", last ? "; " : "", item->args.verb->keep ?
				args_command(&item->args) : item->args.object->name);
		else
			fputc(',', to);
		last = item->args.verb;
		item_print_key(item, to);
		named++;
	}
	if (more)
		fprintf(to, "; and %zu more", more);
}
