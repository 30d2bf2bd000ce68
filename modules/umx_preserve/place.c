// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the table of places: which session that has moved is on which
 * pair, with which ports.
 *
 * A segment for one of those is found here at once, however many others have
 * offered its addresses: of their sets only so many are asked (demux.c).
 */
#include <linux/rculist.h>
#include <linux/slab.h>
#include <net/inet6_hashtables.h>
#include <net/sock.h>
#include <umx/compat.h>
#include "half.h"
#include "netns.h"
#include "place.h"
#include "session.h"

#define UMX_PRESERVE_PLACE_BUCKETS	4096

static struct hlist_head *
umx_preserve_place_bucket(struct umx_preserve_net *pn,
			  const struct umx_preserve_tuple *t)
{
	u32 hash = umx_preserve_tuple_hash(t, &pn->key);

	return &pn->places[hash & (UMX_PRESERVE_PLACE_BUCKETS - 1)];
}

/**
 * umx_preserve_place_of() - where a session would be
 * @s: the session
 * @sk: its socket
 * @pair: on this pair
 * @t: gets the pair's addresses, and the ports
 */
void umx_preserve_place_of(const struct umx_preserve_session *s,
			   const struct sock *sk, u8 pair,
			   struct umx_preserve_tuple *t)
{
	t->local = *umx_preserve_set_local(s->set, pair);
	t->peer = *umx_preserve_set_peer(s->set, pair);
	t->local_port = inet_sk(sk)->inet_sport;
	t->peer_port = inet_sk(sk)->inet_dport;
}

/**
 * umx_preserve_place_leave() - the session is on its original pair, or ends
 * @s: the session
 *
 * Context: any; @s is freed after a grace period.
 */
void umx_preserve_place_leave(struct umx_preserve_session *s)
{
	spin_lock_bh(&s->pn->places_lock);
	if (!hlist_unhashed(&s->place_node))
		hlist_del_init_rcu(&s->place_node);
	spin_unlock_bh(&s->pn->places_lock);
}

/**
 * umx_preserve_place_set() - the session is on another pair now
 * @s: the session
 * @sk: its socket
 *
 * Who walks the list it leaves may go on in the one it comes to, and miss what
 * is behind it: that is found by what was offered.
 *
 * Context: socket lock.
 */
void umx_preserve_place_set(struct umx_preserve_session *s,
			    const struct sock *sk)
{
	struct umx_preserve_tuple t;

	umx_preserve_place_leave(s);
	if (!s->current_pair)
		return;
	umx_preserve_place_of(s, sk, s->current_pair, &t);
	spin_lock_bh(&s->pn->places_lock);
	hlist_add_head_rcu(&s->place_node, umx_preserve_place_bucket(s->pn, &t));
	spin_unlock_bh(&s->pn->places_lock);
}

static bool umx_preserve_place_is(const struct umx_preserve_session *s, u8 pair,
				  const struct umx_preserve_tuple *t)
{
	return ipv6_addr_equal(umx_preserve_set_local(s->set, pair),
			       &t->local) &&
	       ipv6_addr_equal(umx_preserve_set_peer(s->set, pair), &t->peer);
}

/* Its socket, if it has those ports; with a reference, or NULL. */
static struct sock *
umx_preserve_place_sock_of(const struct umx_preserve_session *s,
			   const struct umx_preserve_tuple *t, int dif)
{
	struct sock *sk;

	sk = umx_inet6_lookup_established(s->pn->net, &s->set->addrs.peer[0],
					  t->peer_port,
					  &s->set->addrs.local[0],
					  ntohs(t->local_port), dif);
	if (!sk)
		return NULL;
	if (sk_fullsock(sk) && umx_preserve_session_find(sk) == s)
		return sk;
	sock_gen_put(sk);
	return NULL;
}

/**
 * umx_preserve_place_sock() - whose session is there?
 * @pn: the namespace; a session lives
 * @t: a pair of addresses, and ports
 * @dif: the device a segment came in on; 0: any
 * @pair: gets the session's pair
 *
 * Context: RCU. Return: its socket, with a reference, or NULL.
 */
struct sock *umx_preserve_place_sock(struct umx_preserve_net *pn,
				     const struct umx_preserve_tuple *t,
				     int dif, u8 *pair)
{
	const struct umx_preserve_session *s;
	struct sock *sk;

	hlist_for_each_entry_rcu(s, umx_preserve_place_bucket(pn, t),
				 place_node) {
		*pair = READ_ONCE(s->current_pair);
		if (!*pair || !umx_preserve_place_is(s, *pair, t))
			continue;
		sk = umx_preserve_place_sock_of(s, t, dif);
		if (sk)
			return sk;
	}
	return NULL;
}

/* With the first "on"; it stays until the namespace goes. */
int umx_preserve_place_alloc(struct umx_preserve_net *pn)
{
	lockdep_assert_held(&pn->lock);
	if (pn->places)
		return 0;
	pn->places = kvcalloc(UMX_PRESERVE_PLACE_BUCKETS, sizeof(*pn->places),
			      GFP_KERNEL_ACCOUNT);
	return pn->places ? 0 : -ENOMEM;
}

void umx_preserve_place_free(struct umx_preserve_net *pn)
{
	kvfree(pn->places);
}
