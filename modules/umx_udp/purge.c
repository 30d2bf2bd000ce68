// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns letting go of sockets, so that the module can be removed:
 * those nobody follows become plain, sessions are ended on demand.
 */
#include <net/net_namespace.h>
#include <umx/compat.h>
#include "umx_udp.h"

#define UMX_UDP_PURGE_BATCH	64

/* Make @sk plain, unless it is followed. Context: process, socket lock held. */
void umx_udp_let_go(struct sock *sk)
{
	sock_owned_by_me(sk);

	if (sk->sk_prot_creator != &umx_udp_prot || umx_udp_tracked(sk))
		return;
	if (sk->sk_prot == &umx_udp_prot)
		WRITE_ONCE(sk->sk_prot, umx_udp_origin.prot);
	if (sk->sk_destruct == umx_udp_destruct)
		WRITE_ONCE(sk->sk_destruct, umx_udp_origin.destruct);
	/* somebody has stacked on our destructor: it must stay callable */
	if (sk->sk_destruct != umx_udp_origin.destruct)
		return;
	sk->sk_prot_creator = umx_udp_origin.prot;
	module_put(THIS_MODULE);
}

/**
 * umx_udp_abort() - end a session
 * @track: it is followed by; its memory must stay during the call
 * @err: what the application is told
 *
 * The socket is unconnected afterwards, and plain: it does not hold this module,
 * and its next connect() is not asked about.
 * Context: process, may sleep. Return: 0, or -ENOENT: it is over.
 */
int umx_udp_abort(struct umx_udp_track *track, int err)
{
	struct sock *sk = umx_udp_track_sock(track);

	if (!sk)
		return -ENOENT;
	umx_udp_origin.prot->diag_destroy(sk, err);
	lock_sock(sk);
	/* where somebody has stacked on it, .unhash is not ours */
	if (sk->sk_state == TCP_CLOSE)
		umx_udp_track_end(sk, true);
	umx_udp_let_go(sk);
	release_sock(sk);
	sock_put(sk);
	return 0;
}
EXPORT_SYMBOL_GPL(umx_udp_abort);

static bool umx_udp_purge_wanted(const struct net *net, const struct sock *sk)
{
	return (!net || net_eq(sock_net(sk), net)) &&
	       sk->sk_prot_creator == &umx_udp_prot && !umx_udp_tracked(sk);
}

/* Sockets of one chain, each with a reference. */
static unsigned int umx_udp_purge_collect(const struct net *net,
					  struct udp_hslot *slot,
					  struct sock **socks)
{
	unsigned int n = 0;
	struct sock *sk;

	spin_lock_bh(&slot->lock);
	sk_for_each(sk, &slot->head)
		if (n < UMX_UDP_PURGE_BATCH && umx_udp_purge_wanted(net, sk) &&
		    refcount_inc_not_zero(&sk->sk_refcnt))
			socks[n++] = sk;
	spin_unlock_bh(&slot->lock);
	return n;
}

static void umx_udp_purge_table(const struct net *net, struct udp_table *table)
{
	struct sock *socks[UMX_UDP_PURGE_BATCH];
	unsigned int slot, i, n, gone;

	for (slot = 0; slot <= table->mask; slot++) {
		if (hlist_empty(&table->hash[slot].head))
			continue;
		do {
			n = umx_udp_purge_collect(net, &table->hash[slot],
						  socks);
			for (gone = 0, i = 0; i < n; i++) {
				lock_sock(socks[i]);
				umx_udp_let_go(socks[i]);
				gone += socks[i]->sk_prot_creator !=
					&umx_udp_prot;
				release_sock(socks[i]);
				sock_put(socks[i]);
			}
		} while (n == UMX_UDP_PURGE_BATCH && gone);
		cond_resched();
	}
}

/**
 * umx_udp_purge() - let go of what nobody follows in @net
 * @net: the namespace, NULL for all
 *
 * Sockets without a port are in no table: they go when they connect or are
 * closed.
 * Context: process, may sleep.
 */
void umx_udp_purge(struct net *net)
{
	if (net) {
		umx_udp_purge_table(net, umx_udp_table_of(net));
		return;
	}
	umx_udp_purge_table(NULL, umx_udp_table_of(&init_net));
	down_read(&net_rwsem);
	for_each_net(net)	/* those with a table of their own */
		if (umx_udp_table_of(net) != umx_udp_table_of(&init_net))
			umx_udp_purge_table(net, umx_udp_table_of(net));
	up_read(&net_rwsem);
}
EXPORT_SYMBOL_GPL(umx_udp_purge);

/**
 * umx_udp_sockets() - how many sockets hold this module
 *
 * Return: adopted sockets of all namespaces, connected or not.
 */
unsigned int umx_udp_sockets(void)
{
	int refs = module_refcount(THIS_MODULE) - umx_udp_asked();

	return max(refs, 0);
}
EXPORT_SYMBOL_GPL(umx_udp_sockets);
