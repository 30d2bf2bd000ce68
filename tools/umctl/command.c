// SPDX-License-Identifier: GPL-2.0
/* This file owns one command: finding its object and verb, and running it. */
#include <stdio.h>
#include <string.h>

#include "args.h"
#include "ask.h"
#include "say.h"
#include "umctl.h"
#include "usage.h"

const struct object *object_find(const char *name)
{
	const struct object *const *entry;

	for_each_object(entry)
		if (!strcmp((*entry)->name, name))
			return *entry;
	return NULL;
}

/* The word that tells a part from the others: the last of its name. */
const char *part_word(const struct object *part)
{
	return strrchr(part->name, ' ') + 1;
}

const struct object *part_find(const struct object *object, const char *name)
{
	const struct object *const *part;

	for_each_part(part, object)
		if (!strcmp(part_word(*part), name))
			return *part;
	return NULL;
}

const struct verb *verb_find(const struct object *object, const char *name)
{
	const struct verb *verb;

	for_each_verb(verb, object)
		if (verb->name && !strcmp(verb->name, name))
			return verb;
	return NULL;
}

const struct verb *verb_default(const struct object *object)
{
	return object->verbs->name ? verb_find(object, "show") : object->verbs;
}

int command_run(int argc, char **argv)
{
	const struct object *object, *part;
	const struct verb *verb;
	struct args args = {};
	int ret;

	object = object_find(argv[0]);
	if (!object)
		return say_usage("there is no object \"%s\"; \"umctl help\" lists them", argv[0]);
	if (argc > 1 && !strcmp(argv[1], "help")) {
		usage_object(stdout, object);
		return UMCTL_DONE;
	}
	part = argc > 1 ? part_find(object, argv[1]) : NULL;
	if (part) {
		object = part;
		argc--;
		argv++;
		if (argc > 1 && !strcmp(argv[1], "help")) {
			usage_object(stdout, object);
			return UMCTL_DONE;
		}
	} else if (!object->verbs) {
		if (argc > 1)
			return say_usage("%s has no \"%s\"; \"umctl %s help\" lists what it has",
					 object->name, argv[1], object->name);
		return say_usage("%s of what? \"umctl %s help\" lists what it has",
				 object->name, object->name);
	}
	verb = argc > 1 ? verb_find(object, argv[1]) : NULL;
	if (verb) {
		argc--;
		argv++;
	} else {
		verb = verb_default(object);
		/* A word that is neither is a command misspelt, not a name. */
		if (argc > 1 && verb->name && !arg_find(verb, argv[1]))
			return say_usage("%s has no command \"%s\"; \"umctl %s help\" lists them",
					 object->name, argv[1], object->name);
	}
	args.object = object;
	args.verb = verb;
	ret = args_parse(&args, argc - 1, argv + 1);
	if (!ret)
		ret = verb->run ? verb->run(&args) : ask_command(&args);
	args_free(&args);
	return ret;
}
