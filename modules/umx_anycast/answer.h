/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns the judgement over packets to anycast addresses.
 */
#ifndef _UMX_ANYCAST_ANSWER_H
#define _UMX_ANYCAST_ANSWER_H

struct sk_buff;
struct umx_anycast_net;

unsigned int umx_anycast_answer(struct umx_anycast_net *an,
				struct sk_buff *skb);

#endif /* _UMX_ANYCAST_ANSWER_H */
