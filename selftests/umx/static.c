// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns a statically linked client: "static ADDR PORT [COUNT]" connects COUNT times, one connection after
 * the other, and prints the address each leaves from. Without COUNT it holds its one connection until its standard
 * input ends. Its connections end with an RST: no TIME_WAIT stays.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int call(const struct sockaddr_in6 *to)
{
	struct linger now = { .l_onoff = 1 };
	struct sockaddr_in6 self = { 0 };
	socklen_t len = sizeof(self);
	char text[INET6_ADDRSTRLEN];
	int fd;

	fd = socket(AF_INET6, SOCK_STREAM, 0);
	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now)) ||
	    connect(fd, (const struct sockaddr *)to, sizeof(*to)) ||
	    getsockname(fd, (struct sockaddr *)&self, &len)) {
		printf("%s\n", strerrorname_np(errno));
		exit(1);
	}
	puts(inet_ntop(AF_INET6, &self.sin6_addr, text, sizeof(text)));
	return fd;
}

int main(int argc, char **argv)
{
	struct sockaddr_in6 to = { .sin6_family = AF_INET6 };
	char c;
	long n;
	int fd;

	if (argc < 3 || inet_pton(AF_INET6, argv[1], &to.sin6_addr) != 1)
		return 2;
	to.sin6_port = htons(atoi(argv[2]));
	if (argc == 3) {
		fd = call(&to);
		fflush(stdout);
		while (read(0, &c, 1) > 0)
			;
		close(fd);
		return 0;
	}
	for (n = atol(argv[3]); n > 0; n--)
		close(call(&to));
	return 0;
}
