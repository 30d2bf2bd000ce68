/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns the judgement over packets to and from pool addresses and
 * ports without legacy access.
 */
#ifndef _UMX_GATE_H
#define _UMX_GATE_H

#include <linux/netfilter.h>
#include <linux/skbuff.h>
#include "mib.h"

struct sock;
struct tcphdr;
struct umx_addr;
struct umx_net;
struct umx_pool;

unsigned int umx_gate_drop(struct umx_net *un, struct umx_pool *pool,
			   struct sk_buff *skb, enum umx_mib reason);
bool umx_gate_lives(struct sock *sk, bool syn);
unsigned int umx_gate_in_pool(struct umx_net *un, struct umx_pool *pool,
			      struct sk_buff *skb);
bool umx_gate_port_syn(struct sock *lsk, struct sk_buff *skb);
unsigned int umx_gate_out_port(struct umx_net *un, struct sk_buff *skb);
unsigned int umx_gate_in_port4(void *priv, struct sk_buff *skb,
			       const struct nf_hook_state *state);
unsigned int umx_gate_in_udp(struct umx_net *un, struct umx_pool *pool,
			     struct sk_buff *skb);
unsigned int umx_gate_in_fragment(struct umx_net *un, struct umx_pool *pool,
				  struct sk_buff *skb);
bool umx_gate_in_udp_error(const struct umx_addr *addr,
			   const struct sk_buff *skb);
bool umx_gate_out_udp(struct umx_addr *addr, const struct sk_buff *skb);
unsigned int umx_gate_out(void *priv, struct sk_buff *skb,
			  const struct nf_hook_state *state);

#endif /* _UMX_GATE_H */
