// SPDX-License-Identifier: GPL-2.0
/* This file owns the way from one set of limits to another. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plan_limit.h"

static const char *const roles[] = { "ea", "ssa" };

#define for_each_role(role) \
	for (role = roles; role < roles + sizeof(roles) / sizeof(roles[0]); role++)

static bool is_limit(const struct item *item)
{
	return !strcmp(item->args.object->name, "limit");
}

static bool is_own(const struct item *item)
{
	return item_value(item, "uid");
}

/* Whose limit: the words of "limit set" before what is limited. */
static void scope_print(const struct item *item, FILE *to)
{
	fputs("limit set", to);
	item_print_key(item, to);
}

/*
 * The command that makes of @old what @item is; either may be NULL: nothing is
 * limited. A user's limits can be removed together only: see own_change().
 */
static char *limit_text(const struct item *item, const struct item *old)
{
	const struct value *value;
	const char *const *role;
	char *text = NULL;
	size_t size;
	FILE *to = open_memstream(&text, &size);

	if (!to)
		return NULL;
	scope_print(item ? item : old, to);
	for_each_role(role) {
		value = item ? item_value(item, *role) : NULL;
		if (value && value->num != UINT32_MAX)
			fprintf(to, " %s %u", *role, value->num);
		else if (value || (old && item_value(old, *role)))
			fprintf(to, " %s none", *role);
	}
	fclose(to);
	return text;
}

static char *own_del_text(const struct item *item)
{
	char *text = NULL;

	return asprintf(&text, "limit del uid %u", item_value(item, "uid")->num) < 0 ? NULL : text;
}

/* Does @old limit what @item does not? */
static bool limits_more(const struct item *old, const struct item *item)
{
	const char *const *role;

	for_each_role(role)
		if (item_value(old, *role) && !item_value(item, *role))
			return true;
	return false;
}

static void own_add(struct plan *plan, const struct item *item)
{
	plan_add(plan, limit_text(item, NULL), own_del_text(item), item->number);
}

static void own_del(struct plan *plan, const struct item *old)
{
	plan_add(plan, own_del_text(old), limit_text(old, NULL), 0);
}

/* There and back by one command each, or there is nothing in between. */
static void own_change(struct plan *plan, const struct item *item, const struct item *old)
{
	if (old && !limits_more(old, item) && !limits_more(item, old)) {
		plan_add(plan, limit_text(item, NULL), limit_text(old, NULL), item->number);
		return;
	}
	if (old)
		own_del(plan, old);
	own_add(plan, item);
}

void limits_come(struct plan *plan, const struct config *have, const struct config *want)
{
	const struct item *item, *old;
	int own;

	for (own = 1; own >= 0; own--)
		for_each_item(item, want) {
			if (!is_limit(item) || is_own(item) != own)
				continue;
			old = config_find(have, item);
			if (old && item_equal(old, item))
				continue;
			if (own)
				own_change(plan, item, old);
			else
				plan_add(plan, limit_text(item, old),
					 old ? limit_text(old, item) : limit_text(NULL, item),
					 item->number);
		}
}

void limits_go(struct plan *plan, const struct config *have, const struct config *want)
{
	const struct item *item;
	int own;

	for (own = 0; own <= 1; own++)
		for_each_item(item, have) {
			if (!is_limit(item) || is_own(item) != own || config_find(want, item))
				continue;
			if (own)
				own_del(plan, item);
			else
				plan_add(plan, limit_text(NULL, item), limit_text(item, NULL), 0);
		}
}
