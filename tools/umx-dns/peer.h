/* SPDX-License-Identifier: GPL-2.0 */
/* This file owns the contract of peer.c: asking the umx-dns of other hosts. */
#ifndef UMX_DNS_PEER_H
#define UMX_DNS_PEER_H

#include "grant.h"

struct asking;

typedef void (*peer_done)(void *arg, enum grant grant, const struct in6_addr *addr);

bool peers_init(void);
void peers_close(void);

/* Whether it has answered lately; this host (-1) always has. */
bool peer_alive(int peer);

/* Asks it, and calls @done some time, with GRANT_UNABLE at the latest after a
 * second. NULL: it cannot be asked now.
 */
struct asking *peer_ask(int peer, const char *service, const char *label,
			const struct asker *asker, peer_done done, void *arg);

/* Nobody waits for the answer any more. */
void peer_cancel(struct asking *asking);

#endif /* UMX_DNS_PEER_H */
