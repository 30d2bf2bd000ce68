/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns what a listen() does to its port, and a rule says is to be done.
 */
#ifndef _UMX_LISTEN_H
#define _UMX_LISTEN_H

#include <linux/list.h>
#include <linux/types.h>
#include "netns.h"

struct sock;
struct umx_listener;

void *umx_listen_begin(struct sock *sk);
void umx_listen_end(struct sock *sk, void *begun, int err);
struct umx_listener *umx_listen_late(struct umx_net *un, struct sock *sk,
				     u16 port);
void umx_listen_over(struct umx_listener *listener);

/* Is there a rule about servers? Context: any. */
static inline bool umx_listen_rules(const struct umx_net *un)
{
	return !list_empty(&un->listen_rules);
}

#endif /* _UMX_LISTEN_H */
