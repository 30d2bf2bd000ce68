/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns spares: addresses of other pools, made for a session that may
 * go on with them when its own address fails. What moves it there is another
 * module's business (umx_preserve), which asks by umx_tcp.
 *
 * A spare belongs to one session from its first moment to its last, is in no
 * use before that session moves, and is used up with it, moved to or not.
 */
#ifndef _UMX_SPARE_H
#define _UMX_SPARE_H

#include <linux/types.h>

struct in6_addr;
struct net;
struct sk_buff;
struct umx_addr;

bool umx_spare_own(struct net *net, const struct in6_addr *addr);
unsigned int umx_spare_draw(struct net *net, const struct in6_addr *of,
			    struct in6_addr *spares, unsigned int max);
void umx_spare_drop(struct net *net, const struct in6_addr *of);
bool umx_spare_known(const struct umx_addr *of, const struct sk_buff *skb,
		     unsigned int ports);

#endif /* _UMX_SPARE_H */
