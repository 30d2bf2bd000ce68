// SPDX-License-Identifier: GPL-2.0
/* This file owns the secrets: tokens, their tags, and hashes under a key. */
#include <ctype.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <string.h>

#include "secret.h"

static const char alphabet[] = "abcdefghijklmnopqrstuvwxyz234567";

void base32_write(const uint8_t *bytes, size_t len, char *out)
{
	unsigned int have = 0;
	uint32_t bits = 0;
	size_t i;

	for (i = 0; i < len; i++) {
		bits = bits << 8 | bytes[i];
		for (have += 8; have >= 5; have -= 5)
			*out++ = alphabet[bits >> (have - 5) & 31];
	}
	if (have)
		*out++ = alphabet[bits << (5 - have) & 31];
	*out = '\0';
}

static int base32_digit(char c)
{
	if (c >= '2' && c <= '7')
		return c - '2' + 26;
	c = tolower((unsigned char)c);
	return c >= 'a' && c <= 'z' ? c - 'a' : -1;
}

bool base32_read(const char *text, uint8_t *bytes, size_t len)
{
	unsigned int have = 0;
	uint32_t bits = 0;
	size_t done = 0;
	int digit;

	for (; *text; text++) {
		digit = base32_digit(*text);
		if (digit < 0)
			return false;
		bits = bits << 5 | digit;
		have += 5;
		if (have < 8)
			continue;
		if (done == len)
			return false;
		have -= 8;
		bytes[done++] = bits >> have;
	}
	/* What is left over are less than five bits, all of them zero. */
	return done == len && have < 5 && !(bits & ((1u << have) - 1));
}

bool token_form(const char *label)
{
	uint8_t bytes[TOKEN_BYTES];

	return strlen(label) == TOKEN_CHARS && base32_read(label, bytes, sizeof(bytes));
}

bool secret_new(uint8_t *bytes, size_t len)
{
	return RAND_bytes(bytes, len) == 1;
}

bool token_new(char label[TOKEN_CHARS + 1])
{
	uint8_t bytes[TOKEN_BYTES];

	if (!secret_new(bytes, sizeof(bytes)))
		return false;
	base32_write(bytes, sizeof(bytes), label);
	OPENSSL_cleanse(bytes, sizeof(bytes));
	return true;
}

void tag_make(const uint8_t key[KEY_BYTES], const char *service, const char *label,
	      uint8_t tag[TAG_BYTES])
{
	/* Labels have no NUL: the one between them keeps them apart. */
	uint8_t text[2 * 64 + 1] = {};
	size_t slen = strnlen(service, 63), llen = strnlen(label, 63);

	memcpy(text, service, slen);
	memcpy(text + slen + 1, label, llen);
	HMAC(EVP_sha256(), key, KEY_BYTES, text, slen + 1 + llen, tag, NULL);
	OPENSSL_cleanse(text, sizeof(text));
}

uint64_t tag_hash(const uint8_t tag[TAG_BYTES])
{
	uint64_t hash;

	memcpy(&hash, tag, sizeof(hash));
	return hash;
}

bool tag_same(const uint8_t a[TAG_BYTES], const uint8_t b[TAG_BYTES])
{
	return !CRYPTO_memcmp(a, b, TAG_BYTES);
}

uint64_t keyed_hash(const uint8_t key[KEY_BYTES], const void *data, size_t len)
{
	uint8_t tag[TAG_BYTES];

	HMAC(EVP_sha256(), key, KEY_BYTES, data, len, tag, NULL);
	return tag_hash(tag);
}
