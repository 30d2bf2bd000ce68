// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns an application that knows of umx_preserve: what it does beside
 * what all of them do (app.h).
 *
 *	set OPTION VALUE	"ok" or the name of the error
 *	short OPTION		set it with two bytes
 *	get OPTION		its value, or the name of the error
 *	info, cut		where the connection is; 4 bytes of it
 *	say WORD, hear		send a word; print one that came
 *	poll			what poll() says, without waiting
 *	note			take a message out of the error queue
 *	error			SO_ERROR
 */
#include <time.h>	/* linux/errqueue.h wants it */
#include <linux/errqueue.h>
#include <linux/umx_preserve_socket.h>
#include <poll.h>
#include "../app.h"

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

static void error(void)
{
	socklen_t len = sizeof(int);
	int value;

	getsockopt(sock, SOL_SOCKET, SO_ERROR, &value, &len);
	printf("%d\n", value);
}

static int run(const char *what, const char *a, const char *b)
{
	int value = b ? atoi(b) : 0;

	if (!strcmp(what, "set"))
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
		return 0;
	return 1;
}

int main(void)
{
	return app_main(run);
}
