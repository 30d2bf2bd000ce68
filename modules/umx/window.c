// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the windows of traceable pools: which counters may be used,
 * and that each is used once.
 *
 * User space keeps the high-water mark of a key in a file. It moves the mark
 * first, then gives the counters below it as a window; what is left of a window
 * when a pool or the machine goes away is skipped. A window that is used up
 * gives nothing until user space gives another: the kernel alone cannot know
 * what was used before.
 *
 * Nor can a file, of a machine that was restored from a snapshot with it. So
 * there is an epoch: a number drawn when the module is loaded and when the
 * kernel learns that its virtual machine was restored. The counters of one
 * epoch are of generations no other epoch has used; a window reserved in
 * another epoch is refused. What was made in another epoch, by any generator,
 * and given to nobody, is disposed (auto.c).
 */
#include <linux/mutex.h>
#include <linux/notifier.h>
#include <linux/random.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "event.h"
#include "generate.h"
#include "pool.h"
#include "window.h"

/* An event says so when this part of a window is left. */
#define UMX_WINDOW_LOW	8

/**
 * struct umx_window - counters that may be used
 * @generation: of all of them; constant
 * @next: the next one
 * @end: the one after the last; 0 closes the window; written under
 *	umx_trace_lock
 * @low: an event is sent with this one; written under umx_trace_lock
 * @rcu: frees it
 */
struct umx_window {
	u64 generation;
	atomic64_t next;
	u64 end;
	u64 low;
	struct rcu_head rcu;
};

/* Traceable pools of all namespaces, their windows, the epoch. */
static DEFINE_MUTEX(umx_trace_lock);
static LIST_HEAD(umx_traces);
static u64 umx_epoch;

static struct umx_window *umx_window_of(const struct umx_trace *trace)
{
	return rcu_dereference_protected(trace->window,
					 lockdep_is_held(&umx_trace_lock));
}

/* The counters from @start to @end may be used, too, or instead. */
static void umx_window_open(struct umx_window *window, u64 start, u64 end)
{
	WRITE_ONCE(window->low, end - (end - start) / UMX_WINDOW_LOW);
	WRITE_ONCE(window->end, end);
}

static struct umx_window *umx_window_new(u64 generation, u64 start, u64 end)
{
	struct umx_window *window;

	window = kzalloc(sizeof(*window), GFP_KERNEL_ACCOUNT);
	if (!window)
		return NULL;
	window->generation = generation;
	atomic64_set(&window->next, start);
	umx_window_open(window, start, end);
	return window;
}

static void umx_window_replace(struct umx_trace *trace, struct umx_window *new)
{
	struct umx_window *old;

	lockdep_assert_held(&umx_trace_lock);
	old = rcu_replace_pointer(trace->window, new,
				  lockdep_is_held(&umx_trace_lock));
	kfree_rcu(old, rcu);
}

/* A generation nobody has used, as far as chance goes. */
static u64 umx_window_generation(const struct umx_trace *trace)
{
	return get_random_u64() & (umx_places_generations(&trace->places) - 1);
}

/* Nonzero, so that a request without an epoch is never of this one. */
static void umx_window_epoch_draw(void)
{
	WRITE_ONCE(umx_epoch, get_random_u64() | 1);
}

/*
 * What is made after this call is made of windows and random numbers of the
 * epoch it returns, or of a later one.
 */
u64 umx_window_epoch(void)
{
	u64 epoch = READ_ONCE(umx_epoch);

	smp_rmb();	/* pairs with synchronize_rcu() in umx_window_vmfork() */
	return epoch;
}

/**
 * umx_window_init() - make a pool traceable
 * @pool: its prefix is set
 * @config: checked
 * @tail: what its addresses end in, should it be on-link
 *
 * With a key of its own it has no counter before the first
 * umx_window_reserve(); else all of one generation.
 */
int umx_window_init(struct umx_pool *pool,
		    const struct umx_pool_config *config, u32 *tail)
{
	unsigned int plen = umx_pool_plen(pool->type, pool->plen);
	struct umx_trace *trace = &pool->trace;
	struct umx_window *window;
	u8 key[UMX_SIP_KEY];
	u64 generation = 0, end = 0;

	if (config->key)
		memcpy(key, config->key, sizeof(key));
	else
		get_random_bytes(key, sizeof(key));
	umx_places_init(&trace->places, key, &pool->prefix, plen,
			config->host_bits);
	*tail = umx_permute_tail(key, &pool->prefix, plen);
	memzero_explicit(key, sizeof(key));

	trace->host = config->host;
	trace->keyed = config->key;
	if (!trace->keyed) {
		generation = umx_window_generation(trace);
		end = umx_places_counters(&trace->places);
	}
	window = umx_window_new(generation, 0, end);
	if (!window) {
		memzero_explicit(trace, sizeof(*trace));
		return -ENOMEM;
	}
	mutex_lock(&umx_trace_lock);
	RCU_INIT_POINTER(trace->window, window);
	list_add_tail(&trace->list, &umx_traces);
	mutex_unlock(&umx_trace_lock);
	return 0;
}

/* Nobody draws from @pool any more, a grace period ago. */
void umx_window_exit(struct umx_pool *pool)
{
	struct umx_trace *trace = &pool->trace;

	mutex_lock(&umx_trace_lock);
	list_del(&trace->list);
	kfree(umx_window_of(trace));
	mutex_unlock(&umx_trace_lock);
	memzero_explicit(trace, sizeof(*trace));
}

static int umx_window_check(const struct umx_pool *pool,
			    const struct umx_window_config *config,
			    struct netlink_ext_ack *extack)
{
	const struct umx_trace *trace = &pool->trace;
	const struct umx_window *window;

	if (pool->generator != UMX_GENERATOR_TRACEABLE || !trace->keyed) {
		NL_SET_ERR_MSG(extack, "only a traceable pool with a key has windows to reserve");
		return -EOPNOTSUPP;
	}
	if (config->key_id != trace->places.key_id) {
		NL_SET_ERR_MSG(extack, "the pool has another key than the window");
		return -EKEYREJECTED;
	}
	if (config->epoch != umx_window_epoch()) {
		NL_SET_ERR_MSG(extack, "the machine was restored, or the module loaded again, while the window was reserved; try again");
		return -ESTALE;
	}
	if (config->generation >= umx_places_generations(&trace->places) ||
	    config->start >= config->end ||
	    config->end > umx_places_counters(&trace->places)) {
		NL_SET_ERR_MSG(extack, "the pool has no such window");
		return -ERANGE;
	}
	window = umx_window_of(trace);
	if (config->generation == window->generation &&
	    (config->start < window->end ||
	     config->start < atomic64_read(&window->next))) {
		NL_SET_ERR_MSG(extack, "the pool has had that window; an address is used once");
		return -EEXIST;
	}
	return 0;
}

/**
 * umx_window_reserve() - give a pool more counters
 * @pool: a pool; umx_net.lock is held
 * @config: which; if they do not continue those the pool has, what is left of
 *	these is skipped
 * @extack: gets the sentence of a refusal
 *
 * Return: 0; -EOPNOTSUPP, -EKEYREJECTED, -ESTALE, -ERANGE, -EEXIST with a
 * sentence; -ENOMEM.
 */
int umx_window_reserve(struct umx_pool *pool,
		       const struct umx_window_config *config,
		       struct netlink_ext_ack *extack)
{
	struct umx_trace *trace = &pool->trace;
	struct umx_window *window;
	int err;

	mutex_lock(&umx_trace_lock);
	err = umx_window_check(pool, config, extack);
	if (err)
		goto unlock;
	window = umx_window_of(trace);
	if (config->generation == window->generation &&
	    config->start == window->end) {
		umx_window_open(window, config->start, config->end);
		goto unlock;
	}
	window = umx_window_new(config->generation, config->start, config->end);
	if (window)
		umx_window_replace(trace, window);
	else
		err = -ENOMEM;
unlock:
	mutex_unlock(&umx_trace_lock);
	return err;
}

/* What is left of @pool's window: a snapshot. */
void umx_window_get(struct umx_pool *pool, struct umx_window_config *left)
{
	const struct umx_window *window;

	rcu_read_lock();
	window = rcu_dereference(pool->trace.window);
	left->generation = window->generation;
	left->start = atomic64_read(&window->next);
	left->end = READ_ONCE(window->end);
	rcu_read_unlock();
}

static bool umx_window_draw(struct umx_window *window, u64 *counter)
{
	s64 next = atomic64_read(&window->next);

	do {
		if (next >= READ_ONCE(window->end))
			return false;
	} while (!atomic64_try_cmpxchg(&window->next, &next, next + 1));
	*counter = next;
	return true;
}

/**
 * umx_window_next() - make an address of the next counter
 * @pool: traceable
 * @out: the address
 *
 * Context: any. Return: false if the window is used up.
 */
bool umx_window_next(struct umx_pool *pool, struct in6_addr *out)
{
	struct umx_trace *trace = &pool->trace;
	struct umx_place place = { .host = trace->host };
	struct umx_window *window;
	bool drawn;

	rcu_read_lock();
	window = rcu_dereference(trace->window);
	drawn = umx_window_draw(window, &place.counter);
	place.generation = window->generation;
	if (drawn && unlikely(place.counter == READ_ONCE(window->low)))
		umx_event_pool(pool->un, UMX_EVENT_POOL_LOW, pool->name);
	rcu_read_unlock();
	if (drawn)
		umx_place_address(&trace->places, &place, out);
	return drawn;
}

/*
 * Was @addr made in this generation? What others have made is known to user
 * space only.
 */
bool umx_window_made(const struct umx_pool *pool, const struct in6_addr *addr)
{
	const struct umx_trace *trace = &pool->trace;
	const struct umx_window *window;
	struct in6_addr bare = *addr;
	struct umx_place place;
	bool made;

	if (pool->tail_mask && !umx_tail_take(&bare, be32_to_cpu(pool->tail)))
		return false;
	if (!umx_place_of(&trace->places, &bare, &place))
		return false;
	rcu_read_lock();
	window = rcu_dereference(trace->window);
	made = place.host == trace->host &&
	       place.generation == window->generation &&
	       place.counter < atomic64_read(&window->next);
	rcu_read_unlock();
	return made;
}

/*
 * Another machine may go on from where we were. A pool too small for
 * generations, or without memory for the new window, is closed.
 */
static void umx_window_restored(struct umx_trace *trace)
{
	struct umx_pool *pool = container_of(trace, struct umx_pool, trace);
	struct umx_window *window = NULL;

	if (trace->places.generation_bits)
		window = umx_window_new(umx_window_generation(trace), 0,
					umx_places_counters(&trace->places));
	if (window)
		umx_window_replace(trace, window);
	else
		WRITE_ONCE(umx_window_of(trace)->end, 0);
	umx_event_pool(pool->un, UMX_EVENT_POOL_LOW, pool->name);
}

/* The virtual machine was restored; the kernel's random numbers are new. */
static int umx_window_vmfork(struct notifier_block *nb, unsigned long event,
			     void *data)
{
	struct umx_trace *trace;

	mutex_lock(&umx_trace_lock);
	list_for_each_entry(trace, &umx_traces, list)
		umx_window_restored(trace);
	/* nobody draws from a window that was replaced: the new epoch begins */
	synchronize_rcu();
	umx_window_epoch_draw();
	mutex_unlock(&umx_trace_lock);
	return NOTIFY_DONE;
}

static struct notifier_block umx_window_nb = {
	.notifier_call = umx_window_vmfork,
};

int umx_window_setup(void)
{
	umx_window_epoch_draw();
	/* without CONFIG_VMGENID the kernel never learns, and this is empty */
	return register_random_vmfork_notifier(&umx_window_nb);
}

void umx_window_teardown(void)
{
	unregister_random_vmfork_notifier(&umx_window_nb);
}
