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
#include "elder.h"
#include "event.h"
#include "listen_rule.h"
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

/* Context: RCU, umx_net.lock or umx_net.ports_lock. */
struct umx_listener *umx_listener_find(const struct umx_net *un, u16 port)
{
	struct umx_listener *listener;

	hlist_for_each_entry_rcu(listener, umx_port_bucket(un, port), node,
				 lockdep_is_held(&un->lock) ||
				 lockdep_is_held(&un->ports_lock))
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
	if (READ_ONCE(listener->ruled))
		umx_listener_take_over(listener);
	umx_listen_sock_put(ls);
}

/**
 * umx_listener_attach() - attach one socket
 * @listener: its port
 * @sk: the socket
 * @task: whose listen() it is, or NULL
 *
 * Context: process, socket lock held.
 * Return: 0, also if it was attached before.
 */
int umx_listener_attach(struct umx_listener *listener, struct sock *sk,
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

/*
 * A port that a rule has made, and that has no socket, may be another's by now:
 * whom no rule is about is left alone. If the rule is gone, so is the answer.
 */
static void umx_listener_spare(struct umx_listener *listener,
			       struct umx_socks *socks)
{
	struct umx_net *un = listener->un;
	unsigned int i, n = 0;

	lockdep_assert_held(&un->lock);
	if (!listener->ruled || READ_ONCE(listener->n_socks) ||
	    umx_listen_rule_index(un, listener->rule) == U32_MAX)
		return;
	for (i = 0; i < socks->n; i++) {
		if (umx_listen_rule_closes(un, socks->sk[i], listener->port))
			socks->sk[n++] = socks->sk[i];
		else
			sock_put(socks->sk[i]);
	}
	socks->n = n;
}

static void umx_listener_retire(struct umx_listener *listener);

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
		umx_listener_spare(listener, socks);
		/* what could not be attached still listens: it stays closed */
		if (!umx_listener_attach_all(listener, socks))
			umx_listener_retire(listener);
		umx_socks_put(socks);
	}
	mutex_unlock(&un->lock);
	umx_listener_put(listener);
}

/**
 * umx_listener_take_over() - what is attached may not be what listens
 * @listener: the port
 *
 * A SYN found a socket that is not attached: it was made before the port was
 * set, or before the module. The SYN is dropped; its retransmission finds the
 * socket attached. Or a port that a rule has made lost its last socket.
 * Context: any.
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

/*
 * Take a port out of the table. @idle: only if a rule has made it, and nobody
 * listens there, or is about to. Return: was it taken out?
 */
static bool umx_listener_remove(struct umx_listener *listener, bool idle)
{
	struct umx_net *un = listener->un;
	bool remove;

	lockdep_assert_held(&un->lock);
	spin_lock_bh(&un->ports_lock);
	remove = !idle || (listener->ruled && !listener->begun &&
			   !READ_ONCE(listener->n_socks));
	if (remove) {
		hlist_del_rcu(&listener->node);
		un->n_ruled -= listener->ruled;
	}
	spin_unlock_bh(&un->ports_lock);
	return remove;
}

/* The gate opens, waiting SSAs are disposed, sessions stay. */
static void umx_listener_end(struct umx_listener *listener)
{
	spin_lock_bh(&listener->lock);
	listener->dead = true;
	spin_unlock_bh(&listener->lock);
	umx_listener_expire(listener, true);
	umx_auto_fill(listener);
	umx_listener_detach(listener);
	umx_net_switch(listener->un);
	if (cancel_work(&listener->takeover))
		umx_listener_put(listener);
	if (cancel_work(&listener->refill))
		umx_listener_put(listener);
	umx_listener_put(listener);
}

/* Back to legacy. */
static void umx_listener_del(struct umx_listener *listener)
{
	umx_listener_remove(listener, false);
	umx_listener_end(listener);
}

/* The last server of a port that a rule has closed may have gone. */
static void umx_listener_retire(struct umx_listener *listener)
{
	struct umx_net *un = listener->un;

	if (!umx_listener_remove(listener, true))
		return;
	umx_event_listener(un, listener->port, UMX_LISTENER_LEGACY);
	un->genid++;
	umx_listener_end(listener);
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

/* What is not given stays; but of a fresh one, and of what a rule has made. */
void umx_listener_apply(struct umx_listener *listener,
			       const struct umx_listener_config *config,
			       bool fresh)
{
	if (config->pool || fresh)
		strscpy(listener->pool, config->pool ?: "",
			sizeof(listener->pool));
	if (config->ipv4 >= 0 || fresh)
		WRITE_ONCE(listener->ipv4, config->ipv4 > 0);
	if (config->local >= 0 || fresh)
		WRITE_ONCE(listener->local, config->local != 0);
	if (config->half_open >= 0 || fresh)
		WRITE_ONCE(listener->half_open, config->half_open < 0 ?
			   UMX_HALF_OPEN : config->half_open);
	if (config->cookie_rate >= 0 || fresh)
		WRITE_ONCE(listener->cookie_rate, config->cookie_rate < 0 ?
			   UMX_COOKIE_RATE : config->cookie_rate);
}

/* A port that is not in the table yet, and has no settings. */
struct umx_listener *umx_listener_new(struct umx_net *un, u16 port, gfp_t gfp)
{
	struct umx_listener *listener;

	listener = kzalloc(sizeof(*listener), gfp);
	if (!listener)
		return NULL;
	listener->un = un;
	listener->port = port;
	listener->looked = jiffies;
	spin_lock_init(&listener->lock);
	INIT_LIST_HEAD(&listener->socks);
	INIT_LIST_HEAD(&listener->waiting);
	INIT_LIST_HEAD(&listener->ready);
	INIT_WORK(&listener->takeover, umx_listener_takeover);
	INIT_WORK(&listener->refill, umx_auto_work);
	refcount_set(&listener->ref, 1);
	return listener;
}

/* Context: umx_net.ports_lock; the port is not in the table. */
void umx_listener_insert(struct umx_listener *listener)
{
	struct umx_net *un = listener->un;

	lockdep_assert_held(&un->ports_lock);
	hlist_add_head_rcu(&listener->node,
			   umx_port_bucket(un, listener->port));
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

/*
 * A port that is nobody's, or a rule's, becomes the operator's, with what he
 * says and nothing else. @fresh: was it nobody's?
 */
static struct umx_listener *
umx_listener_by_hand(struct umx_net *un,
		     const struct umx_listener_config *config, bool *fresh)
{
	struct umx_listener *listener, *new;

	new = umx_listener_new(un, config->port, GFP_KERNEL_ACCOUNT);
	if (!new)
		return NULL;
	new->mode = config->mode;
	umx_listener_apply(new, config, true);
	spin_lock_bh(&un->ports_lock);
	/* a listen() may have been faster */
	listener = umx_listener_find(un, config->port);
	*fresh = !listener;
	if (*fresh) {
		umx_listener_insert(new);
	} else {
		un->n_ruled--;
		WRITE_ONCE(listener->ruled, false);
	}
	spin_unlock_bh(&un->ports_lock);
	if (*fresh)
		return new;
	kfree(new);
	umx_listener_apply(listener, config, true);
	return listener;
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
		umx_elder_set(un, config->port);
		if (listener) {
			umx_event_listener(un, config->port, config->mode);
			umx_listener_del(listener);
		}
		return 0;
	}
	err = umx_listener_check(un, listener && !listener->ruled ? listener : NULL,
				 config, extack);
	if (err)
		return err;
	if (!listener || listener->ruled) {
		err = umx_net_make_ready(un);	/* handshakes are looked up */
		if (err)
			return err;
		listener = umx_listener_by_hand(un, config, &fresh);
		if (!listener)
			return -ENOMEM;
	} else {
		umx_listener_apply(listener, config, false);
	}
	if (fresh) {
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
