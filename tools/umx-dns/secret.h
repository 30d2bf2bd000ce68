/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns the contract of secret.c: tokens, their tags, keyed hashes.
 *
 * A token is 128 random bits as 26 letters of base32 (RFC 4648, lower case),
 * which is one label of a name. What is kept of it is its tag: an HMAC of
 * service and label under the key of this installation.
 */
#ifndef UMX_DNS_SECRET_H
#define UMX_DNS_SECRET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes of a token, of a label that shows them, of a tag, of a key. */
#define TOKEN_BYTES	16
#define TOKEN_CHARS	26
#define TAG_BYTES	32
#define KEY_BYTES	32
/* RFC 4226, 4: at least 128 bits, 160 recommended. */
#define TOTP_BYTES	20
#define TOTP_CHARS	32

/* Base32 of @len bytes; @out has room for 8 * len / 5 letters, rounded up, and
 * a NUL.
 */
void base32_write(const uint8_t *bytes, size_t len, char *out);

/* Back: exactly @len bytes, nothing left over; either case. */
bool base32_read(const char *text, uint8_t *bytes, size_t len);

/* Whether @label looks like a token: its letters and length. */
bool token_form(const char *label);

/* New ones. False: the system has no randomness to give. */
bool token_new(char label[TOKEN_CHARS + 1]);
bool secret_new(uint8_t *bytes, size_t len);

void tag_make(const uint8_t key[KEY_BYTES], const char *service, const char *label,
	      uint8_t tag[TAG_BYTES]);

/* The bucket of a tag. */
uint64_t tag_hash(const uint8_t tag[TAG_BYTES]);

/* In the same time whether they differ early or late. */
bool tag_same(const uint8_t a[TAG_BYTES], const uint8_t b[TAG_BYTES]);

/* A hash whose collisions nobody can find who does not have the key. */
uint64_t keyed_hash(const uint8_t key[KEY_BYTES], const void *data, size_t len);

#endif /* UMX_DNS_SECRET_H */
