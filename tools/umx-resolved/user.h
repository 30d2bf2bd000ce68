/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns the contract of user.c: the shares of those who ask. All of
 * them come from the loopback address, so that who they are is which user's
 * socket it is.
 */
#ifndef UMX_RESOLVED_USER_H
#define UMX_RESOLVED_USER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

#include "limit.h"

/**
 * struct user - somebody who asks
 * @link: in the list of all, those who asked lately at the end.
 * @uid: who.
 * @queries: questions open.
 * @connections: TCP connections open.
 * @pairs: how many pairs may be asked for.
 */
struct user {
	TAILQ_ENTRY(user) link;
	uint32_t uid;
	unsigned int queries;
	unsigned int connections;
	struct bucket pairs;
};

TAILQ_HEAD(user_list, user);

/**
 * struct users - all of them
 * @list: who has something open, and some who had.
 * @count: how many.
 * @most: how many may be kept. More than can have something open.
 * @pairs: how many pairs all together may ask for.
 */
struct users {
	struct user_list list;
	unsigned int count;
	unsigned int most;
	struct bucket pairs;
};

void users_init(struct users *users, unsigned int most);
void users_free(struct users *users);

/* The user @uid; NULL: no memory. Good until something is asked for again,
 * unless it has something open.
 */
struct user *user_get(struct users *users, uint32_t uid);

/* Who has most questions, or connections, open; NULL: nobody. */
struct user *users_busiest(struct users *users, bool connections);

/* Whether @user may ask for one more pair, @rate being allowed to all in a second. */
bool user_pair(struct users *users, struct user *user, uint32_t rate, int64_t now);

#endif /* UMX_RESOLVED_USER_H */
