/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns how a namespace is kept from routing packets by hints.
 *
 * Of packets that come in one batch, as network cards deliver them, the kernel
 * lets those to the same address as the one before them have its route, and
 * looks neither for their own nor, by early demux, for their socket
 * (ip6_list_rcv_finish()). What stands where packets without a route come by
 * does not see them then, and who takes skb->sk for what tells the host's own
 * packets is told nothing. It does not do so where routes may differ by source.
 * Routing itself asks nobody for that count.
 */
#ifndef _UMX_HINT_H
#define _UMX_HINT_H

#include <linux/atomic.h>
#include <net/net_namespace.h>

#ifdef CONFIG_IPV6_SUBTREES
/* More than a route: one the kernel counts amiss does not bring it to zero. */
#define UMX_HINTS_WEIGHT	(1U << 16)

/* Whoever is here counts for himself, under locks that do not meet. */
static inline void umx_hints_count(struct net *net, unsigned int by)
{
	unsigned int *count = &net->ipv6.fib6_routes_require_src;
	unsigned int old = READ_ONCE(*count);

	while (!try_cmpxchg(count, &old, old + by))
		;
}
#endif

/**
 * umx_hints_off() - each packet of this namespace is looked at by itself
 * @net: the namespace
 *
 * As often as it is called umx_hints_on() must be. Context: any.
 */
static inline void umx_hints_off(struct net *net)
{
#ifdef CONFIG_IPV6_SUBTREES
	umx_hints_count(net, UMX_HINTS_WEIGHT);
#elif defined(CONFIG_IPV6_MULTIPLE_TABLES)
	net->ipv6.fib6_has_custom_rules = true;	/* as after any rule, for good */
#else
#error "umx needs CONFIG_IPV6_SUBTREES or CONFIG_IPV6_MULTIPLE_TABLES"
#endif
}

/**
 * umx_hints_on() - undo one umx_hints_off()
 * @net: the namespace
 *
 * Context: any.
 */
static inline void umx_hints_on(struct net *net)
{
#ifdef CONFIG_IPV6_SUBTREES
	umx_hints_count(net, -UMX_HINTS_WEIGHT);
#endif
}

/**
 * umx_hints_by_source() - are there routes for some sources only?
 * @net: the namespace
 *
 * Whether hints are off does not matter. Context: any.
 */
static inline bool umx_hints_by_source(const struct net *net)
{
#ifdef CONFIG_IPV6_SUBTREES
	return READ_ONCE(net->ipv6.fib6_routes_require_src) %
	       UMX_HINTS_WEIGHT;
#else
	return false;
#endif
}

#endif /* _UMX_HINT_H */
