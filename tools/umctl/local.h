/* SPDX-License-Identifier: GPL-2.0 */
/* This file owns the contract of local.c: talking to umx-dns. */
#ifndef UMCTL_LOCAL_H
#define UMCTL_LOCAL_H

#include <linux/netlink.h>
#include <netlink/msg.h>
#include <stdbool.h>

/* Whether umx-dns serves this network namespace. */
bool local_there(void);

/* A socket connected to it; a negative errno. */
int local_connect(void);

/* Sends @msg to @fd and hands each message that comes back to @take, until that
 * returns false. 0 or a negative errno.
 */
int local_talk(int fd, struct nl_msg *msg, bool (*take)(const struct nlmsghdr *nlh, void *arg),
	       void *arg);

#endif /* UMCTL_LOCAL_H */
