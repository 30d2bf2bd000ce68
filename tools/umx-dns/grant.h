/* SPDX-License-Identifier: GPL-2.0 */
/* This file owns the contract of grant.c: whether who asks gets an address of this host. */
#ifndef UMX_DNS_GRANT_H
#define UMX_DNS_GRANT_H

#include <netinet/in.h>

#include "name.h"

/**
 * struct asker - who asks
 * @prefix: network of the client, or address of its resolver.
 * @subnet: the first: EDNS Client Subnet said so.
 */
struct asker {
	struct prefix prefix;
	bool subnet;
};

/**
 * enum grant - what becomes of a question
 * @GRANT_NONE: no address.
 * @GRANT_ADDRESS: an address.
 * @GRANT_UNABLE: no address here and now; another host may have one.
 */
enum grant {
	GRANT_NONE,
	GRANT_ADDRESS,
	GRANT_UNABLE,
};

bool grant_init(void);
void grant_close(void);

/* @label is "" for the name of a public service. */
enum grant grant_ask(const char *service, const char *label, const struct asker *asker,
		     struct in6_addr *addr);

/* Takes a name back, and what of it waits. @event is what the journal says. */
void grant_revoke(struct name *name, const char *event);

/* Writes the names down: now, or within seconds. */
bool grant_save(void);
void grant_changed(void);

#endif /* UMX_DNS_GRANT_H */
