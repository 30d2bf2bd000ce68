/* SPDX-License-Identifier: GPL-2.0 */
/* This file owns what others know of the table of places. */
#ifndef _UMX_PRESERVE_PLACE_H
#define _UMX_PRESERVE_PLACE_H

#include <linux/types.h>

struct sock;
struct umx_preserve_net;
struct umx_preserve_session;
struct umx_preserve_tuple;

void umx_preserve_place_of(const struct umx_preserve_session *s,
			   const struct sock *sk, u8 pair,
			   struct umx_preserve_tuple *t);
void umx_preserve_place_set(struct umx_preserve_session *s,
			    const struct sock *sk);
void umx_preserve_place_leave(struct umx_preserve_session *s);
struct sock *umx_preserve_place_sock(struct umx_preserve_net *pn,
				     const struct umx_preserve_tuple *t,
				     int dif, u8 *pair);
int umx_preserve_place_alloc(struct umx_preserve_net *pn);
void umx_preserve_place_free(struct umx_preserve_net *pn);

#endif /* _UMX_PRESERVE_PLACE_H */
