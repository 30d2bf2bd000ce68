/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns the contract of item.c: one line of a configuration, whether
 * somebody wrote it or the kernel says so.
 */
#ifndef UMCTL_ITEM_H
#define UMCTL_ITEM_H

#include <linux/netlink.h>
#include <stdio.h>

#include "kind.h"

/**
 * struct item - one thing that is configured
 * @args: the command that makes it; what was left out has its default.
 * @words: what the strings of @args point into.
 * @number: its line in the file; 0: it is the kernel's.
 * @leaving: it is on its way out, and no part of the configuration.
 * @stale: what it names is gone; a line that says the same means another.
 */
struct item {
	struct args args;
	char *words;
	unsigned int number;
	bool leaving;
	bool stale;
};

/* Reads the words of @text into @item; says what is wrong and returns what to
 * exit with. An empty @text is an item without an object.
 */
int item_parse(struct item *item, const char *text);

/* The same from a message of the dump that has things of @kind, which may tell
 * of something that is not configured.
 */
int item_read(struct item *item, const struct kind *kind, const struct nlmsghdr *nlh);

void item_free(struct item *item);

/* The command that makes it, on one line. */
void item_print(const struct item *item, FILE *to);

/* Only those arguments that name it, or all if none does. */
void item_print_key(const struct item *item, FILE *to);

/* The command that makes settings @from into @to; NULL: the defaults. */
void item_print_change(const struct item *from, const struct item *to, FILE *out);

/* Do they say the same; do they name the same thing (a list has no names)? */
bool item_equal(const struct item *a, const struct item *b);
bool item_same(const struct item *a, const struct item *b);

/* Takes over from @have what @item leaves to the kernel. */
void item_choose(struct item *item, const struct item *have);

/* How it is kept. */
const struct keep *item_keep(const struct item *item);

/* In which order they stand in a file. */
int item_compare(const struct item *a, const struct item *b);

/* The value of the argument @name; NULL: it has none. */
const struct value *item_value(const struct item *item, const char *name);

#endif /* UMCTL_ITEM_H */
