/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns the contract of port.c: reservations, by which an IPv4 session
 * has its source port to itself where its source address is the host's, too.
 */
#ifndef _UMX_BIS_PORT_H
#define _UMX_BIS_PORT_H

#include <linux/list.h>
#include <linux/rcupdate.h>
#include <linux/skbuff.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/workqueue.h>
#include <linux/xarray.h>

struct in6_addr;
struct mem_cgroup;
struct sock;
struct socket;
struct umx_bis_head4;
struct umx_bis_net;
struct umx_bis_spool;

/* Sockets that wait for a port, of each protocol. */
#define UMX_BIS_PORT_SPARES	32

/* Packets that wait for a socket, at most. */
#define UMX_BIS_PORT_WAITING	128

/* Protocols with reservations: TCP and UDP, in this order. */
#define UMX_BIS_PORT_KINDS	2

/**
 * struct umx_bis_port - a reservation
 * @gone: in the list of those that are about to be freed
 * @sock: a socket of IPv6 that has the port, so that no other gets it; it is
 *	read by nobody. Bound and unbound under umx_bis_ports.lock
 * @proto: IPPROTO_TCP or IPPROTO_UDP
 * @port: the port
 * @local: a socket of this host uses it: it does not end before that; written
 *	without a lock, set only
 * @others: packets without a socket use it (another host's, by NAT): it does
 *	not end before it is idle; the same
 * @missed: sweeps that have not met a TCP socket that uses it; written without
 *	a lock: a sweep too many does no harm
 * @used: jiffies when it was last seen in use; written without a lock
 * @rcu: frees it
 */
struct umx_bis_port {
	struct list_head gone;
	struct socket *sock;
	u8 proto;
	u16 port;
	bool local;
	bool others;
	u8 missed;
	unsigned long used;
	struct rcu_head rcu;
};

/**
 * struct umx_bis_ports - the reservations of a namespace
 * @bn: the namespace
 * @table: by protocol and port; written under @lock, read under RCU
 * @lock: protects what follows; see the essay in netns.h
 * @n: how many there are
 * @on: there is a spool with a shared source
 * @spare: sockets that have no port yet
 * @n_spare: how many of them
 * @waiting: packets that wait for a spare socket
 * @work: makes spare sockets, then sends what waits
 * @memcg: whose memory the sockets are: that of who has set the spool;
 *	constant while @on
 */
struct umx_bis_ports {
	struct umx_bis_net *bn;
	struct xarray table;
	spinlock_t lock;
	unsigned int n;
	bool on;
	struct socket *spare[UMX_BIS_PORT_KINDS][UMX_BIS_PORT_SPARES];
	unsigned int n_spare[UMX_BIS_PORT_KINDS];
	struct sk_buff_head waiting;
	struct work_struct work;
	struct mem_cgroup *memcg;
};

bool umx_bis_port_has(const struct umx_bis_net *bn, u8 proto, u16 port);
int umx_bis_port_claim(struct umx_bis_net *bn,
		       const struct umx_bis_spool *spool, struct sk_buff *skb,
		       const struct umx_bis_head4 *head,
		       const struct in6_addr *peer);

bool umx_bis_port_any(struct umx_bis_net *bn);
void umx_bis_port_seen(struct umx_bis_net *bn,
		       const struct umx_bis_spool *spool,
		       const struct sock *sk);
void umx_bis_port_reap(struct umx_bis_net *bn);

int umx_bis_port_start(struct umx_bis_net *bn);
void umx_bis_port_stop(struct umx_bis_net *bn);
void umx_bis_port_init(struct umx_bis_net *bn);
void umx_bis_port_exit(struct umx_bis_net *bn);

#endif /* _UMX_BIS_PORT_H */
