/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns what the files of umx_tcp.ko share, and its locking essay.
 *
 * Locking
 * -------
 * 1. A socket's sk_prot, sk_prot_creator, icsk_af_ops and callbacks are
 *    changed only with the socket lock held, but for .init, where nobody else
 *    knows the socket (lock_sock() in process context,
 *    bh_lock_sock() where the kernel calls us from softirq). Readers of
 *    sk_prot and icsk_af_ops need no lock: every value they can see stays
 *    callable, because the socket holds a reference on this module from before
 *    the first change until core code frees it (sk_prot_creator->owner).
 *    Giving that reference back early is allowed only where the caller returns
 *    into core code without sleeping; umx_tcp_proto_teardown() waits for such tasks with
 *    synchronize_rcu_tasks() and for softirqs with synchronize_rcu().
 *    icsk_ulp_ops says with sk_prot that nobody is to stack on ours, and is
 *    changed with it.
 *    A listener is cloned without its lock. What its children inherit of us,
 *    the function that makes them takes off or follows up; so a listener has
 *    our callbacks only while nobody can be in the plain function: afops.c says
 *    how.
 * 2. The table of tracks has one spinlock per bucket group, taken with BH off;
 *    whoever holds a socket's lock may look its tracks up under RCU alone.
 *    It is a leaf: nothing is called while it is held. Taking a track out of
 *    the table is what decides who may call its ->release(); so two ends of
 *    the same session (an RST in softirq, close() in a task) cannot both.
 * 3. Notes are in a table of their own under one spinlock with BH off, a leaf;
 *    whoever holds a socket's lock may look its note up under RCU alone. Only
 *    the socket's end, its lock's holder, or a capability that goes frees it.
 * 4. Registered capabilities are an RCU array, one place each (enum
 *    umx_tcp_slot). They are called inside rcu_read_lock() in softirq; in
 *    process context an SRCU reader section is used, because ->connect() may
 *    sleep. Which of them are attached to a listener its icsk_af_ops say: there
 *    is a copy for every combination.
 *
 * 5. TCP's place among the protocols (receive.c) changes hands under a mutex
 *    of its own, whatever else is held; who is there reads nothing that needs it.
 *
 * Order: socket lock > track bucket lock, or the notes' lock.
 */
#ifndef _UMX_TCP_PRIVATE_H
#define _UMX_TCP_PRIVATE_H

#include <linux/jump_label.h>
#include <net/tcp.h>
#include <net/transp_v6.h>
#include <umx/tcp.h>

/**
 * struct umx_tcp_origin - what the kernel's own TCP/IPv6 sockets carry
 * @init: tcpv6_prot.init before ours took its place; constant once loaded.
 * @af_ops: icsk_af_ops of a native socket.
 * @destruct: sk_destruct of a native socket.
 * @error_report: sk_error_report of a native socket.
 * @state_change: sk_state_change of a native socket.
 *
 * All but @init are learnt from a probe socket before the hook is set, and
 * constant from then on. A socket that carries anything else already belongs
 * to somebody and is left alone.
 */
struct umx_tcp_origin {
	int (*init)(struct sock *sk);
	const struct inet_connection_sock_af_ops *af_ops;
	void (*destruct)(struct sock *sk);
	void (*error_report)(struct sock *sk);
	void (*state_change)(struct sock *sk);
};

extern struct umx_tcp_origin umx_tcp_origin;
extern struct proto umx_tcp_prot;

/* proto.c */
int umx_tcp_proto_setup(void);
void umx_tcp_proto_teardown(void);
bool umx_tcp_adopt(struct sock *sk);
void umx_tcp_drop(struct sock *sk);
void umx_tcp_prot_set(struct sock *sk);
void umx_tcp_prot_reset(struct sock *sk);
void umx_tcp_let_go(struct sock *sk);

/* afops.c */
void umx_tcp_afops_setup(void);
void umx_tcp_unhook(struct sock *sk);
void umx_tcp_afops_connect(struct sock *sk);
void umx_tcp_afops_keep(struct sock *sk);
void umx_tcp_afops_unkeep(struct sock *sk);
void umx_tcp_afops_unnote(struct sock *sk);
bool umx_tcp_listener_possible(const struct sock *sk);
bool umx_tcp_afops_hooked(const struct sock *sk);

/**
 * struct umx_tcp_tracks - what the capabilities have handed over
 * @track: by slot; NULL or the track of that capability, which holds its
 *	module.
 * @ops: by slot; callable while there is a track.
 */
struct umx_tcp_tracks {
	struct umx_tcp_track *track[UMX_TCP_SLOTS];
	const struct umx_tcp_ops *ops[UMX_TCP_SLOTS];
};

/* note.c */
bool umx_tcp_noted(const struct sock *sk);
void umx_tcp_note_free(const struct sock *sk);
void umx_tcp_note_flush(enum umx_tcp_slot slot);

/* cookie.c */
void umx_tcp_cookie_setup(void);

/* track.c */
int umx_tcp_track_setup(void);
void umx_tcp_track_teardown(void);
bool umx_tcp_track_possible(const struct sock *sk);
void umx_tcp_track_add(struct sock *sk, struct umx_tcp_track *track);
bool umx_tcp_track_del(struct umx_tcp_track *track);
bool umx_tcp_tracked(const struct sock *sk);
struct umx_tcp_track *umx_tcp_track_transmitter(const struct sock *sk);
void umx_tcp_track_established(struct sock *sk);
void umx_tcp_track_release(struct umx_tcp_track *track, struct sock *sk);
void umx_tcp_track_begun(struct sock *sk);
void umx_tcp_callbacks_set(struct sock *sk);
void umx_tcp_callbacks_restore(struct sock *sk);

/* ops.c */
int umx_tcp_ops_connect(struct sock *sk, const struct sockaddr_in6 *to,
			struct umx_tcp_tracks *tracks);
int umx_tcp_ops_listen(struct sock *sk, int (*hash)(struct sock *sk));
bool umx_tcp_ops_syn(struct sock *lsk, unsigned int slots, struct sk_buff *skb);
bool umx_tcp_ops_fastopen(unsigned int slots);
int umx_tcp_ops_claim(const struct sock *lsk, unsigned int slots,
		      const struct request_sock *req,
		      struct umx_tcp_tracks *tracks);
void umx_tcp_ops_unclaim(struct umx_tcp_tracks *tracks);
bool umx_tcp_ops_segment(struct sk_buff *skb);
bool umx_tcp_ops_error(struct sk_buff *skb, u8 type, int offset, __be32 info);
unsigned int umx_tcp_ops_count(void);

/* netns.c */
DECLARE_STATIC_KEY_FALSE(umx_tcp_used);
bool umx_tcp_enabled(const struct net *net);
int umx_tcp_netns_setup(void);
void umx_tcp_netns_teardown(void);

#endif /* _UMX_TCP_PRIVATE_H */
