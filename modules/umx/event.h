/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns the notifications of multicast group "events".
 */
#ifndef _UMX_EVENT_H
#define _UMX_EVENT_H

#include <linux/types.h>
#include <linux/umx.h>

struct umx_addr;
struct umx_net;

void umx_event_pool(struct umx_net *un, enum umx_event event,
		    const char *name);
void umx_event_listener(struct umx_net *un, u16 port, u8 mode);
void umx_event_addr(const struct umx_addr *addr, enum umx_event event);

#endif /* _UMX_EVENT_H */
