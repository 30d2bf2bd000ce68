/* SPDX-License-Identifier: GPL-2.0 */
/* This file owns what is done with segments that come in. */
#ifndef _UMX_PRESERVE_INPUT_H
#define _UMX_PRESERVE_INPUT_H

struct sk_buff;
struct umx_preserve_net;

unsigned int umx_preserve_input_option(struct umx_preserve_net *pn,
				       struct sk_buff *skb);
void umx_preserve_input_cookie(struct umx_preserve_net *pn,
			       const struct sk_buff *skb);
unsigned int umx_preserve_input_synack(struct umx_preserve_net *pn,
				       struct sk_buff *skb);

#endif /* _UMX_PRESERVE_INPUT_H */
