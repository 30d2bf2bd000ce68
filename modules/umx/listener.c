// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the ports and what is attached to them: listening sockets on
 * one side, waiting SSAs on the other.
 *
 * The gate is by port, so that it also closes listeners that cannot be
 * attached (MPTCP, kernel sockets). Attaching is what lets a listener's
 * children be claimed, one per SSA.
 */
#include <linux/rculist.h>
#include <linux/slab.h>
#include <net/inet6_hashtables.h>
#include <net/ipv6.h>
#include <umx/compat.h>
#include "address.h"
#include "auto.h"
#include "event.h"
#include "listener.h"
#include "netns.h"
#include "pool.h"
#include "socks.h"
#include "ssa.h"

static void umx_listen_sock_release(struct umx_tcp_track *track,
				    struct sock *sk);

static const struct umx_tcp_type umx_listen_sock_type = {
	.owner = THIS_MODULE,
	.slot = UMX_TCP_SLOT_ADDRESS,
	.release = umx_listen_sock_release,
};

static struct hlist_head *umx_port_bucket(const struct umx_net *un, u16 port)
{
	return (struct hlist_head *)&un->ports[port & (UMX_PORT_BUCKETS - 1)];
}

/* Context: RCU or umx_net.lock. */
struct umx_listener *umx_listener_find(const struct umx_net *un, u16 port)
{
	struct umx_listener *listener;

	hlist_for_each_entry_rcu(listener, umx_port_bucket(un, port), node,
				 lockdep_is_held(&un->lock))
		if (listener->port == port)
			return listener;
	return NULL;
}

bool umx_listener_any(const struct umx_net *un)
{
	unsigned int i;

	for (i = 0; i < UMX_PORT_BUCKETS; i++)
		if (!hlist_empty(&un->ports[i]))
			return true;
	return false;
}

void umx_listener_put(struct umx_listener *listener)
{
	if (refcount_dec_and_test(&listener->ref))
		kfree_rcu(listener, rcu);
}

static void umx_listen_sock_put(struct umx_listen_sock *ls)
{
	if (!refcount_dec_and_test(&ls->ref))
		return;
	put_pid(ls->owner);
	umx_listener_put(ls->listener);
	kfree_rcu(ls, rcu);
}

/* Does a socket of process @pid still listen here? */
static bool umx_listener_has_owner(const struct umx_listener *listener,
				   const struct pid *pid)
{
	struct umx_listen_sock *ls;

	lockdep_assert_held(&listener->lock);
	list_for_each_entry(ls, &listener->socks, list)
		if (ls->owner == pid)
			return true;
	return false;
}

/*
 * Dispose waiting SSAs: all, or those given to a process that listens no more.
 * They are moved to a list of our own first, because the lock of an address
 * comes before the listener's. An SSA that is claimed meanwhile leaves that
 * list by itself.
 */
static u32 umx_listener_expire(struct umx_listener *listener, bool all)
{
	struct umx_addr *addr, *next;
	LIST_HEAD(doomed);
	u32 n = 0;

	spin_lock_bh(&listener->lock);
	list_for_each_entry_safe(addr, next, &listener->waiting, waiting)
		if (all || (addr->pid &&
			    !umx_listener_has_owner(listener, addr->pid)))
			list_move(&addr->waiting, &doomed);
	while (!list_empty(&doomed)) {
		addr = list_first_entry(&doomed, struct umx_addr, waiting);
		umx_addr_get(addr);
		spin_unlock_bh(&listener->lock);
		n += umx_addr_expire(addr);
		umx_addr_put(addr);
		spin_lock_bh(&listener->lock);
	}
	spin_unlock_bh(&listener->lock);
	return n;
}

u32 umx_listener_expire_all(struct umx_listener *listener)
{
	return umx_listener_expire(listener, true);
}

/* Return: false if nothing waits here any more. */
bool umx_listener_wait(struct umx_listener *listener, struct umx_addr *addr)
{
	bool wait;

	spin_lock_bh(&listener->lock);
	wait = !listener->dead && !READ_ONCE(listener->un->draining);
	if (wait) {
		list_add_tail(&addr->waiting, &listener->waiting);
		listener->n_waiting++;
	}
	spin_unlock_bh(&listener->lock);
	return wait;
}

void umx_listener_unwait(struct umx_listener *listener, struct umx_addr *addr)
{
	spin_lock_bh(&listener->lock);
	if (!list_empty(&addr->waiting)) {
		list_del_init(&addr->waiting);
		listener->n_waiting--;
	}
	spin_unlock_bh(&listener->lock);
	umx_auto_kick(listener);
}

void umx_listener_ready(struct umx_listener *listener, struct umx_addr *addr)
{
	lockdep_assert_held(&listener->un->lock);
	spin_lock_bh(&listener->lock);
	list_add_tail(&addr->waiting, &listener->ready);
	WRITE_ONCE(listener->n_ready, listener->n_ready + 1);
	spin_unlock_bh(&listener->lock);
}

void umx_listener_unready(struct umx_listener *listener, struct umx_addr *addr)
{
	lockdep_assert_held(&listener->un->lock);
	spin_lock_bh(&listener->lock);
	if (!list_empty(&addr->waiting)) {
		list_del_init(&addr->waiting);
		WRITE_ONCE(listener->n_ready, listener->n_ready - 1);
	}
	spin_unlock_bh(&listener->lock);
}

/* The socket listens no more, or was detached. */
static void umx_listen_sock_release(struct umx_tcp_track *track,
				    struct sock *sk)
{
	struct umx_listen_sock *ls =
		container_of(track, struct umx_listen_sock, track);
	struct umx_listener *listener = ls->listener;

	spin_lock_bh(&listener->lock);
	list_del_rcu(&ls->list);
	listener->n_socks--;
	spin_unlock_bh(&listener->lock);

	umx_listener_expire(listener, false);
	umx_auto_kick(listener);
	umx_listen_sock_put(ls);
}

/*
 * Attach one socket. Context: process, socket lock held.
 * Return: 0, also if it was attached before.
 */
static int umx_listener_attach(struct umx_listener *listener, struct sock *sk,
			       struct task_struct *task)
{
	struct umx_listen_sock *ls;
	int err;

	ls = kzalloc(sizeof(*ls), GFP_KERNEL_ACCOUNT);
	if (!ls)
		return -ENOMEM;
	ls->track.type = &umx_listen_sock_type;
	ls->track.sk = sk;	/* umx_listener_detach() waits for its lock */
	ls->listener = listener;
	refcount_inc(&listener->ref);
	ls->bound = sk->sk_v6_rcv_saddr;
	ls->dualstack = !ipv6_only_sock(sk) && ipv6_addr_any(&ls->bound);
	if (task) {
		ls->owner = get_pid(task_tgid(task));
		get_task_comm(ls->comm, task);
	}
	refcount_set(&ls->ref, 1);

	spin_lock_bh(&listener->lock);
	err = listener->dead ? -ESHUTDOWN : 0;
	if (!err) {
		list_add_tail_rcu(&ls->list, &listener->socks);
		listener->n_socks++;
	}
	spin_unlock_bh(&listener->lock);
	if (err) {
		umx_listen_sock_put(ls);
		return err;
	}

	err = umx_tcp_listener_attach(sk, &ls->track);
	if (err) {
		spin_lock_bh(&listener->lock);
		list_del_rcu(&ls->list);
		listener->n_socks--;
		spin_unlock_bh(&listener->lock);
		umx_listen_sock_put(ls);
	} else {
		umx_auto_kick(listener);
	}
	return err == -EALREADY ? 0 : err;
}

/* Return: sockets that could not be attached. */
static unsigned int umx_listener_attach_all(struct umx_listener *listener,
					    struct umx_socks *socks)
{
	unsigned int i, failed = 0;
	struct sock *sk;

	for (i = 0; i < socks->n; i++) {
		sk = socks->sk[i];
		if (inet_sk(sk)->inet_num != listener->port)
			continue;
		lock_sock(sk);
		if (sk->sk_state == TCP_LISTEN &&
		    umx_listener_attach(listener, sk, NULL))
			failed++;
		release_sock(sk);
	}
	return failed;
}

/* umx_tcp_ops.listen: a listen() of this namespace has succeeded, or not. */
void umx_listener_listen(struct sock *sk, void *begun, int err)
{
	struct umx_net *un = umx_net(sock_net(sk));
	struct umx_listener *listener;

	if (err || !READ_ONCE(un->has_listeners))
		return;
	rcu_read_lock();
	listener = umx_listener_find(un, inet_sk(sk)->inet_num);
	if (listener && !refcount_inc_not_zero(&listener->ref))
		listener = NULL;
	rcu_read_unlock();
	if (!listener)
		return;
	umx_listener_attach(listener, sk, current);
	umx_listener_put(listener);
}

static void umx_listener_takeover(struct work_struct *work)
{
	struct umx_listener *listener =
		container_of(work, struct umx_listener, takeover);
	struct umx_net *un = listener->un;
	struct umx_socks *socks = NULL;

	mutex_lock(&un->lock);
	if (!un->gone && !listener->dead && !un->draining)
		socks = umx_socks_of_port(un->net, listener->port, true);
	if (socks) {
		umx_listener_attach_all(listener, socks);
		umx_socks_put(socks);
	}
	mutex_unlock(&un->lock);
	umx_listener_put(listener);
}

/**
 * umx_listener_take_over() - a SYN found a socket that is not attached
 * @listener: its port
 *
 * The socket was made before the port was set, or before the module. The SYN
 * is dropped; its retransmission finds the socket attached.
 * Context: softirq.
 */
void umx_listener_take_over(struct umx_listener *listener)
{
	if (!refcount_inc_not_zero(&listener->ref))
		return;
	if (!queue_work(umx_wq, &listener->takeover))
		umx_listener_put(listener);
}

/**
 * umx_listener_lookup() - the listening socket for a SYN to an SSA
 * @listener: the SSA's port
 * @skb: the SYN
 * @doff: offset of its TCP header
 * @th: its TCP header
 *
 * A socket bound to one legacy address is found by that address: the SSA takes
 * its place (Delayed Address Setting comes after bind()). Of an SO_REUSEPORT
 * group the kernel picks the member.
 * Context: RCU. Return: a socket, no reference taken, or NULL.
 */
struct sock *umx_listener_lookup(struct umx_listener *listener,
				 struct sk_buff *skb, int doff,
				 const struct tcphdr *th)
{
	const struct ipv6hdr *ip6h = ipv6_hdr(skb);
	struct net *net = listener->un->net;
	struct umx_listen_sock *ls;
	struct sock *sk;

	sk = umx_inet6_lookup_listener(net, skb, doff, &ip6h->saddr,
				       th->source, &ip6h->daddr,
				       listener->port, inet6_iif(skb),
				       inet6_sdif(skb));
	if (sk)
		return sk;
	list_for_each_entry_rcu(ls, &listener->socks, list) {
		if (ipv6_addr_any(&ls->bound))
			continue;
		sk = umx_inet6_lookup_listener(net, skb, doff, &ip6h->saddr,
					       th->source, &ls->bound,
					       listener->port, inet6_iif(skb),
					       inet6_sdif(skb));
		if (sk)
			return sk;
	}
	return NULL;
}

/**
 * umx_listener_claim_pid() - bind SSAs to the listening sockets of a process
 * @listener: the port
 * @socks: the sockets of the process
 * @pid: the process
 *
 * Return: the process the sockets are known by (the first that was named), to
 * compare with umx_listen_sock.owner; a reference.
 */
struct pid *umx_listener_claim_pid(struct umx_listener *listener,
				   const struct umx_socks *socks,
				   struct pid *pid)
{
	struct umx_listen_sock *ls;
	struct pid *owner = NULL;
	unsigned int i;

	spin_lock_bh(&listener->lock);
	list_for_each_entry(ls, &listener->socks, list)
		for (i = 0; i < socks->n; i++) {
			if (ls->track.sk != socks->sk[i])
				continue;
			if (!ls->owner)
				ls->owner = get_pid(pid);
			if (!owner)
				owner = ls->owner;
		}
	owner = get_pid(owner ?: pid);
	spin_unlock_bh(&listener->lock);
	return owner;
}

/*
 * Give the sockets of @listener back to plain TCP. Each is locked, so that its
 * children are either complete and tracked or not begun.
 */
static u32 umx_listener_detach(struct umx_listener *listener)
{
	struct umx_listen_sock *ls;
	struct sock *sk;
	u32 n = 0;

	for (;;) {
		sk = NULL;
		spin_lock_bh(&listener->lock);
		list_for_each_entry(ls, &listener->socks, list) {
			sk = ls->track.sk;
			/* a dying one leaves the list by itself */
			if (refcount_inc_not_zero(&sk->sk_refcnt)) {
				refcount_inc(&ls->ref);
				break;
			}
			sk = NULL;
		}
		spin_unlock_bh(&listener->lock);
		if (!sk)
			return n;

		lock_sock(sk);
		umx_tcp_listener_detach(sk, &ls->track);
		release_sock(sk);
		sock_put(sk);
		umx_listen_sock_put(ls);
		n++;
	}
}

u32 umx_listener_detach_all(struct umx_net *un)
{
	struct umx_listener *listener;
	unsigned int i;
	u32 n = 0;

	lockdep_assert_held(&un->lock);
	for (i = 0; i < UMX_PORT_BUCKETS; i++)
		hlist_for_each_entry(listener, &un->ports[i], node)
			n += umx_listener_detach(listener);
	return n;
}

/* Back to legacy: the gate opens, waiting SSAs are disposed, sessions stay. */
static void umx_listener_del(struct umx_listener *listener)
{
	struct umx_net *un = listener->un;

	lockdep_assert_held(&un->lock);
	hlist_del_rcu(&listener->node);
	spin_lock_bh(&listener->lock);
	listener->dead = true;
	spin_unlock_bh(&listener->lock);
	umx_listener_expire(listener, true);
	umx_auto_fill(listener);
	umx_listener_detach(listener);
	umx_net_switch(un);
	if (cancel_work(&listener->takeover))
		umx_listener_put(listener);
	if (cancel_work(&listener->refill))
		umx_listener_put(listener);
	umx_listener_put(listener);
}

void umx_listener_flush(struct umx_net *un)
{
	struct umx_listener *listener;
	struct hlist_node *next;
	unsigned int i;

	lockdep_assert_held(&un->lock);
	for (i = 0; i < UMX_PORT_BUCKETS; i++)
		hlist_for_each_entry_safe(listener, next, &un->ports[i], node) {
			umx_event_listener(un, listener->port,
					   UMX_LISTENER_LEGACY);
			umx_listener_del(listener);
		}
}

static struct umx_listener *umx_listener_new(struct umx_net *un, u16 port,
					     u8 mode)
{
	struct umx_listener *listener;

	listener = kzalloc(sizeof(*listener), GFP_KERNEL);
	if (!listener)
		return NULL;
	listener->un = un;
	listener->port = port;
	listener->mode = mode;
	listener->local = true;
	listener->half_open = UMX_HALF_OPEN;
	listener->cookie_rate = UMX_COOKIE_RATE;
	spin_lock_init(&listener->lock);
	INIT_LIST_HEAD(&listener->socks);
	INIT_LIST_HEAD(&listener->waiting);
	INIT_LIST_HEAD(&listener->ready);
	INIT_WORK(&listener->takeover, umx_listener_takeover);
	INIT_WORK(&listener->refill, umx_auto_work);
	refcount_set(&listener->ref, 1);
	return listener;
}

/*
 * May the port have this configuration? A port in mode auto needs a pool from
 * now on, other ports only for their next SSA.
 */
static int umx_listener_check(struct umx_net *un,
			      const struct umx_listener *old,
			      const struct umx_listener_config *config,
			      struct netlink_ext_ack *extack)
{
	const char *name = config->pool;

	if (un->draining) {
		NL_SET_ERR_MSG(extack, "this network namespace is being drained ('drain off' ends that)");
		return -EBUSY;
	}
	if ((!name || !name[0]) && config->mode != UMX_LISTENER_AUTO)
		return 0;
	if (!name)
		name = old ? old->pool : "";
	return PTR_ERR_OR_ZERO(umx_ssa_pool_of(un, name, extack));
}

/**
 * umx_listener_set() - set the mode of a port
 * @un: the namespace; its lock is held
 * @config: port, mode, and what else was given
 * @socks: listening sockets of the port known to the caller
 * @owner: process they belong to, or NULL
 * @extack: gets the sentence of a refusal, or of a warning on success
 *
 * Return: 0, -ENOENT and -ENOTUNIQ (pool), -ENOMEM, -EBUSY (draining).
 */
int umx_listener_set(struct umx_net *un,
		     const struct umx_listener_config *config,
		     struct umx_socks *socks, struct pid *owner,
		     struct netlink_ext_ack *extack)
{
	struct umx_listener *listener;
	bool fresh = false;
	int err;

	lockdep_assert_held(&un->lock);
	listener = umx_listener_find(un, config->port);

	if (config->mode == UMX_LISTENER_LEGACY) {
		if (listener) {
			umx_event_listener(un, config->port, config->mode);
			umx_listener_del(listener);
		}
		return 0;
	}
	err = umx_listener_check(un, listener, config, extack);
	if (err)
		return err;
	if (!listener) {
		err = umx_net_make_ready(un);	/* handshakes are looked up */
		if (err)
			return err;
		listener = umx_listener_new(un, config->port, config->mode);
		if (!listener)
			return -ENOMEM;
		fresh = true;
	}
	if (config->pool)
		strscpy(listener->pool, config->pool, sizeof(listener->pool));
	if (config->ipv4 >= 0)
		WRITE_ONCE(listener->ipv4, config->ipv4);
	if (config->local >= 0)
		WRITE_ONCE(listener->local, config->local);
	if (config->half_open >= 0)
		WRITE_ONCE(listener->half_open, config->half_open);
	if (config->cookie_rate >= 0)
		WRITE_ONCE(listener->cookie_rate, config->cookie_rate);
	if (fresh) {
		hlist_add_head_rcu(&listener->node,
				   umx_port_bucket(un, listener->port));
		err = umx_net_switch(un);
		if (err) {
			NL_SET_ERR_MSG(extack, "the netfilter hooks of the gate cannot be registered");
			umx_listener_del(listener);
			return err;
		}
	}
	if (fresh || listener->mode != config->mode)
		umx_event_listener(un, config->port, config->mode);
	WRITE_ONCE(listener->mode, config->mode);
	if (umx_listener_attach_all(listener, socks))
		NL_SET_ERR_MSG(extack, "a listening socket of this port takes no SSAs (MPTCP or kernel); it is closed to everybody");
	if (owner)
		put_pid(umx_listener_claim_pid(listener, socks, owner));
	umx_auto_fill(listener);
	return 0;
}
