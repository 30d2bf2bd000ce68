// SPDX-License-Identifier: GPL-2.0
/* This file owns one question: is the request of a dump a struct genl_info? (since 6.6) */
#include <net/genetlink.h>

struct nlattr **probe(struct netlink_callback *cb);
struct nlattr **probe(struct netlink_callback *cb)
{
	return genl_info_dump(cb)->attrs;
}
