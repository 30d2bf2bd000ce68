// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the kinds of things a configuration has: the commands that the
 * objects, and their parts, say are kept.
 */
#include <stdlib.h>

#include "kind.h"
#include "say.h"

static struct kind *table;
static size_t count;

/* What has the same order stays as it was found. */
static void kind_insert(const struct object *object, const struct verb *verb)
{
	const struct keep *keep = verb->keep ? verb->keep : object->keep;
	size_t i;

	table = reallocarray(table, count + 2, sizeof(*table));
	if (!table)
		exit(say_refused("out of memory"));
	for (i = count++; i > 0 && table[i - 1].keep->order > keep->order; i--)
		table[i] = table[i - 1];
	table[i] = (struct kind){ object, verb, keep };
	table[count] = (struct kind){};
}

static void object_insert(const struct object *object)
{
	const struct verb *verb;

	for_each_verb(verb, object)
		if (verb->kept)
			kind_insert(object, verb);
}

const struct kind *kinds(void)
{
	const struct object *const *entry, *const *part;

	if (table)
		return table;
	for_each_object(entry) {
		object_insert(*entry);
		for_each_part(part, *entry)
			object_insert(*part);
	}
	return table;
}

const struct kind *kind_of(const struct args *args)
{
	const struct kind *kind;

	for_each_kind(kind)
		if (kind->verb == args->verb)
			return kind;
	return NULL;
}
