// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the copies of icsk_af_ops: that of attached listeners, which
 * lets a capability refuse a SYN, and claim a child before it exists, and that
 * of a followed connect() until it is established.
 *
 * A child inherits everything its listener carries, this module's functions
 * included, but no reference. Before anybody can use it, it is made plain, or
 * a tracked socket with a reference of its own.
 */
#include <net/inet_connection_sock.h>
#include <umx/compat.h>
#include "umx_tcp.h"

static struct inet_connection_sock_af_ops umx_tcp_af_ops;	/* listeners */
static struct inet_connection_sock_af_ops umx_tcp_syn_ops;	/* connect() */

bool umx_tcp_listener_attached(const struct sock *sk)
{
	return READ_ONCE(inet_csk(sk)->icsk_af_ops) == &umx_tcp_af_ops;
}
EXPORT_SYMBOL_GPL(umx_tcp_listener_attached);

void umx_tcp_afops_restore(struct sock *sk)
{
	if (umx_tcp_listener_attached(sk) ||
	    inet_csk(sk)->icsk_af_ops == &umx_tcp_syn_ops)
		WRITE_ONCE(inet_csk(sk)->icsk_af_ops, umx_tcp_origin.af_ops);
}

/* A connect() has begun: we want to know when it is established. */
void umx_tcp_afops_connect(struct sock *sk)
{
	if (inet_csk(sk)->icsk_af_ops == umx_tcp_origin.af_ops)
		WRITE_ONCE(inet_csk(sk)->icsk_af_ops, &umx_tcp_syn_ops);
}

/*
 * tcp_finish_connect() keeps the route the SYN-ACK came by; we need no other
 * place for the moment a connection is established, and need it once.
 */
static void umx_tcp_sk_rx_dst_set(struct sock *sk, const struct sk_buff *skb)
{
	WRITE_ONCE(inet_csk(sk)->icsk_af_ops, umx_tcp_origin.af_ops);
	umx_tcp_origin.af_ops->sk_rx_dst_set(sk, skb);
	umx_tcp_track_established(sk);
}

/* Take off @child what it inherited and owns no reference for. */
static void umx_tcp_child_plain(struct sock *child)
{
	umx_tcp_callbacks_restore(child);
	umx_tcp_afops_restore(child);
	/* sockmap gives a child its listener's sk_prot_creator as sk_prot */
	if (child->sk_prot == &umx_tcp_prot)
		WRITE_ONCE(child->sk_prot, &tcpv6_prot);
}

static int umx_tcp_conn_request(struct sock *sk, struct sk_buff *skb)
{
	if (skb->protocol == htons(ETH_P_IPV6) && !umx_tcp_ops_syn(sk, skb)) {
		umx_tcp_tw_isn_clear();	/* or the next SYN would get it */
		return 0;	/* no reset */
	}
	return umx_tcp_origin.af_ops->conn_request(sk, skb);
}

static struct sock *
umx_tcp_syn_recv_sock(UMX_SYN_RECV_SOCK_PARAMS)
{
	const struct umx_tcp_ops *ops = NULL;
	struct umx_tcp_track *track = NULL;
	struct sock *child;

	/*
	 * Fast Open makes a child of a SYN, before anything is proven. NULL
	 * leaves it to the ordinary handshake.
	 */
	if (tcp_hdr(skb)->syn)
		return NULL;
	if (skb->protocol == htons(ETH_P_IPV6))
		track = umx_tcp_ops_claim(sk, req, &ops);
	if (IS_ERR(track))
		return NULL;

	child = umx_tcp_origin.af_ops->syn_recv_sock(UMX_SYN_RECV_SOCK_ARGS);
	if (child)
		umx_tcp_child_plain(child);
	if (!track)
		return child;

	/* !*own_req: somebody else made the child, this one is dropped */
	if (!child || !*own_req || !umx_tcp_adopt(child)) {
		struct module *owner = track->type->owner;

		umx_tcp_ops_unclaim(ops, track);
		module_put(owner);
		return child;
	}

	umx_tcp_track_add(child, track);
	umx_tcp_callbacks_set(child);
	if (ops->bound)
		ops->bound(track, child);
	track->armed = true;
	return child;
}

/**
 * umx_tcp_listener_attach() - have the children of a listener claimed
 * @sk: a listening TCP/IPv6 socket; its lock is held
 * @track: follows the listener: released when it stops listening
 *
 * Works on listeners older than the module too.
 * Context: process, socket lock held.
 * Return: 0; -EALREADY: attached before, @track is not used; -EOPNOTSUPP: not
 * a plain TCP/IPv6 listener (kernel socket, MPTCP, IPv4); -ESHUTDOWN: the
 * module is on its way out.
 */
int umx_tcp_listener_attach(struct sock *sk, struct umx_tcp_track *track)
{
	sock_owned_by_me(sk);

	if (umx_tcp_listener_attached(sk))
		return -EALREADY;
	if (sk->sk_state != TCP_LISTEN || sk->sk_kern_sock ||
	    sk->sk_family != AF_INET6 || sk->sk_protocol != IPPROTO_TCP ||
	    inet_csk(sk)->icsk_af_ops != umx_tcp_origin.af_ops ||
	    !umx_tcp_track_possible(sk))
		return -EOPNOTSUPP;
	if (!try_module_get(track->type->owner))
		return -ESHUTDOWN;
	if (sk->sk_prot_creator != &umx_tcp_prot && !umx_tcp_adopt(sk)) {
		module_put(track->type->owner);
		return -ESHUTDOWN;
	}

	umx_tcp_track_add(sk, track);
	umx_tcp_callbacks_set(sk);
	track->armed = true;
	WRITE_ONCE(inet_csk(sk)->icsk_af_ops, &umx_tcp_af_ops);
	return 0;
}
EXPORT_SYMBOL_GPL(umx_tcp_listener_attach);

/**
 * umx_tcp_listener_detach() - undo umx_tcp_listener_attach()
 * @sk: the listener; its lock is held
 * @track: as attached; released before return unless it was before
 *
 * The listener holds this module no more. Softirqs that are in our code at
 * this moment are waited for by umx_tcp_proto_teardown().
 * Context: process, socket lock held, the caller holds this module by symbol.
 */
void umx_tcp_listener_detach(struct sock *sk, struct umx_tcp_track *track)
{
	sock_owned_by_me(sk);

	if (!umx_tcp_track_del(track))
		return;
	umx_tcp_afops_restore(sk);
	umx_tcp_callbacks_restore(sk);
	umx_tcp_track_release(track, sk);
	umx_tcp_drop(sk);
}
EXPORT_SYMBOL_GPL(umx_tcp_listener_detach);

void umx_tcp_afops_setup(void)
{
	umx_tcp_af_ops = *umx_tcp_origin.af_ops;
	umx_tcp_af_ops.conn_request = umx_tcp_conn_request;
	umx_tcp_af_ops.syn_recv_sock = umx_tcp_syn_recv_sock;
	umx_tcp_syn_ops = *umx_tcp_origin.af_ops;
	umx_tcp_syn_ops.sk_rx_dst_set = umx_tcp_sk_rx_dst_set;
}
