/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns what net.umx.port_ignore makes of the ports of a segment.
 */
#ifndef _UMX_PORT_IGNORE_H
#define _UMX_PORT_IGNORE_H

#include "netns.h"
#include "sysctl.h"

struct sk_buff;
struct sock;
struct tcphdr;
struct umx_addr;
struct umx_handshakes;

/* Do ports mean nothing here? */
static inline bool umx_port_ignored(const struct umx_net *un)
{
	return READ_ONCE(un->port_ignore) == UMX_PORT_IGNORE_L0;
}

bool umx_port_ignore_wrong(const struct umx_net *un,
			   const struct umx_addr *addr,
			   const struct tcphdr *th);
bool umx_port_ignore_restore(struct umx_net *un, struct umx_addr *addr,
			     struct sk_buff *skb, const struct tcphdr *th);
bool umx_port_ignore_restore_quote(struct umx_net *un, struct sk_buff *skb);
void umx_port_ignore_note(struct umx_addr *addr, const struct sk_buff *syn);
void umx_port_ignore_forget(struct umx_addr *addr);

#endif /* _UMX_PORT_IGNORE_H */
