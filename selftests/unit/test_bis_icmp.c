// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the unit tests of ICMP translation: RFC 7915, sections 4.2,
 * 4.3, 5.2 and 5.3, a row for each type, code, pointer and MTU, and extensions
 * (RFC 4884).
 *
 * units: modules/umx_bis/icmp.c modules/umx_bis/icmp46.c modules/umx_bis/icmp64.c modules/umx_bis/xlat46.c modules/umx_bis/xlat64.c
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "bis.h"
#include "icmp.h"

#define ROWS(a)	(sizeof(a) / sizeof((a)[0]))
#define DROP	255

/* --- types and codes --- */

struct code_row { u8 type, code, to_type, to_code; };

/* Every type and code of @rows as they say, every other one dropped. */
static void codes(const struct code_row *rows, size_t n, bool to6)
{
	unsigned int type, code, i;

	for (type = 0; type < 256; type++) {
		for (code = 0; code < 256; code++) {
			u8 in[8] = { type, code };
			struct umx_bis_icmp out;
			enum umx_bis_verdict verdict;

			if (to6)
				verdict = umx_bis_icmp46_head(in, 8, &bis_env, &out);
			else
				verdict = umx_bis_icmp64_head(in, 8, &bis_env, &out);
			for (i = 0; i < n; i++)
				if (rows[i].type == type &&
				    (rows[i].code == code || rows[i].code == DROP))
					break;
			if (i == n) {
				if (verdict != UMX_BIS_ICMP_TYPE)
					fail_msg("%u/%u passes", type, code);
				continue;
			}
			if (verdict != UMX_BIS_OK)
				fail_msg("%u/%u does not pass", type, code);
			assert_int_equal(out.type, rows[i].to_type);
			assert_int_equal(out.code, rows[i].to_code == DROP ? code :
					 rows[i].to_code);
		}
	}
}

static void codes46(void **state)
{
	static const struct code_row rows[] = {
		{ 0, DROP, 129, 0 }, { 8, DROP, 128, 0 },
		{ 3, 0, 1, 0 }, { 3, 1, 1, 0 }, { 3, 2, 4, 1 }, { 3, 3, 1, 4 },
		{ 3, 4, 2, 0 }, { 3, 5, 1, 0 }, { 3, 6, 1, 0 }, { 3, 7, 1, 0 },
		{ 3, 8, 1, 0 }, { 3, 9, 1, 1 }, { 3, 10, 1, 1 }, { 3, 11, 1, 0 },
		{ 3, 12, 1, 0 }, { 3, 13, 1, 1 }, { 3, 15, 1, 1 },
		{ 11, DROP, 3, DROP },
		{ 12, 0, 4, 0 }, { 12, 2, 4, 0 },
	};

	codes(rows, ROWS(rows), true);
}

static void codes64(void **state)
{
	static const struct code_row rows[] = {
		{ 128, DROP, 8, 0 }, { 129, DROP, 0, 0 },
		{ 1, 0, 3, 1 }, { 1, 1, 3, 10 }, { 1, 2, 3, 1 }, { 1, 3, 3, 1 }, { 1, 4, 3, 3 },
		{ 2, DROP, 3, 4 },
		{ 3, DROP, 11, DROP },
		{ 4, 0, 12, 0 }, { 4, 1, 3, 2 },
	};

	codes(rows, ROWS(rows), false);
}

/* --- pointers --- */

static void pointers46(void **state)
{
	static const u8 want[] = {
		0, 1, 4, 4, DROP, DROP, DROP, DROP, 7, 6, DROP, DROP,
		8, 8, 8, 8, 24, 24, 24, 24,
	};
	static const u8 unreach[8] = { 3, 2 };
	struct umx_bis_icmp out;
	unsigned int i;

	for (i = 0; i < 256; i++) {
		u8 in[8] = { 12, i % 2 ? 0 : 2, 0, 0, i };
		enum umx_bis_verdict verdict = umx_bis_icmp46_head(in, 8, &bis_env, &out);

		if (i >= ROWS(want) || want[i] == DROP) {
			assert_int_equal(verdict, UMX_BIS_ICMP_POINTER);
			continue;
		}
		assert_int_equal(verdict, UMX_BIS_OK);
		assert_int_equal(out.rest, want[i]);
	}
	assert_int_equal(umx_bis_icmp46_head(unreach, 8, &bis_env, &out), UMX_BIS_OK);
	assert_int_equal(out.rest, 6);
}

static void pointers64(void **state)
{
	static const u8 far[8] = { 4, 0, 0, 0, 0, 0, 1, 0 };
	struct umx_bis_icmp out;
	unsigned int i;

	for (i = 0; i < 256; i++) {
		u8 in[8] = { 4, 0, 0, 0, 0, 0, 0, i };
		static const u8 first[] = { 0, 1, DROP, DROP, 2, 2, 9, 8 };
		u8 want = i < 8 ? first[i] : i < 24 ? 12 : i < 40 ? 16 : DROP;
		enum umx_bis_verdict verdict = umx_bis_icmp64_head(in, 8, &bis_env, &out);

		if (want == DROP) {
			assert_int_equal(verdict, UMX_BIS_ICMP_POINTER);
			continue;
		}
		assert_int_equal(verdict, UMX_BIS_OK);
		assert_int_equal(out.rest, (u32)want << 24);
	}
	/* The pointer of ICMPv6 has 32 bits. */
	assert_int_equal(umx_bis_icmp64_head(far, 8, &bis_env, &out), UMX_BIS_ICMP_POINTER);
}

/* --- MTUs --- */

static void mtus46(void **state)
{
	static const struct { u16 mtu, total; u32 mtu4, mtu6, want; } rows[] = {
		{ 1400, 1480, 1480, 1500, 1420 },
		{ 1260, 1480, 1480, 1500, 1280 },
		{ 576, 1480, 1480, 1500, 1280 },	/* never below 1280 */
		{ 1480, 1500, 1480, 1500, 1500 },
		{ 9000, 9100, 1480, 1500, 1500 },	/* min(mtu6, mtu4 + 20) */
		{ 9000, 9100, 8980, 9000, 9000 },
		{ 9000, 9100, 8000, 9000, 8020 },
		{ 65535, 65535, 0, 0, 65555 },
		{ 0, 1500, 1480, 1500, 1500 },		/* plateaus: 1492 + 20 */
		{ 0, 1492, 0, 0, 1280 },		/* 1006 */
		{ 0, 65535, 0, 0, 32020 },
		{ 0, 32000, 0, 0, 17934 },
		{ 0, 17914, 0, 0, 8186 },
		{ 0, 8166, 0, 0, 4372 },
		{ 0, 4352, 0, 0, 2022 },
		{ 0, 2002, 0, 0, 1512 },
		{ 0, 68, 0, 0, 1280 },
		{ 0, 0, 0, 0, 1280 },
	};
	struct umx_bis_icmp out;
	unsigned int i;

	for (i = 0; i < ROWS(rows); i++) {
		struct umx_bis_env env = { .mtu4 = rows[i].mtu4, .mtu6 = rows[i].mtu6 };
		u8 in[12] = { 3, 4 };

		umx_bis_put16(in + 6, rows[i].mtu);
		umx_bis_put16(in + 10, rows[i].total);
		assert_int_equal(umx_bis_icmp46_head(in, 12, &env, &out), UMX_BIS_OK);
		if (out.rest != rows[i].want)
			fail_msg("row %u: %u, not %u", i, out.rest, rows[i].want);
	}
}

static void mtus64(void **state)
{
	static const struct { u32 mtu, mtu4, mtu6, want; } rows[] = {
		{ 1280, 1480, 1500, 1260 },
		{ 1400, 1480, 1500, 1380 },
		{ 1500, 1480, 1500, 1480 },
		{ 9000, 1480, 1500, 1480 },
		{ 9000, 9000, 1500, 1480 },
		{ 9000, 1480, 9000, 1480 },
		{ 1000, 1480, 1500, 980 },		/* a lie, told on */
		{ 0, 1480, 1500, 68 },
		{ 87, 1480, 1500, 68 },
		{ 88, 1480, 1500, 68 },
		{ 89, 1480, 1500, 69 },
		{ 0xffffffff, 0, 0, 65535 },
	};
	struct umx_bis_icmp out;
	unsigned int i;

	for (i = 0; i < ROWS(rows); i++) {
		struct umx_bis_env env = { .mtu4 = rows[i].mtu4, .mtu6 = rows[i].mtu6 };
		u8 in[8] = { 2, 0 };

		umx_bis_put32(in + 4, rows[i].mtu);
		assert_int_equal(umx_bis_icmp64_head(in, 8, &env, &out), UMX_BIS_OK);
		if (out.rest != rows[i].want)
			fail_msg("row %u: %u, not %u", i, out.rest, rows[i].want);
	}
}

/* --- quoted packets --- */

static void fill(u8 *p, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		p[i] = i * 37 + 11;
}

/* A packet of A to B that is quoted whole keeps a right checksum. */
static void quotes46(void **state)
{
	static const struct { u8 proto, next; size_t at, len; } rows[] = {
		{ 6, 6, 16, 40 }, { 17, 17, 6, 33 }, { 33, 33, 6, 40 }, { 136, 136, 6, 9 },
		{ 1, 58, 2, 64 }, { 1, 58, 2, 9 },
	};
	unsigned int i;

	for (i = 0; i < ROWS(rows); i++) {
		u8 in[200] = { 11 }, out[UMX_BIS_ICMP6_MAX], *ip = in + 8;
		size_t len, n = rows[i].len;

		fill(ip + 20, n);
		bis_packet4(ip, rows[i].proto, n);
		if (rows[i].proto == 1)
			ip[20] = 8;
		bis_sign4(ip, rows[i].at, n, rows[i].proto);
		assert_int_equal(umx_bis_icmp46_error(in, 28 + n, &bis_env, out, &len), UMX_BIS_OK);
		assert_int_equal(len, 48 + n);
		assert_int_equal(out[0], 3);
		assert_int_equal(out[8 + 6], rows[i].next);
		assert_int_equal(out[8 + 7], 64);	/* its TTL stays */
		assert_int_equal(umx_bis_get16(out + 8 + 4), n);
		assert_true(bis_check6(out + 8, out + 48, n, rows[i].next));
	}
}

static void quotes64(void **state)
{
	static const struct { u8 next, proto; size_t at, len; } rows[] = {
		{ 6, 6, 16, 40 }, { 17, 17, 6, 33 }, { 33, 33, 6, 40 }, { 136, 136, 6, 9 },
		{ 58, 1, 2, 64 }, { 58, 1, 2, 9 },
	};
	unsigned int i;

	for (i = 0; i < ROWS(rows); i++) {
		u8 in[200] = { 3 }, out[UMX_BIS_ICMP4_MAX], *ip = in + 8;
		size_t len, n = rows[i].len;

		fill(ip + 40, n);
		bis_packet6(ip, rows[i].next, n);
		if (rows[i].next == 58)
			ip[40] = 128;
		bis_sign6(ip, rows[i].at, n, rows[i].next);
		assert_int_equal(umx_bis_icmp64_error(in, 48 + n, &bis_env, out, &len), UMX_BIS_OK);
		assert_int_equal(len, 28 + n);
		assert_int_equal(out[0], 11);
		assert_int_equal(bis_sum(0, out, len), 0xffff);
		assert_int_equal(bis_sum(0, out + 8, 20), 0xffff);
		assert_int_equal(out[8 + 8], 64);
		assert_int_equal(out[8 + 9], rows[i].proto);
		if (rows[i].proto == 1)
			assert_int_equal(bis_sum(0, out + 28, n), 0xffff);
		else
			assert_true(bis_check4(out + 8, out + 28, n, rows[i].proto));
	}
}

static void quotes_refused(void **state)
{
	static const u8 other4[4] = { 203, 0, 113, 9 };
	u8 in[200] = { 3, 1 }, out6[UMX_BIS_ICMP6_MAX], out4[UMX_BIS_ICMP4_MAX], *ip = in + 8;
	size_t len;

	/* an error about an error */
	bis_packet4(ip, 1, 8);
	ip[20] = 3;
	assert_int_equal(umx_bis_icmp46_error(in, 36, &bis_env, out6, &len), UMX_BIS_ICMP_NESTED);
	ip[20] = 13;	/* timestamp: no counterpart */
	assert_int_equal(umx_bis_icmp46_error(in, 36, &bis_env, out6, &len), UMX_BIS_ICMP_TYPE);
	/* addresses without a pair */
	bis_packet4(ip, 17, 8);
	memcpy(ip + 12, other4, 4);
	assert_int_equal(umx_bis_icmp46_error(in, 36, &bis_env, out6, &len), UMX_BIS_NO_PAIR);
	bis_packet4(ip, 17, 8);
	memcpy(ip + 16, other4, 4);
	assert_int_equal(umx_bis_icmp46_error(in, 36, &bis_env, out6, &len), UMX_BIS_NO_PAIR);
	bis_packet4(ip, 58, 8);
	assert_int_equal(umx_bis_icmp46_error(in, 36, &bis_env, out6, &len), UMX_BIS_PROTO);
	/* less than a header */
	bis_packet4(ip, 17, 8);
	assert_int_equal(umx_bis_icmp46_error(in, 27, &bis_env, out6, &len), UMX_BIS_MALFORMED);
	assert_int_equal(umx_bis_icmp46_error(in, 7, &bis_env, out6, &len), UMX_BIS_MALFORMED);
	/* a header alone will do */
	assert_int_equal(umx_bis_icmp46_error(in, 28, &bis_env, out6, &len), UMX_BIS_OK);
	assert_int_equal(len, 48);

	in[0] = 1;
	bis_packet6(ip, 58, 8);
	ip[40] = 1;
	assert_int_equal(umx_bis_icmp64_error(in, 56, &bis_env, out4, &len), UMX_BIS_ICMP_NESTED);
	ip[40] = 135;	/* neighbour discovery */
	assert_int_equal(umx_bis_icmp64_error(in, 56, &bis_env, out4, &len), UMX_BIS_ICMP_TYPE);
	bis_packet6(ip, 1, 8);
	assert_int_equal(umx_bis_icmp64_error(in, 56, &bis_env, out4, &len), UMX_BIS_PROTO);
	bis_packet6(ip, 17, 8);
	ip[23] = 9;
	assert_int_equal(umx_bis_icmp64_error(in, 56, &bis_env, out4, &len), UMX_BIS_NO_PAIR);
	bis_packet6(ip, 17, 8);
	ip[39] = 9;
	assert_int_equal(umx_bis_icmp64_error(in, 56, &bis_env, out4, &len), UMX_BIS_NO_PAIR);
	bis_packet6(ip, 17, 8);
	assert_int_equal(umx_bis_icmp64_error(in, 47, &bis_env, out4, &len), UMX_BIS_MALFORMED);
	assert_int_equal(umx_bis_icmp64_error(in, 48, &bis_env, out4, &len), UMX_BIS_OK);
	assert_int_equal(len, 28);
	umx_bis_put16(ip + 4, 65516);	/* IPv4 cannot say that */
	assert_int_equal(umx_bis_icmp64_error(in, 56, &bis_env, out4, &len), UMX_BIS_MALFORMED);
}

/* Padding behind the quoted packet is no part of it; a UDP checksum of 0 stays. */
static void quotes_odd(void **state)
{
	u8 in[300] = { 3, 3 }, out[UMX_BIS_ICMP6_MAX], *ip = in + 8;
	size_t len;

	bis_packet4(ip, 17, 16);
	memset(ip + 20, 0, 16);
	assert_int_equal(umx_bis_icmp46_error(in, 200, &bis_env, out, &len), UMX_BIS_OK);
	assert_int_equal(len, 48 + 16);
	assert_int_equal(umx_bis_get16(out + 48 + 6), 0);
	/* a fragment behind the first: what looks like a checksum is data */
	bis_packet4(ip, 6, 40);
	umx_bis_put16(ip + 6, 0x2001);
	fill(ip + 20, 40);
	assert_int_equal(umx_bis_icmp46_error(in, 8 + 60, &bis_env, out, &len), UMX_BIS_OK);
	assert_int_equal(len, 8 + 48 + 40);
	assert_int_equal(out[8 + 6], 44);
	assert_memory_equal(out + 56, ip + 20, 40);
}

/* An error is no longer than its version allows. */
static void longest(void **state)
{
	static u8 in[3000];
	u8 out6[UMX_BIS_ICMP6_MAX], out4[UMX_BIS_ICMP4_MAX], *ip = in + 8;
	size_t len;

	in[0] = 3;
	in[1] = 1;
	bis_packet4(ip, 17, 2000);
	assert_int_equal(umx_bis_icmp46_error(in, 2028, &bis_env, out6, &len), UMX_BIS_OK);
	assert_int_equal(len, 1280 - 40);
	in[0] = 1;
	in[1] = 0;
	bis_packet6(ip, 17, 2000);
	assert_int_equal(umx_bis_icmp64_error(in, 2048, &bis_env, out4, &len), UMX_BIS_OK);
	assert_int_equal(len, 576 - 20);
	assert_int_equal(bis_sum(0, out4, len), 0xffff);
}

/* --- extensions --- */

static void extensions46(void **state)
{
	static const struct {
		const char *what;
		size_t inner, words, ext;	/* quote's packet, length field, extensions */
		size_t len, units;
	} rows[] = {
		{ "short quote is padded to 128", 60, 32, 12, 8 + 128 + 12, 16 },
		{ "quote of 128 grows by 20, and to 8", 128, 32, 12, 8 + 152 + 12, 19 },
		{ "longer quote", 200, 50, 8, 8 + 224 + 8, 28 },
		{ "no extensions: no length", 200, 0, 0, 8 + 220, 0 },
		{ "a quote that must be cut", 1004, 251, 300, 8 + 928 + 300, 116 },
	};
	static u8 in[2000];
	unsigned int i;

	for (i = 0; i < ROWS(rows); i++) {
		size_t len, body = rows[i].words ? rows[i].words * 4 : rows[i].inner;
		u8 out[UMX_BIS_ICMP6_MAX];

		memset(in, 0, sizeof(in));
		in[0] = 11;
		in[5] = rows[i].words;
		fill(in + 28, rows[i].inner - 20);
		bis_packet4(in + 8, 17, rows[i].inner - 20);
		memset(in + 8 + body, 0xee, rows[i].ext);
		print_message("# %s\n", rows[i].what);
		assert_int_equal(umx_bis_icmp46_error(in, 8 + body + rows[i].ext, &bis_env, out, &len),
				 UMX_BIS_OK);
		assert_int_equal(len, rows[i].len);
		assert_int_equal(out[4], rows[i].units);
		assert_int_equal(umx_bis_get16(out + 5) | out[7], 0);
		if (rows[i].ext)
			assert_memory_equal(out + len - rows[i].ext, in + 8 + body, rows[i].ext);
	}
}

static void extensions64(void **state)
{
	static const struct {
		const char *what;
		size_t inner, units, ext;
		size_t len, words;
	} rows[] = {
		{ "short quote is padded to 128", 60, 16, 12, 8 + 128 + 12, 32 },
		{ "quote of 200 loses 20", 200, 25, 8, 8 + 180 + 8, 45 },
		{ "no extensions: no length", 200, 0, 0, 8 + 180, 0 },
		{ "a quote that must be cut", 1000, 125, 100, 8 + 448 + 100, 112 },
		{ "extensions that leave no room are left out", 200, 25, 421, 8 + 180, 0 },
	};
	static u8 in[2000];
	unsigned int i;

	for (i = 0; i < ROWS(rows); i++) {
		size_t len, body = rows[i].units ? rows[i].units * 8 : rows[i].inner;
		u8 out[UMX_BIS_ICMP4_MAX];

		memset(in, 0, sizeof(in));
		in[0] = 1;
		in[4] = rows[i].units;
		fill(in + 48, rows[i].inner - 40);
		bis_packet6(in + 8, 17, rows[i].inner - 40);
		memset(in + 8 + body, 0xee, rows[i].ext);
		print_message("# %s\n", rows[i].what);
		assert_int_equal(umx_bis_icmp64_error(in, 8 + body + rows[i].ext, &bis_env, out, &len),
				 UMX_BIS_OK);
		assert_int_equal(len, rows[i].len);
		assert_int_equal(out[5], rows[i].words);
		assert_int_equal(out[4], 0);
		if (rows[i].words)
			assert_memory_equal(out + len - rows[i].ext, in + 8 + body, rows[i].ext);
		assert_int_equal(bis_sum(0, out, len), 0xffff);
	}
}

static void extensions_odd(void **state)
{
	u8 in[300] = { 11 }, out6[UMX_BIS_ICMP6_MAX], out4[UMX_BIS_ICMP4_MAX];
	size_t len;

	/* a length beyond the message */
	bis_packet4(in + 8, 17, 8);
	in[5] = 32;
	assert_int_equal(umx_bis_icmp46_error(in, 8 + 127, &bis_env, out6, &len), UMX_BIS_MALFORMED);
	/* parameter problem has no extensions in ICMPv6: they go */
	in[0] = 12;
	in[4] = 8;
	assert_int_equal(umx_bis_icmp46_error(in, 8 + 128 + 12, &bis_env, out6, &len), UMX_BIS_OK);
	assert_int_equal(len, 8 + 48);
	assert_int_equal(umx_bis_get32(out6 + 4), 7);
	/* neither has packet too big: its second word is an MTU */
	in[0] = 2;
	bis_packet6(in + 8, 17, 8);
	umx_bis_put32(in + 4, 0x10000500);
	assert_int_equal(umx_bis_icmp64_error(in, 8 + 48, &bis_env, out4, &len), UMX_BIS_OK);
	assert_int_equal(umx_bis_get32(out4 + 4), 1480);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(codes46),
		cmocka_unit_test(codes64),
		cmocka_unit_test(pointers46),
		cmocka_unit_test(pointers64),
		cmocka_unit_test(mtus46),
		cmocka_unit_test(mtus64),
		cmocka_unit_test(quotes46),
		cmocka_unit_test(quotes64),
		cmocka_unit_test(quotes_refused),
		cmocka_unit_test(quotes_odd),
		cmocka_unit_test(longest),
		cmocka_unit_test(extensions46),
		cmocka_unit_test(extensions64),
		cmocka_unit_test(extensions_odd),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
