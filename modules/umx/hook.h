/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns the gate's place in the network stack.
 */
#ifndef _UMX_HOOK_H
#define _UMX_HOOK_H

struct net;

int umx_hook_add(struct net *net);
void umx_hook_del(struct net *net);
int umx_hook4_add(struct net *net);
void umx_hook4_del(struct net *net);

#endif /* _UMX_HOOK_H */
