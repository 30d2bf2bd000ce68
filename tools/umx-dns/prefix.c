// SPDX-License-Identifier: GPL-2.0
/* This file owns prefixes: reading, printing and comparing them. */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "prefix.h"

static void prefix_mask(struct prefix *prefix)
{
	unsigned int i;

	for (i = 0; i < 16; i++) {
		if (8 * i >= prefix->plen)
			prefix->addr.s6_addr[i] = 0;
		else if (8 * i + 8 > prefix->plen)
			prefix->addr.s6_addr[i] &= 0xff << (8 * i + 8 - prefix->plen);
	}
}

static bool plen_read(const char *text, unsigned int most, unsigned int *plen)
{
	char *end;

	if (*text < '0' || *text > '9')
		return false;
	*plen = strtoul(text, &end, 10);
	return !*end && end - text <= 3 && *plen <= most;
}

bool prefix_read(const char *text, struct prefix *prefix)
{
	const char *slash = strchr(text, '/');
	size_t len = slash ? (size_t)(slash - text) : strlen(text);
	char addr[INET6_ADDRSTRLEN];
	unsigned int plen;
	bool ipv4;

	if (len >= sizeof(addr))
		return false;
	memcpy(addr, text, len);
	addr[len] = '\0';
	memset(prefix, 0, sizeof(*prefix));
	ipv4 = inet_pton(AF_INET, addr, prefix->addr.s6_addr + 12) == 1;
	if (!ipv4 && inet_pton(AF_INET6, addr, &prefix->addr) != 1)
		return false;
	plen = ipv4 ? 32 : 128;
	if (slash && !plen_read(slash + 1, plen, &plen))
		return false;
	if (ipv4)
		memset(prefix->addr.s6_addr + 10, 0xff, 2);
	prefix->plen = ipv4 ? plen + 96 : plen;
	prefix_mask(prefix);
	return true;
}

bool prefix_is_ipv4(const struct prefix *prefix)
{
	return prefix->plen >= 96 && IN6_IS_ADDR_V4MAPPED(&prefix->addr);
}

void prefix_write(const struct prefix *prefix, char text[PREFIX_CHARS])
{
	bool ipv4 = prefix_is_ipv4(prefix);
	char addr[INET6_ADDRSTRLEN];

	if (ipv4)
		inet_ntop(AF_INET, prefix->addr.s6_addr + 12, addr, sizeof(addr));
	else
		inet_ntop(AF_INET6, &prefix->addr, addr, sizeof(addr));
	snprintf(text, PREFIX_CHARS, "%s/%d", addr, prefix->plen - (ipv4 ? 96 : 0));
}

void prefix_widen(struct prefix *prefix, uint8_t plen)
{
	if (prefix->plen <= plen)
		return;
	prefix->plen = plen;
	prefix_mask(prefix);
}

bool prefix_in(const struct prefix *inner, const struct prefix *outer)
{
	struct prefix wide = *inner;

	if (inner->plen < outer->plen)
		return false;
	prefix_widen(&wide, outer->plen);
	return !memcmp(&wide.addr, &outer->addr, sizeof(wide.addr));
}
