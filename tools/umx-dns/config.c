// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the configuration: lines of words, a keyword first. Every
 * keyword is one entry of a table: what it is called, its words, who reads it.
 */
#include <arpa/inet.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "config.h"
#include "qname.h"

#define WORDS	24

/**
 * struct line - the line that is being read
 * @path: file.
 * @number: which line.
 * @words: its words; @count of them.
 */
struct line {
	const char *path;
	unsigned int number;
	char *words[WORDS];
	int count;
};

static bool complain(const struct line *line, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

static bool complain(const struct line *line, const char *fmt, ...)
{
	va_list ap;

	fprintf(stderr, "umx-dns: %s:%u: ", line->path, line->number);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	return false;
}

/* --- values --- */

static bool number_read(const struct line *line, const char *word, uint32_t least, uint32_t most,
			uint32_t *number)
{
	unsigned long value = 0;
	char *end = NULL;

	if (*word >= '0' && *word <= '9')
		value = strtoul(word, &end, 10);
	if (!end || *end || value < least || value > most)
		return complain(line, "\"%s\" is not a number from %u to %u", word, least, most);
	*number = value;
	return true;
}

static bool port_read(const struct line *line, const char *word, uint16_t *port)
{
	uint32_t number;

	if (!number_read(line, word, 1, 65535, &number))
		return false;
	*port = number;
	return true;
}

static bool domain_read(const struct line *line, const char *word, char *domain)
{
	if (qname_clean(word, domain))
		return true;
	return complain(line, "\"%s\" is not a domain name", word);
}

static bool string_read(const struct line *line, const char *word, char *string, size_t size)
{
	if (strlen(word) >= size)
		return complain(line, "\"%s\" is longer than %zu characters", word, size - 1);
	strcpy(string, word);
	return true;
}

/* The address of a host, either family. */
static bool address_read(const struct line *line, const char *word, char *addr)
{
	struct in6_addr bin;

	if (inet_pton(AF_INET6, word, &bin) != 1 && inet_pton(AF_INET, word, &bin) != 1)
		return complain(line, "\"%s\" is not an address", word);
	strcpy(addr, word);
	return true;
}

/* The value after keyword @i, NULL after a complaint. */
static const char *value_of(const struct line *line, int i)
{
	if (i + 1 < line->count)
		return line->words[i + 1];
	complain(line, "\"%s\" needs a value", line->words[i]);
	return NULL;
}

static bool unknown(const struct line *line, int i)
{
	return complain(line, "\"%s\" does not know \"%s\"", line->words[0], line->words[i]);
}

static bool full(const struct line *line, unsigned int most)
{
	return complain(line, "there are more than %u lines \"%s\"", most, line->words[0]);
}

/* --- lines --- */

static bool zone_line(struct config *config, const struct line *line)
{
	int i;

	if (*config->zone)
		return complain(line, "there is a zone already: %s", config->zone);
	if (!domain_read(line, line->words[1], config->zone))
		return false;
	for (i = 2; i < line->count; i += 2) {
		if (strcmp(line->words[i], "ns"))
			return unknown(line, i);
		if (!value_of(line, i))
			return false;
		if (config->ns_count == CONFIG_NS)
			return complain(line, "a zone has at most %d name servers", CONFIG_NS);
		if (!domain_read(line, line->words[i + 1], config->ns[config->ns_count++]))
			return false;
	}
	return config->ns_count || complain(line, "zone needs ns");
}

/* The content is the rest of the line, one blank between words. */
static bool record_line(struct config *config, const struct line *line)
{
	struct record *record = &config->records[config->record_count];
	size_t len = 0;
	int i;

	if (config->record_count == CONFIG_RECORDS)
		return full(line, CONFIG_RECORDS);
	if (line->count < 4)
		return complain(line, "record needs NAME TYPE CONTENT");
	if (!domain_read(line, line->words[1], record->name) ||
	    !string_read(line, line->words[2], record->type, sizeof(record->type)))
		return false;
	for (i = 3; i < line->count; i++) {
		len += snprintf(record->content + len, CONTENT_SIZE - len, "%s%s",
				i > 3 ? " " : "", line->words[i]);
		if (len >= CONTENT_SIZE)
			return complain(line, "the content is too long");
	}
	config->record_count++;
	return true;
}

static int peer_find(const struct config *config, const char *name)
{
	unsigned int i;

	for (i = 0; i < config->peer_count; i++)
		if (!strcmp(config->peers[i].name, name))
			return i;
	return -1;
}

static bool service_host(struct config *config, const struct line *line, const char *word,
			 struct service *service)
{
	struct host *host = &service->hosts[service->host_count];

	if (service->host_count == CONFIG_HOSTS)
		return complain(line, "a service has at most %d hosts", CONFIG_HOSTS);
	host->weight = 1;
	host->peer = -1;
	if (strcmp(word, "here")) {
		host->peer = peer_find(config, word);
		if (host->peer < 0)
			return complain(line, "there is no peer \"%s\" in a line before", word);
		if (!config->peers[host->peer].port)
			return complain(line, "peer \"%s\" has no addr and port", word);
	}
	service->host_count++;
	return true;
}

static bool service_word(struct config *config, const struct line *line, int i,
			 struct service *service)
{
	const char *word = line->words[i], *value = value_of(line, i);

	if (!value)
		return false;
	if (!strcmp(word, "port"))
		return port_read(line, value, &service->port);
	if (!strcmp(word, "host"))
		return service_host(config, line, value, service);
	if (strcmp(word, "weight"))
		return unknown(line, i);
	if (!service->host_count)
		return complain(line, "weight belongs after a host");
	return number_read(line, value, 1, 1000, &service->hosts[service->host_count - 1].weight);
}

static bool service_complete(struct service *service, const struct line *line)
{
	bool here = false;
	unsigned int i;

	if (!service->host_count)
		service->hosts[service->host_count++] = (struct host){ .peer = -1, .weight = 1 };
	for (i = 0; i < service->host_count; i++)
		here |= service->hosts[i].peer < 0;
	if (here != !!service->port)
		return complain(line, here ? "a service of this host needs port"
					   : "a service of other hosts has no port here");
	return true;
}

static bool service_line(struct config *config, const struct line *line)
{
	struct service *service = &config->services[config->service_count];
	const char *label = line->words[1];
	int i;

	if (config->service_count == CONFIG_SERVICES)
		return full(line, CONFIG_SERVICES);
	if (!qname_label(label, service->label))
		return complain(line, "\"%s\" is not a label", label);
	if (config_service(config, service->label))
		return complain(line, "there is a service \"%s\" already", label);
	for (i = 2; i < line->count; i++) {
		if (!strcmp(line->words[i], "public"))
			service->public = true;
		else if (!service_word(config, line, i++, service))
			return false;
	}
	if (!service_complete(service, line))
		return false;
	config->service_count++;
	return true;
}

static bool peer_line(struct config *config, const struct line *line)
{
	struct peer_config *peer = &config->peers[config->peer_count];
	const char *value;
	int i;

	if (config->peer_count == CONFIG_PEERS)
		return full(line, CONFIG_PEERS);
	if (!domain_read(line, line->words[1], peer->name))
		return false;
	if (peer_find(config, peer->name) >= 0)
		return complain(line, "there is a peer \"%s\" already", peer->name);
	for (i = 2; i < line->count; i += 2) {
		value = value_of(line, i);
		if (!value)
			return false;
		if (!strcmp(line->words[i], "addr") ? !address_read(line, value, peer->addr) :
		    !strcmp(line->words[i], "port") ? !port_read(line, value, &peer->port) :
		    !unknown(line, i))
			return false;
	}
	if (!*peer->addr != !peer->port)
		return complain(line, "addr and port go together");
	config->peer_count++;
	return true;
}

static bool site_line(struct config *config, const struct line *line)
{
	struct prefix *site = &config->sites[config->site_count];

	if (config->site_count == CONFIG_SITES)
		return full(line, CONFIG_SITES);
	if (!prefix_read(line->words[1], site) || prefix_is_ipv4(site))
		return complain(line, "\"%s\" is not an IPv6 prefix", line->words[1]);
	config->site_count++;
	return true;
}

static bool backend_line(struct config *config, const struct line *line)
{
	if (!string_read(line, line->words[1], config->backend, sizeof(config->backend)))
		return false;
	if (line->count == 2)
		return true;
	if (strcmp(line->words[2], "group"))
		return unknown(line, 2);
	if (line->count != 4)
		return complain(line, "\"group\" needs a value");
	return string_read(line, line->words[3], config->group, sizeof(config->group));
}

static bool state_line(struct config *config, const struct line *line)
{
	return string_read(line, line->words[1], config->state, sizeof(config->state));
}

static bool dnskey_line(struct config *config, const struct line *line)
{
	return string_read(line, line->words[1], config->dnskey, sizeof(config->dnskey));
}

static bool journal_line(struct config *config, const struct line *line)
{
	return string_read(line, line->words[1], config->journal, sizeof(config->journal));
}

static bool tls_line(struct config *config, const struct line *line)
{
	const char *value;
	char *path;
	int i;

	for (i = 1; i < line->count; i += 2) {
		value = value_of(line, i);
		path = !strcmp(line->words[i], "cert") ? config->cert :
		       !strcmp(line->words[i], "key") ? config->key :
		       !strcmp(line->words[i], "ca") ? config->ca : NULL;
		if (!value)
			return false;
		if (!path)
			return unknown(line, i);
		if (!string_read(line, value, path, PATH_SIZE))
			return false;
	}
	if (!*config->cert || !*config->key || !*config->ca)
		return complain(line, "tls needs cert, key and ca");
	return true;
}

static bool listen_line(struct config *config, const struct line *line)
{
	if (line->count != 4 || strcmp(line->words[2], "port"))
		return complain(line, "listen needs ADDR port N");
	return address_read(line, line->words[1], config->listen) &&
	       port_read(line, line->words[3], &config->listen_port);
}

/* --- the table --- */

/**
 * struct keyword - what a line can begin with
 * @name: the word.
 * @read: reads the line; NULL: a single number.
 * @number: where the number goes, as an offset.
 * @least: smallest; @most: largest.
 */
struct keyword {
	const char *name;
	bool (*read)(struct config *config, const struct line *line);
	size_t number;
	uint32_t least;
	uint32_t most;
};

#define NUMBER(member, least, most) \
	{ #member, NULL, offsetof(struct config, member), least, most }

static const struct keyword keywords[] = {
	{ .name = "zone", .read = zone_line },
	{ .name = "record", .read = record_line },
	{ .name = "service", .read = service_line },
	{ .name = "peer", .read = peer_line },
	{ .name = "site", .read = site_line },
	{ .name = "backend", .read = backend_line },
	{ .name = "state", .read = state_line },
	{ .name = "dnskey", .read = dnskey_line },
	{ .name = "journal", .read = journal_line },
	{ .name = "tls", .read = tls_line },
	{ .name = "listen", .read = listen_line },
	NUMBER(lifetime, 1, 3600),
	NUMBER(hold, 100, 60000),
	NUMBER(leases, 1, LEASES_MAX),
	NUMBER(leases_per_name, 1, LEASES_MAX),
	NUMBER(rate, 1, RATE_MAX),
	NUMBER(client_plen, 16, 128),
	NUMBER(health, 1, 300),
};

static bool line_read(struct config *config, const struct line *line)
{
	const struct keyword *keyword;
	size_t i;

	for (i = 0; i < sizeof(keywords) / sizeof(keywords[0]); i++) {
		keyword = &keywords[i];
		if (strcmp(keyword->name, line->words[0]))
			continue;
		if (line->count < 2)
			return complain(line, "\"%s\" needs a value", line->words[0]);
		if (keyword->read)
			return keyword->read(config, line);
		if (line->count > 2)
			return unknown(line, 2);
		return number_read(line, line->words[1], keyword->least, keyword->most,
				   (uint32_t *)((char *)config + keyword->number));
	}
	return complain(line, "there is no \"%s\"", line->words[0]);
}

/* A word that begins with '#' ends the line. */
static bool line_split(struct line *line, char *text)
{
	char *word, *rest;

	line->count = 0;
	for (word = strtok_r(text, " \t\r\n", &rest); word && *word != '#';
	     word = strtok_r(NULL, " \t\r\n", &rest)) {
		if (line->count == WORDS)
			return complain(line, "the line has too many words");
		line->words[line->count++] = word;
	}
	return true;
}

static void config_default(struct config *config)
{
	*config = (struct config){
		.lifetime = 60,
		.hold = 2000,
		.leases = 1024,
		.leases_per_name = 16,
		.rate = 200,
		.client_plen = 48,
		.health = 5,
		.backend = "/run/umx-dns/backend",
		.state = "/var/lib/umx-dns/names",
	};
}

static bool config_complete(const struct config *config, const struct line *line)
{
	unsigned int i;

	if (!*config->zone)
		return complain(line, "the file ends without a zone");
	for (i = 0; i < config->record_count; i++)
		if (!qname_below(config->records[i].name, config->zone))
			return complain(line, "record %s is not in zone %s",
					config->records[i].name, config->zone);
	if ((config->peer_count || config->listen_port) && !*config->ca)
		return complain(line, "peers need tls");
	return true;
}

bool config_read(struct config *config, FILE *file, const char *path)
{
	struct line line = { .path = path };
	char *text = NULL;
	size_t size = 0;
	bool good = true;

	config_default(config);
	while (good && getline(&text, &size, file) >= 0) {
		line.number++;
		good = line_split(&line, text) && (!line.count || line_read(config, &line));
	}
	free(text);
	return good && config_complete(config, &line);
}

struct service *config_service(struct config *config, const char *label)
{
	unsigned int i;

	for (i = 0; i < config->service_count; i++)
		if (!strcmp(config->services[i].label, label))
			return &config->services[i];
	return NULL;
}
