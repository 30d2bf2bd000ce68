/* SPDX-License-Identifier: GPL-2.0 */
/* This file owns the contract of prefix.c: prefixes, and who asks. */
#ifndef UMX_DNS_PREFIX_H
#define UMX_DNS_PREFIX_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

/* "ADDR/LEN" with its NUL. */
#define PREFIX_CHARS	(INET6_ADDRSTRLEN + 4)

/**
 * struct prefix - an IPv6 prefix
 * @addr: bits beyond @plen are zero. IPv4 is mapped (::ffff:0:0/96).
 * @plen: its length; 0: everybody.
 */
struct prefix {
	struct in6_addr addr;
	uint8_t plen;
};

/* Reads ADDR[/LEN] of either family; bits beyond LEN are cleared. */
bool prefix_read(const char *text, struct prefix *prefix);
void prefix_write(const struct prefix *prefix, char text[PREFIX_CHARS]);

bool prefix_is_ipv4(const struct prefix *prefix);

/* Shortens @prefix to @plen, if it is longer. */
void prefix_widen(struct prefix *prefix, uint8_t plen);

/* Whether @inner lies in @outer. */
bool prefix_in(const struct prefix *inner, const struct prefix *outer);

#endif /* UMX_DNS_PREFIX_H */
