/* SPDX-License-Identifier: GPL-2.0 */
/* This file owns what comes in on alternative pairs: segments and errors. */
#ifndef _UMX_PRESERVE_DEMUX_H
#define _UMX_PRESERVE_DEMUX_H

struct sk_buff;
struct umx_preserve_net;

unsigned int umx_preserve_demux_segment(struct umx_preserve_net *pn,
					struct sk_buff *skb);
unsigned int umx_preserve_demux_icmp(struct umx_preserve_net *pn,
				     struct sk_buff *skb);

#endif /* _UMX_PRESERVE_DEMUX_H */
