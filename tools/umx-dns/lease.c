// SPDX-License-Identifier: GPL-2.0
/* This file owns the addresses that were given out and wait. */
#include <stdlib.h>
#include <string.h>

#include "lease.h"

#define LEASE_BITS	12

bool leases_init(struct leases *leases)
{
	memset(leases, 0, sizeof(*leases));
	TAILQ_INIT(&leases->list);
	return table_init(&leases->by_addr, LEASE_BITS) &&
	       table_init(&leases->by_asker, LEASE_BITS) && secret_new(leases->key, KEY_BYTES);
}

void leases_free(struct leases *leases)
{
	struct lease *lease;

	while ((lease = TAILQ_FIRST(&leases->list)))
		lease_del(leases, lease);
	table_free(&leases->by_addr);
	table_free(&leases->by_asker);
}

size_t leases_count(const struct leases *leases)
{
	return leases->by_addr.count;
}

static uint64_t addr_hash(const struct leases *leases, const struct in6_addr *addr)
{
	return keyed_hash(leases->key, addr, sizeof(*addr));
}

static uint64_t asker_hash(const struct leases *leases, const struct name *name,
			   const struct prefix *asker)
{
	struct {
		const struct name *name;
		struct in6_addr addr;
		uint64_t plen;
	} what = { name, asker->addr, asker->plen };

	return keyed_hash(leases->key, &what, sizeof(what));
}

struct lease *lease_add(struct leases *leases, struct name *name, const struct in6_addr *addr,
			const struct prefix *asker, int64_t now)
{
	struct lease *lease = calloc(1, sizeof(*lease));

	if (!lease)
		return NULL;
	lease->name = name;
	lease->addr = *addr;
	lease->asker = *asker;
	lease->made = now;
	TAILQ_INSERT_TAIL(&leases->list, lease, link);
	table_add(&leases->by_addr, &lease->by_addr, addr_hash(leases, addr));
	table_add(&leases->by_asker, &lease->by_asker, asker_hash(leases, name, asker));
	name->waiting++;
	return lease;
}

void lease_del(struct leases *leases, struct lease *lease)
{
	lease->name->waiting--;
	table_del(&leases->by_addr, &lease->by_addr);
	table_del(&leases->by_asker, &lease->by_asker);
	TAILQ_REMOVE(&leases->list, lease, link);
	free(lease);
}

struct lease *lease_find(const struct leases *leases, const struct in6_addr *addr)
{
	struct lease *lease;
	struct node *node;

	for (node = table_first(&leases->by_addr, addr_hash(leases, addr)); node;
	     node = table_next(node)) {
		lease = container_of(node, struct lease, by_addr);
		if (IN6_ARE_ADDR_EQUAL(&lease->addr, addr))
			return lease;
	}
	return NULL;
}

/* The table has the newest first. */
struct lease *lease_held(const struct leases *leases, const struct name *name,
			 const struct prefix *asker, int64_t since)
{
	struct lease *lease;
	struct node *node;

	for (node = table_first(&leases->by_asker, asker_hash(leases, name, asker)); node;
	     node = table_next(node)) {
		lease = container_of(node, struct lease, by_asker);
		if (lease->name == name && lease->asker.plen == asker->plen &&
		    IN6_ARE_ADDR_EQUAL(&lease->asker.addr, &asker->addr))
			return lease->made >= since ? lease : NULL;
	}
	return NULL;
}
