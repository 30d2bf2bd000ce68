/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns the contract of plan.c: the commands that make one
 * configuration of another.
 *
 * Functions say what is wrong and return what to exit with.
 */
#ifndef UMCTL_PLAN_H
#define UMCTL_PLAN_H

#include "config.h"

/**
 * struct step - a command, as it would be typed
 * @command: its words.
 * @undo: the command that takes it back; NULL: nothing can, or need.
 * @number: line of the file it comes from; 0: from none.
 */
struct step {
	char *command;
	char *undo;
	unsigned int number;
};

/**
 * struct plan - commands in the order they are to be run
 * @steps: the commands.
 * @count: how many.
 * @failed: there was no memory for one.
 */
struct plan {
	struct step *steps;
	size_t count;
	bool failed;
};

/* Plans the way from @have to @want, or refuses. @force: pools with live
 * addresses are detached.
 */
int plan_make(struct plan *plan, const struct config *have, struct config *want, bool force);

/* Adds a step; takes over both strings. No @command: there was no memory. */
void plan_add(struct plan *plan, char *command, char *undo, unsigned int number);

/* Prints the commands. */
int plan_print(const struct plan *plan);

/* Runs them, in the file @path for complaints; takes back what was done when one
 * is refused.
 */
int plan_run(const struct plan *plan, const char *path);

void plan_free(struct plan *plan);

#endif /* UMCTL_PLAN_H */
