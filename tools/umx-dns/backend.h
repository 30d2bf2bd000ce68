/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns the contract of backend.c: the messages of PowerDNS's remote
 * backend, JSON objects one a line, without state.
 */
#ifndef UMX_DNS_BACKEND_H
#define UMX_DNS_BACKEND_H

#include <json-c/json.h>

#include "grant.h"

/* A question is a name and two addresses; what is longer is none. */
#define REQUEST_MAX	8192

/**
 * enum method - what PowerDNS wants
 * @METHOD_OTHER: something we have nothing to say to.
 * @METHOD_INITIALIZE: a connection begins.
 * @METHOD_LOOKUP: records of a name.
 * @METHOD_DOMAINS: all zones.
 * @METHOD_DOMAIN: one zone.
 * @METHOD_ALL_METADATA: all settings of a zone; @METHOD_METADATA: of a kind.
 * @METHOD_KEYS: what it is signed with.
 */
enum method {
	METHOD_OTHER,
	METHOD_INITIALIZE,
	METHOD_LOOKUP,
	METHOD_DOMAINS,
	METHOD_DOMAIN,
	METHOD_ALL_METADATA,
	METHOD_METADATA,
	METHOD_KEYS,
};

/**
 * struct request - a request
 * @method: what is wanted.
 * @name: of which name; clean, "" if it can be none of ours.
 * @type: of which type, or kind.
 * @asker: who asks PowerDNS.
 */
struct request {
	enum method method;
	char name[DOMAIN_SIZE];
	char type[32];
	struct asker asker;
};

/* @text has @len characters and a NUL. False: this is no request. */
bool backend_read(const char *text, size_t len, struct request *request);

/* Replies are lines, to be freed; NULL: no memory. */
char *backend_bool(bool result);
char *backend_domain(const char *zone, bool list);

/* A reply of records: begin, add, end. Any other result: end. */
struct json_object *backend_records(void);
void backend_record(struct json_object *records, const char *name, const char *type,
		    const char *content, unsigned int ttl);
char *backend_reply(struct json_object *result);

#endif /* UMX_DNS_BACKEND_H */
