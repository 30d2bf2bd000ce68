/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns live addresses: their table and their state machine.
 *
 * States (spec: life of an address; routed pools, whose whole prefix is
 * UNCERTAIN until an address is popped; what AUTO_SET has popped stays so):
 *
 *              EA: connect()     SSA: ssa add     AUTO_SET: refill
 *                    |                  |                |
 *                    |                  |                v
 *                    |                  |            UNCERTAIN ----------.
 *                    |                  |    ssa lease |  deleted,       |
 *                    |                  v              |  listener or    |
 *                    |               VALID, waiting <--'  pool gone      |
 *                    |                 |      ^ (LISTEN_U)               |
 *                    |           claim |      | unclaim | lifetime over, |
 *                    |                 v      |         | deleted,       |
 *                    `-----------> VALID, bound         | listener gone  |
 *                                      |                |                |
 *                     session ends     |                |                |
 *                 .--------------------+                |                |
 *                 | TIME_WAIT exists   | none           |                |
 *                 v                    v                v                |
 *              CLOSING ------------> DISPOSED <---------+----------------'
 *                      TIME_WAIT over   never comes back
 *
 * Only live addresses are in the table: DISPOSED is reached by leaving it.
 *
 * A spare (spare.h) is VALID, bound from the beginning, follows the address of
 * its session to CLOSING, and leaves the table with it.
 */
#ifndef _UMX_ADDRESS_H
#define _UMX_ADDRESS_H

#include <linux/in6.h>
#include <linux/pid.h>
#include <linux/refcount.h>
#include <linux/rhashtable-types.h>
#include <linux/spinlock.h>
#include <linux/timer.h>
#include <linux/umx.h>
#include <umx/loan.h>
#include <umx/tcp.h>
#include <umx/udp.h>

struct umx_handshakes;
struct umx_listener;
struct umx_net;
struct umx_pool;
struct umx_ssa_config;

/**
 * struct umx_addr - a live address
 * @node: in umx_net.addrs
 * @addr: the key; constant
 * @pool: it was drawn from; a reference; constant
 * @track: its session's socket, TCP (umx_tcp)
 * @datagram: its session's socket, UDP (umx_udp)
 * @loan: who has its session, which has no socket of IPv6 (umx_loan)
 * @lock: protects what is said to be under it
 * @state: enum umx_addr_state; written under @lock
 * @role: enum umx_addr_role; constant
 * @proto: enum umx_proto of its session; constant
 * @sent: UDP: a datagram has left from it; only ever set
 * @lent: @loan is what it has; only ever set. @peer and both ports are constant
 *	from then on, and read without @lock (loan.c)
 * @bound: it has a session, or had one; under @lock
 * @from_plen: SSA: length of the client prefix in @peer while waiting
 * @peer: SSA waiting: the client prefix. Bound: address of the peer; under
 *	@lock
 * @peer_port: bound: port of the peer; 0 until the session is known; under
 *	@lock. UDP: @peer and both ports are constant from then on, and read
 *	without it (gate_udp.c)
 * @local_port: bound: port at this end; under @lock
 * @port: SSA: the listener's port; constant
 * @ifindex: SSA: device its SYN must come in on, 0 for any; constant
 * @bound_dev: bound: the socket's sk_bound_dev_if; under @lock
 * @uid: bound: owner of the socket; under @lock
 * @cookies: SSA: a cookie was sent for it (half_open.c)
 * @charged: it counts for @owner (limit.c); set before it is live or under
 *	@lock, read by whoever frees it
 * @owner: whose limit it counts for: the user who connects (EA), or who made it
 *	(SSA, or leased it); constant from then on
 * @since: ktime_get_seconds() when it became what it is (waiting, bound); under
 *	@lock
 * @pid: EA: process that called connect(). SSA: process it was given to, NULL
 *	if given by port. A reference; constant
 * @timer: SSA: expires when its lifetime is over, also while a claim has
 *	stopped it; CLOSING: looks for the TIME_WAIT. Pending, it holds a
 *	reference
 * @listener: SSA: its port; a reference; constant
 * @of: of a spare: the address whose session it is made for; a reference;
 *	constant
 * @spares: those of this session, each with a reference; of a spare: the next
 *	one of its session. Under @lock, a spare's under that of @of
 * @handshakes: SSA waiting, where ports are ignored (port_ignore.c); under @lock
 * @half_open: SSA: SYNs that were given a request socket (half_open.c)
 * @ref: table, timer, track
 * @waiting: SSA: in umx_listener.ready while UNCERTAIN, in .waiting while
 *	waiting; umx_listener.lock
 * @rcu: frees it, when nobody can wait any more
 */
struct umx_addr {
	struct rhash_head node;
	struct in6_addr addr;
	struct umx_pool *pool;
	union {
		struct umx_tcp_track track;
		struct umx_udp_track datagram;
		struct umx_loan loan;
	};
	spinlock_t lock;
	u8 state;
	u8 role;
	bool bound;
	u8 from_plen;
	struct in6_addr peer;
	__be16 peer_port;
	__be16 local_port;
	u16 port;
	bool cookies;
	bool charged;
	u8 proto;
	bool sent;
	bool lent;
	u32 ifindex;
	int bound_dev;
	kuid_t uid;
	kuid_t owner;
	u32 since;
	struct pid *pid;
	struct timer_list timer;
	struct umx_listener *listener;
	struct umx_addr *of;
	struct umx_addr *spares;
	struct umx_handshakes *handshakes;
	atomic_t half_open;
	refcount_t ref;
	union {
		struct list_head waiting;
		struct rcu_head rcu;
	};
};

/* Lent to somebody who translates? Its peer and ports may be read then. */
static inline bool umx_addr_lent(const struct umx_addr *addr)
{
	/* pairs with umx_loan_lends() */
	return smp_load_acquire(&addr->lent);
}

/* An SSA that waits for its connection (LISTEN_U)? A hint without @lock. */
static inline bool umx_addr_waits(const struct umx_addr *addr)
{
	if (addr->role != UMX_ROLE_SSA || READ_ONCE(addr->bound))
		return false;
	/* pairs with smp_wmb() in umx_addr_lease() */
	return smp_load_acquire(&addr->state) == UMX_ADDR_VALID;
}

int umx_addr_setup(void);
void umx_addr_teardown(void);
int umx_addr_table_init(struct umx_net *un);
void umx_addr_table_exit(struct umx_net *un);

struct umx_addr *umx_addr_alloc(struct umx_pool *pool,
				enum umx_addr_role role, gfp_t gfp);
int umx_addr_insert(struct umx_addr *addr);
int umx_addr_insert_generated(struct umx_addr *addr);
struct umx_addr *umx_addr_find(const struct umx_net *un,
			       const struct in6_addr *key);
void umx_addr_get(struct umx_addr *addr);
void umx_addr_put(struct umx_addr *addr);

bool umx_addr_bind(struct umx_addr *addr, const struct in6_addr *client);
void umx_addr_unbind(struct umx_addr *addr);
bool umx_addr_expire(struct umx_addr *addr);
void umx_addr_discard(struct umx_addr *addr);
bool umx_addr_lease(struct umx_addr *addr, const struct umx_ssa_config *config);
void umx_addr_close(struct umx_addr *addr, bool time_wait);
void umx_addr_wait(struct umx_addr *addr, unsigned long deadline);
bool umx_addr_spares_set(struct umx_addr *addr, struct umx_addr *spares);
void umx_addr_spares_drop(struct umx_addr *addr);
void umx_addr_spares_discard(struct umx_addr *spares);

void umx_addr_for_each(struct umx_net *un,
		       void (*fn)(struct umx_addr *addr, void *arg), void *arg);

#endif /* _UMX_ADDRESS_H */
