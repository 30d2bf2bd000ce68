// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns an application that knows of umx: what it does beside what all
 * of them do (app.h). Its sockets leave no TIME_WAIT.
 *
 *	fastopen ADDRESS PORT	connect with data
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
#include <fcntl.h>
#include <linux/umx_socket.h>
#include <netinet/tcp.h>
#include <sched.h>
#include "../app.h"

#ifndef IPV6_ADDR_PREFERENCES
#define IPV6_ADDR_PREFERENCES	72
#endif
#define PREFER_SRC_PUBLIC	2

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

/* What is about other options, and the socket. */
static int run_other(const char *what, const char *a, const char *b)
{
	int public = PREFER_SRC_PUBLIC, family = AF_INET, one = 1;
	struct sockaddr_in6 sin6 = address(a, b);

	if (!strcmp(what, "fastopen"))
		tell(sendto(sock, "x", 1, MSG_FASTOPEN | MSG_NOSIGNAL, (void *)&sin6, sizeof(sin6)));
	else if (!strcmp(what, "public"))
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

static int run(const char *what, const char *a, const char *b)
{
	return run_option(what, a, b) || run_other(what, a, b);
}

int main(void)
{
	no_time_wait = 1;
	return app_main(run);
}
