/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns the state umx_preserve.ko keeps per network namespace, and
 * the module's locking essay.
 *
 * Locking
 * -------
 * 1. What is switched changes under umx_preserve_net.lock, a mutex: settings,
 *    the list of attached listeners' owner. Packet paths read settings with
 *    READ_ONCE() and take no lock for it. So do the lists of prefixes, which
 *    are read under RCU. The hook for SYN-ACKs comes with the first listener,
 *    whose lock is held, and has a mutex of its own, umx_preserve_net.out_lock.
 * 2. A session's current pair, its route and everything about moves change
 *    under the socket lock, in process context (lock_sock()) or, when no task
 *    owns it, in softirq (bh_lock_sock()). A packet that proves a move while a
 *    task owns the socket leaves its pair in umx_preserve_session.follow,
 *    which the next transmission takes up; transmissions hold the lock.
 * 3. umx_preserve_session.lock, a spinlock with BH off, protects what the
 *    packet path writes before there is a socket lock to take: the agreement,
 *    and the history of moves, which dumps read. Who starts the session's
 *    timer while another task owns the socket holds it, too: the end of the
 *    session sets the state under it, and stops the timer after that.
 * 4. Sets and the table of their alternative pairs change under
 *    umx_preserve_net.sets_lock, a spinlock with BH off; the packet path reads
 *    them under RCU. A set lives while a session has it, and some seconds
 *    longer, so that connections of one pair of hosts share it; that of a
 *    session that moved for the length of its TIME_WAIT.
 * 5. The table of agreed sessions by id changes under
 *    umx_preserve_net.ids_lock, a spinlock with BH off, and is read under RCU.
 * 6. The table of places, where sessions are that have moved, changes under
 *    umx_preserve_net.places_lock, a spinlock with BH off, and is read under
 *    RCU.
 * 7. Half-open offers and remembered destinations are tables of fixed size
 *    with a spinlock per bucket; a new entry takes the place of the oldest.
 *    No peer can make them grow.
 * 8. Listeners are linked in umx_preserve_net.listeners under listeners_lock,
 *    a spinlock with BH off.
 *
 * Order: umx_preserve_net.lock > socket lock > umx_preserve_session.lock >
 * sets_lock. out_lock is taken under either of the first two. ids_lock is taken
 * under the session's lock, too; it and sets_lock do not meet. listeners_lock,
 * places_lock and the locks of those tables are leaves.
 *
 * Notifiers of addresses and links run under RTNL, some with BH off: they do
 * nothing but queue umx_preserve_net.scan, which walks the sessions and takes
 * one socket lock at a time.
 *
 * Lifetimes: a session is made for a socket and released by umx_tcp when the
 * socket's session ends. It is freed after a grace period. The timer of a session holds
 * its socket. Tracks hold this module, so that rmmod waits for sessions and
 * listeners; "off" lets go of them.
 *
 * Teardown of a namespace: pre_exit switches off (nothing calls in any more; no
 * new session);
 * the namespace's sockets have gone before it, or they would hold it. exit
 * stops the works and frees the sets.
 */
#ifndef _UMX_PRESERVE_NETNS_H
#define _UMX_PRESERVE_NETNS_H

#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/netfilter.h>
#include <linux/ratelimit_types.h>
#include <linux/siphash.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>
#include <net/net_namespace.h>
#include "mib.h"
#include "prefix.h"

struct umx_preserve_half_table;
struct umx_preserve_blackhole_table;

/**
 * struct umx_preserve_settings - what "set" changes
 * @enabled: switched on.
 * @rto_threshold: timeouts without progress that move a session.
 * @option: enum umx_preserve_form of what is sent.
 * @revert: return to the original pair.
 * @max_prefixes: alternatives of one end.
 * @check: an acceptance must carry a check.
 * @header_max: bytes of header for an offer.
 * @bound: sockets bound to an address too.
 * @blackhole_timeout: seconds.
 *
 * Written under umx_preserve_net.lock, read with READ_ONCE().
 */
struct umx_preserve_settings {
	bool enabled;
	u8 rto_threshold;
	u8 option;
	bool revert;
	u8 max_prefixes;
	bool check;
	u8 header_max;
	bool bound;
	u32 blackhole_timeout;
};

/**
 * struct umx_preserve_net - one network namespace
 * @net: the namespace
 * @lock: see the essay
 * @mib: counters
 * @set: settings
 * @excludes: prefixes whose addresses take no part
 * @keys: umx_preserve_key of the peers in a prefix
 * @key: keys the tables whose keys a peer chooses; constant
 * @on: segments are received, sockets are adopted; under @lock
 * @receives: what the packet path, and who listens, read of @on
 * @out_lock: see the essay
 * @out_hook: the namespace's own, so that a packet finds it at once; under
 *	@out_lock
 * @out: it is registered; likewise
 * @gone: the namespace is going away; under @lock
 * @sets_lock: see the essay
 * @sets: sets by content; UMX_PRESERVE_SETS_BUCKETS; under @sets_lock; made
 *	with the first "on"
 * @aliases: alternative pairs; UMX_PRESERVE_ALIAS_BUCKETS; RCU; likewise
 * @filter: how many of them have addresses like these, UMX_PRESERVE_FILTER_SIZE;
 *	written under @sets_lock, likewise
 * @n_aliases: pairs of all sets; under @sets_lock, read by the packet path
 * @n_idle: sets without a session; under @sets_lock
 * @ids_lock: see the essay
 * @ids: agreed sessions by id; UMX_PRESERVE_IDS_BUCKETS; RCU; made with the
 *	first "on"
 * @last_id: the last one given; under @ids_lock
 * @n_sessions: how many there are; likewise, read without it
 * @copies: how many silent sessions may send copies at a time
 * @places_lock: see the essay
 * @places: sessions that have moved, by where they are; RCU; made with the first
 *	"on"
 * @listeners_lock: protects @listeners
 * @listeners: umx_preserve_listener, attached
 * @half: half-open offers; made with the first "on"
 * @blackholes: remembered destinations; likewise
 * @scan: looks at every session after an address or a link has changed
 * @sweep: frees sets nobody uses, takes the hooks off after "off"
 */
struct umx_preserve_net {
	struct net *net;
	struct mutex lock;
	struct umx_preserve_mib_counters __percpu *mib;
	struct umx_preserve_settings set;
	struct umx_preserve_prefixes excludes;
	struct umx_preserve_prefixes keys;
	hsiphash_key_t key;
	bool on;
	bool receives;
	struct mutex out_lock;
	struct nf_hook_ops out_hook;
	bool out;
	bool gone;

	spinlock_t sets_lock;
	struct hlist_head *sets;
	struct hlist_head *aliases;
	u16 *filter;
	unsigned int n_aliases;
	unsigned int n_idle;

	spinlock_t ids_lock;
	struct hlist_head *ids;
	u32 last_id;
	unsigned int n_sessions;

	struct ratelimit_state copies;
	spinlock_t places_lock;
	struct hlist_head *places;

	spinlock_t listeners_lock;
	struct list_head listeners;

	struct umx_preserve_half_table *half;
	struct umx_preserve_blackhole_table *blackholes;

	struct work_struct scan;
	struct delayed_work sweep;
};

struct umx_preserve_net *umx_preserve_net(const struct net *net);
int umx_preserve_net_switch(struct umx_preserve_net *pn, bool on);

int umx_preserve_netns_setup(void);
void umx_preserve_netns_teardown(void);

/* Is what comes in for us? What "on" has made is there, then. */
static inline bool umx_preserve_receives(const struct umx_preserve_net *pn)
{
	/* pairs with the release in umx_preserve_net_on() */
	return smp_load_acquire(&pn->receives);
}

/* Switched on? What "on" has made is there, then. */
static inline bool umx_preserve_enabled(const struct umx_preserve_net *pn)
{
	/* pairs with the release in umx_preserve_net_on() */
	return smp_load_acquire(&pn->set.enabled);
}

static inline void umx_preserve_count(struct umx_preserve_net *pn,
				      enum umx_preserve_mib id)
{
	umx_preserve_mib_inc(pn, id);
}

#endif /* _UMX_PRESERVE_NETNS_H */
