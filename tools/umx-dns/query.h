/* SPDX-License-Identifier: GPL-2.0 */
/* This file owns the contract of query.c: what a request of PowerDNS is answered. */
#ifndef UMX_DNS_QUERY_H
#define UMX_DNS_QUERY_H

#include "backend.h"

struct query;

/* Takes the line to reply with, and frees it; NULL: no memory. */
typedef void (*query_done)(void *arg, char *reply);

bool query_init(void);

/* Answers @request: at once, and NULL is returned, or later. */
struct query *query_begin(const struct request *request, query_done done, void *arg);

/* Nobody waits for the answer any more. */
void query_cancel(struct query *query);

#endif /* UMX_DNS_QUERY_H */
