// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns an application that knows of umx: it does to a socket what each
 * line of its input says, and prints one line about it.
 *
 *	tcp, udp		a new socket; closing it leaves no TIME_WAIT
 *	bind ADDRESS, connect ADDRESS PORT, disconnect, close
 *	fastopen ADDRESS PORT	connect with data
 *	listen PORT, accept	the accepted one is the socket from then on
 *	listener		the socket is the listener again, what was accepted is closed
 *	set ea MODE, set pool NAME	"ok" or the name of the error
 *	short			set ea with two bytes
 *	nul NAME		set pool, with its NUL
 *	get ea, get pool	the value, or the name of the error
 *	room			get pool into two bytes
 *	info, cut		"KIND STATE POOL LOCAL"; the length of two bytes of it
 *	public			IPV6_PREFER_SRC_PUBLIC
 *	freebind		IPV6_FREEBIND: bind to any address
 *	family			IPV6_ADDRFORM: AF_INET from now on
 *	ulp NAME		TCP_ULP
 *	enter PATH		be in another network namespace; the socket stays in its own
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/umx_socket.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#ifndef IPV6_ADDR_PREFERENCES
#define IPV6_ADDR_PREFERENCES	72
#endif
#define PREFER_SRC_PUBLIC	2

static int sock = -1, listener = -1;

static void tell(int ret)
{
	puts(ret < 0 ? strerrorname_np(errno) : "ok");
}

static struct sockaddr_in6 address(const char *text, const char *port)
{
	struct sockaddr_in6 sin6 = { .sin6_family = AF_INET6 };

	if (text)
		inet_pton(AF_INET6, text, &sin6.sin6_addr);
	if (port)
		sin6.sin6_port = htons(atoi(port));
	return sin6;
}

static void impatient(void)
{
	struct linger linger = { .l_onoff = 1 };
	struct timeval limit = { .tv_sec = 160 };

	setsockopt(sock, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger));
	setsockopt(sock, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
}

static void fresh(int type)
{
	if (sock >= 0 && sock != listener)
		close(sock);
	sock = socket(AF_INET6, type, 0);
	impatient();
	tell(sock);
}

static int option(const char *name)
{
	return !strcmp(name, "ea") ? UMX_SO_EA : !strcmp(name, "pool") ? UMX_SO_POOL : UMX_SO_INFO;
}

static int put(int opt, const void *value, socklen_t len)
{
	return setsockopt(sock, IPPROTO_IPV6, opt, value, len);
}

static void set(const char *name, const char *value)
{
	int mode = value ? atoi(value) : 0;

	if (option(name) == UMX_SO_POOL)
		tell(put(UMX_SO_POOL, value, value ? strlen(value) : 0));
	else
		tell(put(option(name), &mode, sizeof(mode)));
}

static void get(const char *name)
{
	char pool[UMX_POOL_NAME_MAX];
	socklen_t len = sizeof(int);
	int mode;

	if (option(name) == UMX_SO_POOL) {
		len = sizeof(pool);
		if (getsockopt(sock, IPPROTO_IPV6, UMX_SO_POOL, pool, &len))
			tell(-1);
		else
			printf("\"%.*s\" %u\n", (int)len, pool, len);
	} else if (getsockopt(sock, IPPROTO_IPV6, UMX_SO_EA, &mode, &len)) {
		tell(-1);
	} else {
		printf("%d\n", mode);
	}
}

static void room(void)
{
	socklen_t len = 2;
	char pool[2];

	tell(getsockopt(sock, IPPROTO_IPV6, UMX_SO_POOL, pool, &len));
}

static void info(socklen_t len)
{
	struct umx_socket_info info = {};
	struct sockaddr_in6 sin6;
	socklen_t room = len, size = sizeof(sin6);
	char local[INET6_ADDRSTRLEN];

	if (getsockopt(sock, IPPROTO_IPV6, UMX_SO_INFO, &info, &len)) {
		tell(-1);
	} else if (room < sizeof(info)) {
		printf("%u bytes, %s\n", len, *info.pool ? "more" : "no more");
	} else {
		getsockname(sock, (void *)&sin6, &size);
		printf("%u %u %s %s\n", info.kind, info.state, *info.pool ? info.pool : "-",
		       inet_ntop(AF_INET6, &sin6.sin6_addr, local, sizeof(local)));
	}
}

static void listen_on(const char *port)
{
	struct sockaddr_in6 sin6 = address(NULL, port);
	int one = 1;

	setsockopt(sock, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	listener = sock;
	tell(bind(sock, (void *)&sin6, sizeof(sin6)) ?: listen(sock, 8));
}

static void accept_one(void)
{
	sock = accept(listener, NULL, NULL);
	impatient();
	tell(sock);
}

static void listen_again(void)
{
	if (sock >= 0 && sock != listener)
		close(sock);
	sock = listener;
	tell(sock);
}

static void enter(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), ret = setns(fd, CLONE_NEWNET);

	tell(ret);
	close(fd);
}

/* What is about umx's options. */
static int run_option(const char *what, const char *a, const char *b)
{
	int one = 1;

	if (!strcmp(what, "set"))
		set(a, b);
	else if (!strcmp(what, "short"))
		tell(put(UMX_SO_EA, &one, 2));
	else if (!strcmp(what, "nul"))
		tell(put(UMX_SO_POOL, a, strlen(a) + 1));
	else if (!strcmp(what, "get"))
		get(a);
	else if (!strcmp(what, "room"))
		room();
	else if (!strcmp(what, "info"))
		info(sizeof(struct umx_socket_info));
	else if (!strcmp(what, "cut"))
		info(2);
	else
		return 0;
	return 1;
}

/* What is about other options. */
static int run_other(const char *what, const char *a)
{
	int public = PREFER_SRC_PUBLIC, family = AF_INET, one = 1;

	if (!strcmp(what, "public"))
		tell(put(IPV6_ADDR_PREFERENCES, &public, sizeof(public)));
	else if (!strcmp(what, "freebind"))
		tell(put(IPV6_FREEBIND, &one, sizeof(one)));
	else if (!strcmp(what, "family"))
		tell(put(IPV6_ADDRFORM, &family, sizeof(family)));
	else if (!strcmp(what, "ulp"))
		tell(setsockopt(sock, IPPROTO_TCP, TCP_ULP, a, strlen(a)));
	else if (!strcmp(what, "enter"))
		enter(a);
	else
		return 0;
	return 1;
}

/* What is about the socket. */
static void run(const char *what, const char *a, const char *b)
{
	struct sockaddr_in6 sin6 = address(a, b);
	struct sockaddr none = { .sa_family = AF_UNSPEC };

	if (!strcmp(what, "tcp"))
		fresh(SOCK_STREAM);
	else if (!strcmp(what, "udp"))
		fresh(SOCK_DGRAM);
	else if (!strcmp(what, "bind"))
		tell(bind(sock, (void *)&sin6, sizeof(sin6)));
	else if (!strcmp(what, "connect"))
		tell(connect(sock, (void *)&sin6, sizeof(sin6)));
	else if (!strcmp(what, "fastopen"))
		tell(sendto(sock, "x", 1, MSG_FASTOPEN | MSG_NOSIGNAL, (void *)&sin6, sizeof(sin6)));
	else if (!strcmp(what, "disconnect"))
		tell(connect(sock, &none, sizeof(none)));
	else if (!strcmp(what, "listen"))
		listen_on(a);
	else if (!strcmp(what, "accept"))
		accept_one();
	else if (!strcmp(what, "listener"))
		listen_again();
	else if (!strcmp(what, "close"))
		tell(close(sock));
	else
		puts("what?");
}

int main(void)
{
	char line[256], *what, *a, *b;

	setvbuf(stdout, NULL, _IOLBF, 0);
	while (fgets(line, sizeof(line), stdin)) {
		what = strtok(line, "\n ");
		a = strtok(NULL, "\n ");
		b = strtok(NULL, "\n ");
		if (what && !run_option(what, a, b) && !run_other(what, a))
			run(what, a, b);
	}
	return 0;
}
