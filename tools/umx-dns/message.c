// SPDX-License-Identifier: GPL-2.0
/* This file owns what hosts say to each other. */
#include <arpa/inet.h>
#include <string.h>

#include "line.h"
#include "message.h"
#include "qname.h"

/* A flat object. */
#define DEPTH	2

static struct json_object *object_of(const char *text, size_t len)
{
	struct json_object *object = len <= MESSAGE_MAX ? line_read(text, len, DEPTH) : NULL;

	if (!json_object_is_type(object, json_type_object)) {
		json_object_put(object);
		return NULL;
	}
	return object;
}

static const char *string_of(struct json_object *object, const char *member)
{
	struct json_object *value;

	if (!json_object_object_get_ex(object, member, &value) ||
	    !json_object_is_type(value, json_type_string))
		return NULL;
	return json_object_get_string(value);
}

static bool true_of(struct json_object *object, const char *member)
{
	struct json_object *value;

	return json_object_object_get_ex(object, member, &value) &&
	       json_object_get_boolean(value);
}

static bool id_read(struct json_object *object, struct message *message)
{
	struct json_object *value;
	int64_t id;

	if (!json_object_object_get_ex(object, "id", &value) ||
	    !json_object_is_type(value, json_type_int))
		return false;
	id = json_object_get_int64(value);
	message->id = id;
	return id >= 0 && id <= UINT32_MAX;
}

static bool question_read(struct json_object *object, struct message *message)
{
	const char *service = string_of(object, "service"), *label = string_of(object, "label");
	const char *asker = string_of(object, "asker");

	if (!id_read(object, message))
		return false;
	if (!service)
		return true;
	message->asker.subnet = true_of(object, "subnet");
	return qname_label(service, message->service) && asker &&
	       prefix_read(asker, &message->asker.prefix) &&
	       (!label || qname_label(label, message->label));
}

bool message_read_question(const char *text, size_t len, struct message *message)
{
	struct json_object *object = object_of(text, len);
	bool good;

	memset(message, 0, sizeof(*message));
	good = object && question_read(object, message);
	json_object_put(object);
	return good;
}

static bool answer_read(struct json_object *object, struct message *message)
{
	const char *address = string_of(object, "address");

	if (!id_read(object, message))
		return false;
	message->grant = true_of(object, "unable") ? GRANT_UNABLE : GRANT_NONE;
	if (!address)
		return true;
	message->grant = GRANT_ADDRESS;
	return inet_pton(AF_INET6, address, &message->addr) == 1;
}

bool message_read_answer(const char *text, size_t len, struct message *message)
{
	struct json_object *object = object_of(text, len);
	bool good;

	memset(message, 0, sizeof(*message));
	good = object && answer_read(object, message);
	json_object_put(object);
	return good;
}

static void string_add(struct json_object *object, const char *member, const char *text)
{
	json_object_object_add(object, member, json_object_new_string(text));
}

char *message_question(const struct message *message)
{
	struct json_object *object = json_object_new_object();
	char asker[PREFIX_CHARS];

	json_object_object_add(object, "id", json_object_new_int64(message->id));
	if (!*message->service)
		return line_of(object);
	prefix_write(&message->asker.prefix, asker);
	string_add(object, "service", message->service);
	if (*message->label)
		string_add(object, "label", message->label);
	string_add(object, "asker", asker);
	json_object_object_add(object, "subnet", json_object_new_boolean(message->asker.subnet));
	return line_of(object);
}

char *message_answer(const struct message *message)
{
	struct json_object *object = json_object_new_object();
	char address[INET6_ADDRSTRLEN];

	json_object_object_add(object, "id", json_object_new_int64(message->id));
	if (message->grant == GRANT_ADDRESS) {
		inet_ntop(AF_INET6, &message->addr, address, sizeof(address));
		string_add(object, "address", address);
	} else if (message->grant == GRANT_UNABLE) {
		json_object_object_add(object, "unable", json_object_new_boolean(true));
	}
	return line_of(object);
}
