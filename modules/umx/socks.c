// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns finding listening TCP/IPv6 sockets of a namespace: through
 * the descriptors of a process, or through the kernel's table of listeners.
 */
#include <linux/fdtable.h>
#include <linux/file.h>
#include <linux/net.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <net/inet_hashtables.h>
#include <net/inet_timewait_sock.h>
#include <net/tcp.h>
#include <umx/tcp.h>
#include "socks.h"

static void umx_socks_add(struct umx_socks *socks, struct sock *sk)
{
	unsigned int i;

	for (i = 0; i < socks->n; i++)
		if (socks->sk[i] == sk)
			return;
	if (socks->n < UMX_SOCKS_MAX && refcount_inc_not_zero(&sk->sk_refcnt))
		socks->sk[socks->n++] = sk;
}

/* @port 0 is any. */
static bool umx_socks_wanted(const struct net *net, const struct sock *sk,
			     u16 port)
{
	return net_eq(sock_net(sk), net) && sk->sk_family == AF_INET6 &&
	       sk->sk_state == TCP_LISTEN &&
	       (!port || inet_sk(sk)->inet_num == port);
}

struct umx_fd_search {
	const struct net *net;
	u16 port;
	struct umx_socks *socks;
};

/* Called by iterate_fd() with the descriptor table locked. */
static int umx_socks_fd(const void *arg, struct file *file, unsigned int fd)
{
	const struct umx_fd_search *search = arg;
	struct socket *sock = sock_from_file(file);
	struct sock *sk = sock ? sock->sk : NULL;

	if (!sk || !umx_socks_wanted(search->net, sk, search->port))
		return 0;
	if (sk->sk_protocol == IPPROTO_MPTCP)
		search->socks->mptcp = true;
	if (sk->sk_protocol == IPPROTO_TCP)
		umx_socks_add(search->socks, sk);
	return 0;
}

/**
 * umx_socks_of_pid() - the listening TCP/IPv6 sockets a process has open
 * @net: in this namespace
 * @pid: the process
 * @port: on this port only, in host order; 0 for all
 * @extack: gets the sentence of a refusal
 *
 * Context: process.
 * Return: at least one socket, to be given back with umx_socks_put();
 * ERR_PTR(-ESRCH), ERR_PTR(-ENOENT), ERR_PTR(-EOPNOTSUPP), ERR_PTR(-ENOMEM).
 */
struct umx_socks *umx_socks_of_pid(struct net *net, struct pid *pid, u16 port,
				   struct netlink_ext_ack *extack)
{
	struct umx_fd_search search = { .net = net, .port = port };
	struct task_struct *task;
	int err;

	task = get_pid_task(pid, PIDTYPE_PID);
	if (!task) {
		NL_SET_ERR_MSG(extack, "no such process");
		return ERR_PTR(-ESRCH);
	}
	search.socks = kzalloc(sizeof(*search.socks), GFP_KERNEL);
	if (!search.socks) {
		put_task_struct(task);
		return ERR_PTR(-ENOMEM);
	}

	task_lock(task);
	if (task->files)
		iterate_fd(task->files, 0, umx_socks_fd, &search);
	task_unlock(task);
	put_task_struct(task);

	if (search.socks->n)
		return search.socks;
	if (search.socks->mptcp) {
		NL_SET_ERR_MSG(extack, "the process listens with MPTCP, which cannot take SSAs; its port can be closed with 'listener set port'");
		err = -EOPNOTSUPP;
	} else {
		NL_SET_ERR_MSG(extack, "the process has no listening TCP/IPv6 socket in this network namespace");
		err = -ENOENT;
	}
	umx_socks_put(search.socks);
	return ERR_PTR(err);
}

/**
 * umx_socks_of_port() - the listening TCP/IPv6 sockets of a port
 * @net: in this namespace
 * @port: host order; 0 for all ports
 * @unattached: leave out those attached to their port, so that asking again
 *	gets on in groups of more than UMX_SOCKS_MAX
 *
 * Context: process. Return: as umx_socks_of_pid(), but there may be none, and
 * none is refused; NULL without memory.
 */
struct umx_socks *umx_socks_of_port(struct net *net, u16 port,
				    bool unattached)
{
	struct inet_hashinfo *hashinfo = net->ipv4.tcp_death_row.hashinfo;
	struct inet_listen_hashbucket *bucket;
	struct hlist_nulls_node *node;
	struct umx_socks *socks;
	unsigned int i;
	struct sock *sk;

	socks = kzalloc(sizeof(*socks), GFP_KERNEL);
	if (!socks)
		return NULL;

	for (i = 0; i <= hashinfo->lhash2_mask; i++) {
		bucket = &hashinfo->lhash2[i];
		if (hlist_nulls_empty(&bucket->nulls_head))
			continue;
		spin_lock(&bucket->lock);
		sk_nulls_for_each(sk, node, &bucket->nulls_head)
			if (umx_socks_wanted(net, sk, port) &&
			    !(unattached &&
			      umx_tcp_listener_attached(sk,
							UMX_TCP_SLOT_ADDRESS)))
				umx_socks_add(socks, sk);
		spin_unlock(&bucket->lock);
		cond_resched();
	}
	return socks;
}

void umx_socks_put(struct umx_socks *socks)
{
	while (socks->n)
		sock_put(socks->sk[--socks->n]);
	kfree(socks);
}

/*
 * The sentence must outlive the request until netlink has copied it, hence a
 * buffer that stays. Two refusals at the same instant may mix their ports.
 */
static void umx_socks_name_ports(const struct umx_socks *socks,
				 struct netlink_ext_ack *extack)
{
	static char text[128];
	unsigned int i, j;
	size_t len;

	len = scnprintf(text, sizeof(text),
			"the process listens on several ports; say which with 'port N':");
	for (i = 0; i < socks->n; i++) {
		for (j = 0; j < i; j++)
			if (inet_sk(socks->sk[i])->inet_num ==
			    inet_sk(socks->sk[j])->inet_num)
				break;
		if (j == i)
			len += scnprintf(text + len, sizeof(text) - len, " %u",
					 inet_sk(socks->sk[i])->inet_num);
	}
	if (extack)
		extack->_msg = text;
}

/**
 * umx_socks_port() - the one port these sockets listen on
 * @socks: at least one
 * @extack: names the ports if there are several
 *
 * Return: the port, or -ENOTUNIQ.
 */
int umx_socks_port(const struct umx_socks *socks,
		   struct netlink_ext_ack *extack)
{
	u16 port = inet_sk(socks->sk[0])->inet_num;
	unsigned int i;

	for (i = 1; i < socks->n; i++)
		if (inet_sk(socks->sk[i])->inet_num != port) {
			umx_socks_name_ports(socks, extack);
			return -ENOTUNIQ;
		}
	return port;
}
