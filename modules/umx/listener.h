/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns listeners: ports whose listening sockets accept nobody
 * (LISTEN_0) except on SSAs (LISTEN_U).
 */
#ifndef _UMX_LISTENER_H
#define _UMX_LISTENER_H

#include <linux/in6.h>
#include <linux/netlink.h>
#include <linux/refcount.h>
#include <linux/sched.h>
#include <linux/spinlock.h>
#include <linux/umx.h>
#include <linux/workqueue.h>
#include <umx/tcp.h>

struct umx_addr;
struct umx_net;
struct umx_socks;

/**
 * struct umx_listener - a port in a mode other than legacy
 * @node: in umx_net.ports
 * @un: its namespace
 * @port: host order; constant
 * @mode: enum umx_listener_mode; written under umx_net.lock
 * @ipv4: IPv4 stays open; written under umx_net.lock
 * @local: connections from this host to its legacy addresses stay allowed;
 *	written under umx_net.lock
 * @half_open: handshakes of an SSA that are given a request socket; written
 *	under umx_net.lock
 * @cookie_rate: cookies per second beyond that; written under umx_net.lock
 * @cookies_since: jiffies when @cookies began to count
 * @cookies: sent since then
 * @pool: name of the pool of its SSAs, "" for any; under umx_net.lock
 * @dead: set back to legacy; nothing attaches or waits any more; under @lock
 * @ruled: a rule has made it: it goes with its last server; under
 *	umx_net.ports_lock, and cleared under umx_net.lock, too
 * @rule: umx_listen_rule.id of that one; constant while @ruled
 * @begun: how many listen() are under way; under umx_net.ports_lock
 * @looked: jiffies when what is not attached was last looked for (listen.c)
 * @lock: protects the lists; BH off
 * @socks: umx_listen_sock of attached sockets; written under @lock, read under
 *	RCU
 * @n_socks: how many; under @lock
 * @waiting: SSAs (umx_addr.waiting); under @lock
 * @n_waiting: how many; under @lock
 * @ready: SSAs that are UNCERTAIN (auto.c); written under umx_net.lock and
 *	@lock
 * @n_ready: how many; as @ready
 * @epoch: in which all of @ready were made (window.c); under umx_net.lock
 * @takeover: attaches sockets that were found not to be; ends a @ruled one that
 *	has none
 * @refill: brings @ready to its length
 * @ref: configuration, each attached socket, each SSA, pending @takeover and
 *	@refill
 * @rcu: frees it
 */
struct umx_listener {
	struct hlist_node node;
	struct umx_net *un;
	u16 port;
	u8 mode;
	bool ipv4;
	bool local;
	bool dead;
	bool ruled;
	u32 rule;
	u32 begun;
	unsigned long looked;
	u8 half_open;
	u32 cookie_rate;
	unsigned long cookies_since;
	atomic_t cookies;
	char pool[UMX_POOL_NAME_MAX];
	spinlock_t lock;
	struct list_head socks;
	u32 n_socks;
	struct list_head waiting;
	u32 n_waiting;
	struct list_head ready;
	u32 n_ready;
	u64 epoch;
	struct work_struct takeover;
	struct work_struct refill;
	refcount_t ref;
	struct rcu_head rcu;
};

/**
 * struct umx_listen_sock - a listening socket attached to its port
 * @track: umx_tcp tells us when it stops listening
 * @list: in umx_listener.socks
 * @listener: its port; a reference
 * @owner: process whose listen() we saw, or that was named; a reference or
 *	NULL; written under umx_listener.lock
 * @comm: command name beside @owner
 * @bound: the address it is bound to, :: for all; constant
 * @dualstack: takes IPv4 too; constant
 * @ref: one while attached, one per user of umx_listen_sock_get()
 * @rcu: frees it
 */
struct umx_listen_sock {
	struct umx_tcp_track track;
	struct list_head list;
	struct umx_listener *listener;
	struct pid *owner;
	char comm[TASK_COMM_LEN];
	struct in6_addr bound;
	bool dualstack;
	refcount_t ref;
	struct rcu_head rcu;
};

/**
 * struct umx_listener_config - what a listener is to be
 * @pool is NULL if not given, "" to take back one that was. Of @ipv4, @local,
 * @half_open and @cookie_rate, a negative one was not given.
 */
struct umx_listener_config {
	u16 port;
	u8 mode;
	const char *pool;
	s8 ipv4;
	s8 local;
	s16 half_open;
	s64 cookie_rate;
};

int umx_listener_set(struct umx_net *un,
		     const struct umx_listener_config *config,
		     struct umx_socks *socks, struct pid *owner,
		     struct netlink_ext_ack *extack);
void umx_listener_flush(struct umx_net *un);
bool umx_listener_any(const struct umx_net *un);
struct umx_listener *umx_listener_find(const struct umx_net *un, u16 port);
void umx_listener_put(struct umx_listener *listener);

struct umx_listener *umx_listener_new(struct umx_net *un, u16 port, gfp_t gfp);
void umx_listener_apply(struct umx_listener *listener,
			const struct umx_listener_config *config, bool fresh);
void umx_listener_insert(struct umx_listener *listener);
int umx_listener_attach(struct umx_listener *listener, struct sock *sk,
			struct task_struct *task);
struct sock *umx_listener_lookup(struct umx_listener *listener,
				 struct sk_buff *skb, int doff,
				 const struct tcphdr *th);
void umx_listener_take_over(struct umx_listener *listener);
struct pid *umx_listener_claim_pid(struct umx_listener *listener,
				   const struct umx_socks *socks,
				   struct pid *pid);
u32 umx_listener_detach_all(struct umx_net *un);

bool umx_listener_wait(struct umx_listener *listener, struct umx_addr *addr);
void umx_listener_unwait(struct umx_listener *listener, struct umx_addr *addr);
void umx_listener_ready(struct umx_listener *listener, struct umx_addr *addr);
void umx_listener_unready(struct umx_listener *listener,
			  struct umx_addr *addr);
u32 umx_listener_expire_all(struct umx_listener *listener);

#endif /* _UMX_LISTENER_H */
