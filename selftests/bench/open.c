// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns open: connections that stay, and what the next one costs.
 */
#include <stdio.h>
#include "load.h"

void open_many(const struct load_job *job)
{
	long long start = now(), connecting = 0, t;
	long i;
	int fd;

	for (i = 1; i <= job->n; i++) {
		t = now();
		fd = load_connect(job, i - 1);
		connecting += now() - t;
		load_ask(fd, LOAD_KEEP);
		if (i % job->window)
			continue;
		/* open connections, ns per connect(), ns with the first byte */
		printf("%ld %lld %lld\n", i, connecting / job->window,
		       (now() - start) / job->window);
		start = now();
		connecting = 0;
	}
}
