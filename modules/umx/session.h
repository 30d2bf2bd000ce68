/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns sessions: an address and the socket that uses it.
 */
#ifndef _UMX_SESSION_H
#define _UMX_SESSION_H

struct sock;
struct umx_addr;

void umx_session_bind(struct umx_addr *addr, const struct sock *sk);
int umx_session_setup(void);
void umx_session_teardown(void);

#endif /* _UMX_SESSION_H */
