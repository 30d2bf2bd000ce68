/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns the contract of journal.c: who was given which address when,
 * and who came. JSON, one object a line. What strangers ask leaves no line:
 * they would write as many as they like.
 */
#ifndef UMX_DNS_JOURNAL_H
#define UMX_DNS_JOURNAL_H

#include <netinet/in.h>

#include "name.h"

/* Opens @path, or standard output if it is ""; again after it was moved away. */
bool journal_open(const char *path);

/* The name was added, revoked, is used up or over. */
void journal_name(const char *event, const struct name *name);

/* @addr was leased to @asker, its connections let in from @from. */
void journal_lease(const struct name *name, const struct in6_addr *addr,
		   const struct prefix *asker, const struct prefix *from);

/* @addr ended as @event says, unused. */
void journal_end(const char *event, const struct name *name, const struct in6_addr *addr);

/* @peer came to @addr; @name is NULL if it was leased by somebody else. */
void journal_claim(const struct name *name, const struct in6_addr *addr, uint16_t port,
		   const struct in6_addr *peer, uint16_t peer_port);

/* Something else, in a sentence. */
void journal_note(const char *event, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Whether @event was not noted for ten seconds, for those questions can cause. */
bool journal_due(const char *event);

#endif /* UMX_DNS_JOURNAL_H */
