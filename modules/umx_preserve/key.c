// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the keys: secrets shared with the peers of a prefix, which make
 * the check of an acceptance a MAC.
 *
 * Nothing tells a key once it is here: not a dump, not what is left of a
 * request or of a key that was removed.
 */
#include <linux/netlink.h>
#include <linux/rculist.h>
#include <linux/slab.h>
#include "key.h"
#include "netns.h"

static void umx_preserve_key_free(struct rcu_head *rcu)
{
	kfree_sensitive(container_of(rcu, struct umx_preserve_key,
				     prefix.rcu));
}

static void umx_preserve_key_unlink(struct umx_preserve_net *pn,
				    struct umx_preserve_prefix *p)
{
	umx_preserve_prefix_unlink(pn, &pn->keys, p);
	call_rcu(&p->rcu, umx_preserve_key_free);
}

static struct umx_preserve_key *
umx_preserve_key_alloc(const struct in6_addr *addr, u8 plen,
		       const u8 secret[UMX_PRESERVE_KEY_LEN])
{
	struct umx_preserve_key *key = kzalloc(sizeof(*key),
					       GFP_KERNEL_ACCOUNT);
	__le64 words[2];

	if (!key)
		return NULL;
	key->prefix.addr = *addr;
	key->prefix.plen = plen;
	memcpy(words, secret, sizeof(words));
	key->key.key[0] = le64_to_cpu(words[0]);
	key->key.key[1] = le64_to_cpu(words[1]);
	memzero_explicit(words, sizeof(words));
	/* no check is taken over 8 bytes */
	key->id = siphash_1u64(UMX_PRESERVE_KEY_NAME, &key->key);
	return key;
}

/**
 * umx_preserve_key_add() - share a key with the peers of a prefix
 * @pn: the namespace; its lock is held
 * @addr: the prefix
 * @plen: its length, 0..128
 * @secret: the key
 * @extack: gets the sentence of a refusal
 *
 * The same prefix's key is replaced, at once and for every connection that has
 * not been agreed upon. Context: process. Return: 0 or an error.
 */
int umx_preserve_key_add(struct umx_preserve_net *pn,
			 const struct in6_addr *addr, u8 plen,
			 const u8 secret[UMX_PRESERVE_KEY_LEN],
			 struct netlink_ext_ack *extack)
{
	int err = umx_preserve_prefix_judge(addr, plen, extack);
	struct umx_preserve_prefix *old;
	struct umx_preserve_key *key;

	lockdep_assert_held(&pn->lock);
	if (err)
		return err;
	old = umx_preserve_prefix_find(pn, &pn->keys, addr, plen);
	if (!old && pn->keys.n >= UMX_PRESERVE_KEYS_MAX) {
		NL_SET_ERR_MSG(extack, "there are 256 keys already");
		return -ENOSPC;
	}
	key = umx_preserve_key_alloc(addr, plen, secret);
	if (!key)
		return -ENOMEM;
	if (old) {
		list_replace_rcu(&old->list, &key->prefix.list);
		call_rcu(&old->rcu, umx_preserve_key_free);
	} else {
		umx_preserve_prefix_link(pn, &pn->keys, &key->prefix);
	}
	return 0;
}

/**
 * umx_preserve_key_del() - forget a key
 * @pn: the namespace; its lock is held
 * @addr: the prefix, as it was added
 * @plen: its length
 * @extack: gets the sentence of a refusal
 *
 * Context: process. Return: 0 or -ENOENT.
 */
int umx_preserve_key_del(struct umx_preserve_net *pn,
			 const struct in6_addr *addr, u8 plen,
			 struct netlink_ext_ack *extack)
{
	struct umx_preserve_prefix *p;

	lockdep_assert_held(&pn->lock);
	p = umx_preserve_prefix_find(pn, &pn->keys, addr, plen);
	if (!p) {
		NL_SET_ERR_MSG(extack, "there is no key for this prefix; it must be named as it was added");
		return -ENOENT;
	}
	umx_preserve_key_unlink(pn, p);
	return 0;
}

/* Its lock is held. */
void umx_preserve_key_flush(struct umx_preserve_net *pn)
{
	struct umx_preserve_prefix *p, *next;

	list_for_each_entry_safe(p, next, &pn->keys.list, list)
		umx_preserve_key_unlink(pn, p);
}

/**
 * umx_preserve_key_find() - the key shared with a peer
 * @pn: the namespace
 * @peer: its address of the connection
 * @key: gets the key of the longest prefix the address is in; NULL: is there
 *	one?
 *
 * Context: any. Return: false if there is none.
 */
bool umx_preserve_key_find(const struct umx_preserve_net *pn,
			   const struct in6_addr *peer, siphash_key_t *key)
{
	const struct umx_preserve_prefix *p;

	if (likely(list_empty(&pn->keys.list)))
		return false;
	rcu_read_lock();
	p = umx_preserve_prefix_match(&pn->keys, peer);
	if (p && key)
		*key = umx_preserve_key_of(p)->key;
	rcu_read_unlock();
	return p;
}
