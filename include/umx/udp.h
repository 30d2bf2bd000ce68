/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns the contract of umx_udp.ko: how a capability takes part in
 * connect() of UDP over IPv6 without a kernel patch.
 *
 * umx_udp is the only module that touches the struct proto of UDP sockets, and
 * it has no policy: a capability registers a struct umx_udp_ops and is asked at
 * each connect(). What it wants to follow it hands over as a struct
 * umx_udp_track, embedded in its own object; umx_udp tells it once when the
 * socket has that peer no longer, whatever way that came to be:
 *
 *   close(), the last of all copies    -.
 *   connect() to AF_UNSPEC              |
 *   connect() to anybody, once more     +--> ->release(), once
 *   ss -K, a drain that aborts          |
 *   the socket is destroyed            -'
 *
 * Sockets that never connect are not asked about, nor are kernel sockets.
 */
#ifndef _UMX_UDP_H
#define _UMX_UDP_H

#include <linux/in6.h>
#include <linux/list.h>
#include <linux/module.h>
#include <net/sock.h>

struct umx_udp_ops;

/**
 * struct umx_udp_track - a capability's interest in one connected socket
 * @node: in the table of tracked sockets, keyed by @sk; bucket lock
 * @sk: the socket; not a reference. Its destruction releases the track. Set once,
 *	when the track enters the table
 * @ops: whose track it is; constant. The track holds @ops->owner
 * @armed: connect() has succeeded, so that an unconnected socket means the end.
 *	Written under the socket lock
 */
struct umx_udp_track {
	struct hlist_node node;
	struct sock *sk;
	const struct umx_udp_ops *ops;
	bool armed;
};

/**
 * struct umx_udp_ops - questions umx_udp asks the capability
 * @owner: module that holds the code of all of them; one reference per track
 * @connect: connect() of a UDP/IPv6 socket to @to begins; whatever session the
 *	socket had has been released. Context: process, socket lock held. May
 *	set inet6_sk(sk)->saddr, which the socket then leaves from; umx_udp
 *	resets it if the connect fails. Return: a track to follow the session,
 *	NULL for no interest, or ERR_PTR() to make connect() fail with that error
 * @connected: ports and addresses are final, nothing was sent yet. Context: as
 *	@connect
 * @release: the session has ended. Called exactly once per track, which is in
 *	no table any more. Context: any, no lock of umx_udp held
 */
struct umx_udp_ops {
	struct module *owner;
	struct umx_udp_track *(*connect)(struct sock *sk,
					 const struct sockaddr_in6 *to);
	void (*connected)(struct umx_udp_track *track, struct sock *sk);
	void (*release)(struct umx_udp_track *track);
};

int umx_udp_register(const struct umx_udp_ops *ops);
void umx_udp_unregister(const struct umx_udp_ops *ops);

void umx_udp_enable(struct net *net);
void umx_udp_disable(struct net *net);

int umx_udp_abort(struct umx_udp_track *track, int err);
void umx_udp_purge(struct net *net);
unsigned int umx_udp_sockets(void);

#endif /* _UMX_UDP_H */
