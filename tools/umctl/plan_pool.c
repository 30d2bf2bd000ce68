// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns which pools can go: one with live addresses is only detached,
 * and keeps its name and its prefix until the last of them ends.
 */
#include <errno.h>
#include <linux/umx.h>
#include <stdlib.h>
#include <string.h>

#include "field.h"
#include "nl.h"
#include "plan_pool.h"
#include "say.h"

static bool is_pool(const struct item *item)
{
	return !strcmp(item->args.object->name, "pool");
}

static const char *pool_name(const struct item *item)
{
	return item_value(item, "NAME")->str;
}

/* Two pools that cannot be there at the same time. */
static bool pools_clash(const struct item *a, const struct item *b)
{
	return !strcmp(pool_name(a), pool_name(b)) || config_overlap(a, b);
}

bool pool_is_in_way(const struct item *item, const struct config *want)
{
	const struct item *other;

	for_each_item(other, want)
		if (is_pool(other) && pools_clash(item, other) &&
		    (item->leaving || !item_equal(item, other)))
			return true;
	return false;
}

static bool port_is_in(const struct config *config, unsigned int port)
{
	const struct item *item;

	for_each_item(item, config)
		if (!strcmp(item->args.object->name, "listener") &&
		    item_value(item, "port")->num == port)
			return true;
	return false;
}

/*
 * A port that has no line any more ends its waiting addresses when it goes. One
 * that a rule has closed never had one, and does not go.
 */
static bool port_goes(const struct pool_use *use, unsigned int port)
{
	return port_is_in(use->have, port) && !port_is_in(use->want, port);
}

static const char *live_pool(const struct nlmsghdr *nlh, char *name, size_t size)
{
	const struct nlattr *nla = field_find(nlh, UMX_ADDR_A_POOL);

	return nla ? field_string(nla, name, size) : NULL;
}

static void use_count(struct pool_use *use, const char *name)
{
	char **names;
	size_t *counts, i;

	for (i = 0; i < use->count; i++) {
		if (strcmp(use->names[i], name))
			continue;
		use->counts[i]++;
		return;
	}
	names = realloc(use->names, (use->count + 1) * sizeof(*names));
	if (names)
		use->names = names;
	counts = realloc(use->counts, (use->count + 1) * sizeof(*counts));
	if (counts)
		use->counts = counts;
	if (names && counts)
		names[use->count] = strdup(name);
	if (!names || !counts || !names[use->count]) {
		use->failed = true;
		return;
	}
	counts[use->count++] = 1;
}

static void use_read(const struct nlmsghdr *nlh, void *arg)
{
	const struct nlattr *bound = field_find(nlh, UMX_ADDR_A_BOUND);
	const struct nlattr *port = field_find(nlh, UMX_ADDR_A_PORT);
	const struct nlattr *role = field_find(nlh, UMX_ADDR_A_ROLE);
	const struct nlattr *state = field_find(nlh, UMX_ADDR_A_STATE);
	char name[UMX_POOL_NAME_MAX];
	struct pool_use *use = arg;

	if (!live_pool(nlh, name, sizeof(name)))
		return;
	/* The stock of a port in mode auto, or of an on-link pool, goes with it. */
	if (state && field_uint(state) < UMX_ADDR_VALID)
		return;
	if (role && field_uint(role) == UMX_ROLE_SSA && bound && !field_uint(bound) && port &&
	    port_goes(use, field_uint(port)))
		return;
	use_count(use, name);
}

static void use_restart(void *arg)
{
	struct pool_use *use = arg;

	memset(use->counts, 0, use->count * sizeof(*use->counts));
}

void pool_use_free(struct pool_use *use)
{
	size_t i;

	for (i = 0; i < use->count; i++)
		free(use->names[i]);
	free(use->names);
	free(use->counts);
}

size_t pool_use_of(const struct pool_use *use, const struct item *item)
{
	size_t i;

	for (i = 0; i < use->count; i++)
		if (!strcmp(use->names[i], pool_name(item)))
			return use->counts[i];
	return 0;
}

static bool pool_stays(const struct item *item, const struct config *want)
{
	const struct item *other = config_find(want, item);

	return other && item_equal(item, other);
}

static int pool_check(const struct item *item, bool force, const struct pool_use *use)
{
	size_t live = pool_use_of(use, item);

	if (pool_is_in_way(item, use->want)) {
		if (item->leaving)
			return say_refused("pool %s is detached, but keeps its name and its prefix until its last session ends",
					   pool_name(item));
		if (live)
			return say_refused("pool %s has %zu live addresses: it cannot change or give its prefix to another pool until they end",
					   pool_name(item), live);
		return UMCTL_DONE;
	}
	if (live && !force && !item->leaving)
		return say_refused("pool %s has %zu live addresses; \"force\" detaches it and lets them end",
				   pool_name(item), live);
	return UMCTL_DONE;
}

int pools_check(const struct config *have, const struct config *want, bool force,
		struct pool_use *use)
{
	const struct item *item;
	int err, ret = UMCTL_DONE;
	struct nl_msg *msg;
	bool any = false;

	use->have = have;
	use->want = want;
	for_each_item(item, have)
		any |= is_pool(item) && !item->leaving && !pool_stays(item, want);
	if (any) {
		msg = unl_genl(&umx_family, UMX_CMD_ADDR_GET, 0);
		err = msg ? unl_dump(msg, use_read, use_restart, use) : -ENOMEM;
		if (err)
			return unl_refused("addr show", err);
		if (use->failed)
			return say_refused("out of memory");
	}
	for_each_item(item, have)
		if (!ret && is_pool(item) && (item->leaving || !pool_stays(item, want)))
			ret = pool_check(item, force, use);
	return ret;
}
