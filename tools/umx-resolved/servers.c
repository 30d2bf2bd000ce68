// SPDX-License-Identifier: GPL-2.0
/* This file owns the addresses of name servers, and resolv.conf(5). */
#include <arpa/inet.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>

#include "servers.h"

#define NAMESERVER_PORT	53

static bool scope_read(const char *name, struct sockaddr_in6 *in6)
{
	in6->sin6_scope_id = if_nametoindex(name);
	return in6->sin6_scope_id && IN6_IS_ADDR_LINKLOCAL(&in6->sin6_addr);
}

bool server_read(const char *text, uint16_t port, struct server *server)
{
	char addr[INET6_ADDRSTRLEN];
	const char *scope = strchr(text, '%');
	size_t len = scope ? (size_t)(scope - text) : strlen(text);

	memset(server, 0, sizeof(*server));
	if (len >= sizeof(addr))
		return false;
	memcpy(addr, text, len);
	addr[len] = '\0';
	if (inet_pton(AF_INET6, addr, &server->addr.in6.sin6_addr) == 1) {
		server->addr.in6.sin6_family = AF_INET6;
		server->addr.in6.sin6_port = htons(port);
		server->len = sizeof(server->addr.in6);
		return !scope || scope_read(scope + 1, &server->addr.in6);
	}
	if (scope || inet_pton(AF_INET, addr, &server->addr.in.sin_addr) != 1)
		return false;
	server->addr.in.sin_family = AF_INET;
	server->addr.in.sin_port = htons(port);
	server->len = sizeof(server->addr.in);
	return true;
}

bool server_is_loopback(const struct server *server)
{
	if (server->addr.sa.sa_family == AF_INET6)
		return IN6_IS_ADDR_LOOPBACK(&server->addr.in6.sin6_addr);
	return ntohl(server->addr.in.sin_addr.s_addr) >> 24 == IN_LOOPBACKNET;
}

bool server_same(const struct server *a, const struct server *b)
{
	return a->len == b->len && !memcmp(&a->addr, &b->addr, a->len);
}

bool servers_add(struct servers *servers, const struct server *server)
{
	unsigned int i;

	for (i = 0; i < servers->count; i++)
		if (server_same(&servers->list[i], server))
			return true;
	if (servers->count == SERVERS_MAX)
		return false;
	servers->list[servers->count++] = *server;
	return true;
}

void servers_read(struct servers *servers, FILE *file, const struct server *self)
{
	char *text = NULL, *word, *rest;
	struct server server;
	size_t size = 0;

	while (getline(&text, &size, file) >= 0) {
		word = strtok_r(text, " \t\r\n", &rest);
		if (!word || strcmp(word, "nameserver"))
			continue;
		word = strtok_r(NULL, " \t\r\n", &rest);
		if (word && server_read(word, NAMESERVER_PORT, &server) &&
		    !server_same(&server, self))
			servers_add(servers, &server);
	}
	free(text);
}
