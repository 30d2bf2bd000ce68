/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns struct umx_preserve_set, the addresses two hosts have agreed
 * upon. Connections with the same addresses share one.
 */
#ifndef _UMX_PRESERVE_SET_H
#define _UMX_PRESERVE_SET_H

#include <linux/hash.h>
#include <linux/in6.h>
#include <linux/list.h>
#include <linux/rcupdate.h>
#include "netns.h"
#include "path.h"

struct umx_preserve_set;

#define UMX_PRESERVE_ALIAS_BUCKETS	16384
#define UMX_PRESERVE_SETS_BUCKETS	4096
#define UMX_PRESERVE_FILTER_SIZE	4096
/* Pairs of all sets: peers choose how many there are, so chains stay short. */
#define UMX_PRESERVE_ALIASES_MAX	131072
/* Sets without a session. */
#define UMX_PRESERVE_IDLE_MAX		4096
/* Sets with one pair that are asked whether a segment is theirs. */
#define UMX_PRESERVE_ALIAS_WALK		32

/**
 * struct umx_preserve_alias - a pair, as packets carry it
 * @node: in umx_preserve_net.aliases.
 * @set: whose pair it is.
 * @pair: which one. The original one, 0, is in the table only while a session
 *	of the set is on another: a peer that returns is to be followed too.
 */
struct umx_preserve_alias {
	struct hlist_node node;
	struct umx_preserve_set *set;
	u8 pair;
};

/**
 * struct umx_preserve_addrs - both ends' addresses, the original ones first
 * @n_local: ours; at least 1.
 * @n_peer: the peer's; at least 1.
 * @local: ours.
 * @peer: the peer's.
 *
 * Unused entries mean nothing.
 */
struct umx_preserve_addrs {
	u8 n_local;
	u8 n_peer;
	struct in6_addr local[UMX_PATH_ADDRS];
	struct in6_addr peer[UMX_PATH_ADDRS];
};

/**
 * struct umx_preserve_set - an agreed set
 * @node: in umx_preserve_net.sets; sets_lock.
 * @rcu: frees it.
 * @users: sessions; sets_lock.
 * @away: those of them that are not on their original pair; sets_lock.
 * @until: jiffies; without @users it is kept so long; sets_lock.
 * @addrs: the addresses; constant.
 * @n_alias: pairs; constant.
 * @alias: them, by number.
 */
struct umx_preserve_set {
	struct hlist_node node;
	struct rcu_head rcu;
	unsigned int users;
	unsigned int away;
	unsigned long until;
	struct umx_preserve_addrs addrs;
	unsigned int n_alias;
	struct umx_preserve_alias alias[];
};

static inline const struct in6_addr *
umx_preserve_set_local(const struct umx_preserve_set *set, u8 pair)
{
	return &set->addrs.local[pair / set->addrs.n_peer];
}

static inline const struct in6_addr *
umx_preserve_set_peer(const struct umx_preserve_set *set, u8 pair)
{
	return &set->addrs.peer[pair % set->addrs.n_peer];
}

int umx_preserve_set_alloc_tables(struct umx_preserve_net *pn);
void umx_preserve_set_exit(struct umx_preserve_net *pn);
struct umx_preserve_set *
umx_preserve_set_get(struct umx_preserve_net *pn,
		     const struct umx_preserve_addrs *addrs);
void umx_preserve_set_put(struct umx_preserve_net *pn,
			  struct umx_preserve_set *set, bool moved);
void umx_preserve_set_away(struct umx_preserve_net *pn,
			   struct umx_preserve_set *set, int change);
bool umx_preserve_set_sweep(struct umx_preserve_net *pn);
struct hlist_head *umx_preserve_set_bucket(struct umx_preserve_net *pn,
					   const struct in6_addr *local,
					   const struct in6_addr *peer);

/*
 * How many pairs in the table have addresses like these. No keyed hash: whoever
 * makes it miss costs himself and others the lookup it spares, no more.
 */
static inline u16 *umx_preserve_set_filter(const struct umx_preserve_net *pn,
					   const struct in6_addr *local,
					   const struct in6_addr *peer)
{
	u32 l = (__force u32)(local->s6_addr32[1] ^ local->s6_addr32[3]);
	u32 p = (__force u32)(peer->s6_addr32[1] ^ peer->s6_addr32[3]);

	return &pn->filter[hash_32(l ^ rol32(p, 13),
				   ilog2(UMX_PRESERVE_FILTER_SIZE))];
}

/* Is there no need to look this pair up? RCU. */
static inline bool umx_preserve_set_misses(const struct umx_preserve_net *pn,
					   const struct in6_addr *local,
					   const struct in6_addr *peer)
{
	return !READ_ONCE(*umx_preserve_set_filter(pn, local, peer));
}

/* Those aliases of a bucket that are this pair; RCU. */
#define umx_preserve_for_each_alias(alias, head, l, p)			\
	hlist_for_each_entry_rcu(alias, head, node)			\
		if (ipv6_addr_equal(umx_preserve_set_local((alias)->set,	\
							   (alias)->pair), l) && \
		    ipv6_addr_equal(umx_preserve_set_peer((alias)->set,	\
							  (alias)->pair), p))

#endif /* _UMX_PRESERVE_SET_H */
