/* SPDX-License-Identifier: GPL-2.0 */
/* This file owns the contract of arpa.c: the names addresses are looked up by. */
#ifndef UMX_RESOLVED_ARPA_H
#define UMX_RESOLVED_ARPA_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A name on the wire: 32 labels of a digit, "ip6", "arpa", the root. */
#define ARPA6_SIZE	(32 * 2 + 4 + 5 + 1)

/* @name, @len bytes as on the wire, is that of an IPv4 address. */
bool arpa_read4(const uint8_t *name, size_t len, struct in_addr *addr);
void arpa_write6(const struct in6_addr *addr, uint8_t name[ARPA6_SIZE]);

#endif /* UMX_RESOLVED_ARPA_H */
