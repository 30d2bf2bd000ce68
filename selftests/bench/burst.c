// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns bursts: much at once before a measurement, so that every
 * cache an operation takes something from has a slab with many free objects at
 * hand. With a nearly full one, whether an object goes back to the slab it
 * came from is luck, and costs or saves 500 instructions per cache, each time.
 */
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>
#include "load.h"

#define BURST_SEGMENTS	256

/* Segments in both directions of an echoing connection. */
void burst_segments(int fd)
{
	char buf[BURST_SEGMENTS] = { LOAD_ECHO };
	int one = 1, i, n;

	if (setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one)))
		die("TCP_NODELAY");
	for (i = 0; i < BURST_SEGMENTS; i++)
		if (write(fd, buf, 1) != 1)
			die("write");
	for (i = 0; i < BURST_SEGMENTS; i += n) {
		n = read(fd, buf, BURST_SEGMENTS - i);
		if (n <= 0)
			die("read");
	}
}

/*
 * Connections number @i to @to - 1 of @job: most of them open at once, one that
 * ends them, one with segments.
 */
void burst_connections(const struct load_job *job, long i, long to)
{
	int held[LOAD_HELD_MAX], n = 0, fd;

	for (; i < to - 2 && n < LOAD_HELD_MAX; i++, n++) {
		held[n] = load_connect(job, i);
		load_ask(held[n], LOAD_HOLD);
	}
	while (n)
		load_reset(held[--n]);
	fd = load_connect(job, i++);
	load_ask(fd, LOAD_DROP);
	load_reset(fd);
	fd = load_connect(job, i);
	load_ask(fd, LOAD_ECHO);
	burst_segments(fd);
	load_reset(fd);
}
