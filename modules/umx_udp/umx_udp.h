/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns what the files of umx_udp.ko share, and its locking essay.
 *
 * Locking
 * -------
 * 1. A socket's sk_prot, sk_prot_creator, sk_destruct and its source address
 *    are changed only with the socket lock held, but for .init, where nobody
 *    else knows the socket. Readers of sk_prot need no lock: what they can see
 *    stays callable. A socket holds a reference on this module from before it
 *    is ours until core code frees it (sk_prot_creator->owner), or until it is
 *    let go of (purge.c).
 * 2. Who has read a function of ours from a socket that is let go of runs it
 *    without that reference. Those that may sleep are SRCU sections from their
 *    first instruction to their last but a few. The teardown waits for tasks
 *    on their way in, for the sections, and for tasks on their way out
 *    (umx_udp_proto_teardown()).
 * 3. The table of tracks has one spinlock per bucket group, taken with BH off.
 *    It is a leaf. Taking a track out of the table decides who calls its
 *    ->release(): close() in a task and an abort may both try, one finds it.
 * 4. The capability is read inside the same SRCU sections.
 * 5. umx_udp_used_lock is a mutex for who enables and disables: the number of
 *    namespaces that want to be asked, and whether .init is ours.
 *
 * Order: umx_udp_used_lock; socket lock > track bucket lock.
 */
#ifndef _UMX_UDP_PRIVATE_H
#define _UMX_UDP_PRIVATE_H

#include <linux/srcu.h>
#include <net/udp.h>
#include <umx/udp.h>

/**
 * struct umx_udp_origin - what the kernel's own UDP/IPv6 sockets carry
 * @prot: their struct proto, which is exported nowhere; learnt from a socket
 * @init: @prot->init before ours took its place
 * @destruct: their sk_destruct
 *
 * Constant from the setup on. A socket with another destructor belongs to
 * somebody already and is left alone.
 */
struct umx_udp_origin {
	struct proto *prot;
	int (*init)(struct sock *sk);
	void (*destruct)(struct sock *sk);
};

extern struct umx_udp_origin umx_udp_origin;
extern struct proto umx_udp_prot;
extern struct srcu_struct umx_udp_srcu;

/* proto.c */
int umx_udp_proto_setup(void);
void umx_udp_proto_teardown(void);
void umx_udp_proto_hook(bool on);

/* track.c */
int umx_udp_track_setup(void);
void umx_udp_track_teardown(void);
bool umx_udp_tracked(const struct sock *sk);
void umx_udp_track_add(struct sock *sk, struct umx_udp_track *track);
bool umx_udp_track_end(struct sock *sk, bool armed_only);
struct sock *umx_udp_track_sock(struct umx_udp_track *track);
void umx_udp_destruct(struct sock *sk);

/* ops.c */
struct umx_udp_track *umx_udp_ask(struct sock *sk,
				  const struct sockaddr_in6 *to);
bool umx_udp_asked(void);

/* purge.c */
void umx_udp_let_go(struct sock *sk);

/* netns.c */
bool umx_udp_enabled(const struct net *net);
int umx_udp_netns_setup(void);
void umx_udp_netns_teardown(void);

#endif /* _UMX_UDP_PRIVATE_H */
