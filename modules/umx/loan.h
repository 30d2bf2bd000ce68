/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns the contract of loan.c: EAs of sessions that are translated,
 * and have no IPv6 socket here.
 */
#ifndef _UMX_LOAN_GATE_H
#define _UMX_LOAN_GATE_H

#include <linux/skbuff.h>

struct nf_hook_state;
struct umx_addr;

bool umx_loan_passes_in(const struct umx_addr *addr, const struct sk_buff *skb);
bool umx_loan_passes_error(const struct umx_addr *addr,
			   const struct sk_buff *skb);
bool umx_loan_passes_out(struct umx_addr *addr,
			 const struct nf_hook_state *state,
			 const struct sk_buff *skb);

int umx_loan_setup(void);
void umx_loan_teardown(void);

#endif /* _UMX_LOAN_GATE_H */
