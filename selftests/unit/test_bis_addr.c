// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the unit tests of address mapping: the tables of RFC 6052,
 * section 2.4, and RFC 7757, section 3, row by row, and what is beside them.
 *
 * units: modules/umx_bis/addr.c
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include <arpa/inet.h>
#include "addr.h"

#define ROWS(a)	(sizeof(a) / sizeof((a)[0]))

static struct in6_addr in6(const char *text)
{
	struct in6_addr addr;

	assert_int_equal(inet_pton(AF_INET6, text, &addr), 1);
	return addr;
}

static void in4(const char *text, u8 addr4[4])
{
	assert_int_equal(inet_pton(AF_INET, text, addr4), 1);
}

/* --- RFC 6052 --- */

static void embedded(void **state)
{
	static const struct {
		const char *prefix;
		u8 len;
		const char *addr4, *addr6;
	} rows[] = {
		/* table 1 */
		{ "2001:db8::", 32, "192.0.2.33", "2001:db8:c000:221::" },
		{ "2001:db8:100::", 40, "192.0.2.33", "2001:db8:1c0:2:21::" },
		{ "2001:db8:122::", 48, "192.0.2.33", "2001:db8:122:c000:2:2100::" },
		{ "2001:db8:122:300::", 56, "192.0.2.33", "2001:db8:122:3c0:0:221::" },
		{ "2001:db8:122:344::", 64, "192.0.2.33", "2001:db8:122:344:c0:2:2100::" },
		{ "2001:db8:122:344::", 96, "192.0.2.33", "2001:db8:122:344::192.0.2.33" },
		/* table 2 */
		{ "64:ff9b::", 96, "192.0.2.33", "64:ff9b::192.0.2.33" },
		/* every bit has its place */
		{ "2001:db8::", 32, "255.255.255.255", "2001:db8:ffff:ffff::" },
		{ "2001:db8:100::", 40, "255.255.255.255", "2001:db8:1ff:ffff:ff::" },
		{ "2001:db8:122::", 48, "255.255.255.255", "2001:db8:122:ffff:ff:ff00::" },
		{ "2001:db8:122:300::", 56, "255.255.255.255", "2001:db8:122:3ff:ff:ffff::" },
		{ "2001:db8:122:344::", 64, "255.255.255.255", "2001:db8:122:344:ff:ffff:ff00::" },
		{ "2001:db8:122:344::", 96, "0.0.0.0", "2001:db8:122:344::" },
	};
	unsigned int i;

	for (i = 0; i < ROWS(rows); i++) {
		struct umx_bis_prefix6 prefix = { in6(rows[i].prefix), rows[i].len };
		struct in6_addr wanted = in6(rows[i].addr6), addr6;
		u8 addr4[4], back[4];

		in4(rows[i].addr4, addr4);
		assert_true(umx_bis_embed_len_ok(prefix.len));
		umx_bis_embed(&prefix, addr4, &addr6);
		assert_memory_equal(&addr6, &wanted, 16);
		umx_bis_extract(&prefix, &addr6, back);
		assert_memory_equal(back, addr4, 4);
		/* u octet and suffix say nothing */
		if (prefix.len != 96) {
			((u8 *)&addr6)[8] = 0xff;
			((u8 *)&addr6)[15] = 0xff;
			umx_bis_extract(&prefix, &addr6, back);
			assert_memory_equal(back, addr4, 4);
		}
	}
}

static void lengths(void **state)
{
	unsigned int len, n = 0;

	for (len = 0; len < 256; len++)
		n += umx_bis_embed_len_ok(len);
	assert_int_equal(n, 6);
	for (len = 32; len <= 64; len += 8)
		assert_true(umx_bis_embed_len_ok(len));
	assert_true(umx_bis_embed_len_ok(96));
}

static void well_known(void **state)
{
	static const struct {
		const char *prefix;
		u8 len;
		bool is;
	} rows[] = {
		{ "64:ff9b::", 96, true },
		{ "64:ff9b::", 64, false },
		{ "64:ff9b:1::", 96, false },
		{ "64:ff9b:0:0:0:1::", 96, false },
	};
	static const struct {
		const char *addr;
		bool host, global;
	} addrs[] = {
		{ "0.0.0.0", false, false }, { "0.1.2.3", false, false },
		{ "10.0.0.1", true, false }, { "10.255.255.255", true, false },
		{ "11.0.0.0", true, true }, { "9.255.255.255", true, true },
		{ "100.63.255.255", true, true }, { "100.64.0.0", true, false },
		{ "100.127.255.255", true, false }, { "100.128.0.0", true, true },
		{ "127.0.0.1", false, false }, { "128.0.0.1", true, true },
		{ "169.254.1.1", true, false }, { "169.255.0.0", true, true },
		{ "172.15.255.255", true, true }, { "172.16.0.0", true, false },
		{ "172.31.255.255", true, false }, { "172.32.0.0", true, true },
		{ "192.0.0.8", true, false }, { "192.0.2.33", true, false },
		{ "192.0.3.0", true, true }, { "192.168.0.1", true, false },
		{ "198.17.255.255", true, true }, { "198.18.0.0", true, false },
		{ "198.19.255.255", true, false }, { "198.20.0.0", true, true },
		{ "198.51.100.1", true, false }, { "203.0.113.1", true, false },
		{ "223.255.255.255", true, true }, { "224.0.0.1", false, false },
		{ "240.0.0.1", false, false }, { "255.255.255.255", false, false },
	};
	unsigned int i;

	for (i = 0; i < ROWS(rows); i++) {
		struct umx_bis_prefix6 prefix = { in6(rows[i].prefix), rows[i].len };

		assert_int_equal(umx_bis_embed_is_well_known(&prefix), rows[i].is);
	}
	for (i = 0; i < ROWS(addrs); i++) {
		u8 addr4[4];

		in4(addrs[i].addr, addr4);
		assert_int_equal(umx_bis_addr4_is_host(addr4), addrs[i].host);
		assert_int_equal(umx_bis_addr4_is_global(addr4), addrs[i].global);
	}
}

/* --- RFC 7757 --- */

static void explicit(void **state)
{
	static const struct {
		const char *prefix4;
		u8 len4;
		const char *prefix6;
		u8 len6;
		const char *addr4, *addr6;
	} rows[] = {
		{ "192.0.2.1", 32, "2001:db8:aaaa::", 128, "192.0.2.1", "2001:db8:aaaa::" },
		{ "192.0.2.2", 32, "2001:db8:bbbb::b", 128, "192.0.2.2", "2001:db8:bbbb::b" },
		{ "192.0.2.16", 28, "2001:db8:cccc::", 124, "192.0.2.16", "2001:db8:cccc::" },
		{ "192.0.2.16", 28, "2001:db8:cccc::", 124, "192.0.2.24", "2001:db8:cccc::8" },
		{ "192.0.2.16", 28, "2001:db8:cccc::", 124, "192.0.2.31", "2001:db8:cccc::f" },
		{ "192.0.2.128", 26, "2001:db8:dddd::", 64, "192.0.2.128", "2001:db8:dddd::" },
		{ "192.0.2.128", 26, "2001:db8:dddd::", 64, "192.0.2.152", "2001:db8:dddd:0:6000::" },
		{ "192.0.2.128", 26, "2001:db8:dddd::", 64, "192.0.2.183", "2001:db8:dddd:0:dc00::" },
		{ "192.0.2.128", 26, "2001:db8:dddd::", 64, "192.0.2.191", "2001:db8:dddd:0:fc00::" },
		{ "192.0.2.192", 29, "2001:db8:eeee:8::", 62, "192.0.2.193", "2001:db8:eeee:8:8000::" },
		{ "192.0.2.192", 29, "2001:db8:eeee:8::", 62, "192.0.2.199", "2001:db8:eeee:b:8000::" },
		{ "192.0.2.224", 31, "64:ff9b::", 127, "192.0.2.224", "64:ff9b::" },
		{ "192.0.2.224", 31, "64:ff9b::", 127, "192.0.2.225", "64:ff9b::1" },
		/* the shortest prefixes there can be */
		{ "0.0.0.0", 0, "2001:db8::", 32, "192.0.2.33", "2001:db8:c000:221::" },
		{ "0.0.0.0", 0, "::", 0, "192.0.2.33", "c000:221::" },
	};
	unsigned int i;

	for (i = 0; i < ROWS(rows); i++) {
		struct umx_bis_prefix6 prefix6 = { in6(rows[i].prefix6), rows[i].len6 };
		struct in6_addr wanted = in6(rows[i].addr6), addr6;
		struct umx_bis_prefix4 prefix4 = { .len = rows[i].len4 };
		u8 addr4[4], back[4];

		in4(rows[i].prefix4, prefix4.addr);
		in4(rows[i].addr4, addr4);
		assert_true(umx_bis_addr_has(prefix4.addr, prefix4.len, addr4));
		umx_bis_explicit_to6(&prefix4, &prefix6, addr4, &addr6);
		assert_memory_equal(&addr6, &wanted, 16);
		assert_true(umx_bis_addr_has((u8 *)&prefix6.addr, prefix6.len, (u8 *)&addr6));
		umx_bis_explicit_to4(&prefix4, &prefix6, &addr6, back);
		assert_memory_equal(back, addr4, 4);
		/* bits the IPv4 address has not are not looked at */
		if (128 - prefix6.len > 32 - prefix4.len) {
			((u8 *)&addr6)[15] |= 1;
			umx_bis_explicit_to4(&prefix4, &prefix6, &addr6, back);
			assert_memory_equal(back, addr4, 4);
		}
	}
}

static void prefixes(void **state)
{
	u8 ones[4] = { 255, 255, 255, 255 }, masked[4], other[4];
	unsigned int len, bit;

	for (len = 0; len <= 32; len++) {
		u32 mask = len ? 0xffffffffu << (32 - len) : 0;

		memcpy(masked, ones, 4);
		umx_bis_addr_mask(masked, 4, len);
		assert_int_equal(umx_bis_get32(masked), mask);
		assert_int_equal(umx_bis_addr_is_masked(ones, 4, len), len == 32);
		assert_true(umx_bis_addr_is_masked(masked, 4, len));
		for (bit = 0; bit < 32; bit++) {
			umx_bis_put32(other, mask ^ 0x80000000u >> bit);
			assert_int_equal(umx_bis_addr_has(masked, len, other), bit >= len);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(embedded),
		cmocka_unit_test(lengths),
		cmocka_unit_test(well_known),
		cmocka_unit_test(explicit),
		cmocka_unit_test(prefixes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
