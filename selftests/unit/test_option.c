// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the unit tests of the PreserveTCP option codec, and its fuzzer: whatever bytes come, no byte beyond
 * them is read (ASan), and what is understood is understood again after it was written.
 *
 * units: modules/umx_preserve/option.c
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <arpa/inet.h>
#include <errno.h>
#include <cmocka.h>
#include "option.h"

static struct in6_addr addr(const char *text)
{
	struct in6_addr a;

	assert_int_equal(inet_pton(AF_INET6, text, &a), 1);
	return a;
}

static void add(struct umx_offer *offer, const char *text, const char *base)
{
	struct in6_addr a = addr(text), b = addr(base);

	assert_true(umx_offer_add(offer, &a, &b));
}

/* Alternatives with the same host identifier go as prefixes, others whole. */
static void sizes(void **state)
{
	struct umx_option o = { .what = UMX_OPTION_OFFER };

	assert_int_equal(umx_option_length(&o), 8);
	add(&o.offer, "2001:db8:b::1", "2001:db8:a::1");
	assert_int_equal(o.offer.entry[0].plen, 64);
	assert_int_equal(umx_option_length(&o), 16);
	add(&o.offer, "2001:db8:c::1", "2001:db8:a::1");
	assert_int_equal(umx_option_length(&o), 24);
	o.offer.n = 0;
	add(&o.offer, "2001:db8:b::2", "2001:db8:a::1");
	assert_int_equal(o.offer.entry[0].plen, 128);
	assert_int_equal(umx_option_length(&o), 24);
	o.what |= UMX_OPTION_ACCEPT;
	assert_int_equal(umx_option_length(&o), 32);
	o.what = UMX_OPTION_ACCEPT;
	assert_int_equal(umx_option_length(&o), 16);
}

/* Byte for byte what docs/protocols/preserve.md draws. */
static void wire(void **state)
{
	static const u8 want[] = {
		6, 2, 0x1e, 15, 0x53, 0x01, 0xde, 0xad, 0xbe, 0xef,
		64, 0x20, 0x01, 0x0d, 0xb8, 0, 0x0b, 0, 0,
		1, 3, 0, 0, 0,
	};
	struct umx_option o = {
		.what = UMX_OPTION_OFFER | UMX_OPTION_ACCEPT,
		.bitmap = 1,
		.check = 0xdeadbeef,
	}, back;
	u8 hdr[UMX_OPTION_HEADER_MAX];

	add(&o.offer, "2001:db8:b::1", "2001:db8:a::1");
	assert_int_equal(umx_option_write(hdr, sizeof(hdr), 6, &o), 24);
	assert_memory_equal(hdr, want, sizeof(want));
	assert_int_equal(umx_option_parse(hdr, 24, &back), 0);
	assert_true(back.alone);
	assert_int_equal(back.what, 3);
	assert_int_equal(back.bitmap, 1);
	assert_int_equal(back.check, 0xdeadbeef);
	assert_true(umx_offer_equal(&back.offer, &o.offer));
}

static void thesis(void **state)
{
	struct umx_option o = {
		.what = UMX_OPTION_OFFER | UMX_OPTION_ACCEPT,
		.thesis = true,
	}, back;
	u8 hdr[UMX_OPTION_HEADER_MAX];
	int len;

	add(&o.offer, "2001:db8:d::1", "2001:db8:c::1");
	add(&o.echo, "2001:db8:b::1", "2001:db8:a::1");
	len = umx_option_write(hdr, sizeof(hdr), 6, &o);
	assert_int_equal(len, 24);
	assert_int_equal(hdr[2], 0x0b);
	assert_int_equal(hdr[13], 0x0c);
	assert_int_equal(umx_option_parse(hdr, len, &back), 0);
	assert_true(back.thesis);
	assert_true(umx_offer_equal(&back.offer, &o.offer));
	assert_true(umx_offer_equal(&back.echo, &o.echo));
}

static void refused(void **state)
{
	static const struct { u8 hdr[24]; int len; int err; const char *why; } rows[] = {
		{ { 6, 0, 1, 4 }, 8, -ENOENT, "padding only" },
		{ { 6, 0, 0x1e, 1, 0x51, 1, 1 }, 8, 0, "an empty offer" },
		{ { 6, 0, 0x1e, 1, 0x50, 1, 1 }, 8, -EBADMSG, "neither offer nor acceptance" },
		{ { 6, 0, 0x1e, 1, 0x11, 1, 1 }, 8, -ENOENT, "another experiment" },
		{ { 6, 0, 0x1e, 0, 1, 2 }, 8, -ENOENT, "no sub-type" },
		{ { 6, 0, 0x1e, 5, 0x51, 64 }, 8, -EBADMSG, "beyond the header" },
		{ { 6, 0, 0x1e, 4, 0x51, 64, 1, 2 }, 8, -EBADMSG, "a prefix cut off" },
		{ { 6, 0, 0x1e, 2, 0x51, 0, 1, 0 }, 8, -EBADMSG, "a prefix of length 0" },
		{ { 6, 0, 0x1e, 2, 0x51, 129, 1, 0 }, 8, -EBADMSG, "a prefix of length 129" },
		{ { 6, 0, 0x1e, 4, 0x52, 1, 2, 3 }, 8, -EBADMSG, "half an acceptance" },
		{ { 6, 1, 0x1e, 7, 0x52, 1, 2, 3, 4, 5, 6 }, 16, -EBADMSG, "more than an acceptance" },
		{ { 6, 1 }, 8, -EBADMSG, "a length that is another" },
		{ { 6, 0, 1, 5 }, 8, -EBADMSG, "padding beyond the header" },
	};
	struct umx_option o;
	unsigned int i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (umx_option_parse(rows[i].hdr, rows[i].len, &o) != rows[i].err)
			fail_msg("%s", rows[i].why);
}

static void first_counts(void **state)
{
	static const u8 hdr[] = {
		6, 1, 0x1e, 3, 0x51, 8, 0x20, 0x1e, 3, 0x51, 8, 0x30, 0, 0, 0, 0
	};
	static const u8 mixed[] = { 6, 0, 0x1e, 1, 0x51, 0x3e, 1, 0 };
	struct umx_option o;

	assert_int_equal(umx_option_parse(hdr, sizeof(hdr), &o), 0);
	assert_int_equal(o.offer.n, 1);
	assert_int_equal(o.offer.entry[0].addr.s6_addr[0], 0x20);
	assert_true(o.alone);
	assert_int_equal(umx_option_parse(mixed, sizeof(mixed), &o), 0);
	assert_false(o.alone);
}

/* 28 /64, the thesis's most: 8 are kept, all are judged. */
static void many(void **state)
{
	u8 hdr[264] = { 6, 32, 0x0b, 252 };
	struct umx_option o;
	unsigned int i;

	for (i = 0; i < 28; i++) {
		hdr[4 + 9 * i] = 64;
		hdr[5 + 9 * i] = 0x20;
		hdr[12 + 9 * i] = i;
	}
	hdr[256] = 1;
	hdr[257] = 6;
	assert_int_equal(umx_option_parse(hdr, sizeof(hdr), &o), 0);
	assert_int_equal(o.offer.n, UMX_OFFER_MAX);
	assert_true(o.cut);
	hdr[4 + 9 * 27] = 0;
	assert_int_equal(umx_option_parse(hdr, sizeof(hdr), &o), -EBADMSG);
}

static void resolve(void **state)
{
	static const struct { const char *prefix; u8 plen; const char *base, *want; } rows[] = {
		{ "2001:db8:b::", 64, "2001:db8:a::1", "2001:db8:b::1" },
		{ "2001:db8:b::7", 128, "2001:db8:a::1", "2001:db8:b::7" },
		{ "2001:db8:b000::", 36, "2001:db8:a123:4::1", "2001:db8:b123:4::1" },
	};
	struct in6_addr base, got, want;
	struct umx_prefix p;
	unsigned int i;

	for (i = 0; i < 3; i++) {
		p.addr = addr(rows[i].prefix);
		p.plen = rows[i].plen;
		base = addr(rows[i].base);
		want = addr(rows[i].want);
		umx_prefix_resolve(&p, &base, &got);
		assert_memory_equal(&got, &want, sizeof(want));
	}
}

/* Each of what a check covers makes another digest. */
static void digest(void **state)
{
	struct umx_option_digest a, b;
	struct umx_offer o = {};

	unsigned int len;

	add(&o, "2001:db8:b::1", "2001:db8:a::1");
	len = umx_offer_digest(&o, 1, htonl(7), htons(1), htons(2), &a);
	assert_int_equal(len, 24 + 16);
	umx_offer_digest(&o, 1, htonl(8), htons(1), htons(2), &b);
	assert_memory_not_equal(&a, &b, len);
	umx_offer_digest(&o, 1, htonl(7), htons(2), htons(1), &b);
	assert_memory_not_equal(&a, &b, len);
	umx_offer_digest(&o, 0, htonl(7), htons(1), htons(2), &b);
	assert_memory_not_equal(&a, &b, len);
	o.entry[0].addr.s6_addr[3] ^= 1;
	umx_offer_digest(&o, 1, htonl(7), htons(1), htons(2), &b);
	assert_memory_not_equal(&a, &b, len);
	add(&o, "2001:db8:c::1", "2001:db8:a::1");
	assert_int_equal(umx_offer_digest(&o, 1, htonl(7), htons(1), htons(2), &a), len + 16);
}

static u32 noise(u32 *seed)
{
	*seed = *seed * 1664525 + 1013904223;
	return *seed >> 8;
}

/* Sound headers with a few bytes changed, and nothing but noise. */
static void fuzz(void **state)
{
	struct umx_option o = { .what = 3, .bitmap = 5, .check = 1 }, back, twice;
	unsigned int round, i, len, understood = 0;
	u8 good[UMX_OPTION_HEADER_MAX], again[UMX_OPTION_HEADER_MAX], *hdr;
	u32 seed = 1;

	add(&o.offer, "2001:db8:b::1", "2001:db8:a::1");
	add(&o.offer, "2001:db8:b::2", "2001:db8:a::1");
	add(&o.echo, "2001:db8:d::1", "2001:db8:c::1");
	for (round = 0; round < 300000; round++) {
		o.thesis = round & 1;
		len = umx_option_write(good, sizeof(good), 6, &o);
		hdr = malloc(len);	/* ASan guards its end */
		for (i = 0; i < len; i++)
			hdr[i] = round % 8 ? good[i] : noise(&seed);
		for (i = noise(&seed) % 4; i; i--)
			hdr[noise(&seed) % len] = noise(&seed);
		if (!umx_option_parse(hdr, len, &back)) {
			int n = umx_option_write(again, sizeof(again), 6, &back);

			understood++;
			assert_true(n > 0);
			assert_int_equal(umx_option_parse(again, n, &twice), 0);
			assert_int_equal(twice.what, back.what);
			assert_true(!(back.what & UMX_OPTION_OFFER) ||
				    umx_offer_equal(&twice.offer, &back.offer));
		}
		free(hdr);
	}
	assert_true(understood > 1000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sizes),
		cmocka_unit_test(wire),
		cmocka_unit_test(thesis),
		cmocka_unit_test(refused),
		cmocka_unit_test(first_counts),
		cmocka_unit_test(many),
		cmocka_unit_test(resolve),
		cmocka_unit_test(digest),
		cmocka_unit_test(fuzz),
	};

	return cmocka_run_group_tests_name("option", tests, NULL, NULL);
}
