// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns what applications do today for a source address of their own
 * per connection: the peers of EA that live in user space.
 */
#include <arpa/inet.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include "load.h"

static struct in6_addr prefix;	/* a /64 */
static unsigned int ifindex;	/* add the address there first */
static bool freebind;

/* "freebind,PREFIX": bind to a random address of the /64.
 * "address,DEV,PREFIX": add it to DEV first, delete it afterwards.
 */
void source_parse(const char *text)
{
	char *copy = strdup(text);
	char *kind = strtok(copy, ",");
	char *where = strtok(NULL, ",");

	if (!kind || !where)
		usage();
	if (!strcmp(kind, "freebind")) {
		freebind = true;
	} else if (!strcmp(kind, "address")) {
		ifindex = if_nametoindex(where);
		if (!ifindex)
			die(where);
		where = strtok(NULL, ",");
	} else {
		usage();
	}
	if (!where || inet_pton(AF_INET6, where, &prefix) != 1)
		usage();
	free(copy);
}

void source_bind(int fd)
{
	struct sockaddr_in6 from = {
		.sin6_family = AF_INET6,
		.sin6_addr = prefix,
	};
	int one = 1;

	if (!freebind && !ifindex)
		return;
	if (getrandom(&from.sin6_addr.s6_addr[8], 8, 0) != 8)
		die("getrandom");
	if (ifindex)
		ifaddr_change(true, ifindex, &from.sin6_addr);
	if (freebind && setsockopt(fd, IPPROTO_IPV6, IPV6_FREEBIND, &one,
				   sizeof(one)))
		die("IPV6_FREEBIND");
	if (bind(fd, (struct sockaddr *)&from, sizeof(from)))
		die("bind");
}

/* Was an address added for @fd? Then it is to be deleted once @fd is closed. */
bool source_given(int fd, struct in6_addr *from)
{
	struct sockaddr_in6 name;
	socklen_t len = sizeof(name);

	if (!ifindex)
		return false;
	if (getsockname(fd, (struct sockaddr *)&name, &len))
		die("getsockname");
	*from = name.sin6_addr;
	return true;
}

void source_done(const struct in6_addr *from)
{
	ifaddr_change(false, ifindex, from);
}
