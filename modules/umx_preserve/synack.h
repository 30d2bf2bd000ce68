/* SPDX-License-Identifier: GPL-2.0 */
/* This file owns what is done with SYN-ACKs that leave. */
#ifndef _UMX_PRESERVE_SYNACK_H
#define _UMX_PRESERVE_SYNACK_H

struct sk_buff;
struct umx_preserve_net;

void umx_preserve_synack_cookie(struct umx_preserve_net *pn,
				const struct sk_buff *skb);
void umx_preserve_synack_answer(struct umx_preserve_net *pn,
				struct sk_buff *skb);

#endif /* _UMX_PRESERVE_SYNACK_H */
