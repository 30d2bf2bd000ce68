// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns pps: datagrams of 64 bytes one way, as many on their way as
 * any socket buffer takes; the last of each window is answered.
 */
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "load.h"

static void window(int fd, int n)
{
	char buf[LOAD_DATAGRAM] = { LOAD_DATA };

	while (n--) {
		if (!n)
			buf[0] = LOAD_ECHO;
		if (send(fd, buf, sizeof(buf), 0) != sizeof(buf))
			die("send");
	}
	if (recv(fd, buf, sizeof(buf), 0) < 1)
		die("recv");
}

void pps(const struct load_job *job)
{
	int control = load_connect(job, 0), fd;
	char last = LOAD_DROP;
	long long start;
	long i;

	load_ask(control, LOAD_UDP);
	fd = load_datagrams(job);
	for (i = 0; i < 10; i++)
		window(fd, LOAD_WINDOW);
	start = now();
	mark_begin();
	for (i = 0; i < job->n / LOAD_WINDOW; i++)
		window(fd, LOAD_WINDOW);
	mark_end();
	printf("%ld %lld\n", i * LOAD_WINDOW, now() - start);
	if (send(fd, &last, 1, 0) != 1)
		die("send");
	close(fd);
	load_reset(control);
}
