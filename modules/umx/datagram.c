// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns what umx answers when UDP asks: which EA a connect() leaves
 * from, and what the end of that session does to its address. There is no
 * TIME_WAIT: the address is DISPOSED at once, and what is still on its way to it
 * is dropped in silence.
 */
#include <net/ipv6.h>
#include <umx/udp.h>
#include "address.h"
#include "datagram.h"
#include "draw.h"
#include "netns.h"
#include "pool.h"
#include "session.h"

static struct umx_addr *umx_datagram_addr(struct umx_udp_track *track)
{
	return container_of(track, struct umx_addr, datagram);
}

/*
 * The application has chosen its source itself. An address without bind() is
 * what an earlier connect() from a legacy one has left.
 */
static bool umx_datagram_bound(const struct sock *sk)
{
	return (sk->sk_userlocks & SOCK_BINDADDR_LOCK) || umx_draw_declined(sk);
}

/* umx_udp_ops.release */
static void umx_datagram_release(struct umx_udp_track *track)
{
	struct umx_addr *addr = umx_datagram_addr(track);

	umx_mib_inc(addr->pool->un, UMX_MIB_EA_RELEASED);
	if (!READ_ONCE(addr->sent))
		umx_mib_inc(addr->pool->un, UMX_MIB_UDP_UNUSED);
	umx_addr_close(addr, false);
	umx_addr_put(addr);
}

/* umx_udp_ops.connect */
static struct umx_udp_track *
umx_datagram_connect(struct sock *sk, const struct sockaddr_in6 *to)
{
	struct umx_net *un = umx_net(sock_net(sk));
	struct umx_addr *addr;

	if (umx_datagram_bound(sk)) {
		if (!umx_draw_bound_to_pool(un, sk))
			return NULL;
		umx_mib_inc(un, UMX_MIB_EA_BOUND);
		return ERR_PTR(-EADDRNOTAVAIL);
	}
	if (!READ_ONCE(un->has_udp_rules) ||
	    umx_draw_legacy_peer(un->net, &to->sin6_addr))
		return NULL;
	/* no datagram goes to port 0: only the route's source is wanted */
	if (!to->sin6_port) {
		umx_mib_inc(un, UMX_MIB_UDP_PORT0);
		return NULL;
	}
	addr = umx_draw(un, sk, &to->sin6_addr, UMX_PROTO_UDP);
	if (IS_ERR_OR_NULL(addr))
		return ERR_CAST(addr);

	umx_mib_inc(un, UMX_MIB_UDP_CREATED);
	inet6_sk(sk)->saddr = addr->addr;
	return &addr->datagram;	/* the reference of umx_draw() goes along */
}

/* umx_udp_ops.connected */
static void umx_datagram_connected(struct umx_udp_track *track,
				   struct sock *sk)
{
	umx_session_bind(umx_datagram_addr(track), sk);
}

static const struct umx_udp_ops umx_datagram_ops = {
	.owner = THIS_MODULE,
	.connect = umx_datagram_connect,
	.connected = umx_datagram_connected,
	.release = umx_datagram_release,
};

int umx_datagram_setup(void)
{
	return umx_udp_register(&umx_datagram_ops);
}

void umx_datagram_teardown(void)
{
	umx_udp_unregister(&umx_datagram_ops);
}
