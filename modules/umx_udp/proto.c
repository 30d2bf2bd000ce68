// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the replaced entries of struct proto: init, connect, unhash
 * and rehash of UDP/IPv6 sockets, and what sockmap is shown.
 *
 * Only .init is replaced in the kernel's own struct, and only while some
 * namespace wants its sockets asked about. Everything else lives in a copy of
 * our own, which a socket has for as long as it is open: UDP sockets connect,
 * disconnect and connect again, and each of that is the end of a session or the
 * begin of one.
 *
 * However a socket loses its peer or its source address, it leaves its place in
 * the table of addresses and ports (.unhash) or changes it (.rehash): that is
 * where the end of a session is heard.
 */
#include <linux/net.h>
#include <linux/rcupdate.h>
#include <linux/skmsg.h>
#include <net/ip.h>
#include <net/ipv6.h>
#include <net/transp_v6.h>
#include <umx/compat.h>
#include "umx_udp.h"

struct umx_udp_origin umx_udp_origin;
struct proto umx_udp_prot;

static bool umx_udp_wanted(const struct sock *sk)
{
	return !sk->sk_kern_sock && sk->sk_net_refcnt &&
	       sk->sk_destruct == umx_udp_origin.destruct &&
	       umx_udp_enabled(sock_net(sk));
}

static int umx_udp_init_sock(struct sock *sk)
{
	int idx = srcu_read_lock(&umx_udp_srcu);
	int err = umx_udp_origin.init(sk);

	if (!err && umx_udp_wanted(sk) && try_module_get(THIS_MODULE)) {
		sk->sk_prot_creator = &umx_udp_prot;
		WRITE_ONCE(sk->sk_prot, &umx_udp_prot);
	}
	srcu_read_unlock(&umx_udp_srcu, idx);
	return err;
}

/* Forget the source address, and where the socket is to be found by it. */
static void umx_udp_source_reset(struct sock *sk)
{
	bool found_by_it = !ipv6_addr_any(&sk->sk_v6_rcv_saddr);

	inet_reset_saddr(sk);
	if (found_by_it)
		umx_udp_origin.prot->rehash(sk);
}

/*
 * Take the peer from @sk, and the source address that was good for him only. It
 * is what connect() to AF_UNSPEC does, but for the port, which a socket keeps
 * that connects once more.
 */
static void umx_udp_unconnect(struct sock *sk)
{
	sk->sk_state = TCP_CLOSE;
	sk->sk_v6_daddr = in6addr_any;
	WRITE_ONCE(inet_sk(sk)->inet_daddr, 0);
	inet_sk(sk)->inet_dport = 0;
	umx_udp_source_reset(sk);
	sk_dst_reset(sk);
}

/*
 * Connect @sk from the address a capability has set. Nobody else may send from
 * it, or read it, before its session is known: hence under the lock.
 */
static int umx_udp_connect_from(struct sock *sk, struct umx_udp_track *track,
				umx_sockaddr *uaddr, int addr_len)
{
	struct in6_addr source = inet6_sk(sk)->saddr;
	int err;

	umx_udp_source_reset(sk);	/* that of an earlier connect() */
	inet6_sk(sk)->saddr = source;
	umx_udp_track_add(sk, track);
	WRITE_ONCE(sk->sk_destruct, umx_udp_destruct);

	err = __ip6_datagram_connect(sk, uaddr, addr_len);
	if (err) {
		umx_udp_track_end(sk, false);
		umx_udp_unconnect(sk);
		return err;
	}
	track->ops->connected(track, sk);
	track->armed = true;
	return 0;
}

/*
 * Return: false if nobody minds, and the kernel's own connect() is to be called;
 * true with its result in @err.
 */
static bool umx_udp_connect_asked(struct sock *sk, umx_sockaddr *uaddr,
				  int addr_len, int *err)
{
	const struct sockaddr_in6 *to = (const struct sockaddr_in6 *)uaddr;
	struct umx_udp_track *track;
	struct in6_addr source;

	sock_owned_by_me(sk);
	/* let go of, or somebody has stacked on it, while we waited */
	if (sk->sk_prot != &umx_udp_prot)
		return false;
	if (umx_udp_track_end(sk, false))
		umx_udp_unconnect(sk);
	/* one that had no port when umx_udp_purge() came by */
	if (!umx_udp_asked()) {
		umx_udp_let_go(sk);
		return false;
	}
	/* somebody has put his own destructor on: not ours to follow */
	if (to->sin6_family != AF_INET6 ||
	    (sk->sk_destruct != umx_udp_origin.destruct &&
	     sk->sk_destruct != umx_udp_destruct))
		return false;

	source = inet6_sk(sk)->saddr;
	track = umx_udp_ask(sk, to);
	if (!track)
		return false;
	if (IS_ERR(track)) {
		inet6_sk(sk)->saddr = source;
		*err = PTR_ERR(track);
	} else {
		*err = umx_udp_connect_from(sk, track, uaddr, addr_len);
	}
	return true;
}

/* Is it an address connect() would look at? */
static bool umx_udp_sane(const struct sockaddr_in6 *to, int addr_len)
{
	return (to->sin6_family == AF_INET6 && addr_len >= SIN6_LEN_RFC2133) ||
	       (to->sin6_family == AF_INET &&
		addr_len >= (int)sizeof(struct sockaddr_in));
}

static int umx_udp_connect(struct sock *sk, umx_sockaddr *uaddr, int addr_len)
{
	int idx = srcu_read_lock(&umx_udp_srcu);
	bool done = false;
	int err = 0;

	if (umx_udp_sane((const struct sockaddr_in6 *)uaddr, addr_len)) {
		lock_sock(sk);
		done = umx_udp_connect_asked(sk, uaddr, addr_len, &err);
		release_sock(sk);
	}
	/*
	 * Two tasks that connect one socket at the same time get any mixture of
	 * the two, as always. Should the peer of one meet the address of the
	 * other, nothing leaves: an address has one peer, whoever holds it.
	 */
	if (!done)
		err = umx_udp_origin.prot->connect(sk, uaddr, addr_len);
	srcu_read_unlock(&umx_udp_srcu, idx);
	return err;
}

/* close(); or the peer is gone, and with it the port the kernel had chosen. */
static void umx_udp_unhash(struct sock *sk)
{
	umx_udp_track_end(sk, false);
	umx_udp_origin.prot->unhash(sk);
}

/* The peer is gone, a port the program had chosen stays. Or a connect(). */
static void umx_udp_rehash(struct sock *sk)
{
	if (sk->sk_state == TCP_CLOSE)
		umx_udp_track_end(sk, true);
	umx_udp_origin.prot->rehash(sk);
}

#ifdef CONFIG_BPF_SYSCALL
/*
 * sockmap keeps one table of operations for all UDP/IPv6 sockets and rebuilds it
 * in place when it meets another base than last time: show it the kernel's own.
 * The socket's session lives on; another connect() is not asked about.
 */
static int umx_udp_psock_update(struct sock *sk, struct sk_psock *psock,
				bool restore)
{
	struct proto *prot = umx_udp_origin.prot;

	psock->sk_proto = prot;
	psock->saved_unhash = prot->unhash;
	psock->psock_update_sk_prot = prot->psock_update_sk_prot;
	WRITE_ONCE(sk->sk_prot, prot);
	return prot->psock_update_sk_prot(sk, psock, restore);
}
#endif

/* Have new sockets come to us, or no more. Context: umx_udp_used_lock. */
void umx_udp_proto_hook(bool on)
{
	WRITE_ONCE(umx_udp_origin.prot->init,
		   on ? umx_udp_init_sock : umx_udp_origin.init);
}

/* Learn what a native socket carries, from one. */
static int umx_udp_origin_learn(void)
{
	struct socket *sock;
	int err;

	err = sock_create_kern(&init_net, AF_INET6, SOCK_DGRAM, IPPROTO_UDP,
			       &sock);
	if (err) {
		pr_err("umx_udp: no UDP over IPv6 in this kernel (%d)\n", err);
		return err;
	}
	umx_udp_origin.prot = sock->sk->sk_prot;
	umx_udp_origin.init = sock->sk->sk_prot->init;
	umx_udp_origin.destruct = sock->sk->sk_destruct;
	sock_release(sock);
	return 0;
}

int umx_udp_proto_setup(void)
{
	int err = umx_udp_origin_learn();

	if (err)
		return err;
	umx_udp_prot = *umx_udp_origin.prot;
	umx_udp_prot.owner = THIS_MODULE;
	umx_udp_prot.connect = umx_udp_connect;
	umx_udp_prot.unhash = umx_udp_unhash;
	umx_udp_prot.rehash = umx_udp_rehash;
#ifdef CONFIG_BPF_SYSCALL
	if (umx_udp_prot.psock_update_sk_prot)
		umx_udp_prot.psock_update_sk_prot = umx_udp_psock_update;
#endif
	return 0;
}

/*
 * No socket is ours any more, or the module could not be unloaded, and no
 * namespace is enabled. What may still run was read from a socket, or from the
 * kernel's own struct, before: on its way in, inside, or on its way out.
 */
void umx_udp_proto_teardown(void)
{
	synchronize_rcu_tasks();
	synchronize_srcu(&umx_udp_srcu);
	synchronize_rcu_tasks();
	synchronize_rcu();
}
