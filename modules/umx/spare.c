// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the drawing of spares, and who may use one.
 *
 * There are as many as the asker has room for, one of each routed pool that is
 * not the session's own. A client's are drawn with its first SYN, a server's
 * with the first SYN-ACK of an SSA, which then keeps them: SYNs draw nothing
 * that the next SYN to the same SSA is not given again.
 */
#include <net/inet6_hashtables.h>
#include <net/ipv6.h>
#include <umx/compat.h>
#include "address.h"
#include "draw.h"
#include "netns.h"
#include "pool.h"
#include "spare.h"

/* The live address @key, or NULL. RCU. */
static struct umx_addr *umx_spare_find(struct umx_net *un,
				       const struct in6_addr *key)
{
	/* there is no table before there is a pool */
	return umx_pool_of(un, key) ? umx_addr_find(un, key) : NULL;
}

/* umx_tcp_ops.own */
bool umx_spare_own(struct net *net, const struct in6_addr *addr)
{
	const struct umx_addr *found = umx_spare_find(umx_net(net), addr);

	return found && found->proto == UMX_PROTO_TCP &&
	       (READ_ONCE(found->bound) || umx_addr_waits(found));
}

/* Pop a spare of @of's session from @pool. RCU. */
static struct umx_addr *umx_spare_pop(struct umx_pool *pool,
				      struct umx_addr *of)
{
	struct umx_addr *addr;

	addr = umx_addr_alloc(pool, of->role, GFP_ATOMIC);
	if (IS_ERR(addr))
		return addr;
	addr->bound = true;
	addr->proto = UMX_PROTO_TCP;
	addr->owner = of->owner;
	addr->port = of->port;
	umx_addr_get(of);
	addr->of = of;
	return umx_draw_live(addr);
}

/* One of each other pool, in a row, @max at most. RCU. */
static struct umx_addr *umx_spare_row(struct umx_net *un, struct umx_addr *of,
				      unsigned int max)
{
	struct umx_addr *row = NULL, **end = &row, *spare;
	struct umx_pool *pool;

	/* pairs with the walk of a drain, as umx_draw() */
	if (READ_ONCE(un->draining))
		return NULL;
	list_for_each_entry_rcu(pool, &un->pools, list) {
		if (!max)
			break;
		if (pool == of->pool || pool->onlink ||
		    READ_ONCE(pool->detached))
			continue;
		spare = umx_spare_pop(pool, of);
		if (IS_ERR(spare)) {
			umx_mib_inc(un, UMX_MIB_SPARE_NONE);
			continue;
		}
		umx_mib_inc(un, UMX_MIB_SPARE_CREATED);
		*end = spare;
		end = &spare->spares;
		max--;
	}
	return row;
}

/* umx_tcp_ops.spares */
unsigned int umx_spare_draw(struct net *net, const struct in6_addr *of,
			    struct in6_addr *spares, unsigned int max)
{
	struct umx_net *un = umx_net(net);
	struct umx_addr *addr, *row;
	unsigned int n = 0;

	addr = umx_spare_find(un, of);
	if (!addr || addr->of || addr->proto != UMX_PROTO_TCP ||
	    READ_ONCE(addr->state) != UMX_ADDR_VALID ||
	    !refcount_inc_not_zero(&addr->ref))
		return 0;
	if (!READ_ONCE(addr->spares)) {
		row = umx_spare_row(un, addr, max);
		/* another SYN-ACK was first, or the session is over */
		if (row && !umx_addr_spares_set(addr, row))
			umx_addr_spares_discard(row);
	}
	spin_lock_bh(&addr->lock);
	for (row = addr->spares; row && n < max; row = row->spares)
		spares[n++] = row->addr;
	spin_unlock_bh(&addr->lock);
	umx_addr_put(addr);
	return n;
}

/* umx_tcp_ops.spares_drop */
void umx_spare_drop(struct net *net, const struct in6_addr *of)
{
	struct umx_addr *addr = umx_spare_find(umx_net(net), of);

	if (addr && !addr->of)
		umx_addr_spares_drop(addr);
}

/**
 * umx_spare_known() - is this of the session a spare was made for?
 * @of: the address of that session
 * @skb: a segment from the spare, or an error that quotes one
 * @ports: where its ports are, source first
 *
 * The session has the socket, or TIME_WAIT, of @of; the peer's address may be
 * another one of his. Context: RCU.
 */
bool umx_spare_known(const struct umx_addr *of, const struct sk_buff *skb,
		     unsigned int ports)
{
	/* pairs with umx_session_bind() */
	__be16 peer_port = smp_load_acquire(&of->peer_port);
	const __be16 *th;
	struct sock *sk;
	__be16 buf[2];

	th = skb_header_pointer(skb, ports, sizeof(buf), buf);
	if (!th || !peer_port || th[0] != of->local_port || th[1] != peer_port)
		return false;
	sk = umx_inet6_lookup_established(of->pool->un->net, &of->peer,
					  peer_port, &of->addr,
					  ntohs(of->local_port), of->bound_dev);
	if (!sk)
		return false;
	sock_gen_put(sk);
	return true;
}
