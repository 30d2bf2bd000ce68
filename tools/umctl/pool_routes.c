// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns keeping the routes of pools and the pools together.
 *
 * The route leads to the module's gate; without the module it leads nowhere.
 */
#include <errno.h>
#include <linux/umx.h>
#include <netlink/attr.h>
#include <string.h>

#include "ask.h"
#include "pool_routes.h"
#include "route.h"

static void prefix_read(const struct nlmsghdr *nlh, void *arg)
{
	const struct nlattr *prefix = field_find(nlh, UMX_POOL_A_PREFIX);
	const struct nlattr *plen = field_find(nlh, UMX_POOL_A_PLEN);
	const struct nlattr *type = field_find(nlh, UMX_POOL_A_TYPE);
	struct in6_addr addr;

	/* the prefix of an on-link pool has the route of its link */
	if (type && field_uint(type) != UMX_POOL_ROUTED)
		return;
	if (prefix && plen && field_in6(prefix, &addr))
		prefixes_add(arg, &addr, field_uint(plen));
}

static void prefix_restart(void *arg)
{
	prefixes_free(arg);
}

static int pools_read(const struct family *family, struct prefixes *pools)
{
	struct nl_msg *msg = unl_genl(family, UMX_CMD_POOL_GET, 0);

	return msg ? unl_dump(msg, prefix_read, prefix_restart, pools) : -ENOMEM;
}

static bool prefixes_have(const struct prefixes *prefixes, const struct prefix *prefix)
{
	size_t i;

	for (i = 0; i < prefixes->count; i++)
		if (prefixes->list[i].plen == prefix->plen &&
		    !memcmp(&prefixes->list[i].addr, &prefix->addr, sizeof(prefix->addr)))
			return true;
	return false;
}

/*
 * Removes our routes that belong to no pool; so the route of a pool that was
 * detached by force stays as long as its sessions do. The routes are listed
 * before the pools: another umctl adds its pool before its route, so a route on
 * the first list that is missing on the second has lost its pool.
 */
int pool_routes_sweep(const struct family *family)
{
	struct prefixes routes = {}, pools = {};
	size_t i;
	int err;

	err = route_list(&routes);
	if (!err && routes.count)
		err = pools_read(family, &pools);
	for (i = 0; !err && i < routes.count; i++)
		if (!prefixes_have(&pools, &routes.list[i]))
			err = route_del(&routes.list[i].addr, routes.list[i].plen);
	prefixes_free(&routes);
	prefixes_free(&pools);
	return err;
}

/* Removes every route of ours: the gate is about to go. */
int pool_routes_withdraw(void)
{
	struct prefixes routes = {};
	size_t i;
	int err;

	err = route_list(&routes);
	for (i = 0; !err && i < routes.count; i++)
		err = route_del(&routes.list[i].addr, routes.list[i].plen);
	prefixes_free(&routes);
	return err;
}

/* Gives every pool its route. */
int pool_routes_restore(const struct family *family)
{
	struct prefixes pools = {};
	size_t i;
	int err;

	err = pools_read(family, &pools);
	for (i = 0; !err && i < pools.count; i++)
		err = route_add(&pools.list[i].addr, pools.list[i].plen);
	prefixes_free(&pools);
	return err;
}
