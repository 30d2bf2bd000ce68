// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns putting fragments together, by the kernel's own queues with
 * their limits of memory and time.
 *
 * Out: all fragments, for they are the host's own. An IPv6 fragment has 28
 * bytes more than the IPv4 fragment it comes from and might not fit; put
 * together, the packet is cut again by IPv6 for the path it takes. A UDP
 * datagram without a checksum and ICMP need the whole packet anyway.
 *
 * In: ICMPv6, whose checksum covers what ICMP's does not; what is for a session
 * with an address of its own (in.c); all that comes to a source the host uses
 * natively, too, since the first fragment alone says whose it is (host.c).
 * Others are translated one by one, and IPv4 puts them together.
 */
#include <linux/netdevice.h>
#include <net/ip.h>
#include <net/ipv6.h>
#include <net/netfilter/ipv6/nf_defrag_ipv6.h>
#include "frag.h"

/* Whose queues these are: a number nobody else has. */
#define UMX_BIS_FRAG_USER	0x756d7862

/**
 * umx_bis_frag_gather4() - put an IPv4 packet together
 * @net: the namespace
 * @skb: a fragment, at its IPv4 header; consumed unless 0 is returned
 *
 * Return: 0, then @skb is the whole packet; an errno.
 */
int umx_bis_frag_gather4(struct net *net, struct sk_buff *skb)
{
	memset(IPCB(skb), 0, sizeof(*IPCB(skb)));
	return ip_defrag(net, skb, UMX_BIS_FRAG_USER);
}

/**
 * umx_bis_frag_gather6() - put an IPv6 packet together
 * @net: the namespace
 * @skb: a fragment, at its IPv6 header; consumed unless 0 is returned
 *
 * Return: 0, then @skb is the whole packet; an errno.
 */
int umx_bis_frag_gather6(struct net *net, struct sk_buff *skb)
{
	int err = nf_ct_frag6_gather(net, skb, UMX_BIS_FRAG_USER);

	if (err && err != -EINPROGRESS)
		kfree_skb(skb);
	return err;
}
