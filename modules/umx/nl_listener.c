// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the commands about listeners.
 */
#include <linux/pid_namespace.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <net/inet_sock.h>
#include "auto.h"
#include "listen_rule.h"
#include "listener.h"
#include "netlink.h"
#include "socks.h"

/*
 * The port a request is about, and listening sockets that go with it.
 * Return: the port, or an error with a sentence.
 */
static int umx_nl_listener_port(struct genl_info *info, struct pid *pid,
				struct umx_socks **socks)
{
	struct net *net = genl_info_net(info);
	struct nlattr *attr = info->attrs[UMX_LISTENER_A_PORT];
	int port = attr ? nla_get_u16(attr) : 0;

	if (pid)
		*socks = umx_socks_of_pid(net, pid, port, info->extack);
	else
		*socks = umx_socks_of_port(net, port, false);
	if (IS_ERR(*socks))
		return PTR_ERR(*socks);
	if (!*socks)
		return -ENOMEM;
	if (!port) {
		port = umx_socks_port(*socks, info->extack);
		if (port < 0)
			umx_socks_put(*socks);
	}
	return port;
}

int umx_nl_listener_set(struct sk_buff *skb, struct genl_info *info)
{
	struct umx_listener_config config = {
		.ipv4 = -1, .local = -1, .half_open = -1, .cookie_rate = -1,
	};
	struct umx_net *un = umx_nl_net(info);
	struct nlattr **a = info->attrs;
	struct umx_socks *socks;
	struct pid *pid;
	int port, err;

	err = umx_nl_require(info, UMX_LISTENER_A_MODE,
			     "a listener needs a mode");
	if (err)
		return err;
	config.mode = nla_get_u8(a[UMX_LISTENER_A_MODE]);

	if (a[UMX_LISTENER_A_FLUSH]) {
		if (config.mode != UMX_LISTENER_LEGACY ||
		    a[UMX_LISTENER_A_PORT] || a[UMX_LISTENER_A_PID]) {
			GENL_SET_ERR_MSG(info, "flush sets every port to mode legacy; it takes no port, process or other mode");
			return -EINVAL;
		}
		mutex_lock(&un->lock);
		umx_listener_flush(un);
		un->genid++;
		mutex_unlock(&un->lock);
		return 0;
	}
	if (!a[UMX_LISTENER_A_PORT] && !a[UMX_LISTENER_A_PID]) {
		GENL_SET_ERR_MSG(info, "say which listener: its port or its process");
		return -EINVAL;
	}

	if (a[UMX_LISTENER_A_POOL])
		config.pool = nla_data(a[UMX_LISTENER_A_POOL]);
	if (a[UMX_LISTENER_A_IPV4])
		config.ipv4 = nla_get_u8(a[UMX_LISTENER_A_IPV4]);
	if (a[UMX_LISTENER_A_LOCAL])
		config.local = nla_get_u8(a[UMX_LISTENER_A_LOCAL]);
	if (a[UMX_LISTENER_A_HALF_OPEN])
		config.half_open = nla_get_u8(a[UMX_LISTENER_A_HALF_OPEN]);
	if (a[UMX_LISTENER_A_COOKIE_RATE])
		config.cookie_rate = nla_get_u32(a[UMX_LISTENER_A_COOKIE_RATE]);

	pid = umx_nl_pid(info, UMX_LISTENER_A_PID);
	if (IS_ERR(pid))
		return PTR_ERR(pid);
	port = umx_nl_listener_port(info, pid, &socks);
	if (port < 0) {
		put_pid(pid);
		return port;
	}
	config.port = port;

	mutex_lock(&un->lock);
	err = umx_listener_set(un, &config, socks, pid, info->extack);
	un->genid++;
	mutex_unlock(&un->lock);
	umx_socks_put(socks);
	put_pid(pid);
	return err;
}

/* Ports of a dump: known ones, and with ALL those with a listening socket. */
struct umx_nl_ports {
	unsigned int n;
	u16 port[];
};

static int umx_nl_port_cmp(const void *a, const void *b)
{
	return *(const u16 *)a - *(const u16 *)b;
}

int umx_nl_listener_start(struct netlink_callback *cb)
{
	struct umx_net *un = umx_net(sock_net(cb->skb->sk));
	struct umx_listener *listener;
	struct umx_socks *socks = NULL;
	struct umx_nl_ports *ports;
	unsigned int i, n = 0, known = 0;

	if (umx_nl_dump_attrs(cb)[UMX_LISTENER_A_ALL]) {
		socks = umx_socks_of_port(un->net, 0, false);
		if (!socks)
			return -ENOMEM;
		n = socks->n;
	}
	mutex_lock(&un->lock);
	for (i = 0; i < UMX_PORT_BUCKETS; i++)
		hlist_for_each_entry(listener, &un->ports[i], node)
			known++;
	ports = kvmalloc(struct_size(ports, port, n + known),
			 GFP_KERNEL_ACCOUNT);
	if (ports) {
		ports->n = 0;
		for (i = 0; i < UMX_PORT_BUCKETS; i++)
			hlist_for_each_entry(listener, &un->ports[i], node)
				/* a listen() may have added to them */
				if (ports->n < known)
					ports->port[ports->n++] = listener->port;
	}
	mutex_unlock(&un->lock);
	if (ports && socks)
		for (i = 0; i < socks->n; i++)
			ports->port[ports->n++] =
				inet_sk(socks->sk[i])->inet_num;
	if (socks)
		umx_socks_put(socks);
	if (!ports)
		return -ENOMEM;
	sort(ports->port, ports->n, sizeof(u16), umx_nl_port_cmp, NULL);
	cb->args[0] = (long)ports;
	return 0;
}

int umx_nl_listener_done(struct netlink_callback *cb)
{
	kvfree((void *)cb->args[0]);
	return 0;
}

/* The process to show beside a port: the last whose listen() was seen. */
static int umx_nl_listener_owner(struct sk_buff *skb,
				 const struct umx_listener *listener)
{
	const struct umx_listen_sock *ls;
	pid_t nr;

	lockdep_assert_held(&listener->lock);
	list_for_each_entry_reverse(ls, &listener->socks, list) {
		nr = ls->owner ? pid_nr_ns(ls->owner,
					   task_active_pid_ns(current)) : 0;
		if (nr)
			return nla_put_u32(skb, UMX_LISTENER_A_PID, nr) ||
			       (ls->comm[0] &&
				nla_put_string(skb, UMX_LISTENER_A_COMM,
					       ls->comm));
	}
	return 0;
}

static bool umx_nl_listener_dualstack(const struct umx_listener *listener)
{
	const struct umx_listen_sock *ls;

	list_for_each_entry(ls, &listener->socks, list)
		if (ls->dualstack)
			return true;
	return false;
}

static int umx_nl_listener_ruled(struct sk_buff *skb,
				 const struct umx_listener *listener)
{
	u32 index;

	if (!READ_ONCE(listener->ruled))
		return 0;
	index = umx_listen_rule_index(listener->un, listener->rule);
	return nla_put_flag(skb, UMX_LISTENER_A_RULED) ||
	       (index != U32_MAX &&
		nla_put_u32(skb, UMX_LISTENER_A_RULE, index));
}

static int umx_nl_listener_fill(struct sk_buff *skb,
				struct umx_listener *listener)
{
	int err;

	spin_lock_bh(&listener->lock);
	err = nla_put_u8(skb, UMX_LISTENER_A_MODE, listener->mode) ||
	      (listener->pool[0] &&
	       nla_put_string(skb, UMX_LISTENER_A_POOL, listener->pool)) ||
	      nla_put_u8(skb, UMX_LISTENER_A_IPV4, listener->ipv4) ||
	      nla_put_u8(skb, UMX_LISTENER_A_LOCAL, listener->local) ||
	      nla_put_u8(skb, UMX_LISTENER_A_HALF_OPEN, listener->half_open) ||
	      nla_put_u32(skb, UMX_LISTENER_A_COOKIE_RATE,
			  listener->cookie_rate) ||
	      nla_put_u32(skb, UMX_LISTENER_A_SOCKETS, listener->n_socks) ||
	      nla_put_u32(skb, UMX_LISTENER_A_WAITING, listener->n_waiting) ||
	      (listener->mode == UMX_LISTENER_AUTO &&
	       (nla_put_u32(skb, UMX_LISTENER_A_READY, listener->n_ready) ||
		nla_put_u32(skb, UMX_LISTENER_A_BACKLOG,
			    umx_auto_backlog(listener)))) ||
	      nla_put_u8(skb, UMX_LISTENER_A_DUALSTACK,
			 umx_nl_listener_dualstack(listener)) ||
	      umx_nl_listener_ruled(skb, listener) ||
	      umx_nl_listener_owner(skb, listener);
	spin_unlock_bh(&listener->lock);
	return err;
}

static int umx_nl_listener_put(struct sk_buff *skb,
			       struct netlink_callback *cb,
			       struct umx_net *un, u16 port)
{
	struct umx_listener *listener = umx_listener_find(un, port);
	void *hdr = umx_nl_dump_put(skb, cb, UMX_CMD_LISTENER_GET);

	if (!hdr)
		return -EMSGSIZE;
	if (nla_put_u16(skb, UMX_LISTENER_A_PORT, port) ||
	    (listener ? umx_nl_listener_fill(skb, listener) :
			nla_put_u8(skb, UMX_LISTENER_A_MODE,
				   UMX_LISTENER_LEGACY))) {
		genlmsg_cancel(skb, hdr);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, hdr);
	return 0;
}

int umx_nl_listener_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	const struct umx_nl_ports *ports = (void *)cb->args[0];
	struct umx_net *un = umx_net(sock_net(skb->sk));
	long i = cb->args[1];

	mutex_lock(&un->lock);
	cb->seq = un->genid;
	for (; i < ports->n; i++) {
		if (i && ports->port[i] == ports->port[i - 1])
			continue;
		if (umx_nl_listener_put(skb, cb, un, ports->port[i]))
			break;
	}
	mutex_unlock(&un->lock);
	cb->args[1] = i;
	return skb->len;
}
