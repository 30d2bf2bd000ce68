// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns an application that knows of umx_preserve: it does to a socket
 * what each line of its input says, and prints one line about it.
 *
 *	tcp, udp		a new socket
 *	bind ADDRESS, connect ADDRESS PORT, disconnect, close
 *	listen PORT, accept	the accepted one is the socket from then on
 *	listener		the socket is the listener again, what was accepted is closed
 *	set OPTION VALUE	"ok" or the name of the error
 *	short OPTION		set it with two bytes
 *	get OPTION		its value, or the name of the error
 *	info, cut		where the connection is; 4 bytes of it
 *	say WORD, hear		send a word; print one that came
 *	poll			what poll() says, without waiting
 *	note			take a message out of the error queue
 *	error			SO_ERROR
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/errqueue.h>
#include <linux/umx_preserve_socket.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

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

static int fresh(int type)
{
	struct timeval limit = { .tv_sec = 160 };

	if (sock >= 0 && sock != listener)
		close(sock);
	sock = socket(AF_INET6, type, 0);
	setsockopt(sock, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	return sock;
}

static int option(const char *name)
{
	return !strcmp(name, "mode") ? UMX_PRESERVE_SO_MODE :
	       !strcmp(name, "notify") ? UMX_PRESERVE_SO_NOTIFY : UMX_PRESERVE_SO_INFO;
}

static void print_info(const struct umx_preserve_socket_info *info)
{
	char local[INET6_ADDRSTRLEN], peer[INET6_ADDRSTRLEN];

	printf("%u %u %s %s\n", info->moves, info->reason,
	       inet_ntop(AF_INET6, info->local, local, sizeof(local)),
	       inet_ntop(AF_INET6, info->peer, peer, sizeof(peer)));
}

static void get(const char *name)
{
	socklen_t len = sizeof(int);
	int value;

	if (getsockopt(sock, IPPROTO_IPV6, option(name), &value, &len))
		tell(-1);
	else
		printf("%d\n", value);
}

static void info(socklen_t len)
{
	struct umx_preserve_socket_info info = {};
	socklen_t room = len;

	if (getsockopt(sock, IPPROTO_IPV6, UMX_PRESERVE_SO_INFO, &info, &len))
		tell(-1);
	else if (room < sizeof(info))
		printf("%u bytes, %s\n", len, info.moves ? "more" : "no more");
	else
		print_info(&info);
}

/* "MOVES REASON LOCAL PEER", if both halves of the message say the same. */
static void note(void)
{
	char control[256];
	struct umx_preserve_socket_info info = {};
	struct iovec iov = { .iov_base = &info, .iov_len = sizeof(info) };
	struct msghdr msg = {
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = control, .msg_controllen = sizeof(control),
	};
	const struct sock_extended_err *ee = NULL;
	struct cmsghdr *cmsg;

	if (recvmsg(sock, &msg, MSG_ERRQUEUE) < 0) {
		tell(-1);
		return;
	}
	for (cmsg = CMSG_FIRSTHDR(&msg); cmsg; cmsg = CMSG_NXTHDR(&msg, cmsg))
		if (cmsg->cmsg_level == IPPROTO_IPV6 && cmsg->cmsg_type == IPV6_RECVERR)
			ee = (const struct sock_extended_err *)CMSG_DATA(cmsg);
	if (!ee || ee->ee_origin != UMX_PRESERVE_EE_ORIGIN || ee->ee_errno || ee->ee_type ||
	    ee->ee_code != info.reason || ee->ee_info != info.session ||
	    ee->ee_data != info.moves || !info.session || !info.time)
		printf("another message\n");
	else
		print_info(&info);
}

static void poll_now(void)
{
	struct pollfd p = { .fd = sock, .events = POLLIN | POLLOUT };

	poll(&p, 1, 0);
	printf("%s%s%s%s.\n", p.revents & POLLIN ? "in " : "", p.revents & POLLOUT ? "out " : "",
	       p.revents & POLLERR ? "err " : "", p.revents & POLLHUP ? "hup " : "");
}

static void hear(void)
{
	char text[64];
	ssize_t len = recv(sock, text, sizeof(text) - 1, 0);

	if (len < 0)
		tell(-1);
	else
		printf("%.*s\n", (int)len, text);
}

static void listen_on(const char *port)
{
	struct sockaddr_in6 sin6 = address(NULL, port);
	int one = 1;

	setsockopt(sock, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	listener = sock;
	tell(bind(sock, (void *)&sin6, sizeof(sin6)) ?: listen(sock, 8));
}

static void listen_again(void)
{
	if (sock >= 0 && sock != listener)
		close(sock);
	sock = listener;
	tell(sock);
}

static void accept_one(void)
{
	struct timeval limit = { .tv_sec = 160 };

	sock = accept(listener, NULL, NULL);
	setsockopt(sock, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	tell(sock);
}

static void error(void)
{
	socklen_t len = sizeof(int);
	int value;

	getsockopt(sock, SOL_SOCKET, SO_ERROR, &value, &len);
	printf("%d\n", value);
}

/* What is about addresses, and what is about the socket. */
static void run(const char *what, const char *a, const char *b)
{
	struct sockaddr_in6 sin6 = address(a, b);
	struct sockaddr none = { .sa_family = AF_UNSPEC };
	int value = b ? atoi(b) : 0;

	if (!strcmp(what, "tcp"))
		tell(fresh(SOCK_STREAM));
	else if (!strcmp(what, "udp"))
		tell(fresh(SOCK_DGRAM));
	else if (!strcmp(what, "bind"))
		tell(bind(sock, (void *)&sin6, sizeof(sin6)));
	else if (!strcmp(what, "connect"))
		tell(connect(sock, (void *)&sin6, sizeof(sin6)));
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
	else if (!strcmp(what, "set"))
		tell(setsockopt(sock, IPPROTO_IPV6, option(a), &value, sizeof(value)));
	else if (!strcmp(what, "short"))
		tell(setsockopt(sock, IPPROTO_IPV6, option(a), &value, 2));
	else if (!strcmp(what, "get"))
		get(a);
	else if (!strcmp(what, "info"))
		info(sizeof(struct umx_preserve_socket_info));
	else if (!strcmp(what, "cut"))
		info(4);
	else if (!strcmp(what, "say"))
		tell(send(sock, a, strlen(a), MSG_NOSIGNAL));
	else if (!strcmp(what, "hear"))
		hear();
	else if (!strcmp(what, "poll"))
		poll_now();
	else if (!strcmp(what, "note"))
		note();
	else if (!strcmp(what, "error"))
		error();
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
		if (what)
			run(what, a, b);
	}
	return 0;
}
