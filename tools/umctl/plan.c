// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the way from one configuration to another.
 *
 *   1. pools that stand in the way of new ones go
 *   2. pools come
 *   3. limits come, or change, see plan_limit.h
 *   4. ports are closed, or change their settings; rules about servers change,
 *      see edit.h
 *   5. rules about sessions change
 *   6. anycast rules change
 *   7. everything else changes, see plan_thing.h
 *   8. ports are opened
 *   9. limits go
 *  10. pools go
 *
 * So no port is opened by hand before everything else is closed, no address is
 * given out before it is limited, and nobody names a pool that is not there.
 * What cannot be done is found out before the first step where it can be; a step
 * the kernel refuses takes all back. A rule about a control group that is not
 * there, as at boot, is left out: nobody is in it, and all else matters more.
 */
#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "cgroup.h"
#include "edit.h"
#include "out.h"
#include "plan.h"
#include "plan_limit.h"
#include "plan_pool.h"
#include "plan_thing.h"
#include "say.h"

static char *text(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

static char *text(const char *fmt, ...)
{
	char *out = NULL;
	va_list ap;

	va_start(ap, fmt);
	if (vasprintf(&out, fmt, ap) < 0)
		out = NULL;
	va_end(ap);
	return out;
}

/* What @print says of @item. */
static char *item_text(const struct item *item, void (*print)(const struct item *, FILE *))
{
	char *out = NULL;
	size_t size;
	FILE *to;

	to = open_memstream(&out, &size);
	if (!to)
		return NULL;
	print(item, to);
	fclose(to);
	return out;
}

void plan_add(struct plan *plan, char *command, char *undo, unsigned int number)
{
	struct step *steps;

	steps = realloc(plan->steps, (plan->count + 1) * sizeof(*steps));
	if (!steps || !command) {
		plan->failed = true;
		plan->steps = steps ? steps : plan->steps;
		free(command);
		free(undo);
		return;
	}
	plan->steps = steps;
	steps[plan->count++] = (struct step){ command, undo, number };
}

void plan_free(struct plan *plan)
{
	size_t i;

	for (i = 0; i < plan->count; i++) {
		free(plan->steps[i].command);
		free(plan->steps[i].undo);
	}
	free(plan->steps);
	*plan = (struct plan){};
}

static bool item_is(const struct item *item, const char *object)
{
	return !strcmp(item->args.object->name, object) && !item->leaving;
}

/* Is @item as it is to be? */
static bool stays(const struct item *item, const struct config *want)
{
	const struct item *other = config_find(want, item);

	return other && item_equal(other, item);
}

/* --- pools --- */

static void pool_del(struct plan *plan, const struct item *item, bool force)
{
	const char *name = item_value(item, "NAME")->str;

	/* Nothing brings back a pool that was detached. */
	plan_add(plan, text("pool del %s%s", name, force ? " force" : ""),
		 force ? NULL : item_text(item, item_print), 0);
}

static void pool_add(struct plan *plan, const struct item *item)
{
	plan_add(plan, item_text(item, item_print),
		 text("pool del %s", item_value(item, "NAME")->str), item->number);
}

static void pools_come(struct plan *plan, const struct config *have, const struct config *want)
{
	const struct item *item;

	for_each_item(item, have)
		if (item_is(item, "pool") && pool_is_in_way(item, want))
			pool_del(plan, item, false);
	for_each_item(item, want)
		if (item_is(item, "pool") && !stays(item, have))
			pool_add(plan, item);
}

static void pools_go(struct plan *plan, const struct config *have, const struct config *want,
		     const struct pool_use *use)
{
	const struct item *item;

	for_each_item(item, have)
		if (item_is(item, "pool") && !stays(item, want) && !pool_is_in_way(item, want))
			pool_del(plan, item, pool_use_of(use, item));
}

/* --- ports --- */

static void port_set(struct plan *plan, const struct item *item, const struct item *old)
{
	char *line = item_text(item, item_print);
	bool revoke = old && item_value(old, "pool") && !item_value(item, "pool");
	bool grant = old && !item_value(old, "pool") && item_value(item, "pool");
	char *undo = old ? item_text(old, item_print) : NULL;

	if (old)
		plan_add(plan, text("%s%s", line ? line : "", revoke ? " pool -" : ""),
			 text("%s%s", undo ? undo : "", grant ? " pool -" : ""), item->number);
	else
		plan_add(plan, strdup(line ? line : ""),
			 text("listener set port %u mode legacy", item_value(item, "port")->num),
			 item->number);
	free(line);
	free(undo);
}

static void ports_close(struct plan *plan, const struct config *have, const struct config *want)
{
	const struct item *item;

	for_each_item(item, want)
		if (item_is(item, "listener") && !stays(item, have))
			port_set(plan, item, config_find(have, item));
}

static void ports_open(struct plan *plan, const struct config *have, const struct config *want)
{
	const struct item *item;

	for_each_item(item, have)
		if (item_is(item, "listener") && !config_find(want, item))
			plan_add(plan, text("listener set port %u mode legacy",
					    item_value(item, "port")->num),
				 item_text(item, item_print), 0);
}

/* --- rules --- */

/**
 * struct rules - the two lists of rules
 * @object: whose they are.
 * @plan: gets the steps.
 * @have: the rules there are, NULL at the end.
 * @want: the rules that are to be.
 */
struct rules {
	const char *object;
	struct plan *plan;
	const struct item **have;
	const struct item **want;
};

static bool rule_equal(size_t i, size_t j, const void *data)
{
	const struct rules *rules = data;

	return !rules->have[i]->stale && item_equal(rules->have[i], rules->want[j]);
}

/* At a place, a rule may say what one that is about to go says. */
static void rule_add(size_t j, size_t index, void *arg)
{
	struct rules *rules = arg;
	const struct item *item = rules->want[j];
	char *line = item_text(item, item_print);
	char *place = rules->have[0] ? text(" index %zu", index) : NULL;

	plan_add(rules->plan, text("%s%s", line ? line : "", place ? place : ""),
		 text("%s del %zu", rules->object, index), item->number);
	free(line);
	free(place);
}

static void rule_del(size_t i, size_t index, void *arg)
{
	struct rules *rules = arg;
	char *line = item_text(rules->have[i], item_print);

	plan_add(rules->plan, text("%s del %zu", rules->object, index),
		 text("%s index %zu", line ? line : "", index), 0);
	free(line);
}

/* The rules of @object in @config; their number in *@count. */
static const struct item **rules_list(const char *object, const struct config *config,
				      size_t *count)
{
	const struct item **list = calloc(config->count + 1, sizeof(*list));
	const struct item *item;

	*count = 0;
	for_each_item(item, config)
		if (list && item_is(item, object))
			list[(*count)++] = item;
	return list;
}

/* Rules about groups that are not there are told of, and taken out of @list. */
static void rules_leave_out(const struct item **list, size_t *count)
{
	const struct value *group;
	size_t i, n = 0;
	char *line;

	for (i = 0; i < *count; i++) {
		group = item_value(list[i], "cgroup");
		if (!group || !cgroup_is_missing(group->str)) {
			list[n++] = list[i];
			continue;
		}
		line = item_text(list[i], item_print);
		say_warning("\"%s\" is left out, since there is no such control group; \"sync\" adds it when there is",
			    line ? line : list[i]->args.object->name);
		free(line);
	}
	*count = n;
}

static void rules_change(struct plan *plan, const char *object, const struct config *have,
			 const struct config *want)
{
	struct rules rules = { .object = object, .plan = plan };
	struct edit edit = { .equal = rule_equal, .data = &rules };

	rules.have = rules_list(object, have, &edit.n_old);
	rules.want = rules_list(object, want, &edit.n_new);
	if (rules.want)
		rules_leave_out(rules.want, &edit.n_new);
	if (rules.have && rules.want && edit_find(&edit))
		edit_walk(&edit, rule_add, rule_del, &rules);
	else
		plan->failed = true;
	edit_free(&edit);
	free(rules.have);
	free(rules.want);
}

/* --- anycast rules --- */

static void anycast_step(struct plan *plan, const struct item *item, const char *verb,
			 const char *opposite)
{
	char *key = item_text(item, item_print_key);

	plan_add(plan, text("anycast %s%s", verb, key ? key : ""),
		 opposite ? text("anycast %s%s", opposite, key ? key : "") : NULL, item->number);
	free(key);
}

/* "anycast on" alone is a rule; "anycast off" alone takes away all of them. */
static bool anycast_is_all(const struct item *item)
{
	return !item_value(item, "dev") && !item_value(item, "addr");
}

static void anycast_change(struct plan *plan, const struct config *have,
			   const struct config *want)
{
	const struct item *item, *all = NULL;

	for_each_item(item, want)
		if (item_is(item, "anycast") && !stays(item, have))
			anycast_step(plan, item, "on", "off");
	for_each_item(item, have) {
		if (!item_is(item, "anycast") || stays(item, want))
			continue;
		if (anycast_is_all(item))
			all = item;
		else
			anycast_step(plan, item, "off", "on");
	}
	if (!all)
		return;
	anycast_step(plan, all, "off", "on");
	for_each_item(item, want)
		if (item_is(item, "anycast"))
			anycast_step(plan, item, "on", NULL);
}

/* --- all of it --- */

int plan_make(struct plan *plan, const struct config *have, struct config *want, bool force)
{
	struct pool_use use = {};
	const struct item *other;
	struct item *item;
	int ret;

	*plan = (struct plan){};
	for_each_item(item, want) {
		other = config_find(have, item);
		if (other)
			item_choose(item, other);
	}
	ret = force ? UMCTL_DONE : things_check(have, want);
	if (!ret)
		ret = pools_check(have, want, force, &use);
	if (!ret) {
		pools_come(plan, have, want);
		limits_come(plan, have, want);
		ports_close(plan, have, want);
		rules_change(plan, "listener rule", have, want);
		rules_change(plan, "ea", have, want);
		anycast_change(plan, have, want);
		things_change(plan, have, want);
		ports_open(plan, have, want);
		limits_go(plan, have, want);
		pools_go(plan, have, want, &use);
	}
	pool_use_free(&use);
	return !ret && plan->failed ? say_refused("out of memory") : ret;
}

int plan_print(const struct plan *plan)
{
	size_t i;

	out_begin();
	for (i = 0; i < plan->count; i++) {
		out_object_open();
		out_string("command", "", plan->steps[i].command);
		out_object_close();
	}
	return out_end();
}

static int command_do(const char *command)
{
	char *line = strdup(command);
	int ret;

	if (!line)
		return say_refused("out of memory");
	ret = line_run(line);
	free(line);
	return ret;
}

static void plan_undo(const struct plan *plan, size_t done)
{
	bool back = true;
	size_t i;

	for (i = done; i-- > 0;) {
		if (!plan->steps[i].undo || !command_do(plan->steps[i].undo))
			continue;
		say_warning("\"%s\" could not be taken back", plan->steps[i].command);
		back = false;
	}
	if (done && back)
		say_warning("what had been done before that is taken back");
}

int plan_run(const struct plan *plan, const char *path)
{
	sigset_t hold, before;
	int ret = UMCTL_DONE;
	size_t i;

	/* Half a configuration is for nobody: an interruption has to wait. */
	sigemptyset(&hold);
	sigaddset(&hold, SIGINT);
	sigaddset(&hold, SIGTERM);
	sigaddset(&hold, SIGHUP);
	sigprocmask(SIG_BLOCK, &hold, &before);
	for (i = 0; !ret && i < plan->count; i++) {
		if (plan->steps[i].number)
			say_where(strcmp(path, "-") ? path : "stdin", plan->steps[i].number);
		ret = command_do(plan->steps[i].command);
		say_where(NULL, 0);
	}
	if (ret)
		plan_undo(plan, i - 1);
	sigprocmask(SIG_SETMASK, &before, NULL);
	return ret ? UMCTL_REFUSED : UMCTL_DONE;
}
