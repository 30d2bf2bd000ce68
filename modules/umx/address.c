// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the table of live addresses and the transitions of their
 * state machine (drawn in address.h).
 */
#include <linux/hash.h>
#include <linux/rhashtable.h>
#include <linux/slab.h>
#include <linux/timekeeping.h>
#include <net/inet6_hashtables.h>
#include <net/inet_timewait_sock.h>
#include <umx/compat.h>
#include "address.h"
#include "attach.h"
#include "event.h"
#include "limit.h"
#include "listed.h"
#include "listener.h"
#include "mib.h"
#include "netns.h"
#include "onlink.h"
#include "pool.h"
#include "port_ignore.h"
#include "ssa.h"
#include "trace.h"

/* A TIME_WAIT that outlives its expected end is looked for this often. */
#define UMX_CLOSING_POLL	HZ

/* Addresses taken out of a walk at a time. */
#define UMX_ADDR_BATCH		64

/*
 * An address may be read under RCU until after it has left the table, and so
 * comes back one grace period later, in a batch with others. Given to the slab
 * then, nearly each object would take its slow path, 1,300 instructions per
 * connection. A stack per CPU in front of the slab takes them instead: long
 * enough for what a busy CPU has between two grace periods, 240 kB at most.
 * KASAN sees more without it.
 */
#define UMX_ADDR_STACK		(IS_ENABLED(CONFIG_KASAN) ? 0 : 1024)

/**
 * struct umx_addr_stack - free addresses of one CPU; used with BH off
 * @top: the warmest; the next one is in its place of @rcu
 * @n: how many
 */
struct umx_addr_stack {
	struct umx_addr *top;
	unsigned int n;
};

static DEFINE_PER_CPU(struct umx_addr_stack, umx_addr_stacks);
static struct kmem_cache *umx_addr_cache;

/*
 * Inlined into every lookup, as is the comparison. One multiplication is enough:
 * nobody outside can put a key into the table, and the free bits are random, or
 * a counter. The pool's bits keep pools with the same counter apart.
 */
static u32 umx_addr_hash(const void *key, u32 len, u32 seed)
{
	const struct in6_addr *addr = key;
	u32 pool = (__force u32)addr->s6_addr32[0] +
		   (__force u32)addr->s6_addr32[1];
	u64 free = (u64)(__force u32)addr->s6_addr32[2] << 32 |
		   (__force u32)addr->s6_addr32[3];

	u32 hash = ((free ^ pool ^ seed) * GOLDEN_RATIO_64) >> 32;

	/* the highest bits depend on all of the key, the lowest are used */
	return hash ^ hash >> 16;
}

static u32 umx_addr_obj_hash(const void *obj, u32 len, u32 seed)
{
	const struct umx_addr *addr = obj;

	return umx_addr_hash(&addr->addr, len, seed);
}

static int umx_addr_cmp(struct rhashtable_compare_arg *arg, const void *obj)
{
	const struct umx_addr *addr = obj;

	return !ipv6_addr_equal(arg->key, &addr->addr);
}

static const struct rhashtable_params umx_addr_params = {
	.head_offset = offsetof(struct umx_addr, node),
	.key_offset = offsetof(struct umx_addr, addr),
	.key_len = sizeof(struct in6_addr),
	.hashfn = umx_addr_hash,
	.obj_hashfn = umx_addr_obj_hash,
	.obj_cmpfn = umx_addr_cmp,
	.min_size = 4096,	/* some thousand come and go without a rehash */
	.automatic_shrinking = true,
};

static struct umx_net *umx_addr_net(const struct umx_addr *addr)
{
	return addr->pool->un;
}

static struct umx_addr *umx_addr_stack_pop(struct umx_addr_stack *stack)
{
	struct umx_addr *addr = stack->top;

	if (addr) {
		stack->top = *(struct umx_addr **)&addr->rcu;
		stack->n--;
	}
	return addr;
}

static bool umx_addr_stack_push(struct umx_addr_stack *stack,
				struct umx_addr *addr)
{
	if (stack->n >= UMX_ADDR_STACK)
		return false;
	*(struct umx_addr **)&addr->rcu = stack->top;
	stack->top = addr;
	stack->n++;
	return true;
}

static struct umx_addr *umx_addr_new(gfp_t gfp)
{
	struct umx_addr *addr;

	local_bh_disable();
	addr = umx_addr_stack_pop(this_cpu_ptr(&umx_addr_stacks));
	local_bh_enable();
	if (!addr)
		return kmem_cache_zalloc(umx_addr_cache, gfp);
	memset(addr, 0, sizeof(*addr));
	return addr;
}

static void umx_addr_free(struct umx_addr *addr)
{
	bool kept;

	local_bh_disable();
	kept = umx_addr_stack_push(this_cpu_ptr(&umx_addr_stacks), addr);
	local_bh_enable();
	if (!kept)
		kmem_cache_free(umx_addr_cache, addr);
}

static void umx_addr_free_rcu(struct rcu_head *rcu)
{
	umx_addr_free(container_of(rcu, struct umx_addr, rcu));
}

void umx_addr_get(struct umx_addr *addr)
{
	refcount_inc(&addr->ref);
}

void umx_addr_put(struct umx_addr *addr)
{
	if (!refcount_dec_and_test(&addr->ref))
		return;
	put_pid(addr->pid);
	if (unlikely(addr->handshakes))
		umx_port_ignore_forget(addr);
	if (addr->listener)
		umx_listener_put(addr->listener);
	if (addr->charged)
		umx_limit_uncharge(umx_addr_net(addr), addr);
	umx_pool_put(addr->pool);
	if (unlikely(addr->of))
		umx_addr_put(addr->of);
	call_rcu(&addr->rcu, umx_addr_free_rcu);
}

/* The pool's gauge of live addresses in @state. */
static enum umx_pool_stat umx_addr_gauge(u8 state)
{
	switch (state) {
	case UMX_ADDR_UNCERTAIN:
		return UMX_POOL_UNCERTAIN;
	case UMX_ADDR_CLOSING:
		return UMX_POOL_CLOSING;
	default:
		return UMX_POOL_VALID;
	}
}

/* From one state of a live address to another. */
static void umx_addr_move(struct umx_addr *addr, u8 state)
{
	lockdep_assert_held(&addr->lock);
	umx_pool_count(addr->pool, umx_addr_gauge(addr->state), -1);
	umx_pool_count(addr->pool, umx_addr_gauge(state), 1);
	trace_umx_address(addr, addr->state, state);
	WRITE_ONCE(addr->state, state);
}

static void umx_addr_leave(struct umx_addr *addr);

/* Dispose the spares of a session's address. Its lock is held. */
static void umx_addr_spares_leave(struct umx_addr *addr)
{
	struct umx_addr *spare, *next = addr->spares;

	lockdep_assert_held(&addr->lock);
	WRITE_ONCE(addr->spares, NULL);
	while ((spare = next)) {
		next = spare->spares;
		spin_lock_nested(&spare->lock, SINGLE_DEPTH_NESTING);
		if (spare->state != UMX_ADDR_DISPOSED) {
			umx_event_addr(spare, UMX_EVENT_DISPOSED);
			umx_addr_leave(spare);
		}
		spin_unlock(&spare->lock);
		umx_addr_put(spare);
	}
}

/* They keep their session's TIME_WAIT company. */
static void umx_addr_spares_close(struct umx_addr *addr)
{
	struct umx_addr *spare;

	lockdep_assert_held(&addr->lock);
	for (spare = addr->spares; spare; spare = spare->spares) {
		spin_lock_nested(&spare->lock, SINGLE_DEPTH_NESTING);
		if (spare->state == UMX_ADDR_VALID)
			umx_addr_move(spare, UMX_ADDR_CLOSING);
		spin_unlock(&spare->lock);
	}
}

/* Every way out of the table. */
static void umx_addr_leave(struct umx_addr *addr)
{
	struct umx_net *un = umx_addr_net(addr);

	lockdep_assert_held(&addr->lock);
	umx_pool_count(addr->pool, umx_addr_gauge(addr->state), -1);
	umx_pool_count(addr->pool, UMX_POOL_DISPOSED, 1);
	umx_mib_inc(un, UMX_MIB_DISPOSED);
	trace_umx_address(addr, addr->state, UMX_ADDR_DISPOSED);
	WRITE_ONCE(addr->state, UMX_ADDR_DISPOSED);
	if (unlikely(addr->spares && !addr->of))
		umx_addr_spares_leave(addr);
	if (!rhashtable_remove_fast(&un->addrs, &addr->node, umx_addr_params))
		umx_addr_put(addr);
}

/* The reference @addr's timer held goes back if it was pending. */
static void umx_addr_timer_stop(struct umx_addr *addr)
{
	if (timer_delete(&addr->timer))
		umx_addr_put(addr);
}

static void umx_addr_timer_set(struct umx_addr *addr, unsigned long when)
{
	if (!mod_timer(&addr->timer, when))
		umx_addr_get(addr);
}

/*
 * The TIME_WAIT socket of an ended session, whose 4-tuple is constant by now;
 * with a reference (inet_twsk_put()), or NULL.
 */
static struct sock *umx_addr_time_wait(struct umx_addr *addr)
{
	struct sock *sk;

	sk = umx_inet6_lookup_established(umx_addr_net(addr)->net,
					  &addr->peer, addr->peer_port,
					  &addr->addr, ntohs(addr->local_port),
					  addr->bound_dev);
	if (!sk)
		return NULL;
	if (sk->sk_state == TCP_TIME_WAIT)
		return sk;
	sock_gen_put(sk);
	return NULL;
}

static void umx_addr_poll(struct umx_addr *addr)
{
	struct sock *tw = umx_addr_time_wait(addr);

	lockdep_assert_held(&addr->lock);
	if (!tw) {
		umx_event_addr(addr, UMX_EVENT_DISPOSED);
		umx_addr_leave(addr);
		return;
	}
	umx_addr_timer_set(addr, max(inet_twsk(tw)->tw_timer.expires,
				     jiffies + UMX_CLOSING_POLL));
	inet_twsk_put(inet_twsk(tw));
}

static void umx_addr_timer(struct timer_list *timer)
{
	struct umx_addr *addr = container_of(timer, struct umx_addr, timer);

	spin_lock(&addr->lock);
	if (addr->state == UMX_ADDR_CLOSING)
		umx_addr_poll(addr);
	spin_unlock(&addr->lock);
	umx_addr_expire(addr);
	umx_addr_put(addr);
}

/**
 * umx_addr_alloc() - make an address that is not yet in the table
 * @pool: it will be drawn from
 * @role: what it is for
 * @gfp: how to allocate
 *
 * Return: the address with one reference, ERR_PTR(-ENOMEM), or
 * ERR_PTR(-EADDRNOTAVAIL) for a pool that gives out none any more.
 */
struct umx_addr *umx_addr_alloc(struct umx_pool *pool,
				enum umx_addr_role role, gfp_t gfp)
{
	struct umx_addr *addr;

	addr = umx_addr_new(gfp);
	if (!addr)
		return ERR_PTR(-ENOMEM);
	if (!umx_pool_get(pool)) {
		umx_addr_free(addr);
		return ERR_PTR(-EADDRNOTAVAIL);
	}
	addr->pool = pool;
	addr->role = role;
	addr->state = UMX_ADDR_VALID;
	addr->since = ktime_get_seconds();
	spin_lock_init(&addr->lock);
	timer_setup(&addr->timer, umx_addr_timer, 0);
	INIT_LIST_HEAD(&addr->waiting);
	refcount_set(&addr->ref, 1);
	return addr;
}

/**
 * umx_addr_insert() - make an address live
 * @addr: complete, @addr->addr and @addr->state set; the table takes a
 *	reference
 *
 * Return: 0; -EEXIST: it is live already; -ENOMEM, -E2BIG: no room.
 */
int umx_addr_insert(struct umx_addr *addr)
{
	int err;

	umx_addr_get(addr);
	umx_pool_count(addr->pool, umx_addr_gauge(addr->state), 1);
	err = rhashtable_lookup_insert_key(&umx_addr_net(addr)->addrs,
					   &addr->addr, &addr->node,
					   umx_addr_params);
	if (err) {
		umx_pool_count(addr->pool, umx_addr_gauge(addr->state), -1);
		umx_addr_put(addr);
		return err;
	}
	trace_umx_address(addr, UMX_TRACE_NONE, addr->state);
	return 0;
}

/**
 * umx_addr_insert_generated() - pop an address from its pool and make it live
 * @addr: complete but for @addr->addr
 *
 * Return: 0, -EADDRNOTAVAIL, or as umx_addr_insert().
 */
int umx_addr_insert_generated(struct umx_addr *addr)
{
	int err;

	do {
		err = umx_pool_generate(addr->pool, &addr->addr);
		if (err)
			return err;
		err = umx_addr_insert(addr);
	} while (err == -EEXIST);
	if (addr->pool->onlink)
		umx_reserved_taken(addr->pool, &addr->addr);
	return err;
}

/* Context: RCU; the result is valid inside it. */
struct umx_addr *umx_addr_find(const struct umx_net *un,
			       const struct in6_addr *key)
{
	struct rhashtable *table = (struct rhashtable *)&un->addrs;

	return rhashtable_lookup(table, key, umx_addr_params);
}

/**
 * umx_addr_wait() - an SSA begins to wait
 * @addr: live, not bound
 * @deadline: jiffies at which it is disposed unused
 */
void umx_addr_wait(struct umx_addr *addr, unsigned long deadline)
{
	bool waits;

	spin_lock_bh(&addr->lock);
	waits = umx_listener_wait(addr->listener, addr);
	if (waits) {
		umx_addr_timer_set(addr, deadline);
		umx_event_addr(addr, UMX_EVENT_SSA_ADD);
	}
	spin_unlock_bh(&addr->lock);
	if (waits)
		umx_onlink_live(addr->pool, &addr->addr);
}

/**
 * umx_addr_lease() - an SSA that was kept ready is given to a client
 * @addr: UNCERTAIN, and in no list
 * @config: the client prefix, the device and the lifetime
 *
 * Return: false if it is no longer UNCERTAIN.
 */
bool umx_addr_lease(struct umx_addr *addr, const struct umx_ssa_config *config)
{
	bool mine;

	spin_lock_bh(&addr->lock);
	mine = addr->state == UMX_ADDR_UNCERTAIN;
	if (mine) {
		addr->peer = config->from;
		addr->from_plen = config->from_plen;
		addr->ifindex = config->ifindex;
		addr->since = ktime_get_seconds();
		smp_wmb();	/* the gate looks at the state first */
		umx_addr_move(addr, UMX_ADDR_VALID);
	}
	spin_unlock_bh(&addr->lock);
	return mine;
}

/**
 * umx_addr_bind() - claim a waiting SSA
 * @addr: any address
 * @client: whose handshake is complete
 *
 * Return: true for the one handshake that gets it.
 */
bool umx_addr_bind(struct umx_addr *addr, const struct in6_addr *client)
{
	bool mine;

	spin_lock_bh(&addr->lock);
	mine = addr->state == UMX_ADDR_VALID && !addr->bound &&
	       ipv6_prefix_equal(client, &addr->peer, addr->from_plen);
	if (mine) {
		umx_listener_unwait(addr->listener, addr);
		umx_addr_timer_stop(addr);
		WRITE_ONCE(addr->bound, true);
		trace_umx_address(addr, UMX_ADDR_VALID, UMX_ADDR_VALID);
	}
	spin_unlock_bh(&addr->lock);
	return mine;
}

static bool umx_addr_expire_locked(struct umx_addr *addr)
{
	lockdep_assert_held(&addr->lock);
	if (addr->state != UMX_ADDR_VALID || addr->bound ||
	    addr->role != UMX_ROLE_SSA)
		return false;
	umx_listener_unwait(addr->listener, addr);
	umx_addr_timer_stop(addr);
	umx_event_addr(addr, UMX_EVENT_SSA_EXPIRED);
	umx_mib_inc(umx_addr_net(addr), UMX_MIB_SSA_EXPIRED);
	umx_addr_leave(addr);
	return true;
}

/* Dispose an SSA, if nobody was given it. */
void umx_addr_discard(struct umx_addr *addr)
{
	spin_lock_bh(&addr->lock);
	if (addr->state == UMX_ADDR_UNCERTAIN) {
		umx_listener_unready(addr->listener, addr);
		umx_addr_leave(addr);
		umx_listed_back(addr->pool, &addr->addr);
		umx_attach_kick(addr->pool);
	}
	spin_unlock_bh(&addr->lock);
}

/*
 * The claimed child was not born: wait on, for what is left of the lifetime,
 * unless the listener has gone meanwhile.
 */
void umx_addr_unbind(struct umx_addr *addr)
{
	spin_lock_bh(&addr->lock);
	if (addr->state == UMX_ADDR_VALID) {
		WRITE_ONCE(addr->bound, false);
		trace_umx_address(addr, UMX_ADDR_VALID, UMX_ADDR_VALID);
		if (umx_listener_wait(addr->listener, addr))
			umx_addr_timer_set(addr, addr->timer.expires);
		else
			umx_addr_expire_locked(addr);
	}
	spin_unlock_bh(&addr->lock);
}

/**
 * umx_addr_expire() - dispose an SSA that still waits
 * @addr: any address
 *
 * Return: true if it did wait.
 */
bool umx_addr_expire(struct umx_addr *addr)
{
	bool waited;

	spin_lock_bh(&addr->lock);
	waited = umx_addr_expire_locked(addr);
	spin_unlock_bh(&addr->lock);
	return waited;
}

/**
 * umx_addr_close() - the session of a bound address has ended
 * @addr: bound
 * @time_wait: it had a peer, so that a TIME_WAIT may exist
 *
 * CLOSING while a TIME_WAIT exists; DISPOSED at once if there is none. Also
 * called to look again (drain has purged TIME_WAITs).
 */
void umx_addr_close(struct umx_addr *addr, bool time_wait)
{
	struct umx_net *un = umx_addr_net(addr);
	struct sock *tw = NULL;

	spin_lock_bh(&addr->lock);
	if (addr->state != UMX_ADDR_VALID && addr->state != UMX_ADDR_CLOSING)
		goto unlock;

	if (time_wait)
		tw = umx_addr_time_wait(addr);
	if (!tw) {
		umx_addr_timer_stop(addr);
		umx_event_addr(addr, UMX_EVENT_DISPOSED);
		umx_addr_leave(addr);
		goto unlock;
	}
	if (addr->state == UMX_ADDR_VALID) {
		umx_addr_move(addr, UMX_ADDR_CLOSING);
		umx_addr_spares_close(addr);
		umx_mib_inc(un, UMX_MIB_CLOSING);
		umx_event_addr(addr, UMX_EVENT_SESSION_CLOSING);
		umx_addr_timer_set(addr, inet_twsk(tw)->tw_timer.expires + 1);
	}
	inet_twsk_put(inet_twsk(tw));
unlock:
	spin_unlock_bh(&addr->lock);
}

/**
 * umx_addr_spares_set() - give a session its spares
 * @addr: its address
 * @spares: them, in a row, each with a reference that goes along
 *
 * Context: BH off or process. Return: false, and nothing was changed, if it has
 * some or is at its end.
 */
bool umx_addr_spares_set(struct umx_addr *addr, struct umx_addr *spares)
{
	bool good;

	spin_lock_bh(&addr->lock);
	good = addr->state == UMX_ADDR_VALID && !addr->spares;
	if (good)
		WRITE_ONCE(addr->spares, spares);
	spin_unlock_bh(&addr->lock);
	return good;
}

/**
 * umx_addr_spares_drop() - dispose the spares of a session that goes on
 * @addr: its address
 */
void umx_addr_spares_drop(struct umx_addr *addr)
{
	spin_lock_bh(&addr->lock);
	umx_addr_spares_leave(addr);
	spin_unlock_bh(&addr->lock);
}

/**
 * umx_addr_spares_discard() - dispose spares no session was given
 * @spares: them, in a row, each with a reference that goes back
 */
void umx_addr_spares_discard(struct umx_addr *spares)
{
	struct umx_addr *spare;

	while ((spare = spares)) {
		spares = spare->spares;
		spin_lock_bh(&spare->lock);
		/* the end of the namespace may have come first */
		if (spare->state != UMX_ADDR_DISPOSED)
			umx_addr_leave(spare);
		spin_unlock_bh(&spare->lock);
		umx_addr_put(spare);
	}
}

int umx_addr_table_init(struct umx_net *un)
{
	return rhashtable_init(&un->addrs, &umx_addr_params);
}

/**
 * umx_addr_for_each() - do something to every live address
 * @un: the namespace, ready
 * @fn: what; called with a reference, no lock held, and may sleep
 * @arg: for @fn
 *
 * A walk holds RCU; addresses are taken out of it in batches. One that comes
 * or goes meanwhile may be missed; one may be met twice when others go, or the
 * table is resized: @fn must bear that.
 * Context: process.
 */
void umx_addr_for_each(struct umx_net *un,
		       void (*fn)(struct umx_addr *addr, void *arg), void *arg)
{
	struct umx_addr *batch[UMX_ADDR_BATCH];
	struct rhashtable_iter iter;
	struct umx_addr *addr;
	unsigned int i, n;

	rhashtable_walk_enter(&un->addrs, &iter);
	do {
		n = 0;
		rhashtable_walk_start(&iter);
		/* the one met last has gone: what is behind it has moved up */
		if (!iter.p)
			iter.skip = 0;
		while (n < UMX_ADDR_BATCH &&
		       (addr = rhashtable_walk_next(&iter)))
			if (!IS_ERR(addr) && refcount_inc_not_zero(&addr->ref))
				batch[n++] = addr;
		rhashtable_walk_stop(&iter);

		for (i = 0; i < n; i++) {
			fn(batch[i], arg);
			umx_addr_put(batch[i]);
		}
		cond_resched();
	} while (n == UMX_ADDR_BATCH);
	rhashtable_walk_exit(&iter);
}

/* The last use of @addr: no timer comes after this. */
static void umx_addr_end(struct umx_addr *addr, void *arg)
{
	if (timer_shutdown_sync(&addr->timer))
		umx_addr_put(addr);
	spin_lock_bh(&addr->lock);
	if (addr->state != UMX_ADDR_DISPOSED) {
		if (addr->state == UMX_ADDR_UNCERTAIN)
			umx_listener_unready(addr->listener, addr);
		else if (addr->listener)
			umx_listener_unwait(addr->listener, addr);
		umx_addr_leave(addr);
	}
	spin_unlock_bh(&addr->lock);
}

/**
 * umx_addr_table_exit() - the namespace goes away
 * @un: the namespace, ready
 *
 * Hooks are off and no session is left: every socket of one holds the
 * namespace, and what was lent has come back before (pre_exit). What is left waits or is CLOSING, and has a timer; it leaves the
 * table the ordinary way, under its lock, so that a timer that fires now and
 * this function do not both dispose it.
 */
void umx_addr_table_exit(struct umx_net *un)
{
	while (atomic_read(&un->addrs.nelems))
		umx_addr_for_each(un, umx_addr_end, NULL);
	rhashtable_destroy(&un->addrs);
}

int umx_addr_setup(void)
{
	/* the budget of a live address beyond its socket */
	BUILD_BUG_ON(!IS_ENABLED(CONFIG_DEBUG_SPINLOCK) &&
		     sizeof(struct umx_addr) > 256);
	umx_addr_cache = KMEM_CACHE(umx_addr, 0);
	return umx_addr_cache ? 0 : -ENOMEM;
}

void umx_addr_teardown(void)
{
	struct umx_addr *addr;
	int cpu;

	rcu_barrier();
	for_each_possible_cpu(cpu)
		while ((addr = umx_addr_stack_pop(per_cpu_ptr(&umx_addr_stacks,
							      cpu))))
			kmem_cache_free(umx_addr_cache, addr);
	kmem_cache_destroy(umx_addr_cache);
}
