/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns what the tests' programs in C share: sockets in several
 * network namespaces from one process, and the end when something fails.
 */
#ifndef PAIR_H
#define PAIR_H

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#define KSFT_SKIP	4

#define die(fmt, ...)							\
do {									\
	printf("%s:%d: " fmt ": %s\n", __FILE__, __LINE__,		\
	       ##__VA_ARGS__, strerror(errno));				\
	exit(1);							\
} while (0)

static inline void enter(const char *netns)
{
	char path[128];
	int fd;

	snprintf(path, sizeof(path), "/run/netns/%s", netns);
	fd = open(path, O_RDONLY);
	if (fd < 0 || setns(fd, CLONE_NEWNET))
		die("enter %s", netns);
	close(fd);
}

static inline int tcp6(const char *netns)
{
	/* a kernel full of checks is up to 8 times slower */
	bool slow = !access("/sys/kernel/debug/kmemleak", F_OK);
	struct timeval limit = { .tv_sec = slow ? 160 : 20 };
	int fd, one = 1;

	enter(netns);
	fd = socket(AF_INET6, SOCK_STREAM, 0);
	if (fd < 0)
		die("socket");
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	return fd;
}

static inline int listen6(const char *netns, int port)
{
	struct sockaddr_in6 sin6 = {
		.sin6_family = AF_INET6,
		.sin6_port = htons(port),
	};
	int fd = tcp6(netns);

	if (bind(fd, (struct sockaddr *)&sin6, sizeof(sin6)) ||
	    listen(fd, 64))
		die("listen on %d", port);
	return fd;
}

/* fd connects to addr; the result is the other end, accepted from lfd. */
static inline int pair6(int fd, const char *addr, int port, int lfd)
{
	struct sockaddr_in6 sin6 = {
		.sin6_family = AF_INET6,
		.sin6_port = htons(port),
	};
	int peer;

	if (inet_pton(AF_INET6, addr, &sin6.sin6_addr) != 1)
		die("address %s", addr);
	if (connect(fd, (struct sockaddr *)&sin6, sizeof(sin6)))
		die("connect to %s", addr);
	peer = accept(lfd, NULL, NULL);
	if (peer < 0)
		die("accept from %s", addr);
	return peer;
}

/* len bytes of a pattern go from a to b, whole and unchanged. */
static inline void transfer(int a, int b, size_t len, unsigned int seed)
{
	static char out[1 << 16], in[1 << 16];
	size_t i, got;
	ssize_t n;

	if (len > sizeof(out))
		die("transfer of %zu", len);
	for (i = 0; i < len; i++)
		out[i] = (seed + i) * 2654435761u >> 24;
	if (send(a, out, len, 0) != (ssize_t)len)
		die("send %zu", len);
	for (got = 0; got < len; got += n) {
		n = recv(b, in + got, len - got, 0);
		if (n <= 0)
			die("recv after %zu of %zu (%zd)", got, len, n);
	}
	if (memcmp(in, out, len))
		die("%zu bytes arrived changed", len);
}

/* Close both ends; kind chooses who is first, and how. */
static inline void close_pair(int a, int b, unsigned int kind)
{
	struct linger rst = { .l_onoff = 1 };

	if (kind % 4 == 2)
		setsockopt(a, SOL_SOCKET, SO_LINGER, &rst, sizeof(rst));
	if (kind % 4 == 3)
		setsockopt(b, SOL_SOCKET, SO_LINGER, &rst, sizeof(rst));
	close(kind % 2 ? b : a);
	close(kind % 2 ? a : b);
}

#endif /* PAIR_H */
