// SPDX-License-Identifier: GPL-2.0
/* This file owns names as they are asked for: checking and taking apart. */
#include <string.h>

#include "qname.h"

static char label_char(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A' + 'a';
	if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_')
		return c;
	return '\0';
}

bool qname_label(const char *text, char label[LABEL_SIZE])
{
	size_t i;

	for (i = 0; text[i]; i++) {
		if (i == LABEL_SIZE - 1)
			return false;
		label[i] = label_char(text[i]);
		if (!label[i])
			return false;
	}
	label[i] = '\0';
	return i;
}

bool qname_clean(const char *text, char name[DOMAIN_SIZE])
{
	size_t len = strlen(text);
	size_t i, start = 0;

	if (len && text[len - 1] == '.')
		len--;
	if (!len || len >= DOMAIN_SIZE)
		return false;
	for (i = 0; i < len; i++) {
		name[i] = label_char(text[i]);
		if (text[i] == '.') {
			if (i == start || i - start >= LABEL_SIZE)
				return false;
			name[i] = '.';
			start = i + 1;
		} else if (!i && text[i] == '*') {
			name[i] = '*';
		}
		if (!name[i])
			return false;
	}
	name[len] = '\0';
	return len > start && len - start < LABEL_SIZE;
}

bool qname_below(const char *name, const char *zone)
{
	size_t len = strlen(name), zlen = strlen(zone);

	if (len < zlen || strcmp(name + len - zlen, zone))
		return false;
	return len == zlen || name[len - zlen - 1] == '.';
}

bool qname_split(const char *name, const char *zone, char token[LABEL_SIZE],
		 char service[LABEL_SIZE])
{
	size_t len, first;

	*token = *service = '\0';
	if (!qname_below(name, zone))
		return false;
	len = strlen(name) - strlen(zone);
	if (!len)
		return true;
	len--;
	first = strcspn(name, ".");
	if (first < len) {
		memcpy(token, name, first);
		token[first] = '\0';
		name += first + 1;
		len -= first + 1;
		if (memchr(name, '.', len))
			return false;
	}
	memcpy(service, name, len);
	service[len] = '\0';
	return true;
}
