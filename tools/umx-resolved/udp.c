// SPDX-License-Identifier: GPL-2.0
/* This file owns the UDP socket programs ask. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "count.h"
#include "daemon.h"
#include "exchange.h"
#include "message.h"
#include "owner.h"
#include "udp.h"

/* Datagrams at a time, before others have their turn. */
#define BURST	32
#define QUEUE_SIZE	(1 << 20)

static int sock = -1;
static struct event *readable;

void udp_send(const struct server *peer, const uint8_t *wire, size_t len)
{
	if (sendto(sock, wire, len, MSG_DONTWAIT | MSG_NOSIGNAL, &peer->addr.sa, peer->len) < 0)
		count(COUNT_NOT_SENT);
}

/* What is longer than a question can be is cut, and no question then. */
static bool datagram_read(void)
{
	static uint8_t wire[QUESTION_MAX + 1];
	struct origin origin = {};
	ssize_t len;

	origin.peer.len = sizeof(origin.peer.addr);
	len = recvfrom(sock, wire, sizeof(wire), MSG_DONTWAIT, &origin.peer.addr.sa,
		       &origin.peer.len);
	if (len < 0)
		return errno != EAGAIN && errno != EWOULDBLOCK;
	exchange_begin(&origin,
		       owner_find(IPPROTO_UDP, &origin.peer, &resolved.config.listen), wire, len);
	return true;
}

static void on_readable(evutil_socket_t fd, short what, void *arg)
{
	int i;

	(void)fd;
	(void)what;
	(void)arg;
	for (i = 0; i < BURST && datagram_read(); i++)
		;
}

bool udp_bind(void)
{
	const struct server *self = &resolved.config.listen;
	const int queue = QUEUE_SIZE;

	sock = socket(self->addr.sa.sa_family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (sock >= 0 && !bind(sock, &self->addr.sa, self->len)) {
		/* The queue is everybody's: one who fills it takes longer. */
		setsockopt(sock, SOL_SOCKET, SO_RCVBUFFORCE, &queue, sizeof(queue));
		return true;
	}
	fprintf(stderr, "umx-resolved: UDP cannot be listened to: %s\n", strerror(errno));
	return false;
}

bool udp_listen(void)
{
	readable = event_new(resolved.base, sock, EV_READ | EV_PERSIST, on_readable, NULL);
	return readable && !event_add(readable, NULL);
}

void udp_close(void)
{
	if (readable)
		event_free(readable);
	if (sock >= 0)
		close(sock);
}
