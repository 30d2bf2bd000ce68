// SPDX-License-Identifier: GPL-2.0
/* This file owns the command line: options, then object and verb. */
#include <getopt.h>
#include <libgen.h>
#include <stdio.h>
#include <string.h>

#include "args.h"
#include "ask.h"
#include "netns.h"
#include "nl.h"
#include "out.h"
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
	const struct object *object;
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
	if (ret)
		return ret;
	if (verb->run)
		return verb->run(&args);
	return verb->fields ? ask_dump(&args) : ask_request(&args);
}

int main(int argc, char **argv)
{
	const char *batch = NULL;
	bool das;
	int opt, ret;

	if (argc > 1 && !strcmp(argv[1], "__complete"))
		return complete_run(argc - 2, argv + 2);

	/* Through the link "das" the first word is an argument already. */
	das = argc && !strcmp(basename(argv[0]), "das");

	/* The '+' stops at the object: what follows is its business. */
	while ((opt = getopt(argc, argv, "+:jn:b:hV")) != -1) {
		switch (opt) {
		case 'j':
			out_form_set(OUT_JSON);
			break;
		case 'n':
			ret = netns_enter(optarg);
			if (ret)
				return ret;
			break;
		case 'b':
			batch = optarg;
			break;
		case 'h':
			usage_all(stdout);
			return UMCTL_DONE;
		case 'V':
			puts("umctl " UMCTL_VERSION);
			return UMCTL_DONE;
		case ':':
			return say_usage("option -%c needs a value", optopt);
		default:
			return say_usage("there is no option \"%s\"; \"umctl -h\" lists them",
					 argv[optind - 1]);
		}
	}
	argc -= optind;
	argv += optind;

	if (batch && (argc || das))
		return say_usage("-b FILE takes the commands from FILE, not from \"%s\"",
				 argc ? argv[0] : "das");
	if (batch) {
		ret = batch_run(batch);
	} else if (das) {
		argv--;
		argv[0] = "das";
		ret = command_run(argc + 1, argv);
	} else if (!argc) {
		usage_all(stderr);
		ret = UMCTL_USAGE;
	} else if (!strcmp(argv[0], "help")) {
		usage_all(stdout);
		ret = UMCTL_DONE;
	} else {
		ret = command_run(argc, argv);
	}
	unl_close();
	return ret;
}
