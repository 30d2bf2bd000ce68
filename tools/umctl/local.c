// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the socket to umx-dns, a program and not the kernel, which
 * takes and gives messages of the same form.
 */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "../umx-dns/proto.h"
#include "local.h"

int local_connect(void)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int fd, err;

	if (proto_path(addr.sun_path, sizeof(addr.sun_path)))
		return -errno;
	fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	if (!connect(fd, (void *)&addr, sizeof(addr)))
		return fd;
	err = -errno;
	close(fd);
	return err;
}

bool local_there(void)
{
	int fd = local_connect();

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

int local_talk(int fd, struct nl_msg *msg, bool (*take)(const struct nlmsghdr *nlh, void *arg),
	       void *arg)
{
	const struct nlmsghdr *request = nlmsg_hdr(msg);
	union {
		struct nlmsghdr nlh;
		char bytes[PROTO_SIZE];
	} answer;
	ssize_t len;

	if (send(fd, request, request->nlmsg_len, MSG_NOSIGNAL) < 0)
		return -errno;
	do {
		len = recv(fd, answer.bytes, sizeof(answer), 0);
		if (len < 0)
			return -errno;
		if (!nlmsg_ok(&answer.nlh, len))
			return -ECONNRESET;
	} while (take(&answer.nlh, arg));
	return 0;
}
