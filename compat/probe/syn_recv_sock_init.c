// SPDX-License-Identifier: GPL-2.0
/* This file owns the question: does syn_recv_sock() take opt_child_init, its seventh argument? */
#include <net/inet_connection_sock.h>

struct sock *probe(const struct inet_connection_sock_af_ops *ops, const struct sock *sk, struct sk_buff *skb,
		   struct request_sock *req, bool *own_req);

struct sock *probe(const struct inet_connection_sock_af_ops *ops, const struct sock *sk, struct sk_buff *skb,
		   struct request_sock *req, bool *own_req)
{
	return ops->syn_recv_sock(sk, skb, req, NULL, NULL, own_req, NULL);
}
