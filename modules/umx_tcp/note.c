// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns notes: a byte per capability that a socket keeps for its life,
 * through connections that end and begin, and that its listener's children can
 * be judged by. Memory may come along with it.
 *
 * A socket with a note is adopted and carries our destructor, which frees the
 * note. Its children inherit that destructor and no reference: a listener with a
 * note has our icsk_af_ops, which make them plain, even if no capability is
 * attached to it.
 *
 *   socket() --- note ---> adopted, sk_destruct is ours
 *      |                      |
 *      | listen()             +- listen() ---> icsk_af_ops are ours (afops.c)
 *      v                      |
 *   LISTEN ----- note --------+
 *                             +- connect(), its end, the next connect(): kept
 *                             `- umx_tcp_let_go(), the capability goes: freed
 */
#include <linux/hash.h>
#include <linux/rculist.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include "umx_tcp.h"

#define UMX_TCP_NOTE_BITS	12

/**
 * struct umx_tcp_note - what is kept for a socket
 * @node: in umx_tcp_notes, keyed by @sk; umx_tcp_notes_lock.
 * @rcu: frees it.
 * @sk: the socket; not a reference. Its destruction frees the note.
 * @value: by slot; 0: nothing. Written under the socket lock.
 * @data: by slot; memory that is freed with the note, or NULL. Under the socket
 *	lock.
 */
struct umx_tcp_note {
	struct hlist_node node;
	struct rcu_head rcu;
	const struct sock *sk;
	u8 value[UMX_TCP_SLOTS];
	void *data[UMX_TCP_SLOTS];
};

static struct hlist_head umx_tcp_notes[1 << UMX_TCP_NOTE_BITS];
static DEFINE_SPINLOCK(umx_tcp_notes_lock);	/* a leaf; BH off */
static unsigned int umx_tcp_notes_n;	/* under it; read without */

static struct hlist_head *umx_tcp_note_bucket(const struct sock *sk)
{
	return &umx_tcp_notes[hash_ptr(sk, UMX_TCP_NOTE_BITS)];
}

/* Context: RCU, or the lock. */
static struct umx_tcp_note *umx_tcp_note_find(const struct sock *sk)
{
	struct umx_tcp_note *note;

	hlist_for_each_entry_rcu(note, umx_tcp_note_bucket(sk), node,
				 lockdep_is_held(&umx_tcp_notes_lock))
		if (note->sk == sk)
			return note;
	return NULL;
}

/**
 * umx_tcp_note() - what a capability has noted about a socket
 * @sk: a full socket; its lock is held, or it cannot end now
 * @slot: the capability
 *
 * Context: any. Return: the note, 0 if there is none.
 */
u8 umx_tcp_note(const struct sock *sk, enum umx_tcp_slot slot)
{
	const struct umx_tcp_note *note;
	u8 value = 0;

	if (likely(!READ_ONCE(umx_tcp_notes_n)))
		return 0;
	rcu_read_lock();
	note = umx_tcp_note_find(sk);
	if (note)
		value = READ_ONCE(note->value[slot]);
	rcu_read_unlock();
	return value;
}
EXPORT_SYMBOL_GPL(umx_tcp_note);

/* Is anything noted about @sk? */
bool umx_tcp_noted(const struct sock *sk)
{
	bool noted;

	if (likely(!READ_ONCE(umx_tcp_notes_n)))
		return false;
	rcu_read_lock();
	noted = umx_tcp_note_find(sk);
	rcu_read_unlock();
	return noted;
}

/* Free the note of @sk; its destructor is the caller's business. */
void umx_tcp_note_free(const struct sock *sk)
{
	struct umx_tcp_note *note;
	unsigned int i;

	/* nobody adds one meanwhile */
	if (likely(!umx_tcp_noted(sk)))
		return;
	spin_lock_bh(&umx_tcp_notes_lock);
	note = umx_tcp_note_find(sk);
	if (note) {
		hlist_del_rcu(&note->node);
		WRITE_ONCE(umx_tcp_notes_n, umx_tcp_notes_n - 1);
	}
	spin_unlock_bh(&umx_tcp_notes_lock);
	if (!note)
		return;
	/* read under the lock of a socket that has ended, or that we hold */
	for (i = 0; i < UMX_TCP_SLOTS; i++)
		kfree(note->data[i]);
	kfree_rcu(note, rcu);
}

/* Is @sk where a note can be made: before its connection, or a listener? */
static bool umx_tcp_note_possible(const struct sock *sk)
{
	if (sk->sk_family != AF_INET6 || sk->sk_protocol != IPPROTO_TCP ||
	    sk->sk_kern_sock || !sk->sk_net_refcnt)
		return false;
	if (sk->sk_state == TCP_LISTEN)
		return umx_tcp_listener_possible(sk);
	return sk->sk_state == TCP_CLOSE && umx_tcp_track_possible(sk) &&
	       (sk->sk_prot == &umx_tcp_prot || sk->sk_prot == &tcpv6_prot);
}

static struct umx_tcp_note *umx_tcp_note_add(struct sock *sk)
{
	struct umx_tcp_note *note = kzalloc(sizeof(*note), GFP_KERNEL_ACCOUNT);

	if (!note)
		return ERR_PTR(-ENOMEM);
	if (sk->sk_prot_creator != &umx_tcp_prot && !umx_tcp_adopt(sk)) {
		kfree(note);
		return ERR_PTR(-ESHUTDOWN);
	}
	note->sk = sk;
	spin_lock_bh(&umx_tcp_notes_lock);
	hlist_add_head_rcu(&note->node, umx_tcp_note_bucket(sk));
	WRITE_ONCE(umx_tcp_notes_n, umx_tcp_notes_n + 1);
	spin_unlock_bh(&umx_tcp_notes_lock);
	return note;
}

/* The note of @sk, which the socket lock keeps, or NULL. */
static struct umx_tcp_note *umx_tcp_note_of(const struct sock *sk)
{
	struct umx_tcp_note *note;

	sock_owned_by_me(sk);

	rcu_read_lock();
	note = umx_tcp_note_find(sk);
	rcu_read_unlock();
	return note;
}

/**
 * umx_tcp_note_set() - note something about a socket, for its life
 * @sk: a TCP/IPv6 socket; its lock is held
 * @slot: the capability
 * @value: replaces what it has noted before; 0: nothing
 *
 * Works on sockets older than the module too. There are no more notes than
 * sockets; they are charged to who makes them.
 * Context: process, socket lock held, the caller holds this module by symbol.
 * Return: 0; -EOPNOTSUPP: not a plain TCP/IPv6 socket that is not connected;
 * -ENOMEM; -ESHUTDOWN: the module is on its way out.
 */
int umx_tcp_note_set(struct sock *sk, enum umx_tcp_slot slot, u8 value)
{
	struct umx_tcp_note *note;

	if (!umx_tcp_note_possible(sk))
		return -EOPNOTSUPP;
	note = umx_tcp_note_of(sk);
	if (!note && !value)
		return 0;
	if (!note) {
		note = umx_tcp_note_add(sk);
		if (IS_ERR(note))
			return PTR_ERR(note);
		if (sk->sk_state == TCP_LISTEN) {
			umx_tcp_afops_keep(sk);
		} else {
			WRITE_ONCE(sk->sk_destruct, umx_tcp_destruct);
			umx_tcp_prot_set(sk);
		}
	}
	WRITE_ONCE(note->value[slot], value);
	return 0;
}
EXPORT_SYMBOL_GPL(umx_tcp_note_set);

/**
 * umx_tcp_note_set_data() - have a note keep memory
 * @sk: a socket with a note that is not 0; its lock is held
 * @slot: the capability
 * @data: of kmalloc(), replaces and frees what was there; NULL: nothing
 *
 * It is freed with the note, which outlives no module that could have to be
 * called for it. Context: process, socket lock held.
 */
void umx_tcp_note_set_data(struct sock *sk, enum umx_tcp_slot slot, void *data)
{
	struct umx_tcp_note *note = umx_tcp_note_of(sk);

	if (WARN_ON_ONCE(!note)) {
		kfree(data);
		return;
	}
	kfree(note->data[slot]);
	note->data[slot] = data;
}
EXPORT_SYMBOL_GPL(umx_tcp_note_set_data);

/**
 * umx_tcp_note_data() - the memory a note keeps
 * @sk: a full socket; its lock is held
 * @slot: the capability
 *
 * Context: socket lock held. Return: the memory, valid under the socket lock, or
 * NULL.
 */
void *umx_tcp_note_data(const struct sock *sk, enum umx_tcp_slot slot)
{
	const struct umx_tcp_note *note = umx_tcp_note_of(sk);

	return note ? note->data[slot] : NULL;
}
EXPORT_SYMBOL_GPL(umx_tcp_note_data);

/* A socket of @head with a note of @slot, with a reference, or NULL. */
static struct sock *umx_tcp_note_next(struct hlist_head *head,
				      enum umx_tcp_slot slot)
{
	struct umx_tcp_note *note;
	struct sock *sk = NULL;

	spin_lock_bh(&umx_tcp_notes_lock);
	hlist_for_each_entry(note, head, node) {
		if (!note->value[slot])
			continue;
		/* one that is dying frees its note by itself */
		WRITE_ONCE(note->value[slot], 0);
		sk = (struct sock *)note->sk;
		if (refcount_inc_not_zero(&sk->sk_refcnt))
			break;
		sk = NULL;
	}
	spin_unlock_bh(&umx_tcp_notes_lock);
	return sk;
}

/* Does no capability need the note of @sk? Context: socket lock. */
static bool umx_tcp_note_empty(const struct sock *sk)
{
	unsigned int i;

	for (i = 0; i < UMX_TCP_SLOTS; i++)
		if (umx_tcp_note(sk, i))
			return false;
	return true;
}

static void umx_tcp_note_forget(struct sock *sk, enum umx_tcp_slot slot)
{
	lock_sock(sk);
	if (umx_tcp_noted(sk))
		umx_tcp_note_set_data(sk, slot, NULL);
	if (sk->sk_state == TCP_LISTEN && umx_tcp_note_empty(sk))
		umx_tcp_afops_unnote(sk);
	else if (!umx_tcp_ops_count())
		umx_tcp_let_go(sk);
	release_sock(sk);
	sock_put(sk);
}

/**
 * umx_tcp_note_flush() - a capability goes: nothing is noted for it any more
 * @slot: the capability; it has no track and makes no note any more
 *
 * A socket that was adopted for its note alone is plain again. Context: process.
 */
void umx_tcp_note_flush(enum umx_tcp_slot slot)
{
	struct sock *sk;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(umx_tcp_notes); i++)
		while ((sk = umx_tcp_note_next(&umx_tcp_notes[i], slot))) {
			umx_tcp_note_forget(sk, slot);
			cond_resched();
		}
}
