// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the routes of pools. A throw route ends the search for a way
 * to the prefix: the module takes the packets that find none, and without the
 * module they have none.
 */
#include <errno.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "nl.h"
#include "route.h"

void prefixes_add(struct prefixes *prefixes, const struct in6_addr *addr, uint8_t plen)
{
	struct prefix *list;

	list = reallocarray(prefixes->list, prefixes->count + 1, sizeof(*list));
	if (!list)
		abort();
	list[prefixes->count].addr = *addr;
	list[prefixes->count].plen = plen;
	prefixes->list = list;
	prefixes->count++;
}

void prefixes_free(struct prefixes *prefixes)
{
	free(prefixes->list);
	memset(prefixes, 0, sizeof(*prefixes));
}

static int route_call(uint16_t type, int flags, const struct in6_addr *addr, uint8_t plen)
{
	struct rtmsg rtm = {
		.rtm_family = AF_INET6,
		.rtm_dst_len = plen,
		.rtm_table = RT_TABLE_MAIN,
		.rtm_protocol = ROUTE_PROTO,
		.rtm_type = RTN_THROW,
	};
	struct nl_msg *msg;

	msg = unl_route(type, flags, &rtm, sizeof(rtm));
	if (!msg)
		return -ENOMEM;
	nla_put(msg, RTA_DST, sizeof(*addr), addr);
	return unl_call(msg, NULL, NULL);
}

/* Replaces: what a reload of the module left behind is in nobody's way. */
int route_add(const struct in6_addr *addr, uint8_t plen)
{
	return route_call(RTM_NEWROUTE, NLM_F_CREATE | NLM_F_REPLACE, addr, plen);
}

int route_del(const struct in6_addr *addr, uint8_t plen)
{
	int err = route_call(RTM_DELROUTE, 0, addr, plen);

	return err == -ESRCH ? 0 : err;
}

static void route_read(const struct nlmsghdr *nlh, void *arg)
{
	const struct rtmsg *rtm = nlmsg_data(nlh);
	const struct nlattr *dst;
	struct in6_addr addr;

	dst = nlmsg_find_attr((struct nlmsghdr *)nlh, sizeof(*rtm), RTA_DST);
	/* Asked for already; kernels without strict checks send everything. */
	if (!dst || nla_len(dst) != sizeof(addr) || rtm->rtm_protocol != ROUTE_PROTO ||
	    rtm->rtm_table != RT_TABLE_MAIN)
		return;
	memcpy(&addr, nla_data(dst), sizeof(addr));
	prefixes_add(arg, &addr, rtm->rtm_dst_len);
}

static void route_restart(void *arg)
{
	prefixes_free(arg);
}

int route_list(struct prefixes *prefixes)
{
	struct rtmsg rtm = {
		.rtm_family = AF_INET6,
		.rtm_table = RT_TABLE_MAIN,
		.rtm_protocol = ROUTE_PROTO,
		.rtm_type = RTN_THROW,
	};
	struct nl_msg *msg;

	memset(prefixes, 0, sizeof(*prefixes));
	msg = unl_route(RTM_GETROUTE, 0, &rtm, sizeof(rtm));
	if (!msg)
		return -ENOMEM;
	return unl_dump(msg, route_read, route_restart, prefixes);
}

bool route_lo_up(void)
{
	struct ifreq ifr = { .ifr_name = "lo" };
	int fd = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	bool up;

	up = fd >= 0 && !ioctl(fd, SIOCGIFFLAGS, &ifr) && (ifr.ifr_flags & IFF_UP);
	if (fd >= 0)
		close(fd);
	return up;
}
