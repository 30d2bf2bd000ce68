/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns what a server keeps of an offer until the handshake is over:
 * a table of fixed size, so that SYNs cannot make it grow.
 */
#ifndef _UMX_PRESERVE_HALF_H
#define _UMX_PRESERVE_HALF_H

#include <linux/in6.h>
#include <linux/siphash.h>
#include <linux/stddef.h>
#include "option.h"

struct umx_preserve_half_bucket;
struct umx_preserve_net;

/**
 * struct umx_preserve_tuple - a connection as the server sees it
 * @local: our address.
 * @peer: the client's.
 * @local_port: network order.
 * @peer_port: network order.
 */
struct umx_preserve_tuple {
	struct in6_addr local;
	struct in6_addr peer;
	__be16 local_port;
	__be16 peer_port;
};

/* For tables whose keys a peer chooses. */
static inline u32
umx_preserve_tuple_hash(const struct umx_preserve_tuple *tuple,
			const hsiphash_key_t *key)
{
	return hsiphash(tuple, offsetofend(struct umx_preserve_tuple,
					   peer_port), key);
}

/**
 * struct umx_preserve_half - an offer that waits
 * @tuple: the connection; a peer port of 0: nothing waits here.
 * @since: jiffies of the SYN.
 * @peer_isn: the client's initial sequence number, host order.
 * @isn: ours, once the SYN-ACK has left.
 * @synacks: SYN-ACKs so far.
 * @onetime: our address is a one-time address.
 * @thesis: the client writes the form of the thesis.
 * @accepted: the client has accepted our offer.
 * @claimed: the child is born: it hears of what comes later by itself.
 * @bitmap: what of it.
 * @peer_bitmap: what we accepted of its offer.
 * @peer: its offer.
 * @own: ours.
 */
struct umx_preserve_half {
	struct umx_preserve_tuple tuple;
	unsigned long since;
	u32 peer_isn;
	u32 isn;
	u8 synacks;
	bool onetime;
	bool thesis;
	bool accepted;
	bool claimed;
	u8 bitmap;
	u8 peer_bitmap;
	struct umx_offer peer;
	struct umx_offer own;
};

int umx_preserve_half_alloc(struct umx_preserve_net *pn);
void umx_preserve_half_free(struct umx_preserve_net *pn);
void umx_preserve_half_add(struct umx_preserve_net *pn,
			   const struct umx_preserve_half *half);
struct umx_preserve_half_bucket *
umx_preserve_half_bucket(struct umx_preserve_net *pn,
			 const struct umx_preserve_tuple *tuple);
bool umx_preserve_half_update(struct umx_preserve_half_bucket *bucket,
			      const struct umx_preserve_tuple *tuple,
			      bool (*update)(struct umx_preserve_half *half,
					     void *arg), void *arg);

#endif /* _UMX_PRESERVE_HALF_H */
