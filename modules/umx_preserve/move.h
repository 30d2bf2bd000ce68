/* SPDX-License-Identifier: GPL-2.0 */
/* This file owns moving a session to another pair. */
#ifndef _UMX_PRESERVE_MOVE_H
#define _UMX_PRESERVE_MOVE_H

#include <linux/types.h>
#include <linux/umx_preserve.h>

struct in6_addr;
struct sock;
struct umx_preserve_net;
struct umx_preserve_session;

enum umx_preserve_reason
umx_preserve_move_why(const struct umx_preserve_session *s, struct sock *sk);
u8 umx_preserve_move_candidate(struct umx_preserve_session *s, struct sock *sk);
bool umx_preserve_move_restart(struct umx_preserve_session *s);
int umx_preserve_move_to(struct umx_preserve_session *s, struct sock *sk,
			 u8 pair, enum umx_preserve_reason reason);
int umx_preserve_move_next(struct umx_preserve_session *s, struct sock *sk,
			   enum umx_preserve_reason reason, bool resend);
int umx_preserve_move_local(struct umx_preserve_session *s, struct sock *sk,
			    const struct in6_addr *local);
void umx_preserve_move_resume(struct umx_preserve_session *s, struct sock *sk,
			      bool ack);
void umx_preserve_move_heard(struct umx_preserve_session *s);
void umx_preserve_move_follow(struct umx_preserve_session *s, struct sock *sk);
void umx_preserve_move_review(struct umx_preserve_session *s, struct sock *sk);

#endif /* _UMX_PRESERVE_MOVE_H */
