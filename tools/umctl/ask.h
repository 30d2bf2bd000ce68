/* SPDX-License-Identifier: GPL-2.0 */
/* This file owns the contract of ask.c: a command as a netlink request. */
#ifndef UMCTL_ASK_H
#define UMCTL_ASK_H

#include "args.h"
#include "field.h"
#include "nl.h"

/* The request of the command with its arguments; NULL: unl_refused() says why. */
struct nl_msg *ask_message(const struct args *args);

/* Sends the command, or prints what its dump says; each says what went wrong
 * and returns what to exit with.
 */
int ask_request(const struct args *args);
int ask_dump(const struct args *args);

/* Sends the command, whose reply @reader prints. */
int ask_reply(const struct args *args, unl_reader reader, void *arg);

#endif /* UMCTL_ASK_H */
