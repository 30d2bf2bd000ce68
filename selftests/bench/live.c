// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns live: what it costs to add, find and dispose of an address
 * beside so many that live already, and the memory they take.
 *
 * "find" is an SSA asked for on an address that lives: the table is asked, the
 * request refused.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "load.h"

#define LIVE_PROBES	1000	/* requests per figure */
#define LIVE_SETTLE	2	/* seconds for what the kernel does later */

static void live_add(in_port_t port, struct in6_addr *made)
{
	int err = genl_ssa_add(port, NULL, made);

	if (err) {
		errno = -err;
		die("add an SSA");
	}
}

static void live_find(in_port_t port, const struct in6_addr *addr)
{
	struct in6_addr none;

	if (genl_ssa_add(port, addr, &none) != -EADDRINUSE) {
		errno = EINVAL;
		die("a live address is refused");
	}
}

static void live_dispose(const struct in6_addr *addr)
{
	int err = genl_ssa_del(addr);

	if (err) {
		errno = -err;
		die("dispose an SSA");
	}
}

static void live_print(long population, const char *what, long long start)
{
	printf("live %ld %s %d %lld\n", population, what, LIVE_PROBES,
	       now() - start);
	fflush(stdout);
}

/* What the kernel has in slabs and vmalloc areas: addresses and their table. */
static void live_memory(long population)
{
	FILE *meminfo = fopen("/proc/meminfo", "r");
	long long kb, sum = 0;
	char line[128];

	if (!meminfo)
		die("/proc/meminfo");
	while (fgets(line, sizeof(line), meminfo))
		if (sscanf(line, "Slab: %lld", &kb) == 1 ||
		    sscanf(line, "VmallocUsed: %lld", &kb) == 1)
			sum += kb;
	fclose(meminfo);
	printf("memory %ld %lld\n", population, sum * 1024);
	fflush(stdout);
}

static void live_probe(long population, in_port_t port)
{
	static struct in6_addr probes[LIVE_PROBES];
	long long start;
	int i;

	sleep(LIVE_SETTLE);
	live_memory(population);
	start = now();
	for (i = 0; i < LIVE_PROBES; i++)
		live_add(port, &probes[i]);
	live_print(population, "add", start);

	start = now();
	for (i = 0; i < LIVE_PROBES; i++)
		live_find(port, &probes[i]);
	live_print(population, "find", start);

	start = now();
	for (i = 0; i < LIVE_PROBES; i++)
		live_dispose(&probes[i]);
	live_print(population, "dispose", start);
}

/* @populations: ascending, separated by commas. */
void live(const char *populations, in_port_t port)
{
	struct in6_addr forgotten;
	long alive = 0, want;
	char *rest;

	live_add(port, &forgotten);	/* the first request finds the family */
	for (;; populations = rest + 1) {
		want = strtol(populations, &rest, 10);
		for (; alive < want; alive++)
			live_add(port, &forgotten);
		live_probe(want, port);
		if (*rest != ',')
			break;
	}
}
