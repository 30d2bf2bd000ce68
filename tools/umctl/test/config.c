// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the unit tests of configurations: what can be set can be kept,
 * and an ordered list changes without a moment in which it says a third thing.
 */
#include <linux/genetlink.h>
#include <linux/umx.h>
#include <net/if.h>
#include <netlink/genl/genl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "config.h"
#include "edit.h"
#include "parse.h"
#include "plan_limit.h"

/* --- what can be set can be kept --- */

/* A value for @arg that is not what leaving it out means. */
static struct value sample(const struct arg *arg)
{
	struct value value = { .arg = arg, .str = "sample", .num = 7, .plen = 64 };
	const char *usual = arg->left_out ? arg->left_out : arg->usual;

	parse_in6("2001:db8:7::", &value.addr);
	switch (arg->type) {
	case ARG_FLAG:
	case ARG_TRUE:
		value.num = 1;
		break;
	case ARG_WORD:
		for (value.num = 0; arg->words[value.num + 1]; value.num++)
			;
		if (usual && !strcmp(arg->words[value.num], usual))
			value.num = 0;
		break;
	case ARG_WORD_FLAG:
		value.num = 0;
		break;
	case ARG_ADDR4:
	case ARG_PREFIX4:
		parse_in4("10.7.0.0", &value.addr);
		value.plen = 24;
		break;
	case ARG_DEV:
		value.num = if_nametoindex("lo");
		break;
	default:
		break;
	}
	return value;
}

/* Everything the command of @kind can be told, as the kernel would tell it. */
static struct nl_msg *message_of(const struct kind *kind)
{
	struct args args = { .object = kind->object, .verb = kind->verb };
	struct nl_msg *msg = nlmsg_alloc();
	const struct arg *arg;

	assert_non_null(msg);
	genlmsg_put(msg, 0, 0, GENL_ID_CTRL, 0, 0, 0, 0);
	for_each_arg(arg, args.verb)
		if (!arg->not_kept)
			args.values[arg - args.verb->args] = sample(arg);
	assert_int_equal(args_put(&args, msg), 0);
	if (kind->keep->when)
		nla_put_u8(msg, kind->keep->when, 1);
	return msg;
}

static bool told_by_file(const struct kind *kind)
{
	const struct arg *arg;

	for_each_arg(arg, kind->verb)
		if (arg->required && !arg->attr)
			return true;
	return false;
}

static char *text_of(const struct item *item)
{
	char *text = NULL;
	size_t size;
	FILE *to = open_memstream(&text, &size);

	item_print(item, to);
	fclose(to);
	return text;
}

static void what_can_be_set_is_saved(void **state)
{
	struct item item, again;
	const struct kind *kind;
	const struct arg *arg;
	struct nl_msg *msg;
	char *text;
	int kept = 0;

	(void)state;
	for_each_kind(kind) {
		kept++;
		assert_non_null(kind->keep);
		assert_true(!kind->keep->undo || verb_find(kind->object, kind->keep->undo));
		assert_non_null(verb_find(kind->object, "show"));
		/* what only a file tells is for selftests/umctl/persist_modules.sh */
		if (told_by_file(kind))
			continue;
		msg = message_of(kind);
		assert_int_equal(item_read(&item, kind, nlmsg_hdr(msg)), UMCTL_DONE);
		text = text_of(&item);
		for_each_arg(arg, kind->verb) {
			/* What the kernel is not told it cannot tell. */
			if (arg->not_kept || !arg->attr)
				continue;
			if (!item_value(&item, arg->name))
				fail_msg("\"%s\" of %s is not saved", arg->name,
					 kind->object->name);
			if (arg->place != ARG_POSITION)
				assert_non_null(strstr(text, arg->name));
		}
		assert_int_equal(item_parse(&again, text), UMCTL_DONE);
		assert_true(item_equal(&item, &again));
		item_free(&again);
		item_free(&item);
		free(text);
		nlmsg_free(msg);
	}
	assert_int_equal(kept, 14);
}

/* Two items that differ in one argument only are not the same. */
static void every_difference_is_seen(void **state)
{
	struct item item, other;
	const struct kind *kind;
	const struct arg *arg;
	struct nl_msg *msg;

	(void)state;
	for_each_kind(kind) {
		if (told_by_file(kind))
			continue;
		msg = message_of(kind);
		item_read(&item, kind, nlmsg_hdr(msg));
		item_read(&other, kind, nlmsg_hdr(msg));
		for_each_arg(arg, item.args.verb) {
			struct value *value = &other.args.values[arg - item.args.verb->args];
			struct value before = *value;

			if (arg->not_kept || !arg->attr)
				continue;
			assert_true(item_equal(&item, &other));
			value->arg = NULL;
			assert_false(item_equal(&item, &other));
			*value = before;
		}
		item_free(&item);
		item_free(&other);
		nlmsg_free(msg);
	}
}

static void defaults_can_be_typed(void **state)
{
	const struct kind *kind;
	const struct arg *arg;

	(void)state;
	for_each_kind(kind) {
		struct args args = { .object = kind->object, .verb = kind->verb };

		assert_int_equal(args_fill(&args), UMCTL_DONE);
		for_each_arg(arg, args.verb)
			assert_true(!arg->left_out == !args.values[arg - args.verb->args].arg);
	}
}

/* Lines that say nothing, and two ways to say the same. */
static void no_limit_is_no_line(void **state)
{
	static const struct {
		const char *line, *kept;
	} cases[] = {
		{ "limit set ea none", NULL },
		{ "limit set each ea none ssa none", NULL },
		{ "limit set ea 5 ssa none", "limit set ea 5" },
		{ "limit set each ssa 5 ea none", "limit set each ssa 5" },
		{ "limit set uid 5 ea none", "limit set uid 5 ea none" },
		{ "pool add a prefix 2001:db8::/64 host 0 host_bits 0",
		  "pool add a prefix 2001:db8::/64 type routed" },
		{ "pool add dev lo 2001:db8::1 2001:db8::2",
		  "pool add lo dev lo type onlink gen list addr 2001:db8::1 2001:db8::2" },
		{ "pool add a addr 2001:db8::1 dev lo 2001:db8::2",
		  "pool add a dev lo type onlink gen list addr 2001:db8::1 2001:db8::2" },
		{ "pool add dev prefix 2001:db8::/64", "pool add dev prefix 2001:db8::/64 type routed" },
		{ "preserve set revert off rto_threshold 2", NULL },
		{ "preserve set bound on rto_threshold 3 revert off",
		  "preserve set rto_threshold 3 bound on" },
		{ "bis spool add 10.0.0.0/24 source 2001:db8::1",
		  "bis spool add 10.0.0.0/24 source 2001:db8::1 self 10.0.0.1 incoming pair idle 300" },
	};
	struct item item;
	char *text;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(item_parse(&item, cases[i].line), UMCTL_DONE);
		assert_int_equal(!item.args.object, !cases[i].kept);
		if (cases[i].kept) {
			text = text_of(&item);
			assert_string_equal(text, cases[i].kept);
			free(text);
		}
		item_free(&item);
	}
}

/* --- the way from limits to others --- */

static void config_of(struct config *config, const char *const *lines)
{
	size_t i;

	*config = (struct config){ .items = calloc(4, sizeof(struct item)) };
	for (i = 0; lines[i]; i++)
		assert_int_equal(item_parse(&config->items[config->count++], lines[i]), UMCTL_DONE);
}

static void limits_never_are_a_third_thing(void **state)
{
	static const struct {
		const char *have[4], *want[4], *steps;
	} cases[] = {
		{ { NULL }, { "limit set each ea 5", "limit set uid 1 ea none", "limit set ssa 9", NULL },
		  "limit set uid 1 ea none (limit del uid 1)\n"
		  "limit set each ea 5 (limit set each ea none)\n"
		  "limit set ssa 9 (limit set ssa none)\n" },
		{ { "limit set uid 1 ea 7", "limit set each ea 5", NULL }, { NULL },
		  "limit set each ea none (limit set each ea 5)\n"
		  "limit del uid 1 (limit set uid 1 ea 7)\n" },
		{ { "limit set each ea 5 ssa 6", NULL }, { "limit set each ea 4", NULL },
		  "limit set each ea 4 ssa none (limit set each ea 5 ssa 6)\n" },
		{ { "limit set uid 1 ea 5", NULL }, { "limit set uid 1 ea 4", NULL },
		  "limit set uid 1 ea 4 (limit set uid 1 ea 5)\n" },
		{ { "limit set uid 1 ea 5", NULL }, { "limit set uid 1 ssa 4", NULL },
		  "limit del uid 1 (limit set uid 1 ea 5)\n"
		  "limit set uid 1 ssa 4 (limit del uid 1)\n" },
		{ { "limit set ea 5", NULL }, { "limit set ea 5 ssa none", NULL }, "" },
	};
	struct config have, want;
	struct plan plan;
	char text[512];
	size_t i, j, len;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		config_of(&have, cases[i].have);
		config_of(&want, cases[i].want);
		plan = (struct plan){};
		limits_come(&plan, &have, &want);
		limits_go(&plan, &have, &want);
		text[0] = '\0';
		for (j = 0, len = 0; j < plan.count; j++)
			len += snprintf(text + len, sizeof(text) - len, "%s (%s)\n",
					plan.steps[j].command, plan.steps[j].undo);
		assert_string_equal(text, cases[i].steps);
		plan_free(&plan);
		config_free(&have);
		config_free(&want);
	}
}

/* A list may be written in another order: what is left comes first in the kernel's. */
static void lists_have_no_order(void **state)
{
	static const struct {
		const char *other;
		bool equal;
	} cases[] = {
		{ "pool add lo dev lo 2001:db8::2 2001:db8::1", true },
		{ "pool add lo dev lo addr 2001:db8::1 addr 2001:db8::2 gen list type onlink", true },
		{ "pool add lo dev lo 2001:db8::1 2001:db8::3", false },
		{ "pool add lo dev lo 2001:db8::1", false },
		{ "pool add lo dev lo 2001:db8::1 2001:db8::2 2001:db8::3", false },
		{ "pool add lo dev lo prefix 2001:db8::/64", false },
	};
	struct item item, other;
	size_t i;

	(void)state;
	assert_int_equal(item_parse(&item, "pool add dev lo 2001:db8::1 2001:db8::2"), UMCTL_DONE);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(item_parse(&other, cases[i].other), UMCTL_DONE);
		assert_true(item_same(&item, &other));
		assert_int_equal(item_equal(&item, &other), cases[i].equal);
		assert_int_equal(item_equal(&other, &item), cases[i].equal);
		item_free(&other);
	}
	item_free(&item);
}

/* What the kernel says of a list becomes the line that makes it. */
static void a_list_is_saved(void **state)
{
	const struct object *object = object_find("pool");
	const struct args args = { .object = object, .verb = verb_find(object, "add") };
	struct nl_msg *msg = nlmsg_alloc();
	struct in6_addr addr;
	struct nlattr *nest;
	struct item item;
	char *text;

	(void)state;
	genlmsg_put(msg, 0, 0, GENL_ID_CTRL, 0, 0, 0, 0);
	nla_put_string(msg, UMX_POOL_A_NAME, "few");
	nla_put_u8(msg, UMX_POOL_A_TYPE, UMX_POOL_ONLINK);
	nla_put_u8(msg, UMX_POOL_A_GENERATOR, UMX_GENERATOR_LIST);
	nla_put_u32(msg, UMX_POOL_A_IFINDEX, if_nametoindex("lo"));
	nest = nla_nest_start(msg, UMX_POOL_A_LIST);
	nla_put_u32(msg, UMX_POOL_LIST_A_LEFT, 1);
	parse_in6("2001:db8::2", &addr);
	nla_put(msg, UMX_POOL_LIST_A_USED, sizeof(addr), &addr);
	parse_in6("2001:db8::1", &addr);
	nla_put(msg, UMX_POOL_LIST_A_ADDRESS, sizeof(addr), &addr);
	nla_nest_end(msg, nest);
	assert_int_equal(item_read(&item, kind_of(&args), nlmsg_hdr(msg)),
			 UMCTL_DONE);
	text = text_of(&item);
	assert_string_equal(text, "pool add few dev lo type onlink gen list addr 2001:db8::1 2001:db8::2");
	free(text);
	item_free(&item);
	nlmsg_free(msg);
}

static void prefixes_overlap(void **state)
{
	static const struct {
		const char *a, *b;
		bool overlap;
	} cases[] = {
		{ "prefix 2001:db8::/32", "addr 2001:db8::1", true },
		{ "prefix 2001:db8::/32", "addr 2001:db9::1 2001:db8::1", true },
		{ "prefix 2001:db8::/32", "addr 2001:db9::1", false },
		{ "prefix 2001:db8::/64 type onlink", "addr 2001:db8::1", false },
		{ "addr 2001:db8::1 2001:db8::2", "addr 2001:db8::2", true },
		{ "addr 2001:db8::1 2001:db8::2", "addr 2001:db8::3", false },
		{ "prefix 2001:db8::/64", "prefix 2001:db8::/64", true },
		{ "prefix 2001:db8::/64", "prefix 2001:db8::/48", true },
		{ "prefix 2001:db8::/64", "prefix 2001:db8:0:1::/64", false },
		{ "prefix 2001:db8::/63", "prefix 2001:db8:0:1::/64", true },
		{ "prefix 2001:db8::/33", "prefix 2001:db8:8000::/33", false },
		{ "prefix 2001:db8::/32", "prefix 2001:db8:8000::/33", true },
	};
	char line[128];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct item a, b;

		snprintf(line, sizeof(line), "pool add a %s", cases[i].a);
		assert_int_equal(item_parse(&a, line), UMCTL_DONE);
		snprintf(line, sizeof(line), "pool add b %s", cases[i].b);
		assert_int_equal(item_parse(&b, line), UMCTL_DONE);
		assert_int_equal(config_overlap(&a, &b), cases[i].overlap);
		assert_int_equal(config_overlap(&b, &a), cases[i].overlap);
		item_free(&a);
		item_free(&b);
	}
}

/* --- lists --- */

#define RULES	8
#define TARGETS	6

/**
 * struct lists - a list on its way
 * @old: as it was: numbers of rules.
 * @new: as it is to be.
 * @now: as it is.
 * @n_now: how many.
 * @steps: taken so far.
 * @matches: which rule suits which target.
 */
struct lists {
	int old[RULES], new[RULES], now[2 * RULES];
	size_t n_old, n_new, n_now, steps;
	bool matches[RULES][TARGETS];
};

static bool number_equal(size_t i, size_t j, const void *data)
{
	const struct lists *lists = data;

	return lists->old[i] == lists->new[j];
}

static int first_match(const struct lists *lists, const int *list, size_t count, int target)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (lists->matches[list[i]][target])
			return list[i];
	return -1;
}

static void list_check(struct lists *lists)
{
	int target, now;

	lists->steps++;
	if (lists->n_old && lists->n_new)
		assert_int_not_equal(lists->n_now, 0);
	for (target = 0; target < TARGETS; target++) {
		now = first_match(lists, lists->now, lists->n_now, target);
		if (now != first_match(lists, lists->old, lists->n_old, target))
			assert_int_equal(now, first_match(lists, lists->new, lists->n_new, target));
	}
}

static void list_add(size_t j, size_t index, void *arg)
{
	struct lists *lists = arg;

	assert_true(index <= lists->n_now);
	memmove(&lists->now[index + 1], &lists->now[index],
		(lists->n_now++ - index) * sizeof(lists->now[0]));
	lists->now[index] = lists->new[j];
	list_check(lists);
}

static void list_del(size_t i, size_t index, void *arg)
{
	struct lists *lists = arg;

	assert_true(index < lists->n_now);
	assert_int_equal(lists->now[index], lists->old[i]);
	memmove(&lists->now[index], &lists->now[index + 1],
		(--lists->n_now - index) * sizeof(lists->now[0]));
	list_check(lists);
}

/* Rules in any order, some of them. */
static size_t shuffle(int *list)
{
	size_t i, j, count = rand() % (RULES + 1);
	int swap;

	for (i = 0; i < RULES; i++)
		list[i] = i;
	for (i = RULES - 1; i > 0; i--) {
		j = rand() % (i + 1);
		swap = list[i];
		list[i] = list[j];
		list[j] = swap;
	}
	return count;
}

static void list_change(struct lists *lists)
{
	struct edit edit = {
		.equal = number_equal, .data = lists,
		.n_old = lists->n_old, .n_new = lists->n_new,
	};

	memcpy(lists->now, lists->old, sizeof(lists->old));
	lists->n_now = lists->n_old;
	lists->steps = 0;
	assert_true(edit_find(&edit));
	edit_walk(&edit, list_add, list_del, lists);
	edit_free(&edit);
	assert_int_equal(lists->n_now, lists->n_new);
	assert_memory_equal(lists->now, lists->new, lists->n_new * sizeof(lists->new[0]));
}

static void lists_never_say_a_third_thing(void **state)
{
	int round, i, j;

	(void)state;
	srand(1);
	for (round = 0; round < 20000; round++) {
		struct lists lists;

		lists.n_old = shuffle(lists.old);
		lists.n_new = shuffle(lists.new);
		for (i = 0; i < RULES; i++)
			for (j = 0; j < TARGETS; j++)
				lists.matches[i][j] = rand() % 3 == 0;
		list_change(&lists);
	}
}

static void lists_change_by_few_steps(void **state)
{
	static const struct {
		struct lists lists;
		size_t steps;
	} cases[] = {
		{ { .old = { 1, 2, 3 }, .n_old = 3, .new = { 1, 2, 3 }, .n_new = 3 }, 0 },
		{ { .old = { 1, 2, 3 }, .n_old = 3, .new = { 1, 3 }, .n_new = 2 }, 1 },
		{ { .old = { 1, 3 }, .n_old = 2, .new = { 1, 2, 3 }, .n_new = 3 }, 1 },
		{ { .old = { 1, 2, 3, 4 }, .n_old = 4, .new = { 4, 1, 2, 3 }, .n_new = 4 }, 2 },
		{ { .old = { 1, 2, 3, 4 }, .n_old = 4, .new = { 2, 3, 4, 1 }, .n_new = 4 }, 2 },
		{ { .old = { 1, 2, 3 }, .n_old = 3, .new = { 4, 2, 5 }, .n_new = 3 }, 4 },
		{ { .n_old = 0, .new = { 1, 2 }, .n_new = 2 }, 2 },
		{ { .old = { 1, 2 }, .n_old = 2, .n_new = 0 }, 2 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct lists lists = cases[i].lists;

		list_change(&lists);
		assert_int_equal(lists.steps, cases[i].steps);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_can_be_set_is_saved),
		cmocka_unit_test(every_difference_is_seen),
		cmocka_unit_test(defaults_can_be_typed),
		cmocka_unit_test(no_limit_is_no_line),
		cmocka_unit_test(limits_never_are_a_third_thing),
		cmocka_unit_test(lists_have_no_order),
		cmocka_unit_test(a_list_is_saved),
		cmocka_unit_test(prefixes_overlap),
		cmocka_unit_test(lists_never_say_a_third_thing),
		cmocka_unit_test(lists_change_by_few_steps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
