// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the completion: `umctl __complete WORD...` prints what the
 * last WORD, as far as it is typed, can become. The shell's part is in
 * completion/umctl.bash.
 */
#include <dirent.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>

#include "args.h"
#include "live.h"
#include "netns.h"
#include "nl.h"
#include "say.h"
#include "umctl.h"

/* One candidate, if it begins with what is typed. */
static void offer(const char *word, void *typed)
{
	if (*word && !strncmp(word, typed, strlen(typed)))
		puts(word);
}

static void offer_words(const char *const *words, char *typed)
{
	for (; *words; words++)
		offer(*words, typed);
}

static void offer_devices(char *typed)
{
	struct if_nameindex *devices = if_nameindex();
	struct if_nameindex *device;

	if (!devices)
		return;
	for (device = devices; device->if_index; device++)
		offer(device->if_name, typed);
	if_freenameindex(devices);
}

static void offer_namespaces(char *typed)
{
	struct dirent *entry;
	DIR *dir;

	offer("pid:", typed);
	dir = opendir(NETNS_RUN_DIR);
	if (!dir)
		return;
	while ((entry = readdir(dir)))
		if (*entry->d_name != '.')
			offer(entry->d_name, typed);
	closedir(dir);
}

static void offer_value(const struct arg *arg, char *typed)
{
	if (arg->words)
		offer_words(arg->words, typed);
	else if (arg->type == ARG_DEV || arg->type == ARG_LINK)
		offer_devices(typed);
	else if (arg->live)
		live_foreach(arg, offer, typed);
}

/* What comes next after @count words of a verb's arguments. */
static void offer_args(const struct verb *verb, int count, char **words, char *typed)
{
	bool given[UMCTL_ARGS_MAX] = {};
	const struct arg *arg;

	arg = args_walk(verb, count, words, given);
	if (arg) {
		offer_value(arg, typed);
		return;
	}
	for_each_arg(arg, verb) {
		if (given[arg - verb->args])
			continue;
		offer(arg->name, typed);
		if (arg->place == ARG_BARE)
			offer_value(arg, typed);
	}
}

/* What comes after the name of an object. */
static void offer_members(const struct object *object, char *typed)
{
	const struct object *const *part;
	const struct verb *verb;

	for_each_part(part, object)
		offer(part_word(*part), typed);
	for_each_verb(verb, object)
		if (verb->name)
			offer(verb->name, typed);
	offer("help", typed);
}

static void offer_objects(char *typed)
{
	const struct object *const *entry;

	for_each_object(entry)
		offer((*entry)->name, typed);
	offer("help", typed);
}

/* @words begin with an object; @typed is the one after them. */
static void offer_command(int count, char **words, char *typed)
{
	const struct object *object = object_find(words[0]), *part;
	const struct verb *verb = NULL;

	part = object && count > 1 ? part_find(object, words[1]) : NULL;
	if (part) {
		object = part;
		count--;
		words++;
	}
	if (!object)
		return;
	if (count > 1)
		verb = verb_find(object, words[1]);
	if (verb) {
		offer_args(verb, count - 2, words + 2, typed);
		return;
	}
	if (count == 1)
		offer_members(object, typed);
	if (object->verbs)
		offer_args(verb_default(object), count - 1, words + 1, typed);
}

int complete_run(int argc, char **argv)
{
	char *typed = argc ? argv[argc - 1] : "";
	int i;

	say_mute();
	for (i = 0; i < argc - 1 && *argv[i] == '-'; i++) {
		if (!strcmp(argv[i], "-n")) {
			if (i + 1 == argc - 1) {
				offer_namespaces(typed);
				return UMCTL_DONE;
			}
			/* What exists, exists there. */
			netns_enter(argv[++i]);
		} else if (!strcmp(argv[i], "-b")) {
			/* A file, or commands from a file: nothing of ours. */
			return UMCTL_DONE;
		}
	}
	if (i < argc - 1)
		offer_command(argc - 1 - i, argv + i, typed);
	else if (*typed == '-')
		offer_words((const char *const []){ "-j", "-n", "-b", "-h", "-V", NULL }, typed);
	else
		offer_objects(typed);
	unl_close();
	return UMCTL_DONE;
}
