/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns the contract of elder.c: ports whose servers are older than
 * the rules about servers.
 */
#ifndef _UMX_ELDER_H
#define _UMX_ELDER_H

#include <linux/types.h>

struct umx_net;

int umx_elder_find(struct umx_net *un);
void umx_elder_set(struct umx_net *un, u16 port);
bool umx_elder_is(const struct umx_net *un, u16 port);
void umx_elder_forget(struct umx_net *un);
void umx_elder_exit(struct umx_net *un);

#endif /* _UMX_ELDER_H */
