// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the unit tests of traceable addresses: the pseudorandom function, the permutation, the places.
 *
 * units: modules/umx/permute.c modules/umx/place.c modules/umx/generate.c
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
#include "place.h"

/* Any widths and keys will do, the same ones every time. */
static u64 noise_state = 1;

static u64 noise(void)
{
	noise_state = noise_state * 6364136223846793005ULL + 1442695040888963407ULL;
	return noise_state ^ noise_state >> 29;
}

static void key_make(u8 key[UMX_SIP_KEY])
{
	unsigned int i;

	for (i = 0; i < UMX_SIP_KEY; i++)
		key[i] = noise() >> 32;
}

static struct in6_addr prefix_make(unsigned int plen)
{
	struct in6_addr prefix, clean = { 0 };
	const u64 none[2] = { 0 };

	inet_pton(AF_INET6, "2001:db8:a5a5:a5a5:a5a5:a5a5:a5a5:a5a5", &prefix);
	umx_generate_random(&clean, &prefix, plen, none);
	return clean;
}

static void permute_make(struct umx_permute *p, unsigned int bits)
{
	struct in6_addr prefix = prefix_make(128 - bits);
	u8 key[UMX_SIP_KEY];

	key_make(key);
	umx_permute_init(p, key, &prefix, 128 - bits);
}

static struct umx_number number_make(unsigned int bits)
{
	struct umx_number n = { .lo = noise() };

	if (bits > 64)
		n.hi = noise() & ~(~0ULL << (bits - 64));
	else if (bits < 64)
		n.lo &= ~(~0ULL << bits);
	return n;
}

/* The vectors published with SipHash: key 00 01 .. 0f, message 00 01 .. of @len bytes. */
static void sip_vectors(void **state)
{
	static const struct { unsigned int len; u64 hash; } rows[] = {
		{ 0, 0x726fdb47dd0e0e31ULL }, { 1, 0x74f839c593dc67fdULL }, { 2, 0x0d6c8009d9a94f5aULL },
		{ 3, 0x85676696d7fb7e2dULL }, { 4, 0xcf2794e0277187b7ULL }, { 5, 0x18765564cd99a68dULL },
		{ 6, 0xcbc9466e58fee3ceULL }, { 7, 0xab0200f58b01d137ULL }, { 8, 0x93f5f5799a932462ULL },
		{ 9, 0x9e0082df0ba9e4b0ULL }, { 15, 0xa129ca6149be45e5ULL }, { 16, 0x3f2acc7f57c29bdbULL },
		{ 18, 0x4bc1b3f0968dd39cULL }, { 31, 0x32d892fad841c342ULL }, { 63, 0x958a324ceb064572ULL },
	};
	u8 key[UMX_SIP_KEY], data[64];
	struct umx_sip begin;
	unsigned int i;

	for (i = 0; i < sizeof(key); i++)
		key[i] = i;
	for (i = 0; i < sizeof(data); i++)
		data[i] = i;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_true(umx_sip(key, data, rows[i].len) == rows[i].hash);

	begin = umx_sip_begin(umx_sip_word(key), umx_sip_word(key + 8));
	assert_true(umx_sip_seven(&begin, 0x06050403020100ULL) == 0xab0200f58b01d137ULL);
}

/* Every number of a small width is met once, and comes back. */
static void permute_is_a_bijection(void **state)
{
	static const unsigned int widths[] = { 16, 17, 18, 20 };
	struct umx_permute p;
	unsigned int w, k;

	for (w = 0; w < sizeof(widths) / sizeof(widths[0]); w++) {
		u64 count = 1ULL << widths[w], i;

		for (k = 0; k < 3; k++) {
			u8 *seen = calloc(count, 1);

			assert_non_null(seen);
			permute_make(&p, widths[w]);
			for (i = 0; i < count; i++) {
				struct umx_number out = umx_permute(&p, (struct umx_number){ .lo = i });

				assert_true(!out.hi && out.lo < count);
				assert_int_equal(seen[out.lo]++, 0);
				out = umx_unpermute(&p, out);
				assert_true(!out.hi && out.lo == i);
			}
			free(seen);
		}
	}
}

/* For every width: nothing leaves it, and there is a way back, in both orders. */
static void permute_has_an_inverse(void **state)
{
	unsigned int bits, i;

	for (bits = UMX_PERMUTE_MIN; bits <= UMX_PERMUTE_MAX; bits++) {
		struct umx_permute p;

		permute_make(&p, bits);
		assert_int_equal(p.left + p.right, bits);
		assert_int_equal(p.rounds % 2, 0);
		for (i = 0; i < 500; i++) {
			struct umx_number n = number_make(bits), out = umx_permute(&p, n), back;

			if (bits <= 64)
				assert_true(!out.hi && (bits == 64 || !(out.lo >> bits)));
			else
				assert_true(!(out.hi >> (bits - 64)));
			back = umx_unpermute(&p, out);
			assert_true(back.hi == n.hi && back.lo == n.lo);
			back = umx_permute(&p, umx_unpermute(&p, n));
			assert_true(back.hi == n.hi && back.lo == n.lo);
		}
	}
}

static unsigned int ones(struct umx_number n)
{
	return __builtin_popcountll(n.hi) + __builtin_popcountll(n.lo);
}

/* One bit more or less in the number turns half of the bits, for each bit of it. */
static void permute_avalanches(void **state)
{
	static const unsigned int widths[] = { 33, 48, 64, 80, 95, 96 };
	unsigned int w, bit, i;

	for (w = 0; w < sizeof(widths) / sizeof(widths[0]); w++) {
		const unsigned int tries = 400;
		struct umx_permute p;

		permute_make(&p, widths[w]);
		for (bit = 0; bit < widths[w]; bit++) {
			unsigned int turned = 0;

			for (i = 0; i < tries; i++) {
				struct umx_number n = number_make(widths[w]), a = umx_permute(&p, n), b;

				if (bit < 64)
					n.lo ^= 1ULL << bit;
				else
					n.hi ^= 1ULL << (bit - 64);
				b = umx_permute(&p, n);
				a.hi ^= b.hi;
				a.lo ^= b.lo;
				turned += ones(a);
			}
			/* 400 tries: more than 8 standard deviations */
			assert_in_range(turned, tries * widths[w] * 45 / 100, tries * widths[w] * 55 / 100);
		}
	}
}

/* Consecutive numbers fill every byte evenly: chi-squared of 256 boxes. */
static void permute_looks_random(void **state)
{
	const unsigned int count = 1 << 16;
	struct umx_permute p;
	unsigned int byte, i;

	permute_make(&p, 64);
	for (byte = 0; byte < 8; byte++) {
		unsigned int boxes[256] = { 0 };
		double chi = 0;

		for (i = 0; i < count; i++)
			boxes[umx_permute(&p, (struct umx_number){ .lo = i }).lo >> 8 * byte & 0xff]++;
		for (i = 0; i < 256; i++)
			chi += (boxes[i] - count / 256.) * (boxes[i] - count / 256.) / (count / 256.);
		/* 255 expected, 22.6 the standard deviation */
		assert_true(chi > 150 && chi < 390);
	}
}

/* The key, the prefix and its length each make another permutation. */
static void permute_depends_on_everything(void **state)
{
	struct in6_addr prefix = prefix_make(64), other = prefix;
	const struct umx_number one = { .lo = 1 };
	struct umx_permute p, q;
	u8 key[UMX_SIP_KEY];
	unsigned int bit;

	key_make(key);
	umx_permute_init(&p, key, &prefix, 64);
	for (bit = 0; bit < 128; bit++) {
		key[bit / 8] ^= 1 << bit % 8;
		umx_permute_init(&q, key, &prefix, 64);
		key[bit / 8] ^= 1 << bit % 8;
		assert_true(umx_permute(&p, one).lo != umx_permute(&q, one).lo);
	}
	other.s6_addr[7] ^= 1;
	umx_permute_init(&q, key, &other, 64);
	assert_true(umx_permute(&p, one).lo != umx_permute(&q, one).lo);
	prefix = prefix_make(32);
	umx_permute_init(&p, key, &prefix, 64);
	umx_permute_init(&q, key, &prefix, 63);
	assert_true(umx_permute(&p, one).lo != umx_permute(&q, one).lo);
}

/* What is written down here is what addresses are turned back by for years. */
static void place_vectors(void **state)
{
	static const struct {
		const char *prefix;
		unsigned int plen, host_bits;
		struct umx_place place;
		const char *addr;
	} rows[] = {
		{ "2001:db8:1:ea::", 64, 0, { 0x0, 0x0ULL, 0x0ULL },
		  "2001:db8:1:ea:d000:5c98:2708:e862" },
		{ "2001:db8:1:ea::", 64, 0, { 0x0, 0x0ULL, 0x1ULL },
		  "2001:db8:1:ea:f6f4:a9e8:ac47:d313" },
		{ "2001:db8:1:ea::", 64, 0, { 0x0, 0xfedcba9ULL, 0x123456789ULL },
		  "2001:db8:1:ea:4927:4d62:832b:3f1e" },
		{ "2001:db8:1:ea::", 64, 4, { 0x5, 0x7ULL, 0x9ULL },
		  "2001:db8:1:ea:96b:3097:eaf6:edd2" },
		{ "2001:db8::", 32, 16, { 0xbeef, 0x3ULL, 0x123456789abcULL },
		  "2001:db8:39e5:48e7:2dca:ad7:6f7:229f" },
		{ "2001:db8::", 33, 0, { 0x0, 0x1ffffffffffULL, 0x1ULL },
		  "2001:db8:3940:4815:5540:b2a:2fa5:fea0" },
		{ "2001:db8:5::", 80, 0, { 0x0, 0xbULL, 0xcULL },
		  "2001:db8:5::ee9e:fef8:67cb" },
		{ "2001:db8:6::", 96, 0, { 0x0, 0x0ULL, 0xdeadbeefULL },
		  "2001:db8:6::d4f4:dff7" },
		{ "2001:db8:7::", 112, 0, { 0x0, 0x0ULL, 0x1267ULL },
		  "2001:db8:7::1f8c" },
		{ "2001:db8:7::", 111, 8, { 0xff, 0x0ULL, 0x1ffULL },
		  "2001:db8:7::b2a" },
	};
	u8 key[UMX_SIP_KEY];
	unsigned int i;

	for (i = 0; i < sizeof(key); i++)
		key[i] = i;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char text[INET6_ADDRSTRLEN];
		struct in6_addr prefix, out;
		struct umx_places places;
		struct umx_place back;

		inet_pton(AF_INET6, rows[i].prefix, &prefix);
		assert_true(umx_places_init(&places, key, &prefix, rows[i].plen, rows[i].host_bits));
		umx_place_address(&places, &rows[i].place, &out);
		inet_ntop(AF_INET6, &out, text, sizeof(text));
		assert_string_equal(text, rows[i].addr);
		assert_true(umx_place_of(&places, &out, &back));
		assert_true(back.host == rows[i].place.host && back.generation == rows[i].place.generation &&
			    back.counter == rows[i].place.counter);
	}
}

/* Every length, with few and many host bits: there and back, in the prefix. */
static void place_comes_back(void **state)
{
	unsigned int plen, host_bits, i;

	for (plen = 32; plen <= 112; plen++) {
		for (host_bits = 0; host_bits <= UMX_PLACE_HOST_BITS; host_bits++) {
			struct in6_addr prefix = prefix_make(plen), out;
			struct umx_places places;
			u8 key[UMX_SIP_KEY];

			key_make(key);
			if (!umx_places_init(&places, key, &prefix, plen, host_bits)) {
				assert_true(128 - plen < host_bits + UMX_PLACE_BITS_MIN);
				continue;
			}
			assert_int_equal(places.host_bits + places.generation_bits + places.counter_bits,
					 128 - plen);
			assert_in_range(places.counter_bits, 8, 54);
			for (i = 0; i < 20; i++) {
				struct umx_place place = {
					.host = noise() & ~(~0ULL << host_bits),
					.generation = noise() & (umx_places_generations(&places) - 1),
					.counter = noise() & (umx_places_counters(&places) - 1),
				}, back;

				umx_place_address(&places, &place, &out);
				assert_true(umx_prefix_match(&out, &prefix, plen));
				assert_true(umx_place_of(&places, &out, &back));
				assert_true(back.host == place.host && back.generation == place.generation &&
					    back.counter == place.counter);
			}
		}
	}
}

static void place_knows_its_prefix(void **state)
{
	struct in6_addr prefix = prefix_make(64), other;
	struct umx_places places;
	u8 key[UMX_SIP_KEY] = { 0 };
	struct umx_place place;

	assert_true(umx_places_init(&places, key, &prefix, 64, 0));
	inet_pton(AF_INET6, "2001:db8:1::1", &other);
	assert_false(umx_place_of(&places, &other, &place));
	assert_false(umx_places_init(&places, key, &prefix, 64, UMX_PLACE_HOST_BITS + 1));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sip_vectors),
		cmocka_unit_test(permute_is_a_bijection),
		cmocka_unit_test(permute_has_an_inverse),
		cmocka_unit_test(permute_avalanches),
		cmocka_unit_test(permute_looks_random),
		cmocka_unit_test(permute_depends_on_everything),
		cmocka_unit_test(place_vectors),
		cmocka_unit_test(place_comes_back),
		cmocka_unit_test(place_knows_its_prefix),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
