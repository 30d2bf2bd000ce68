// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns rr: round trips of one byte on one connection.
 */
#include <stdio.h>
#include "load.h"

void rr(const struct load_job *job)
{
	int fd = load_connect(job, 0);
	long long start;
	long i;

	for (i = 0; i < job->n / 10; i++)
		load_ask(fd, LOAD_ECHO);
	burst_segments(fd);
	start = now();
	mark_begin();
	for (i = 0; i < job->n; i++)
		load_ask(fd, LOAD_ECHO);
	mark_end();
	printf("%ld %lld\n", job->n, now() - start);
	load_reset(fd);
}
