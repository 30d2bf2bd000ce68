// SPDX-License-Identifier: GPL-2.0
/* This file owns the labels that change with the time (RFC 6238). */
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "totp.h"

uint64_t totp_step(uint64_t now)
{
	return now / TOTP_STEP;
}

void totp_hmac(const uint8_t *secret, size_t len, uint64_t step, uint8_t hmac[TOTP_HMAC])
{
	uint8_t counter[8];
	int i;

	for (i = 7; i >= 0; i--, step >>= 8)
		counter[i] = step;
	HMAC(EVP_sha1(), secret, len, counter, sizeof(counter), hmac, NULL);
}

void totp_label(const uint8_t secret[TOTP_BYTES], uint64_t step, char label[TOKEN_CHARS + 1])
{
	uint8_t hmac[TOTP_HMAC];

	totp_hmac(secret, TOTP_BYTES, step, hmac);
	base32_write(hmac, TOKEN_BYTES, label);
	OPENSSL_cleanse(hmac, sizeof(hmac));
}
