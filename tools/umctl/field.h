/* SPDX-License-Identifier: GPL-2.0 */
/* This file owns the contract of field.c: tables that print attributes. */
#ifndef UMCTL_FIELD_H
#define UMCTL_FIELD_H

#include <linux/netlink.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * enum field_type - what an attribute holds
 * @FIELD_STRING: string.
 * @FIELD_UINT: u8, u16, u32 or u64.
 * @FIELD_WORD: a number that stands for one of @words.
 * @FIELD_FLAG: a flag or a u8 boolean; absent is false.
 * @FIELD_BOOL: u8 boolean; text says one of @words; absent is not printed.
 * @FIELD_IN6: address.
 * @FIELD_PREFIX: address; @attr2 is its prefix length.
 * @FIELD_ENDPOINT: address; @attr2 is its port.
 * @FIELD_LIMIT: number; text says "none" for UINT32_MAX.
 * @FIELD_RANGE: number; @attr2 is the last of a range.
 * @FIELD_IFINDEX: device.
 * @FIELD_NEST: nest that @fields describe.
 * @FIELD_IN4: IPv4 address.
 * @FIELD_PREFIX4: IPv4 address; @attr2 is its prefix length.
 */
enum field_type {
	FIELD_STRING,
	FIELD_UINT,
	FIELD_WORD,
	FIELD_FLAG,
	FIELD_BOOL,
	FIELD_IN6,
	FIELD_PREFIX,
	FIELD_ENDPOINT,
	FIELD_LIMIT,
	FIELD_RANGE,
	FIELD_IFINDEX,
	FIELD_NEST,
	FIELD_IN4,
	FIELD_PREFIX4,
};

/**
 * struct field - an attribute as it is printed
 * @name: its uapi name in lower case, which JSON uses.
 * @label: what text puts before the value; "": nothing, NULL: @name.
 * @type: what it holds.
 * @attr: its number.
 * @name2: JSON name of the second attribute (FIELD_PREFIX, FIELD_ENDPOINT,
 *	FIELD_RANGE).
 * @attr2: its number.
 * @words: NULL-terminated names of the values (FIELD_WORD, FIELD_BOOL).
 * @fields: fields of the nest (FIELD_NEST).
 * @json_only: text leaves it out.
 * @list: there may be several; JSON makes an array of them, an empty one too.
 * @in_line: text does not begin a line for the nest (FIELD_NEST).
 */
struct field {
	const char *name;
	const char *label;
	enum field_type type;
	uint16_t attr;
	const char *name2;
	uint16_t attr2;
	const char *const *words;
	const struct field *fields;
	bool json_only;
	bool list;
	bool in_line;
};

/* Prints the attributes of a generic netlink message: as one object, or into
 * the object that is being printed.
 */
void fields_print(const struct field *fields, const struct nlmsghdr *nlh);
void fields_print_into(const struct field *fields, const struct nlmsghdr *nlh);

/* Single attributes of such a message. */
const struct nlattr *field_find(const struct nlmsghdr *nlh, uint16_t attr);
uint64_t field_uint(const struct nlattr *nla);
bool field_in6(const struct nlattr *nla, struct in6_addr *addr);

/* An IPv4 address: the first 4 bytes of @addr, the others become 0. */
bool field_in4(const struct nlattr *nla, struct in6_addr *addr);

/* The string of @nla, cut to @size, NUL-terminated whatever was sent. */
const char *field_string(const struct nlattr *nla, char *buf, size_t size);

#endif /* UMCTL_FIELD_H */
