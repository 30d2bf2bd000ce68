/* SPDX-License-Identifier: GPL-2.0 */
/* This file owns the contract of udp.c: questions by UDP. */
#ifndef UMX_RESOLVED_UDP_H
#define UMX_RESOLVED_UDP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "servers.h"

/* Port 53 takes a capability: bind first, listen when it was given up. */
bool udp_bind(void);
bool udp_listen(void);
void udp_close(void);
void udp_send(const struct server *peer, const uint8_t *wire, size_t len);

#endif /* UMX_RESOLVED_UDP_H */
