/* SPDX-License-Identifier: GPL-2.0 */
/* This file owns what is done to the segments of a session on their way out. */
#ifndef _UMX_PRESERVE_SEGMENT_H
#define _UMX_PRESERVE_SEGMENT_H

#include <linux/types.h>
#include <net/flow.h>

struct dst_entry;
struct flowi6;
struct sk_buff;
struct sock;
struct umx_preserve_session;
struct umx_tcp_track;

int umx_preserve_segment_transmit(struct umx_tcp_track *track, struct sock *sk,
				  struct sk_buff *skb, struct flowi *fl);
int umx_preserve_segment_reroute(struct umx_tcp_track *track, struct sock *sk);
struct dst_entry *umx_preserve_segment_route(const struct umx_preserve_session *s,
					     struct sock *sk, u8 pair,
					     struct flowi6 *fl6);
void umx_preserve_segment_ack(struct umx_preserve_session *s, struct sock *sk,
			      u8 pair, bool data);

#endif /* _UMX_PRESERVE_SEGMENT_H */
