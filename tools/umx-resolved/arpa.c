// SPDX-License-Identifier: GPL-2.0
/* This file owns names below in-addr.arpa and ip6.arpa (RFC 1035 3.5, RFC 3596 2.5). */
#include <string.h>
#include <strings.h>

#include "arpa.h"

static const uint8_t arpa4[] = "\7in-addr\4arpa";

/* A number from 0 to 255 as it is written, without a zero before it; -1: none. */
static int label_number(const uint8_t *label, unsigned int len)
{
	unsigned int i;
	int number = 0;

	if (!len || len > 3 || (len > 1 && *label == '0'))
		return -1;
	for (i = 0; i < len; i++) {
		if (label[i] < '0' || label[i] > '9')
			return -1;
		number = number * 10 + label[i] - '0';
	}
	return number <= 255 ? number : -1;
}

bool arpa_read4(const uint8_t *name, size_t len, struct in_addr *addr)
{
	uint8_t *bytes = (uint8_t *)addr;
	size_t at = 0;
	int i, number;

	/* The last byte of the address is the first label. */
	for (i = 3; i >= 0; i--) {
		if (at >= len || at + 1 + name[at] > len)
			return false;
		number = label_number(name + at + 1, name[at]);
		if (number < 0)
			return false;
		bytes[i] = number;
		at += 1 + name[at];
	}
	return len - at == sizeof(arpa4) &&
	       !strncasecmp((const char *)name + at, (const char *)arpa4, sizeof(arpa4));
}

void arpa_write6(const struct in6_addr *addr, uint8_t name[ARPA6_SIZE])
{
	static const char digits[] = "0123456789abcdef";
	int i;

	for (i = 15; i >= 0; i--) {
		*name++ = 1;
		*name++ = digits[addr->s6_addr[i] & 0xf];
		*name++ = 1;
		*name++ = digits[addr->s6_addr[i] >> 4];
	}
	memcpy(name, "\3ip6\4arpa", ARPA6_SIZE - 32 * 2);
}
