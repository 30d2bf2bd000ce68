/* SPDX-License-Identifier: GPL-2.0 */
/* This file owns the timer of a session. */
#ifndef _UMX_PRESERVE_TIMER_H
#define _UMX_PRESERVE_TIMER_H

#include <linux/timer.h>
#include <linux/umx_preserve.h>

struct sock;
struct umx_preserve_net;
struct umx_preserve_session;

void umx_preserve_timer_net_init(struct umx_preserve_net *pn);
void umx_preserve_timer(struct timer_list *t);
void umx_preserve_timer_start(struct umx_preserve_session *s, struct sock *sk,
			      bool data);
bool umx_preserve_timer_watches(const struct umx_preserve_session *s,
				const struct sock *sk);
void umx_preserve_timer_look_soon(struct umx_preserve_session *s,
				  struct sock *sk);
void umx_preserve_timer_due(struct umx_preserve_session *s, struct sock *sk,
			    enum umx_preserve_reason reason);

#endif /* _UMX_PRESERVE_TIMER_H */
