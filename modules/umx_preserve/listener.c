// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns attaching the TCP/IPv6 listeners of a namespace, those that
 * listened before it was switched on too.
 */
#include <linux/slab.h>
#include <net/inet_hashtables.h>
#include <net/tcp.h>
#include <umx/tcp.h>
#include "hook.h"
#include "listener.h"
#include "netns.h"

/* Sockets looked at in one hold of a bucket. */
#define UMX_PRESERVE_LISTENER_BATCH	64

/**
 * struct umx_preserve_listener - an attached listener
 * @track: follows the socket.
 * @list: in umx_preserve_net.listeners; listeners_lock.
 * @pn: its namespace.
 * @rcu: frees it.
 */
struct umx_preserve_listener {
	struct umx_tcp_track track;
	struct list_head list;
	struct umx_preserve_net *pn;
	struct rcu_head rcu;
};

static void umx_preserve_listener_unlink(struct umx_preserve_listener *l)
{
	spin_lock_bh(&l->pn->listeners_lock);
	list_del_init(&l->list);
	spin_unlock_bh(&l->pn->listeners_lock);
}

static void umx_preserve_listener_release(struct umx_tcp_track *track,
					  struct sock *sk)
{
	struct umx_preserve_listener *l =
		container_of(track, struct umx_preserve_listener, track);

	umx_preserve_listener_unlink(l);
	kfree_rcu(l, rcu);
}

static const struct umx_tcp_type umx_preserve_listener_type = {
	.owner = THIS_MODULE,
	.slot = UMX_TCP_SLOT_PRESERVE,
	.release = umx_preserve_listener_release,
};

/* Context: process, socket lock held. */
static void umx_preserve_listener_attach(struct umx_preserve_net *pn,
					 struct sock *sk)
{
	struct umx_preserve_listener *l = kzalloc(sizeof(*l), GFP_KERNEL);

	if (!l)
		return;		/* its connections are plain */
	l->track.type = &umx_preserve_listener_type;
	l->pn = pn;
	spin_lock_bh(&pn->listeners_lock);
	list_add_tail(&l->list, &pn->listeners);
	spin_unlock_bh(&pn->listeners_lock);
	if (umx_preserve_hook_out(pn) ||
	    umx_tcp_listener_attach(sk, &l->track)) {
		umx_preserve_listener_unlink(l);
		kfree(l);
	}
}

/* Context: process, socket lock held. */
static void umx_preserve_listener_detach(struct sock *sk)
{
	struct umx_tcp_track *track;

	rcu_read_lock();
	track = umx_tcp_track_find(sk, &umx_preserve_listener_type);
	rcu_read_unlock();
	/* the socket lock keeps it */
	if (track)
		umx_tcp_listener_detach(sk, track);
}

/* umx_tcp_ops.listen */
void umx_preserve_listener_listen(struct sock *sk, void *begun, int err)
{
	struct umx_preserve_net *pn = umx_preserve_net(sock_net(sk));

	if (err || !umx_preserve_enabled(pn))
		return;
	umx_preserve_listener_attach(pn, sk);
	/* switched off meanwhile: it may not have been in the list yet */
	if (!umx_preserve_enabled(pn))
		umx_preserve_listener_detach(sk);
}

static bool umx_preserve_listener_wanted(const struct umx_preserve_net *pn,
					 const struct sock *sk)
{
	return net_eq(sock_net(sk), pn->net) && sk->sk_family == AF_INET6 &&
	       sk->sk_state == TCP_LISTEN &&
	       !umx_tcp_listener_attached(sk, UMX_TCP_SLOT_PRESERVE);
}

/* Listeners of one bucket, each with a reference. */
static unsigned int
umx_preserve_listener_collect(const struct umx_preserve_net *pn,
			      struct inet_listen_hashbucket *bucket,
			      struct sock **socks)
{
	struct hlist_nulls_node *node;
	unsigned int n = 0;
	struct sock *sk;

	spin_lock(&bucket->lock);
	sk_nulls_for_each(sk, node, &bucket->nulls_head)
		if (n < UMX_PRESERVE_LISTENER_BATCH &&
		    umx_preserve_listener_wanted(pn, sk) &&
		    refcount_inc_not_zero(&sk->sk_refcnt))
			socks[n++] = sk;
	spin_unlock(&bucket->lock);
	return n;
}

/* Attach those of @socks that can be. Return: how many were. */
static unsigned int umx_preserve_listener_attach_some(struct umx_preserve_net *pn,
						      struct sock **socks,
						      unsigned int n)
{
	unsigned int i, attached = 0;
	struct sock *sk;

	for (i = 0; i < n; i++) {
		sk = socks[i];
		lock_sock(sk);
		if (umx_preserve_listener_wanted(pn, sk)) {
			umx_preserve_listener_attach(pn, sk);
			attached += umx_tcp_listener_attached(sk,
							UMX_TCP_SLOT_PRESERVE);
		}
		release_sock(sk);
		sock_put(sk);
	}
	return attached;
}

/**
 * umx_preserve_listener_attach_all() - attach what listens already
 * @pn: the namespace, switched on
 *
 * Context: process.
 */
void umx_preserve_listener_attach_all(struct umx_preserve_net *pn)
{
	struct inet_hashinfo *hashinfo = pn->net->ipv4.tcp_death_row.hashinfo;
	struct sock *socks[UMX_PRESERVE_LISTENER_BATCH];
	struct inet_listen_hashbucket *bucket;
	unsigned int i, n, attached;

	for (i = 0; i <= hashinfo->lhash2_mask; i++) {
		bucket = &hashinfo->lhash2[i];
		if (hlist_nulls_empty(&bucket->nulls_head))
			continue;
		do {
			n = umx_preserve_listener_collect(pn, bucket, socks);
			attached = umx_preserve_listener_attach_some(pn, socks,
								     n);
		} while (n == UMX_PRESERVE_LISTENER_BATCH && attached);
		cond_resched();
	}
	/* one whose listen() met "off" and "on" may be attached without it */
	spin_lock_bh(&pn->listeners_lock);
	attached = !list_empty(&pn->listeners);
	spin_unlock_bh(&pn->listeners_lock);
	if (attached && umx_preserve_hook_out(pn))
		pr_warn_once("umx_preserve: no hook for SYN-ACKs: connections to this host are plain\n");
}

/* A reference on the socket of the first listener, or NULL. */
static struct sock *umx_preserve_listener_first(struct umx_preserve_net *pn)
{
	struct umx_preserve_listener *l;
	struct sock *sk = NULL;

	spin_lock_bh(&pn->listeners_lock);
	list_for_each_entry(l, &pn->listeners, list) {
		/* one that is dying leaves the list by itself */
		if (l->track.sk &&
		    refcount_inc_not_zero(&l->track.sk->sk_refcnt)) {
			sk = l->track.sk;
			list_move_tail(&l->list, &pn->listeners);
			break;
		}
	}
	spin_unlock_bh(&pn->listeners_lock);
	return sk;
}

/**
 * umx_preserve_listener_detach_all() - let go of every listener
 * @pn: the namespace, switched off
 *
 * Context: process.
 */
void umx_preserve_listener_detach_all(struct umx_preserve_net *pn)
{
	struct sock *sk;

	while ((sk = umx_preserve_listener_first(pn))) {
		lock_sock(sk);
		umx_preserve_listener_detach(sk);
		release_sock(sk);
		sock_put(sk);
		cond_resched();
	}
}
