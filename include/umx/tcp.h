/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns the contract of umx_tcp.ko: how a capability takes part in
 * TCP over IPv6 without a kernel patch.
 *
 * umx_tcp is the only module that touches struct proto and icsk_af_ops, and
 * it has no policy: capabilities register a struct umx_tcp_ops and are asked
 * at connect(), at listen() and when a child is about to be born. What they
 * want to follow they hand over as a struct umx_tcp_track, embedded in their
 * own object; umx_tcp tells them once, whatever way the socket's session ends.
 *
 * What a socket looks like over its life (see modules/umx_tcp/umx_tcp.h for
 * the locks):
 *
 *   socket()          sk_prot and sk_prot_creator are ours; a module reference
 *      |              is held through sk_prot_creator (core code drops it)
 *      +- connect() --> sk_prot is given back, so that kTLS, sockmap and
 *      |                IPV6_ADDRFORM see &tcpv6_prot; sk_prot_creator stays
 *      |                (through TIME_WAIT) and three callbacks are ours,
 *      |                whether a capability handed over a track or not
 *      |                   |
 *      |                   `- TCP_CLOSE --> ->release(); sk_prot is ours again,
 *      |                                    a second connect() is asked about
 *      `- listen() ---> ->listening() may refuse; then both given back, and
 *                       ->listen() may attach the listener: icsk_af_ops are a
 *                       copy, SYNs pass ->syn() and children ->claim()
 *
 * Kernel sockets (sk_kern_sock: MPTCP subflows, NFS, SMC) are never touched.
 */
#ifndef _UMX_TCP_H
#define _UMX_TCP_H

#include <linux/in6.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/tcp.h>
#include <net/request_sock.h>
#include <net/sock.h>

struct umx_tcp_track;

/**
 * enum umx_tcp_slot - the capabilities there are, in the order they are asked
 * @UMX_TCP_SLOT_ADDRESS: one-time addresses (umx.ko): chooses the source.
 * @UMX_TCP_SLOT_PRESERVE: preserved connections (umx_preserve.ko): takes the
 *	source as it finds it.
 * @UMX_TCP_SLOTS: how many.
 */
enum umx_tcp_slot {
	UMX_TCP_SLOT_ADDRESS,
	UMX_TCP_SLOT_PRESERVE,

	UMX_TCP_SLOTS
};

/**
 * struct umx_tcp_type - what kind of object a track is embedded in
 * @owner: module that holds the code of @release; one reference per track.
 * @slot: its capability.
 * @release: the socket's session has ended (or the track was detached). Called
 *	exactly once per track, with BH disabled or in process context, the
 *	track already unhashed; it may free the object after a grace period.
 *	@sk is valid during the call only.
 * @established: the connection that connect() began is established; may be
 *	NULL. Context: socket lock held, RCU, BH off or backlog.
 * @transmit: TCP sends @skb, which begins with its TCP header: from the SYN of
 *	a connect(), or from the birth of a child, until the session ends, but
 *	for the time between umx_tcp_transmit_stop() and _start(). It is
 *	consumed, by umx_tcp_transmit() as a rule. NULL: no interest, and no
 *	cost. One type of a socket may have it. Return: what queue_xmit() of
 *	icsk_af_ops returns. Context: socket lock held, RCU.
 * @reroute: the socket's route may be gone; find one before TCP gives the
 *	segment up. What TCP would do is umx_tcp_reroute(). Comes with
 *	@transmit. Return: 0 or an error. Context: as @transmit.
 */
struct umx_tcp_type {
	struct module *owner;
	enum umx_tcp_slot slot;
	void (*release)(struct umx_tcp_track *track, struct sock *sk);
	void (*established)(struct umx_tcp_track *track, struct sock *sk);
	int (*transmit)(struct umx_tcp_track *track, struct sock *sk,
			struct sk_buff *skb, struct flowi *fl);
	int (*reroute)(struct umx_tcp_track *track, struct sock *sk);
};

/**
 * struct umx_tcp_track - one capability's interest in one socket
 * @node: in the table of tracked sockets, keyed by @sk; bucket lock.
 * @sk: the socket; not a reference. Its destruction releases the track.
 * @type: kind of the embedding object; constant.
 * @armed: connect() has succeeded (or the child is complete), so TCP_CLOSE
 *	now means the end. Written under the socket lock.
 * @port: the source port connect() is to use, whoever else does, since nobody
 *	else has the source address; 0: TCP chooses. Set by ->connect().
 */
struct umx_tcp_track {
	struct hlist_node node;
	struct sock *sk;
	const struct umx_tcp_type *type;
	bool armed;
	u16 port;
};

/**
 * struct umx_tcp_ops - questions umx_tcp asks a capability
 * @slot: which capability it is. Those that register are independent of each
 *	other: all are asked about a connect(), in the order of their slots,
 *	and each may hand over a track; of a listener those that are attached
 *	to it.
 * @fastopen: a child may be made of a SYN (TCP Fast Open) on listeners this
 *	capability is attached to; @claim is not asked about it.
 * @connect: connect() of an unbound or bound TCP/IPv6 socket to @to begins.
 *	Context: process, socket lock held. May set inet6_sk(sk)->saddr, which
 *	tcp_v6_connect() then routes with; umx_tcp resets it if the connect
 *	fails. Return: a track to follow the session, NULL for no interest, or
 *	ERR_PTR() to make connect() fail with that error.
 * @connected: the SYN of @track's socket is on its way; ports and addresses
 *	are final. Context: as @connect.
 * @listening: listen() is about to make the socket a listener; it has its port,
 *	and nobody can reach it yet. Context: as @connect. Return: what @listen
 *	is given, or ERR_PTR() to make listen() fail with that error; then
 *	@listen is not called.
 * @listen: the socket has become a listener, or not (@err). @begun: what
 *	@listening has returned, NULL without one. Context: as @connect; may call
 *	umx_tcp_listener_attach().
 * @syn: a SYN over IPv6 has reached an attached listener. Context: softirq,
 *	RCU; @skb is as TCP sees it (TCP_SKB_CB, no device). Return: false to
 *	drop it without a word.
 * @claim: the handshake of @req on an attached listener is complete. Context:
 *	softirq, RCU. Return: a track for the child, NULL for no interest, or
 *	ERR_PTR() to drop the segment without a word.
 * @bound: the claimed child exists. Context: softirq, child's lock held.
 * @unclaim: the claimed child could not be made (accept queue full, no
 *	memory); the peer's next segment will try again.
 * @segment: TCP is about to look for the socket of this segment; with
 *	umx_tcp_receive_all(), or of one that has its socket. It may be given
 *	one (skb->sk, as by early demux). Of any namespace; for who has called
 *	umx_tcp_receive_start(). Context: BH off, RCU; @skb at its TCP header,
 *	which may be cut short. Return: false to drop it.
 * @error: an ICMPv6 error about a segment, verified; @skb is at the IPv6 header
 *	it quotes, the first 8 bytes of TCP's at @offset are linear. Otherwise
 *	as @segment. Return: true if it is nothing to TCP.
 * @arrives: a packet has come to an address on no device, and is to be judged
 *	by whose address it is (UMX_TCP_SLOT_ADDRESS); as it came, but for
 *	early demux. What @segment would do is to be done now. Context: BH off,
 *	RCU; @skb at its IPv6 header. Return: false to drop it.
 * @knows: is there a session with these ends, though its socket has others? Of
 *	one that has moved, or may. Others ask by umx_tcp_knows(). Context: BH
 *	off, RCU.
 * @own: is this address, which is on no device, one of a session, or of one
 *	that may come? Others ask by umx_tcp_own(). Context: any, RCU.
 * @spares: make addresses the session of @of may go on with when its own fails,
 *	@max at most. They are its own until it ends, and nobody's afterwards. Asked
 *	again it gives the same.
 *	Context: BH off or process, RCU. Return: how many.
 * @spares_drop: that session will not need them. Context: as @spares.
 *
 * Every function may be NULL.
 */
struct umx_tcp_ops {
	enum umx_tcp_slot slot;
	bool fastopen;
	struct umx_tcp_track *(*connect)(struct sock *sk,
					 const struct sockaddr_in6 *to);
	void (*connected)(struct umx_tcp_track *track, struct sock *sk);
	void *(*listening)(struct sock *sk);
	void (*listen)(struct sock *sk, void *begun, int err);
	bool (*syn)(struct sock *lsk, struct sk_buff *skb);
	struct umx_tcp_track *(*claim)(const struct sock *lsk,
				       const struct request_sock *req);
	void (*bound)(struct umx_tcp_track *track, struct sock *child);
	void (*unclaim)(struct umx_tcp_track *track);
	bool (*segment)(struct sk_buff *skb);
	bool (*error)(struct sk_buff *skb, u8 type, int offset, __be32 info);
	bool (*arrives)(struct net *net, struct sk_buff *skb);
	bool (*knows)(struct net *net, const struct in6_addr *local,
		      __be16 local_port, const struct in6_addr *peer,
		      __be16 peer_port, int dif);
	bool (*own)(struct net *net, const struct in6_addr *addr);
	unsigned int (*spares)(struct net *net, const struct in6_addr *of,
			       struct in6_addr *spares, unsigned int max);
	void (*spares_drop)(struct net *net, const struct in6_addr *of);
};

int umx_tcp_register(const struct umx_tcp_ops *ops);
void umx_tcp_unregister(const struct umx_tcp_ops *ops);

void umx_tcp_enable(struct net *net);
void umx_tcp_disable(struct net *net);

int umx_tcp_listener_attach(struct sock *sk, struct umx_tcp_track *track);
void umx_tcp_listener_detach(struct sock *sk, struct umx_tcp_track *track);
bool umx_tcp_listener_attached(const struct sock *sk, enum umx_tcp_slot slot);

int umx_tcp_note_set(struct sock *sk, enum umx_tcp_slot slot, u8 value);
u8 umx_tcp_note(const struct sock *sk, enum umx_tcp_slot slot);
void umx_tcp_note_set_data(struct sock *sk, enum umx_tcp_slot slot, void *data);
void *umx_tcp_note_data(const struct sock *sk, enum umx_tcp_slot slot);

int umx_tcp_receive_start(void);
void umx_tcp_receive_stop(void);
void umx_tcp_receive_all(bool on);

bool umx_tcp_arrives(struct net *net, struct sk_buff *skb);
bool umx_tcp_knows(struct net *net, const struct in6_addr *local,
		   __be16 local_port, const struct in6_addr *peer,
		   __be16 peer_port, int dif);
bool umx_tcp_own(struct net *net, const struct in6_addr *addr);
unsigned int umx_tcp_spares(struct net *net, const struct in6_addr *of,
			    struct in6_addr *spares, unsigned int max);
void umx_tcp_spares_drop(struct net *net, const struct in6_addr *of);

int umx_tcp_untrack(struct sock *sk, struct umx_tcp_track *track);
struct umx_tcp_track *umx_tcp_track_find(const struct sock *sk,
					 const struct umx_tcp_type *type);
int umx_tcp_transmit(struct sock *sk, struct sk_buff *skb, struct flowi *fl);
int umx_tcp_reroute(struct sock *sk);
void umx_tcp_transmit_stop(struct sock *sk);
void umx_tcp_transmit_start(struct sock *sk);

/**
 * enum umx_tcp_cookie_verdict - what an ACK turned out to be
 * @UMX_TCP_COOKIE_NONE: it carries no cookie of ours.
 * @UMX_TCP_COOKIE_REQUEST: it does, and will find its request socket.
 * @UMX_TCP_COOKIE_WAIT: it does, but there is none: drop the ACK, the client's
 *	next segment brings the cookie again.
 */
enum umx_tcp_cookie_verdict {
	UMX_TCP_COOKIE_NONE,
	UMX_TCP_COOKIE_REQUEST,
	UMX_TCP_COOKIE_WAIT,
};

int umx_tcp_cookie_send(struct sock *lsk, struct sk_buff *syn, bool ports);
enum umx_tcp_cookie_verdict umx_tcp_cookie_accept(struct sock *lsk,
						  struct sk_buff *ack,
						  struct dst_entry *local,
						  bool ports);
unsigned int umx_tcp_sockets(void);
int umx_tcp_abort(struct sock *sk, int err);
unsigned int umx_tcp_purge(struct net *net);

void umx_tcp_destruct(struct sock *sk);

/**
 * umx_tcp_note_likely() - may something be noted about a socket that connects?
 * @sk: as ->connect() was given it
 *
 * One compare, for whoever asks about each connect(): a socket that has not been
 * connected before has our destructor for its note alone.
 */
static inline bool umx_tcp_note_likely(const struct sock *sk)
{
	return sk->sk_destruct == umx_tcp_destruct;
}

/**
 * umx_tcp_session() - is this a connected socket we have adopted?
 * @sk: any socket, a request or TIME_WAIT one too
 *
 * Two compares, for packet paths. Its source address is either what a
 * capability gave it or a legacy one: ->connect() and ->claim() see to that.
 * A listener is not a session. A socket on which kTLS offload has stacked its
 * own destructor answers false: callers look the long way then.
 */
static inline bool umx_tcp_session(const struct sock *sk)
{
	return !((1 << READ_ONCE(sk->sk_state)) &
		 (TCPF_TIME_WAIT | TCPF_NEW_SYN_RECV | TCPF_LISTEN)) &&
	       READ_ONCE(sk->sk_destruct) == umx_tcp_destruct;
}

#endif /* _UMX_TCP_H */
