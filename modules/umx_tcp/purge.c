// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns letting go of the connections of a namespace that hold this
 * module without being followed by anybody, so that it can be removed.
 */
#include <net/inet_hashtables.h>
#include <net/inet_timewait_sock.h>
#include <net/net_namespace.h>
#include "umx_tcp.h"

#define UMX_TCP_PURGE_BATCH	64

static bool umx_tcp_purge_wanted(const struct net *net, struct sock *sk)
{
	if (net && !net_eq(sock_net(sk), net))
		return false;
	if (sk->sk_state == TCP_TIME_WAIT)
		return inet_twsk(sk)->tw_prot == &umx_tcp_prot;
	return sk_fullsock(sk) && sk->sk_prot_creator == &umx_tcp_prot &&
	       !umx_tcp_tracked(sk);
}

/* Sockets of one chain, each with a reference. */
static unsigned int umx_tcp_purge_collect(struct net *net,
					  struct inet_hashinfo *hashinfo,
					  unsigned int bucket,
					  struct sock **socks)
{
	spinlock_t *lock = inet_ehash_lockp(hashinfo, bucket);
	struct hlist_nulls_node *node;
	unsigned int n = 0;
	struct sock *sk;

	spin_lock_bh(lock);
	sk_nulls_for_each(sk, node, &hashinfo->ehash[bucket].chain)
		if (n < UMX_TCP_PURGE_BATCH && umx_tcp_purge_wanted(net, sk) &&
		    refcount_inc_not_zero(&sk->sk_refcnt))
			socks[n++] = sk;
	spin_unlock_bh(lock);
	return n;
}

/* Return: true if @sk does not hold this module any more. */
static bool umx_tcp_purge_one(struct sock *sk, unsigned int *purged)
{
	bool gone;

	if (sk->sk_state == TCP_TIME_WAIT) {
		gone = !tcp_abort(sk, ECONNABORTED);
		*purged += gone;
	} else {
		lock_sock(sk);
		umx_tcp_let_go(sk);
		gone = sk->sk_prot_creator != &umx_tcp_prot;
		release_sock(sk);
	}
	sock_gen_put(sk);
	return gone;
}

static unsigned int umx_tcp_purge_table(struct net *net,
					struct inet_hashinfo *hashinfo)
{
	struct sock *socks[UMX_TCP_PURGE_BATCH];
	unsigned int bucket, i, n, gone, purged = 0;

	for (bucket = 0; bucket <= hashinfo->ehash_mask; bucket++) {
		if (hlist_nulls_empty(&hashinfo->ehash[bucket].chain))
			continue;
		do {
			n = umx_tcp_purge_collect(net, hashinfo, bucket, socks);
			for (gone = 0, i = 0; i < n; i++)
				gone += umx_tcp_purge_one(socks[i], &purged);
		} while (n == UMX_TCP_PURGE_BATCH && gone);
		cond_resched();
	}
	return purged;
}

static struct inet_hashinfo *umx_tcp_purge_table_of(const struct net *net)
{
	return net->ipv4.tcp_death_row.hashinfo;
}

/**
 * umx_tcp_purge() - let go of what no capability follows in @net
 * @net: the namespace, NULL for all
 *
 * TIME_WAITs that hold this module are removed, live connections become plain.
 * Sockets that are neither connected nor listening are in no table: they go
 * when they connect or close.
 * Context: process, may sleep. Return: TIME_WAITs removed.
 */
unsigned int umx_tcp_purge(struct net *net)
{
	struct inet_hashinfo *shared = umx_tcp_purge_table_of(&init_net);
	unsigned int purged;

	if (net)
		return umx_tcp_purge_table(net, umx_tcp_purge_table_of(net));
	purged = umx_tcp_purge_table(NULL, shared);
	down_read(&net_rwsem);
	for_each_net(net)	/* tcp_child_ehash_entries: a table of its own */
		if (umx_tcp_purge_table_of(net) != shared)
			purged += umx_tcp_purge_table(net,
						umx_tcp_purge_table_of(net));
	up_read(&net_rwsem);
	return purged;
}
EXPORT_SYMBOL_GPL(umx_tcp_purge);
