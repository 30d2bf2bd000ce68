/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns the contract of flow.c: sessions that leave from an address of
 * their own.
 */
#ifndef _UMX_BIS_FLOW_H
#define _UMX_BIS_FLOW_H

#include <linux/in6.h>
#include <linux/list.h>
#include <linux/rcupdate.h>
#include <linux/rhashtable.h>
#include <linux/skbuff.h>
#include <linux/spinlock.h>
#include <linux/tcp.h>
#include <linux/types.h>
#include <linux/workqueue.h>
#include "xlat46.h"

struct sock;
struct umx_bis_map;
struct umx_bis_net;
struct umx_bis_spool;
struct umx_loan;

/**
 * struct umx_bis_flow_key - a session of the host, seen from IPv4
 * @peer: the other end, an address of the spool
 * @peer_port: its port
 * @port: the host's port
 * @proto: IPPROTO_TCP or IPPROTO_UDP
 */
struct umx_bis_flow_key {
	__be32 peer;
	__be16 peer_port;
	__be16 port;
	u32 proto;
};

/**
 * struct umx_bis_flow - a session with an address of its own
 * @by4: in umx_bis_flows.by4
 * @by6: in umx_bis_flows.by6
 * @list: in umx_bis_flows.list, or in a list of those that have ended
 * @key: which session; constant
 * @addr6: its address; constant
 * @isn: TCP: its initial sequence number: a SYN with another begins another
 *	session; constant
 * @sk: UDP: its socket, to be compared only; constant
 * @ino: UDP: the inode of that: no other socket has both; constant
 * @missed: looks at it that have not found it; under umx_bis_flows.lock
 * @loan: who lends @addr6; constant, returned when the session has ended
 * @rcu: frees it
 */
struct umx_bis_flow {
	struct rhash_head by4;
	struct rhash_head by6;
	struct list_head list;
	struct umx_bis_flow_key key;
	struct in6_addr addr6;
	__be32 isn;
	const struct sock *sk;
	unsigned long ino;
	unsigned int missed;
	struct umx_loan *loan;
	struct rcu_head rcu;
};

/**
 * struct umx_bis_flows - those of a namespace
 * @lock: protects changes; a leaf, BH off
 * @by4: by @key; written under @lock, read under RCU
 * @by6: by address; the same
 * @list: all of them; under @lock
 * @n: how many; written under @lock, read without, as a hint
 * @closed: there will be none any more; under @lock
 * @sweep: looks which sessions have ended
 */
struct umx_bis_flows {
	spinlock_t lock;
	struct rhashtable by4;
	struct rhashtable by6;
	struct list_head list;
	unsigned int n;
	bool closed;
	struct delayed_work sweep;
};

/* A session of UDP begins with any packet, one of TCP with a SYN alone. */
static inline bool umx_bis_flow_may_begin(const struct sk_buff *skb,
					  const struct umx_bis_head4 *head)
{
	const struct tcphdr *th = (const void *)(skb->data + head->len);

	return head->proto == UMX_BIS_UDP || (th->syn && !th->ack);
}

const struct in6_addr *umx_bis_flow_source(struct umx_bis_net *bn,
					   const struct umx_bis_spool *spool,
					   const struct umx_bis_map *map,
					   const struct sk_buff *skb,
					   const struct umx_bis_head4 *head);
bool umx_bis_flow_has(struct umx_bis_net *bn, const struct in6_addr *addr6);
bool umx_bis_flow_is_quoted(struct umx_bis_net *bn, const struct sk_buff *skb,
			    unsigned int off);
void umx_bis_flow_flush(struct umx_bis_net *bn);

int umx_bis_flow_init(struct umx_bis_net *bn);
void umx_bis_flow_close(struct umx_bis_net *bn);
void umx_bis_flow_exit(struct umx_bis_net *bn);
int umx_bis_flow_setup(void);
void umx_bis_flow_teardown(void);

#endif /* _UMX_BIS_FLOW_H */
