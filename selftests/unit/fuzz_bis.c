// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the fuzzer of the translation: random packets, most of them
 * nearly right, in buffers of exactly their size, so that the sanitizers see
 * every byte too far. What comes out must hold what the RFCs promise.
 *
 * usage: fuzz_bis [COUNT [SEED]]; a finding prints the seed of its packet
 *
 * units: modules/umx_bis/icmp.c modules/umx_bis/icmp46.c modules/umx_bis/icmp64.c modules/umx_bis/xlat46.c modules/umx_bis/xlat64.c
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "bis.h"
#include "icmp.h"
#include "xlat46.h"
#include "xlat64.h"

#define PACKET_MAX	2048

static u64 state, seed;

/* xorshift64*: the same packets for the same seed, everywhere. */
static u32 dice(u32 sides)
{
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return ((state * 0x2545f4914f6cdd1dULL) >> 32) % sides;
}

#define must(what)							\
	do {								\
		if (!(what)) {						\
			fprintf(stderr, "seed %llu: not so: %s\n",	\
				(unsigned long long)seed, #what);	\
			abort();					\
		}							\
	} while (0)

static void scribble(u8 *p, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		p[i] = dice(256);
}

/* A few bytes of @p, preferably early ones, are not what they were. */
static void spoil(u8 *p, size_t len)
{
	unsigned int n = dice(4);

	while (n-- && len)
		p[dice(dice(4) ? (len < 64 ? len : 64) : len)] = dice(4) ? dice(256) : dice(2) * 255;
}

static u8 some_proto(void)
{
	static const u8 protos[] = { 6, 17, 1, 58, 33, 136, 0, 43, 44, 60, 51, 50, 59, 132 };

	return dice(8) ? protos[dice(sizeof(protos))] : dice(256);
}

static void make4(u8 *p, size_t len)
{
	size_t head = 20 + (dice(4) ? 0 : 4 * dice(11));

	scribble(p, len);
	if (len < 20)
		return;
	bis_packet4(p, some_proto(), len - 20);
	p[0] = 0x40 + head / 4;
	p[1] = dice(256);
	p[8] = dice(256);
	if (!dice(4))
		umx_bis_put16(p + 6, dice(0x10000));
	if (!dice(4))
		umx_bis_put16(p + 2, dice(0x10000));
}

static void make6(u8 *p, size_t len)
{
	static const u8 exts[] = { 0, 43, 44, 60 };
	size_t off = 40;
	u8 *next = p + 6;

	scribble(p, len);
	if (len < 40)
		return;
	bis_packet6(p, some_proto(), len - 40);
	while (dice(2) && off + 8 <= len) {
		size_t units = dice(8) ? dice(3) : dice(256);

		*next = exts[dice(4)];
		next = p + off;
		p[off + 1] = units;
		p[off + 3] = dice(3) ? 0 : dice(256);
		off += *next == 44 ? 8 : (units + 1) * 8;
		*next = some_proto();
	}
	if (!dice(4))
		umx_bis_put16(p + 4, dice(0x10000));
}

static void head46(const u8 *p, size_t len)
{
	struct umx_bis_head4 head;
	struct umx_bis_head6 back;
	u8 out[48], again[20];
	size_t n;

	if (umx_bis_head4_read(&head, p, len) != UMX_BIS_OK)
		return;
	must(head.len >= 20 && head.len <= len && head.total >= head.len);
	umx_bis_head4_source_routed(p, head.len);
	n = umx_bis_head4_to6(&head, &bis_a6, &bis_b6, head.ttl, out);
	must(n == (umx_bis_head4_is_fragment(&head) ? 48 : 40));
	must(out[0] >> 4 == 6 && out[7] == p[8]);
	must(umx_bis_get16(out + 4) == head.total - head.len + n - 40);
	/* there and back, what has a counterpart stays */
	if (umx_bis_proto_is_only4(head.proto) || head.proto == 1 ||
	    umx_bis_head6_read(&back, out, n) != UMX_BIS_OK)
		return;
	umx_bis_head6_to4(&back, bis_a4, bis_b4, head.ttl, head.id, again);
	must(again[1] == p[1] && again[8] == p[8] && again[9] == p[9]);
	must((umx_bis_get16(again + 6) & 0x3fff) == (umx_bis_get16(p + 6) & 0x3fff));
	must(umx_bis_get16(again + 4) == head.id);
}

static void head64(const u8 *p, size_t len)
{
	struct umx_bis_head6 head;
	u8 out[20];

	if (umx_bis_head6_read(&head, p, len) != UMX_BIS_OK)
		return;
	must(head.len >= 40 && head.len <= len);
	must(head.payload + head.len == umx_bis_get16(p + 4) + 40);
	if (head.payload > 0xffff - 20)
		return;
	umx_bis_head6_to4(&head, bis_a4, bis_b4, head.hop_limit, dice(0x10000), out);
	must(bis_sum(0, out, 20) == 0xffff);
	must(umx_bis_get16(out + 2) == head.payload + 20);
	must(!umx_bis_head6_is_fragment(&head) || !(out[6] & 0x40));
}

static void error46(u8 *p, size_t len)
{
	static const u8 types[] = { 3, 3, 11, 12, 4, 5, 0, 8, 13 };
	u8 *out = malloc(UMX_BIS_ICMP6_MAX);
	size_t n;

	if (len > 8) {
		make4(p + 8, len - 8);
		p[0] = dice(8) ? types[dice(sizeof(types))] : dice(256);
		p[1] = dice(dice(4) ? 16 : 256);
		p[5] = dice(2) ? 0 : dice(256);
		spoil(p, len);
	}
	if (umx_bis_icmp46_error(p, len, &bis_env, out, &n) == UMX_BIS_OK) {
		must(n >= 48 && n <= UMX_BIS_ICMP6_MAX);
		must(out[0] >= 1 && out[0] <= 4);
		must(out[8] >> 4 == 6);
		must(out[0] != 2 || umx_bis_get32(out + 4) >= 1280);
		must((out[0] != 1 && out[0] != 3) || 8 + out[4] * 8 <= n);
	}
	free(out);
}

static void error64(u8 *p, size_t len)
{
	u8 *out = malloc(UMX_BIS_ICMP4_MAX);
	size_t n;

	if (len > 8) {
		make6(p + 8, len - 8);
		p[0] = dice(8) ? 1 + dice(4) : dice(256);
		p[1] = dice(dice(4) ? 6 : 256);
		p[4] = dice(2) ? 0 : dice(64);
		spoil(p, len);
	}
	if (umx_bis_icmp64_error(p, len, &bis_env, out, &n) == UMX_BIS_OK) {
		must(n >= 28 && n <= UMX_BIS_ICMP4_MAX);
		must(out[0] == 3 || out[0] == 11 || out[0] == 12);
		must(out[8] == 0x45);
		must(bis_sum(0, out, n) == 0xffff);
		must(bis_sum(0, out + 8, 20) == 0xffff);
		must(8 + out[5] * 4 <= n);
	}
	free(out);
}

static void one(void)
{
	size_t len = dice(4) ? dice(200) : dice(PACKET_MAX);
	u8 *p = malloc(len ? len : 1);

	scribble(p, len);
	switch (dice(4)) {
	case 0:
		make4(p, len);
		spoil(p, len);
		head46(p, len);
		break;
	case 1:
		make6(p, len);
		spoil(p, len);
		head64(p, len);
		break;
	case 2:
		error46(p, len);
		break;
	case 3:
		error64(p, len);
		break;
	}
	free(p);
}

int main(int argc, char **argv)
{
	unsigned long long count = argc > 1 ? strtoull(argv[1], NULL, 0) : 200000, i;
	u64 first = argc > 2 ? strtoull(argv[2], NULL, 0) : 1;

	for (i = 0; i < count; i++) {
		seed = first + i;
		state = (seed + 1) * 0x9e3779b97f4a7c15ULL;
		one();
	}
	printf("ok - %llu packets from seed %llu\n", count, (unsigned long long)first);
	return 0;
}
