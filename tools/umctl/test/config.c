// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the unit tests of configurations: what can be set can be kept.
 */
#include <linux/genetlink.h>
#include <net/if.h>
#include <netlink/genl/genl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "config.h"
#include "parse.h"

/* --- what can be set can be kept --- */

/* A value for @arg that is not what leaving it out means. */
static struct value sample(const struct arg *arg)
{
	struct value value = { .arg = arg, .str = "sample", .num = 7, .plen = 64 };

	parse_in6("2001:db8:7::", &value.addr);
	switch (arg->type) {
	case ARG_FLAG:
	case ARG_TRUE:
		value.num = 1;
		break;
	case ARG_WORD:
		for (value.num = 0; arg->words[value.num + 1]; value.num++)
			;
		if (arg->left_out && !strcmp(arg->words[value.num], arg->left_out))
			value.num = 0;
		break;
	case ARG_WORD_FLAG:
		value.num = 0;
		break;
	case ARG_DEV:
		value.num = if_nametoindex("lo");
		break;
	default:
		break;
	}
	return value;
}

/* Everything @object can be told, as the kernel would tell it. */
static struct nl_msg *message_of(const struct object *object)
{
	struct args args = { .object = object, .verb = verb_kept(object) };
	struct nl_msg *msg = nlmsg_alloc();
	const struct arg *arg;

	assert_non_null(msg);
	genlmsg_put(msg, 0, 0, GENL_ID_CTRL, 0, 0, 0, 0);
	for_each_arg(arg, args.verb)
		if (!arg->not_kept)
			args.values[arg - args.verb->args] = sample(arg);
	assert_int_equal(args_put(&args, msg), 0);
	return msg;
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
	const struct object *const *entry;
	struct item item, again;
	const struct verb *verb;
	const struct arg *arg;
	struct nl_msg *msg;
	char *text;
	int kept = 0;

	(void)state;
	for_each_object(entry) {
		if (!(*entry)->keep)
			continue;
		kept++;
		verb = verb_kept(*entry);
		assert_non_null(verb);
		assert_non_null(verb_find(*entry, "show"));
		msg = message_of(*entry);
		assert_int_equal(item_read(&item, *entry, nlmsg_hdr(msg)), UMCTL_DONE);
		text = text_of(&item);
		for_each_arg(arg, verb) {
			/* What the kernel is not told it cannot tell. */
			if (arg->not_kept || !arg->attr)
				continue;
			if (!item_value(&item, arg->name))
				fail_msg("\"%s\" of %s is not saved", arg->name, (*entry)->name);
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
	assert_int_equal(kept, 4);
}

/* Two items that differ in one argument only are not the same. */
static void every_difference_is_seen(void **state)
{
	const struct object *const *entry;
	struct item item, other;
	const struct arg *arg;
	struct nl_msg *msg;

	(void)state;
	for_each_object(entry) {
		if (!(*entry)->keep)
			continue;
		msg = message_of(*entry);
		item_read(&item, *entry, nlmsg_hdr(msg));
		item_read(&other, *entry, nlmsg_hdr(msg));
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
	const struct object *const *entry;
	const struct arg *arg;

	(void)state;
	for_each_object(entry) {
		struct args args = { .object = *entry };

		if (!(*entry)->keep)
			continue;
		args.verb = verb_kept(*entry);
		assert_int_equal(args_fill(&args), UMCTL_DONE);
		for_each_arg(arg, args.verb)
			assert_true(!arg->left_out == !args.values[arg - args.verb->args].arg);
	}
}

static void prefixes_overlap(void **state)
{
	static const struct {
		const char *a, *b;
		bool overlap;
	} cases[] = {
		{ "2001:db8::/64", "2001:db8::/64", true },
		{ "2001:db8::/64", "2001:db8::/48", true },
		{ "2001:db8::/64", "2001:db8:0:1::/64", false },
		{ "2001:db8::/63", "2001:db8:0:1::/64", true },
		{ "2001:db8::/33", "2001:db8:8000::/33", false },
		{ "2001:db8::/32", "2001:db8:8000::/33", true },
	};
	char line[128];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct item a, b;

		snprintf(line, sizeof(line), "pool add a prefix %s", cases[i].a);
		assert_int_equal(item_parse(&a, line), UMCTL_DONE);
		snprintf(line, sizeof(line), "pool add b prefix %s", cases[i].b);
		assert_int_equal(item_parse(&b, line), UMCTL_DONE);
		assert_int_equal(config_overlap(&a, &b), cases[i].overlap);
		assert_int_equal(config_overlap(&b, &a), cases[i].overlap);
		item_free(&a);
		item_free(&b);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_can_be_set_is_saved),
		cmocka_unit_test(every_difference_is_seen),
		cmocka_unit_test(defaults_can_be_typed),
		cmocka_unit_test(prefixes_overlap),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
