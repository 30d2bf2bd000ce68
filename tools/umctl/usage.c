// SPDX-License-Identifier: GPL-2.0
/* This file owns the usage texts, made from the tables of the objects. */
#include "args.h"
#include "usage.h"

static void usage_value(FILE *to, const struct arg *arg)
{
	const char *separator = " ";
	size_t i;

	if (!arg_has_value(arg))
		return;
	if (arg->value || !arg->words) {
		fprintf(to, " %s", arg_value_name(arg));
		return;
	}
	for (i = 0; arg->words[i]; i++) {
		if (!*arg->words[i])
			continue;
		fprintf(to, "%s%s", separator, arg->words[i]);
		separator = "|";
	}
}

static void usage_arg(FILE *to, const struct arg *arg)
{
	if (arg->place == ARG_BARE)
		fprintf(to, "[%s]", arg->name);
	else
		fputs(arg->name, to);
	if (arg->place != ARG_POSITION)
		usage_value(to, arg);
}

/* A group is printed once, where its first member stands: { a A | b B }. */
static void usage_group(FILE *to, const struct verb *verb, const struct arg *first)
{
	const struct arg *arg;

	fputs(" {", to);
	for_each_arg(arg, verb) {
		if (arg->group != first->group)
			continue;
		fputs(arg == first ? " " : " | ", to);
		usage_arg(to, arg);
	}
	fputs(" }", to);
}

static bool group_begins(const struct verb *verb, const struct arg *arg)
{
	const struct arg *other;

	for (other = verb->args; other < arg; other++)
		if (other->group == arg->group)
			return false;
	return true;
}

static bool arg_optional(const struct arg *arg)
{
	return !arg->required && (arg->place != ARG_POSITION || arg->like);
}

static void usage_line(FILE *to, const struct object *object, const struct verb *verb)
{
	const struct arg *arg;

	fprintf(to, "umctl %s", object->name);
	if (verb->name)
		fprintf(to, " %s", verb->name);
	for_each_arg(arg, verb) {
		if (arg->group) {
			if (group_begins(verb, arg))
				usage_group(to, verb, arg);
			continue;
		}
		fputs(arg_optional(arg) ? " [ " : " ", to);
		usage_arg(to, arg);
		if (arg_optional(arg))
			fputs(" ]", to);
	}
	fputc('\n', to);
}

void usage_verb(const struct object *object, const struct verb *verb)
{
	fputs("usage: ", stderr);
	usage_line(stderr, object, verb);
}

static void usage_verbs(FILE *to, const struct object *object)
{
	const struct verb *verb;

	for_each_verb(verb, object) {
		fputs("  ", to);
		usage_line(to, object, verb);
		fprintf(to, "        %s\n", verb->help);
	}
}

void usage_object(FILE *to, const struct object *object)
{
	const struct object *const *part;

	fprintf(to, "umctl %s: %s\n", object->name, object->help);
	usage_verbs(to, object);
	for_each_part(part, object)
		usage_verbs(to, *part);
}

void usage_all(FILE *to)
{
	const struct object *const *entry;

	fputs("usage: umctl [-j] [-n NETNS] [-b FILE] OBJECT [COMMAND ...]\n"
	      "\n"
	      "  -j        JSON: one array per command\n"
	      "  -n NETNS  in this network namespace: a name, a path or pid:PID\n"
	      "  -b FILE   run the commands in FILE (- is stdin), one a line\n"
	      "  -V        print the version of umctl\n"
	      "  -h        print this text\n"
	      "\n", to);
	for_each_object(entry)
		fprintf(to, "  %-9s %s\n", (*entry)->name, (*entry)->help);
	fputs("\n\"umctl OBJECT help\" lists the commands of an object.\n", to);
}
