// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the unit tests of header translation: RFC 7915, sections 4.1
 * and 5.1, one table row for each thing it says of a field.
 *
 * units: modules/umx_bis/xlat46.c modules/umx_bis/xlat64.c
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include "bis.h"
#include "xlat46.h"
#include "xlat64.h"

#define ROWS(a)	(sizeof(a) / sizeof((a)[0]))

/* --- IPv4 to IPv6 --- */

static void fields46(void **state)
{
	static const struct {
		const char *what;
		u8 tos, ttl, proto, next;
		u16 total, id, frag;
		u16 payload;
		size_t len;
		u8 frag_next;
		u16 frag_word;
		u32 frag_id;
	} rows[] = {
		{ "plain", 0, 64, 6, 6, 60, 1, 0x4000, 40, 40, 0, 0, 0 },
		{ "no payload", 0, 64, 17, 17, 20, 1, 0, 0, 40, 0, 0, 0 },
		{ "TOS is the traffic class", 0xb9, 64, 6, 6, 60, 1, 0, 40, 40, 0, 0, 0 },
		{ "ICMP is ICMPv6", 0, 64, 1, 58, 28, 1, 0, 8, 40, 0, 0, 0 },
		{ "unknown protocols pass", 0, 64, 253, 253, 28, 1, 0, 8, 40, 0, 0, 0 },
		{ "ESP passes", 0, 64, 50, 50, 28, 1, 0, 8, 40, 0, 0, 0 },
		{ "longest", 0, 255, 17, 17, 65535, 1, 0, 65515, 40, 0, 0, 0 },
		{ "DF alone makes no fragment header", 0, 1, 6, 6, 60, 0xffff, 0x4000, 40, 40, 0, 0, 0 },
		{ "DF = 0 makes none either", 0, 1, 6, 6, 60, 0xffff, 0, 40, 40, 0, 0, 0 },
		{ "first fragment", 0, 64, 17, 44, 1500, 0xabcd, 0x2000, 1488, 48, 17, 1, 0xabcd },
		{ "middle fragment", 0, 64, 17, 44, 1500, 0xabcd, 0x20b9, 1488, 48, 17, 0x5c9, 0xabcd },
		{ "last fragment", 0, 64, 17, 44, 100, 0xabcd, 0x0172, 88, 48, 17, 0xb90, 0xabcd },
		{ "fragment of ICMP", 0, 64, 1, 44, 100, 7, 0x2000, 88, 48, 58, 1, 7 },
		{ "highest offset", 0, 64, 17, 44, 27, 7, 0x1fff, 15, 48, 17, 0xfff8, 7 },
	};
	unsigned int i;

	for (i = 0; i < ROWS(rows); i++) {
		struct umx_bis_head4 head;
		u8 in[20], out[48] = {};
		size_t len;

		bis_packet4(in, rows[i].proto, 0);
		in[1] = rows[i].tos;
		umx_bis_put16(in + 2, rows[i].total);
		umx_bis_put16(in + 4, rows[i].id);
		umx_bis_put16(in + 6, rows[i].frag);
		in[8] = rows[i].ttl;
		assert_int_equal(umx_bis_head4_read(&head, in, sizeof(in)), UMX_BIS_OK);
		len = umx_bis_head4_to6(&head, &bis_a6, &bis_b6, head.ttl, out);
		print_message("# %s\n", rows[i].what);
		assert_int_equal(len, rows[i].len);
		assert_int_equal(out[0] >> 4, 6);
		assert_int_equal(umx_bis_get16(out) >> 4 & 0xff, rows[i].tos);
		assert_int_equal(umx_bis_get32(out) & 0xfffff, 0);
		assert_int_equal(umx_bis_get16(out + 4), rows[i].payload);
		assert_int_equal(out[6], rows[i].next);
		assert_int_equal(out[7], rows[i].ttl);
		assert_memory_equal(out + 8, &bis_a6, 16);
		assert_memory_equal(out + 24, &bis_b6, 16);
		assert_int_equal(out[40], rows[i].frag_next);
		assert_int_equal(out[41], 0);
		assert_int_equal(umx_bis_get16(out + 42), rows[i].frag_word);
		assert_int_equal(umx_bis_get32(out + 44), rows[i].frag_id);
	}
}

/* Options are left out, and what is behind them keeps its length. */
static void options46(void **state)
{
	static const struct { const char *what; u8 opt[12]; u8 len; bool routed; } rows[] = {
		{ "none", {}, 0, false },
		{ "router alert", { 148, 4, 0, 0 }, 4, false },
		{ "nops and end", { 1, 1, 1, 0 }, 4, false },
		{ "loose source route, to go", { 131, 7, 4, 1, 2, 3, 4, 0 }, 8, true },
		{ "loose source route, used up", { 131, 7, 8, 1, 2, 3, 4, 0 }, 8, false },
		{ "strict source route, to go", { 1, 137, 7, 4, 1, 2, 3, 4 }, 8, true },
		{ "strict source route, used up", { 1, 137, 7, 8, 1, 2, 3, 4 }, 8, false },
		{ "source route behind the end", { 0, 131, 7, 4, 1, 2, 3, 4 }, 8, false },
		{ "option of no length", { 148, 0, 0, 0 }, 4, false },
		{ "option of length 1", { 148, 1, 0, 0 }, 4, false },
		{ "option beyond the header", { 148, 9, 0, 0 }, 4, false },
		{ "option cut after its type", { 1, 1, 1, 131 }, 4, false },
		{ "source route without a pointer", { 131, 2, 1, 1 }, 4, false },
	};
	unsigned int i;

	for (i = 0; i < ROWS(rows); i++) {
		struct umx_bis_head4 head;
		u8 in[32], out[48];

		bis_packet4(in, 17, 0);
		memcpy(in + 20, rows[i].opt, sizeof(rows[i].opt));
		in[0] = 0x45 + rows[i].len / 4;
		umx_bis_put16(in + 2, 20 + rows[i].len + 100);
		print_message("# %s\n", rows[i].what);
		assert_int_equal(umx_bis_head4_read(&head, in, sizeof(in)), UMX_BIS_OK);
		assert_int_equal(head.len, 20 + rows[i].len);
		assert_int_equal(umx_bis_head4_source_routed(in, head.len), rows[i].routed);
		assert_int_equal(umx_bis_head4_to6(&head, &bis_a6, &bis_b6, 64, out), 40);
		assert_int_equal(umx_bis_get16(out + 4), 100);
	}
}

static void malformed4(void **state)
{
	static const struct { const char *what; u8 first; u16 total; size_t len; } rows[] = {
		{ "nothing", 0x45, 20, 0 },
		{ "short", 0x45, 20, 19 },
		{ "version 6", 0x65, 20, 20 },
		{ "header of 16", 0x44, 20, 20 },
		{ "header longer than what is there", 0x46, 24, 20 },
		{ "header longer than the packet", 0x46, 20, 24 },
		{ "packet of 19", 0x45, 19, 20 },
	};
	struct umx_bis_head4 head;
	unsigned int i;
	u8 in[24];

	for (i = 0; i < ROWS(rows); i++) {
		bis_packet4(in, 17, 0);
		memset(in + 20, 0, 4);
		in[0] = rows[i].first;
		umx_bis_put16(in + 2, rows[i].total);
		print_message("# %s\n", rows[i].what);
		assert_int_equal(umx_bis_head4_read(&head, in, rows[i].len), UMX_BIS_MALFORMED);
	}
}

/* --- IPv6 to IPv4 --- */

static void fields64(void **state)
{
	static const struct {
		const char *what;
		u8 ext[32];
		size_t ext_len;
		u8 next, proto;
		u16 payload;
		u32 word;
		u16 total, id, frag;
		u8 tos;
	} rows[] = {
		{ "plain", {}, 0, 6, 6, 40, 0x60000000, 60, 0x1111, 0, 0 },
		{ "traffic class is the TOS", {}, 0, 6, 6, 40, 0x6b900000, 60, 0x1111, 0, 0xb9 },
		{ "flow label is dropped", {}, 0, 6, 6, 40, 0x600fffff, 60, 0x1111, 0, 0 },
		{ "ICMPv6 is ICMP", {}, 0, 58, 1, 8, 0x60000000, 28, 0x1111, 0, 0 },
		{ "unknown protocols pass", {}, 0, 253, 253, 8, 0x60000000, 28, 0x1111, 0, 0 },
		{ "no next header passes", {}, 0, 59, 59, 0, 0x60000000, 20, 0x1111, 0, 0 },
		{ "1260 bytes: DF = 0", {}, 0, 17, 17, 1240, 0x60000000, 1260, 0x1111, 0, 0 },
		{ "1261 bytes: DF = 1", {}, 0, 17, 17, 1241, 0x60000000, 1261, 0x1111, 0x4000, 0 },
		{ "longest", {}, 0, 17, 17, 65515, 0x60000000, 65535, 0x1111, 0x4000, 0 },
		{ "hop-by-hop options are skipped", { 17, 0, 1, 4 }, 8, 0, 17, 108, 0x60000000, 120, 0x1111, 0, 0 },
		{ "destination options are skipped", { 17, 1, 1, 12 }, 16, 60, 17, 116, 0x60000000, 120, 0x1111, 0, 0 },
		{ "routing header without segments is skipped", { 17, 0, 3, 0 }, 8, 43, 17, 108, 0x60000000, 120, 0x1111, 0, 0 },
		{ "all of them", { 60, 0, 1, 4, 0, 0, 0, 0, 43, 0, 1, 4, 0, 0, 0, 0, 17, 0, 3, 0 }, 24, 0, 17, 124, 0x60000000, 120, 0x1111, 0, 0 },
		{ "first fragment", { 17, 0, 0, 1, 0x12, 0x34, 0xab, 0xcd }, 8, 44, 17, 1240, 0x60000000, 1252, 0xabcd, 0x2000, 0 },
		{ "fragment over 1260: DF stays 0", { 17, 0, 0, 1, 0x12, 0x34, 0xab, 0xcd }, 8, 44, 17, 1448, 0x60000000, 1460, 0xabcd, 0x2000, 0 },
		{ "middle fragment", { 17, 0, 5, 0xc9, 0x12, 0x34, 0xab, 0xcd }, 8, 44, 17, 1240, 0x60000000, 1252, 0xabcd, 0x20b9, 0 },
		{ "last fragment", { 17, 0, 5, 0xc8, 0x12, 0x34, 0xab, 0xcd }, 8, 44, 17, 108, 0x60000000, 120, 0xabcd, 0xb9, 0 },
		{ "atomic fragment", { 17, 0, 0, 0, 0x12, 0x34, 0xab, 0xcd }, 8, 44, 17, 108, 0x60000000, 120, 0xabcd, 0, 0 },
		{ "fragment of ICMPv6", { 58, 0, 0, 1, 0, 0, 0, 9 }, 8, 44, 1, 108, 0x60000000, 120, 9, 0x2000, 0 },
		{ "fragment behind options", { 44, 0, 1, 4, 0, 0, 0, 0, 17, 0, 0, 1, 0, 0, 0, 9 }, 16, 0, 17, 116, 0x60000000, 120, 9, 0x2000, 0 },
	};
	unsigned int i;

	for (i = 0; i < ROWS(rows); i++) {
		struct umx_bis_head6 head;
		u8 in[72], out[20];

		bis_packet6(in, rows[i].next, rows[i].payload);
		umx_bis_put32(in, rows[i].word);
		memcpy(in + 40, rows[i].ext, 32);
		print_message("# %s\n", rows[i].what);
		assert_int_equal(umx_bis_head6_read(&head, in, sizeof(in)), UMX_BIS_OK);
		assert_int_equal(head.len, 40 + rows[i].ext_len);
		umx_bis_head6_to4(&head, bis_a4, bis_b4, 63, 0x1111, out);
		assert_int_equal(out[0], 0x45);
		assert_int_equal(out[1], rows[i].tos);
		assert_int_equal(umx_bis_get16(out + 2), rows[i].total);
		assert_int_equal(umx_bis_get16(out + 4), rows[i].id);
		assert_int_equal(umx_bis_get16(out + 6), rows[i].frag);
		assert_int_equal(out[8], 63);
		assert_int_equal(out[9], rows[i].proto);
		assert_memory_equal(out + 12, bis_a4, 4);
		assert_memory_equal(out + 16, bis_b4, 4);
		assert_int_equal(bis_sum(0, out, 20), 0xffff);
	}
}

static void refused6(void **state)
{
	static const struct {
		const char *what;
		u8 next;
		u8 ext[24];
		u16 payload;
		size_t len;
		enum umx_bis_verdict verdict;
		u16 pointer;
	} rows[] = {
		{ "segments left", 43, { 17, 0, 3, 1 }, 108, 64, UMX_BIS_ROUTING_HEADER, 43 },
		{ "segments left behind options", 0, { 43, 0, 1, 4, 0, 0, 0, 0, 17, 0, 3, 2 }, 108, 64, UMX_BIS_ROUTING_HEADER, 51 },
		{ "destination options behind the fragment header", 44, { 60, 0, 0, 1, 0, 0, 0, 1, 17, 0, 1, 4 }, 108, 64, UMX_BIS_EXTHDR, 0 },
		{ "a second fragment header", 44, { 44, 0, 0, 1, 0, 0, 0, 1, 17, 0, 0, 1 }, 108, 64, UMX_BIS_EXTHDR, 0 },
		{ "options longer than what is there", 0, { 17, 9, 1, 4 }, 108, 64, UMX_BIS_MALFORMED, 0 },
		{ "options longer than the packet", 0, { 17, 1, 1, 4 }, 8, 64, UMX_BIS_MALFORMED, 0 },
		{ "options cut", 0, { 17, 0, 1, 4 }, 108, 47, UMX_BIS_MALFORMED, 0 },
		{ "fragment beyond 65535", 44, { 17, 0, 0xff, 0xf8, 0, 0, 0, 1 }, 108, 64, UMX_BIS_MALFORMED, 0 },
	};
	struct umx_bis_head6 head;
	unsigned int i;
	u8 in[64];

	for (i = 0; i < ROWS(rows); i++) {
		bis_packet6(in, rows[i].next, rows[i].payload);
		memcpy(in + 40, rows[i].ext, 24);
		print_message("# %s\n", rows[i].what);
		assert_int_equal(umx_bis_head6_read(&head, in, rows[i].len), rows[i].verdict);
		if (rows[i].pointer)
			assert_int_equal(head.pointer, rows[i].pointer);
	}
	bis_packet6(in, 17, 8);
	assert_int_equal(umx_bis_head6_read(&head, in, 39), UMX_BIS_MALFORMED);
	in[0] = 0x40;
	assert_int_equal(umx_bis_head6_read(&head, in, 64), UMX_BIS_MALFORMED);
}

/* There and back is where one came from, for every traffic class and TTL. */
static void round_trip(void **state)
{
	struct umx_bis_head4 head4;
	struct umx_bis_head6 head6;
	u8 in[20], mid[48], out[20];
	unsigned int i;

	for (i = 0; i < 0x10000; i++) {
		bis_packet4(in, 17, 0);
		in[1] = i;
		in[8] = i >> 8;
		umx_bis_put16(in + 2, 20 + i % 1000);
		umx_bis_put16(in + 4, i * 7);
		umx_bis_put16(in + 6, i % 3 ? 0 : i % 0x2000 | 0x2000);
		umx_bis_put16(in + 10, 0);
		umx_bis_put16(in + 10, ~bis_sum(0, in, 20));
		assert_int_equal(umx_bis_head4_read(&head4, in, 20), UMX_BIS_OK);
		umx_bis_head4_to6(&head4, &bis_a6, &bis_b6, head4.ttl, mid);
		if (umx_bis_head6_read(&head6, mid, sizeof(mid)) != UMX_BIS_OK) {
			assert_true(head4.offset + head4.total > 0xffff);
			continue;
		}
		umx_bis_head6_to4(&head6, bis_a4, bis_b4, head6.hop_limit, i * 7, out);
		assert_memory_equal(in, out, 20);
	}
}

static void protocols(void **state)
{
	static const u8 only4[] = { 0, 43, 44, 58, 59, 60, 135, 139, 140 };
	unsigned int proto, i, n = 0;

	for (proto = 0; proto < 256; proto++) {
		for (i = 0; i < ROWS(only4) && only4[i] != proto; i++)
			;
		assert_int_equal(umx_bis_proto_is_only4(proto), i < ROWS(only4));
		n += umx_bis_check_offset(proto) != 0;
	}
	assert_int_equal(n, 4);
	assert_int_equal(umx_bis_check_offset(6), 16);
	assert_int_equal(umx_bis_check_offset(17), 6);
	assert_int_equal(umx_bis_check_offset(33), 6);
	assert_int_equal(umx_bis_check_offset(136), 6);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fields46),
		cmocka_unit_test(options46),
		cmocka_unit_test(malformed4),
		cmocka_unit_test(fields64),
		cmocka_unit_test(refused6),
		cmocka_unit_test(round_trip),
		cmocka_unit_test(protocols),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
