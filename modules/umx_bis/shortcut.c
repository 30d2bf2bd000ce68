// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns shortcuts: a packet of others goes through the host's IP
 * twice, in one version to the device and in the other from it (router.c). Of
 * two hosts whose last packet did so less than a second ago, all that decides is
 * known: addresses, and both routes. So their next packets are translated where
 * they come in, and leave by the output of the other version.
 *
 *   in -> PRE_ROUTING -> route, forward -> device -> PRE_ROUTING -> route, forward -> POST_ROUTING -> out
 *                   \________________________ shortcut ________________________/
 *
 * None is taken where somebody would miss the packet (witness.c). Nor by packets the host's IP may have something to say about:
 * those too long, whose hops are used up, fragments, headers with options, and
 * all but TCP and UDP.
 *
 * It is a cache, of a size that no stranger can change: what does not fit goes
 * the long way. Routes are looked at for each packet, whether they still hold;
 * everything else, once a second.
 */
#include <linux/jhash.h>
#include <linux/netdevice.h>
#include <linux/netfilter.h>
#include <linux/netfilter_ipv4.h>
#include <linux/netfilter_ipv6.h>
#include <linux/slab.h>
#include <net/gso.h>
#include <net/inet_dscp.h>
#include <net/ip.h>
#include <net/ip6_route.h>
#include <net/ipv6.h>
#include <net/route.h>
#include "gso.h"
#include "netns.h"
#include "router.h"
#include "shortcut.h"
#include "witness.h"

#define UMX_BIS_SHORTCUT_SLOTS	4096

/* After this a packet takes the long way once more. */
#define UMX_BIS_SHORTCUT_LIFE	HZ

/* A flow whose packets go the long way makes a new one this often at most. */
#define UMX_BIS_SHORTCUT_AGAIN	(HZ / 10)

/* Hops the long way takes. */
#define UMX_BIS_SHORTCUT_HOPS	2

/**
 * struct umx_bis_shortcut - what became of a packet of a flow
 * @key: of the flow; constant, as all but @used
 * @addr: source and destination, translated; those of IPv4 in the first words
 * @in: its route to the device, with a reference
 * @in_cookie: for dst_check()
 * @out: the route from the device, with a reference
 * @out_cookie: for dst_check()
 * @mtu: the longest packet that fits on both sides, as it comes in
 * @gen: umx_bis_shortcuts.gen when it was made
 * @made: jiffies when it was made
 * @used: jiffies when it was last taken; written and read without a lock
 * @rcu: frees it
 */
struct umx_bis_shortcut {
	struct umx_bis_shortcut_key key;
	struct in6_addr addr[2];
	struct dst_entry *in;
	struct dst_entry *out;
	u32 in_cookie;
	u32 out_cookie;
	unsigned int mtu;
	u32 gen;
	unsigned long made;
	unsigned long used;
	struct rcu_head rcu;
};

/**
 * struct umx_bis_shortcut_table - the cache
 * @seed: of the hash
 * @slot: each a shortcut, or NULL; replaced with xchg(), read under RCU
 * @rcu: frees it, and them
 */
struct umx_bis_shortcut_table {
	u32 seed;
	struct umx_bis_shortcut __rcu *slot[UMX_BIS_SHORTCUT_SLOTS];
	struct rcu_head rcu;
};

/* --- flows --- */

/*
 * May routes depend on ports? By rules of routing, or by which of several next
 * hops a flow takes; mostly, the other fields say it all.
 */
static bool umx_bis_shortcut_by_ports(const struct net *net)
{
#ifdef CONFIG_IP_MULTIPLE_TABLES
	if (READ_ONCE(net->ipv4.fib_rules_require_fldissect))
		return true;
#endif
#ifdef CONFIG_IPV6_MULTIPLE_TABLES
	if (READ_ONCE(net->ipv6.fib6_rules_require_fldissect))
		return true;
#endif
#ifdef CONFIG_IP_ROUTE_MULTIPATH
	if (READ_ONCE(net->ipv4.sysctl_fib_multipath_hash_policy))
		return true;
#endif
	return READ_ONCE(net->ipv6.sysctl.multipath_hash_policy);
}

/* false: no packet of this protocol takes a shortcut */
static bool umx_bis_shortcut_upper(const struct net *net,
				   const struct sk_buff *skb, unsigned int off,
				   struct umx_bis_shortcut_key *key)
{
	if (key->proto != IPPROTO_TCP && key->proto != IPPROTO_UDP)
		return false;
	if (!umx_bis_shortcut_by_ports(net))
		return true;
	if (skb_headlen(skb) < off + sizeof(key->ports))
		return false;
	memcpy(key->ports, skb->data + off, sizeof(key->ports));
	return true;
}

static bool umx_bis_shortcut_key4(const struct net *net,
				  const struct sk_buff *skb,
				  struct umx_bis_shortcut_key *key)
{
	const struct iphdr *ip = ip_hdr(skb);

	if (skb_headlen(skb) < sizeof(*ip) || ip->ihl != 5 ||
	    ip_is_fragment(ip))
		return false;
	key->addr[0].s6_addr32[0] = ip->saddr;
	key->addr[1].s6_addr32[0] = ip->daddr;
	key->proto = ip->protocol;
	key->tos = ip->tos;
	key->version = 4;
	return umx_bis_shortcut_upper(net, skb, sizeof(*ip), key);
}

static bool umx_bis_shortcut_key6(const struct net *net,
				  const struct sk_buff *skb,
				  struct umx_bis_shortcut_key *key)
{
	const struct ipv6hdr *ip6 = ipv6_hdr(skb);

	if (skb_headlen(skb) < sizeof(*ip6))
		return false;
	key->addr[0] = ip6->saddr;
	key->addr[1] = ip6->daddr;
	key->proto = ip6->nexthdr;
	key->tos = ipv6_get_dsfield(ip6);
	key->version = 6;
	return umx_bis_shortcut_upper(net, skb, sizeof(*ip6), key);
}

static u8 umx_bis_shortcut_version(const struct sk_buff *skb)
{
	return skb->protocol == htons(ETH_P_IP) ? 4 : 6;
}

/* false: no packet like this takes a shortcut */
static bool umx_bis_shortcut_key(const struct net *net,
				 const struct sk_buff *skb,
				 struct umx_bis_shortcut_key *key)
{
	memset(key, 0, sizeof(*key));
	key->mark = skb->mark;
	key->iif = skb->skb_iif;
	if (umx_bis_shortcut_version(skb) == 4)
		return umx_bis_shortcut_key4(net, skb, key);
	return umx_bis_shortcut_key6(net, skb, key);
}

static struct umx_bis_shortcut __rcu **
umx_bis_shortcut_slot(struct umx_bis_shortcut_table *table,
		      const struct umx_bis_shortcut_key *key)
{
	u32 hash = jhash2((const u32 *)key, sizeof(*key) / sizeof(u32),
			  table->seed);

	return &table->slot[hash % UMX_BIS_SHORTCUT_SLOTS];
}

static bool umx_bis_shortcut_is_of(const struct umx_bis_shortcut *s,
				   const struct umx_bis_shortcut_key *key)
{
	return !memcmp(&s->key, key, sizeof(*key));
}

/* --- taking one --- */

static bool umx_bis_shortcut_holds(const struct umx_bis_shortcut *s, u32 gen)
{
	return s->gen == gen &&
	       time_before(jiffies, s->made + UMX_BIS_SHORTCUT_LIFE) &&
	       dst_check(s->in, s->in_cookie) &&
	       dst_check(s->out, s->out_cookie);
}

static bool umx_bis_shortcut_fits(const struct umx_bis_shortcut *s,
				  const struct sk_buff *skb)
{
	if (skb_is_gso(skb))
		return umx_bis_gso_whole(skb) &&
		       skb_gso_validate_network_len(skb, s->mtu);
	return skb->len <= s->mtu;
}

/* What it is for a packet that comes in, and for one the device transmits. */
static bool umx_bis_shortcut_may(const struct sk_buff *skb)
{
	return skb->pkt_type == PACKET_HOST && !skb->sk &&
	       umx_bis_witness_none_for(skb) && !skb_has_frag_list(skb);
}

/* The shortcut of @skb's flow, or NULL. */
static struct umx_bis_shortcut *
umx_bis_shortcut_find(struct umx_bis_net *bn, const struct sk_buff *skb)
{
	struct umx_bis_shortcut_table *table;
	struct umx_bis_shortcut_key key;
	struct umx_bis_shortcut *s;

	table = rcu_dereference(bn->shortcuts.table);
	if (!table || !umx_bis_shortcut_may(skb) ||
	    !umx_bis_shortcut_key(bn->net, skb, &key))
		return NULL;
	s = rcu_dereference(*umx_bis_shortcut_slot(table, &key));
	if (!s || !umx_bis_shortcut_is_of(s, &key) ||
	    !umx_bis_shortcut_holds(s, READ_ONCE(bn->shortcuts.gen)) ||
	    !umx_bis_shortcut_fits(s, skb))
		return NULL;
	return s;
}

/* As the host's IP would have done on the long way. */
static void umx_bis_shortcut_send4(struct umx_bis_net *bn, struct sk_buff *skb)
{
	memset(IPCB(skb), 0, sizeof(*IPCB(skb)));
	IPCB(skb)->iif = skb->skb_iif;
	IPCB(skb)->flags = IPSKB_FORWARDED;
	if (READ_ONCE(bn->net->ipv4.sysctl_ip_fwd_update_priority))
		skb->priority = rt_tos2priority(ip_hdr(skb)->tos);
	__IP_INC_STATS(bn->net, IPSTATS_MIB_OUTFORWDATAGRAMS);
}

static void umx_bis_shortcut_send6(struct umx_bis_net *bn, struct sk_buff *skb)
{
	memset(IP6CB(skb), 0, sizeof(*IP6CB(skb)));
	IP6CB(skb)->iif = skb->skb_iif;
	IP6CB(skb)->flags = IP6SKB_FORWARDED;
	__IP6_INC_STATS(bn->net, ip6_dst_idev(skb_dst(skb)),
			IPSTATS_MIB_OUTFORWDATAGRAMS);
}

static void umx_bis_shortcut_send(struct umx_bis_net *bn,
				  struct net_device *dev, struct sk_buff *skb,
				  struct umx_bis_shortcut *s)
{
	unsigned long now = jiffies;

	skb_scrub_packet(skb, false);
	skb_clear_tstamp(skb);
	skb->dev = dev;
	skb->skb_iif = dev->ifindex;
	skb_dst_set_noref(skb, s->out);
	dev_sw_netstats_rx_add(dev, skb->len);
	if (s->key.version == 6)
		umx_bis_shortcut_send4(bn, skb);
	else
		umx_bis_shortcut_send6(bn, skb);
	if (READ_ONCE(s->used) != now)
		WRITE_ONCE(s->used, now);
	umx_bis_mib_inc(bn, UMX_BIS_MIB_ROUTER_SHORTCUT);
	dst_output(bn->net, NULL, skb);
}

static bool umx_bis_shortcut_translate(struct umx_bis_net *bn,
				       struct sk_buff *skb,
				       const struct umx_bis_shortcut *s)
{
	if (s->key.version == 6)
		return umx_bis_router64_rewrite(bn, skb, s->addr,
						UMX_BIS_SHORTCUT_HOPS);
	return umx_bis_router46_rewrite(bn, skb, s->addr,
					UMX_BIS_SHORTCUT_HOPS);
}

static unsigned int umx_bis_shortcut_take(struct umx_bis_net *bn,
					  struct sk_buff *skb)
{
	struct net_device *dev = rcu_dereference(bn->dev);
	struct umx_bis_shortcut *s;
	unsigned int len = skb->len;
	int ret;

	/* first what lets none take one: that is to cost least */
	if (!dev || skb->skb_iif == dev->ifindex ||
	    !umx_bis_witness_none(bn->net, dev, umx_bis_shortcut_version(skb)))
		return NF_ACCEPT;
	s = umx_bis_shortcut_find(bn, skb);
	if (!s)
		return NF_ACCEPT;
	ret = umx_bis_shortcut_translate(bn, skb, s);
	if (ret > 0)
		return NF_ACCEPT;
	if (ret < 0) {
		kfree_skb(skb);
		return NF_STOLEN;
	}
	dev_sw_netstats_tx_add(dev, 1, len);
	umx_bis_shortcut_send(bn, dev, skb, s);
	return NF_STOLEN;
}

/* Either version, PRE_ROUTING, behind all others. */
unsigned int umx_bis_shortcut_hook(void *priv, struct sk_buff *skb,
				   const struct nf_hook_state *state)
{
	unsigned int verdict;

	/* Behind NFQUEUE we are called by a task. */
	local_bh_disable();
	verdict = umx_bis_shortcut_take(umx_bis_net(state->net), skb);
	local_bh_enable();
	return verdict;
}

static const struct nf_hook_ops umx_bis_shortcut_hooks[] = {
	{
		.hook = umx_bis_shortcut_hook,
		.pf = NFPROTO_IPV6,
		.hooknum = NF_INET_PRE_ROUTING,
		.priority = NF_IP6_PRI_LAST,
	},
	{
		.hook = umx_bis_shortcut_hook,
		.pf = NFPROTO_IPV4,
		.hooknum = NF_INET_PRE_ROUTING,
		.priority = NF_IP_PRI_LAST,
	},
};

/* --- learning one --- */

/* Has the flow none, or may it have another, in whose place ever? */
static bool umx_bis_shortcut_wanted(struct umx_bis_shortcut_table *table,
				    const struct umx_bis_shortcut_key *key)
{
	const struct umx_bis_shortcut *s;

	s = rcu_dereference(*umx_bis_shortcut_slot(table, key));
	if (!s)
		return true;
	if (umx_bis_shortcut_is_of(s, key))
		return time_after_eq(jiffies, s->made + UMX_BIS_SHORTCUT_AGAIN);
	return time_after_eq(jiffies, READ_ONCE(s->used) +
				      UMX_BIS_SHORTCUT_LIFE);
}

/**
 * umx_bis_shortcut_note() - may the flow of a packet have a shortcut?
 * @r: the packet, before it is translated; umx_bis_shortcut_forget() follows
 *
 * Context: RCU, BH off.
 */
void umx_bis_shortcut_note(struct umx_bis_routed *r)
{
	struct umx_bis_shortcut_note *note = &r->note;
	struct umx_bis_shortcut_table *table;
	struct sk_buff *skb = r->skb;
	struct dst_entry *in = skb_dst(skb);

	note->in = NULL;
	note->gen = READ_ONCE(r->bn->shortcuts.gen);
	table = rcu_dereference(r->bn->shortcuts.table);
	if (!table || r->back || !skb->skb_iif || !in_serving_softirq() ||
	    !umx_bis_witness_none(r->bn->net, r->dev,
				  umx_bis_shortcut_version(skb)) ||
	    !umx_bis_shortcut_may(skb) ||
	    !umx_bis_shortcut_key(r->bn->net, skb, &note->key))
		return;
	if (umx_bis_shortcut_wanted(table, &note->key) && in &&
	    in->dev == r->dev && !in->lwtstate && dst_hold_safe(in))
		note->in = in;
}

/* Its packet was not translated, or not as the flow's next ones would be. */
void umx_bis_shortcut_forget(struct umx_bis_routed *r)
{
	dst_release(r->note.in);
	r->note.in = NULL;
}

/* The route of what comes in on the device, as IPv4 would find it. */
static bool umx_bis_shortcut_route4(struct sk_buff *skb, struct net_device *dev)
{
	const struct iphdr *ip = ip_hdr(skb);
	const struct rtable *rt;

	if (ip_route_input_noref(skb, ip->daddr, ip->saddr,
				 ip->tos & INET_DSCP_MASK, dev))
		return false;
	rt = skb_rtable(skb);
	return rt->rt_type == RTN_UNICAST && rt_is_input_route(rt) &&
	       !(rt->rt_flags & (RTCF_LOCAL | RTCF_BROADCAST | RTCF_MULTICAST));
}

/* The same for IPv6. */
static bool umx_bis_shortcut_route6(struct sk_buff *skb, struct net_device *dev)
{
	const struct ipv6hdr *ip6 = ipv6_hdr(skb);
	struct flowi6 fl6 = {
		.flowi6_iif = dev->ifindex,
		.daddr = ip6->daddr,
		.saddr = ip6->saddr,
		.flowlabel = ip6_flowinfo(ip6),
		.flowi6_mark = skb->mark,
		.flowi6_proto = ip6->nexthdr,
	};
	struct net *net = dev_net(dev);
	struct flow_keys keys;
	struct dst_entry *dst;

	fib6_rules_early_flow_dissect(net, skb, &fl6, &keys);
	dst = ip6_route_input_lookup(net, dev, &fl6, skb,
				     RT6_LOOKUP_F_HAS_SADDR |
				     RT6_LOOKUP_F_DST_NOREF);
	skb_dst_set_noref(skb, dst);
	return !(container_of(dst, struct rt6_info, dst)->rt6i_flags &
		 (RTF_LOCAL | RTF_ANYCAST | RTF_REJECT));
}

static u32 umx_bis_shortcut_cookie(const struct dst_entry *dst)
{
	if (dst->ops->family != AF_INET6)
		return 0;
	return rt6_get_cookie(container_of(dst, struct rt6_info, dst));
}

static unsigned int umx_bis_shortcut_mtu(const struct umx_bis_shortcut *s)
{
	unsigned int in = dst_mtu(s->in), out = dst_mtu(s->out);

	if (s->key.version == 6)
		return min(in, out + UMX_BIS_HEAD6 - UMX_BIS_HEAD4);
	return min(in, out - (UMX_BIS_HEAD6 - UMX_BIS_HEAD4));
}

static void umx_bis_shortcut_release(struct umx_bis_shortcut *s)
{
	dst_release(s->in);
	dst_release(s->out);
	kfree(s);
}

static void umx_bis_shortcut_release_rcu(struct rcu_head *rcu)
{
	umx_bis_shortcut_release(container_of(rcu, struct umx_bis_shortcut,
					      rcu));
}

/* Takes the reference of @note, and one of @out. */
static struct umx_bis_shortcut *
umx_bis_shortcut_make(struct umx_bis_routed *r, struct dst_entry *out)
{
	struct umx_bis_shortcut *s = kmalloc(sizeof(*s),
					     GFP_ATOMIC | __GFP_NOWARN);
	const struct sk_buff *skb = r->skb;

	if (!s)
		return NULL;
	if (!dst_hold_safe(out)) {
		kfree(s);
		return NULL;
	}
	s->key = r->note.key;
	s->in = r->note.in;
	s->out = out;
	r->note.in = NULL;
	s->in_cookie = umx_bis_shortcut_cookie(s->in);
	s->out_cookie = umx_bis_shortcut_cookie(s->out);
	if (skb->protocol == htons(ETH_P_IP)) {
		s->addr[0].s6_addr32[0] = ip_hdr(skb)->saddr;
		s->addr[1].s6_addr32[0] = ip_hdr(skb)->daddr;
	} else {
		s->addr[0] = ipv6_hdr(skb)->saddr;
		s->addr[1] = ipv6_hdr(skb)->daddr;
	}
	s->mtu = umx_bis_shortcut_mtu(s);
	s->gen = r->note.gen;
	s->made = jiffies;
	s->used = jiffies;
	return s;
}

/**
 * umx_bis_shortcut_learn() - the packet that was noted is translated
 * @r: the packet, about to come in on the device
 *
 * It has its route afterwards, which is what the host's IP would have found.
 * Context: RCU, BH off.
 */
void umx_bis_shortcut_learn(struct umx_bis_routed *r)
{
	struct umx_bis_shortcut_table *table;
	struct umx_bis_shortcut *s, *old;
	struct sk_buff *skb = r->skb;
	struct dst_entry *out;
	bool ok;

	table = rcu_dereference(r->bn->shortcuts.table);
	if (!table || !r->note.in)
		return;
	ok = skb->protocol == htons(ETH_P_IP) ?
	     umx_bis_shortcut_route4(skb, r->dev) :
	     umx_bis_shortcut_route6(skb, r->dev);
	out = skb_dst(skb);
	if (!ok || out->error || out->lwtstate || out->dev == r->dev)
		return;
	s = umx_bis_shortcut_make(r, out);
	if (!s)
		return;
	old = unrcu_pointer(xchg(umx_bis_shortcut_slot(table, &s->key),
				 RCU_INITIALIZER(s)));
	if (old)
		call_rcu(&old->rcu, umx_bis_shortcut_release_rcu);
}

/* --- life --- */

static void umx_bis_shortcut_table_free(struct rcu_head *rcu)
{
	struct umx_bis_shortcut_table *table;
	struct umx_bis_shortcut *s;
	unsigned int i;

	table = container_of(rcu, struct umx_bis_shortcut_table, rcu);
	for (i = 0; i < UMX_BIS_SHORTCUT_SLOTS; i++) {
		s = rcu_access_pointer(table->slot[i]);
		if (s)
			umx_bis_shortcut_release(s);
	}
	kvfree(table);
}

static int umx_bis_shortcut_start(struct umx_bis_net *bn)
{
	struct umx_bis_shortcut_table *table;
	int err;

	table = kvzalloc(sizeof(*table), GFP_KERNEL_ACCOUNT);
	if (!table)
		return -ENOMEM;
	table->seed = get_random_u32();
	err = nf_register_net_hooks(bn->net, umx_bis_shortcut_hooks,
				    ARRAY_SIZE(umx_bis_shortcut_hooks));
	if (err)
		kvfree(table);
	else
		rcu_assign_pointer(bn->shortcuts.table, table);
	return err;
}

static void umx_bis_shortcut_stop(struct umx_bis_net *bn)
{
	struct umx_bis_shortcut_table *table;

	nf_unregister_net_hooks(bn->net, umx_bis_shortcut_hooks,
				ARRAY_SIZE(umx_bis_shortcut_hooks));
	table = rcu_replace_pointer(bn->shortcuts.table, NULL,
				    lockdep_is_held(&bn->lock));
	call_rcu(&table->rcu, umx_bis_shortcut_table_free);
}

/**
 * umx_bis_shortcut_switch() - there is something to translate by, or not
 * @bn: the namespace; its lock is held
 * @on: there is, or is about to be
 *
 * Return: 0, -ENOMEM, or the error of a hook that could not be registered.
 */
int umx_bis_shortcut_switch(struct umx_bis_net *bn, bool on)
{
	lockdep_assert_held(&bn->lock);
	if (bn->gone)
		on = false;
	if (on == !!rcu_access_pointer(bn->shortcuts.table))
		return 0;
	if (on)
		return umx_bis_shortcut_start(bn);
	umx_bis_shortcut_stop(bn);
	return 0;
}
