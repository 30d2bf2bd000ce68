/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns the limit of half-open handshakes.
 */
#ifndef _UMX_HALF_OPEN_H
#define _UMX_HALF_OPEN_H

#include <linux/types.h>

struct sk_buff;
struct sock;
struct tcphdr;
struct umx_addr;
struct umx_net;

/* Beside the reasons of a drop (enum umx_mib). */
#define UMX_HALF_OPEN_TAKE	(-1)
#define UMX_HALF_OPEN_ANSWERED	(-2)

int umx_half_open_syn(struct umx_net *un, struct umx_addr *addr,
		      struct sock *lsk, struct sk_buff *skb,
		      const struct tcphdr *th);
bool umx_half_open_ack(struct umx_net *un, struct sock *lsk,
		       struct sk_buff *skb, const struct tcphdr *th);

#endif /* _UMX_HALF_OPEN_H */
