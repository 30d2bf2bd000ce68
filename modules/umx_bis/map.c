// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the table of pairs, and the routes each remembers.
 */
#include <linux/inetdevice.h>
#include <linux/jhash.h>
#include <linux/slab.h>
#include <linux/umx_bis.h>
#include <net/addrconf.h>
#include <net/ip6_fib.h>
#include <net/ip6_route.h>
#include <net/ipv6.h>
#include <umx/hint.h>
#include "flow.h"
#include "map.h"
#include "netns.h"
#include "spool.h"
#include "sweep.h"

static u32 umx_bis_by4_hash(const void *addr4, u32 len, u32 seed)
{
	return jhash_1word(*(const u32 *)addr4, seed);
}

static int umx_bis_by4_differs(struct rhashtable_compare_arg *arg,
			       const void *map)
{
	return ((const struct umx_bis_map *)map)->addr4 !=
	       *(const __be32 *)arg->key;
}

static int umx_bis_by6_differs(struct rhashtable_compare_arg *arg,
			       const void *map)
{
	return !ipv6_addr_equal(&((const struct umx_bis_map *)map)->addr6,
				arg->key);
}

static const struct rhashtable_params umx_bis_by4_params = {
	.head_offset = offsetof(struct umx_bis_map, by4),
	.key_offset = offsetof(struct umx_bis_map, addr4),
	.key_len = sizeof(__be32),
	.hashfn = umx_bis_by4_hash,
	.obj_cmpfn = umx_bis_by4_differs,
	.automatic_shrinking = true,
};

static const struct rhashtable_params umx_bis_by6_params = {
	.head_offset = offsetof(struct umx_bis_map, by6),
	.key_offset = offsetof(struct umx_bis_map, addr6),
	.key_len = sizeof(struct in6_addr),
	.obj_cmpfn = umx_bis_by6_differs,
	.automatic_shrinking = true,
};

/* --- routes --- */

/* How often packets by another device may change what is remembered. */
#define UMX_BIS_ROUTE_AGAIN	(HZ / 10)

static void umx_bis_route_free(struct rcu_head *rcu)
{
	struct umx_bis_route *route;

	route = container_of(rcu, struct umx_bis_route, rcu);
	dst_release(route->dst);
	kfree(route);
}

static void umx_bis_route_set(struct umx_bis_route __rcu **slot,
			      struct dst_entry *dst, int iif)
{
	struct umx_bis_route *route, *old;

	route = kmalloc(sizeof(*route), GFP_ATOMIC | __GFP_NOWARN);
	if (!route)
		return;
	if (!dst_hold_safe(dst)) {
		kfree(route);
		return;
	}
	route->dst = dst;
	route->cookie = rt6_get_cookie(container_of(dst, struct rt6_info, dst));
	route->iif = iif;
	route->made = jiffies;
	old = unrcu_pointer(xchg(slot, RCU_INITIALIZER(route)));
	if (old)
		call_rcu(&old->rcu, umx_bis_route_free);
}

static bool umx_bis_route_holds(const struct umx_bis_route *route)
{
	return route && dst_check(route->dst, route->cookie);
}

/* One route for all packets of a host: not if rules may tell them apart. */
static bool umx_bis_route_shared(const struct umx_bis_net *bn,
				 const struct sk_buff *skb)
{
#ifdef CONFIG_IPV6_MULTIPLE_TABLES
	if (bn->net->ipv6.fib6_has_custom_rules)
		return false;
#endif
	return !umx_hints_by_source(bn->net) && !skb->mark;
}

/**
 * umx_bis_map_route() - the route to the host of a pair, if it is known
 * @bn: the namespace
 * @map: the pair
 * @skb: the packet
 *
 * Return: the route, with a reference, or NULL: umx_bis_map_find_route().
 * Context: RCU.
 */
struct dst_entry *umx_bis_map_route(const struct umx_bis_net *bn,
				    const struct umx_bis_map *map,
				    const struct sk_buff *skb)
{
	const struct umx_bis_route *route;

	if (!umx_bis_route_shared(bn, skb))
		return NULL;
	route = rcu_dereference(map->route);
	if (!umx_bis_route_holds(route) || !dst_hold_safe(route->dst))
		return NULL;
	return route->dst;
}

/**
 * umx_bis_map_find_route() - the route to the host of a pair
 * @bn: the namespace
 * @map: the pair, which remembers it
 * @skb: the packet
 * @fl6: what its route depends on
 *
 * Return: the route, with a reference; it may be an error (dst->error).
 * Context: RCU, BH off.
 */
struct dst_entry *umx_bis_map_find_route(struct umx_bis_net *bn,
					 struct umx_bis_map *map,
					 const struct sk_buff *skb,
					 struct flowi6 *fl6)
{
	struct dst_entry *dst = ip6_route_output(bn->net, NULL, fl6);

	if (!dst->error && umx_bis_route_shared(bn, skb))
		umx_bis_route_set(&map->route, dst, 0);
	return dst;
}

/**
 * umx_bis_map_has_come() - has a packet come the same way before?
 * @bn: the namespace
 * @map: the pair it is from
 * @skb: the packet, to the spool's source
 *
 * And would it still be routed so.
 * Context: RCU.
 */
bool umx_bis_map_has_come(const struct umx_bis_net *bn,
			  const struct umx_bis_map *map,
			  const struct sk_buff *skb)
{
	const struct umx_bis_route *route;

	if (!umx_bis_route_shared(bn, skb))
		return false;
	route = rcu_dereference(map->came);
	return umx_bis_route_holds(route) && route->iif == skb->skb_iif;
}

/**
 * umx_bis_map_come() - remember how a packet has come
 * @bn: the namespace
 * @map: the pair it is from
 * @skb: the packet, to the spool's source, delivered here
 *
 * One that comes on another device may be a stranger's: that is believed ten
 * times a second at most.
 *
 * Context: RCU, BH off.
 */
void umx_bis_map_come(const struct umx_bis_net *bn, struct umx_bis_map *map,
		      const struct sk_buff *skb)
{
	const struct umx_bis_route *came = rcu_dereference(map->came);
	struct dst_entry *dst = skb_dst(skb);

	if (!dst || dst->lwtstate || !umx_bis_route_shared(bn, skb))
		return;
	if (umx_bis_route_holds(came) &&
	    (came->iif == skb->skb_iif ||
	     time_before(jiffies, came->made + UMX_BIS_ROUTE_AGAIN)))
		return;
	umx_bis_route_set(&map->came, dst, skb->skb_iif);
}

/* --- finding --- */

/* Context of both: RCU. */
struct umx_bis_map *umx_bis_map_find4(struct umx_bis_net *bn, __be32 addr4)
{
	return rhashtable_lookup(&bn->by4, &addr4, umx_bis_by4_params);
}

struct umx_bis_map *umx_bis_map_find6(struct umx_bis_net *bn,
				      const struct in6_addr *addr6)
{
	return rhashtable_lookup(&bn->by6, addr6, umx_bis_by6_params);
}

/* As the pure code asks (struct umx_bis_env); the own pair counts. */
bool umx_bis_map_to6(void *ctx, const u8 addr4[4], struct in6_addr *addr6)
{
	struct umx_bis_net *bn = ctx;
	const struct umx_bis_spool *spool = rcu_dereference(bn->spool);
	const struct umx_bis_map *map;
	__be32 addr;

	memcpy(&addr, addr4, sizeof(addr));
	if (spool && addr == spool->self) {
		*addr6 = spool->source;
		return true;
	}
	map = umx_bis_map_find4(bn, addr);
	if (map)
		*addr6 = map->addr6;
	return map;
}

bool umx_bis_map_to4(void *ctx, const struct in6_addr *addr6, u8 addr4[4])
{
	struct umx_bis_net *bn = ctx;
	const struct umx_bis_spool *spool = rcu_dereference(bn->spool);
	const struct umx_bis_map *map;

	if (spool && (ipv6_addr_equal(addr6, &spool->source) ||
		      umx_bis_flow_has(bn, addr6))) {
		memcpy(addr4, &spool->self, sizeof(spool->self));
		return true;
	}
	map = umx_bis_map_find6(bn, addr6);
	if (map)
		memcpy(addr4, &map->addr4, sizeof(map->addr4));
	return map;
}

/**
 * umx_bis_map_seek4() - which host an address of the spool stands for
 * @bn: the namespace
 * @addr4: the address; the host's own counts
 * @addr6: gets the host
 *
 * Return: 0, -ENOENT (for none) or -ENXIO (it is not of a spool).
 * Context: RCU.
 */
int umx_bis_map_seek4(struct umx_bis_net *bn, __be32 addr4,
		      struct in6_addr *addr6)
{
	const struct umx_bis_spool *spool = rcu_dereference(bn->spool);
	u8 bytes[sizeof(addr4)];

	if (!spool || (addr4 ^ spool->prefix) & inet_make_mask(spool->plen))
		return -ENXIO;
	memcpy(bytes, &addr4, sizeof(bytes));
	return umx_bis_map_to6(bn, bytes, addr6) ? 0 : -ENOENT;
}

/**
 * umx_bis_map_seek6() - which address of the spool stands for a host
 * @bn: the namespace
 * @addr6: the host; the spool's source counts
 * @addr4: gets the address
 *
 * Return: 0, -ENOENT (none does) or -ENXIO (there is no spool).
 * Context: RCU.
 */
int umx_bis_map_seek6(struct umx_bis_net *bn, const struct in6_addr *addr6,
		      __be32 *addr4)
{
	u8 bytes[sizeof(*addr4)];

	if (!rcu_access_pointer(bn->spool))
		return -ENXIO;
	if (!umx_bis_map_to4(bn, addr6, bytes))
		return -ENOENT;
	memcpy(addr4, bytes, sizeof(*addr4));
	return 0;
}

/* --- changing --- */

static void umx_bis_map_free(struct rcu_head *rcu)
{
	struct umx_bis_map *map = container_of(rcu, struct umx_bis_map, rcu);
	struct umx_bis_route *route = rcu_access_pointer(map->route);
	struct umx_bis_route *came = rcu_access_pointer(map->came);

	if (route)
		umx_bis_route_free(&route->rcu);
	if (came)
		umx_bis_route_free(&came->rcu);
	kfree(map);
}

static void umx_bis_map_unlink(struct umx_bis_net *bn, struct umx_bis_map *map)
{
	lockdep_assert_held(&bn->map_lock);
	rhashtable_remove_fast(&bn->by4, &map->by4, umx_bis_by4_params);
	rhashtable_remove_fast(&bn->by6, &map->by6, umx_bis_by6_params);
	list_del(&map->list);
	if (map->origin != UMX_BIS_ORIGIN_HAND)
		list_del(&map->lru);
	if (map->origin == UMX_BIS_ORIGIN_PACKET)
		bn->n_greeted--;
	bn->n_maps--;
	bn->genid++;
	call_rcu(&map->rcu, umx_bis_map_free);
}

static int umx_bis_map_check(struct umx_bis_net *bn, __be32 addr4,
			     const struct in6_addr *addr6,
			     struct netlink_ext_ack *extack)
{
	const struct umx_bis_spool *spool;
	int type = ipv6_addr_type(addr6);

	spool = rcu_dereference_protected(bn->spool,
					  lockdep_is_held(&bn->lock));
	if (!spool) {
		NL_SET_ERR_MSG(extack, "there is no spool to take the IPv4 address from: 'bis spool add' comes first");
		return -ENOENT;
	}
	if (!umx_bis_spool_has(spool, addr4)) {
		NL_SET_ERR_MSG(extack, "the IPv4 address is not a host address of the spool");
		return -EINVAL;
	}
	if (addr4 == spool->self) {
		NL_SET_ERR_MSG(extack, "that IPv4 address is the host's own");
		return -EINVAL;
	}
	if (!(type & IPV6_ADDR_UNICAST) ||
	    type & (IPV6_ADDR_LINKLOCAL | IPV6_ADDR_LOOPBACK)) {
		NL_SET_ERR_MSG(extack, "the IPv6 address must be a global unicast address");
		return -EINVAL;
	}
	if (ipv6_addr_equal(addr6, &spool->source)) {
		NL_SET_ERR_MSG(extack, "that IPv6 address is the spool's source");
		return -EINVAL;
	}
	return 0;
}

static int umx_bis_map_link(struct umx_bis_net *bn, struct umx_bis_map *map)
{
	int err;

	lockdep_assert_held(&bn->map_lock);
	err = rhashtable_insert_fast(&bn->by4, &map->by4, umx_bis_by4_params);
	if (err)
		return err;
	err = rhashtable_insert_fast(&bn->by6, &map->by6, umx_bis_by6_params);
	if (err) {
		rhashtable_remove_fast(&bn->by4, &map->by4,
				       umx_bis_by4_params);
		return err;
	}
	list_add_tail(&map->list, &bn->maps);
	if (map->origin != UMX_BIS_ORIGIN_HAND)
		list_add_tail(&map->lru, &bn->lru[map->origin]);
	if (map->origin == UMX_BIS_ORIGIN_PACKET)
		bn->n_greeted++;
	bn->n_maps++;
	bn->genid++;
	return 0;
}

/* By hand, what a packet or a request has made is there to stay. */
static void umx_bis_map_keep(struct umx_bis_net *bn, struct umx_bis_map *map)
{
	lockdep_assert_held(&bn->map_lock);
	if (map->origin == UMX_BIS_ORIGIN_HAND)
		return;
	list_del(&map->lru);
	if (map->origin == UMX_BIS_ORIGIN_PACKET)
		bn->n_greeted--;
	map->origin = UMX_BIS_ORIGIN_HAND;
}

/* Is there already, and right or wrong? 1: it may be made. */
static int umx_bis_map_clash(struct umx_bis_net *bn, __be32 addr4,
			     const struct in6_addr *addr6,
			     struct netlink_ext_ack *extack)
{
	struct umx_bis_map *map, *other;

	rcu_read_lock();
	map = umx_bis_map_find4(bn, addr4);
	other = umx_bis_map_find6(bn, addr6);
	rcu_read_unlock();
	if (map && map == other) {
		umx_bis_map_keep(bn, map);
		return 0;
	}
	if (map && map->origin != UMX_BIS_ORIGIN_PACKET) {
		NL_SET_ERR_MSG(extack, "the IPv4 address has another pair");
		return -EEXIST;
	}
	if (other && other->origin != UMX_BIS_ORIGIN_PACKET) {
		NL_SET_ERR_MSG(extack, "the IPv6 address has another pair");
		return -EEXIST;
	}
	/* Nobody has asked for these: a stranger is not in our way. */
	if (map)
		umx_bis_map_unlink(bn, map);
	if (other)
		umx_bis_map_unlink(bn, other);
	if (bn->n_maps < UMX_BIS_MAP_MAX)
		return 1;
	NL_SET_ERR_MSG(extack, "there are 65536 pairs already");
	return -ENOSPC;
}

/**
 * umx_bis_map_add() - make a pair by hand
 * @bn: the namespace; its lock is held
 * @addr4: an address of the spool
 * @addr6: the host it stands for
 * @extack: gets the sentence of a refusal
 *
 * Return: 0, also if the pair is there, or a negative errno.
 */
int umx_bis_map_add(struct umx_bis_net *bn, __be32 addr4,
		    const struct in6_addr *addr6,
		    struct netlink_ext_ack *extack)
{
	struct umx_bis_map *map;
	int err;

	lockdep_assert_held(&bn->lock);
	err = umx_bis_map_check(bn, addr4, addr6, extack);
	if (err)
		return err;
	map = kzalloc(sizeof(*map), GFP_KERNEL_ACCOUNT);
	if (!map)
		return -ENOMEM;
	map->addr4 = addr4;
	map->addr6 = *addr6;
	map->origin = UMX_BIS_ORIGIN_HAND;
	spin_lock_bh(&bn->map_lock);
	err = umx_bis_map_clash(bn, addr4, addr6, extack);
	if (err > 0) {
		err = umx_bis_map_link(bn, map);
		if (!err)
			map = NULL;
	}
	spin_unlock_bh(&bn->map_lock);
	if (map) /* a packet may have seen it for a moment */
		call_rcu(&map->rcu, umx_bis_map_free);
	return err;
}

/* --- pairs nobody makes by hand --- */

/* Tries per request: what is at the front has been idle longest, mostly. */
#define UMX_BIS_MAP_TRIES	64

/* Not before a sweep has looked for TCP sockets that use it in silence. */
static bool umx_bis_map_is_idle(const struct umx_bis_net *bn,
				const struct umx_bis_spool *spool,
				const struct umx_bis_map *map)
{
	unsigned long used = READ_ONCE(map->used);

	return time_after(jiffies, map->until) &&
	       time_after(READ_ONCE(bn->swept), used + spool->idle * HZ);
}

bool umx_bis_map_may_be_idle(struct umx_bis_net *bn)
{
	bool may;

	spin_lock_bh(&bn->map_lock);
	may = !list_empty(&bn->lru[UMX_BIS_ORIGIN_LEASE]) ||
	      !list_empty(&bn->lru[UMX_BIS_ORIGIN_PACKET]);
	spin_unlock_bh(&bn->map_lock);
	return may;
}

/* The address of the pair that is idle longest; it has no pair then. */
static bool umx_bis_map_reclaim(struct umx_bis_net *bn,
				const struct umx_bis_spool *spool,
				enum umx_bis_origin origin, __be32 *addr4)
{
	struct list_head *lru = &bn->lru[origin];
	struct umx_bis_map *map;
	unsigned int i;

	for (i = 0; i < UMX_BIS_MAP_TRIES && !list_empty(lru); i++) {
		map = list_first_entry(lru, struct umx_bis_map, lru);
		if (umx_bis_map_is_idle(bn, spool, map)) {
			*addr4 = map->addr4;
			umx_bis_map_unlink(bn, map);
			return true;
		}
		list_move_tail(&map->lru, lru);
	}
	return false;
}

/* The next address no pair has. There is one, or the caller has looked. */
static bool umx_bis_map_free4(struct umx_bis_net *bn,
			      const struct umx_bis_spool *spool, __be32 *addr4)
{
	u32 hosts = (1U << (32 - spool->plen)) - 2, i;

	for (i = 0; i < UMX_BIS_MAP_MAX + 2; i++) {
		bn->cursor = (bn->cursor + 1) % hosts;
		*addr4 = spool->prefix | htonl(bn->cursor + 1);
		if (*addr4 != spool->self && !umx_bis_map_find4(bn, *addr4))
			return true;
	}
	return false;
}

/* An address for a pair: one that is free, or that of an idle pair. */
static bool umx_bis_map_pick(struct umx_bis_net *bn,
			     const struct umx_bis_spool *spool,
			     enum umx_bis_origin origin, __be32 *addr4)
{
	u32 most = min_t(u32, (1U << (32 - spool->plen)) - 3, UMX_BIS_MAP_MAX);
	enum umx_bis_origin other;

	if (origin == UMX_BIS_ORIGIN_PACKET &&
	    bn->n_greeted >= DIV_ROUND_UP(most, 2))
		return umx_bis_map_reclaim(bn, spool, origin, addr4);
	if (bn->n_maps < most)
		return umx_bis_map_free4(bn, spool, addr4);
	other = origin == UMX_BIS_ORIGIN_PACKET ? UMX_BIS_ORIGIN_LEASE :
						  UMX_BIS_ORIGIN_PACKET;
	return umx_bis_map_reclaim(bn, spool, origin, addr4) ||
	       umx_bis_map_reclaim(bn, spool, other, addr4);
}

static int umx_bis_map_make(struct umx_bis_net *bn,
			    const struct umx_bis_spool *spool,
			    const struct in6_addr *addr6,
			    enum umx_bis_origin origin,
			    unsigned long until, __be32 *addr4)
{
	struct umx_bis_map *map;
	int err;

	/* A spool that has gone, or another one, meanwhile. */
	if (rcu_access_pointer(bn->spool) != spool)
		return -ENOENT;
	map = kzalloc(sizeof(*map), GFP_ATOMIC | __GFP_NOWARN | __GFP_ACCOUNT);
	if (!map)
		return -ENOMEM;
	if (!umx_bis_map_pick(bn, spool, origin, addr4)) {
		kfree(map);
		return -ENOSPC;
	}
	map->addr4 = *addr4;
	map->addr6 = *addr6;
	map->origin = origin;
	map->until = until;
	map->used = jiffies | 1;
	err = umx_bis_map_link(bn, map);
	if (err)
		call_rcu(&map->rcu, umx_bis_map_free);
	return err;
}

/* The pair there is, asked for now. */
static void umx_bis_map_renew(struct umx_bis_net *bn, struct umx_bis_map *map,
			      unsigned long until)
{
	lockdep_assert_held(&bn->map_lock);
	if (time_before(map->until, until))
		map->until = until;
	if (map->origin != UMX_BIS_ORIGIN_PACKET)
		return;
	map->origin = UMX_BIS_ORIGIN_LEASE;
	list_move_tail(&map->lru, &bn->lru[UMX_BIS_ORIGIN_LEASE]);
	bn->n_greeted--;
}

static int umx_bis_map_get(struct umx_bis_net *bn,
			   const struct umx_bis_spool *spool,
			   const struct in6_addr *addr6,
			   enum umx_bis_origin origin, unsigned long lifetime,
			   __be32 *addr4)
{
	unsigned long until = jiffies + lifetime;
	int type = ipv6_addr_type(addr6), err = 0;
	struct umx_bis_map *map;

	if (!(type & IPV6_ADDR_UNICAST) ||
	    type & (IPV6_ADDR_LINKLOCAL | IPV6_ADDR_LOOPBACK) ||
	    ipv6_addr_equal(addr6, &spool->source))
		return -EINVAL;
	spin_lock_bh(&bn->map_lock);
	map = umx_bis_map_find6(bn, addr6);
	if (!map) {
		err = umx_bis_map_make(bn, spool, addr6, origin, until, addr4);
	} else {
		*addr4 = map->addr4;
		if (origin == UMX_BIS_ORIGIN_LEASE)
			umx_bis_map_renew(bn, map, until);
	}
	spin_unlock_bh(&bn->map_lock);
	if (!err)
		umx_bis_sweep_want(bn);
	return err;
}

/**
 * umx_bis_map_lease() - the pair of a host, made if there is none
 * @bn: the namespace
 * @spool: its spool
 * @addr6: the host
 * @lifetime: jiffies the pair stays at least
 * @addr4: gets the address of the spool
 *
 * Return: 0, -ENOSPC, -ENOMEM, -EINVAL (no host has that address) or -ENOENT
 * (the spool has gone).
 * Context: RCU.
 */
int umx_bis_map_lease(struct umx_bis_net *bn,
		      const struct umx_bis_spool *spool,
		      const struct in6_addr *addr6, unsigned long lifetime,
		      __be32 *addr4)
{
	return umx_bis_map_get(bn, spool, addr6, UMX_BIS_ORIGIN_LEASE, lifetime,
			       addr4);
}

/**
 * umx_bis_map_greet() - the pair of a host a packet came from, made if there
 * is none
 * @bn: the namespace
 * @spool: its spool
 * @addr6: the host
 * @addr4: gets the address of the spool
 *
 * Return and context: as umx_bis_map_lease().
 */
int umx_bis_map_greet(struct umx_bis_net *bn,
		      const struct umx_bis_spool *spool,
		      const struct in6_addr *addr6, __be32 *addr4)
{
	return umx_bis_map_get(bn, spool, addr6, UMX_BIS_ORIGIN_PACKET, 0,
			       addr4);
}

/* --- removing --- */

/**
 * umx_bis_map_del() - remove a pair
 * @bn: the namespace; its lock is held
 * @addr4: its IPv4 address, or NULL
 * @addr6: its IPv6 address, or NULL; if both are given, both must match
 * @extack: gets the sentence of a refusal
 */
int umx_bis_map_del(struct umx_bis_net *bn, const __be32 *addr4,
		    const struct in6_addr *addr6,
		    struct netlink_ext_ack *extack)
{
	struct umx_bis_map *map;
	int err = 0;

	lockdep_assert_held(&bn->lock);
	spin_lock_bh(&bn->map_lock);
	rcu_read_lock();
	map = addr4 ? umx_bis_map_find4(bn, *addr4) :
		      umx_bis_map_find6(bn, addr6);
	rcu_read_unlock();
	if (!map || (addr6 && !ipv6_addr_equal(&map->addr6, addr6))) {
		NL_SET_ERR_MSG(extack, "there is no such pair");
		err = -ENOENT;
	} else {
		umx_bis_map_unlink(bn, map);
	}
	spin_unlock_bh(&bn->map_lock);
	return err;
}

void umx_bis_map_flush(struct umx_bis_net *bn)
{
	struct umx_bis_map *map, *next;

	spin_lock_bh(&bn->map_lock);
	list_for_each_entry_safe(map, next, &bn->maps, list)
		umx_bis_map_unlink(bn, map);
	bn->genid++;
	spin_unlock_bh(&bn->map_lock);
}

/* What a dump shows is another thing now. */
void umx_bis_map_changed(struct umx_bis_net *bn)
{
	spin_lock_bh(&bn->map_lock);
	bn->genid++;
	spin_unlock_bh(&bn->map_lock);
}

int umx_bis_map_init(struct umx_bis_net *bn)
{
	int err;

	spin_lock_init(&bn->map_lock);
	INIT_LIST_HEAD(&bn->maps);
	INIT_LIST_HEAD(&bn->lru[UMX_BIS_ORIGIN_LEASE]);
	INIT_LIST_HEAD(&bn->lru[UMX_BIS_ORIGIN_PACKET]);
	err = rhashtable_init(&bn->by4, &umx_bis_by4_params);
	if (err)
		return err;
	err = rhashtable_init(&bn->by6, &umx_bis_by6_params);
	if (err)
		rhashtable_destroy(&bn->by4);
	return err;
}

void umx_bis_map_exit(struct umx_bis_net *bn)
{
	rhashtable_destroy(&bn->by6);
	rhashtable_destroy(&bn->by4);
}
