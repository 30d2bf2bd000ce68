/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns the contract of pool_list.c: pools that are single addresses.
 */
#ifndef UMCTL_POOL_LIST_H
#define UMCTL_POOL_LIST_H

#include <linux/netlink.h>

#include "args.h"
#include "nl.h"

/* Adds the pool of @args, which has a list. Says what is wrong and returns what
 * to exit with, as the others.
 */
int pool_list_add(const struct args *args);

/* All addresses, left or used, of a message of the dump; no list is none. */
int pool_list_read(const struct nlmsghdr *nlh, struct value *list);

/* The namespace has been drained: what its lists have left stays unused.
 * It is about to give out addresses again.
 */
int pool_lists_rest(const struct family *family);
int pool_lists_resume(const struct family *family);

#endif /* UMCTL_POOL_LIST_H */
