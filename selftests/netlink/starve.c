// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns requests for which memory runs out: the kernel fails the
 * first allocation of one, then the second, until none is left to fail. Each
 * time the request has been refused and has changed nothing, or was done.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "nlfuzz.h"

/* A request that adds something, and the one that takes it away. What stays is there for those that follow. */
static const struct {
	unsigned int family;
	unsigned char add, del;
	bool stays;
	struct value value[4], gone[4];
} pairs[] = {
	{ 0, UMX_CMD_POOL_ADD, UMX_CMD_POOL_DEL, false,
	  { { UMX_POOL_A_NAME, "thin" }, { UMX_POOL_A_PREFIX, "2001:db8:9::" },
	    { UMX_POOL_A_PLEN, "64" } },
	  { { UMX_POOL_A_NAME, "thin" } } },
	{ 0, UMX_CMD_EA_ADD, UMX_CMD_EA_DEL, false,
	  { { UMX_EA_A_LEGACY, "" }, { UMX_EA_A_TO, "2001:db8:81::" }, { UMX_EA_A_TO_PLEN, "48" } },
	  { { UMX_EA_A_LEGACY, "" }, { UMX_EA_A_TO, "2001:db8:81::" }, { UMX_EA_A_TO_PLEN, "48" } } },
	{ 0, UMX_CMD_LISTENER_SET, UMX_CMD_LISTENER_SET, false,
	  { { UMX_LISTENER_A_PORT, "90" }, { UMX_LISTENER_A_MODE, "1" } },
	  { { UMX_LISTENER_A_PORT, "90" }, { UMX_LISTENER_A_MODE, "0" } } },
	{ 0, UMX_CMD_SSA_ADD, UMX_CMD_SSA_DEL, false,
	  { { UMX_SSA_A_PORT, "101" } }, { { UMX_SSA_A_PORT, "101" } } },
	{ 1, UMX_ANYCAST_CMD_ON, UMX_ANYCAST_CMD_OFF, false,
	  { { UMX_ANYCAST_A_ADDRESS, "2001:db8:7::" } },
	  { { UMX_ANYCAST_A_ADDRESS, "2001:db8:7::" } } },
	{ 2, UMX_PRESERVE_CMD_EXCLUDE_ADD, UMX_PRESERVE_CMD_EXCLUDE_DEL, false,
	  { { UMX_PRESERVE_EXCLUDE_A_PREFIX, "2001:db8:d::" }, { UMX_PRESERVE_EXCLUDE_A_PLEN, "48" } },
	  { { UMX_PRESERVE_EXCLUDE_A_PREFIX, "2001:db8:d::" }, { UMX_PRESERVE_EXCLUDE_A_PLEN, "48" } } },
	{ 2, UMX_PRESERVE_CMD_KEY_ADD, UMX_PRESERVE_CMD_KEY_DEL, false,
	  { { UMX_PRESERVE_KEY_A_PREFIX, "2001:db8:d::" }, { UMX_PRESERVE_KEY_A_PLEN, "48" },
	    { UMX_PRESERVE_KEY_A_KEY, "2001:db8::1" } },
	  { { UMX_PRESERVE_KEY_A_PREFIX, "2001:db8:d::" }, { UMX_PRESERVE_KEY_A_PLEN, "48" } } },
	{ 2, UMX_PRESERVE_CMD_SET, UMX_PRESERVE_CMD_SET, false,
	  { { UMX_PRESERVE_A_ENABLED, "1" } }, { { UMX_PRESERVE_A_ENABLED, "0" } } },
	{ 3, UMX_BIS_CMD_EAM_ADD, UMX_BIS_CMD_EAM_DEL, false,
	  { { UMX_BIS_EAM_A_PREFIX4, "203.0.113.0" }, { UMX_BIS_EAM_A_PLEN4, "24" },
	    { UMX_BIS_EAM_A_PREFIX6, "2001:db8:d:1::" }, { UMX_BIS_EAM_A_PLEN6, "120" } },
	  { { UMX_BIS_EAM_A_PREFIX4, "203.0.113.0" }, { UMX_BIS_EAM_A_PLEN4, "24" } } },
	{ 3, UMX_BIS_CMD_PREFIX_ADD, UMX_BIS_CMD_PREFIX_DEL, false,
	  { { UMX_BIS_PREFIX_A_PREFIX, "2001:db8:d::" }, { UMX_BIS_PREFIX_A_PLEN, "96" } },
	  { } },
	{ 3, UMX_BIS_CMD_SPOOL_ADD, UMX_BIS_CMD_SPOOL_DEL, true,
	  { { UMX_BIS_SPOOL_A_PREFIX, "198.18.0.0" }, { UMX_BIS_SPOOL_A_PLEN, "15" },
	    { UMX_BIS_SPOOL_A_SOURCE, "2001:db8::46" } },
	  { } },
	{ 3, UMX_BIS_CMD_MAP_ADD, UMX_BIS_CMD_MAP_DEL, false,
	  { { UMX_BIS_MAP_A_ADDR4, "198.18.0.10" }, { UMX_BIS_MAP_A_ADDR6, "2001:db8:d::1" } },
	  { { UMX_BIS_MAP_A_ADDR4, "198.18.0.10" } } },
	{ 3, UMX_BIS_CMD_MAP_LEASE, UMX_BIS_CMD_MAP_DEL, false,
	  { { UMX_BIS_MAP_A_ADDR6, "2001:db8:d::2" }, { UMX_BIS_MAP_A_LIFETIME, "60" } },
	  { { UMX_BIS_MAP_A_ADDR6, "2001:db8:d::2" } } },
};

static int nth_fd = -1;

static void nth_set(unsigned int nth)
{
	char text[16];
	int n = snprintf(text, sizeof(text), "%u", nth);

	if (pwrite(nth_fd, text, n, 0) != n) {
		perror("fail-nth");
		exit(2);
	}
}

/* How many allocations were missing before the one that was to fail. */
static unsigned int nth_left(void)
{
	char text[16] = "";

	if (pread(nth_fd, text, sizeof(text) - 1, 0) < 0) {
		perror("fail-nth");
		exit(2);
	}
	return strtoul(text, NULL, 10);
}

static void build(struct message *m, unsigned int family, unsigned char cmd,
		  const struct value *v)
{
	const struct cmd_spec *c = cmd_find(&families[family], cmd);

	message_begin(m, &families[family], cmd, c->dump);
	for (; v->type; v++)
		message_put_text(m, v->type, attr_find(c, v->type)->form, v->text);
}

static void starve_pair(unsigned int i)
{
	const char *name = cmd_find(&families[pairs[i].family], pairs[i].add)->name;
	unsigned int nth, left, refused = 0, done = 0, bad = 0;
	struct message add, del;
	struct answer a, gone;
	uint64_t before, after;

	build(&add, pairs[i].family, pairs[i].add, pairs[i].value);
	build(&del, pairs[i].family, pairs[i].del, pairs[i].gone);
	before = state_hash(NULL);
	for (nth = 1; nth < 1000; nth++) {
		nth_set(nth);
		talk(&add, &a);
		left = nth_left();
		nth_set(0);
		after = state_hash(NULL);
		if (after == before) {
			refused++;
			/* SILENCE: the message, or the answer to it, was what there was no memory for */
			if (a.error == 0 || (a.error > 0 && !error_name(a.error)))
				bad++;
		} else {
			done++;
			talk(&del, &gone);
			if (a.error > 0 || gone.error || state_hash(NULL) != before)
				bad++;
		}
		if (bad) {
			printf("%s: allocation %u: error %d \"%s\", %s\n", name, nth, a.error,
			       a.sentence, after == before ? "no change" : "changed");
			break;
		}
		if (left)
			break;
	}
	if (pairs[i].stays)
		talk(&add, &a);
	point(!bad && nth > 1 && left, "%s: each of %u allocations fails once: refused %u times, done %u times",
	      name, nth - 1, refused, done);
}

static void starve_dump(unsigned int family, const struct cmd_spec *c)
{
	uint64_t before = state_hash(NULL);
	unsigned int nth, left = 0;
	struct message m;
	struct answer a;

	message_base(&m, &families[family], c, 0);
	for (nth = 1; nth < 1000 && !left; nth++) {
		nth_set(nth);
		talk(&m, &a);
		left = nth_left();
		nth_set(0);
		talk_quiet();
	}
	talk(&m, &a);
	point(left && !a.error && state_hash(NULL) == before, "%s: each of %u allocations fails once",
	      c->name, nth - 2);
}

void starve(void)
{
	size_t f, i;

	nth_fd = open("/proc/thread-self/fail-nth", O_RDWR);
	if (nth_fd < 0) {
		perror("fail-nth");
		exit(2);
	}
	for (i = 0; i < COUNT(pairs); i++)
		starve_pair(i);
	for (f = 0; f < COUNT(families); f++)
		for (i = 0; i < families[f].n; i++)
			if (families[f].cmds[i].dump)
				starve_dump(f, &families[f].cmds[i]);
}
