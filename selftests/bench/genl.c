// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns requests to the module, straight over generic netlink: one
 * message there, the answer back, nothing in between that would be measured.
 */
#include <errno.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <linux/umx.h>
#include <string.h>
#include <sys/socket.h>
#include "load.h"

struct genl_msg {
	struct nlmsghdr nlh;
	struct genlmsghdr genl;
	char attrs[256];
};

static int genl_fd = -1;
static unsigned short genl_family;

static void genl_begin(struct genl_msg *msg, unsigned short type,
		       unsigned char cmd, unsigned char version)
{
	memset(msg, 0, sizeof(*msg));
	msg->nlh.nlmsg_len = NLMSG_LENGTH(sizeof(msg->genl));
	msg->nlh.nlmsg_type = type;
	msg->nlh.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
	msg->genl.cmd = cmd;
	msg->genl.version = version;
}

static void genl_put(struct genl_msg *msg, unsigned short type, const void *data,
		     unsigned short len)
{
	struct nlattr *a = (void *)((char *)msg + msg->nlh.nlmsg_len);

	a->nla_type = type;
	a->nla_len = NLA_HDRLEN + len;
	memcpy((char *)a + NLA_HDRLEN, data, len);
	msg->nlh.nlmsg_len += NLA_ALIGN(a->nla_len);
}

/* The attribute @type of an answer of @len bytes, or NULL. */
static const void *genl_get(const void *answer, size_t len, unsigned short type)
{
	const char *p = (const char *)answer + NLMSG_LENGTH(sizeof(struct genlmsghdr));
	const char *end = (const char *)answer + len;
	const struct nlattr *a;

	while (p + NLA_HDRLEN <= end) {
		a = (const void *)p;
		if (a->nla_len < NLA_HDRLEN)
			break;
		if (a->nla_type == type)
			return p + NLA_HDRLEN;
		p += NLA_ALIGN(a->nla_len);
	}
	return NULL;
}

/*
 * Ask, and read up to the acknowledgement. Return: 0 or -errno; *@found is the
 * copy of @len bytes of attribute @want, if there was one.
 */
static int genl_ask(struct genl_msg *msg, unsigned short want, void *found,
		    size_t len)
{
	union {
		struct nlmsghdr nlh;
		char room[4096];
	} in;
	const struct nlmsghdr *nlh;
	const void *data;
	ssize_t n;

	if (send(genl_fd, msg, msg->nlh.nlmsg_len, 0) < 0)
		die("send to generic netlink");
	for (;;) {
		n = recv(genl_fd, &in, sizeof(in), 0);
		if (n < (ssize_t)sizeof(in.nlh))
			die("answer of generic netlink");
		for (nlh = &in.nlh; NLMSG_OK(nlh, n); nlh = NLMSG_NEXT(nlh, n)) {
			if (nlh->nlmsg_type == NLMSG_ERROR)
				return ((struct nlmsgerr *)NLMSG_DATA(nlh))->error;
			data = genl_get(nlh, nlh->nlmsg_len, want);
			if (data && found)
				memcpy(found, data, len);
		}
	}
}

static void genl_open(void)
{
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	struct genl_msg msg;

	if (genl_fd >= 0)
		return;
	genl_fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC);
	if (genl_fd < 0 ||
	    connect(genl_fd, (struct sockaddr *)&kernel, sizeof(kernel)))
		die("generic netlink");
	genl_begin(&msg, GENL_ID_CTRL, CTRL_CMD_GETFAMILY, 1);
	genl_put(&msg, CTRL_ATTR_FAMILY_NAME, UMX_GENL_NAME, sizeof(UMX_GENL_NAME));
	if (genl_ask(&msg, CTRL_ATTR_FAMILY_ID, &genl_family, sizeof(genl_family)))
		die("module umx is not loaded");
}

/* @given may be NULL: from the listener's pool. Return: 0 or -errno. */
int genl_ssa_add(in_port_t port, const struct in6_addr *given,
		 struct in6_addr *made)
{
	unsigned int lifetime = 24 * 3600;
	struct genl_msg msg;

	genl_open();
	genl_begin(&msg, genl_family, UMX_CMD_SSA_ADD, UMX_GENL_VERSION);
	genl_put(&msg, UMX_SSA_A_PORT, &port, sizeof(port));
	genl_put(&msg, UMX_SSA_A_LIFETIME, &lifetime, sizeof(lifetime));
	if (given)
		genl_put(&msg, UMX_SSA_A_ADDRESS, given, sizeof(*given));
	return genl_ask(&msg, UMX_SSA_A_ADDRESS, made, sizeof(*made));
}

int genl_ssa_del(const struct in6_addr *addr)
{
	struct genl_msg msg;

	genl_open();
	genl_begin(&msg, genl_family, UMX_CMD_SSA_DEL, UMX_GENL_VERSION);
	genl_put(&msg, UMX_SSA_A_ADDRESS, addr, sizeof(*addr));
	return genl_ask(&msg, 0, NULL, 0);
}
