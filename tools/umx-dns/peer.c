// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns asking other hosts: one connection to each, kept up, over
 * which questions go as they come and answers come back in any order.
 *
 * A third of the health interval after another the peer is asked whether it is
 * there. It is taken for dead when two of them have passed without a word.
 */
#include <arpa/inet.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/bufferevent_ssl.h>
#include <stdlib.h>
#include <string.h>

#include "count.h"
#include "daemon.h"
#include "journal.h"
#include "message.h"
#include "peer.h"
#include "tls.h"

#define QUESTIONS_MAX	256
#define ANSWER_MS	1000

struct peer;

TAILQ_HEAD(asking_list, asking);

/**
 * struct asking - a question under way
 * @link: among those of its peer.
 * @peer: who is asked.
 * @id: number of the question.
 * @timeout: ends it.
 * @done: takes the answer; NULL: nobody does any more.
 * @arg: for @done.
 */
struct asking {
	TAILQ_ENTRY(asking) link;
	struct peer *peer;
	uint32_t id;
	struct event *timeout;
	peer_done done;
	void *arg;
};

/**
 * struct peer - a host that is asked
 * @config: what is configured of it.
 * @bev: the connection; NULL: none.
 * @tick: looks after it.
 * @since: when the connection was begun, ms.
 * @heard: when it last said something; 0: never on this connection.
 * @askings: questions under way; @open of them.
 * @next: number of the next one; 0 asks whether it is there.
 */
struct peer {
	const struct peer_config *config;
	struct bufferevent *bev;
	struct event *tick;
	int64_t since;
	int64_t heard;
	struct asking_list askings;
	unsigned int open;
	uint32_t next;
};

static struct peer peers[CONFIG_PEERS];

static int64_t period(void)
{
	return dns.config.health * 1000ll / 3;
}

bool peer_alive(int peer)
{
	return peer < 0 || peers[peer].heard;
}

/* --- questions --- */

static void asking_end(struct asking *asking, enum grant grant, const struct in6_addr *addr)
{
	struct peer *peer = asking->peer;

	TAILQ_REMOVE(&peer->askings, asking, link);
	peer->open--;
	event_free(asking->timeout);
	if (asking->done)
		asking->done(asking->arg, grant, addr);
	free(asking);
}

static void on_timeout(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	asking_end(arg, GRANT_UNABLE, NULL);
}

void peer_cancel(struct asking *asking)
{
	asking->done = NULL;
}

static bool question_send(struct peer *peer, const struct message *message)
{
	char *line = message_question(message);
	bool good = line && !bufferevent_write(peer->bev, line, strlen(line));

	free(line);
	return good;
}

static struct asking *asking_new(struct peer *peer, peer_done done, void *arg)
{
	const struct timeval wait = { .tv_sec = ANSWER_MS / 1000 };
	struct asking *asking = calloc(1, sizeof(*asking));

	if (!asking)
		return NULL;
	asking->timeout = evtimer_new(dns.base, on_timeout, asking);
	if (!asking->timeout || evtimer_add(asking->timeout, &wait)) {
		if (asking->timeout)
			event_free(asking->timeout);
		free(asking);
		return NULL;
	}
	asking->peer = peer;
	asking->done = done;
	asking->arg = arg;
	asking->id = ++peer->next ? : ++peer->next;
	TAILQ_INSERT_TAIL(&peer->askings, asking, link);
	peer->open++;
	return asking;
}

struct asking *peer_ask(int index, const char *service, const char *label,
			const struct asker *asker, peer_done done, void *arg)
{
	struct message message = { .asker = *asker };
	struct peer *peer = &peers[index];
	struct asking *asking;

	if (!peer->heard)
		return NULL;
	if (peer->open == QUESTIONS_MAX) {
		count(COUNT_PEER_BUSY);
		return NULL;
	}
	asking = asking_new(peer, done, arg);
	if (!asking)
		return NULL;
	strcpy(message.service, service);
	strcpy(message.label, label);
	message.id = asking->id;
	if (!question_send(peer, &message)) {
		asking->done = NULL;
		asking_end(asking, GRANT_UNABLE, NULL);
		return NULL;
	}
	count(COUNT_FORWARDED);
	return asking;
}

/* --- the connection --- */

static void peer_close(struct peer *peer, const char *why)
{
	struct asking *asking;

	if (peer->heard)
		journal_note("peer_down", "%s: %s", peer->config->name, why);
	peer->heard = 0;
	if (peer->bev)
		bufferevent_free(peer->bev);
	peer->bev = NULL;
	while ((asking = TAILQ_FIRST(&peer->askings)))
		asking_end(asking, GRANT_UNABLE, NULL);
}

static void answer_take(struct peer *peer, const struct message *message)
{
	struct asking *asking;

	TAILQ_FOREACH(asking, &peer->askings, link) {
		if (asking->id != message->id)
			continue;
		asking_end(asking, message->grant, &message->addr);
		return;
	}
}

static void on_read(struct bufferevent *bev, void *arg)
{
	struct peer *peer = arg;
	struct message message;
	bool good = true;
	size_t len;
	char *line;

	while (good && (line = evbuffer_readln(bufferevent_get_input(bev), &len,
					       EVBUFFER_EOL_LF))) {
		good = message_read_answer(line, len, &message);
		free(line);
		if (!good)
			break;
		if (!peer->heard)
			journal_note("peer_up", "%s", peer->config->name);
		peer->heard = now_ms();
		answer_take(peer, &message);
	}
	if (!good || evbuffer_get_length(bufferevent_get_input(bev)) > MESSAGE_MAX)
		peer_close(peer, "what it said was no answer");
}

static void peer_ping(struct peer *peer)
{
	struct message message = {};

	question_send(peer, &message);
}

static void on_event(struct bufferevent *bev, short what, void *arg)
{
	(void)bev;
	if (what & BEV_EVENT_CONNECTED)
		peer_ping(arg);
	else if (what & (BEV_EVENT_EOF | BEV_EVENT_ERROR))
		peer_close(arg, "the connection ended");
}

static socklen_t peer_address(const struct peer_config *config, struct sockaddr_storage *addr)
{
	struct sockaddr_in6 *in6 = (void *)addr;
	struct sockaddr_in *in = (void *)addr;

	memset(addr, 0, sizeof(*addr));
	if (inet_pton(AF_INET6, config->addr, &in6->sin6_addr) == 1) {
		in6->sin6_family = AF_INET6;
		in6->sin6_port = htons(config->port);
		return sizeof(*in6);
	}
	inet_pton(AF_INET, config->addr, &in->sin_addr);
	in->sin_family = AF_INET;
	in->sin_port = htons(config->port);
	return sizeof(*in);
}

static void peer_connect(struct peer *peer)
{
	struct sockaddr_storage addr;
	socklen_t len = peer_address(peer->config, &addr);
	SSL *ssl = tls_client(peer->config->name);

	if (!ssl)
		return;
	peer->bev = bufferevent_openssl_socket_new(dns.base, -1, ssl, BUFFEREVENT_SSL_CONNECTING,
						   BEV_OPT_CLOSE_ON_FREE |
						   BEV_OPT_DEFER_CALLBACKS);
	if (!peer->bev) {
		SSL_free(ssl);
		return;
	}
	peer->since = now_ms();
	bufferevent_openssl_set_allow_dirty_shutdown(peer->bev, 1);
	bufferevent_setcb(peer->bev, on_read, NULL, on_event, peer);
	bufferevent_enable(peer->bev, EV_READ | EV_WRITE);
	if (bufferevent_socket_connect(peer->bev, (void *)&addr, len))
		peer_close(peer, "it cannot be reached");
}

static void on_tick(evutil_socket_t fd, short what, void *arg)
{
	struct peer *peer = arg;

	(void)fd;
	(void)what;
	if (!peer->bev)
		peer_connect(peer);
	else if (now_ms() - (peer->heard ? : peer->since) > 2 * period())
		peer_close(peer, "it does not answer");
	else if (peer->heard)
		peer_ping(peer);
}

static bool peer_init(struct peer *peer, const struct peer_config *config)
{
	const struct timeval wait = {
		.tv_sec = period() / 1000,
		.tv_usec = period() % 1000 * 1000,
	};

	TAILQ_INIT(&peer->askings);
	if (!config->port)
		return true;
	peer->config = config;
	peer->tick = event_new(dns.base, -1, EV_PERSIST, on_tick, peer);
	if (!peer->tick || event_add(peer->tick, &wait))
		return false;
	peer_connect(peer);
	return true;
}

bool peers_init(void)
{
	unsigned int i;

	if (!tls_init())
		return false;
	for (i = 0; i < dns.config.peer_count; i++)
		if (!peer_init(&peers[i], &dns.config.peers[i]))
			return false;
	return true;
}

void peers_close(void)
{
	unsigned int i;

	for (i = 0; i < dns.config.peer_count; i++) {
		if (!peers[i].config)
			continue;
		peer_close(&peers[i], "this host's umx-dns ends");
		event_free(peers[i].tick);
	}
	tls_close();
}
