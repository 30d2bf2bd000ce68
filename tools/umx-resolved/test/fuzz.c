// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the fuzzer of what umx-resolved reads: questions of programs,
 * answers of name servers, the configuration. Good messages are changed at
 * random; the sanitizers say what must not happen, and what is made of them is
 * checked for what must hold.
 *
 * usage: fuzz [COUNT [SEED]]
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "sample.h"

#include "arpa.h"
#include "config.h"
#include "message.h"

#define INPUT_MAX	8192
#define SEEDS		(sizeof(samples) / sizeof(samples[0]))

static const struct sample samples[] = {
	{ .name = "a.example.", .type = LDNS_RR_TYPE_A },
	{ .name = "2.0.18.198.in-addr.arpa.", .type = LDNS_RR_TYPE_PTR, .edns = 1232, .dnssec = true },
	{
		.name = "a.example.", .type = LDNS_RR_TYPE_AAAA, .answer = true, .edns = 4096,
		.records = "a.example. 300 IN CNAME b.example.\n"
			   "b.example. 300 IN DNAME c.example.\n"
			   "a.example. 300 IN RRSIG CNAME 8 2 300 20300101000000 20200101000000 1 example. AAAA\n"
			   "b.example. 60 IN AAAA 2001:db8::1\nb.example. 30 IN AAAA 2001:db8::2",
		.authority = "example. 77 IN SOA a.example. b.example. 1 2 3 4 5",
	},
	{
		.name = "a.example.", .type = LDNS_RR_TYPE_A, .answer = true, .rcode = LDNS_RCODE_NXDOMAIN,
		.authority = "example. 77 IN SOA a.example. b.example. 1 2 3 4 5",
	},
	{
		.name = "a.example.", .type = LDNS_RR_TYPE_A, .answer = true,
		.records = "a.example. 300 IN A 192.0.2.1\na.example. 1 IN TXT \"x\" \"y\"\n"
			   "a.example. 1 IN MX 5 b.example.\na.example. 1 IN HTTPS 1 . alpn=h2",
	},
};

static uint8_t *seeds[SEEDS];
static size_t seed_lens[SEEDS];
static uint64_t random_state;

/* xorshift64* */
static uint32_t random_below(uint32_t most)
{
	random_state ^= random_state >> 12;
	random_state ^= random_state << 25;
	random_state ^= random_state >> 27;
	return (random_state * 2685821657736338717ull >> 32) % most;
}

static size_t mutate(uint8_t *wire, size_t len)
{
	static const uint8_t bytes[] = { 0, 1, 5, 12, 28, 39, 41, 46, 63, 64, 0x7f, 0x80, 0xc0, 0xff };
	size_t at = random_below(len + 1), cut;

	switch (random_below(6)) {
	case 0:	/* a byte */
		if (at < len)
			wire[at] = random_below(256);
		return len;
	case 1:	/* a byte that means something */
		if (at < len)
			wire[at] = bytes[random_below(sizeof(bytes))];
		return len;
	case 2:	/* the header: sections that are not there, flags */
		if (len >= HEADER_SIZE)
			wire[2 + random_below(10)] = random_below(8);
		return len;
	case 3:	/* a pointer to somewhere */
		if (at + 2 <= len) {
			wire[at] = 0xc0 | random_below(2);
			wire[at + 1] = random_below(256);
		}
		return len;
	case 4:	/* some away */
		cut = random_below(len - at + 1);
		memmove(wire + at, wire + at + cut, len - at - cut);
		return len - cut;
	default: /* some twice */
		cut = random_below(len - at + 1);
		if (len + cut > INPUT_MAX)
			return len;
		memmove(wire + at + cut, wire + at, len - at);
		return len + cut;
	}
}

static void must(bool holds, const char *what)
{
	if (holds)
		return;
	printf("not so: %s\n", what);
	fflush(stdout);
	abort();
}

/* What we make can be read, is an answer to that question, and claims nothing. */
static void made_check(const struct question *question, uint8_t *made, size_t len)
{
	ldns_pkt *pkt;

	if (!made)
		return;
	must(len <= MESSAGE_MAX, "an answer is a message");
	must(ldns_wire2pkt(&pkt, made, len) == LDNS_STATUS_OK, "an answer can be read");
	must(ldns_pkt_qr(pkt) && !ldns_pkt_ad(pkt) && !ldns_pkt_aa(pkt), "an answer's flags");
	must(ldns_pkt_id(pkt) == question->id, "an answer's number");
	must(!question->name_len ||
	     !memcmp(made + HEADER_SIZE, question->name, question->name_len),
	     "an answer repeats the question");
	ldns_pkt_free(pkt);
	free(made);
}

static void answer_try(const struct question *question, const uint8_t *wire, size_t len)
{
	const struct in_addr addrs[2] = { { 0x020012c6 }, { 0x030012c6 } };
	struct hosts hosts;
	uint8_t *made;
	size_t size;

	answer_belongs(wire, len, seeds[0], seed_lens[0]);
	answer_judge(wire, len, TYPE_A);
	answer_negative_ttl(wire, len);
	if (answer_hosts(wire, len, question, HOSTS_MAX, &hosts))
		must(hosts.count <= HOSTS_MAX, "hosts are bounded");
	made = message_a(question, wire, len, addrs, 2, 60, &size);
	made_check(question, made, size);
	made = message_ptr(question, wire, len, &size);
	made_check(question, made, size);
}

static void question_try(uint8_t *wire, size_t len)
{
	enum fault fault;
	struct question question, again;
	struct in6_addr host = {};
	struct in_addr addr;
	uint8_t *made;
	size_t size;

	fault = question_read(wire, len, &question);
	if (fault == FAULT_SHORT)
		return;
	made = message_error(&question, RCODE_SERVFAIL, EDE_OTHER, "text", &size);
	made_check(&question, made, size);
	if (fault != FAULT_NONE)
		return;
	must(question.limit >= 512, "an answer may have 512 bytes");
	arpa_read4(question.name, question.name_len, &addr);
	made = message_truncated(&question, &size);
	made_check(&question, made, size);
	made = question_reverse(&question, &host, &size);
	must(!made || question_read(made, size, &again) == FAULT_NONE, "a question of ours is good");
	free(made);
	question_retype(wire, &question, TYPE_AAAA);
	/* A name further on may point at where the type was, and be none now. */
	must(question_read(wire, len, &again) == FAULT_FORMAT || again.type == TYPE_AAAA,
	     "the same of another type");
}

static void config_try(uint8_t *text, size_t len)
{
	static const char good[] = "server ::1 port 53\nlisten 127.0.0.1\nttl 5\nresolv /x\n"
				   "nameserver 2001:db8::1\n";
	static struct config config;
	struct servers servers = {};
	FILE *file;

	len = sizeof(good) - 1;
	memcpy(text, good, len);
	len = mutate(text, mutate(text, len));
	file = len ? fmemopen(text, len, "r") : NULL;
	if (!file)
		return;
	config_read(&config, file, "fuzz");
	rewind(file);
	servers_read(&servers, file, &config.listen);
	fclose(file);
}

int main(int argc, char **argv)
{
	uint64_t number = argc > 1 ? strtoull(argv[1], NULL, 0) : 100000;
	uint64_t seed = argc > 2 ? strtoull(argv[2], NULL, 0) : (uint64_t)time(NULL), i;
	struct question question;
	uint8_t *wire;
	size_t len, at;
	int n;

	printf("# seed %llu, %llu inputs\n", (unsigned long long)seed, (unsigned long long)number);
	fflush(stdout);
	if (!freopen("/dev/null", "w", stderr))
		return 1;
	random_state = seed * 2 + 1;
	for (at = 0; at < SEEDS; at++)
		seeds[at] = sample_make(&samples[at], &seed_lens[at]);
	question_read(seeds[0], seed_lens[0], &question);
	for (i = 0; i < number; i++) {
		at = random_below(SEEDS);
		wire = malloc(INPUT_MAX);
		len = seed_lens[at];
		memcpy(wire, seeds[at], len);
		for (n = random_below(6); n >= 0; n--)
			len = mutate(wire, len);
		/* Of its own length: what reads behind the end is seen. */
		wire = realloc(wire, len ? len : 1);
		answer_try(&question, wire, len);
		question_try(wire, len);
		wire = realloc(wire, INPUT_MAX);
		if (!(i % 16))
			config_try(wire, len);
		free(wire);
	}
	for (at = 0; at < SEEDS; at++)
		free(seeds[at]);
	puts("1..1\nok 1 whatever is read, nothing bad happens");
	return 0;
}
