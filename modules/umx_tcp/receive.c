// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns TCP's place in the table of IPv6's protocols, while some
 * capability listens there.
 *
 * Whoever must see segments TCP would find no socket for, or not the right one,
 * can have a netfilter hook; that costs each segment of each session 80
 * instructions. What stands here costs theirs one comparison: early demux has
 * given them their socket, and only what has none is shown around before TCP
 * looks for one itself.
 *
 * Whoever takes the place over while we have it calls us until we go, and keeps
 * us here if it is later still there.
 */
#include <linux/atomic.h>
#include <linux/mutex.h>
#include <linux/skbuff.h>
#include <net/protocol.h>
#include "umx_tcp.h"

static const struct inet6_protocol *umx_tcp_protocol_origin;
static struct inet6_protocol umx_tcp_protocol;

static DEFINE_MUTEX(umx_tcp_receive_lock);	/* protects what follows */
static unsigned int umx_tcp_receive_users;
static bool umx_tcp_receive_there;

static atomic_t umx_tcp_receive_reasons;

/* Put @new where @old is. The core's own functions know no exchange. */
static bool umx_tcp_receive_swap(const struct inet6_protocol *old,
				 const struct inet6_protocol *new)
{
	const struct inet6_protocol **place;

	place = (__force const struct inet6_protocol **)
		&inet6_protos[IPPROTO_TCP];
	return cmpxchg(place, old, new) == old;
}

/* As tcp_v6_rcv(): RCU, BH off, @skb at its TCP header. */
static int umx_tcp_receive(struct sk_buff *skb)
{
	if ((!skb->sk || unlikely(atomic_read(&umx_tcp_receive_reasons))) &&
	    !umx_tcp_ops_segment(skb)) {
		kfree_skb(skb);
		return 0;
	}
	return umx_tcp_protocol_origin->handler(skb);
}

/* As tcp_v6_err(): @skb at the IPv6 header the error quotes. */
static int umx_tcp_receive_error(struct sk_buff *skb,
				 struct inet6_skb_parm *opt, u8 type, u8 code,
				 int offset, __be32 info)
{
	if (umx_tcp_ops_error(skb, type, offset, info))
		return 0;
	return umx_tcp_protocol_origin->err_handler(skb, opt, type, code,
						    offset, info);
}

static int umx_tcp_receive_take(void)
{
	const struct inet6_protocol *origin;

	rcu_read_lock();
	origin = rcu_dereference(inet6_protos[IPPROTO_TCP]);
	rcu_read_unlock();
	umx_tcp_protocol_origin = origin;	/* built in: it stays */
	umx_tcp_protocol = *origin;
	umx_tcp_protocol.handler = umx_tcp_receive;
	umx_tcp_protocol.err_handler = umx_tcp_receive_error;
	return umx_tcp_receive_swap(origin, &umx_tcp_protocol) ? 0 : -EBUSY;
}

/**
 * umx_tcp_receive_start() - show segments to ->segment() and errors to ->error()
 *
 * Those of every namespace: whoever started asks for its own. As often as it is
 * called, umx_tcp_receive_stop() must be.
 * Context: process, may sleep. Return: 0; -EBUSY: somebody else is taking the
 * place over at this moment.
 */
int umx_tcp_receive_start(void)
{
	int err = 0;

	mutex_lock(&umx_tcp_receive_lock);
	if (!umx_tcp_receive_there) {
		err = umx_tcp_receive_take();
		umx_tcp_receive_there = !err;
	}
	if (!err)
		umx_tcp_receive_users++;
	mutex_unlock(&umx_tcp_receive_lock);
	return err;
}
EXPORT_SYMBOL_GPL(umx_tcp_receive_start);

/**
 * umx_tcp_receive_stop() - undo one umx_tcp_receive_start()
 *
 * What is on its way in may be shown until a grace period is over.
 * Context: process, may sleep.
 */
void umx_tcp_receive_stop(void)
{
	mutex_lock(&umx_tcp_receive_lock);
	if (!--umx_tcp_receive_users) {
		if (umx_tcp_receive_swap(&umx_tcp_protocol,
					 umx_tcp_protocol_origin)) {
			umx_tcp_receive_there = false;
			/* the next start writes what they read */
			synchronize_net();
		} else {
			/* it has our address: this module stays, for good */
			pr_warn_once("umx_tcp: another module has taken TCP's place over: this one stays\n");
			__module_get(THIS_MODULE);
			umx_tcp_receive_users++;
		}
	}
	mutex_unlock(&umx_tcp_receive_lock);
}
EXPORT_SYMBOL_GPL(umx_tcp_receive_stop);

/**
 * umx_tcp_receive_all() - show segments that have found a socket, too
 * @on: one more reason to; false: one less
 *
 * Context: any.
 */
void umx_tcp_receive_all(bool on)
{
	atomic_add(on ? 1 : -1, &umx_tcp_receive_reasons);
}
EXPORT_SYMBOL_GPL(umx_tcp_receive_all);
