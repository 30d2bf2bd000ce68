/* SPDX-License-Identifier: GPL-2.0 */
/* This file owns the contract of ask.c: a command as a netlink request. */
#ifndef UMCTL_ASK_H
#define UMCTL_ASK_H

#include "args.h"
#include "field.h"
#include "nl.h"

/* The request of the command with its arguments; NULL: unl_refused() says why. */
struct nl_msg *ask_message(const struct args *args);

/* What a verb without a function of its own does: its dump or reply is
 * printed. Says what went wrong and returns what to exit with.
 */
int ask_command(const struct args *args);

/* The same, with a reader that prints. */
int ask_print(const struct args *args, unl_reader reader, void *arg);

#endif /* UMCTL_ASK_H */
