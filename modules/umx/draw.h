/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns the drawing of EAs.
 */
#ifndef _UMX_DRAW_H
#define _UMX_DRAW_H

#include <linux/in6.h>
#include <linux/umx.h>

struct net;
struct sock;
struct umx_addr;
struct umx_net;
struct umx_wish;

struct umx_addr *umx_draw_live(struct umx_addr *addr);
bool umx_draw_legacy_peer(struct net *net, const struct in6_addr *to);
bool umx_draw_declined(const struct sock *sk);
bool umx_draw_bound_to_pool(struct umx_net *un, const struct sock *sk);
struct umx_addr *umx_draw(struct umx_net *un, struct sock *sk,
			  const struct in6_addr *to, enum umx_proto proto);
struct umx_addr *umx_draw_wish(struct umx_net *un, struct sock *sk,
			       const struct in6_addr *to,
			       const struct umx_wish *wish);

#endif /* _UMX_DRAW_H */
