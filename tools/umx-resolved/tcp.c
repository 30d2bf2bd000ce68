// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the TCP connections of programs (RFC 7766): several questions
 * on one, answered as answers come.
 */
#include <errno.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/listener.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <unistd.h>

#include "count.h"
#include "daemon.h"
#include "exchange.h"
#include "message.h"
#include "owner.h"
#include "tcp.h"

#define BACKLOG		64
#define PREFIX_SIZE	2
/* Questions open on one connection; further ones wait in it. */
#define OPEN_MAX	16
/* Answers nobody reads. */
#define OUTPUT_MAX	(2 * (PREFIX_SIZE + MESSAGE_MAX))
#define IDLE_S		10
#define PAUSE_MS	100

/**
 * struct connection - a connection
 * @link: in the list of all, the oldest first.
 * @bev: its socket and buffers.
 * @step: goes on later with what cannot be done at once.
 * @user: whose it is.
 * @uid: the same for exchanges.
 * @open: questions that are not answered yet.
 * @ended: its program sends no more.
 * @over: it is to be closed.
 */
struct connection {
	TAILQ_ENTRY(connection) link;
	struct bufferevent *bev;
	struct event *step;
	struct user *user;
	uint32_t uid;
	unsigned int open;
	bool ended;
	bool over;
};

static TAILQ_HEAD(, connection) connections = TAILQ_HEAD_INITIALIZER(connections);
static unsigned int connection_count;
static struct evconnlistener *listener;
static struct event *pause_over;
static int sock = -1;

static void connection_free(struct connection *connection)
{
	exchange_abandon(connection);
	TAILQ_REMOVE(&connections, connection, link);
	connection_count--;
	connection->user->connections--;
	if (connection->step)
		event_free(connection->step);
	if (connection->bev)
		bufferevent_free(connection->bev);
	free(connection);
}

static void connection_later(struct connection *connection)
{
	event_active(connection->step, EV_TIMEOUT, 1);
}

/* What else it asks is not heard; what it has asked is answered. */
static void connection_wind_up(struct connection *connection)
{
	struct evbuffer *input = bufferevent_get_input(connection->bev);

	bufferevent_disable(connection->bev, EV_READ);
	evbuffer_drain(input, evbuffer_get_length(input));
	connection->ended = true;
}

/* One question out of the buffer. False: there is none, or not yet. */
static bool question_next(struct connection *connection)
{
	struct evbuffer *input = bufferevent_get_input(connection->bev);
	const struct origin origin = { .connection = connection };
	static uint8_t wire[QUESTION_MAX];
	uint8_t prefix[PREFIX_SIZE];
	size_t len;

	if (connection->over || connection->open >= OPEN_MAX ||
	    evbuffer_copyout(input, prefix, sizeof(prefix)) < PREFIX_SIZE)
		return false;
	len = prefix[0] << 8 | prefix[1];
	if (len < HEADER_SIZE || len > QUESTION_MAX) {
		count(COUNT_CONNECTION_LENGTH);
		connection_wind_up(connection);
		return false;
	}
	if (evbuffer_get_length(input) < PREFIX_SIZE + len)
		return false;
	evbuffer_drain(input, PREFIX_SIZE);
	evbuffer_remove(input, wire, len);
	connection->open++;
	exchange_begin(&origin, connection->uid, wire, len);
	return true;
}

/* Over, or its program has ended it and has all its answers. */
static bool connection_is_done(const struct connection *connection)
{
	return connection->over ||
	       (connection->ended && !connection->open &&
		!evbuffer_get_length(bufferevent_get_output(connection->bev)));
}

static void connection_run(struct connection *connection)
{
	while (question_next(connection))
		;
	if (connection_is_done(connection))
		connection_free(connection);
}

static void on_step(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	connection_run(arg);
}

static void on_input(struct bufferevent *bev, void *arg)
{
	(void)bev;
	connection_run(arg);
}

/* All was written. */
static void on_output(struct bufferevent *bev, void *arg)
{
	(void)bev;
	connection_run(arg);
}

/* A program that waits for an answer is not idle, one that does not read is. */
static void on_event(struct bufferevent *bev, short what, void *arg)
{
	struct connection *connection = arg;

	if (what & BEV_EVENT_EOF) {
		connection->ended = true;
	} else if (what & BEV_EVENT_TIMEOUT && what & BEV_EVENT_READING && connection->open) {
		bufferevent_enable(bev, EV_READ);
	} else {
		if (what & BEV_EVENT_TIMEOUT)
			count(what & BEV_EVENT_READING ? COUNT_CONNECTION_IDLE :
							 COUNT_CONNECTION_SLOW);
		connection->over = true;
	}
	connection_run(connection);
}

void connection_send(struct connection *connection, const uint8_t *wire, size_t len)
{
	struct evbuffer *output = bufferevent_get_output(connection->bev);
	const uint8_t prefix[PREFIX_SIZE] = { len >> 8, len };

	connection->open--;
	if (evbuffer_get_length(output) + PREFIX_SIZE + len > OUTPUT_MAX) {
		count(COUNT_CONNECTION_SLOW);
		connection->over = true;
	} else if (bufferevent_write(connection->bev, prefix, sizeof(prefix)) ||
		   bufferevent_write(connection->bev, wire, len)) {
		count(COUNT_NO_MEMORY);
		connection->over = true;
	}
	connection_later(connection);
}

void connection_drop(struct connection *connection)
{
	connection->open--;
	connection_wind_up(connection);
	connection_later(connection);
}

/* Whoever has most gives one up, the oldest; false: that is who comes. */
static bool room_make(const struct user *user)
{
	struct connection *connection;
	struct user *busiest;

	if (connection_count < resolved.config.connections)
		return true;
	count(COUNT_CONNECTIONS);
	busiest = users_busiest(&users, true);
	if (!busiest || busiest->connections <= user->connections + 1)
		return false;
	TAILQ_FOREACH(connection, &connections, link) {
		if (connection->user != busiest)
			continue;
		connection_free(connection);
		return true;
	}
	return false;
}

/* The socket is the buffer's from here on. */
static bool connection_open(struct connection *connection, int fd)
{
	const struct timeval idle = { .tv_sec = IDLE_S };
	struct bufferevent *bev;

	connection->step = evtimer_new(resolved.base, on_step, connection);
	bev = bufferevent_socket_new(resolved.base, fd,
				     BEV_OPT_CLOSE_ON_FREE | BEV_OPT_DEFER_CALLBACKS);
	connection->bev = bev;
	if (!bev)
		close(fd);
	if (!bev || !connection->step)
		return false;
	bufferevent_set_timeouts(bev, &idle, &idle);
	bufferevent_setwatermark(bev, EV_READ, 0, PREFIX_SIZE + QUESTION_MAX);
	bufferevent_setcb(bev, on_input, on_output, on_event, connection);
	return !bufferevent_enable(bev, EV_READ | EV_WRITE);
}

static void on_accept(struct evconnlistener *from, evutil_socket_t fd, struct sockaddr *addr,
		      int len, void *arg)
{
	struct connection *connection;
	struct server peer = {};
	struct user *user;
	uint32_t uid;

	(void)from;
	(void)arg;
	memcpy(&peer.addr, addr, len);
	peer.len = len;
	uid = owner_find(IPPROTO_TCP, &peer, &resolved.config.listen);
	user = user_get(&users, uid);
	connection = user && room_make(user) ? calloc(1, sizeof(*connection)) : NULL;
	if (!connection) {
		close(fd);
		return;
	}
	connection->uid = uid;
	connection->user = user;
	user->connections++;
	connection_count++;
	TAILQ_INSERT_TAIL(&connections, connection, link);
	if (!connection_open(connection, fd))
		connection_free(connection);
}

static void on_pause_over(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	(void)arg;
	evconnlistener_enable(listener);
}

/* There are no descriptors: whoever waits is still there a moment later. */
static void on_accept_error(struct evconnlistener *from, void *arg)
{
	const struct timeval moment = { .tv_usec = PAUSE_MS * 1000 };

	(void)arg;
	count(COUNT_NO_SOCKET);
	if (!event_add(pause_over, &moment))
		evconnlistener_disable(from);
}

bool tcp_bind(void)
{
	const struct server *self = &resolved.config.listen;
	const int on = 1;

	sock = socket(self->addr.sa.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (sock >= 0) {
		setsockopt(sock, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
		if (!bind(sock, &self->addr.sa, self->len))
			return true;
	}
	fprintf(stderr, "umx-resolved: TCP cannot be listened to: %s\n", strerror(errno));
	return false;
}

bool tcp_listen(void)
{
	listener = evconnlistener_new(resolved.base, on_accept, NULL,
				      LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC, BACKLOG,
				      sock);
	pause_over = evtimer_new(resolved.base, on_pause_over, NULL);
	if (!listener || !pause_over)
		return false;
	evconnlistener_set_error_cb(listener, on_accept_error);
	return true;
}

void tcp_close(void)
{
	while (!TAILQ_EMPTY(&connections))
		connection_free(TAILQ_FIRST(&connections));
	if (pause_over)
		event_free(pause_over);
	if (listener)
		evconnlistener_free(listener);
	else if (sock >= 0)
		close(sock);
}
