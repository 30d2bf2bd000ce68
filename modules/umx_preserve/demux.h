/* SPDX-License-Identifier: GPL-2.0 */
/* This file owns what comes in on alternative pairs: segments and errors. */
#ifndef _UMX_PRESERVE_DEMUX_H
#define _UMX_PRESERVE_DEMUX_H

#include <linux/types.h>

struct sk_buff;
struct sock;
struct umx_preserve_net;
struct umx_preserve_tuple;

bool umx_preserve_demux_segment(struct umx_preserve_net *pn,
				struct sk_buff *skb);
struct sock *umx_preserve_demux_exact(const struct umx_preserve_net *pn,
				      const struct umx_preserve_tuple *t,
				      int dif, int sdif);
void umx_preserve_demux_early(struct umx_preserve_net *pn, struct sk_buff *skb);
bool umx_preserve_demux_knows(struct umx_preserve_net *pn,
			      const struct umx_preserve_tuple *t, int dif);
bool umx_preserve_demux_error(struct umx_preserve_net *pn, struct sk_buff *skb,
			      u8 type, int offset, __be32 info);

#endif /* _UMX_PRESERVE_DEMUX_H */
