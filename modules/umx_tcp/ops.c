// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the registry of capabilities and the order they are asked in.
 */
#include <linux/mutex.h>
#include <linux/srcu.h>
#include "umx_tcp.h"

static const struct umx_tcp_ops __rcu *umx_tcp_ops[UMX_TCP_SLOTS];
static DEFINE_MUTEX(umx_tcp_ops_lock);	/* protects writers of umx_tcp_ops */
DEFINE_STATIC_SRCU(umx_tcp_srcu);	/* readers that may sleep */

/**
 * umx_tcp_register() - have a capability asked from now on
 * @ops: its answers; must stay until umx_tcp_unregister()
 *
 * Context: process, may sleep.
 * Return: 0, or -EBUSY when its slot is taken.
 */
int umx_tcp_register(const struct umx_tcp_ops *ops)
{
	int err = 0;

	mutex_lock(&umx_tcp_ops_lock);
	if (rcu_access_pointer(umx_tcp_ops[ops->slot]))
		err = -EBUSY;
	else
		rcu_assign_pointer(umx_tcp_ops[ops->slot], ops);
	mutex_unlock(&umx_tcp_ops_lock);
	return err;
}
EXPORT_SYMBOL_GPL(umx_tcp_register);

/**
 * umx_tcp_unregister() - stop asking a capability
 * @ops: as registered
 *
 * On return no question is under way. Tracks handed over before live on and
 * still call their ->release(). When the last capability has gone, connections
 * nobody follows are let go of: there is nobody left to ask about their next.
 * Context: process, may sleep.
 */
void umx_tcp_unregister(const struct umx_tcp_ops *ops)
{
	mutex_lock(&umx_tcp_ops_lock);
	if (rcu_access_pointer(umx_tcp_ops[ops->slot]) == ops)
		RCU_INIT_POINTER(umx_tcp_ops[ops->slot], NULL);
	mutex_unlock(&umx_tcp_ops_lock);

	synchronize_srcu(&umx_tcp_srcu);
	synchronize_net();
	umx_tcp_note_flush(ops->slot);
	if (!umx_tcp_ops_count())
		umx_tcp_purge(NULL);
}
EXPORT_SYMBOL_GPL(umx_tcp_unregister);

/*
 * Every track holds the module of its capability. Taken while the capability
 * is registered, which keeps it alive that long.
 */
static struct umx_tcp_track *umx_tcp_ops_hold(struct umx_tcp_track *track,
					      struct sock *sk)
{
	if (IS_ERR_OR_NULL(track) || try_module_get(track->type->owner))
		return track;
	track->type->release(track, sk);
	return ERR_PTR(-ESHUTDOWN);
}

/*
 * Ask every capability. One that makes the connect() fail decides it for all:
 * what the others have handed over is released.
 */
int umx_tcp_ops_connect(struct sock *sk, const struct sockaddr_in6 *to,
			struct umx_tcp_tracks *tracks)
{
	const struct umx_tcp_ops *ops;
	struct umx_tcp_track *track;
	int i, idx, err = 0;

	idx = srcu_read_lock(&umx_tcp_srcu);
	for (i = 0; i < UMX_TCP_SLOTS && !err; i++) {
		ops = srcu_dereference(umx_tcp_ops[i], &umx_tcp_srcu);
		if (!ops || !ops->connect)
			continue;
		track = umx_tcp_ops_hold(ops->connect(sk, to), sk);
		if (IS_ERR(track)) {
			err = PTR_ERR(track);
			continue;
		}
		tracks->track[i] = track;
		tracks->ops[i] = ops;
	}
	srcu_read_unlock(&umx_tcp_srcu, idx);

	for (i = 0; err && i < UMX_TCP_SLOTS; i++)
		if (tracks->track[i])
			umx_tcp_track_release(tracks->track[i], sk);
	return err;
}

/*
 * Ask every capability about a listen(), let @hash make @sk a listener if none
 * refuses, and tell those that were asked what has become of it. Meanwhile none
 * of them can go, and one that comes is not told.
 * Context: the socket's lock is held, may sleep. Return: 0, what @hash returned,
 * or the error of who refused.
 */
int umx_tcp_ops_listen(struct sock *sk, int (*hash)(struct sock *sk))
{
	const struct umx_tcp_ops *ops, *asked[UMX_TCP_SLOTS] = {};
	void *begun[UMX_TCP_SLOTS];
	int i, idx, err = 0;

	idx = srcu_read_lock(&umx_tcp_srcu);
	for (i = 0; !err && i < UMX_TCP_SLOTS; i++) {
		ops = srcu_dereference(umx_tcp_ops[i], &umx_tcp_srcu);
		if (!ops)
			continue;
		begun[i] = ops->listening ? ops->listening(sk) : NULL;
		if (IS_ERR(begun[i]))
			err = PTR_ERR(begun[i]);
		else
			asked[i] = ops;
	}
	if (!err)
		err = hash(sk);
	for (i = 0; i < UMX_TCP_SLOTS; i++)
		if (asked[i] && asked[i]->listen)
			asked[i]->listen(sk, begun[i], err);
	srcu_read_unlock(&umx_tcp_srcu, idx);
	return err;
}

/*
 * @slots: a bit for each capability attached to @lsk. Context: RCU.
 * Return: false if one of them wants this SYN dropped.
 */
bool umx_tcp_ops_syn(struct sock *lsk, unsigned int slots, struct sk_buff *skb)
{
	const struct umx_tcp_ops *ops;
	int i;

	for (i = 0; i < UMX_TCP_SLOTS; i++) {
		if (!(slots & BIT(i)))
			continue;
		ops = rcu_dereference(umx_tcp_ops[i]);
		if (ops && ops->syn && !ops->syn(lsk, skb))
			return false;
	}
	return true;
}

/* May a SYN become a child at once? Context: RCU. */
bool umx_tcp_ops_fastopen(unsigned int slots)
{
	const struct umx_tcp_ops *ops;
	int i;

	for (i = 0; i < UMX_TCP_SLOTS; i++) {
		if (!(slots & BIT(i)))
			continue;
		ops = rcu_dereference(umx_tcp_ops[i]);
		if (ops && !ops->fastopen)
			return false;
	}
	return true;
}

/* Give back what was claimed for a child that there is not. */
void umx_tcp_ops_unclaim(struct umx_tcp_tracks *tracks)
{
	struct umx_tcp_track *track;
	struct module *owner;
	int i;

	for (i = 0; i < UMX_TCP_SLOTS; i++) {
		track = tracks->track[i];
		if (!track)
			continue;
		owner = track->type->owner;
		if (tracks->ops[i]->unclaim)
			tracks->ops[i]->unclaim(track);
		module_put(owner);
		tracks->track[i] = NULL;
	}
}

/*
 * Ask those in @slots about a child. Context: RCU. Return: 0, or the error of
 * one that wants the segment dropped.
 */
int umx_tcp_ops_claim(const struct sock *lsk, unsigned int slots,
		      const struct request_sock *req,
		      struct umx_tcp_tracks *tracks)
{
	const struct umx_tcp_ops *ops;
	struct umx_tcp_track *track;
	int i, err = 0;

	for (i = 0; i < UMX_TCP_SLOTS && !err; i++) {
		if (!(slots & BIT(i)))
			continue;
		ops = rcu_dereference(umx_tcp_ops[i]);
		if (!ops || !ops->claim)
			continue;
		track = ops->claim(lsk, req);
		if (IS_ERR(track)) {
			err = PTR_ERR(track);
		} else if (track && !try_module_get(track->type->owner)) {
			if (ops->unclaim)
				ops->unclaim(track);
			err = -ESHUTDOWN;
		} else {
			tracks->track[i] = track;
			tracks->ops[i] = ops;
		}
	}
	if (err)
		umx_tcp_ops_unclaim(tracks);
	return err;
}

/*
 * Show a segment TCP is about to look for a socket for. Context: BH off, RCU.
 * Return: false if one of them wants it dropped.
 */
bool umx_tcp_ops_segment(struct sk_buff *skb)
{
	const struct umx_tcp_ops *ops;
	int i;

	for (i = 0; i < UMX_TCP_SLOTS; i++) {
		ops = rcu_dereference(umx_tcp_ops[i]);
		if (ops && ops->segment && !ops->segment(skb))
			return false;
	}
	return true;
}

/*
 * Show an ICMPv6 error about a segment. Context: BH off, RCU. Return: true if
 * it was for one of them, and nothing to TCP.
 */
bool umx_tcp_ops_error(struct sk_buff *skb, u8 type, int offset, __be32 info)
{
	const struct umx_tcp_ops *ops;
	int i;

	for (i = 0; i < UMX_TCP_SLOTS; i++) {
		ops = rcu_dereference(umx_tcp_ops[i]);
		if (ops && ops->error && ops->error(skb, type, offset, info))
			return true;
	}
	return false;
}

/**
 * umx_tcp_arrives() - a packet to an address on no device, before it is judged
 * @net: the namespace
 * @skb: at its IPv6 header
 *
 * Context: BH off, RCU. Return: false: drop it.
 */
bool umx_tcp_arrives(struct net *net, struct sk_buff *skb)
{
	const struct umx_tcp_ops *ops;

	ops = rcu_dereference(umx_tcp_ops[UMX_TCP_SLOT_PRESERVE]);
	return !ops || !ops->arrives || ops->arrives(net, skb);
}
EXPORT_SYMBOL_GPL(umx_tcp_arrives);

/**
 * umx_tcp_knows() - is there a session with these ends that TCP does not find?
 * @net: the namespace
 * @local: our address
 * @local_port: our port
 * @peer: the peer's address
 * @peer_port: its port
 * @dif: the device a packet about it came by
 *
 * Context: BH off, RCU.
 */
bool umx_tcp_knows(struct net *net, const struct in6_addr *local,
		   __be16 local_port, const struct in6_addr *peer,
		   __be16 peer_port, int dif)
{
	const struct umx_tcp_ops *ops;

	ops = rcu_dereference(umx_tcp_ops[UMX_TCP_SLOT_PRESERVE]);
	return ops && ops->knows &&
	       ops->knows(net, local, local_port, peer, peer_port, dif);
}
EXPORT_SYMBOL_GPL(umx_tcp_knows);

/**
 * umx_tcp_own() - is this address one of a session, though on no device?
 * @net: the namespace
 * @addr: the address
 *
 * The capability that chooses sources knows. Context: any.
 */
bool umx_tcp_own(struct net *net, const struct in6_addr *addr)
{
	const struct umx_tcp_ops *ops;
	bool own;

	rcu_read_lock();
	ops = rcu_dereference(umx_tcp_ops[UMX_TCP_SLOT_ADDRESS]);
	own = ops && ops->own && ops->own(net, addr);
	rcu_read_unlock();
	return own;
}
EXPORT_SYMBOL_GPL(umx_tcp_own);

/**
 * umx_tcp_spares() - addresses that session may go on with
 * @net: the namespace
 * @of: the address of the session
 * @spares: gets them
 * @max: room
 *
 * Context: any. Return: how many.
 */
unsigned int umx_tcp_spares(struct net *net, const struct in6_addr *of,
			    struct in6_addr *spares, unsigned int max)
{
	const struct umx_tcp_ops *ops;
	unsigned int n = 0;

	rcu_read_lock();
	ops = rcu_dereference(umx_tcp_ops[UMX_TCP_SLOT_ADDRESS]);
	if (ops && ops->spares)
		n = ops->spares(net, of, spares, max);
	rcu_read_unlock();
	return n;
}
EXPORT_SYMBOL_GPL(umx_tcp_spares);

/**
 * umx_tcp_spares_drop() - that session stays where it is
 * @net: the namespace
 * @of: the address of the session
 *
 * Context: any.
 */
void umx_tcp_spares_drop(struct net *net, const struct in6_addr *of)
{
	const struct umx_tcp_ops *ops;

	rcu_read_lock();
	ops = rcu_dereference(umx_tcp_ops[UMX_TCP_SLOT_ADDRESS]);
	if (ops && ops->spares_drop)
		ops->spares_drop(net, of);
	rcu_read_unlock();
}
EXPORT_SYMBOL_GPL(umx_tcp_spares_drop);

/* Capabilities registered; each holds this module by its symbols. */
unsigned int umx_tcp_ops_count(void)
{
	unsigned int i, n = 0;

	for (i = 0; i < UMX_TCP_SLOTS; i++)
		if (rcu_access_pointer(umx_tcp_ops[i]))
			n++;
	return n;
}
