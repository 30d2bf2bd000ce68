/* SPDX-License-Identifier: GPL-2.0 */
/* This file owns the contract of exchange.c: a question of a program and what comes of it. */
#ifndef UMX_RESOLVED_EXCHANGE_H
#define UMX_RESOLVED_EXCHANGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "servers.h"
#include "user.h"

struct connection;

/**
 * struct origin - where a question has come from, and its answer goes to
 * @connection: by TCP; NULL: by UDP.
 * @peer: from whom, by UDP.
 */
struct origin {
	struct connection *connection;
	struct server peer;
};

void exchanges_init(void);
void exchanges_close(void);

/* The question @wire of the user @uid. */
void exchange_begin(const struct origin *origin, uint32_t uid, const uint8_t *wire, size_t len);

/* The connection is over, and what was asked by it is wanted no more. */
void exchange_abandon(const struct connection *connection);

/* Who asks. */
extern struct users users;

#endif /* UMX_RESOLVED_EXCHANGE_H */
