// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the talk with umx.ko: leases, and the events of addresses.
 * The module may go and come back, with another number of its family: what
 * it does not know any more is looked up again and asked once more.
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
#include "kernel.h"

/* The kernel answers at once; this is for what nobody has thought of. */
#define ANSWER_S	5
#define EVENT_BUFFER	(4 << 20)
/* Asking for a family that is not there makes the kernel look for its module:
 * no more often than this.
 */
#define RETRY_MS	1000

/**
 * struct reply - an answer that is being read
 * @read: takes each message; may be NULL.
 * @arg: for @read.
 * @err: what the kernel said.
 * @done: that was all.
 */
struct reply {
	void (*read)(struct nlmsghdr *nlh, void *arg);
	void *arg;
	int err;
	bool done;
};

static const struct kernel_events *events;
static struct nl_sock *requests;
static struct nl_sock *hears;
static struct event *heard;
static int family;
static char sentence[256];

const char *kernel_sentence(void)
{
	return sentence;
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

static void hears_close(void)
{
	if (heard)
		event_free(heard);
	nl_socket_free(hears);
	heard = NULL;
	hears = NULL;
}

static bool hears_open(void)
{
	int group, size = EVENT_BUFFER;

	hears_close();
	hears = nl_socket_alloc();
	if (!hears || nl_connect(hears, NETLINK_GENERIC))
		return false;
	group = genl_ctrl_resolve_grp(requests, UMX_GENL_NAME, UMX_MCGRP_EVENTS);
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

static int on_error(struct sockaddr_nl *from, struct nlmsgerr *ack, void *arg)
{
	const struct nlmsghdr *nlh = (const void *)((const char *)ack - NLMSG_HDRLEN);
	struct reply *reply = arg;
	const struct nlattr *nla;
	int skip = sizeof(*ack);

	(void)from;
	reply->err = ack->error;
	reply->done = true;
	if (!(nlh->nlmsg_flags & NLM_F_ACK_TLVS))
		return NL_STOP;
	if (!(nlh->nlmsg_flags & NLM_F_CAPPED))
		skip += NLMSG_ALIGN(ack->msg.nlmsg_len) - sizeof(ack->msg);
	if (nlmsg_datalen(nlh) <= skip)
		return NL_STOP;
	nla = nla_find((const void *)((const char *)ack + skip), nlmsg_datalen(nlh) - skip,
		       NLMSGERR_ATTR_MSG);
	if (nla)
		snprintf(sentence, sizeof(sentence), "%.*s", nla_len(nla),
			 (const char *)nla_data(nla));
	return NL_STOP;
}

static int on_done(struct nl_msg *msg, void *arg)
{
	struct reply *reply = arg;

	(void)msg;
	reply->done = true;
	return NL_STOP;
}

static int on_valid(struct nl_msg *msg, void *arg)
{
	struct reply *reply = arg;

	if (reply->read)
		reply->read(nlmsg_hdr(msg), reply->arg);
	return NL_OK;
}

void kernel_close(void)
{
	hears_close();
	nl_socket_free(requests);
	requests = NULL;
	family = 0;
}

static bool kernel_open(void)
{
	const struct timeval wait = { .tv_sec = ANSWER_S };
	static int64_t failed;
	const int on = 1;
	int fd;

	if (requests)
		return true;
	if (failed && now_ms() - failed < RETRY_MS)
		goto missing;
	requests = nl_socket_alloc();
	if (!requests || nl_connect(requests, NETLINK_GENERIC))
		goto fail;
	fd = nl_socket_get_fd(requests);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait));
	setsockopt(fd, SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof(on));
	setsockopt(fd, SOL_NETLINK, NETLINK_CAP_ACK, &on, sizeof(on));
	family = genl_ctrl_resolve(requests, UMX_GENL_NAME);
	if (family < 0 || !hears_open())
		goto fail;
	failed = 0;
	return true;
fail:
	failed = now_ms();
	kernel_close();
missing:
	snprintf(sentence, sizeof(sentence), "the umx module does not answer: is it loaded?");
	return false;
}

static int kernel_talk(struct nl_msg *msg, struct reply *reply)
{
	struct nl_cb *cb = nl_cb_alloc(NL_CB_DEFAULT);
	int ret = -1;

	if (cb) {
		nl_cb_err(cb, NL_CB_CUSTOM, on_error, reply);
		nl_cb_set(cb, NL_CB_ACK, NL_CB_CUSTOM, on_done, reply);
		nl_cb_set(cb, NL_CB_FINISH, NL_CB_CUSTOM, on_done, reply);
		nl_cb_set(cb, NL_CB_VALID, NL_CB_CUSTOM, on_valid, reply);
		ret = nl_send_auto(requests, msg);
		while (ret >= 0 && !reply->done)
			ret = nl_recvmsgs(requests, cb);
		nl_cb_put(cb);
	}
	if (reply->done)
		return reply->err;
	snprintf(sentence, sizeof(sentence), "netlink: %s", nl_geterror(ret));
	kernel_close();
	return -EIO;
}

/**
 * struct request - what is asked
 * @cmd: command.
 * @flags: NLM_F_DUMP or NLM_F_ACK.
 * @put: adds the attributes, 0 or not; may be NULL.
 * @arg: for @put.
 */
struct request {
	uint8_t cmd;
	int flags;
	int (*put)(struct nl_msg *msg, const void *arg);
	const void *arg;
};

static int kernel_ask(const struct request *request, struct reply *reply)
{
	struct nl_msg *msg;
	int err = -ENOMEM;

	*sentence = '\0';
	if (!kernel_open())
		return -ENOENT;
	msg = nlmsg_alloc();
	if (msg && genlmsg_put(msg, NL_AUTO_PORT, NL_AUTO_SEQ, family, 0,
			       NLM_F_REQUEST | request->flags, request->cmd, UMX_GENL_VERSION) &&
	    (!request->put || !request->put(msg, request->arg)))
		err = kernel_talk(msg, reply);
	nlmsg_free(msg);
	return err;
}

/* -ENOENT without a sentence: nobody has this number (any more). */
static int kernel_request(const struct request *request, struct reply *reply)
{
	struct reply again = *reply;
	int err = kernel_ask(request, reply);

	if (err != -ENOENT || *sentence)
		return err;
	kernel_close();
	*reply = again;
	return kernel_ask(request, reply);
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
	const struct request request = { UMX_CMD_SSA_LEASE, NLM_F_ACK, terms_put, &terms };
	struct reply reply = { .read = lease_read, .arg = addr };
	int err;

	*addr = in6addr_any;
	err = kernel_request(&request, &reply);
	return !err && IN6_IS_ADDR_UNSPECIFIED(addr) ? -EPROTO : err;
}

static int address_put(struct nl_msg *msg, const void *arg)
{
	return nla_put(msg, UMX_SSA_A_ADDRESS, sizeof(struct in6_addr), arg);
}

int kernel_release(const struct in6_addr *addr)
{
	const struct request request = { UMX_CMD_SSA_DEL, NLM_F_ACK, address_put, addr };
	struct reply reply = {};

	return kernel_request(&request, &reply);
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
	const struct request request = { .cmd = UMX_CMD_SSA_GET, .flags = NLM_F_DUMP };
	struct reply reply = { .read = waiting_read, .arg = &each };

	return kernel_request(&request, &reply);
}

void kernel_init(const struct kernel_events *who)
{
	events = who;
	kernel_open();
}
