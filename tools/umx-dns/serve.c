// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the questions of other hosts: their connections, and nobody
 * else's. Who has not shown a certificate is the first to go when there are
 * too many.
 */
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/bufferevent_ssl.h>
#include <event2/listener.h>
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "count.h"
#include "daemon.h"
#include "message.h"
#include "serve.h"
#include "tls.h"

#define CONNECTIONS_MAX	64
/* Seconds for the handshake; seconds of silence, of which a peer has none. */
#define HANDSHAKE_S	10
#define SILENCE_S	600
#define OUTPUT_MAX	65536

/**
 * struct connection - another host that asks
 * @link: in the list of all, oldest first.
 * @bev: its buffers.
 * @known: its certificate is one of a peer.
 */
struct connection {
	TAILQ_ENTRY(connection) link;
	struct bufferevent *bev;
	bool known;
};

static TAILQ_HEAD(, connection) connections = TAILQ_HEAD_INITIALIZER(connections);
static unsigned int connection_count;
static struct evconnlistener *listener;

static void connection_end(struct connection *connection)
{
	TAILQ_REMOVE(&connections, connection, link);
	connection_count--;
	bufferevent_free(connection->bev);
	free(connection);
}

/* False: what it asks is no question, or it does not read the answers. */
static bool question_take(struct connection *connection, const char *text, size_t len)
{
	struct message message;
	bool good;
	char *line;

	if (!message_read_question(text, len, &message))
		return false;
	if (*message.service) {
		count(COUNT_ANSWERED_PEER);
		message.grant = grant_ask(message.service, message.label, &message.asker,
					  &message.addr);
	}
	line = message_answer(&message);
	good = line && !bufferevent_write(connection->bev, line, strlen(line));
	free(line);
	return good &&
	       evbuffer_get_length(bufferevent_get_output(connection->bev)) <= OUTPUT_MAX;
}

static void on_read(struct bufferevent *bev, void *arg)
{
	struct evbuffer *input = bufferevent_get_input(bev);
	struct connection *connection = arg;
	bool good = connection->known;
	size_t len;
	char *line;

	while (good && (line = evbuffer_readln(input, &len, EVBUFFER_EOL_LF))) {
		good = question_take(connection, line, len);
		free(line);
	}
	if (good && evbuffer_get_length(input) <= MESSAGE_MAX)
		return;
	count(COUNT_MALFORMED);
	connection_end(connection);
}

static void connection_shaken(struct connection *connection)
{
	const struct timeval silence = { .tv_sec = SILENCE_S };

	connection->known = tls_is_peer(bufferevent_openssl_get_ssl(connection->bev));
	if (connection->known) {
		bufferevent_set_timeouts(connection->bev, &silence, &silence);
		return;
	}
	count(COUNT_PEER_REFUSED);
	connection_end(connection);
}

static void on_event(struct bufferevent *bev, short what, void *arg)
{
	struct connection *connection = arg;

	(void)bev;
	if (what & BEV_EVENT_CONNECTED) {
		connection_shaken(connection);
	} else {
		if (!connection->known)
			count(COUNT_PEER_REFUSED);
		connection_end(connection);
	}
}

/* Room for one more: the oldest that has not shown who it is makes it. */
static bool room_make(void)
{
	struct connection *connection;

	if (connection_count < CONNECTIONS_MAX)
		return true;
	count(COUNT_CONNECTIONS);
	TAILQ_FOREACH(connection, &connections, link) {
		if (connection->known)
			continue;
		connection_end(connection);
		return true;
	}
	return false;
}

static void on_accept(struct evconnlistener *from, evutil_socket_t fd, struct sockaddr *addr,
		      int len, void *arg)
{
	const struct timeval handshake = { .tv_sec = HANDSHAKE_S };
	struct connection *connection = NULL;
	SSL *ssl = NULL;

	(void)from;
	(void)addr;
	(void)len;
	(void)arg;
	if (!room_make())
		goto fail;
	connection = calloc(1, sizeof(*connection));
	ssl = tls_server();
	if (!connection || !ssl)
		goto fail;
	connection->bev = bufferevent_openssl_socket_new(dns.base, fd, ssl,
							 BUFFEREVENT_SSL_ACCEPTING,
							 BEV_OPT_CLOSE_ON_FREE |
							 BEV_OPT_DEFER_CALLBACKS);
	if (!connection->bev)
		goto fail;
	TAILQ_INSERT_TAIL(&connections, connection, link);
	connection_count++;
	bufferevent_openssl_set_allow_dirty_shutdown(connection->bev, 1);
	bufferevent_set_timeouts(connection->bev, &handshake, &handshake);
	bufferevent_setwatermark(connection->bev, EV_READ, 0, OUTPUT_MAX);
	bufferevent_setcb(connection->bev, on_read, NULL, on_event, connection);
	bufferevent_enable(connection->bev, EV_READ | EV_WRITE);
	return;
fail:
	SSL_free(ssl);
	free(connection);
	close(fd);
}

bool serve_init(void)
{
	const struct config *config = &dns.config;
	struct sockaddr_in6 in6 = { .sin6_family = AF_INET6 };
	struct sockaddr_in in = { .sin_family = AF_INET };
	bool six;

	if (!config->listen_port)
		return true;
	six = inet_pton(AF_INET6, config->listen, &in6.sin6_addr) == 1;
	inet_pton(AF_INET, config->listen, &in.sin_addr);
	in6.sin6_port = in.sin_port = htons(config->listen_port);
	listener = evconnlistener_new_bind(dns.base, on_accept, NULL,
					   LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC |
					   LEV_OPT_REUSEABLE, 64,
					   six ? (void *)&in6 : (void *)&in,
					   six ? sizeof(in6) : sizeof(in));
	if (!listener)
		fprintf(stderr, "umx-dns: [%s]:%u cannot be listened to\n", config->listen,
			config->listen_port);
	return listener;
}

void serve_close(void)
{
	struct connection *connection;

	while ((connection = TAILQ_FIRST(&connections)))
		connection_end(connection);
	if (listener)
		evconnlistener_free(listener);
}
