// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the questions to name servers. Each time one is sent it has a
 * socket of its own, with a port and a number (RFC 5452) nobody can know who
 * does not see it, and the kernel gives us nothing but what the server sends
 * from where we asked.
 *
 *	ask_start -> ask_try -> UDP -> answer -> done
 *			^	 |  \-- truncated, @whole: TCP -> answer -> done
 *			|	 v
 *			+-- timer, refused, nonsense; done(NULL) when tries are used up
 */
#include <errno.h>
#include <event2/util.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ask.h"
#include "count.h"
#include "daemon.h"
#include "message.h"

/* Who guesses at an answer gets no more tries than this for one socket. */
#define FOREIGN_MAX	16
#define PREFIX_SIZE	2

/**
 * struct ask - a question to name servers
 * @done: who gets the answer; @arg: with that.
 * @whole: a truncated answer will not do.
 * @tcp: ask by TCP.
 * @tries: how often it was sent.
 * @server: whom it was sent to, by its place.
 * @foreign: what else came to the socket.
 * @fd: the socket; -1: none.
 * @io: its event; @timer: when it is too late.
 * @sent: bytes sent by TCP.
 * @in: what has come by TCP, with its length before it; @in_len bytes,
 * @in_size: bytes it will be.
 * @prefix: the same while the length is not known.
 * @out_len: bytes of the message.
 * @out: its length for TCP, and the message.
 */
struct ask {
	ask_done done;
	void *arg;
	bool whole;
	bool tcp;
	unsigned int tries;
	unsigned int server;
	unsigned int foreign;
	int fd;
	struct event *io;
	struct event *timer;
	size_t sent;
	uint8_t *in;
	size_t in_len;
	size_t in_size;
	uint8_t prefix[PREFIX_SIZE];
	size_t out_len;
	uint8_t out[];
};

static void ask_next(struct ask *ask);

static void socket_close(struct ask *ask)
{
	if (ask->io)
		event_free(ask->io);
	if (ask->fd >= 0)
		close(ask->fd);
	free(ask->in);
	ask->io = NULL;
	ask->fd = -1;
	ask->in = NULL;
	ask->in_len = 0;
	ask->sent = 0;
	ask->foreign = 0;
}

void ask_cancel(struct ask *ask)
{
	if (!ask)
		return;
	socket_close(ask);
	if (ask->timer)
		event_free(ask->timer);
	free(ask);
}

static void ask_finish(struct ask *ask, uint8_t *wire, size_t len)
{
	ask->done(ask->arg, wire, len);
	ask_cancel(ask);
}

/* --- answers --- */

static bool next_is_better(const struct ask *ask, const uint8_t *wire)
{
	unsigned int rcode = answer_rcode(wire);

	return (rcode == RCODE_SERVFAIL || rcode == RCODE_NOTIMP || rcode == RCODE_REFUSED) &&
	       ask->tries < resolved.servers.count && ask->tries < resolved.config.tries;
}

static bool ask_again(struct ask *ask);

static void answer_take(struct ask *ask, uint8_t *wire, size_t len)
{
	if (next_is_better(ask, wire)) {
		count(COUNT_NEXT_SERVER);
		ask_next(ask);
		return;
	}
	resolved.servers.first = ask->server;
	if (ask->whole && !ask->tcp && answer_truncated(wire)) {
		count(COUNT_AGAIN_TCP);
		ask->tcp = true;
		if (!ask_again(ask))
			ask_next(ask);
		return;
	}
	ask_finish(ask, wire, len);
}

/* --- UDP --- */

static void on_datagram(evutil_socket_t fd, short what, void *arg)
{
	static uint8_t wire[MESSAGE_MAX];
	struct ask *ask = arg;
	ssize_t len;

	(void)what;
	len = recv(fd, wire, sizeof(wire), 0);
	if (len < 0) {
		/* An ICMP error: nobody is there. */
		if (errno != EAGAIN && errno != EINTR)
			ask_next(ask);
		return;
	}
	if (len >= HEADER_SIZE &&
	    answer_belongs(wire, len, ask->out + PREFIX_SIZE, ask->out_len)) {
		answer_take(ask, wire, len);
		return;
	}
	count(COUNT_ANSWER_FOREIGN);
	if (++ask->foreign == FOREIGN_MAX)
		ask_next(ask);
}

/* --- TCP --- */

/* 1: there is more to come, 0: that was all, -1: it is over. */
static int stream_read(struct ask *ask)
{
	bool known = ask->in_len >= PREFIX_SIZE;
	uint8_t *to = known ? ask->in + ask->in_len : ask->prefix + ask->in_len;
	size_t want = (known ? ask->in_size : PREFIX_SIZE) - ask->in_len;
	ssize_t len = recv(ask->fd, to, want, 0);

	if (len <= 0)
		return len < 0 && (errno == EAGAIN || errno == EINTR) ? 1 : -1;
	ask->in_len += len;
	if (known || ask->in_len < PREFIX_SIZE)
		return ask->in_len < ask->in_size || !known;
	ask->in_size = PREFIX_SIZE + (ask->prefix[0] << 8 | ask->prefix[1]);
	if (ask->in_size < PREFIX_SIZE + HEADER_SIZE)
		return -1;
	ask->in = malloc(ask->in_size);
	return ask->in ? 1 : -1;
}

static void on_stream(evutil_socket_t fd, short what, void *arg)
{
	struct ask *ask = arg;
	int more = stream_read(ask);

	(void)fd;
	(void)what;
	if (more > 0)
		return;
	if (more < 0) {
		ask_next(ask);
	} else if (answer_belongs(ask->in + PREFIX_SIZE, ask->in_size - PREFIX_SIZE,
				  ask->out + PREFIX_SIZE, ask->out_len)) {
		answer_take(ask, ask->in + PREFIX_SIZE, ask->in_size - PREFIX_SIZE);
	} else {
		count(COUNT_ANSWER_FOREIGN);
		ask_next(ask);
	}
}

static bool io_set(struct ask *ask, short what, event_callback_fn call)
{
	if (ask->io)
		event_free(ask->io);
	ask->io = event_new(resolved.base, ask->fd, what | EV_PERSIST, call, ask);
	return ask->io && !event_add(ask->io, NULL);
}

static void on_writable(evutil_socket_t fd, short what, void *arg)
{
	struct ask *ask = arg;
	size_t size = PREFIX_SIZE + ask->out_len;
	ssize_t len = send(fd, ask->out + ask->sent, size - ask->sent, MSG_NOSIGNAL);

	(void)what;
	if (len < 0) {
		if (errno != EAGAIN && errno != EINTR)
			ask_next(ask);
		return;
	}
	ask->sent += len;
	if (ask->sent == size && !io_set(ask, EV_READ, on_stream))
		ask_next(ask);
}

/* --- asking --- */

static bool ask_send(struct ask *ask, const struct server *server)
{
	int type = ask->tcp ? SOCK_STREAM : SOCK_DGRAM;

	ask->fd = socket(server->addr.sa.sa_family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (ask->fd < 0) {
		count(COUNT_NO_SOCKET);
		return false;
	}
	/* Connected: others are not heard, and the kernel chooses a port at random. */
	if (connect(ask->fd, &server->addr.sa, server->len) && errno != EINPROGRESS)
		return false;
	evutil_secure_rng_get_bytes(ask->out + PREFIX_SIZE, 2);
	count(COUNT_ASKED);
	if (ask->tcp)
		return io_set(ask, EV_WRITE, on_writable);
	return send(ask->fd, ask->out + PREFIX_SIZE, ask->out_len, MSG_NOSIGNAL) >= 0 &&
	       io_set(ask, EV_READ, on_datagram);
}

/* The same server. */
static bool ask_again(struct ask *ask)
{
	const struct timeval wait = {
		resolved.config.timeout / 1000, resolved.config.timeout % 1000 * 1000
	};

	socket_close(ask);
	return ask_send(ask, &resolved.servers.list[ask->server]) &&
	       !event_add(ask->timer, &wait);
}

/* The next one, as often as there are tries. */
static bool ask_try(struct ask *ask)
{
	const struct servers *servers = &resolved.servers;

	while (servers->count && ask->tries < resolved.config.tries) {
		ask->server = (servers->first + ask->tries++) % servers->count;
		if (ask_again(ask))
			return true;
	}
	return false;
}

static void ask_next(struct ask *ask)
{
	if (!ask_try(ask))
		ask_finish(ask, NULL, 0);
}

static void on_late(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	ask_next(arg);
}

struct ask *ask_start(const uint8_t *wire, size_t len, bool tcp, bool whole, ask_done done,
		      void *arg)
{
	struct ask *ask = calloc(1, sizeof(*ask) + PREFIX_SIZE + len);

	if (!ask)
		return NULL;
	ask->done = done;
	ask->arg = arg;
	ask->tcp = tcp;
	ask->whole = whole;
	ask->fd = -1;
	ask->out_len = len;
	ask->out[0] = len >> 8;
	ask->out[1] = len;
	memcpy(ask->out + PREFIX_SIZE, wire, len);
	ask->timer = evtimer_new(resolved.base, on_late, ask);
	if (ask->timer && ask_try(ask))
		return ask;
	ask_cancel(ask);
	return NULL;
}
