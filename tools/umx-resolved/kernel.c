// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the talk with umx_bis.ko: pairs of an address of the spool and
 * an IPv6 host.
 */
#include <errno.h>
#include <linux/umx_bis.h>
#include <netlink/genl/genl.h>
#include <netlink/netlink.h>

#include "genl.h"
#include "kernel.h"

static struct genl kernel = {
	.name = UMX_BIS_GENL_NAME,
	.version = UMX_BIS_GENL_VERSION,
};

/**
 * struct pair - what is asked, and what comes back
 * @addr: the address of the spool.
 * @host: the host.
 * @lifetime: how long it is to stay.
 * @complete: both came back.
 */
struct pair {
	struct in_addr addr;
	struct in6_addr host;
	uint32_t lifetime;
	bool complete;
};

static void pair_read(struct nlmsghdr *nlh, void *arg)
{
	struct nlattr *a[UMX_BIS_MAP_A_MAX + 1];
	struct pair *pair = arg;

	if (genlmsg_parse(nlh, 0, a, UMX_BIS_MAP_A_MAX, NULL) ||
	    !a[UMX_BIS_MAP_A_ADDR4] || !a[UMX_BIS_MAP_A_ADDR6] ||
	    nla_len(a[UMX_BIS_MAP_A_ADDR4]) != sizeof(pair->addr) ||
	    nla_len(a[UMX_BIS_MAP_A_ADDR6]) != sizeof(pair->host))
		return;
	nla_memcpy(&pair->addr, a[UMX_BIS_MAP_A_ADDR4], sizeof(pair->addr));
	nla_memcpy(&pair->host, a[UMX_BIS_MAP_A_ADDR6], sizeof(pair->host));
	pair->complete = true;
}

static int pair_ask(uint8_t cmd, int (*put)(struct nl_msg *msg, const void *arg),
		    struct pair *pair)
{
	const struct genl_request request = { cmd, NLM_F_ACK, put, pair };
	struct genl_reply reply = { .read = pair_read, .arg = pair };
	int err = genl_request(&kernel, &request, &reply);

	return !err && !pair->complete ? -EPROTO : err;
}

static int lease_put(struct nl_msg *msg, const void *arg)
{
	const struct pair *pair = arg;
	int err = nla_put(msg, UMX_BIS_MAP_A_ADDR6, sizeof(pair->host), &pair->host);

	return err ? : nla_put_u32(msg, UMX_BIS_MAP_A_LIFETIME, pair->lifetime);
}

int kernel_lease(const struct in6_addr *host, uint32_t lifetime, struct in_addr *addr)
{
	struct pair pair = { .host = *host, .lifetime = lifetime };
	int err = pair_ask(UMX_BIS_CMD_MAP_LEASE, lease_put, &pair);

	*addr = pair.addr;
	return err;
}

static int find_put(struct nl_msg *msg, const void *arg)
{
	const struct pair *pair = arg;

	return nla_put(msg, UMX_BIS_MAP_A_ADDR4, sizeof(pair->addr), &pair->addr);
}

int kernel_find(struct in_addr addr, struct in6_addr *host)
{
	struct pair pair = { .addr = addr };
	int err;

	if (!genl_open(&kernel))
		return -ENXIO;
	err = pair_ask(UMX_BIS_CMD_MAP_FIND, find_put, &pair);
	*host = pair.host;
	return err;
}

const char *kernel_sentence(void)
{
	return kernel.sentence;
}

void kernel_init(void)
{
	genl_open(&kernel);
}

void kernel_close(void)
{
	genl_close(&kernel);
}
