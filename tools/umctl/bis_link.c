// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns what rtnetlink has to do with a spool: the device it is
 * routed to, the host's own address on it, and the route.
 */
#include <errno.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <linux/umx_bis.h>
#include <net/if.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <string.h>
#include <sys/socket.h>

#include "bis_link.h"
#include "nl.h"
#include "route.h"

/* What @err says is so already is what was wanted. */
static int unless(int err, int fine)
{
	return err == -fine ? 0 : err;
}

int bis_link_make(const char *name)
{
	struct ifinfomsg ifi = { .ifi_family = AF_UNSPEC };
	struct nlattr *info;
	struct nl_msg *msg;

	msg = unl_route(RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, &ifi, sizeof(ifi));
	if (!msg)
		return -ENOMEM;
	nla_put_string(msg, IFLA_IFNAME, name);
	info = nla_nest_start(msg, IFLA_LINKINFO);
	nla_put_string(msg, IFLA_INFO_KIND, UMX_BIS_LINK_KIND);
	nla_nest_end(msg, info);
	return unl_call(msg, NULL, NULL);
}

int bis_link_up(int ifindex)
{
	struct ifinfomsg ifi = {
		.ifi_family = AF_UNSPEC,
		.ifi_index = ifindex,
		.ifi_flags = IFF_UP,
		.ifi_change = IFF_UP,
	};
	struct nl_msg *msg;

	msg = unl_route(RTM_NEWLINK, 0, &ifi, sizeof(ifi));
	return msg ? unl_call(msg, NULL, NULL) : -ENOMEM;
}

static int addr_call(uint16_t type, int flags, int ifindex, const struct in_addr *self)
{
	struct ifaddrmsg ifa = {
		.ifa_family = AF_INET,
		.ifa_prefixlen = 32,
		.ifa_scope = RT_SCOPE_UNIVERSE,
		.ifa_index = ifindex,
	};
	struct nl_msg *msg;

	msg = unl_route(type, flags, &ifa, sizeof(ifa));
	if (!msg)
		return -ENOMEM;
	nla_put(msg, IFA_LOCAL, sizeof(*self), self);
	nla_put(msg, IFA_ADDRESS, sizeof(*self), self);
	return unl_call(msg, NULL, NULL);
}

int bis_link_addr(int ifindex, const struct in_addr *self)
{
	return unless(addr_call(RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, ifindex, self), EEXIST);
}

static int route_call(uint16_t type, int flags, uint32_t ifindex, const struct in_addr *prefix,
		      uint8_t plen, const struct in_addr *self)
{
	struct rtmsg rtm = {
		.rtm_family = AF_INET,
		.rtm_dst_len = plen,
		.rtm_table = RT_TABLE_MAIN,
		.rtm_protocol = ROUTE_PROTO,
		.rtm_scope = RT_SCOPE_LINK,
		.rtm_type = RTN_UNICAST,
	};
	struct nl_msg *msg;

	msg = unl_route(type, flags, &rtm, sizeof(rtm));
	if (!msg)
		return -ENOMEM;
	nla_put(msg, RTA_DST, sizeof(*prefix), prefix);
	nla_put_u32(msg, RTA_OIF, ifindex);
	nla_put(msg, RTA_PREFSRC, sizeof(*self), self);
	return unl_call(msg, NULL, NULL);
}

int bis_link_route(int ifindex, const struct in_addr *prefix, uint8_t plen,
		   const struct in_addr *self)
{
	return route_call(RTM_NEWROUTE, NLM_F_CREATE | NLM_F_REPLACE, ifindex, prefix, plen, self);
}

/* The device stays: somebody may have set it up. */
int bis_link_clear(int ifindex, const struct in_addr *prefix, uint8_t plen,
		   const struct in_addr *self)
{
	int err;

	err = unless(route_call(RTM_DELROUTE, 0, ifindex, prefix, plen, self), ESRCH);
	return err ? err : unless(addr_call(RTM_DELADDR, 0, ifindex, self), EADDRNOTAVAIL);
}
