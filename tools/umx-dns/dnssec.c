// SPDX-License-Identifier: GPL-2.0
/* This file owns what PowerDNS signs the zone with. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "daemon.h"
#include "dnssec.h"

/* A key with the SEP bit (RFC 4034, 2.1.1), which signs everything. */
#define FLAGS	257
#define KEY_ID	1

static char private_key[4096];

static const struct {
	const char *kind;
	const char *value;
} settings[] = {
	/* SHA-1, no iterations, no salt (RFC 9276). */
	{ "NSEC3PARAM", "1 0 0 -" },
	{ "NSEC3NARROW", "1" },
};

bool dnssec_init(void)
{
	const char *path = dns.config.dnskey, *why = NULL;
	FILE *file;
	size_t len;

	if (!*path)
		return true;
	file = fopen(path, "re");
	if (!file) {
		why = strerror(errno);
	} else {
		len = fread(private_key, 1, sizeof(private_key) - 1, file);
		private_key[len] = '\0';
		if (strlen(private_key) != len || strncmp(private_key, "Private-key-format:", 19))
			why = "it does not begin with \"Private-key-format:\"";
		fclose(file);
	}
	if (why)
		fprintf(stderr, "umx-dns: %s cannot be used: %s\n", path, why);
	return !why;
}

struct json_object *dnssec_keys(void)
{
	struct json_object *keys = json_object_new_array(), *key;

	if (!*private_key)
		return keys;
	key = json_object_new_object();
	json_object_object_add(key, "id", json_object_new_int(KEY_ID));
	json_object_object_add(key, "flags", json_object_new_int(FLAGS));
	json_object_object_add(key, "active", json_object_new_boolean(true));
	json_object_object_add(key, "published", json_object_new_boolean(true));
	json_object_object_add(key, "content", json_object_new_string(private_key));
	json_object_array_add(keys, key);
	return keys;
}

static struct json_object *values_of(const char *value)
{
	struct json_object *values = json_object_new_array();

	json_object_array_add(values, json_object_new_string(value));
	return values;
}

struct json_object *dnssec_metadata(const char *kind)
{
	struct json_object *all = kind ? NULL : json_object_new_object();
	size_t i;

	for (i = 0; *private_key && i < sizeof(settings) / sizeof(settings[0]); i++) {
		if (!kind)
			json_object_object_add(all, settings[i].kind, values_of(settings[i].value));
		else if (!strcmp(kind, settings[i].kind))
			return values_of(settings[i].value);
	}
	return kind ? json_object_new_array() : all;
}
