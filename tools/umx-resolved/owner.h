/* SPDX-License-Identifier: GPL-2.0 */
/* This file owns the contract of owner.c: whose socket it is that asks. */
#ifndef UMX_RESOLVED_OWNER_H
#define UMX_RESOLVED_OWNER_H

#include <stdint.h>

#include "servers.h"

/* Nobody that is known. */
#define OWNER_NONE	UINT32_MAX

/* The user of the socket at @peer, IPPROTO_UDP or IPPROTO_TCP, that talks to
 * @self.
 */
uint32_t owner_find(int protocol, const struct server *peer, const struct server *self);
void owner_close(void);

#endif /* UMX_RESOLVED_OWNER_H */
