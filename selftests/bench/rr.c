// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns rr: round trips of one byte on one connection.
 */
#include <netinet/tcp.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>
#include "load.h"

#define RR_BURST	256

/*
 * Many segments at once, so that the caches they come from hold more than the
 * one object a round trip takes and gives back: with one, whether the same
 * slab serves both is luck, and costs or saves 500 instructions each time.
 */
static void rr_burst(int fd)
{
	char buf[RR_BURST] = { LOAD_ECHO };
	int one = 1, i, n;

	if (setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one)))
		die("TCP_NODELAY");
	for (i = 0; i < RR_BURST; i++)
		if (write(fd, buf, 1) != 1)
			die("write");
	for (i = 0; i < RR_BURST; i += n) {
		n = read(fd, buf, RR_BURST - i);
		if (n <= 0)
			die("read");
	}
}

void rr(const struct load_job *job)
{
	int fd = load_connect(job, 0);
	long long start;
	long i;

	for (i = 0; i < job->n / 10; i++)
		load_ask(fd, LOAD_ECHO);
	rr_burst(fd);
	start = now();
	mark_begin();
	for (i = 0; i < job->n; i++)
		load_ask(fd, LOAD_ECHO);
	mark_end();
	printf("%ld %lld\n", job->n, now() - start);
	load_reset(fd);
}
