// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the client's end of a connection, and the clock.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#include "load.h"

/* of every connection: 0, or IPPROTO_MPTCP */
int load_protocol;

void die(const char *what)
{
	perror(what);
	exit(1);
}

long long now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000LL + ts.tv_nsec;
}

/*
 * No-operations that an emulator can recognise: what lies between them is
 * what the profile is made of.
 */
void mark_begin(void)
{
	asm volatile(".byte 0x0f, 0x1f, 0x80, 0x01, 0x58, 0x4d, 0x55" ::: "memory");
}

void mark_end(void)
{
	asm volatile(".byte 0x0f, 0x1f, 0x80, 0x02, 0x58, 0x4d, 0x55" ::: "memory");
}

/* A program that knows IPv4 only. */
static int connect_four(const struct in6_addr *mapped, in_port_t port, int type)
{
	struct sockaddr_in to = {
		.sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr.s_addr = mapped->s6_addr32[3],
	};
	int fd = socket(AF_INET, type, type == SOCK_STREAM ? load_protocol : 0);

	if (fd < 0)
		die("socket");
	if (connect(fd, (struct sockaddr *)&to, sizeof(to)))
		die("connect");
	return fd;
}

static int connect_six(const struct in6_addr *addr, in_port_t port, int type)
{
	struct sockaddr_in6 to = {
		.sin6_family = AF_INET6,
		.sin6_port = htons(port),
		.sin6_addr = *addr,
	};
	int fd = socket(AF_INET6, type, type == SOCK_STREAM ? load_protocol : 0);

	if (fd < 0)
		die("socket");
	source_bind(fd);
	if (connect(fd, (struct sockaddr *)&to, sizeof(to)))
		die("connect");
	return fd;
}

static int connect_nth(const struct load_job *job, long i, int type)
{
	const struct in6_addr *to = &job->to[(size_t)i < job->n_to ?
					     (size_t)i : job->n_to - 1];

	if (IN6_IS_ADDR_V4MAPPED(to))
		return connect_four(to, job->port, type);
	return connect_six(to, job->port, type);
}

/* The @i-th connection of @job. */
int load_connect(const struct load_job *job, long i)
{
	return connect_nth(job, i, SOCK_STREAM);
}

/* A socket for datagrams to the same. */
int load_datagrams(const struct load_job *job)
{
	return connect_nth(job, 0, SOCK_DGRAM);
}

/* One byte there, one byte back. */
void load_ask(int fd, char mode)
{
	if (write(fd, &mode, 1) != 1)
		die("write");
	if (read(fd, &mode, 1) != 1)
		die("read");
}

/* Close with a RST: no TIME_WAIT on either end. */
void load_reset(int fd)
{
	struct linger linger = { .l_onoff = 1 };
	struct in6_addr from;
	bool given = source_given(fd, &from);

	if (setsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger)))
		die("SO_LINGER");
	close(fd);
	if (given)
		source_done(&from);
}
