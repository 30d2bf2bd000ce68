// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns crr: connect, one byte each way, close with a RST.
 */
#include <stdio.h>
#include "load.h"

static void crr_one(const struct load_job *job, long i)
{
	int fd = load_connect(job, i);

	load_ask(fd, LOAD_ECHO);
	load_reset(fd);
}

void crr(const struct load_job *job)
{
	long warm = job->n / 10, i;
	long long start;

	for (i = 0; i < warm / 4; i++)
		crr_one(job, i);
	burst_connections(job, i, 3 * warm / 4);
	for (i = 3 * warm / 4; i < warm; i++)
		crr_one(job, i);
	start = now();
	mark_begin();
	for (; i < warm + job->n; i++)
		crr_one(job, i);
	mark_end();
	printf("%ld %lld\n", job->n, now() - start);
}
