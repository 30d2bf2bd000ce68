/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns the contract of totp.c: labels that change with the time.
 *
 * The steps and the HMAC are those of RFC 6238 (30 s from the epoch, SHA-1 of
 * the step's number as 8 bytes under the shared secret). The six or eight
 * digits that RFC 4226 makes of it are for people who type them; a name can be
 * asked for thousands of times a second, so the label carries 128 bits of it.
 */
#ifndef UMX_DNS_TOTP_H
#define UMX_DNS_TOTP_H

#include <stddef.h>
#include <stdint.h>

#include "secret.h"

#define TOTP_STEP	30
#define TOTP_HMAC	20

uint64_t totp_step(uint64_t now);
void totp_hmac(const uint8_t *secret, size_t len, uint64_t step, uint8_t hmac[TOTP_HMAC]);
void totp_label(const uint8_t secret[TOTP_BYTES], uint64_t step, char label[TOKEN_CHARS + 1]);

#endif /* UMX_DNS_TOTP_H */
