/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns the names for what differs between supported kernels and
 * cannot be hidden by a shadow header; what a kernel has was found out by
 * compat/probe.sh.
 */
#ifndef _UMX_COMPAT_H
#define _UMX_COMPAT_H

#include <umx/have.h>

/* what struct proto's connect() is given */
#ifdef UMX_HAVE_SOCKADDR_UNSIZED
typedef struct sockaddr_unsized umx_sockaddr;
#else
typedef struct sockaddr umx_sockaddr;
#endif

/* the parameters of inet_connection_sock_af_ops.syn_recv_sock(), and the same handed on */
#ifdef UMX_HAVE_SYN_RECV_SOCK_INIT
#define UMX_SYN_RECV_SOCK_PARAMS						\
	const struct sock *sk, struct sk_buff *skb, struct request_sock *req,	\
	struct dst_entry *dst, struct request_sock *req_unhash, bool *own_req,	\
	void (*opt_child_init)(struct sock *newsk, const struct sock *sk)
#define UMX_SYN_RECV_SOCK_ARGS							\
	sk, skb, req, dst, req_unhash, own_req, opt_child_init
#else
#define UMX_SYN_RECV_SOCK_PARAMS						\
	const struct sock *sk, struct sk_buff *skb, struct request_sock *req,	\
	struct dst_entry *dst, struct request_sock *req_unhash, bool *own_req
#define UMX_SYN_RECV_SOCK_ARGS							\
	sk, skb, req, dst, req_unhash, own_req
#endif

#endif /* _UMX_COMPAT_H */
