// SPDX-License-Identifier: GPL-2.0
/* This file owns the messages of PowerDNS's remote backend. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend.h"
#include "line.h"
#include "qname.h"

/* Requests have an object in an object. */
#define DEPTH	4
/* There is one zone, and it has this number. */
#define ZONE_ID	1

static enum method method_of(const char *name)
{
	static const struct {
		const char *name;
		enum method method;
	} methods[] = {
		{ "initialize", METHOD_INITIALIZE },
		{ "lookup", METHOD_LOOKUP },
		{ "getAllDomains", METHOD_DOMAINS },
		{ "getDomainInfo", METHOD_DOMAIN },
		{ "getAllDomainMetadata", METHOD_ALL_METADATA },
		{ "getDomainMetadata", METHOD_METADATA },
		{ "getDomainKeys", METHOD_KEYS },
	};
	size_t i;

	for (i = 0; i < sizeof(methods) / sizeof(methods[0]); i++)
		if (!strcmp(methods[i].name, name))
			return methods[i].method;
	return METHOD_OTHER;
}

/* The string called @member; NULL: none, or one with a NUL inside. */
static const char *string_of(struct json_object *object, const char *member)
{
	struct json_object *value;
	const char *text;

	if (!json_object_object_get_ex(object, member, &value) ||
	    !json_object_is_type(value, json_type_string))
		return NULL;
	text = json_object_get_string(value);
	return strlen(text) == (size_t)json_object_get_string_len(value) ? text : NULL;
}

/* "real-remote" is the client's network with EDNS Client Subnet, and the
 * address of "remote" as a whole prefix without.
 */
static void asker_read(struct json_object *parameters, struct asker *asker)
{
	const char *real = string_of(parameters, "real-remote");
	const char *remote = string_of(parameters, "remote");
	struct prefix resolver;

	if (!remote || !prefix_read(remote, &resolver))
		return;
	asker->prefix = resolver;
	if (!real || !prefix_read(real, &asker->prefix))
		asker->prefix = resolver;
	asker->subnet = asker->prefix.plen != resolver.plen ||
		!IN6_ARE_ADDR_EQUAL(&asker->prefix.addr, &resolver.addr);
}

static bool lookup_read(struct json_object *parameters, struct request *request)
{
	const char *name = string_of(parameters, "qname");
	const char *type = string_of(parameters, "qtype");

	if (!name || !type || strlen(type) >= sizeof(request->type))
		return false;
	strcpy(request->type, type);
	if (!qname_clean(name, request->name))
		*request->name = '\0';
	asker_read(parameters, &request->asker);
	return true;
}

static bool domain_read(struct json_object *parameters, struct request *request)
{
	const char *name = string_of(parameters, "name");
	const char *kind = string_of(parameters, "kind");

	if (!name)
		return false;
	/* A kind we do not know is none of ours. */
	if (kind && strlen(kind) < sizeof(request->type))
		strcpy(request->type, kind);
	if (!qname_clean(name, request->name))
		*request->name = '\0';
	return true;
}

static bool object_read(struct json_object *object, struct request *request)
{
	struct json_object *parameters = NULL;
	const char *method;

	if (!json_object_is_type(object, json_type_object))
		return false;
	method = string_of(object, "method");
	if (!method)
		return false;
	request->method = method_of(method);
	json_object_object_get_ex(object, "parameters", &parameters);
	switch (request->method) {
	case METHOD_OTHER:
	case METHOD_INITIALIZE:
	case METHOD_DOMAINS:
		return true;
	case METHOD_LOOKUP:
		return json_object_is_type(parameters, json_type_object) &&
		       lookup_read(parameters, request);
	default:
		return json_object_is_type(parameters, json_type_object) &&
		       domain_read(parameters, request);
	}
}

bool backend_read(const char *text, size_t len, struct request *request)
{
	struct json_object *object;
	bool good;

	memset(request, 0, sizeof(*request));
	object = len <= REQUEST_MAX ? line_read(text, len, DEPTH) : NULL;
	good = object && object_read(object, request);
	json_object_put(object);
	return good;
}

static char *result_of(struct json_object *result)
{
	struct json_object *reply = json_object_new_object();

	json_object_object_add(reply, "result", result);
	return line_of(reply);
}

char *backend_bool(bool result)
{
	return result_of(json_object_new_boolean(result));
}

static void string_add(struct json_object *object, const char *member, const char *text)
{
	json_object_object_add(object, member, json_object_new_string(text));
}

char *backend_domain(const char *zone, bool list)
{
	struct json_object *domain = json_object_new_object();
	struct json_object *domains;
	char name[DOMAIN_SIZE + 1];

	snprintf(name, sizeof(name), "%s.", zone);
	json_object_object_add(domain, "id", json_object_new_int(ZONE_ID));
	string_add(domain, "zone", name);
	string_add(domain, "kind", "native");
	json_object_object_add(domain, "serial", json_object_new_int(1));
	json_object_object_add(domain, "notified_serial", json_object_new_int(1));
	json_object_object_add(domain, "last_check", json_object_new_int(0));
	json_object_object_add(domain, "masters", json_object_new_array());
	if (!list)
		return result_of(domain);
	domains = json_object_new_array();
	json_object_array_add(domains, domain);
	return result_of(domains);
}

struct json_object *backend_records(void)
{
	return json_object_new_array();
}

void backend_record(struct json_object *records, const char *name, const char *type,
		    const char *content, unsigned int ttl)
{
	struct json_object *record = json_object_new_object();
	char dotted[DOMAIN_SIZE + 1];

	snprintf(dotted, sizeof(dotted), "%s.", name);
	string_add(record, "qtype", type);
	string_add(record, "qname", dotted);
	string_add(record, "content", content);
	json_object_object_add(record, "ttl", json_object_new_int64(ttl));
	json_object_object_add(record, "auth", json_object_new_int(1));
	json_object_object_add(record, "domain_id", json_object_new_int(ZONE_ID));
	json_object_array_add(records, record);
}

char *backend_reply(struct json_object *result)
{
	return result_of(result);
}
