// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns sending the error: not at once, but as soon as this CPU has
 * finished what it was doing when the SYN came.
 *
 * What it was doing may be the very connect() that has sent the SYN: between
 * two namespaces, or to the node itself, a packet is delivered within the
 * system call that sends it. TCP does not end a connection while its socket
 * is in use (tcp_v6_err(), sock_owned_by_user()); an error sent at once would
 * only be remembered, and the client would hear it with its second SYN, after
 * a second. A work bound to this CPU runs when the client has gone to sleep.
 */
#include <linux/icmpv6.h>
#include <linux/ipv6.h>
#include <linux/netdevice.h>
#include <linux/netfilter.h>
#include <linux/skbuff.h>
#include <net/dst.h>
#include <net/ip.h>
#include "mib.h"
#include "netns.h"
#include "reply.h"

/* SYNs of a namespace that may wait; in a flood the rest is answered at once. */
#define UMX_ANYCAST_QUEUE_MAX	64

/**
 * struct umx_anycast_cb - what a SYN that waits has in skb->cb
 * @parm: what IPv6 has there
 * @source: the address the error is to come from
 */
struct umx_anycast_cb {
	struct inet6_skb_parm parm;
	struct in6_addr source;
};

static struct umx_anycast_cb *umx_anycast_cb(struct sk_buff *skb)
{
	BUILD_BUG_ON(sizeof(struct umx_anycast_cb) > sizeof(skb->cb));
	return (struct umx_anycast_cb *)skb->cb;
}

/*
 * How many ICMPv6 messages this CPU has sent: icmp6_send() does not say
 * whether it sent one. Bottom halves are off, and what it sends on the way (to
 * find the neighbour) it sends only for the error.
 */
static unsigned long umx_anycast_icmp_sent(const struct net *net)
{
	return this_cpu_read(net->mib.icmpv6_statistics->mibs[ICMP6_MIB_OUTMSGS]);
}

/* Context: RCU, bottom halves off. */
static void umx_anycast_send(struct umx_anycast_net *an, struct sk_buff *skb,
			     const struct in6_addr *source)
{
	unsigned long sent = umx_anycast_icmp_sent(an->net);

	icmp6_send(skb, ICMPV6_DEST_UNREACH, ICMPV6_ADDR_UNREACH, 0, source,
		   IP6CB(skb));
	umx_anycast_mib_inc(an, umx_anycast_icmp_sent(an->net) != sent ?
			    UMX_ANYCAST_MIB_ANSWERED :
			    UMX_ANYCAST_MIB_SUPPRESSED);
}

static void umx_anycast_dequeue(struct sk_buff *skb)
{
	dev_put(skb->dev);
	kfree_skb(skb);
}

static void umx_anycast_work(struct work_struct *work)
{
	struct umx_anycast_net *an;
	struct sk_buff *skb;

	an = container_of(work, struct umx_anycast_net, work);
	while ((skb = skb_dequeue(&an->queue))) {
		local_bh_disable();
		rcu_read_lock();
		umx_anycast_send(an, skb, &umx_anycast_cb(skb)->source);
		rcu_read_unlock();
		local_bh_enable();
		umx_anycast_dequeue(skb);
		cond_resched();
	}
}

/**
 * umx_anycast_reply() - answer a SYN with ICMPv6 address unreachable
 * @an: the namespace
 * @skb: the SYN, in LOCAL_IN
 * @source: where the error is to come from
 *
 * Context: RCU, bottom halves off.
 * Return: the verdict; the SYN is ours, or to be dropped.
 */
unsigned int umx_anycast_reply(struct umx_anycast_net *an, struct sk_buff *skb,
			       const struct in6_addr *source)
{
	if (skb_queue_len_lockless(&an->queue) >= UMX_ANYCAST_QUEUE_MAX ||
	    !skb_dst_force(skb)) {
		umx_anycast_send(an, skb, source);
		return NF_DROP;
	}
	umx_anycast_cb(skb)->source = *source;
	dev_hold(skb->dev);
	skb_queue_tail(&an->queue, skb);
	schedule_work_on(smp_processor_id(), &an->work);
	return NF_STOLEN;
}

void umx_anycast_reply_init(struct umx_anycast_net *an)
{
	skb_queue_head_init(&an->queue);
	INIT_WORK(&an->work, umx_anycast_work);
}

/* The hook is gone for a grace period: nothing is queued any more. */
void umx_anycast_reply_exit(struct umx_anycast_net *an)
{
	struct sk_buff *skb;

	cancel_work_sync(&an->work);
	while ((skb = skb_dequeue(&an->queue)))
		umx_anycast_dequeue(skb);
}
