// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the answers: records that always are the same, an address
 * that is good once, or nothing. Whatever the reason, there is one "nothing".
 */
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "count.h"
#include "daemon.h"
#include "dnssec.h"
#include "hosts.h"
#include "peer.h"
#include "qname.h"
#include "query.h"

/* What does not change. Answers that say "nothing" are not to be kept: the last
 * number of the SOA.
 */
#define STATIC_TTL	3600
#define SOA_TIMES	"1 3600 600 604800 0"

/**
 * struct query - a question whose answer some host has
 * @request: the question.
 * @service: whose name it is.
 * @label: the token, "" for the public name.
 * @hash: of the question.
 * @tried: bits of the hosts that were asked.
 * @host: the one that is asked now.
 * @asking: the question to it.
 * @done: takes the answer.
 * @arg: for @done.
 */
struct query {
	struct request request;
	struct service *service;
	char label[LABEL_SIZE];
	uint64_t hash;
	unsigned int tried;
	int host;
	struct asking *asking;
	query_done done;
	void *arg;
};

static struct memory memory;

bool query_init(void)
{
	return memory_init(&memory);
}

/* --- records that always are the same --- */

static bool wants(const struct request *request, const char *type)
{
	return !strcmp(request->type, "ANY") || !strcmp(request->type, type);
}

static void record(struct json_object *records, const struct request *request, const char *type,
		   const char *content)
{
	if (wants(request, type))
		backend_record(records, request->name, type, content, STATIC_TTL);
}

static void apex_records(struct json_object *records, const struct request *request)
{
	const struct config *config = &dns.config;
	char content[2 * DOMAIN_SIZE + 64];
	unsigned int i;

	snprintf(content, sizeof(content), "%s. hostmaster.%s. " SOA_TIMES, config->ns[0],
		 config->zone);
	record(records, request, "SOA", content);
	for (i = 0; i < config->ns_count; i++) {
		snprintf(content, sizeof(content), "%s.", config->ns[i]);
		record(records, request, "NS", content);
	}
}

/* Whether the name has such records, asked for or not. */
static bool configured_records(struct json_object *records, const struct request *request)
{
	const struct config *config = &dns.config;
	bool there = false;
	unsigned int i;

	for (i = 0; i < config->record_count; i++) {
		if (strcmp(config->records[i].name, request->name))
			continue;
		there = true;
		record(records, request, config->records[i].type, config->records[i].content);
	}
	return there;
}

/* --- addresses --- */

static void query_end(struct query *query, enum grant grant, const struct in6_addr *addr)
{
	struct json_object *records = backend_records();
	char text[INET6_ADDRSTRLEN];

	if (grant == GRANT_ADDRESS) {
		inet_ntop(AF_INET6, addr, text, sizeof(text));
		backend_record(records, query->request.name, "AAAA", text, 0);
		if (query->service->host_count > 1)
			memory_keep(&memory, query->hash, query->host, now_ms());
	}
	if (query->done)
		query->done(query->arg, backend_reply(records));
	else
		json_object_put(records);
	free(query);
}

static int host_of(struct query *query)
{
	int64_t since = now_ms() - dns.config.hold;
	int host;

	if (query->service->host_count > 1 && !query->tried) {
		host = memory_find(&memory, query->hash, since);
		if (host >= 0 && peer_alive(query->service->hosts[host].peer))
			return host;
	}
	return host_next(query->service, query->tried, peer_alive);
}

static void on_peer(void *arg, enum grant grant, const struct in6_addr *addr);

/* Asks one host after the other until one says yes or no; true: done. */
static bool query_go_on(struct query *query)
{
	const struct service *service = query->service;
	struct in6_addr addr;
	enum grant grant;
	int peer;

	while ((query->host = host_of(query)) >= 0) {
		query->tried |= 1u << query->host;
		peer = service->hosts[query->host].peer;
		if (peer < 0) {
			grant = grant_ask(service->label, query->label, &query->request.asker,
					  &addr);
			if (grant == GRANT_UNABLE)
				continue;
			query_end(query, grant, &addr);
			return true;
		}
		query->asking = peer_ask(peer, service->label, query->label,
					 &query->request.asker, on_peer, query);
		if (query->asking)
			return false;
	}
	if (service->host_count > 1 || service->hosts[0].peer >= 0)
		count(COUNT_PEER_DOWN);
	query_end(query, GRANT_NONE, NULL);
	return true;
}

static void on_peer(void *arg, enum grant grant, const struct in6_addr *addr)
{
	struct query *query = arg;

	query->asking = NULL;
	if (grant == GRANT_UNABLE)
		query_go_on(query);
	else
		query_end(query, grant, addr);
}

void query_cancel(struct query *query)
{
	if (query->asking)
		peer_cancel(query->asking);
	free(query);
}

static struct query *query_lease(const struct request *request, struct service *service,
				 const char *label, query_done done, void *arg)
{
	struct query *query = calloc(1, sizeof(*query));

	if (!query) {
		done(arg, NULL);
		return NULL;
	}
	query->request = *request;
	query->service = service;
	strcpy(query->label, label);
	query->hash = memory_hash(&memory, service->label, label, &request->asker);
	query->done = done;
	query->arg = arg;
	return query_go_on(query) ? NULL : query;
}

/* --- questions --- */

/* PowerDNS asks for ANY, whatever its client has asked for. A question for one
 * other type alone is about the zone: it makes no address.
 */
static struct query *lookup(const struct request *request, query_done done, void *arg)
{
	struct json_object *records = backend_records();
	char label[LABEL_SIZE], name[LABEL_SIZE];
	struct service *service = NULL;

	count(COUNT_QUESTIONS);
	if (qname_split(request->name, dns.config.zone, label, name)) {
		if (!*name)
			apex_records(records, request);
		service = config_service(&dns.config, name);
	}
	if (configured_records(records, request))
		service = NULL;
	if (service && wants(request, "AAAA") && (*label || service->public)) {
		json_object_put(records);
		return query_lease(request, service, label, done, arg);
	}
	/* So that resolvers that ask label by label go on (RFC 9156). */
	if (service && !*label && !service->public)
		record(records, request, "TXT", "\"names below are given out one by one\"");
	done(arg, backend_reply(records));
	return NULL;
}

struct query *query_begin(const struct request *request, query_done done, void *arg)
{
	bool ours = !strcmp(request->name, dns.config.zone);

	switch (request->method) {
	case METHOD_LOOKUP:
		return lookup(request, done, arg);
	case METHOD_INITIALIZE:
		done(arg, backend_bool(true));
		break;
	case METHOD_DOMAINS:
		done(arg, backend_domain(dns.config.zone, true));
		break;
	case METHOD_DOMAIN:
		done(arg, ours ? backend_domain(dns.config.zone, false) : backend_bool(false));
		break;
	case METHOD_ALL_METADATA:
		done(arg, ours ? backend_reply(dnssec_metadata(NULL)) : backend_bool(false));
		break;
	case METHOD_METADATA:
		done(arg, ours ? backend_reply(dnssec_metadata(request->type)) : backend_bool(false));
		break;
	case METHOD_KEYS:
		done(arg, ours ? backend_reply(dnssec_keys()) : backend_bool(false));
		break;
	case METHOD_OTHER:
		done(arg, backend_bool(false));
		break;
	}
	return NULL;
}
