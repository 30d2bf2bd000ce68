// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the unit tests of the address generators and prefix arithmetic.
 *
 * units: modules/umx/generate.c
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <arpa/inet.h>
#include <cmocka.h>
#include "generate.h"

static struct in6_addr addr(const char *text)
{
	struct in6_addr a;

	assert_int_equal(inet_pton(AF_INET6, text, &a), 1);
	return a;
}

static void assert_addr(const struct in6_addr *a, const char *text)
{
	struct in6_addr want = addr(text);

	assert_memory_equal(a, &want, sizeof(want));
}

static void prefix_match(void **state)
{
	static const struct { const char *addr, *prefix; unsigned int plen; bool match; } rows[] = {
		{ "2001:db8::1", "2001:db8::", 32, true },
		{ "2001:db9::1", "2001:db8::", 32, false },
		{ "2001:db9::1", "2001:db8::", 31, true },
		{ "2001:db8::1", "::", 0, true },
		{ "2001:db8::1", "2001:db8::1", 128, true },
		{ "2001:db8::1", "2001:db8::", 128, false },
		{ "2001:db8::1", "2001:db8::", 127, true },
		{ "2001:db8:0:1:8000::", "2001:db8:0:1::", 65, false },
		{ "2001:db8:0:1:7fff::", "2001:db8:0:1::", 65, true },
	};
	unsigned int i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct in6_addr a = addr(rows[i].addr), p = addr(rows[i].prefix);

		assert_int_equal(umx_prefix_match(&a, &p, rows[i].plen), rows[i].match);
	}
}

static void prefix_clean(void **state)
{
	struct in6_addr a = addr("2001:db8:0:1::"), b = addr("2001:db8::1");
	struct in6_addr c = addr("ffff:8000::");

	assert_true(umx_prefix_clean(&a, 64));
	assert_false(umx_prefix_clean(&a, 63));
	assert_false(umx_prefix_clean(&b, 64));
	assert_true(umx_prefix_clean(&b, 128));
	assert_true(umx_prefix_clean(&c, 17));
	assert_false(umx_prefix_clean(&c, 16));
	assert_false(umx_prefix_clean(&c, 0));
}

/* Prefix bits stay, free bits are the noise: for every length. */
static void random_splits(void **state)
{
	struct in6_addr prefix, want, out;
	const u64 noise[2] = { 0x3c3c3c3c3c3c3c3cULL, 0x3c3c3c3c3c3c3c3cULL };
	unsigned int plen, bit;

	for (plen = 0; plen <= 128; plen++) {
		memset(&prefix, 0xa5, sizeof(prefix));
		memset(&want, 0x3c, sizeof(want));
		umx_generate_random(&out, &prefix, plen, noise);
		for (bit = 0; bit < 128; bit++) {
			const struct in6_addr *from = bit < plen ? &prefix : &want;
			u8 mask = 0x80 >> bit % 8;

			assert_int_equal(out.s6_addr[bit / 8] & mask, from->s6_addr[bit / 8] & mask);
		}
	}
}

/* A small pool gives each of its addresses once, then none. */
static void sequential_exhausts(void **state)
{
	struct in6_addr prefix = addr("2001:db8::abcd:0"), out, last = prefix;
	u64 i;

	for (i = 1; i <= 0xffff; i++) {
		assert_true(umx_generate_sequential(&out, &prefix, 112, i));
		assert_true(umx_prefix_match(&out, &prefix, 112));
		assert_true(memcmp(&out, &last, sizeof(out)) > 0);
		last = out;
	}
	assert_addr(&out, "2001:db8::abcd:ffff");
	assert_false(umx_generate_sequential(&out, &prefix, 112, 0x10000));
	assert_false(umx_generate_sequential(&out, &prefix, 112, UINT64_MAX));
}

static void sequential_wide(void **state)
{
	struct in6_addr prefix = addr("2001:db8:1::"), out;

	assert_true(umx_generate_sequential(&out, &prefix, 48, 0x0123456789abcdefULL));
	assert_addr(&out, "2001:db8:1:0:123:4567:89ab:cdef");
	assert_true(umx_generate_sequential(&out, &prefix, 64, UINT64_MAX));
	assert_addr(&out, "2001:db8:1:0:ffff:ffff:ffff:ffff");
}

static void position(void **state)
{
	struct in6_addr prefix = addr("2001:db8::"), out;

	assert_true(umx_generate_sequential(&out, &prefix, 64, 4711));
	assert_int_equal(umx_generate_position(&out, 64), 4711);
	out = addr("2001:db8:0:1::1");
	assert_true(umx_generate_position(&out, 48) == UINT64_MAX);
	assert_int_equal(umx_generate_position(&out, 64), 1);
	out = addr("2001:db8::7:1");
	assert_int_equal(umx_generate_position(&out, 112), 1);
}

static void reserved(void **state)
{
	static const struct { const char *addr; unsigned int plen; bool reserved; } rows[] = {
		{ "2001:db8::", 64, true },			/* subnet-router anycast */
		{ "2001:db8::1", 64, false },
		{ "2001:db8:0:0:1::", 64, false },
		{ "2001:db8::fdff:ffff:ffff:ff80", 64, true },	/* RFC 2526, first */
		{ "2001:db8::fdff:ffff:ffff:ffff", 64, true },	/* RFC 2526, last */
		{ "2001:db8::fdff:ffff:ffff:ff7f", 64, false },
		{ "2001:db8::ffff:ffff:ffff:ffff", 64, false },	/* not the form of a /64 */
		{ "2001:db8::ffff:ffff:ff80", 80, true },
		{ "2001:db8::ffff:ffff:ff7f", 80, false },
		{ "2001:db8::ff80", 112, true },
		{ "2001:db8::ff7f", 112, false },
		{ "2001:db8::", 112, true },
		{ "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", 48, true },
		{ "2001:db8::1:0:0:0:0", 48, false },
		{ "2001:db8:0:4000::", 49, false },
		{ "2001:db8:0:8000::", 49, true },
	};
	unsigned int i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct in6_addr a = addr(rows[i].addr);

		if (umx_generate_reserved(&a, rows[i].plen) != rows[i].reserved)
			fail_msg("%s/%u: reserved should be %d", rows[i].addr, rows[i].plen, rows[i].reserved);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(prefix_match),
		cmocka_unit_test(prefix_clean),
		cmocka_unit_test(random_splits),
		cmocka_unit_test(sequential_exhausts),
		cmocka_unit_test(sequential_wide),
		cmocka_unit_test(position),
		cmocka_unit_test(reserved),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
