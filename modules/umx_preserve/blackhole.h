/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns the memory of destinations on the way to which SYNs with an
 * option get lost.
 */
#ifndef _UMX_PRESERVE_BLACKHOLE_H
#define _UMX_PRESERVE_BLACKHOLE_H

#include <linux/in6.h>
#include <linux/types.h>

struct umx_preserve_net;

void umx_preserve_blackhole_flush(struct umx_preserve_net *pn);
int umx_preserve_blackhole_alloc(struct umx_preserve_net *pn);
void umx_preserve_blackhole_free(struct umx_preserve_net *pn);
void umx_preserve_blackhole_add(struct umx_preserve_net *pn,
				const struct in6_addr *addr);
bool umx_preserve_blackhole_find(struct umx_preserve_net *pn,
				 const struct in6_addr *addr);

#endif /* _UMX_PRESERVE_BLACKHOLE_H */
