// SPDX-License-Identifier: GPL-2.0
/* This file owns one question: have the functions of GSO a header of their own? (since 6.5) */
#include <net/gso.h>
#include <linux/skbuff.h>

struct sk_buff *probe(struct sk_buff *skb);
struct sk_buff *probe(struct sk_buff *skb)
{
	return skb_gso_segment(skb, 0);
}
