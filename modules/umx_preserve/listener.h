/* SPDX-License-Identifier: GPL-2.0 */
/* This file owns the listeners whose children may become sessions. */
#ifndef _UMX_PRESERVE_LISTENER_H
#define _UMX_PRESERVE_LISTENER_H

struct sock;
struct umx_preserve_net;

void umx_preserve_listener_listen(struct sock *sk, void *begun, int err);
void umx_preserve_listener_attach_all(struct umx_preserve_net *pn);
void umx_preserve_listener_detach_all(struct umx_preserve_net *pn);

#endif /* _UMX_PRESERVE_LISTENER_H */
