// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the way from one set of things to another, for kinds of which
 * nothing special is to be known: what it takes stands in their struct keep.
 *
 * The last kind in the file goes first and comes last, so that what lives in
 * something is not there without it, and what is switched on has its settings.
 */
#include <stdio.h>
#include <stdlib.h>

#include "plan_thing.h"

/**
 * enum fate - what becomes of a thing
 * @FATE_STAYS: it is as it is to be.
 * @FATE_CHANGES: a command takes its place.
 * @FATE_LEAVES: it goes before others come.
 * @FATE_GOES: it goes after others have come.
 */
enum fate {
	FATE_STAYS,
	FATE_CHANGES,
	FATE_LEAVES,
	FATE_GOES,
};

static bool is_thing(const struct item *item, const struct kind *kind)
{
	return item->args.verb == kind->verb && !item->leaving;
}

static enum fate fate_of(const struct item *item, const struct config *have,
			 const struct config *want);

/* Does what @item lives in end? */
static bool loses_home(const struct item *item, const struct config *have,
		       const struct config *want)
{
	const struct object *within = item_keep(item)->within;
	const struct item *home;

	if (!within)
		return false;
	for_each_item(home, have)
		if (home->args.object == within)
			return fate_of(home, have, want) != FATE_STAYS;
	return false;
}

static enum fate fate_of(const struct item *item, const struct config *have,
			 const struct config *want)
{
	const struct item *other = config_find(want, item);
	const struct keep *keep = item_keep(item);

	if (loses_home(item, have, want))
		return FATE_LEAVES;
	if (other && item_equal(other, item))
		return FATE_STAYS;
	if (other && keep->replaces)
		return FATE_CHANGES;
	return other || !keep->late ? FATE_LEAVES : FATE_GOES;
}

/* The command that makes it, and the one that takes it back. */
static char *make_text(const struct item *item)
{
	char *text = NULL;
	size_t size;
	FILE *to = open_memstream(&text, &size);

	if (!to)
		return NULL;
	item_print(item, to);
	fclose(to);
	return text;
}

static char *undo_text(const struct item *item)
{
	char *text = NULL;
	size_t size;
	FILE *to = open_memstream(&text, &size);

	if (!to)
		return NULL;
	fprintf(to, "%s %s", item->args.object->name, item_keep(item)->undo);
	item_print_key(item, to);
	fclose(to);
	return text;
}

static char *change_text(const struct item *from, const struct item *to)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	item_print_change(from, to, out);
	fclose(out);
	return text;
}

static void things_remove(struct plan *plan, const struct kind *kind, const struct config *have,
			  const struct config *want, enum fate fate)
{
	const struct item *item;

	/* from the back, so that what is taken back is in its old order */
	for (item = have->items + have->count; item-- > have->items;)
		if (is_thing(item, kind) && fate_of(item, have, want) == fate)
			plan_add(plan, undo_text(item), make_text(item), 0);
}

static void things_add(struct plan *plan, const struct kind *kind, const struct config *have,
		       const struct config *want)
{
	const struct item *item, *old;
	enum fate fate;

	for_each_item(item, want) {
		if (!is_thing(item, kind))
			continue;
		old = config_find(have, item);
		fate = old ? fate_of(old, have, want) : FATE_LEAVES;
		if (fate == FATE_STAYS)
			continue;
		plan_add(plan, make_text(item),
			 fate == FATE_CHANGES ? make_text(old) : undo_text(item), item->number);
	}
}

static const struct item *setting_of(const struct kind *kind, const struct config *config)
{
	const struct item *item;

	for_each_item(item, config)
		if (is_thing(item, kind))
			return item;
	return NULL;
}

static void settings_change(struct plan *plan, const struct kind *kind,
			    const struct config *have, const struct config *want)
{
	const struct item *from = setting_of(kind, have);
	const struct item *to = setting_of(kind, want);

	if ((from || to) && !(from && to && item_equal(from, to)))
		plan_add(plan, change_text(from, to), change_text(to, from),
			 to ? to->number : 0);
}

int things_check(const struct config *have, const struct config *want)
{
	const struct item *item;
	int ret = UMCTL_DONE;

	for_each_item(item, have)
		if (!ret && item_keep(item)->may_go && !item->leaving &&
		    fate_of(item, have, want) > FATE_CHANGES)
			ret = item_keep(item)->may_go(&item->args);
	return ret;
}

void things_change(struct plan *plan, const struct config *have, const struct config *want)
{
	const struct kind *kind, *end = kinds();

	while (end->object)
		end++;
	for (kind = end; kind-- > kinds();)
		if (kind->keep->undo)
			things_remove(plan, kind, have, want, FATE_LEAVES);
	for_each_kind(kind) {
		if (kind->keep->settings)
			settings_change(plan, kind, have, want);
		else if (kind->keep->undo)
			things_add(plan, kind, have, want);
	}
	for (kind = end; kind-- > kinds();)
		if (kind->keep->undo)
			things_remove(plan, kind, have, want, FATE_GOES);
}
