// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the shares of users. There is no quota: whoever comes when all
 * is taken gets what the one who has most loses, so that a user alone has
 * everything and a thousand have a thousandth each.
 */
#include <stdlib.h>

#include "user.h"

#define SECOND	1000

void users_init(struct users *users, unsigned int most)
{
	*users = (struct users){ .most = most };
	TAILQ_INIT(&users->list);
}

void users_free(struct users *users)
{
	struct user *user;

	while ((user = TAILQ_FIRST(&users->list))) {
		TAILQ_REMOVE(&users->list, user, link);
		free(user);
	}
	users->count = 0;
}

/* Whoever has nothing open and asked longest ago is forgotten. */
static void user_forget(struct users *users)
{
	struct user *user;

	TAILQ_FOREACH(user, &users->list, link) {
		if (user->queries || user->connections)
			continue;
		TAILQ_REMOVE(&users->list, user, link);
		users->count--;
		free(user);
		return;
	}
}

struct user *user_get(struct users *users, uint32_t uid)
{
	struct user *user;

	TAILQ_FOREACH_REVERSE(user, &users->list, user_list, link) {
		if (user->uid != uid)
			continue;
		TAILQ_REMOVE(&users->list, user, link);
		TAILQ_INSERT_TAIL(&users->list, user, link);
		return user;
	}
	if (users->count >= users->most)
		user_forget(users);
	user = calloc(1, sizeof(*user));
	if (!user)
		return NULL;
	user->uid = uid;
	TAILQ_INSERT_TAIL(&users->list, user, link);
	users->count++;
	return user;
}

static unsigned int load(const struct user *user, bool connections)
{
	return connections ? user->connections : user->queries;
}

struct user *users_busiest(struct users *users, bool connections)
{
	struct user *user, *busiest = NULL;

	TAILQ_FOREACH(user, &users->list, link)
		if (load(user, connections) > (busiest ? load(busiest, connections) : 0))
			busiest = user;
	return busiest;
}

bool user_pair(struct users *users, struct user *user, uint32_t rate, int64_t now)
{
	uint32_t share = rate > 1 ? rate / 2 : 1;

	if (!bucket_fits(&users->pairs, rate, SECOND, now) ||
	    !bucket_fits(&user->pairs, share, SECOND, now))
		return false;
	bucket_take(&users->pairs, SECOND);
	bucket_take(&user->pairs, SECOND);
	return true;
}
