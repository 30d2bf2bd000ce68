// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns bw: bulk data one way, until the server has read all of it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>
#include "load.h"

#define BW_WARM		4	/* megabytes: past slow start, memory touched */

static void bw_send(int fd, const char *buf, long chunk, long megabytes)
{
	long long left = megabytes << 20;
	ssize_t n;

	while (left > 0) {
		n = write(fd, buf, left < chunk ? left : chunk);
		if (n < 0)
			die("write");
		left -= n;
	}
}

void bw(const struct load_job *job)
{
	int fd = load_connect(job, 0);
	char *buf = calloc(1, job->chunk);
	long long start;
	char c;

	if (!buf)
		die("calloc");
	load_ask(fd, LOAD_SINK);
	bw_send(fd, buf, job->chunk, BW_WARM);
	start = now();
	mark_begin();
	bw_send(fd, buf, job->chunk, job->n);
	if (shutdown(fd, SHUT_WR) || read(fd, &c, 1) != 1)
		die("end of data");
	mark_end();
	printf("%ld %lld\n", job->n, now() - start);
	load_reset(fd);
	free(buf);
}
