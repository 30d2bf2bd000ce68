// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns sessions that leave from an address of their own, lent by umx
 * (umx/loan.h): getting one at the first packet, which session an address is
 * of, and giving it back.
 *
 *   a socket's SYN, or datagram to
 *   its connect()ed peer ---------> asked: none, for it --> the spool's source
 *                         |
 *                         v lent
 *                       in the tables --> all of its packets, both ways
 *                         |
 *                         v IPv4 knows the session no more, TIME_WAIT included;
 *                         | another socket's packet in its place; the spool goes
 *                       returned
 *
 * The end is not seen in packets: the last one may be lost, or never sent. Once
 * a second, while there are such sessions, TCP and UDP are asked.
 */
#include <linux/err.h>
#include <linux/slab.h>
#include <net/inet_hashtables.h>
#include <net/inet_timewait_sock.h>
#include <net/ipv6.h>
#include <net/tcp.h>
#include <net/udp.h>
#include <umx/compat.h>
#include <umx/loan.h>
#include "flow.h"
#include "map.h"
#include "netns.h"
#include "spool.h"
#include "wire.h"
#include "xlat46.h"

/* Each has a socket, or had one a second ago; those are bounded, too. */
#define UMX_BIS_FLOW_MAX	(1U << 20)

#define UMX_BIS_FLOW_EVERY	HZ

/* Looked at under the lock at a time. */
#define UMX_BIS_FLOW_BATCH	64

static const struct rhashtable_params umx_bis_flow4_params = {
	.head_offset = offsetof(struct umx_bis_flow, by4),
	.key_offset = offsetof(struct umx_bis_flow, key),
	.key_len = sizeof(struct umx_bis_flow_key),
	.automatic_shrinking = true,
};

static const struct rhashtable_params umx_bis_flow6_params = {
	.head_offset = offsetof(struct umx_bis_flow, by6),
	.key_offset = offsetof(struct umx_bis_flow, addr6),
	.key_len = sizeof(struct in6_addr),
	.automatic_shrinking = true,
};

/* --- finding --- */

/* Context of both: RCU. */
static struct umx_bis_flow *umx_bis_flow_find4(struct umx_bis_flows *flows,
					       const struct umx_bis_flow_key *k)
{
	return rhashtable_lookup(&flows->by4, k, umx_bis_flow4_params);
}

static struct umx_bis_flow *umx_bis_flow_find6(struct umx_bis_flows *flows,
					       const struct in6_addr *addr6)
{
	if (!READ_ONCE(flows->n))
		return NULL;
	return rhashtable_lookup(&flows->by6, addr6, umx_bis_flow6_params);
}

/**
 * umx_bis_flow_has() - is this the address of one of our sessions?
 * @bn: the namespace
 * @addr6: an address
 *
 * Context: RCU.
 */
bool umx_bis_flow_has(struct umx_bis_net *bn, const struct in6_addr *addr6)
{
	return umx_bis_flow_find6(&bn->flows, addr6);
}

/**
 * umx_bis_flow_is_quoted() - is an ICMP error of this host about such a session?
 * @bn: the namespace
 * @skb: the packet it is about came from the peer
 * @off: where the quoted packet begins
 *
 * Such an error cannot leave from the session's address, since ICMP has no
 * session, and from the spool's source it would tell the peer who is behind.
 *
 * Context: RCU.
 */
bool umx_bis_flow_is_quoted(struct umx_bis_net *bn, const struct sk_buff *skb,
			    unsigned int off)
{
	struct umx_bis_flow_key key;
	struct iphdr buf;
	const struct iphdr *ip;
	__be16 ports[2];

	if (!READ_ONCE(bn->flows.n))
		return false;
	ip = skb_header_pointer(skb, off, sizeof(buf), &buf);
	if (!ip || skb_copy_bits(skb, off + ip->ihl * 4, ports, sizeof(ports)))
		return false;
	key.peer = ip->saddr;
	key.peer_port = ports[0];
	key.port = ports[1];
	key.proto = ip->protocol;
	return umx_bis_flow_find4(&bn->flows, &key);
}

/* --- coming and going --- */

static int umx_bis_flow_link(struct umx_bis_flows *flows,
			     struct umx_bis_flow *flow)
{
	int err;

	lockdep_assert_held(&flows->lock);
	if (flows->closed || flows->n >= UMX_BIS_FLOW_MAX)
		return -ENOSPC;
	err = rhashtable_lookup_insert_fast(&flows->by4, &flow->by4,
					    umx_bis_flow4_params);
	if (err)
		return err;
	err = rhashtable_lookup_insert_fast(&flows->by6, &flow->by6,
					    umx_bis_flow6_params);
	if (err) {
		rhashtable_remove_fast(&flows->by4, &flow->by4,
				       umx_bis_flow4_params);
		return err;
	}
	list_add_tail(&flow->list, &flows->list);
	WRITE_ONCE(flows->n, flows->n + 1);
	schedule_delayed_work(&flows->sweep, UMX_BIS_FLOW_EVERY);
	return 0;
}

/* Out of the tables, and onto @ended. */
static void umx_bis_flow_unlink(struct umx_bis_flows *flows,
				struct umx_bis_flow *flow,
				struct list_head *ended)
{
	lockdep_assert_held(&flows->lock);
	rhashtable_remove_fast(&flows->by4, &flow->by4, umx_bis_flow4_params);
	rhashtable_remove_fast(&flows->by6, &flow->by6, umx_bis_flow6_params);
	list_move(&flow->list, ended);
	WRITE_ONCE(flows->n, flows->n - 1);
}

/* No lock of ours is held: the lender has its own. */
static void umx_bis_flow_return(struct list_head *ended)
{
	struct umx_bis_flow *flow, *next;

	list_for_each_entry_safe(flow, next, ended, list) {
		umx_loan_return(flow->loan);
		kfree_rcu(flow, rcu);
	}
}

/*
 * Another socket has taken the place of the session @flow. Another packet may
 * have found that out as well: its session is not touched.
 */
static void umx_bis_flow_replace(struct umx_bis_flows *flows,
				 struct umx_bis_flow *flow)
{
	LIST_HEAD(ended);

	spin_lock_bh(&flows->lock);
	if (umx_bis_flow_find4(flows, &flow->key) == flow)
		umx_bis_flow_unlink(flows, flow, &ended);
	spin_unlock_bh(&flows->lock);
	umx_bis_flow_return(&ended);
}

/* --- the first packet --- */

/*
 * Is @sk connected as @key says, from @self? Not if NAT is between: then the
 * sweep would not find its session by what the packets say.
 */
static bool umx_bis_flow_connected(const struct sock *sk,
				   const struct umx_bis_flow_key *key,
				   __be32 self)
{
	return READ_ONCE(sk->sk_num) == ntohs(key->port) &&
	       READ_ONCE(sk->sk_rcv_saddr) == self &&
	       READ_ONCE(sk->sk_daddr) == key->peer &&
	       READ_ONCE(sk->sk_dport) == key->peer_port;
}

/* The socket whose session @key is, which sends @skb, or NULL. */
static struct sock *umx_bis_flow_sock(const struct umx_bis_net *bn,
				      const struct sk_buff *skb,
				      const struct umx_bis_flow_key *key,
				      __be32 self)
{
	struct sock *sk = skb->sk;

	if (!sk || !sk_fullsock(sk) || sk->sk_protocol != key->proto ||
	    (sk->sk_type != SOCK_STREAM && sk->sk_type != SOCK_DGRAM) ||
	    !net_eq(sock_net(sk), bn->net) ||
	    !umx_bis_flow_connected(sk, key, self))
		return NULL;
	/* UDP keeps the peer of a socket that is being disconnected a moment */
	if (key->proto == IPPROTO_UDP &&
	    READ_ONCE(sk->sk_state) != TCP_ESTABLISHED)
		return NULL;
	return sk;
}

/* Is this packet, of a session as @flow, the same one's? */
static bool umx_bis_flow_same(const struct umx_bis_flow *flow, struct sock *sk,
			      __be32 isn)
{
	if (flow->key.proto == IPPROTO_TCP) /* its SYN once more */
		return flow->isn == isn;
	return flow->sk == sk && flow->ino == sock_i_ino(sk);
}

/* A flow for @sk's session, or NULL: it is to have none; or ERR_PTR(). */
static struct umx_bis_flow *umx_bis_flow_make(struct umx_bis_net *bn,
					      const struct umx_bis_map *map,
					      const struct umx_bis_flow_key *key,
					      struct sock *sk, __be32 isn)
{
	const struct umx_loan_session session = {
		.net = bn->net,
		.proto = key->proto,
		.sk = sk,
		.peer = {
			.sin6_family = AF_INET6,
			.sin6_addr = map->addr6,
			.sin6_port = key->peer_port,
		},
		.port = key->port,
	};
	struct umx_bis_flow *flow;
	struct umx_loan *loan;
	int err;

	flow = kzalloc(sizeof(*flow), GFP_ATOMIC | __GFP_NOWARN | __GFP_ACCOUNT);
	if (!flow)
		return ERR_PTR(-ENOMEM);
	loan = umx_loan_draw(&session, &flow->addr6);
	if (IS_ERR_OR_NULL(loan)) {
		kfree(flow);
		return ERR_CAST(loan);
	}
	flow->loan = loan;
	flow->key = *key;
	flow->isn = isn;
	if (key->proto == IPPROTO_UDP) {
		flow->sk = sk;
		flow->ino = sock_i_ino(sk);
	}
	spin_lock_bh(&bn->flows.lock);
	err = umx_bis_flow_link(&bn->flows, flow);
	spin_unlock_bh(&bn->flows.lock);
	if (!err) {
		umx_bis_mib_inc(bn, UMX_BIS_MIB_OUT_EA);
		return flow;
	}
	umx_loan_return(loan);
	kfree_rcu(flow, rcu); /* a packet may have seen it for a moment */
	/* Threads that share a socket of UDP may both send its first packet. */
	flow = err == -EEXIST ? umx_bis_flow_find4(&bn->flows, key) : NULL;
	return flow && umx_bis_flow_same(flow, sk, isn) ? flow : ERR_PTR(err);
}

/**
 * umx_bis_flow_source() - where a packet of the host leaves from
 * @bn: the namespace
 * @spool: its spool
 * @map: the pair of its destination
 * @skb: the packet, at its IPv4 header, of TCP or UDP
 * @head: what that header says
 *
 * Return: the spool's source, an address of the session's own, or ERR_PTR(): it
 * is to leave from such a one, and there is none.
 * Context: RCU, BH off; the result is valid inside it.
 */
const struct in6_addr *umx_bis_flow_source(struct umx_bis_net *bn,
					   const struct umx_bis_spool *spool,
					   const struct umx_bis_map *map,
					   const struct sk_buff *skb,
					   const struct umx_bis_head4 *head)
{
	const struct in6_addr *source = &spool->source;
	/* the ports are where TCP has them */
	const struct tcphdr *th = (const void *)(skb->data + head->len);
	bool udp = head->proto == UMX_BIS_UDP;
	bool first = umx_bis_flow_may_begin(skb, head);
	bool offered = first && umx_loan_offered();
	struct umx_bis_flow *flow = NULL;
	struct umx_bis_flow_key key;
	struct sock *sk;

	if (!offered && !READ_ONCE(bn->flows.n))
		return source;
	key.peer = map->addr4;
	key.peer_port = th->dest;
	key.port = th->source;
	key.proto = head->proto;
	if (READ_ONCE(bn->flows.n))
		flow = umx_bis_flow_find4(&bn->flows, &key);
	if (!first)
		return flow ? &flow->addr6 : source;
	sk = umx_bis_flow_sock(bn, skb, &key, spool->self);
	if (!sk)
		return flow && !udp ? &flow->addr6 : source;
	if (flow) {
		if (umx_bis_flow_same(flow, sk, udp ? 0 : th->seq))
			return &flow->addr6;
		umx_bis_flow_replace(&bn->flows, flow);
	}
	if (!offered)
		return source;
	flow = umx_bis_flow_make(bn, map, &key, sk, udp ? 0 : th->seq);
	if (IS_ERR(flow))
		return ERR_CAST(flow);
	return flow ? &flow->addr6 : source;
}

/* --- the end --- */

/* The socket of a session of UDP, or NULL. */
static struct sock *umx_bis_flow_lookup_udp(const struct umx_bis_net *bn,
					    const struct umx_bis_flow *flow,
					    __be32 self, int ifindex)
{
	const struct umx_bis_flow_key *key = &flow->key;
	struct sock *sk;

	sk = umx_udp4_lookup(bn->net, key->peer, key->peer_port, self,
			     key->port, ifindex);
	if (!sk || sk != flow->sk || sock_i_ino(sk) != flow->ino ||
	    READ_ONCE(sk->sk_state) != TCP_ESTABLISHED ||
	    !umx_bis_flow_connected(sk, key, self) ||
	    !refcount_inc_not_zero(&sk->sk_refcnt))
		return NULL;
	return sk;
}

/*
 * What IPv4 has of a session, TIME_WAIT included, with a reference; or NULL.
 * Its packets come in by the device: a socket that is bound to another hears
 * none.
 */
static struct sock *umx_bis_flow_lookup(const struct umx_bis_net *bn,
					const struct umx_bis_flow *flow)
{
	const struct umx_bis_spool *spool = rcu_dereference(bn->spool);
	const struct net_device *dev = rcu_dereference(bn->dev);
	int ifindex = dev ? dev->ifindex : 0;

	if (!spool)
		return NULL;
	if (flow->key.proto == IPPROTO_UDP)
		return umx_bis_flow_lookup_udp(bn, flow, spool->self, ifindex);
	return umx_inet_lookup_established(bn->net, flow->key.peer,
					   flow->key.peer_port, spool->self,
					   ntohs(flow->key.port), ifindex);
}

/*
 * Has it ended? TCP's tables do not have a session for the moment in which its
 * socket becomes a TIME_WAIT: one look is not enough.
 */
static void umx_bis_flow_look(struct umx_bis_net *bn, struct umx_bis_flow *flow,
			      struct list_head *ended)
{
	struct sock *sk = umx_bis_flow_lookup(bn, flow);

	lockdep_assert_held(&bn->flows.lock);
	if (!sk && flow->missed++) {
		umx_bis_flow_unlink(&bn->flows, flow, ended);
		return;
	}
	list_move_tail(&flow->list, &bn->flows.list);
	if (!sk)
		return;
	flow->missed = 0;
	sock_gen_put(sk);
}

/* Look at all there are now; what is looked at goes to the end of the list. */
static void umx_bis_flow_sweep(struct work_struct *work)
{
	struct umx_bis_flows *flows = container_of(to_delayed_work(work),
						   struct umx_bis_flows, sweep);
	struct umx_bis_net *bn = container_of(flows, struct umx_bis_net, flows);
	unsigned int left = READ_ONCE(flows->n), i;
	LIST_HEAD(ended);

	while (left && READ_ONCE(flows->n)) {
		rcu_read_lock();
		spin_lock_bh(&flows->lock);
		for (i = 0; i < UMX_BIS_FLOW_BATCH && left &&
		     !list_empty(&flows->list); i++, left--)
			umx_bis_flow_look(bn,
					  list_first_entry(&flows->list,
							   struct umx_bis_flow,
							   list), &ended);
		spin_unlock_bh(&flows->lock);
		rcu_read_unlock();
		umx_bis_flow_return(&ended);
		INIT_LIST_HEAD(&ended);
		cond_resched();
	}
	if (READ_ONCE(flows->n))
		schedule_delayed_work(&flows->sweep, UMX_BIS_FLOW_EVERY);
}

/* The application is told, and TCP's peer. @sk's reference goes back. */
static void umx_bis_flow_abort(struct sock *sk)
{
	if (sk->sk_state == TCP_TIME_WAIT) {
		/* under the locks of TCP's tables, which packets take, too */
		local_bh_disable();
		inet_twsk_deschedule_put(inet_twsk(sk));
		local_bh_enable();
		return;
	}
	if (sk_fullsock(sk) && sk->sk_protocol == IPPROTO_UDP) {
		sk->sk_prot->diag_destroy(sk, ECONNABORTED);
		sock_put(sk);
		return;
	}
	tcp_abort(sk, ECONNABORTED);
	sock_gen_put(sk);
}

/* Give @addr back, if IPv4 has nothing of its session any more. */
static void umx_bis_flow_end_if_over(struct umx_bis_net *bn,
				     const struct in6_addr *addr)
{
	struct umx_bis_flow *flow;
	LIST_HEAD(ended);

	rcu_read_lock();
	spin_lock_bh(&bn->flows.lock);
	flow = umx_bis_flow_find6(&bn->flows, addr);
	if (flow) {
		flow->missed = 1;
		umx_bis_flow_look(bn, flow, &ended);
	}
	spin_unlock_bh(&bn->flows.lock);
	rcu_read_unlock();
	umx_bis_flow_return(&ended);
}

/* umx_loan_borrower.end */
static bool umx_bis_flow_end(struct net *net, const struct in6_addr *addr)
{
	struct umx_bis_net *bn = umx_bis_net(net);
	struct umx_bis_flow *flow;
	struct sock *sk = NULL;

	rcu_read_lock();
	flow = umx_bis_flow_find6(&bn->flows, addr);
	if (flow)
		sk = umx_bis_flow_lookup(bn, flow);
	rcu_read_unlock();
	if (sk)
		umx_bis_flow_abort(sk);
	umx_bis_flow_end_if_over(bn, addr);
	return sk;
}

static const struct umx_loan_borrower umx_bis_flow_borrower = {
	.end = umx_bis_flow_end,
};

static void umx_bis_flow_empty(struct umx_bis_flows *flows)
{
	LIST_HEAD(ended);

	spin_lock_bh(&flows->lock);
	while (!list_empty(&flows->list))
		umx_bis_flow_unlink(flows,
				    list_first_entry(&flows->list,
						     struct umx_bis_flow, list),
				    &ended);
	spin_unlock_bh(&flows->lock);
	umx_bis_flow_return(&ended);
}

/* The spool goes: without its host address there is none of these sessions. */
void umx_bis_flow_flush(struct umx_bis_net *bn)
{
	umx_bis_flow_empty(&bn->flows);
}

/* --- life --- */

int umx_bis_flow_init(struct umx_bis_net *bn)
{
	struct umx_bis_flows *flows = &bn->flows;
	int err;

	spin_lock_init(&flows->lock);
	INIT_LIST_HEAD(&flows->list);
	INIT_DELAYED_WORK(&flows->sweep, umx_bis_flow_sweep);
	err = rhashtable_init(&flows->by4, &umx_bis_flow4_params);
	if (err)
		return err;
	err = rhashtable_init(&flows->by6, &umx_bis_flow6_params);
	if (err)
		rhashtable_destroy(&flows->by4);
	return err;
}

/* pre_exit: the lender of what we have may exit before us. */
void umx_bis_flow_close(struct umx_bis_net *bn)
{
	struct umx_bis_flows *flows = &bn->flows;

	spin_lock_bh(&flows->lock);
	flows->closed = true;
	spin_unlock_bh(&flows->lock);
	umx_bis_flow_empty(flows);
	cancel_delayed_work_sync(&flows->sweep);
}

/* A grace period after umx_bis_flow_close(): nobody is in the tables. */
void umx_bis_flow_exit(struct umx_bis_net *bn)
{
	rhashtable_destroy(&bn->flows.by4);
	rhashtable_destroy(&bn->flows.by6);
}

int umx_bis_flow_setup(void)
{
	return umx_loan_borrow(&umx_bis_flow_borrower);
}

void umx_bis_flow_teardown(void)
{
	umx_loan_borrow_no_more(&umx_bis_flow_borrower);
}
