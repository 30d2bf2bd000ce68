/* SPDX-License-Identifier: GPL-2.0 */
/* This file owns the contract of route.c: the routes of pools. */
#ifndef UMCTL_ROUTE_H
#define UMCTL_ROUTE_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

/* Protocol number of the routes umctl makes; it touches no others. */
#define ROUTE_PROTO	117

/* A prefix and its length. */
struct prefix {
	struct in6_addr addr;
	uint8_t plen;
};

/* A list of prefixes that grows. */
struct prefixes {
	struct prefix *list;
	size_t count;
};

void prefixes_add(struct prefixes *prefixes, const struct in6_addr *addr, uint8_t plen);
void prefixes_free(struct prefixes *prefixes);

/* As `ip -6 route replace throw PREFIX`, `... del ...`. 0 or -errno;
 * _del of a route that is not there is no error.
 */
int route_add(const struct in6_addr *addr, uint8_t plen);
int route_del(const struct in6_addr *addr, uint8_t plen);

/* Is the loopback device of this network namespace up? */
bool route_lo_up(void);

/* The prefixes of all routes of ROUTE_PROTO. 0 or -errno. */
int route_list(struct prefixes *prefixes);

#endif /* UMCTL_ROUTE_H */
