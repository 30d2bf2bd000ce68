// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the copies of icsk_af_ops: those of attached listeners, which
 * let a capability refuse a SYN, and claim a child before it exists; that of a
 * followed connect() until it is established; and those of sockets whose
 * segments a capability transmits.
 *
 * A child inherits everything its listener carries, this module's functions
 * included, but no reference. Our ->syn_recv_sock() makes it plain, or a tracked
 * socket with a reference of its own. The kernel's own does not, and softirqs
 * that have read it may be about to clone the listener, which they do not lock.
 * So what can be inherited is put on a listener only
 *
 *   - before it is in the table of listeners for the first time, or
 *   - an RCU grace period after our icsk_af_ops,
 *
 * and is taken off before them.
 */
#include <net/inet_connection_sock.h>
#include <umx/compat.h>
#include "umx_tcp.h"

/*
 * Of listeners: the index has a bit for each capability that is attached, and
 * one for a listener that is ours without: it has a note (note.c), or its
 * listen() is under way.
 */
#define UMX_TCP_LISTEN_KEPT	BIT(UMX_TCP_SLOTS)

static struct inet_connection_sock_af_ops
umx_tcp_listen_ops[1 << (UMX_TCP_SLOTS + 1)];

/*
 * Of connections: the index has a bit for each of the two things we want to
 * hear of. 0 is a native socket.
 */
#define UMX_TCP_HEAR_ESTABLISHED	BIT(0)
#define UMX_TCP_HEAR_TRANSMIT		BIT(1)

static struct inet_connection_sock_af_ops umx_tcp_connection_ops[4];

/*
 * Which capabilities are attached to @sk, and UMX_TCP_LISTEN_KEPT; 0 for what
 * is no listener of ours.
 */
static unsigned int umx_tcp_slots(const struct sock *sk)
{
	unsigned long off = (unsigned long)READ_ONCE(inet_csk(sk)->icsk_af_ops) -
			    (unsigned long)umx_tcp_listen_ops;

	if (off >= sizeof(umx_tcp_listen_ops))
		return 0;
	return off / sizeof(umx_tcp_listen_ops[0]);
}

/**
 * umx_tcp_listener_attached() - is this a listener of that capability?
 * @sk: a full socket
 * @slot: the capability
 *
 * Context: any.
 */
bool umx_tcp_listener_attached(const struct sock *sk, enum umx_tcp_slot slot)
{
	return umx_tcp_slots(sk) & BIT(slot);
}
EXPORT_SYMBOL_GPL(umx_tcp_listener_attached);

/* What we want to hear of a connection. */
static unsigned int umx_tcp_heard(const struct sock *sk)
{
	unsigned long off = (unsigned long)READ_ONCE(inet_csk(sk)->icsk_af_ops) -
			    (unsigned long)umx_tcp_connection_ops;

	if (off >= sizeof(umx_tcp_connection_ops))
		return 0;
	return off / sizeof(umx_tcp_connection_ops[0]);
}

/* Of those who call it at the same time either may win. */
static void umx_tcp_hear(struct sock *sk, unsigned int what)
{
	WRITE_ONCE(inet_csk(sk)->icsk_af_ops,
		   what ? &umx_tcp_connection_ops[what] : umx_tcp_origin.af_ops);
}

/* Does @sk carry one of our copies? */
bool umx_tcp_afops_hooked(const struct sock *sk)
{
	return umx_tcp_slots(sk) || umx_tcp_heard(sk);
}

/* Take off @sk what it carries of us. */
void umx_tcp_unhook(struct sock *sk)
{
	umx_tcp_callbacks_restore(sk);
	smp_wmb();	/* who reads the plain functions clones no callback */
	if (umx_tcp_afops_hooked(sk))
		umx_tcp_hear(sk, 0);
}

/* The tracks of a connect() that has begun, or of a child, are in the table. */
static void umx_tcp_afops_follow(struct sock *sk, unsigned int what)
{
	if (umx_tcp_track_transmitter(sk))
		what |= UMX_TCP_HEAR_TRANSMIT;
	if (inet_csk(sk)->icsk_af_ops == umx_tcp_origin.af_ops)
		umx_tcp_hear(sk, what);
}

void umx_tcp_afops_connect(struct sock *sk)
{
	umx_tcp_afops_follow(sk, UMX_TCP_HEAR_ESTABLISHED);
}

/*
 * tcp_finish_connect() keeps the route the SYN-ACK came by; we need no other
 * place for the moment a connection is established, and need it once.
 */
static void umx_tcp_sk_rx_dst_set(struct sock *sk, const struct sk_buff *skb)
{
	umx_tcp_hear(sk, umx_tcp_heard(sk) & ~UMX_TCP_HEAR_ESTABLISHED);
	umx_tcp_origin.af_ops->sk_rx_dst_set(sk, skb);
	umx_tcp_track_established(sk);
}

/**
 * umx_tcp_transmit() - transmit a segment as TCP would have without us
 * @sk: as ->transmit() was given it
 * @skb: the segment; consumed
 * @fl: as ->transmit() was given it
 *
 * Context: ->transmit(). Return: as ->transmit().
 */
int umx_tcp_transmit(struct sock *sk, struct sk_buff *skb, struct flowi *fl)
{
	return umx_tcp_origin.af_ops->queue_xmit(sk, skb, fl);
}
EXPORT_SYMBOL_GPL(umx_tcp_transmit);

/**
 * umx_tcp_reroute() - see to a socket's route as TCP would have without us
 * @sk: as ->reroute() was given it
 *
 * Context: ->reroute(). Return: as ->reroute().
 */
int umx_tcp_reroute(struct sock *sk)
{
	return umx_tcp_origin.af_ops->rebuild_header(sk);
}
EXPORT_SYMBOL_GPL(umx_tcp_reroute);

/**
 * umx_tcp_transmit_stop() - have TCP transmit by itself
 * @sk: a connection whose ->transmit() is a capability's
 *
 * From now on the socket pays nothing for it, until umx_tcp_transmit_start().
 * Context: socket lock held, BH off or process.
 */
void umx_tcp_transmit_stop(struct sock *sk)
{
	unsigned int what = umx_tcp_heard(sk);

	if (what & UMX_TCP_HEAR_TRANSMIT)
		umx_tcp_hear(sk, what & ~UMX_TCP_HEAR_TRANSMIT);
}
EXPORT_SYMBOL_GPL(umx_tcp_transmit_stop);

/**
 * umx_tcp_transmit_start() - have ->transmit() asked again
 * @sk: a connection, established, with a track that has one
 *
 * Without the socket lock whoever owns it may stop it at the same moment, and
 * win; and the caller must keep the track from being released. Context: any.
 */
void umx_tcp_transmit_start(struct sock *sk)
{
	unsigned int what = umx_tcp_heard(sk);

	if (!(what & UMX_TCP_HEAR_TRANSMIT) &&
	    (what || inet_csk(sk)->icsk_af_ops == umx_tcp_origin.af_ops))
		umx_tcp_hear(sk, what | UMX_TCP_HEAR_TRANSMIT);
}
EXPORT_SYMBOL_GPL(umx_tcp_transmit_start);

static int umx_tcp_queue_xmit(struct sock *sk, struct sk_buff *skb,
			      struct flowi *fl)
{
	struct umx_tcp_track *track;
	int ret;

	rcu_read_lock();
	track = umx_tcp_track_transmitter(sk);
	if (likely(track))
		ret = track->type->transmit(track, sk, skb, fl);
	else
		ret = umx_tcp_transmit(sk, skb, fl);
	rcu_read_unlock();
	return ret;
}

static int umx_tcp_rebuild_header(struct sock *sk)
{
	struct umx_tcp_track *track;
	int ret;

	rcu_read_lock();
	track = umx_tcp_track_transmitter(sk);
	if (track && track->type->reroute)
		ret = track->type->reroute(track, sk);
	else
		ret = umx_tcp_reroute(sk);
	rcu_read_unlock();
	return ret;
}

/* Take off @child what it inherited and owns no reference for. */
static void umx_tcp_child_plain(struct sock *child)
{
	umx_tcp_unhook(child);
	/* sockmap gives a child its listener's sk_prot_creator as sk_prot */
	if (child->sk_prot == &umx_tcp_prot)
		umx_tcp_prot_reset(child);
}

static int umx_tcp_conn_request(struct sock *sk, struct sk_buff *skb)
{
	if (skb->protocol == htons(ETH_P_IPV6) &&
	    !umx_tcp_ops_syn(sk, umx_tcp_slots(sk), skb)) {
		umx_tcp_tw_isn_clear();	/* or the next SYN would get it */
		return 0;	/* no reset */
	}
	return umx_tcp_origin.af_ops->conn_request(sk, skb);
}

/* @child is adopted: have what was claimed follow it. */
static void umx_tcp_child_follow(struct sock *child,
				 struct umx_tcp_tracks *tracks)
{
	int i;

	for (i = 0; i < UMX_TCP_SLOTS; i++)
		if (tracks->track[i])
			umx_tcp_track_add(child, tracks->track[i]);
	umx_tcp_callbacks_set(child);
	umx_tcp_afops_follow(child, 0);
	for (i = 0; i < UMX_TCP_SLOTS; i++) {
		if (!tracks->track[i])
			continue;
		if (tracks->ops[i]->bound)
			tracks->ops[i]->bound(tracks->track[i], child);
		tracks->track[i]->armed = true;
	}
}

static struct sock *
umx_tcp_syn_recv_sock(UMX_SYN_RECV_SOCK_PARAMS)
{
	unsigned int slots = umx_tcp_slots(sk);
	struct umx_tcp_tracks tracks = {};
	bool tracked = false;
	struct sock *child;
	int i;

	/*
	 * Fast Open makes a child of a SYN, before anything is proven. NULL
	 * leaves it to the ordinary handshake.
	 */
	if (tcp_hdr(skb)->syn) {
		if (!umx_tcp_ops_fastopen(slots))
			return NULL;
	} else if (skb->protocol == htons(ETH_P_IPV6) &&
		   umx_tcp_ops_claim(sk, slots, req, &tracks)) {
		return NULL;
	}

	child = umx_tcp_origin.af_ops->syn_recv_sock(UMX_SYN_RECV_SOCK_ARGS);
	if (child)
		umx_tcp_child_plain(child);
	for (i = 0; i < UMX_TCP_SLOTS; i++)
		tracked |= tracks.track[i] != NULL;
	if (!tracked)
		return child;

	/* !*own_req: somebody else made the child, this one is dropped */
	if (!child || !*own_req || !umx_tcp_adopt(child))
		umx_tcp_ops_unclaim(&tracks);
	else
		umx_tcp_child_follow(child, &tracks);
	return child;
}

/* Nobody but the kernel has anything to do with @sk, or we have already. */
bool umx_tcp_listener_possible(const struct sock *sk)
{
	return sk->sk_state == TCP_LISTEN && !sk->sk_kern_sock &&
	       sk->sk_family == AF_INET6 && sk->sk_protocol == IPPROTO_TCP &&
	       (umx_tcp_slots(sk) ||
		(inet_csk(sk)->icsk_af_ops == umx_tcp_origin.af_ops &&
		 umx_tcp_track_possible(sk)));
}

static void umx_tcp_listener_set(struct sock *sk, unsigned int slots)
{
	WRITE_ONCE(inet_csk(sk)->icsk_af_ops, &umx_tcp_listen_ops[slots]);
}

/* @sk is a listener of @slots, one more than before: see above. */
static void umx_tcp_listener_more(struct sock *sk, unsigned int slots)
{
	bool first = !umx_tcp_slots(sk);

	umx_tcp_listener_set(sk, slots);
	if (!first)
		return;
	/* in the table now, or once: accept() waits for the lock, hurry */
	if (sock_flag(sk, SOCK_RCU_FREE))
		synchronize_rcu_expedited();
	umx_tcp_callbacks_set(sk);
}

/* @sk is a listener of @slots, one less than before, or of none. */
static void umx_tcp_listener_less(struct sock *sk, unsigned int slots)
{
	if (slots)
		umx_tcp_listener_set(sk, slots);
	else
		umx_tcp_unhook(sk);
}

/*
 * A listener is ours, whoever is attached. Its children must not inherit what a
 * note needs. Context: process, socket lock held.
 */
void umx_tcp_afops_keep(struct sock *sk)
{
	if (umx_tcp_listener_possible(sk))
		umx_tcp_listener_more(sk, umx_tcp_slots(sk) |
					  UMX_TCP_LISTEN_KEPT);
}

/* It is ours for those who are attached. Context: process, socket lock held. */
void umx_tcp_afops_unkeep(struct sock *sk)
{
	unsigned int slots = umx_tcp_slots(sk);

	if (slots & UMX_TCP_LISTEN_KEPT)
		umx_tcp_listener_less(sk, slots & ~UMX_TCP_LISTEN_KEPT);
}

/*
 * The note of a listener is of no use any more. Whoever is attached keeps it
 * ours. Context: process, socket lock held.
 */
void umx_tcp_afops_unnote(struct sock *sk)
{
	if (!(umx_tcp_slots(sk) & UMX_TCP_LISTEN_KEPT))
		return;
	umx_tcp_note_free(sk);
	umx_tcp_afops_unkeep(sk);
	if (!umx_tcp_afops_hooked(sk))
		umx_tcp_drop(sk);
}

/**
 * umx_tcp_listener_attach() - have the children of a listener claimed
 * @sk: a listening TCP/IPv6 socket; its lock is held
 * @track: follows the listener: released when it stops listening
 *
 * Works on listeners older than the module too; there it waits for RCU.
 * Capabilities do not see each other: each attaches and detaches its own track.
 * Context: process, may sleep, socket lock held.
 * Return: 0; -EALREADY: attached before, @track is not used; -EOPNOTSUPP: not
 * a plain TCP/IPv6 listener (kernel socket, MPTCP, IPv4); -ESHUTDOWN: the
 * module is on its way out.
 */
int umx_tcp_listener_attach(struct sock *sk, struct umx_tcp_track *track)
{
	unsigned int slots = umx_tcp_slots(sk);

	sock_owned_by_me(sk);

	if (slots & BIT(track->type->slot))
		return -EALREADY;
	if (!umx_tcp_listener_possible(sk))
		return -EOPNOTSUPP;
	if (!try_module_get(track->type->owner))
		return -ESHUTDOWN;
	if (sk->sk_prot_creator != &umx_tcp_prot && !umx_tcp_adopt(sk)) {
		module_put(track->type->owner);
		return -ESHUTDOWN;
	}

	umx_tcp_track_add(sk, track);
	track->armed = true;
	umx_tcp_listener_more(sk, slots | BIT(track->type->slot));
	return 0;
}
EXPORT_SYMBOL_GPL(umx_tcp_listener_attach);

/**
 * umx_tcp_listener_detach() - undo umx_tcp_listener_attach()
 * @sk: the listener; its lock is held
 * @track: as attached; released before return unless it was before
 *
 * After the last one the listener holds this module no more. Softirqs that are
 * in our code at this moment are waited for by umx_tcp_proto_teardown().
 * Context: process, socket lock held, the caller holds this module by symbol.
 */
void umx_tcp_listener_detach(struct sock *sk, struct umx_tcp_track *track)
{
	unsigned int slots = umx_tcp_slots(sk) & ~BIT(track->type->slot);

	sock_owned_by_me(sk);

	if (!umx_tcp_track_del(track))
		return;
	umx_tcp_listener_less(sk, slots);
	umx_tcp_track_release(track, sk);
	if (!slots)
		umx_tcp_drop(sk);
}
EXPORT_SYMBOL_GPL(umx_tcp_listener_detach);

/**
 * umx_tcp_untrack() - follow a connection no more
 * @sk: the socket; its lock is held
 * @track: as handed over for it; released before return unless it was before
 *
 * Its segments are TCP's own business again if @track transmitted them.
 * Context: socket lock held, BH off or process. Return: 0; -ENOENT: released before.
 */
int umx_tcp_untrack(struct sock *sk, struct umx_tcp_track *track)
{
	sock_owned_by_me(sk);

	if (!umx_tcp_track_del(track))
		return -ENOENT;
	umx_tcp_track_release(track, sk);
	return 0;
}
EXPORT_SYMBOL_GPL(umx_tcp_untrack);

void umx_tcp_afops_setup(void)
{
	struct inet_connection_sock_af_ops *ops;
	int i;

	for (i = 1; i < ARRAY_SIZE(umx_tcp_listen_ops); i++) {
		ops = &umx_tcp_listen_ops[i];
		*ops = *umx_tcp_origin.af_ops;
		ops->conn_request = umx_tcp_conn_request;
		ops->syn_recv_sock = umx_tcp_syn_recv_sock;
	}
	for (i = 1; i < ARRAY_SIZE(umx_tcp_connection_ops); i++) {
		ops = &umx_tcp_connection_ops[i];
		*ops = *umx_tcp_origin.af_ops;
		if (i & UMX_TCP_HEAR_ESTABLISHED)
			ops->sk_rx_dst_set = umx_tcp_sk_rx_dst_set;
		if (!(i & UMX_TCP_HEAR_TRANSMIT))
			continue;
		ops->queue_xmit = umx_tcp_queue_xmit;
		ops->rebuild_header = umx_tcp_rebuild_header;
	}
}
