/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns the limit of half-open handshakes.
 */
#ifndef _UMX_HALF_OPEN_H
#define _UMX_HALF_OPEN_H

#include <linux/types.h>
#include <umx/tcp.h>

struct sk_buff;
struct sock;
struct tcphdr;
struct umx_addr;
struct umx_net;

bool umx_half_open_syn(struct umx_net *un, struct sock *lsk,
		       struct sk_buff *skb);
enum umx_tcp_cookie_verdict umx_half_open_ack(struct umx_net *un,
					      const struct umx_addr *addr,
					      struct sock *lsk,
					      struct sk_buff *skb,
					      const struct tcphdr *th);

#endif /* _UMX_HALF_OPEN_H */
