/* SPDX-License-Identifier: GPL-2.0 */
/* This file owns what is done with segments that come in. */
#ifndef _UMX_PRESERVE_INPUT_H
#define _UMX_PRESERVE_INPUT_H

#include <linux/types.h>

struct sk_buff;
struct umx_preserve_net;

void umx_preserve_input_option(struct umx_preserve_net *pn,
			       struct sk_buff *skb);
bool umx_preserve_input_strip(struct umx_preserve_net *pn, struct sk_buff *skb);

#endif /* _UMX_PRESERVE_INPUT_H */
