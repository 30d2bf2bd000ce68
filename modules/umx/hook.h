/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns the gate's place in the network stack.
 */
#ifndef _UMX_HOOK_H
#define _UMX_HOOK_H

struct dst_entry;
struct sock;
struct umx_net;

void umx_hook_pools_add(struct umx_net *un);
void umx_hook_pools_del(struct umx_net *un);
int umx_hook_onlink_add(struct umx_net *un);
void umx_hook_onlink_del(struct umx_net *un);
int umx_hook_out_add(struct umx_net *un);
void umx_hook_out_del(struct umx_net *un);
int umx_hook_port4_add(struct umx_net *un);
void umx_hook_port4_del(struct umx_net *un);
struct dst_entry *umx_hook_local_dst(struct umx_net *un);
void umx_hook_established(struct umx_net *un, struct sock *sk);

#endif /* _UMX_HOOK_H */
