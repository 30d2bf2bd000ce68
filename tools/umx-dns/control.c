// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the connections of umctl: reading requests, and writing what
 * comes back as fast as the other side reads.
 */
#include <errno.h>
#include <event2/listener.h>
#include <linux/genetlink.h>
#include <netlink/genl/genl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "control.h"
#include "daemon.h"
#include "local.h"
#include "proto.h"

#define CLIENTS_MAX	32

typedef uint32_t (*getter)(struct nl_msg *msg, struct nlattr **attrs, uint32_t at);

/**
 * struct client - a connection
 * @link: in the list of all.
 * @fd: its socket.
 * @read: a request can be read; @write: what waits can be written.
 * @request: the request; its attributes are used while a dump goes on.
 * @attrs: its attributes.
 * @get: the dump under way; NULL: none.
 * @at: where it goes on.
 */
struct client {
	TAILQ_ENTRY(client) link;
	int fd;
	struct event *read;
	struct event *write;
	union {
		struct nlmsghdr nlh;
		char bytes[PROTO_SIZE];
	} request;
	struct nlattr *attrs[PROTO_A_MAX + 1];
	getter get;
	uint32_t at;
};

static TAILQ_HEAD(, client) clients = TAILQ_HEAD_INITIALIZER(clients);
static unsigned int client_count;
static struct evconnlistener *listener;
static char path[PATH_SIZE];

static void client_end(struct client *client)
{
	TAILQ_REMOVE(&clients, client, link);
	client_count--;
	if (client->read)
		event_free(client->read);
	if (client->write)
		event_free(client->write);
	close(client->fd);
	free(client);
}

static bool msg_send(struct client *client, struct nl_msg *msg)
{
	struct nlmsghdr *nlh = nlmsg_hdr(msg);

	return send(client->fd, nlh, nlh->nlmsg_len, MSG_NOSIGNAL | MSG_DONTWAIT) >= 0;
}

/* The end: DONE after a dump, ERROR, with 0 for "done", after anything else. */
static bool end_send(struct client *client, int type, int err, const char *sentence)
{
	struct nl_msg *msg = nlmsg_alloc_simple(type, NLM_F_CAPPED | NLM_F_ACK_TLVS);
	struct nlmsgerr end = { .error = err, .msg = client->request.nlh };
	bool good = false;

	if (!msg)
		return false;
	if (type == NLMSG_DONE)
		good = !nlmsg_append(msg, &err, sizeof(err), NLMSG_ALIGNTO);
	else
		good = !nlmsg_append(msg, &end, sizeof(end), NLMSG_ALIGNTO);
	if (sentence)
		good = good && !nla_put_string(msg, NLMSGERR_ATTR_MSG, sentence);
	good = good && msg_send(client, msg);
	nlmsg_free(msg);
	return good;
}

static struct nl_msg *msg_new(const struct client *client)
{
	const struct genlmsghdr *genl = nlmsg_data(&client->request.nlh);
	struct nl_msg *msg = nlmsg_alloc();

	if (msg && genlmsg_put(msg, 0, client->request.nlh.nlmsg_seq, PROTO_TYPE, 0, 0, genl->cmd,
			       PROTO_VERSION))
		return msg;
	nlmsg_free(msg);
	return NULL;
}

/* As much of the dump as the socket takes. False: the client is over. */
static bool dump_go_on(struct client *client)
{
	struct nl_msg *msg;
	uint32_t next;
	bool sent;

	for (;;) {
		msg = msg_new(client);
		if (!msg)
			return false;
		next = client->get(msg, client->attrs, client->at);
		sent = next ? msg_send(client, msg) : end_send(client, NLMSG_DONE, 0, NULL);
		nlmsg_free(msg);
		if (!sent)
			return (errno == EAGAIN || errno == EWOULDBLOCK) &&
			       !event_add(client->write, NULL);
		if (!next) {
			client->get = NULL;
			return true;
		}
		client->at = next;
	}
}

static bool request_run(struct client *client, int (*run)(struct control *control))
{
	struct control control = { .attrs = client->attrs, .reply = msg_new(client) };
	bool good = true;
	int err;

	if (!control.reply)
		return false;
	err = run(&control);
	if (!err && control.replied)
		good = msg_send(client, control.reply);
	nlmsg_free(control.reply);
	return good && end_send(client, NLMSG_ERROR, err, control.sentence);
}

static const struct nla_policy policy[PROTO_A_MAX + 1] = {
	[PROTO_A_ID] = { .type = NLA_U32 },
	[PROTO_A_SERVICE] = { .type = NLA_STRING, .maxlen = LABEL_SIZE },
	[PROTO_A_FOR] = { .type = NLA_STRING, .maxlen = WHO_SIZE },
	[PROTO_A_FROM] = { .minlen = 16, .maxlen = 16 },
	[PROTO_A_FROM_PLEN] = { .type = NLA_U8 },
	[PROTO_A_RATE] = { .type = NLA_U32 },
	[PROTO_A_USES] = { .type = NLA_U32 },
	[PROTO_A_EXPIRES] = { .type = NLA_U32 },
	[PROTO_A_TOTP] = { .type = NLA_FLAG },
	[PROTO_A_TOKEN] = { .type = NLA_STRING, .maxlen = LABEL_SIZE },
	[PROTO_A_FLUSH] = { .type = NLA_FLAG },
	[PROTO_A_EXPLAIN] = { .type = NLA_FLAG },
};

/* What was read is a message, and its attributes are what they should be. */
static bool request_parse(struct client *client, ssize_t len)
{
	struct nlmsghdr *nlh = &client->request.nlh;

	return nlmsg_ok(nlh, len) && nlh->nlmsg_type == PROTO_TYPE &&
	       nlmsg_valid_hdr(nlh, GENL_HDRLEN) &&
	       !nla_parse(client->attrs, PROTO_A_MAX, genlmsg_attrdata(nlmsg_data(nlh), 0),
			  genlmsg_attrlen(nlmsg_data(nlh), 0), policy);
}

static bool request_take(struct client *client, ssize_t len)
{
	const struct genlmsghdr *genl = nlmsg_data(&client->request.nlh);

	client->at = 1;
	if (!request_parse(client, len))
		return end_send(client, NLMSG_ERROR, -EINVAL, "this is no request");
	switch (genl->cmd) {
	case PROTO_NAME_ADD:
		return request_run(client, control_name_add);
	case PROTO_NAME_DEL:
		return request_run(client, control_name_del);
	case PROTO_NAME_GET:
		client->get = control_name_get;
		return dump_go_on(client);
	case PROTO_STATS_GET:
		client->get = control_stats_get;
		return dump_go_on(client);
	default:
		return end_send(client, NLMSG_ERROR, -EOPNOTSUPP, "there is no such request");
	}
}

static void on_writable(evutil_socket_t fd, short what, void *arg)
{
	struct client *client = arg;

	(void)fd;
	(void)what;
	if (client->get && !dump_go_on(client))
		client_end(client);
}

static void on_readable(evutil_socket_t fd, short what, void *arg)
{
	struct client *client = arg;
	ssize_t len;

	(void)what;
	/* The request of a dump is used until it is over. */
	if (client->get) {
		client_end(client);
		return;
	}
	len = recv(fd, client->request.bytes, sizeof(client->request), MSG_DONTWAIT);
	if (len < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (len < (ssize_t)sizeof(struct nlmsghdr) || !request_take(client, len))
		client_end(client);
}

static void on_accept(struct evconnlistener *from, evutil_socket_t fd, struct sockaddr *addr,
		      int len, void *arg)
{
	struct client *client = client_count < CLIENTS_MAX ? calloc(1, sizeof(*client)) : NULL;

	(void)from;
	(void)addr;
	(void)len;
	(void)arg;
	if (!client) {
		close(fd);
		return;
	}
	client->fd = fd;
	TAILQ_INSERT_TAIL(&clients, client, link);
	client_count++;
	client->read = event_new(dns.base, fd, EV_READ | EV_PERSIST, on_readable, client);
	client->write = event_new(dns.base, fd, EV_WRITE, on_writable, client);
	if (!client->read || !client->write || event_add(client->read, NULL))
		client_end(client);
}

bool control_init(void)
{
	int fd;

	if (proto_path(path, sizeof(path))) {
		fprintf(stderr, "umx-dns: no /proc: %s\n", strerror(errno));
		return false;
	}
	fd = local_listen(path, SOCK_SEQPACKET, "");
	if (fd < 0)
		return false;
	listener = evconnlistener_new(dns.base, on_accept, NULL,
				      LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC, 0, fd);
	return listener;
}

void control_close(void)
{
	struct client *client;

	while ((client = TAILQ_FIRST(&clients)))
		client_end(client);
	if (listener) {
		evconnlistener_free(listener);
		unlink(path);
	}
}
