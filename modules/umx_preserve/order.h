/* SPDX-License-Identifier: GPL-2.0 */
/* This file owns the order of segments about a move. */
#ifndef _UMX_PRESERVE_ORDER_H
#define _UMX_PRESERVE_ORDER_H

#include <linux/types.h>

struct sk_buff;
struct sock;
struct tcphdr;
struct umx_preserve_session;

bool umx_preserve_order_stays(const struct umx_preserve_session *s,
			      const struct sock *sk, const struct sk_buff *skb,
			      const struct tcphdr *th, u8 pair);
void umx_preserve_order_note(struct umx_preserve_session *s,
			     const struct sock *sk, const struct sk_buff *skb,
			     const struct tcphdr *th);

#endif /* _UMX_PRESERVE_ORDER_H */
