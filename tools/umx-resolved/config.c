// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the configuration of umx-resolved: each keyword is one entry
 * of a table.
 */
#include <stddef.h>
#include <string.h>

#include "conf.h"
#include "config.h"

#define LISTEN_ADDR	"127.0.0.46"
#define DNS_PORT	53

/* ADDR [port N] */
static bool address_line(const struct line *line, struct server *server)
{
	uint16_t port = DNS_PORT;
	const char *value;

	if (line->count > 2) {
		if (strcmp(line->words[2], "port"))
			return unknown(line, 2);
		value = value_of(line, 2);
		if (!value || !port_read(line, value, &port))
			return false;
	}
	if (line->count > 4)
		return unknown(line, 4);
	return server_read(line->words[1], port, server) ||
	       complain(line, "\"%s\" is not an address", line->words[1]);
}

static bool listen_line(void *to, const struct line *line)
{
	struct config *config = to;

	if (!address_line(line, &config->listen))
		return false;
	return server_is_loopback(&config->listen) ||
	       complain(line, "\"%s\" is not a loopback address: others have no use for our answers",
			line->words[1]);
}

static bool server_line(void *to, const struct line *line)
{
	struct config *config = to;
	struct server server;

	return address_line(line, &server) &&
	       (servers_add(&config->servers, &server) || full(line, SERVERS_MAX));
}

static bool resolv_line(void *to, const struct line *line)
{
	struct config *config = to;

	if (line->count > 2)
		return unknown(line, 2);
	return string_read(line, line->words[1], config->resolv, sizeof(config->resolv));
}

static bool user_line(void *to, const struct line *line)
{
	struct config *config = to;

	if (line->count > 2)
		return unknown(line, 2);
	return string_read(line, line->words[1], config->user, sizeof(config->user));
}

#define NUMBER(member, least, most) \
	{ #member, NULL, offsetof(struct config, member), least, most }

static const struct keyword keywords[] = {
	{ .name = "listen", .read = listen_line },
	{ .name = "server", .read = server_line },
	{ .name = "resolv", .read = resolv_line },
	{ .name = "user", .read = user_line },
	NUMBER(timeout, 100, 30000),
	NUMBER(tries, 1, 10),
	NUMBER(queries, 8, 16384),
	NUMBER(connections, 2, 4096),
	NUMBER(addresses, 1, ADDRESSES_MAX),
	NUMBER(ttl, 1, 3600),
	NUMBER(rate, 1, 1000000),
	{}
};

static void config_default(struct config *config)
{
	*config = (struct config){
		.user = "umx-resolved",
		.timeout = 1500,
		.tries = 3,
		.queries = 256,
		.connections = 64,
		.addresses = 4,
		.ttl = 60,
		.rate = 1000,
	};
	server_read(LISTEN_ADDR, DNS_PORT, &config->listen);
}

static bool config_complete(const struct config *config, const struct line *line)
{
	unsigned int i;

	if (!config->servers.count && !*config->resolv)
		return complain(line, "the file ends without server or resolv");
	for (i = 0; i < config->servers.count; i++)
		if (server_same(&config->servers.list[i], &config->listen))
			return complain(line, "a server is where we listen ourselves");
	return true;
}

bool config_read(struct config *config, FILE *file, const char *path)
{
	struct line line = { .path = path };

	config_default(config);
	return conf_read(keywords, config, file, &line) && config_complete(config, &line);
}
