/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns the contract of lease.c: addresses that were given out and
 * wait for their connection.
 */
#ifndef UMX_DNS_LEASE_H
#define UMX_DNS_LEASE_H

#include <netinet/in.h>
#include <sys/queue.h>

#include "name.h"

/**
 * struct lease - an address that waits
 * @link: in the list of all, oldest first.
 * @by_addr: in the table by address.
 * @by_asker: in the table by name and asker.
 * @addr: the address.
 * @name: whose it is.
 * @asker: who asked for it.
 * @made: when, in ms.
 */
struct lease {
	TAILQ_ENTRY(lease) link;
	struct node by_addr;
	struct node by_asker;
	struct in6_addr addr;
	struct name *name;
	struct prefix asker;
	int64_t made;
};

TAILQ_HEAD(lease_list, lease);

/**
 * struct leases - all of them
 * @list: oldest first.
 * @by_addr: by address.
 * @by_asker: by name and asker, whom strangers choose: the hash has a key.
 * @key: that key.
 */
struct leases {
	struct lease_list list;
	struct table by_addr;
	struct table by_asker;
	uint8_t key[KEY_BYTES];
};

bool leases_init(struct leases *leases);
void leases_free(struct leases *leases);
size_t leases_count(const struct leases *leases);

/* NULL: no memory. */
struct lease *lease_add(struct leases *leases, struct name *name, const struct in6_addr *addr,
			const struct prefix *asker, int64_t now);
void lease_del(struct leases *leases, struct lease *lease);
struct lease *lease_find(const struct leases *leases, const struct in6_addr *addr);

/* The newest of @name that @asker was given at @since or later. */
struct lease *lease_held(const struct leases *leases, const struct name *name,
			 const struct prefix *asker, int64_t since);

#endif /* UMX_DNS_LEASE_H */
