// SPDX-License-Identifier: GPL-2.0
/* This file owns the values that the completion takes from live dumps. */
#include <arpa/inet.h>
#include <linux/umx.h>
#include <stdio.h>
#include <string.h>

#include "field.h"
#include "live.h"
#include "nl.h"

const struct live live_pools = {
	.family = &umx_family,
	.cmd = UMX_CMD_POOL_GET,
	.attr = UMX_POOL_A_NAME,
};

const struct live live_ports = {
	.family = &umx_family,
	.cmd = UMX_CMD_LISTENER_GET,
	.attr = UMX_LISTENER_A_PORT,
};

const struct live live_ssas = {
	.family = &umx_family,
	.cmd = UMX_CMD_SSA_GET,
	.attr = UMX_SSA_A_ADDRESS,
};

/**
 * struct live_reader - a dump that is being read
 * @arg: whose values they are.
 * @each: takes them.
 * @data: for @each.
 */
struct live_reader {
	const struct arg *arg;
	void (*each)(const char *value, void *data);
	void *data;
};

static void live_read(const struct nlmsghdr *nlh, void *arg)
{
	const struct live_reader *reader = arg;
	const struct nlattr *nla = field_find(nlh, reader->arg->live->attr);
	struct in6_addr addr;
	const struct nlattr *plen;
	char value[128];
	size_t len;

	if (!nla)
		return;
	if (reader->arg->type == ARG_NAME)
		field_string(nla, value, sizeof(value));
	else if (field_in6(nla, &addr))
		inet_ntop(AF_INET6, &addr, value, sizeof(value));
	else if ((reader->arg->type == ARG_ADDR4 || reader->arg->type == ARG_PREFIX4) &&
		 field_in4(nla, &addr))
		inet_ntop(AF_INET, &addr, value, sizeof(value));
	else
		snprintf(value, sizeof(value), "%llu", (unsigned long long)field_uint(nla));
	plen = reader->arg->type == ARG_PREFIX || reader->arg->type == ARG_PREFIX4 ?
		       field_find(nlh, reader->arg->attr2) : NULL;
	len = strlen(value);
	if (plen)
		snprintf(value + len, sizeof(value) - len, "/%llu",
			 (unsigned long long)field_uint(plen));
	reader->each(value, reader->data);
}

void live_foreach(const struct arg *arg, void (*each)(const char *value, void *data), void *data)
{
	struct live_reader reader = { .arg = arg, .each = each, .data = data };
	struct nl_msg *msg;

	msg = unl_genl(arg->live->family, arg->live->cmd, 0);
	if (msg)
		unl_dump(msg, live_read, NULL, &reader);
}
