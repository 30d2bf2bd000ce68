/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns the contract of sockopt.c: what an application says about its
 * socket, and is told.
 */
#ifndef _UMX_PRESERVE_SOCKOPT_H
#define _UMX_PRESERVE_SOCKOPT_H

#include <linux/types.h>
#include <linux/umx_preserve_socket.h>

struct sock;
struct umx_preserve_session;

enum umx_preserve_mode umx_preserve_sockopt_mode(const struct sock *sk);
bool umx_preserve_sockopt_notify(const struct sock *sk);
void umx_preserve_sockopt_moved(struct umx_preserve_session *s,
				struct sock *sk);

int umx_preserve_sockopt_setup(void);
void umx_preserve_sockopt_teardown(void);

#endif /* _UMX_PRESERVE_SOCKOPT_H */
