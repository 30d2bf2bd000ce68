/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns what the tests' applications have in common: each line of
 * input is something to be done to a socket, and is answered by one line, "ok"
 * or the name of the error unless it says otherwise. app.sh is the other side.
 *
 *	tcp, udp		a new socket
 *	bind ADDRESS, connect ADDRESS PORT, disconnect, close
 *	listen PORT, accept	the accepted one is the socket from then on
 *	listener		the socket is the listener again, what was accepted is closed
 */
#ifndef SELFTESTS_APP_H
#define SELFTESTS_APP_H

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

static int sock = -1, listener = -1;
static int no_time_wait;	/* closing a socket resets its connection */

static inline void tell(int ret)
{
	puts(ret < 0 ? strerrorname_np(errno) : "ok");
}

static inline struct sockaddr_in6 address(const char *text, const char *port)
{
	struct sockaddr_in6 sin6 = { .sin6_family = AF_INET6 };

	if (text)
		inet_pton(AF_INET6, text, &sin6.sin6_addr);
	if (port)
		sin6.sin6_port = htons(atoi(port));
	return sin6;
}

/* Nobody waits for ever. */
static inline void begin(int fd)
{
	struct linger linger = { .l_onoff = 1 };
	struct timeval limit = { .tv_sec = 160 };

	sock = fd;
	if (no_time_wait)
		setsockopt(sock, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger));
	setsockopt(sock, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	tell(sock);
}

static inline void leave(void)
{
	if (sock >= 0 && sock != listener)
		close(sock);
}

static inline void listen_on(const char *port)
{
	struct sockaddr_in6 sin6 = address(NULL, port);
	int one = 1;

	setsockopt(sock, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	listener = sock;
	tell(bind(sock, (void *)&sin6, sizeof(sin6)) ?: listen(sock, 8));
}

/* Return: 0: it is none of these. */
static inline int app_does(const char *what, const char *a, const char *b)
{
	struct sockaddr_in6 sin6 = address(a, b);
	struct sockaddr none = { .sa_family = AF_UNSPEC };

	if (!strcmp(what, "tcp") || !strcmp(what, "udp")) {
		leave();
		begin(socket(AF_INET6, *what == 't' ? SOCK_STREAM : SOCK_DGRAM, 0));
	} else if (!strcmp(what, "bind")) {
		tell(bind(sock, (void *)&sin6, sizeof(sin6)));
	} else if (!strcmp(what, "connect")) {
		tell(connect(sock, (void *)&sin6, sizeof(sin6)));
	} else if (!strcmp(what, "disconnect")) {
		tell(connect(sock, &none, sizeof(none)));
	} else if (!strcmp(what, "listen")) {
		listen_on(a);
	} else if (!strcmp(what, "accept")) {
		begin(accept(listener, NULL, NULL));
	} else if (!strcmp(what, "listener")) {
		leave();
		sock = listener;
		tell(sock);
	} else if (!strcmp(what, "close")) {
		tell(close(sock));
	} else {
		return 0;
	}
	return 1;
}

/* @more: does what else the application can; 0: it does not know it. */
static inline int app_main(int (*more)(const char *what, const char *a, const char *b))
{
	char line[256], *what, *a, *b;

	setvbuf(stdout, NULL, _IOLBF, 0);
	while (fgets(line, sizeof(line), stdin)) {
		what = strtok(line, "\n ");
		a = strtok(NULL, "\n ");
		b = strtok(NULL, "\n ");
		if (what && !more(what, a, b) && !app_does(what, a, b))
			puts("what?");
	}
	return 0;
}

#endif
