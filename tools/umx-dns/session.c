// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the connections of PowerDNS: each of its threads has one, and
 * asks the next question when it has its answer.
 */
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/listener.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "count.h"
#include "daemon.h"
#include "local.h"
#include "query.h"
#include "session.h"

#define SESSIONS_MAX	256

/**
 * struct session - a connection
 * @link: in the list of all.
 * @bev: its buffers.
 * @query: the question under way; NULL: none.
 * @busy: a question is being asked.
 */
struct session {
	TAILQ_ENTRY(session) link;
	struct bufferevent *bev;
	struct query *query;
	bool busy;
};

static TAILQ_HEAD(, session) sessions = TAILQ_HEAD_INITIALIZER(sessions);
static unsigned int session_count;
static struct evconnlistener *listener;

static void session_end(struct session *session)
{
	if (session->query)
		query_cancel(session->query);
	TAILQ_REMOVE(&sessions, session, link);
	session_count--;
	bufferevent_free(session->bev);
	free(session);
}

static void on_reply(void *arg, char *reply)
{
	struct session *session = arg;

	session->query = NULL;
	session->busy = false;
	if (reply)
		bufferevent_write(session->bev, reply, strlen(reply));
	free(reply);
	/* What came meanwhile; not from here, that would nest. */
	if (evbuffer_get_length(bufferevent_get_input(session->bev)))
		bufferevent_trigger(session->bev, EV_READ, BEV_TRIG_DEFER_CALLBACKS);
}

/* False: the session is over. */
static bool line_take(struct session *session, const char *line, size_t len)
{
	struct request request;

	if (!backend_read(line, len, &request)) {
		count(COUNT_MALFORMED);
		return false;
	}
	session->busy = true;
	session->query = query_begin(&request, on_reply, session);
	return true;
}

/* One question at a time. An answer PowerDNS does not read stops the next. */
static void on_read(struct bufferevent *bev, void *arg)
{
	struct evbuffer *input = bufferevent_get_input(bev);
	struct session *session = arg;
	bool good = true;
	size_t len;
	char *line;

	while (good && !session->busy) {
		line = evbuffer_readln(input, &len, EVBUFFER_EOL_LF);
		if (!line) {
			good = evbuffer_get_length(input) <= REQUEST_MAX;
			if (!good)
				count(COUNT_MALFORMED);
			break;
		}
		good = evbuffer_get_length(bufferevent_get_output(bev)) <= REQUEST_MAX &&
		       line_take(session, line, len);
		free(line);
	}
	if (!good)
		session_end(session);
}

static void on_event(struct bufferevent *bev, short what, void *arg)
{
	(void)bev;
	if (what & (BEV_EVENT_EOF | BEV_EVENT_ERROR))
		session_end(arg);
}

static void on_accept(struct evconnlistener *from, evutil_socket_t fd, struct sockaddr *addr,
		      int len, void *arg)
{
	struct session *session = NULL;

	(void)from;
	(void)addr;
	(void)len;
	(void)arg;
	if (session_count < SESSIONS_MAX)
		session = calloc(1, sizeof(*session));
	else
		count(COUNT_CONNECTIONS);
	if (session)
		session->bev = bufferevent_socket_new(dns.base, fd, BEV_OPT_CLOSE_ON_FREE);
	if (!session || !session->bev) {
		free(session);
		close(fd);
		return;
	}
	TAILQ_INSERT_TAIL(&sessions, session, link);
	session_count++;
	/* No more is read than a question and a bit: the rest waits in the socket. */
	bufferevent_setwatermark(session->bev, EV_READ, 0, 2 * REQUEST_MAX);
	bufferevent_setcb(session->bev, on_read, NULL, on_event, session);
	bufferevent_enable(session->bev, EV_READ | EV_WRITE);
}

bool sessions_init(void)
{
	int fd = local_listen(dns.config.backend, SOCK_STREAM, dns.config.group);

	if (fd < 0)
		return false;
	listener = evconnlistener_new(dns.base, on_accept, NULL,
				      LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC, 0, fd);
	return listener;
}

void sessions_close(void)
{
	struct session *session;

	while ((session = TAILQ_FIRST(&sessions)))
		session_end(session);
	if (listener) {
		evconnlistener_free(listener);
		unlink(dns.config.backend);
	}
}
