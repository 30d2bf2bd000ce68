// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the question to the kernel whose socket it is (sock_diag(7)):
 * one request, of what everybody may know. The answer is there when the request
 * was sent. A socket that has gone meanwhile is nobody's.
 */
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <string.h>
#include <unistd.h>

#include "owner.h"

static int diag = -1;

/**
 * struct ask - a request
 * @nlh: header of netlink.
 * @req: which socket.
 */
struct ask {
	struct nlmsghdr nlh;
	struct inet_diag_req_v2 req;
};

static void end_fill(const struct server *end, __be16 *port, __be32 *addr)
{
	if (end->addr.sa.sa_family == AF_INET6) {
		*port = end->addr.in6.sin6_port;
		memcpy(addr, &end->addr.in6.sin6_addr, sizeof(end->addr.in6.sin6_addr));
	} else {
		*port = end->addr.in.sin_port;
		memcpy(addr, &end->addr.in.sin_addr, sizeof(end->addr.in.sin_addr));
	}
}

/* For TCP the source is the socket's own end, for UDP the other one: that is
 * how the kernel has it.
 */
static void ask_fill(struct ask *ask, int protocol, const struct server *peer,
		     const struct server *self)
{
	struct inet_diag_sockid *id = &ask->req.id;
	const bool tcp = protocol == IPPROTO_TCP;
	static uint32_t number;

	memset(ask, 0, sizeof(*ask));
	ask->nlh.nlmsg_len = sizeof(*ask);
	ask->nlh.nlmsg_type = SOCK_DIAG_BY_FAMILY;
	ask->nlh.nlmsg_flags = NLM_F_REQUEST;
	ask->nlh.nlmsg_seq = ++number;
	ask->req.sdiag_family = peer->addr.sa.sa_family;
	ask->req.sdiag_protocol = protocol;
	ask->req.idiag_states = -1;
	end_fill(tcp ? peer : self, &id->idiag_sport, id->idiag_src);
	end_fill(tcp ? self : peer, &id->idiag_dport, id->idiag_dst);
	id->idiag_cookie[0] = INET_DIAG_NOCOOKIE;
	id->idiag_cookie[1] = INET_DIAG_NOCOOKIE;
}

static bool diag_open(void)
{
	if (diag < 0)
		diag = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK,
			      NETLINK_SOCK_DIAG);
	return diag >= 0;
}

uint32_t owner_find(int protocol, const struct server *peer, const struct server *self)
{
	union {
		struct nlmsghdr nlh;
		char bytes[1024];
	} reply;
	const struct inet_diag_msg *msg = NLMSG_DATA(&reply.nlh);
	struct ask ask;
	ssize_t len;

	ask_fill(&ask, protocol, peer, self);
	if (!diag_open() || send(diag, &ask, sizeof(ask), 0) < 0)
		return OWNER_NONE;
	/* What an earlier request has left is not ours. */
	do {
		len = recv(diag, &reply, sizeof(reply), 0);
		if (len < 0)
			return OWNER_NONE;
	} while (len >= (ssize_t)sizeof(reply.nlh) && reply.nlh.nlmsg_seq != ask.nlh.nlmsg_seq);
	if (len < (ssize_t)NLMSG_LENGTH(sizeof(*msg)) ||
	    reply.nlh.nlmsg_type != SOCK_DIAG_BY_FAMILY)
		return OWNER_NONE;
	return msg->idiag_uid;
}

void owner_close(void)
{
	if (diag >= 0)
		close(diag);
	diag = -1;
}
