// SPDX-License-Identifier: GPL-2.0
/* This file owns the journal: the audit trail, a JSON object a line. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <json-c/json.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "journal.h"

/* Seconds between two notes of a kind, and how many kinds are told apart. */
#define NOTE_PERIOD	10
#define NOTE_KINDS	16

static int journal = STDOUT_FILENO;

bool journal_open(const char *path)
{
	int fd;

	if (!*path)
		return true;
	fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0640);
	if (fd < 0) {
		fprintf(stderr, "umx-dns: %s cannot be written: %s\n", path, strerror(errno));
		return false;
	}
	if (journal != STDOUT_FILENO)
		close(journal);
	journal = fd;
	return true;
}

static void add_string(struct json_object *line, const char *member, const char *text)
{
	json_object_object_add(line, member, json_object_new_string(text));
}

static void add_addr(struct json_object *line, const char *member, const struct in6_addr *addr)
{
	char text[INET6_ADDRSTRLEN];

	add_string(line, member, inet_ntop(AF_INET6, addr, text, sizeof(text)));
}

static void add_prefix(struct json_object *line, const char *member, const struct prefix *prefix)
{
	char text[PREFIX_CHARS];

	prefix_write(prefix, text);
	add_string(line, member, text);
}

static struct json_object *line_begin(const char *event, const struct name *name)
{
	struct json_object *line = json_object_new_object();
	char text[32], when[48];
	struct timespec now;
	struct tm tm;

	clock_gettime(CLOCK_REALTIME, &now);
	gmtime_r(&now.tv_sec, &tm);
	strftime(text, sizeof(text), "%FT%T", &tm);
	snprintf(when, sizeof(when), "%s.%03ldZ", text, now.tv_nsec / 1000000);
	add_string(line, "time", when);
	add_string(line, "event", event);
	if (!name)
		return line;
	if (name->kind != NAME_PUBLIC)
		json_object_object_add(line, "id", json_object_new_int64(name->id));
	add_string(line, "service", name->service);
	if (*name->who)
		add_string(line, "for", name->who);
	return line;
}

/* One write a line, so that lines stay whole. A full disk loses lines, not the
 * service.
 */
static void line_end(struct json_object *line)
{
	const char *text = json_object_to_json_string_ext(line, JSON_C_TO_STRING_PLAIN |
							  JSON_C_TO_STRING_NOSLASHESCAPE);
	char whole[1024];
	int len = snprintf(whole, sizeof(whole), "%s\n", text);

	if (len < (int)sizeof(whole) && write(journal, whole, len) < 0)
		errno = 0;
	json_object_put(line);
}

void journal_name(const char *event, const struct name *name)
{
	line_end(line_begin(event, name));
}

void journal_lease(const struct name *name, const struct in6_addr *addr,
		   const struct prefix *asker, const struct prefix *from)
{
	struct json_object *line = line_begin("leased", name);

	add_addr(line, "ssa", addr);
	add_prefix(line, "asker", asker);
	if (from->plen)
		add_prefix(line, "from", from);
	line_end(line);
}

void journal_end(const char *event, const struct name *name, const struct in6_addr *addr)
{
	struct json_object *line = line_begin(event, name);

	add_addr(line, "ssa", addr);
	line_end(line);
}

void journal_claim(const struct name *name, const struct in6_addr *addr, uint16_t port,
		   const struct in6_addr *peer, uint16_t peer_port)
{
	struct json_object *line = line_begin("claimed", name);

	add_addr(line, "ssa", addr);
	json_object_object_add(line, "port", json_object_new_int(port));
	add_addr(line, "client", peer);
	json_object_object_add(line, "client_port", json_object_new_int(peer_port));
	line_end(line);
}

bool journal_due(const char *event)
{
	static struct {
		const char *event;
		time_t at;
	} kinds[NOTE_KINDS];
	time_t now = time(NULL);
	size_t i;

	for (i = 0; i < NOTE_KINDS && kinds[i].event; i++) {
		if (strcmp(kinds[i].event, event))
			continue;
		if (now - kinds[i].at < NOTE_PERIOD && now >= kinds[i].at)
			return false;
		break;
	}
	if (i < NOTE_KINDS) {
		kinds[i].event = event;
		kinds[i].at = now;
	}
	return true;
}

void journal_note(const char *event, const char *fmt, ...)
{
	struct json_object *line;
	char text[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	line = line_begin(event, NULL);
	add_string(line, "text", text);
	line_end(line);
}
