// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the configuration of umx-dns: each keyword is one entry of a
 * table.
 */
#include <arpa/inet.h>
#include <stddef.h>
#include <string.h>

#include "conf.h"
#include "config.h"
#include "qname.h"

/* --- values --- */

static bool domain_read(const struct line *line, const char *word, char *domain)
{
	if (qname_clean(word, domain))
		return true;
	return complain(line, "\"%s\" is not a domain name", word);
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

/* --- lines --- */

static bool zone_line(void *to, const struct line *line)
{
	struct config *config = to;
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
static bool record_line(void *to, const struct line *line)
{
	struct config *config = to;
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

static bool service_line(void *to, const struct line *line)
{
	struct config *config = to;
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

static bool peer_line(void *to, const struct line *line)
{
	struct config *config = to;
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

static bool site_line(void *to, const struct line *line)
{
	struct config *config = to;
	struct prefix *site = &config->sites[config->site_count];

	if (config->site_count == CONFIG_SITES)
		return full(line, CONFIG_SITES);
	if (!prefix_read(line->words[1], site) || prefix_is_ipv4(site))
		return complain(line, "\"%s\" is not an IPv6 prefix", line->words[1]);
	config->site_count++;
	return true;
}

static bool backend_line(void *to, const struct line *line)
{
	struct config *config = to;

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

static bool state_line(void *to, const struct line *line)
{
	struct config *config = to;

	return string_read(line, line->words[1], config->state, sizeof(config->state));
}

static bool dnskey_line(void *to, const struct line *line)
{
	struct config *config = to;

	return string_read(line, line->words[1], config->dnskey, sizeof(config->dnskey));
}

static bool journal_line(void *to, const struct line *line)
{
	struct config *config = to;

	return string_read(line, line->words[1], config->journal, sizeof(config->journal));
}

static bool tls_line(void *to, const struct line *line)
{
	struct config *config = to;
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

static bool listen_line(void *to, const struct line *line)
{
	struct config *config = to;

	if (line->count != 4 || strcmp(line->words[2], "port"))
		return complain(line, "listen needs ADDR port N");
	return address_read(line, line->words[1], config->listen) &&
	       port_read(line, line->words[3], &config->listen_port);
}

/* --- the table --- */

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
	{}
};

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

	config_default(config);
	return conf_read(keywords, config, file, &line) && config_complete(config, &line);
}

struct service *config_service(struct config *config, const char *label)
{
	unsigned int i;

	for (i = 0; i < config->service_count; i++)
		if (!strcmp(config->services[i].label, label))
			return &config->services[i];
	return NULL;
}
