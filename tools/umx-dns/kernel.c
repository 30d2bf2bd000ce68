// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the talk with umx.ko: leases, and the events of addresses.
 */
#include <errno.h>
#include <linux/genetlink.h>
#include <linux/umx.h>
#include <netlink/genl/ctrl.h>
#include <netlink/genl/genl.h>
#include <netlink/netlink.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>

#include "count.h"
#include "daemon.h"
#include "genl.h"
#include "kernel.h"

#define EVENT_BUFFER	(4 << 20)

static const struct kernel_events *events;
static struct nl_sock *hears;
static struct event *heard;

static bool hears_open(struct genl *genl);
static void hears_close(struct genl *genl);

static struct genl kernel = {
	.name = UMX_GENL_NAME,
	.version = UMX_GENL_VERSION,
	.opened = hears_open,
	.closed = hears_close,
};

const char *kernel_sentence(void)
{
	return kernel.sentence;
}

/* --- events --- */

static void event_read(struct nlattr **a)
{
	struct in6_addr addr, peer = {};

	if (!a[UMX_EVENT_A_EVENT] || !a[UMX_EVENT_A_ADDRESS])
		return;
	nla_memcpy(&addr, a[UMX_EVENT_A_ADDRESS], sizeof(addr));
	switch (nla_get_u8(a[UMX_EVENT_A_EVENT])) {
	case UMX_EVENT_SSA_EXPIRED:
		events->ended(&addr);
		break;
	case UMX_EVENT_SESSION_BOUND:
		if (!a[UMX_EVENT_A_ROLE] || nla_get_u8(a[UMX_EVENT_A_ROLE]) != UMX_ROLE_SSA)
			break;
		if (a[UMX_EVENT_A_PEER])
			nla_memcpy(&peer, a[UMX_EVENT_A_PEER], sizeof(peer));
		events->claimed(&addr, a[UMX_EVENT_A_PORT] ? nla_get_u16(a[UMX_EVENT_A_PORT]) : 0,
				&peer, a[UMX_EVENT_A_PEER_PORT] ?
				nla_get_u16(a[UMX_EVENT_A_PEER_PORT]) : 0);
		break;
	}
}

static int on_event(struct nl_msg *msg, void *arg)
{
	struct nlattr *a[UMX_EVENT_A_MAX + 1];

	(void)arg;
	if (!genlmsg_parse(nlmsg_hdr(msg), 0, a, UMX_EVENT_A_MAX, NULL))
		event_read(a);
	return NL_OK;
}

/* The library makes NLE_NOMEM of ENOBUFS: the queue ran over. */
void kernel_listen(void)
{
	int err;

	/* What lost() asks may close the socket. */
	while (hears) {
		err = nl_recvmsgs_default(hears);
		if (err == -NLE_NOMEM) {
			count(COUNT_EVENTS_LOST);
			events->lost();
		} else if (err < 0) {
			return;
		}
	}
}

static void on_heard(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	(void)arg;
	kernel_listen();
}

static void hears_close(struct genl *genl)
{
	(void)genl;
	if (heard)
		event_free(heard);
	nl_socket_free(hears);
	heard = NULL;
	hears = NULL;
}

static bool hears_open(struct genl *genl)
{
	int group, size = EVENT_BUFFER;

	hears_close(genl);
	hears = nl_socket_alloc();
	if (!hears || nl_connect(hears, NETLINK_GENERIC))
		return false;
	group = genl_ctrl_resolve_grp(genl->sock, UMX_GENL_NAME, UMX_MCGRP_EVENTS);
	nl_socket_set_buffer_size(hears, EVENT_BUFFER, 0);
	setsockopt(nl_socket_get_fd(hears), SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size));
	nl_socket_disable_seq_check(hears);
	nl_socket_set_nonblocking(hears);
	nl_socket_modify_cb(hears, NL_CB_VALID, NL_CB_CUSTOM, on_event, NULL);
	if (group < 0 || nl_socket_add_membership(hears, group))
		return false;
	heard = event_new(dns.base, nl_socket_get_fd(hears), EV_READ | EV_PERSIST, on_heard, NULL);
	return heard && !event_add(heard, NULL);
}

/* --- requests --- */

void kernel_close(void)
{
	genl_close(&kernel);
}

/**
 * struct terms - of a lease
 * @port: listener's.
 * @from: who may come.
 * @lifetime: for how long.
 */
struct terms {
	uint16_t port;
	const struct prefix *from;
	uint32_t lifetime;
};

static int terms_put(struct nl_msg *msg, const void *arg)
{
	const struct terms *terms = arg;
	int err;

	err = nla_put_u16(msg, UMX_SSA_A_PORT, terms->port);
	err = err ? : nla_put_u32(msg, UMX_SSA_A_LIFETIME, terms->lifetime);
	if (err || !terms->from->plen)
		return err;
	err = nla_put(msg, UMX_SSA_A_FROM, sizeof(terms->from->addr), &terms->from->addr);
	return err ? : nla_put_u8(msg, UMX_SSA_A_FROM_PLEN, terms->from->plen);
}

static bool address_of(struct nlmsghdr *nlh, struct in6_addr *addr)
{
	struct nlattr *a[UMX_SSA_A_MAX + 1];

	if (genlmsg_parse(nlh, 0, a, UMX_SSA_A_MAX, NULL) || !a[UMX_SSA_A_ADDRESS] ||
	    nla_len(a[UMX_SSA_A_ADDRESS]) != sizeof(*addr))
		return false;
	nla_memcpy(addr, a[UMX_SSA_A_ADDRESS], sizeof(*addr));
	return true;
}

static void lease_read(struct nlmsghdr *nlh, void *arg)
{
	address_of(nlh, arg);
}

int kernel_lease(uint16_t port, const struct prefix *from, uint32_t lifetime,
		 struct in6_addr *addr)
{
	const struct terms terms = { port, from, lifetime };
	const struct genl_request request = { UMX_CMD_SSA_LEASE, NLM_F_ACK, terms_put, &terms };
	struct genl_reply reply = { .read = lease_read, .arg = addr };
	int err;

	*addr = in6addr_any;
	err = genl_request(&kernel, &request, &reply);
	return !err && IN6_IS_ADDR_UNSPECIFIED(addr) ? -EPROTO : err;
}

static int address_put(struct nl_msg *msg, const void *arg)
{
	return nla_put(msg, UMX_SSA_A_ADDRESS, sizeof(struct in6_addr), arg);
}

int kernel_release(const struct in6_addr *addr)
{
	const struct genl_request request = { UMX_CMD_SSA_DEL, NLM_F_ACK, address_put, addr };
	struct genl_reply reply = {};

	return genl_request(&kernel, &request, &reply);
}

static void waiting_read(struct nlmsghdr *nlh, void *arg)
{
	void (*const *each)(const struct in6_addr *addr) = arg;
	struct in6_addr addr;

	if (address_of(nlh, &addr))
		(*each)(&addr);
}

int kernel_waiting(void (*each)(const struct in6_addr *addr))
{
	const struct genl_request request = { .cmd = UMX_CMD_SSA_GET, .flags = NLM_F_DUMP };
	struct genl_reply reply = { .read = waiting_read, .arg = &each };

	return genl_request(&kernel, &request, &reply);
}

void kernel_init(const struct kernel_events *who)
{
	events = who;
	genl_open(&kernel);
}
