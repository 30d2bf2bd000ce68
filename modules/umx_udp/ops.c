// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns who is asked at connect().
 */
#include <linux/mutex.h>
#include "umx_udp.h"

static const struct umx_udp_ops __rcu *umx_udp_ops;
static DEFINE_MUTEX(umx_udp_ops_lock);	/* protects writers of umx_udp_ops */
DEFINE_SRCU(umx_udp_srcu);

/**
 * umx_udp_register() - have a capability asked from now on
 * @ops: its answers; must stay until umx_udp_unregister()
 *
 * Context: process, may sleep.
 * Return: 0, or -EBUSY: another one is asked already.
 */
int umx_udp_register(const struct umx_udp_ops *ops)
{
	int err = -EBUSY;

	mutex_lock(&umx_udp_ops_lock);
	if (!rcu_access_pointer(umx_udp_ops)) {
		rcu_assign_pointer(umx_udp_ops, ops);
		err = 0;
	}
	mutex_unlock(&umx_udp_ops_lock);
	return err;
}
EXPORT_SYMBOL_GPL(umx_udp_register);

/**
 * umx_udp_unregister() - stop asking a capability
 * @ops: as registered
 *
 * On return no question is under way. Tracks handed over before live on and
 * still call their ->release(). Sockets nobody follows are let go of: there is
 * nobody left to ask about their next connect().
 * Context: process, may sleep.
 */
void umx_udp_unregister(const struct umx_udp_ops *ops)
{
	mutex_lock(&umx_udp_ops_lock);
	if (rcu_access_pointer(umx_udp_ops) == ops)
		RCU_INIT_POINTER(umx_udp_ops, NULL);
	mutex_unlock(&umx_udp_ops_lock);

	synchronize_srcu(&umx_udp_srcu);
	umx_udp_purge(NULL);
}
EXPORT_SYMBOL_GPL(umx_udp_unregister);

/* Is there somebody to ask? He holds this module by its symbols. */
bool umx_udp_asked(void)
{
	return rcu_access_pointer(umx_udp_ops);
}

/*
 * What does the capability say to connect() of @sk to @to? Context: process,
 * socket lock held, SRCU. A track holds the module of its capability, taken
 * while that is registered, which keeps it alive that long.
 */
struct umx_udp_track *umx_udp_ask(struct sock *sk,
				  const struct sockaddr_in6 *to)
{
	const struct umx_udp_ops *ops;
	struct umx_udp_track *track;

	ops = srcu_dereference(umx_udp_ops, &umx_udp_srcu);
	if (!ops)
		return NULL;
	track = ops->connect(sk, to);
	if (IS_ERR_OR_NULL(track))
		return track;
	track->ops = ops;
	if (try_module_get(ops->owner))
		return track;
	ops->release(track);
	return ERR_PTR(-ESHUTDOWN);
}
