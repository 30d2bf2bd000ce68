// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the socket options: what an application says about its socket
 * is checked here and kept as a wish (wish.c).
 *
 * IPv6 hands options of level IPPROTO_IPV6 it does not know to netfilter's
 * registry, with the socket unlocked and this module held.
 */
#include <linux/capability.h>
#include <linux/netfilter.h>
#include <linux/uaccess.h>
#include <net/ipv6.h>
#include <net/sock.h>
#include <net/tcp_states.h>
#include "address.h"
#include "netns.h"
#include "pool.h"
#include "rule.h"
#include "sockopt.h"
#include "wish.h"

static bool umx_sockopt_tcp(const struct sock *sk)
{
	return sk->sk_family == AF_INET6 && sk->sk_type == SOCK_STREAM &&
	       sk->sk_protocol == IPPROTO_TCP;
}

static bool umx_sockopt_udp(const struct sock *sk)
{
	return sk->sk_family == AF_INET6 && sk->sk_type == SOCK_DGRAM &&
	       sk->sk_protocol == IPPROTO_UDP;
}

/* Is @option one of @sk's? */
static bool umx_sockopt_ours(const struct sock *sk, int option)
{
	return umx_sockopt_tcp(sk) ||
	       (option == UMX_SO_INFO && umx_sockopt_udp(sk));
}

/* May the caller draw from any pool? His refusal is no news to an audit. */
static bool umx_sockopt_admin(const struct sock *sk)
{
	return ns_capable_noaudit(sock_net(sk)->user_ns, CAP_NET_ADMIN);
}

/* --- setting --------------------------------------------------------------- */

/* What is said now is for connections to come. Context: socket lock. */
static int umx_sockopt_before(const struct sock *sk)
{
	if (!umx_sockopt_tcp(sk))	/* IPV6_ADDRFORM has come first */
		return -ENOPROTOOPT;
	switch (sk->sk_state) {
	case TCP_CLOSE:
		return 0;
	case TCP_LISTEN:
		return -EOPNOTSUPP;
	default:
		return -EISCONN;
	}
}

static int umx_sockopt_set_mode(struct sock *sk, sockptr_t arg,
				unsigned int len)
{
	bool admin = umx_sockopt_admin(sk);
	int mode, err;

	if (len < sizeof(mode))
		return -EINVAL;
	if (copy_from_sockptr(&mode, arg, sizeof(mode)))
		return -EFAULT;
	if (mode < UMX_SOCKET_EA_DEFAULT || mode > UMX_SOCKET_EA_REQUIRE)
		return -EINVAL;
	lock_sock(sk);
	err = umx_sockopt_before(sk);
	if (!err)
		err = umx_wish_set_mode(sk, mode, admin);
	release_sock(sk);
	return err;
}

/* Is there a pool of this name, and may the caller name it? */
static int umx_sockopt_check_pool(struct sock *sk, const char *name, bool admin)
{
	struct umx_net *un = umx_net(sock_net(sk));
	int err = 0;

	if (!*name)
		return 0;
	rcu_read_lock();
	if (!umx_pool_named(un, name))
		err = -ENOENT;
	else if (!admin && !umx_rule_offer(un, sk, NULL, UMX_PROTO_TCP, name))
		err = -EPERM;
	rcu_read_unlock();
	if (err == -EPERM)
		umx_mib_inc(un, UMX_MIB_EA_NOT_OFFERED);
	return err;
}

static int umx_sockopt_set_pool(struct sock *sk, sockptr_t arg,
				unsigned int len)
{
	bool admin = umx_sockopt_admin(sk);
	char name[UMX_POOL_NAME_MAX] = {};
	int err;

	if (copy_from_sockptr(name, arg, min_t(size_t, len, sizeof(name))))
		return -EFAULT;
	if (strnlen(name, sizeof(name)) == sizeof(name))
		return -EINVAL;
	lock_sock(sk);
	err = umx_sockopt_before(sk);
	if (!err)
		err = umx_sockopt_check_pool(sk, name, admin);
	if (!err)
		err = umx_wish_set_pool(sk, name, admin);
	release_sock(sk);
	return err;
}

static int umx_sockopt_set(struct sock *sk, int option, sockptr_t arg,
			   unsigned int len)
{
	if (!umx_sockopt_ours(sk, option))
		return -ENOPROTOOPT;
	if (option == UMX_SO_EA)
		return umx_sockopt_set_mode(sk, arg, len);
	return umx_sockopt_set_pool(sk, arg, len);
}

/* --- getting --------------------------------------------------------------- */

/* What an option holds: an int, a name, or what is to be said of a connection. */
union umx_sockopt_value {
	int mode;
	char pool[UMX_POOL_NAME_MAX];
	struct umx_socket_info info;
};

/* Is @addr the live address of a session of @sk? Its lock is held. */
static bool umx_sockopt_uses(const struct sock *sk, const struct umx_addr *addr)
{
	if (READ_ONCE(addr->state) != UMX_ADDR_VALID || !READ_ONCE(addr->bound))
		return false;
	return umx_sockopt_udp(sk) ?
	       addr->proto == UMX_PROTO_UDP &&
	       READ_ONCE(addr->datagram.sk) == sk :
	       addr->proto == UMX_PROTO_TCP && READ_ONCE(addr->track.sk) == sk;
}

/* Context: socket lock, which keeps the session. */
static int umx_sockopt_info(const struct sock *sk, struct umx_socket_info *info)
{
	const struct umx_net *un = umx_net(sock_net(sk));
	const struct in6_addr *local = &sk->sk_v6_rcv_saddr;
	const struct umx_addr *addr;

	if ((1 << sk->sk_state) & (TCPF_CLOSE | TCPF_LISTEN))
		return -ENOTCONN;
	memset(info, 0, sizeof(*info));
	rcu_read_lock();
	/* without a pool there is no table */
	addr = umx_pool_of(un, local) ? umx_addr_find(un, local) : NULL;
	if (addr && umx_sockopt_uses(sk, addr)) {
		info->kind = addr->role == UMX_ROLE_EA ? UMX_SOCKET_EA :
							 UMX_SOCKET_SSA;
		info->state = READ_ONCE(addr->state);
		strscpy(info->pool, addr->pool->name, sizeof(info->pool));
	}
	rcu_read_unlock();
	return sizeof(*info);
}

/* What @option holds. Context: socket lock. Return: its length or an error. */
static int umx_sockopt_read(const struct sock *sk, int option,
			    union umx_sockopt_value *value)
{
	struct umx_wish wish;

	if (!umx_sockopt_ours(sk, option))	/* IPV6_ADDRFORM came first */
		return -ENOPROTOOPT;
	if (option == UMX_SO_INFO)
		return umx_sockopt_info(sk, &value->info);
	umx_wish_read(sk, &wish);
	if (option == UMX_SO_EA) {
		value->mode = wish.mode;
		return sizeof(value->mode);
	}
	return strscpy(value->pool, wish.pool ?: "", sizeof(value->pool)) + 1;
}

static int umx_sockopt_get(struct sock *sk, int option, void __user *user,
			   int *len)
{
	union umx_sockopt_value value;
	int ret;

	if (!umx_sockopt_ours(sk, option))
		return -ENOPROTOOPT;
	lock_sock(sk);
	ret = umx_sockopt_read(sk, option, &value);
	release_sock(sk);
	if (ret < 0)
		return ret;
	/* half an int, or half a name, is worse than none */
	if (*len < (option == UMX_SO_INFO ? 1 : ret))
		return -EINVAL;
	*len = min(*len, ret);
	return copy_to_user(user, &value, *len) ? -EFAULT : 0;
}

static struct nf_sockopt_ops umx_sockopts = {
	.pf = PF_INET6,
	.set_optmin = UMX_SO_EA,
	.set_optmax = UMX_SO_POOL + 1,
	.set = umx_sockopt_set,
	.get_optmin = UMX_SO_EA,
	.get_optmax = UMX_SO_INFO + 1,
	.get = umx_sockopt_get,
	.owner = THIS_MODULE,
};

int umx_sockopt_setup(void)
{
	return nf_register_sockopt(&umx_sockopts);
}

void umx_sockopt_teardown(void)
{
	nf_unregister_sockopt(&umx_sockopts);
}
