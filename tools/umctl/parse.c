// SPDX-License-Identifier: GPL-2.0
/* This file owns the parsing of single words: numbers, addresses, prefixes. */
#include <arpa/inet.h>
#include <pwd.h>
#include <string.h>

#include "parse.h"

/* Decimal digits only: no sign, no space, no octal, no overflow. */
bool parse_u32(const char *word, uint32_t min, uint32_t max, uint32_t *out)
{
	uint64_t value = 0;

	if (!*word)
		return false;
	for (; *word; word++) {
		if (*word < '0' || *word > '9')
			return false;
		value = value * 10 + (*word - '0');
		if (value > max)
			return false;
	}
	if (value < min)
		return false;
	*out = value;
	return true;
}

bool parse_in6(const char *word, struct in6_addr *out)
{
	struct in6_addr addr;

	if (inet_pton(AF_INET6, word, &addr) != 1)
		return false;
	*out = addr;
	return true;
}

bool parse_in4(const char *word, struct in6_addr *out)
{
	struct in_addr addr;

	if (inet_pton(AF_INET, word, &addr) != 1)
		return false;
	memset(out, 0, sizeof(*out));
	memcpy(out, &addr, sizeof(addr));
	return true;
}

static bool prefix_cut(const char *word, bool (*parse)(const char *word, struct in6_addr *out),
		       uint32_t max, struct in6_addr *out, uint8_t *plen)
{
	const char *slash = strchr(word, '/');
	char addr[INET6_ADDRSTRLEN];
	uint32_t len = max;

	if (!slash)
		slash = word + strlen(word);
	else if (!parse_u32(slash + 1, 0, max, &len))
		return false;
	if ((size_t)(slash - word) >= sizeof(addr))
		return false;
	memcpy(addr, word, slash - word);
	addr[slash - word] = '\0';
	if (!parse(addr, out))
		return false;
	*plen = len;
	return true;
}

bool parse_prefix(const char *word, struct in6_addr *out, uint8_t *plen)
{
	return prefix_cut(word, parse_in6, 128, out, plen);
}

bool parse_prefix4(const char *word, struct in6_addr *out, uint8_t *plen)
{
	return prefix_cut(word, parse_in4, 32, out, plen);
}

/*
 * Numbers first: a name may have a '-' in it, but is no number. A range that
 * ends before it begins is the kernel's to refuse.
 */
bool parse_uids(const char *word, uint32_t *first, uint32_t *last)
{
	const char *dash = strchr(word, '-');
	uint32_t from, to;
	char number[16];
	struct passwd *user;

	if (!dash && parse_u32(word, 0, UINT32_MAX - 1, &from)) {
		*first = from;
		*last = from;
		return true;
	}
	if (dash && (size_t)(dash - word) < sizeof(number)) {
		memcpy(number, word, dash - word);
		number[dash - word] = '\0';
		if (parse_u32(number, 0, UINT32_MAX - 1, &from) &&
		    parse_u32(dash + 1, 0, UINT32_MAX - 1, &to)) {
			*first = from;
			*last = to;
			return true;
		}
	}
	user = getpwnam(word);
	if (!user)
		return false;
	*first = user->pw_uid;
	*last = user->pw_uid;
	return true;
}

int parse_word(const char *word, const char *const *words)
{
	int i;

	for (i = 0; words[i]; i++)
		if (*word && !strcmp(word, words[i]))
			return i;
	return -1;
}
