/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns sending the error a SYN is answered with.
 */
#ifndef _UMX_ANYCAST_REPLY_H
#define _UMX_ANYCAST_REPLY_H

#include <linux/in6.h>

struct sk_buff;
struct umx_anycast_net;

unsigned int umx_anycast_reply(struct umx_anycast_net *an, struct sk_buff *skb,
			       const struct in6_addr *source);

void umx_anycast_reply_init(struct umx_anycast_net *an);
void umx_anycast_reply_exit(struct umx_anycast_net *an);

#endif /* _UMX_ANYCAST_REPLY_H */
