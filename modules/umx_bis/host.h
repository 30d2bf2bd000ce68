/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns the contract of host.c: whose a packet is that came to a
 * source address the host also uses natively.
 */
#ifndef _UMX_BIS_HOST_H
#define _UMX_BIS_HOST_H

#include <linux/types.h>

struct in6_addr;
struct sk_buff;
struct umx_bis_net;
struct umx_bis_spool;

/**
 * enum umx_bis_whose - whose a packet is
 * @UMX_BIS_WHOSE_NATIVE: IPv6's.
 * @UMX_BIS_WHOSE_OURS: that of a session of IPv4, or for a server of IPv4.
 * @UMX_BIS_WHOSE_BOTH: either's; the other one has no use for it.
 * @UMX_BIS_WHOSE_WAITS: it is a fragment, and waits for the others.
 */
enum umx_bis_whose {
	UMX_BIS_WHOSE_NATIVE,
	UMX_BIS_WHOSE_OURS,
	UMX_BIS_WHOSE_BOTH,
	UMX_BIS_WHOSE_WAITS,
};

enum umx_bis_whose umx_bis_host_whose(struct umx_bis_net *bn,
				      const struct umx_bis_spool *spool,
				      struct sk_buff *skb);

bool umx_bis_host_has_tcp6(const struct umx_bis_net *bn,
			   const struct in6_addr *peer, __be16 peer_port,
			   const struct in6_addr *addr, u16 port, int ifindex);
bool umx_bis_host_has_udp4(const struct umx_bis_net *bn,
			   const struct umx_bis_spool *spool, u16 port);

#endif /* _UMX_BIS_HOST_H */
