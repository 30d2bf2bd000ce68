/* SPDX-License-Identifier: GPL-2.0 */
/* This file owns the contract of servers.c: addresses of name servers. */
#ifndef UMX_RESOLVED_SERVERS_H
#define UMX_RESOLVED_SERVERS_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/socket.h>

#define SERVERS_MAX	8

/**
 * struct server - an address with a port
 * @addr: for bind() and connect(); @len bytes of it.
 */
struct server {
	union {
		struct sockaddr sa;
		struct sockaddr_in in;
		struct sockaddr_in6 in6;
	} addr;
	socklen_t len;
};

/**
 * struct servers - name servers
 * @list: which; @count of them.
 * @first: whom to ask first: the last that has answered.
 */
struct servers {
	struct server list[SERVERS_MAX];
	unsigned int count;
	unsigned int first;
};

/* An address of either family; a link-local one with its device, "fe80::1%eth0". */
bool server_read(const char *text, uint16_t port, struct server *server);
bool server_is_loopback(const struct server *server);
bool server_same(const struct server *a, const struct server *b);

/* One more at the end; true if it is there already, false if there is no room. */
bool servers_add(struct servers *servers, const struct server *server);

/* The lines "nameserver ADDRESS" of @file, but for @self: whoever puts us into
 * that file would have us ask ourselves.
 */
void servers_read(struct servers *servers, FILE *file, const struct server *self);

#endif /* UMX_RESOLVED_SERVERS_H */
