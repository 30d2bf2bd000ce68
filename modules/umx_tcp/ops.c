// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the registry of capabilities and the order they are asked in.
 */
#include <linux/mutex.h>
#include <linux/srcu.h>
#include "umx_tcp.h"

static const struct umx_tcp_ops __rcu *umx_tcp_ops[UMX_TCP_OPS_MAX];
static DEFINE_MUTEX(umx_tcp_ops_lock);	/* protects writers of umx_tcp_ops */
DEFINE_STATIC_SRCU(umx_tcp_srcu);	/* readers that may sleep */

/**
 * umx_tcp_register() - have a capability asked from now on
 * @ops: its answers; must stay until umx_tcp_unregister()
 *
 * Context: process, may sleep.
 * Return: 0, or -ENOSPC when UMX_TCP_OPS_MAX capabilities are registered.
 */
int umx_tcp_register(const struct umx_tcp_ops *ops)
{
	int i, err = -ENOSPC;

	mutex_lock(&umx_tcp_ops_lock);
	for (i = 0; i < UMX_TCP_OPS_MAX; i++) {
		if (rcu_access_pointer(umx_tcp_ops[i]))
			continue;
		rcu_assign_pointer(umx_tcp_ops[i], ops);
		err = 0;
		break;
	}
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
	int i;

	mutex_lock(&umx_tcp_ops_lock);
	for (i = 0; i < UMX_TCP_OPS_MAX; i++)
		if (rcu_access_pointer(umx_tcp_ops[i]) == ops)
			RCU_INIT_POINTER(umx_tcp_ops[i], NULL);
	mutex_unlock(&umx_tcp_ops_lock);

	synchronize_srcu(&umx_tcp_srcu);
	synchronize_net();
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

/* The first capability with an answer decides; NULL if none has one. */
struct umx_tcp_track *umx_tcp_ops_connect(struct sock *sk,
					  const struct sockaddr_in6 *to,
					  const struct umx_tcp_ops **who)
{
	struct umx_tcp_track *track = NULL;
	const struct umx_tcp_ops *ops;
	int i, idx;

	idx = srcu_read_lock(&umx_tcp_srcu);
	for (i = 0; i < UMX_TCP_OPS_MAX && !track; i++) {
		ops = srcu_dereference(umx_tcp_ops[i], &umx_tcp_srcu);
		if (!ops || !ops->connect)
			continue;
		track = umx_tcp_ops_hold(ops->connect(sk, to), sk);
		*who = ops;
	}
	srcu_read_unlock(&umx_tcp_srcu, idx);
	return track;
}

/* @track holds its owner's module, so @ops is callable without the registry. */
void umx_tcp_ops_connected(const struct umx_tcp_ops *ops,
			   struct umx_tcp_track *track, struct sock *sk)
{
	if (ops->connected)
		ops->connected(track, sk);
}

void umx_tcp_ops_listen(struct sock *sk)
{
	const struct umx_tcp_ops *ops;
	int i, idx;

	idx = srcu_read_lock(&umx_tcp_srcu);
	for (i = 0; i < UMX_TCP_OPS_MAX; i++) {
		ops = srcu_dereference(umx_tcp_ops[i], &umx_tcp_srcu);
		if (ops && ops->listen)
			ops->listen(sk);
	}
	srcu_read_unlock(&umx_tcp_srcu, idx);
}

/* Context: RCU. Return: false if a capability wants this SYN dropped. */
bool umx_tcp_ops_syn(struct sock *lsk, struct sk_buff *skb)
{
	const struct umx_tcp_ops *ops;
	int i;

	for (i = 0; i < UMX_TCP_OPS_MAX; i++) {
		ops = rcu_dereference(umx_tcp_ops[i]);
		if (ops && ops->syn && !ops->syn(lsk, skb))
			return false;
	}
	return true;
}

void umx_tcp_ops_unclaim(const struct umx_tcp_ops *ops,
			 struct umx_tcp_track *track)
{
	if (ops->unclaim)
		ops->unclaim(track);
}

struct umx_tcp_track *umx_tcp_ops_claim(const struct sock *lsk,
					const struct request_sock *req,
					const struct umx_tcp_ops **who)
{
	struct umx_tcp_track *track = NULL;
	const struct umx_tcp_ops *ops;
	int i;

	for (i = 0; i < UMX_TCP_OPS_MAX && !track; i++) {
		ops = rcu_dereference(umx_tcp_ops[i]);
		if (!ops || !ops->claim)
			continue;
		track = ops->claim(lsk, req);
		*who = ops;
	}
	if (IS_ERR_OR_NULL(track) || try_module_get(track->type->owner))
		return track;
	umx_tcp_ops_unclaim(*who, track);
	return ERR_PTR(-ESHUTDOWN);
}

/* Capabilities registered; each holds this module by its symbols. */
unsigned int umx_tcp_ops_count(void)
{
	unsigned int i, n = 0;

	for (i = 0; i < UMX_TCP_OPS_MAX; i++)
		if (rcu_access_pointer(umx_tcp_ops[i]))
			n++;
	return n;
}
