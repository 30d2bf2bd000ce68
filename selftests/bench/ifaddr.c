// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the adding and deleting of an interface address, one netlink
 * request and its answer each.
 */
#include <errno.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "load.h"

static int ifaddr_socket(void)
{
	static int fd = -1;

	if (fd < 0)
		fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	if (fd < 0)
		die("netlink socket");
	return fd;
}

void ifaddr_change(bool add, unsigned int ifindex, const struct in6_addr *addr)
{
	struct {
		struct nlmsghdr nlh;
		struct ifaddrmsg ifa;
		struct rtattr a_local;
		struct in6_addr local;
		struct rtattr a_flags;
		unsigned int flags;
	} req = {
		.nlh.nlmsg_len = sizeof(req),
		.nlh.nlmsg_type = add ? RTM_NEWADDR : RTM_DELADDR,
		.nlh.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK |
				   (add ? NLM_F_CREATE | NLM_F_EXCL : 0),
		.ifa.ifa_family = AF_INET6,
		.ifa.ifa_prefixlen = 128,
		.ifa.ifa_index = ifindex,
		.a_local = { RTA_LENGTH(sizeof(*addr)), IFA_LOCAL },
		.local = *addr,
		.a_flags = { RTA_LENGTH(sizeof(req.flags)), IFA_FLAGS },
		.flags = IFA_F_NODAD | IFA_F_NOPREFIXROUTE,
	};
	struct {
		struct nlmsghdr nlh;
		struct nlmsgerr err;
		char rest[256];
	} ack;
	int fd = ifaddr_socket();

	if (send(fd, &req, sizeof(req), 0) != sizeof(req))
		die("send to netlink");
	if (recv(fd, &ack, sizeof(ack), 0) < (ssize_t)NLMSG_LENGTH(sizeof(ack.err)))
		die("answer of netlink");
	if (ack.err.error) {
		errno = -ack.err.error;
		die("interface address");
	}
}
