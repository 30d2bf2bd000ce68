/* SPDX-License-Identifier: GPL-2.0 */
/* This file owns the contract of args.c: the arguments of one command. */
#ifndef UMCTL_ARGS_H
#define UMCTL_ARGS_H

#include <netinet/in.h>
#include <netlink/msg.h>

#include "umctl.h"

/**
 * struct value - an argument that was given
 * @arg: its description; NULL: not given.
 * @num: number, port, process, device, user, position of the word.
 * @end: last user of a range.
 * @str: the word as it was given.
 * @addr: address.
 * @plen: prefix length.
 * @list: addresses (ARG_ADDRS); freed by args_free().
 * @count: how many.
 */
struct value {
	const struct arg *arg;
	uint32_t num;
	uint32_t end;
	const char *str;
	struct in6_addr addr;
	uint8_t plen;
	struct in6_addr *list;
	size_t count;
};

/**
 * struct args - the arguments of one command
 * @object: object of the command.
 * @verb: verb of the command.
 * @values: in the order of the verb's table.
 */
struct args {
	const struct object *object;
	const struct verb *verb;
	struct value values[UMCTL_ARGS_MAX];
};

/* Reads @words into @args, whose object and verb are set; returns what to exit
 * with, after saying what is wrong.
 */
int args_parse(struct args *args, int count, char **words);

/* Frees what the values hold. */
void args_free(struct args *args);

/* One more address of a list; returns what to exit with. */
int value_append(struct value *value, const struct in6_addr *addr);

/* Does @value say what is usual for its argument (&arg.usual)? */
bool args_is_usual(const struct value *value);

/* Gives what was left out the value that leaving it out means; returns what to
 * exit with.
 */
int args_fill(struct args *args);

/* What the command is called in a sentence: "pool add", "drain". */
const char *args_command(const struct args *args);

/* The argument @name if it was given, else NULL. */
const struct value *args_find(const struct args *args, const char *name);

/* Puts everything that was given into @msg. 0 or -errno. */
int args_put(const struct args *args, struct nl_msg *msg);

/* Walks @words as args_parse() does, judging nothing. Returns the argument
 * whose value the word after them would be, NULL if it would be a keyword;
 * marks in @given what was given.
 */
const struct arg *args_walk(const struct verb *verb, int count, char **words, bool *given);

/* The argument of @verb whose keyword @word is, else NULL. */
const struct arg *arg_find(const struct verb *verb, const char *word);

/* Whether a value follows the keyword; what the usage calls it. */
bool arg_has_value(const struct arg *arg);
const char *arg_value_name(const struct arg *arg);

#endif /* UMCTL_ARGS_H */
