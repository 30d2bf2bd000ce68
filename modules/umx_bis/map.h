/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns the contract of map.c: pairs of an IPv4 address of the spool
 * and the IPv6 host it stands for.
 */
#ifndef _UMX_BIS_MAP_H
#define _UMX_BIS_MAP_H

#include <linux/in6.h>
#include <linux/jiffies.h>
#include <linux/list.h>
#include <linux/netlink.h>
#include <linux/rcupdate.h>
#include <linux/rhashtable-types.h>
#include <linux/types.h>
#include "wire.h"

struct dst_entry;
struct flowi6;
struct sk_buff;
struct umx_bis_net;
struct umx_bis_spool;

/**
 * struct umx_bis_route - a route that was found, with what tells whether it
 * is still good
 * @dst: the route; we hold a reference
 * @cookie: what dst_check() wants
 * @iif: the device packets that take it come in on; 0: they go out
 * @made: jiffies when it was found
 * @rcu: gives it back
 */
struct umx_bis_route {
	struct dst_entry *dst;
	u32 cookie;
	int iif;
	unsigned long made;
	struct rcu_head rcu;
};

/**
 * enum umx_bis_origin - who made a pair
 * @UMX_BIS_ORIGIN_LEASE: a request. Its address may be taken when it is idle.
 * @UMX_BIS_ORIGIN_PACKET: a packet that came in. The same; and since anybody
 *	can send packets, all of these have half of the spool at most.
 * @UMX_BIS_ORIGIN_HAND: the administrator. It stays.
 */
enum umx_bis_origin {
	UMX_BIS_ORIGIN_LEASE,
	UMX_BIS_ORIGIN_PACKET,
	UMX_BIS_ORIGIN_HAND,
};

/**
 * struct umx_bis_map - a pair
 * @by4: in umx_bis_net.by4
 * @by6: in umx_bis_net.by6
 * @list: in umx_bis_net.maps
 * @addr4: the address of the spool; constant
 * @addr6: the host it stands for; constant
 * @lru: in umx_bis_net.lru of its origin, if it has one there
 * @origin: who made it; under map_lock
 * @until: jiffies until which it was promised to stay, unless it was made by
 *	hand; under map_lock
 * @used: jiffies of the last packet, or when TCP was last seen to use it; 0 if
 *	there was neither. Written without a lock: whoever comes later is right
 * @route: the route of the last packet to the host, or NULL; replaced with
 *	xchg(), read under RCU
 * @came: the route of the last packet from the host to the spool's source, or
 *	NULL; the same
 * @rcu: frees it
 */
struct umx_bis_map {
	struct rhash_head by4;
	struct rhash_head by6;
	struct list_head list;
	struct list_head lru;
	__be32 addr4;
	struct in6_addr addr6;
	enum umx_bis_origin origin;
	unsigned long until;
	unsigned long used;
	struct umx_bis_route __rcu *route;
	struct umx_bis_route __rcu *came;
	struct rcu_head rcu;
};

/* Writes only what has changed: the line is shared between CPUs. */
static inline void umx_bis_map_touch(struct umx_bis_map *map)
{
	unsigned long now = jiffies | 1;

	if (READ_ONCE(map->used) != now)
		WRITE_ONCE(map->used, now);
}

int umx_bis_map_add(struct umx_bis_net *bn, __be32 addr4,
		    const struct in6_addr *addr6,
		    struct netlink_ext_ack *extack);
int umx_bis_map_del(struct umx_bis_net *bn, const __be32 *addr4,
		    const struct in6_addr *addr6,
		    struct netlink_ext_ack *extack);
void umx_bis_map_flush(struct umx_bis_net *bn);
void umx_bis_map_changed(struct umx_bis_net *bn);
int umx_bis_map_lease(struct umx_bis_net *bn,
		      const struct umx_bis_spool *spool,
		      const struct in6_addr *addr6, unsigned long lifetime,
		      __be32 *addr4);
bool umx_bis_map_may_be_idle(struct umx_bis_net *bn);
int umx_bis_map_greet(struct umx_bis_net *bn,
		      const struct umx_bis_spool *spool,
		      const struct in6_addr *addr6, __be32 *addr4);

struct umx_bis_map *umx_bis_map_find4(struct umx_bis_net *bn, __be32 addr4);
struct umx_bis_map *umx_bis_map_find6(struct umx_bis_net *bn,
				      const struct in6_addr *addr6);
int umx_bis_map_seek4(struct umx_bis_net *bn, __be32 addr4,
		      struct in6_addr *addr6);
int umx_bis_map_seek6(struct umx_bis_net *bn, const struct in6_addr *addr6,
		      __be32 *addr4);
struct dst_entry *umx_bis_map_route(const struct umx_bis_net *bn,
				    const struct umx_bis_map *map,
				    const struct sk_buff *skb);
struct dst_entry *umx_bis_map_find_route(struct umx_bis_net *bn,
					 struct umx_bis_map *map,
					 const struct sk_buff *skb,
					 struct flowi6 *fl6);
void umx_bis_map_come(const struct umx_bis_net *bn, struct umx_bis_map *map,
		      const struct sk_buff *skb);
bool umx_bis_map_has_come(const struct umx_bis_net *bn,
			  const struct umx_bis_map *map,
			  const struct sk_buff *skb);

bool umx_bis_map_to6(void *bn, const u8 addr4[4], struct in6_addr *addr6);
bool umx_bis_map_to4(void *bn, const struct in6_addr *addr6, u8 addr4[4]);

int umx_bis_map_init(struct umx_bis_net *bn);
void umx_bis_map_exit(struct umx_bis_net *bn);

#endif /* _UMX_BIS_MAP_H */
