/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns draining a namespace, so that the module can be removed.
 */
#ifndef _UMX_DRAIN_H
#define _UMX_DRAIN_H

#include <linux/types.h>

struct umx_net;

/**
 * struct umx_drain_result - what a drain did and what is left
 * See enum umx_drain_attr.
 */
struct umx_drain_result {
	u32 sessions;
	u32 closing;
	u32 waiting;
	u32 listeners;
	u32 aborted;
	u32 purged;
	u32 sockets;
};

void umx_drain(struct umx_net *un, bool abort, struct umx_drain_result *result);
void umx_drain_off(struct umx_net *un);

#endif /* _UMX_DRAIN_H */
