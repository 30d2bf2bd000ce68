// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the direct way of the host's own packets: those of a session
 * that IPv4 has between a socket and the device, and IPv6 between the device
 * and the network, pass the device only for those who look (witness.c).
 *
 *   out   socket -> IPv4: LOCAL_OUT -> POST_ROUTING -> queue, bis0 -> IPv6: LOCAL_OUT ->
 *                                 \_____________ direct _____________/
 *
 *   in    -> IPv6: PRE_ROUTING -> route -> LOCAL_IN -> bis0 -> IPv4: PRE_ROUTING -> route -> LOCAL_IN -> socket
 *                             \_________________________ direct ___________________________/
 *
 * In is for connections of TCP alone, and is what the kernel calls early demux:
 * the socket is looked up first, and its route is that of its packet before.
 * IPv6's route is remembered by the pair (map.c) and must hold, too.
 */
#include <linux/bpf-cgroup.h>
#include <linux/netdevice.h>
#include <linux/netfilter.h>
#include <linux/tcp.h>
#include <net/gso.h>
#include <net/inet_ecn.h>
#include <net/inet_hashtables.h>
#include <net/ip.h>
#include <net/ipv6.h>
#include <net/route.h>
#include <net/xfrm.h>
#include <umx/compat.h>
#include "direct.h"
#include "gso.h"
#include "in.h"
#include "map.h"
#include "netns.h"
#include "out.h"
#include "packet.h"
#include "spool.h"
#include "witness.h"
#include "xlat64.h"

/* --- out --- */

/* IPv4 would send it in one piece. */
static bool umx_bis_direct_fits(const struct sk_buff *skb)
{
	unsigned int mtu = dst_mtu(skb_dst(skb));

	return skb_is_gso(skb) ? skb_gso_validate_network_len(skb, mtu) :
				 skb->len <= mtu;
}

/* Programs of a control group see what a socket in it sends by IPv4. */
static bool umx_bis_direct_is_judged(struct sock *sk)
{
#ifdef CONFIG_CGROUP_BPF
	sk = sk ? sk_to_full_sk(sk) : NULL;
	return cgroup_bpf_enabled(CGROUP_INET_EGRESS) && sk &&
	       (!sk_fullsock(sk) ||
		cgroup_bpf_sock_enabled(sk, CGROUP_INET_EGRESS));
#else
	return false;
#endif
}

/* Is all of IPv4's output that is left out without effect? */
static bool umx_bis_direct_may_out(struct umx_bis_net *bn,
				   const struct sk_buff *skb,
				   const struct nf_hook_state *state)
{
	const struct umx_bis_spool *spool = rcu_dereference(bn->spool);
	const struct rtable *rt = skb_rtable(skb);

	/* a rule may have sent it elsewhere; IPv6 may have sent it back here */
	return spool && ip_hdr(skb)->saddr == spool->self &&
	       rt->dst.dev == state->out && !dev_xmit_recursion() &&
	       rt->rt_type == RTN_UNICAST && !rt->dst.error &&
	       !rt->dst.lwtstate && !dst_xfrm(&rt->dst) &&
	       umx_bis_witness_none_for(skb) &&
	       !umx_bis_direct_is_judged(state->sk) &&
	       umx_bis_witness_none_out(bn->net, state->out) &&
	       umx_bis_direct_fits(skb);
}

/*
 * The device would have been a level of recursion: by that loops end, and
 * IPv6's output knows that the socket is none of its own.
 */
static void umx_bis_direct_send(struct umx_bis_net *bn, struct sk_buff *skb,
				struct net_device *dev)
{
	unsigned int len = skb->len;
	bool sent;

	__IP_UPD_PO_STATS(bn->net, IPSTATS_MIB_OUT, len);
	skb->dev = dev;
	dev_xmit_recursion_inc();
	sent = umx_bis_out(bn, dev, skb);
	dev_xmit_recursion_dec();
	if (sent) {
		umx_bis_mib_inc(bn, UMX_BIS_MIB_OUT_DIRECT);
		dev_sw_netstats_tx_add(dev, 1, len);
	} else {
		dev_core_stats_tx_dropped_inc(dev);
	}
}

/* What IPv4 would send to the device leaves. IPv4, LOCAL_OUT, behind others. */
unsigned int umx_bis_direct_out(void *priv, struct sk_buff *skb,
				const struct nf_hook_state *state)
{
	struct umx_bis_net *bn = umx_bis_net(state->net);
	unsigned int verdict = NF_ACCEPT;

	if (!state->out || state->out != rcu_access_pointer(bn->dev))
		return NF_ACCEPT;
	local_bh_disable();
	if (umx_bis_direct_may_out(bn, skb, state)) {
		umx_bis_direct_send(bn, skb, state->out);
		verdict = NF_STOLEN;
	}
	local_bh_enable();
	return verdict;
}

/* --- in --- */

/**
 * struct umx_bis_direct - a packet that may go in directly
 * @bn: the namespace
 * @spool: its spool
 * @dev: the device it would come in through
 * @skb: the packet
 * @map: the pair of its source
 * @sk: its connection, with a reference
 * @dst: the connection's route, under RCU
 */
struct umx_bis_direct {
	struct umx_bis_net *bn;
	const struct umx_bis_spool *spool;
	struct net_device *dev;
	struct sk_buff *skb;
	struct umx_bis_map *map;
	struct sock *sk;
	struct dst_entry *dst;
};

/* Is it of TCP, and to the spool's source? */
static bool umx_bis_direct_is_tcp(const struct umx_bis_spool *spool,
				  const struct sk_buff *skb)
{
	const struct ipv6hdr *ip6 = ipv6_hdr(skb);

	return ip6->nexthdr == IPPROTO_TCP &&
	       ipv6_addr_equal(&ip6->daddr, &spool->source);
}

/* Is it from whom we know, and nothing special? */
static bool umx_bis_direct_is_known(struct umx_bis_direct *d)
{
	const struct sk_buff *skb = d->skb;

	if (skb->sk || skb->pkt_type != PACKET_HOST ||
	    !umx_bis_witness_none_for(skb) ||
	    skb_headlen(skb) < sizeof(struct ipv6hdr) + sizeof(struct tcphdr) ||
	    (skb_is_gso(skb) && !umx_bis_gso_whole(skb)))
		return false;
	d->map = umx_bis_map_find6(d->bn, &ipv6_hdr(skb)->saddr);
	return d->map && umx_bis_map_has_come(d->bn, d->map, skb);
}

static bool umx_bis_direct_early_demux(const struct net *net)
{
	return READ_ONCE(net->ipv4.sysctl_ip_early_demux) &&
	       READ_ONCE(net->ipv4.sysctl_tcp_early_demux);
}

/* At a shared source, of IPv4 is what comes to a reserved port (host.c). */
static bool umx_bis_direct_is_ours(const struct umx_bis_direct *d, u16 port)
{
	return !d->spool->shared ||
	       umx_bis_port_has(d->bn, IPPROTO_TCP, port);
}

static struct dst_entry *umx_bis_direct_route(const struct umx_bis_direct *d)
{
	struct dst_entry *dst = rcu_dereference(d->sk->sk_rx_dst);

	if (!dst || d->sk->sk_rx_dst_ifindex != d->dev->ifindex)
		return NULL;
#ifdef CONFIG_IP_ROUTE_CLASSID
	if (dst->tclassid)
		return NULL;
#endif
	return dst_check(dst, 0);
}

/* Its connection, and the route of that; false: not both. */
static bool umx_bis_direct_find(struct umx_bis_direct *d)
{
	const struct tcphdr *th;

	th = (const struct tcphdr *)(d->skb->data + sizeof(struct ipv6hdr));
	if (!umx_bis_direct_is_ours(d, ntohs(th->dest)))
		return false;
	d->sk = umx_inet_lookup_established(d->bn->net, d->map->addr4,
					    th->source, d->spool->self,
					    ntohs(th->dest), d->dev->ifindex);
	if (!d->sk)
		return false;
	d->dst = sk_fullsock(d->sk) ? umx_bis_direct_route(d) : NULL;
	if (!d->dst)
		sock_gen_put(d->sk);
	return d->dst;
}

/* As IPv4's input and early demux would have left it. */
static void umx_bis_direct_deliver(struct umx_bis_direct *d)
{
	struct sk_buff *skb = d->skb;

	umx_bis_in_came(d->bn, d->dev, skb);
	skb->skb_iif = d->dev->ifindex;
	IPCB(skb)->iif = d->dev->ifindex;
	skb->sk = d->sk;
	skb->destructor = sock_edemux;
	skb_dst_set_noref(skb, d->dst);
	__IP_UPD_PO_STATS(d->bn->net, IPSTATS_MIB_IN, skb->len);
	__IP_ADD_STATS(d->bn->net, IPSTATS_MIB_NOECTPKTS +
				   (ip_hdr(skb)->tos & INET_ECN_MASK),
		       max_t(unsigned int, 1, skb_shinfo(skb)->gso_segs));
	dst_input(skb);
}

static unsigned int umx_bis_direct_take(struct umx_bis_direct *d)
{
	struct umx_bis_head6 head;

	/* first what lets none go directly: that is to cost least */
	if (!umx_bis_direct_early_demux(d->bn->net) ||
	    !umx_bis_witness_none_in(d->bn->net, d->dev) ||
	    !umx_bis_direct_is_known(d) || !umx_bis_direct_find(d))
		return NF_ACCEPT;
	if (umx_bis_packet_read6(d->skb, &head) != UMX_BIS_OK) {
		sock_gen_put(d->sk);
		return NF_ACCEPT;
	}
	/* nobody will cut it: it needs no identification */
	if (umx_bis_in_rewrite(d->skb, &head, d->map->addr4, d->spool->self,
			       0)) {
		umx_bis_mib_inc(d->bn, UMX_BIS_MIB_IN_NO_MEMORY);
		sock_gen_put(d->sk);
		kfree_skb(d->skb);
		return NF_STOLEN;
	}
	umx_bis_map_touch(d->map);
	umx_bis_mib_inc(d->bn, UMX_BIS_MIB_IN_DIRECT);
	umx_bis_direct_deliver(d);
	return NF_STOLEN;
}

/* A connection of IPv4 gets what comes. IPv6, PRE_ROUTING, behind others. */
unsigned int umx_bis_direct_in(void *priv, struct sk_buff *skb,
			       const struct nf_hook_state *state)
{
	struct umx_bis_net *bn = umx_bis_net(state->net);
	struct umx_bis_direct d;
	unsigned int verdict;

	d.spool = rcu_dereference(bn->spool);
	d.dev = rcu_dereference(bn->dev);
	if (!d.spool || !d.dev || !umx_bis_direct_is_tcp(d.spool, skb))
		return NF_ACCEPT;
	d.bn = bn;
	d.skb = skb;
	/* Behind NFQUEUE we are called by a task. */
	local_bh_disable();
	verdict = umx_bis_direct_take(&d);
	local_bh_enable();
	return verdict;
}
