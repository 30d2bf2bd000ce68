/* SPDX-License-Identifier: GPL-2.0 */
/* This file owns the contract of parse.c: words to values. */
#ifndef UMCTL_PARSE_H
#define UMCTL_PARSE_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

/* Each returns whether the whole word is such a value; *out is set then only. */
bool parse_u32(const char *word, uint32_t min, uint32_t max, uint32_t *out);
bool parse_in6(const char *word, struct in6_addr *out);

/* The same of IPv4; the address is the first 4 bytes of *out, the others are 0. */
bool parse_in4(const char *word, struct in6_addr *out);
bool parse_prefix4(const char *word, struct in6_addr *out, uint8_t *plen);

/* ADDR/LEN, or ADDR for one address. Host bits are kept: the kernel judges. */
bool parse_prefix(const char *word, struct in6_addr *out, uint8_t *plen);

/* A user by name or number, or FIRST-LAST; 4294967295 is nobody's number. */
bool parse_uids(const char *word, uint32_t *first, uint32_t *last);

/* Position of @word in the NULL-terminated @words, or -1. */
int parse_word(const char *word, const char *const *words);

#endif /* UMCTL_PARSE_H */
