/* SPDX-License-Identifier: GPL-2.0 */
/* This file owns the contract of tcp.c: questions by TCP. */
#ifndef UMX_RESOLVED_TCP_H
#define UMX_RESOLVED_TCP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct connection;

/* Port 53 takes a capability: bind first, listen when it was given up. */
bool tcp_bind(void);
bool tcp_listen(void);
void tcp_close(void);

/* The answer to one of its questions, or that there will be none. Neither ends
 * the connection at once.
 */
void connection_send(struct connection *connection, const uint8_t *wire, size_t len);
void connection_drop(struct connection *connection);

#endif /* UMX_RESOLVED_TCP_H */
