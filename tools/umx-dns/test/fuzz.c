// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the fuzzer of what umx-dns reads: lines of PowerDNS, of other
 * hosts, of the file of the names, of the configuration. Good lines are changed
 * at random; the sanitizers say what must not happen, and what was read is
 * checked for what must hold.
 *
 * usage: fuzz [COUNT [SEED]]
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "backend.h"
#include "message.h"
#include "qname.h"
#include "state.h"

#define INPUT_MAX	2048

static const char *const seeds[] = {
	"{\"method\":\"lookup\",\"parameters\":{\"qtype\":\"ANY\",\"qname\":\"x.ssh.one.example.\",\"remote\":\"2001:db8::53\",\"real-remote\":\"2001:db8::/48\",\"zone-id\":-1}}",
	"{\"method\":\"initialize\",\"parameters\":{\"path\":\"/run/x\",\"timeout\":\"2000\"}}",
	"{\"method\":\"getDomainInfo\",\"parameters\":{\"name\":\"one.example.\"}}",
	"{\"method\":\"getAllDomains\",\"parameters\":{\"include_disabled\":true}}",
	"{\"id\":7,\"service\":\"ssh\",\"label\":\"abcdefghijklmnopqrstuvwxyz\",\"asker\":\"192.0.2.0/24\",\"subnet\":true}",
	"{\"id\":7,\"address\":\"2001:db8::1\"}",
	"{\"id\":7,\"unable\":true}",
	"{\"id\":3,\"service\":\"ssh\",\"for\":\"a\",\"kind\":\"totp\",\"secret\":\"0102030405060708090a0b0c0d0e0f1011121314\",\"from\":\"2001:db8::/32\",\"rate\":5}",
	"{\"version\":1,\"next\":7,\"key\":\"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\"}",
	"zone one.example ns a.one.example\nservice ssh port 22 public\nservice www port 80 host here weight 3\nsite 2001:db8::/32\nlifetime 5\n",
};

static const char *const pieces[] = {
	"\"", "{", "}", "[", "]", ",", ":", "\\", "\\u0000", "\\ud800", "null", "true", "-1",
	"18446744073709551616", "1e999", "0.1", "*", ".", "..", "/129", "/0", "::", "0.0.0.0",
	"%", "\n", "\t", "\xff", "lookup", "qname", "AAAA", "id", "real-remote",
};

static uint64_t random_state;

/* xorshift64* */
static uint32_t random_below(uint32_t most)
{
	random_state ^= random_state >> 12;
	random_state ^= random_state << 25;
	random_state ^= random_state >> 27;
	return (random_state * 2685821657736338717ull >> 32) % most;
}

static size_t mutate(char *line, size_t len)
{
	const char *piece = pieces[random_below(sizeof(pieces) / sizeof(pieces[0]))];
	size_t at = random_below(len + 1), n = strlen(piece), cut;

	switch (random_below(4)) {
	case 0:	/* a byte, never a NUL: lines have none */
		if (at < len)
			line[at] = 1 + random_below(255);
		return len;
	case 1:	/* a piece between */
		if (len + n >= INPUT_MAX)
			return len;
		memmove(line + at + n, line + at, len - at);
		memcpy(line + at, piece, n);
		return len + n;
	case 2:	/* some away */
		cut = random_below(len - at + 1);
		memmove(line + at, line + at + cut, len - at - cut);
		return len - cut;
	default: /* some twice */
		cut = random_below(len - at + 1);
		if (len + cut >= INPUT_MAX)
			return len;
		memmove(line + at + cut, line + at, len - at);
		return len + cut;
	}
}

static void must(bool holds, const char *what, const char *line)
{
	if (holds)
		return;
	printf("not so: %s\n%s\n", what, line);
	abort();
}

static void backend_try(const char *line, size_t len)
{
	char token[LABEL_SIZE], service[LABEL_SIZE], again[DOMAIN_SIZE];
	struct request request;

	if (!backend_read(line, len, &request))
		return;
	must(strlen(request.name) < DOMAIN_SIZE, "a name is short", line);
	must(!*request.name || qname_clean(request.name, again), "a name is clean", line);
	must(!*request.name || !strcmp(request.name, again), "clean is clean", line);
	must(request.asker.prefix.plen <= 128, "a prefix is short", line);
	if (qname_split(request.name, "one.example", token, service))
		must(!strchr(token, '.') && !strchr(service, '.'), "labels have no dots", line);
}

static void message_try(const char *line, size_t len)
{
	struct message message, again;
	char *text;

	message_read_answer(line, len, &message);
	if (!message_read_question(line, len, &message))
		return;
	text = message_question(&message);
	must(message_read_question(text, strlen(text), &again) &&
	     !strcmp(message.service, again.service), "what is said is understood", line);
	free(text);
}

static void config_try(char *line, size_t len)
{
	static struct config config;
	FILE *file = len ? fmemopen(line, len, "r") : NULL;

	if (!file)
		return;
	config_read(&config, file, "fuzz");
	fclose(file);
}

static void state_try(const char *line)
{
	static struct names names;
	static bool there;

	if (!there || names.count > 100) {
		if (there)
			names_free(&names);
		there = names_init(&names);
	}
	state_line(&names, line);
}

int main(int argc, char **argv)
{
	uint64_t number = argc > 1 ? strtoull(argv[1], NULL, 0) : 300000;
	uint64_t seed = argc > 2 ? strtoull(argv[2], NULL, 0) : (uint64_t)time(NULL), i;
	char line[INPUT_MAX + 1];
	const char *from;
	size_t len;
	int n;

	printf("# seed %llu, %llu inputs\n", (unsigned long long)seed, (unsigned long long)number);
	fflush(stdout);
	if (!freopen("/dev/null", "w", stderr))
		return 1;
	random_state = seed * 2 + 1;
	for (i = 0; i < number; i++) {
		from = seeds[random_below(sizeof(seeds) / sizeof(seeds[0]))];
		len = strlen(from);
		memcpy(line, from, len);
		for (n = random_below(6); n >= 0; n--)
			len = mutate(line, len);
		line[len] = '\0';
		len = strlen(line);
		backend_try(line, len);
		message_try(line, len);
		if (!(i % 4))
			state_try(line);
		if (!(i % 16))
			config_try(line, len);
	}
	puts("1..1\nok 1 whatever is read, nothing bad happens");
	return 0;
}
