// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the replaced entries of struct proto: init, connect, hash and
 * the socket options of TCP/IPv6 sockets.
 *
 * Only tcpv6_prot.init is replaced in the kernel's own struct. kTLS, sockmap
 * and espintcp copy the whole struct into tables of their own and never call
 * the copy's init, so that no stale pointer of ours can be called after we are
 * gone. Everything else lives in a copy of our own that a socket uses until it
 * connects or listens.
 */
#include <linux/net.h>
#include <linux/rcupdate.h>
#include <net/inet_connection_sock.h>
#include <net/ipv6.h>
#include <umx/compat.h>
#include "umx_tcp.h"

struct proto umx_tcp_prot;

/*
 * A child of a socket that is ours: its listener has ended while it was made.
 * The reference it came with (sk_prot_creator) is its own.
 */
static void umx_tcp_ulp_clone(const struct request_sock *req,
			      struct sock *newsk, const gfp_t priority)
{
	umx_tcp_prot_reset(newsk);
}

/*
 * kTLS keeps one table for all its sockets and builds it around the sk_prot of
 * whoever asks for kTLS, before it looks whether that one is connected; so does
 * espintcp. TCP puts one upper layer protocol on a socket and asks no other one
 * then. While sk_prot is ours it is this one, which does nothing: setsockopt()
 * copies the name before it takes the socket lock, and what sk_prot was then
 * says nothing.
 */
static const struct tcp_ulp_ops umx_tcp_ulp = {
	.name = "umx",
	.clone = umx_tcp_ulp_clone,	/* or TCP would refuse listen() */
};

/* Have @sk ask us. Context: socket lock held, or nobody else knows @sk. */
void umx_tcp_prot_set(struct sock *sk)
{
	struct inet_connection_sock *icsk = inet_csk(sk);

	if (!icsk->icsk_ulp_ops)
		WRITE_ONCE(icsk->icsk_ulp_ops, &umx_tcp_ulp);
	smp_wmb();	/* sk_clone_lock() reads them without the lock */
	WRITE_ONCE(sk->sk_prot, &umx_tcp_prot);
}

/* Give sk_prot back. Context: socket lock held. */
void umx_tcp_prot_reset(struct sock *sk)
{
	struct inet_connection_sock *icsk = inet_csk(sk);

	WRITE_ONCE(sk->sk_prot, &tcpv6_prot);
	smp_wmb();	/* as above */
	if (icsk->icsk_ulp_ops == &umx_tcp_ulp)
		WRITE_ONCE(icsk->icsk_ulp_ops, NULL);
}

/* Make @sk ours, reference included; false leaves it plain. */
bool umx_tcp_adopt(struct sock *sk)
{
	if (!try_module_get(THIS_MODULE))
		return false;
	sk->sk_prot_creator = &umx_tcp_prot;
	return true;
}

/*
 * Make @sk plain, reference included. Only for callers that return into core
 * code without sleeping: see rule 1 in umx_tcp.h.
 */
void umx_tcp_drop(struct sock *sk)
{
	umx_tcp_note_free(sk);
	if (sk->sk_destruct == umx_tcp_destruct)
		WRITE_ONCE(sk->sk_destruct, umx_tcp_origin.destruct);
	sk->sk_prot_creator = &tcpv6_prot;
	module_put(THIS_MODULE);
}

static int umx_tcp_init_sock(struct sock *sk)
{
	int err = umx_tcp_origin.init(sk);

	if (err || !static_branch_unlikely(&umx_tcp_used))
		return err;
	if (sk->sk_kern_sock || !sk->sk_net_refcnt ||
	    !umx_tcp_enabled(sock_net(sk)) || !umx_tcp_track_possible(sk))
		return 0;
	if (umx_tcp_adopt(sk))
		umx_tcp_prot_set(sk);
	return 0;
}

/*
 * Have @sk connect from @port. The source a capability has set is its own, so
 * that whoever else uses the port does not matter: TCP is not to look for
 * conflicts, of which there are none, and which takes longer the more sockets
 * have the port. The table of bound sockets is to know the port by that source
 * from the start. TCP gives it back when the connection ends.
 */
static int umx_tcp_bind_port(struct sock *sk, u16 port)
{
	unsigned char reuse = sk->sk_reuse;
	int err;

	sk->sk_v6_rcv_saddr = inet6_sk(sk)->saddr;
	sk->sk_reuse = SK_FORCE_REUSE;
	err = tcpv6_prot.get_port(sk, port);
	sk->sk_reuse = reuse;
	if (!err)
		inet_sk(sk)->inet_sport = htons(port);
	return err;
}

/*
 * The source a capability has set must not survive a connect() that failed, nor
 * the port: TCP gives it back only if it failed late.
 */
static void umx_tcp_reset_source(struct sock *sk, u16 port)
{
	if (port) {
		if (inet_sk(sk)->inet_num)
			tcpv6_prot.put_port(sk);
		inet_sk(sk)->inet_sport = 0;
	}
	if (!(sk->sk_userlocks & SOCK_BINDADDR_LOCK)) {
		sk->sk_v6_rcv_saddr = in6addr_any;
		inet6_sk(sk)->saddr = in6addr_any;
	}
}

static int umx_tcp_connect(struct sock *sk, umx_sockaddr *uaddr, int addr_len)
{
	const struct sockaddr_in6 *to = (const struct sockaddr_in6 *)uaddr;
	struct umx_tcp_tracks tracks = {};
	bool tracked = false;
	u16 port = 0;
	int err, i;

	sock_owned_by_me(sk);

	/* somebody has put his own callbacks on: not ours to follow */
	if (!umx_tcp_track_possible(sk)) {
		umx_tcp_prot_reset(sk);
		return tcpv6_prot.connect(sk, uaddr, addr_len);
	}

	if (addr_len >= SIN6_LEN_RFC2133 && to->sin6_family == AF_INET6)
		err = umx_tcp_ops_connect(sk, to, &tracks);
	else
		err = 0;
	if (err) {
		umx_tcp_reset_source(sk, 0);
		return err;
	}

	/* Before the SYN: packet paths recognise the socket by its callbacks */
	for (i = 0; i < UMX_TCP_SLOTS; i++) {
		if (!tracks.track[i])
			continue;
		umx_tcp_track_add(sk, tracks.track[i]);
		tracked = true;
		/* One capability names the source, and the port with it. */
		if (tracks.track[i]->port)
			port = tracks.track[i]->port;
	}
	if (tracked)
		umx_tcp_afops_connect(sk);
	umx_tcp_callbacks_set(sk);

	if (port)
		err = umx_tcp_bind_port(sk, port);
	if (!err)
		err = tcpv6_prot.connect(sk, uaddr, addr_len);
	if (err) {
		umx_tcp_unhook(sk);
		if (tracked)
			umx_tcp_reset_source(sk, port);
		for (i = 0; i < UMX_TCP_SLOTS; i++)
			if (tracks.track[i] &&
			    umx_tcp_track_del(tracks.track[i]))
				umx_tcp_track_release(tracks.track[i], sk);
		return err;
	}

	/*
	 * Tracked or not, the callbacks stay: should this connection end while
	 * the descriptor lives, the next connect() is asked about too.
	 */
	umx_tcp_track_begun(sk);
	for (i = 0; i < UMX_TCP_SLOTS; i++) {
		if (!tracks.track[i])
			continue;
		if (tracks.ops[i]->connected)
			tracks.ops[i]->connected(tracks.track[i], sk);
		WRITE_ONCE(tracks.track[i]->armed, true);
	}
	if (!tracked && !umx_tcp_ops_count()) {
		umx_tcp_callbacks_restore(sk);	/* nobody to ask next time */
		umx_tcp_drop(sk);
	}
	return 0;
}

/*
 * Into the table of listeners: strangers reach it from now on, and have children
 * made of what it carries. Whoever attaches does so after that.
 */
static int umx_tcp_hash_listener(struct sock *sk)
{
	int err;

	umx_tcp_prot_reset(sk);
	umx_tcp_afops_keep(sk);
	err = tcpv6_prot.hash(sk);
	if (err) {
		umx_tcp_afops_unkeep(sk);
		umx_tcp_prot_set(sk);
	}
	return err;
}

/* The first listen() of a socket; another one changes its backlog. */
static int umx_tcp_hash(struct sock *sk)
{
	int err;

	if (sk->sk_state != TCP_LISTEN)
		return tcpv6_prot.hash(sk);

	err = umx_tcp_ops_listen(sk, umx_tcp_hash_listener);
	if (err)
		return err;
	if (!umx_tcp_noted(sk))
		umx_tcp_afops_unkeep(sk);
	if (!umx_tcp_afops_hooked(sk))
		umx_tcp_drop(sk);
	return 0;
}

static bool umx_tcp_ulp_ours(const struct sock *sk)
{
	return READ_ONCE(inet_csk(sk)->icsk_ulp_ops) == &umx_tcp_ulp;
}

/*
 * An upper layer protocol before connect(): kTLS wants a connection, and is told
 * what it would say. Another one (espintcp) hears the same, so that none can
 * take the connect() from us. What was said of a socket with a note is about its
 * connect(): nothing is put on it at all.
 */
static int umx_tcp_ulp_error(const struct sock *sk, int err)
{
	if (!err || !umx_tcp_ulp_ours(sk))
		return err;
	if (umx_tcp_noted(sk))
		return -EBUSY;
	return err == -EEXIST ? -ENOTCONN : err;
}

static int umx_tcp_setsockopt(struct sock *sk, int level, int optname,
			      sockptr_t optval, unsigned int optlen)
{
	int err;

	/* we return here after sleeping, when @sk need not be ours any more */
	if (!try_module_get(THIS_MODULE))
		return -EAGAIN;
	err = tcpv6_prot.setsockopt(sk, level, optname, optval, optlen);
	if (level == SOL_TCP && optname == TCP_ULP)
		err = umx_tcp_ulp_error(sk, err);
	module_put(THIS_MODULE);
	return err;
}

/* Which upper layer protocol? Ours is none. */
static int umx_tcp_getsockopt_ulp(int __user *optlen)
{
	int len;

	if (get_user(len, optlen))
		return -EFAULT;
	if (len < 0)
		return -EINVAL;
	return put_user(0, optlen);
}

static int umx_tcp_getsockopt(struct sock *sk, int level, int optname,
			      char __user *optval, int __user *optlen)
{
	int err;

	if (!try_module_get(THIS_MODULE))	/* as above */
		return -EAGAIN;
	if (level == SOL_TCP && optname == TCP_ULP && umx_tcp_ulp_ours(sk))
		err = umx_tcp_getsockopt_ulp(optlen);
	else
		err = tcpv6_prot.getsockopt(sk, level, optname, optval, optlen);
	module_put(THIS_MODULE);
	return err;
}

/*
 * Make a socket plain that no capability follows. Context: process, socket
 * lock held, the caller holds this module by symbol.
 */
void umx_tcp_let_go(struct sock *sk)
{
	sock_owned_by_me(sk);

	if (sk->sk_prot_creator != &umx_tcp_prot || umx_tcp_tracked(sk))
		return;
	umx_tcp_note_free(sk);
	if (sk->sk_prot == &umx_tcp_prot)
		umx_tcp_prot_reset(sk);
	umx_tcp_unhook(sk);
	/* kTLS offload has stacked on our destructor: it must stay callable */
	if (sk->sk_destruct == umx_tcp_origin.destruct)
		umx_tcp_drop(sk);
}

/**
 * umx_tcp_abort() - end the session of a socket, TIME_WAIT included
 * @sk: any socket; a reference is held
 * @err: what the application is told
 *
 * A socket the application keeps open afterwards is plain: it does not hold
 * this module, and its next connect() is not asked about.
 * Context: process, may sleep. Return: 0 or the error of tcp_abort().
 */
int umx_tcp_abort(struct sock *sk, int err)
{
	err = tcp_abort(sk, err);
	if (!sk_fullsock(sk))
		return err;
	lock_sock(sk);
	umx_tcp_let_go(sk);
	release_sock(sk);
	return err;
}
EXPORT_SYMBOL_GPL(umx_tcp_abort);

/**
 * umx_tcp_sockets() - how many sockets hold this module
 *
 * Return: sockets of all namespaces that are not yet connected or listening,
 * attached listeners, tracked sessions and their TIME_WAITs.
 */
unsigned int umx_tcp_sockets(void)
{
	int refs = module_refcount(THIS_MODULE) - (int)umx_tcp_ops_count();

	return max(refs, 0);
}
EXPORT_SYMBOL_GPL(umx_tcp_sockets);

/* Learn what a native socket carries, from one. */
static int umx_tcp_origin_learn(void)
{
	struct socket *sock;
	struct sock *sk;
	int err;

	err = sock_create_kern(&init_net, AF_INET6, SOCK_STREAM, IPPROTO_TCP,
			       &sock);
	if (err) {
		pr_err("umx_tcp: no TCP over IPv6 in this kernel (%d)\n", err);
		return err;
	}
	sk = sock->sk;
	if (sk->sk_prot != &tcpv6_prot) {
		pr_err("umx_tcp: another module has replaced tcpv6_prot\n");
		err = -EBUSY;
	}
	umx_tcp_origin.af_ops = inet_csk(sk)->icsk_af_ops;
	umx_tcp_origin.destruct = sk->sk_destruct;
	umx_tcp_origin.error_report = sk->sk_error_report;
	umx_tcp_origin.state_change = sk->sk_state_change;
	sock_release(sock);
	return err;
}

int umx_tcp_proto_setup(void)
{
	int err = umx_tcp_origin_learn();

	if (err)
		return err;

	umx_tcp_prot = tcpv6_prot;
	umx_tcp_prot.owner = THIS_MODULE;
	umx_tcp_prot.connect = umx_tcp_connect;
	umx_tcp_prot.hash = umx_tcp_hash;
	umx_tcp_prot.setsockopt = umx_tcp_setsockopt;
	umx_tcp_prot.getsockopt = umx_tcp_getsockopt;

	umx_tcp_afops_setup();

	umx_tcp_origin.init = tcpv6_prot.init;
	WRITE_ONCE(tcpv6_prot.init, umx_tcp_init_sock);
	return 0;
}

/*
 * No socket is ours any more, or the module could not be unloaded. What may
 * still run is an init() without a reference, or the tail of a function that
 * gave the last one back.
 */
void umx_tcp_proto_teardown(void)
{
	WRITE_ONCE(tcpv6_prot.init, umx_tcp_origin.init);
	synchronize_rcu_tasks();
	synchronize_rcu();
}
