// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the server: one process, one connection at a time.
 */
#include <arpa/inet.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>
#include "load.h"

#define SINK_BUFFER	(256 * 1024)

static void serve_echo(int fd)
{
	char c;

	while (read(fd, &c, 1) == 1)
		if (write(fd, &c, 1) != 1)
			break;
	close(fd);
}

static void serve_sink(int fd)
{
	static char *buf;
	struct pollfd end = { .fd = fd };
	char c = LOAD_SINK;

	if (!buf)
		buf = malloc(SINK_BUFFER);
	while (read(fd, buf, SINK_BUFFER) > 0)
		;
	if (write(fd, &c, 1) != 1)
		die("answer");
	poll(&end, 1, -1);	/* the client's RST: no TIME_WAIT */
	close(fd);
}

static int held[LOAD_HELD_MAX];
static int n_held;

static void serve_hold(int fd)
{
	if (n_held == LOAD_HELD_MAX)
		close(fd);
	else
		held[n_held++] = fd;
}

static void serve_drop(int fd)
{
	while (n_held)
		close(held[--n_held]);
	close(fd);
}

/* The client begins when it is answered: the socket is there then. */
static void serve_udp(int fd, in_port_t port)
{
	struct sockaddr_in6 at = {
		.sin6_family = AF_INET6,
		.sin6_port = htons(port),
	};
	int ufd = socket(AF_INET6, SOCK_DGRAM, 0);
	char buf[LOAD_DATAGRAM], mode = LOAD_UDP;
	socklen_t len = sizeof(at);

	if (ufd < 0 || bind(ufd, (struct sockaddr *)&at, sizeof(at)))
		die("bind");
	if (write(fd, &mode, 1) != 1)
		die("answer");
	while (recvfrom(ufd, buf, sizeof(buf), 0, (struct sockaddr *)&at,
			&len) > 0 && buf[0] != LOAD_DROP)
		if (buf[0] == LOAD_ECHO &&
		    sendto(ufd, buf, 1, 0, (struct sockaddr *)&at, len) != 1)
			die("answer");
	close(ufd);
	close(fd);
}

static void serve_one(int fd, in_port_t port)
{
	char mode;

	if (read(fd, &mode, 1) != 1) {
		close(fd);
		return;
	}
	if (mode == LOAD_UDP) {
		serve_udp(fd, port);
		return;
	}
	if (write(fd, &mode, 1) != 1)
		die("answer");
	switch (mode) {
	case LOAD_KEEP:
		return;
	case LOAD_HOLD:
		serve_hold(fd);
		return;
	case LOAD_DROP:
		serve_drop(fd);
		return;
	case LOAD_SINK:
		serve_sink(fd);
		return;
	default:
		serve_echo(fd);
	}
}

void serve(in_port_t port)
{
	struct sockaddr_in6 at = {
		.sin6_family = AF_INET6,
		.sin6_port = htons(port),
	};
	int lfd = socket(AF_INET6, SOCK_STREAM, load_protocol);
	int one = 1, fd;

	if (lfd < 0 ||
	    setsockopt(lfd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)) ||
	    setsockopt(lfd, IPPROTO_IPV6, IPV6_V6ONLY, &one, sizeof(one)) ||
	    bind(lfd, (struct sockaddr *)&at, sizeof(at)) ||
	    listen(lfd, 4096))
		die("listen");
	for (;;) {
		fd = accept(lfd, NULL, NULL);
		if (fd < 0)
			die("accept");
		serve_one(fd, port);
	}
}
