// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns listen(): the socket is attached to its port, and a port that
 * is nobody's is closed first if a rule says so (listen_rule.c).
 *
 *	listening() --> in the table, begun ---- listen() --> attached
 *	                   |                                     |
 *	                   `- it failed               the last one is closed
 *	                        `-> begun no more <--------------'
 *	                             `-> nobody begun or attached: out of the table
 *
 * The rule has its effect before the socket is in the kernel's table of
 * listeners, and a listen() that cannot be closed fails: there is no moment in
 * which a stranger reaches a server that a rule keeps from him.
 *
 * Some listen()s are not heard of: those of the kernel's own sockets (MPTCP,
 * SMC), which umx_tcp does not touch, and those of a program that has got its
 * socket out of umx_tcp's hands. Their ports are closed at the first SYN, before
 * that is answered.
 */
#include <linux/jiffies.h>
#include <net/mptcp.h>
#include <net/sock.h>
#include "elder.h"
#include "event.h"
#include "listen.h"
#include "listen_rule.h"
#include "listener.h"
#include "mib.h"
#include "netns.h"

/*
 * The port of a listen() that begins, with a reference, counted as begun. One
 * that is not in the table, and that a rule closes, is made of @fresh. Return:
 * NULL: the port is nobody's; -EAGAIN: it takes a @fresh one; -EADDRNOTAVAIL:
 * rules have closed as many as they may.
 */
static struct umx_listener *umx_listen_port(struct umx_net *un, u16 port,
					    struct sock *sk,
					    struct umx_listener *fresh)
{
	struct umx_listen_rule *rule;
	struct umx_listener *listener;

	lockdep_assert_held(&un->ports_lock);
	listener = umx_listener_find(un, port);
	if (!listener) {
		rule = umx_listen_rule_match(un, sk, port);
		if (!rule)
			return NULL;
		if (!fresh && rule->port.mode != UMX_LISTENER_LEGACY)
			return ERR_PTR(-EAGAIN);
		if (rule->port.mode != UMX_LISTENER_LEGACY &&
		    un->n_ruled >= UMX_LISTEN_RULE_PORTS)
			return ERR_PTR(-EADDRNOTAVAIL);
		rule->hits++;
		if (rule->port.mode == UMX_LISTENER_LEGACY)
			return NULL;
		listener = fresh;
		umx_listener_apply(listener, &rule->port, true);
		listener->mode = rule->port.mode;
		listener->rule = rule->id;
		listener->ruled = true;
		un->n_ruled++;
		umx_listener_insert(listener);
	}
	refcount_inc(&listener->ref);
	listener->begun++;
	return listener;
}

static struct umx_listener *umx_listen_port_fresh(struct umx_net *un, u16 port,
						  struct sock *sk, gfp_t gfp)
{
	struct umx_listener *listener, *fresh;

	fresh = umx_listener_new(un, port, gfp);
	if (!fresh)
		return ERR_PTR(-ENOMEM);
	spin_lock_bh(&un->ports_lock);
	listener = umx_listen_port(un, port, sk, fresh);
	spin_unlock_bh(&un->ports_lock);
	if (listener == fresh) {
		umx_mib_inc(un, UMX_MIB_LISTEN_RULED);
		umx_event_listener(un, port, fresh->mode);
	} else {
		kfree(fresh);
	}
	return listener;
}

static struct umx_listener *umx_listen_port_get(struct umx_net *un, u16 port,
						struct sock *sk, gfp_t gfp)
{
	struct umx_listener *listener;

	spin_lock_bh(&un->ports_lock);
	listener = umx_listen_port(un, port, sk, NULL);
	spin_unlock_bh(&un->ports_lock);
	if (listener == ERR_PTR(-EAGAIN))
		listener = umx_listen_port_fresh(un, port, sk, gfp);
	return listener;
}

/* The reference stays. */
static void umx_listen_port_done(struct umx_listener *listener)
{
	struct umx_net *un = listener->un;

	spin_lock_bh(&un->ports_lock);
	listener->begun--;
	spin_unlock_bh(&un->ports_lock);
}

/* Ports whose MPTCP server may have gone keep others from being closed. */
static void umx_listen_sweep(struct umx_net *un)
{
	struct umx_listener *listener;
	unsigned int i;

	rcu_read_lock();
	for (i = 0; i < UMX_PORT_BUCKETS; i++)
		hlist_for_each_entry_rcu(listener, &un->ports[i], node)
			umx_listen_over(listener);
	rcu_read_unlock();
}

/**
 * umx_listen_begin() - umx_tcp_ops.listening: a listen() begins
 * @sk: the socket, which has its port
 *
 * Return: the port, for umx_listen_end(), or NULL; -EADDRNOTAVAIL, -ENOMEM: a
 * rule is to close it, and cannot.
 */
void *umx_listen_begin(struct sock *sk)
{
	struct umx_net *un = umx_net(sock_net(sk));
	struct umx_listener *listener;

	if (!READ_ONCE(un->has_listeners))
		return NULL;
	listener = umx_listen_port_get(un, inet_sk(sk)->inet_num, sk,
				       GFP_KERNEL_ACCOUNT);
	if (IS_ERR(listener)) {
		umx_mib_inc(un, UMX_MIB_LISTEN_REFUSED);
		umx_listen_sweep(un);
	}
	return listener;
}

/* The port of a listen() that nobody has seen begin. */
static struct umx_listener *umx_listen_set(struct umx_net *un, u16 port)
{
	struct umx_listener *listener;

	rcu_read_lock();
	listener = umx_listener_find(un, port);
	if (listener && !refcount_inc_not_zero(&listener->ref))
		listener = NULL;
	rcu_read_unlock();
	return listener;
}

/*
 * Was the port closed for another, of whose end nothing was heard? One that no
 * rule is about does not take his place.
 */
static bool umx_listen_is_stranger(const struct umx_listener *listener,
				   struct sock *sk)
{
	return READ_ONCE(listener->ruled) && !READ_ONCE(listener->n_socks) &&
	       !umx_listen_rule_closes(listener->un, sk, listener->port);
}

/**
 * umx_listen_end() - umx_tcp_ops.listen: it has succeeded, or not
 * @sk: the socket
 * @begun: its port, as umx_listen_begin() found it
 * @err: of the listen()
 */
void umx_listen_end(struct sock *sk, void *begun, int err)
{
	struct umx_net *un = umx_net(sock_net(sk));
	struct umx_listener *listener = begun;

	/* it may have been set meanwhile */
	if (!begun && !err && READ_ONCE(un->has_listeners))
		listener = umx_listen_set(un, inet_sk(sk)->inet_num);
	if (!listener)
		return;
	if (!err)
		err = umx_listen_is_stranger(listener, sk) ? -EPERM :
		      umx_listener_attach(listener, sk, current);
	if (begun)
		umx_listen_port_done(listener);
	if (err && READ_ONCE(listener->ruled))
		umx_listener_take_over(listener);
	umx_listener_put(listener);
}

/**
 * umx_listen_late() - close the port of a listen() that nobody was asked about
 * @un: the namespace
 * @sk: what listens; NULL: nothing
 * @port: there; nobody's
 *
 * A SYN comes for it now. A server of IPv4 alone is nobody's but MPTCP's.
 * Context: RCU. Return: the port; NULL: no rule is about it; ERR_PTR(): one is,
 * but it could not be closed: nothing may be said from it.
 */
struct umx_listener *umx_listen_late(struct umx_net *un, struct sock *sk,
				     u16 port)
{
	struct umx_listener *listener;

	if (!sk || !sk_fullsock(sk) ||
	    (sk->sk_family != AF_INET6 && !sk_is_mptcp(sk)) ||
	    umx_elder_is(un, port) || !umx_listen_rule_closes(un, sk, port))
		return NULL;
	listener = umx_listen_port_get(un, port, sk, GFP_ATOMIC);
	if (IS_ERR_OR_NULL(listener))
		return listener;
	umx_listen_port_done(listener);
	if (!sk->sk_kern_sock)
		umx_listener_take_over(listener);
	umx_listener_put(listener);	/* the table has one */
	return listener;
}

/**
 * umx_listen_over() - nobody may listen on a port any more
 * @listener: the port
 *
 * Of what is not attached the end is not heard; it is looked for when the stack
 * has said that there is none, which a stranger may have it say: once a second.
 * Context: any.
 */
void umx_listen_over(struct umx_listener *listener)
{
	unsigned long now = jiffies;

	if (!READ_ONCE(listener->ruled) || READ_ONCE(listener->n_socks) ||
	    time_before(now, READ_ONCE(listener->looked) + HZ))
		return;
	WRITE_ONCE(listener->looked, now);
	umx_listener_take_over(listener);
}
