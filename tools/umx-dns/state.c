// SPDX-License-Identifier: GPL-2.0
/* This file owns the file of the names: reading, and replacing it in one step. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <json-c/json.h>
#include <libgen.h>
#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "qname.h"
#include "state.h"

#define VERSION	1

/* --- reading --- */

static bool hex_read(struct json_object *object, const char *member, uint8_t *bytes, size_t len)
{
	struct json_object *value;
	const char *text;
	size_t i;

	if (!json_object_object_get_ex(object, member, &value))
		return false;
	text = json_object_get_string(value);
	if (!text || strlen(text) != 2 * len || strspn(text, "0123456789abcdef") != 2 * len)
		return false;
	for (i = 0; i < len; i++)
		if (sscanf(text + 2 * i, "%2hhx", &bytes[i]) != 1)
			return false;
	return true;
}

static int64_t number_of(struct json_object *object, const char *member)
{
	struct json_object *value;

	if (!json_object_object_get_ex(object, member, &value))
		return 0;
	return json_object_get_int64(value);
}

static const char *string_of(struct json_object *object, const char *member)
{
	struct json_object *value;
	const char *text = NULL;

	if (json_object_object_get_ex(object, member, &value))
		text = json_object_get_string(value);
	return text ? text : "";
}

static bool head_read(struct names *names, struct json_object *object)
{
	if (number_of(object, "version") != VERSION || !hex_read(object, "key", names->key, KEY_BYTES))
		return false;
	names->next = number_of(object, "next");
	return names->next;
}

static bool name_read(struct name *name, struct json_object *object)
{
	const char *kind = string_of(object, "kind"), *from = string_of(object, "from");
	uint8_t tag[TAG_BYTES];

	name->id = number_of(object, "id");
	if (!name->id || !qname_label(string_of(object, "service"), name->service))
		return false;
	if (!strcmp(kind, "totp")) {
		name->kind = NAME_TOTP;
		if (!hex_read(object, "secret", name->secret, TOTP_BYTES))
			return false;
	} else {
		if (strcmp(kind, "token") || !hex_read(object, "tag", tag, TAG_BYTES))
			return false;
		name_tag(name, tag);
	}
	if (*from && (!prefix_read(from, &name->from) || prefix_is_ipv4(&name->from)))
		return false;
	snprintf(name->who, sizeof(name->who), "%s", string_of(object, "for"));
	name->rate = number_of(object, "rate");
	name->uses = number_of(object, "uses");
	name->used = number_of(object, "used");
	name->created = number_of(object, "created");
	name->expires = number_of(object, "expires");
	name->last = number_of(object, "last");
	name->leased = number_of(object, "leased");
	name->claimed = number_of(object, "claimed");
	return name->rate <= RATE_MAX;
}

static bool object_read(struct names *names, struct json_object *object)
{
	struct name *name;

	if (!json_object_is_type(object, json_type_object))
		return false;
	if (json_object_object_get_ex(object, "key", NULL))
		return head_read(names, object);
	name = name_new(names);
	if (!name)
		return false;
	if (!name_read(name, object) || name_by_id(names, name->id)) {
		free(name);
		return false;
	}
	name_add(names, name);
	return true;
}

bool state_line(struct names *names, const char *text)
{
	struct json_object *object = json_tokener_parse(text);
	bool good = object && object_read(names, object);

	json_object_put(object);
	return good;
}

bool state_read(struct names *names, const char *path)
{
	FILE *file = fopen(path, "re");
	unsigned int number = 0;
	char *text = NULL;
	size_t size = 0;
	bool good = true;

	if (!file && errno == ENOENT)
		return true;
	while (file && good && getline(&text, &size, file) >= 0) {
		number++;
		good = state_line(names, text);
	}
	if (!file || ferror(file))
		fprintf(stderr, "umx-dns: %s cannot be read: %s\n", path, strerror(errno));
	else if (!good)
		fprintf(stderr, "umx-dns: %s:%u: not a name\n", path, number);
	good = good && file && !ferror(file);
	if (text)
		OPENSSL_cleanse(text, size);
	free(text);
	if (file)
		fclose(file);
	return good;
}

/* --- writing --- */

static void hex_write(struct json_object *object, const char *member, const uint8_t *bytes,
		      size_t len)
{
	char text[2 * TAG_BYTES + 1];
	size_t i;

	for (i = 0; i < len; i++)
		sprintf(text + 2 * i, "%02x", bytes[i]);
	json_object_object_add(object, member, json_object_new_string(text));
}

static void number_write(struct json_object *object, const char *member, int64_t number)
{
	if (number)
		json_object_object_add(object, member, json_object_new_int64(number));
}

static struct json_object *name_object(const struct name *name)
{
	struct json_object *object = json_object_new_object();
	bool totp = name->kind == NAME_TOTP;
	char from[PREFIX_CHARS];

	number_write(object, "id", name->id);
	json_object_object_add(object, "service", json_object_new_string(name->service));
	json_object_object_add(object, "for", json_object_new_string(name->who));
	json_object_object_add(object, "kind", json_object_new_string(totp ? "totp" : "token"));
	if (totp)
		hex_write(object, "secret", name->secret, TOTP_BYTES);
	else
		hex_write(object, "tag", name->entries[0].tag, TAG_BYTES);
	if (name->from.plen) {
		prefix_write(&name->from, from);
		json_object_object_add(object, "from", json_object_new_string(from));
	}
	number_write(object, "rate", name->rate);
	number_write(object, "uses", name->uses);
	number_write(object, "used", name->used);
	number_write(object, "created", name->created);
	number_write(object, "expires", name->expires);
	number_write(object, "last", name->last);
	number_write(object, "leased", name->leased);
	number_write(object, "claimed", name->claimed);
	return object;
}

static bool object_write(struct json_object *object, FILE *file)
{
	const char *text = json_object_to_json_string_ext(object, JSON_C_TO_STRING_PLAIN);
	bool good = text && fprintf(file, "%s\n", text) > 0;

	json_object_put(object);
	return good;
}

static bool names_write(const struct names *names, FILE *file)
{
	struct json_object *head = json_object_new_object();
	const struct name *name;
	bool good;

	number_write(head, "version", VERSION);
	number_write(head, "next", names->next);
	hex_write(head, "key", names->key, KEY_BYTES);
	good = object_write(head, file);
	TAILQ_FOREACH(name, &names->list, link)
		good = good && object_write(name_object(name), file);
	return good && !fflush(file) && !fsync(fileno(file));
}

/* A name that was revoked is not to come back because the power went. */
static bool directory_sync(const char *path)
{
	char copy[PATH_SIZE];
	int fd;
	bool good;

	snprintf(copy, sizeof(copy), "%s", path);
	fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	good = fd >= 0 && !fsync(fd);
	if (fd >= 0)
		close(fd);
	return good;
}

bool state_write(const struct names *names, const char *path)
{
	char beside[PATH_SIZE + 8];
	FILE *file = NULL;
	bool good;
	int fd;

	snprintf(beside, sizeof(beside), "%s.new", path);
	unlink(beside);
	fd = open(beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd >= 0)
		file = fdopen(fd, "w");
	good = file && names_write(names, file);
	if (file && fclose(file))
		good = false;
	good = good && !rename(beside, path) && directory_sync(path);
	if (!good)
		fprintf(stderr, "umx-dns: %s cannot be written: %s\n", path, strerror(errno));
	return good;
}
