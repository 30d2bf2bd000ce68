/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns the places where umx_anycast.ko meets the network stack.
 */
#ifndef _UMX_ANYCAST_HOOK_H
#define _UMX_ANYCAST_HOOK_H

struct net;

int umx_anycast_hook_add(struct net *net);
void umx_anycast_hook_del(struct net *net);

int umx_anycast_hook_setup(void);
void umx_anycast_hook_teardown(void);

#endif /* _UMX_ANYCAST_HOOK_H */
