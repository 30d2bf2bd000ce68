// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns what the router translates addresses by: the table of
 * explicit address mappings (RFC 7757), and the prefix for all others (RFC
 * 6052).
 *
 * The longest prefix that has an address is found by looking for it at each
 * length mappings have, longest first. They mostly have one to three, which a
 * bitmap says: a packet asks twice.
 */
#include <linux/bitmap.h>
#include <linux/hash.h>
#include <linux/inetdevice.h>
#include <linux/rhashtable.h>
#include <linux/slab.h>
#include <linux/umx_bis.h>
#include <net/ipv6.h>
#include "eam.h"
#include "map.h"
#include "netns.h"

/* --- keys --- */

/*
 * Nobody outside can put a key into the tables, so it need not be keyed well.
 * But addresses of a network differ in any one byte: each must reach the bits
 * that are used, the lowest.
 */
static u32 umx_bis_eam_hash(const void *data, u32 size, u32 seed)
{
	const struct umx_bis_eam_key *key = data;
	u64 hash = key->word[0] * GOLDEN_RATIO_64 + key->word[1] + key->len;

	hash = (hash ^ seed) * GOLDEN_RATIO_64;
	hash ^= hash >> 32;	/* what the highest bits alone have */
	return hash * GOLDEN_RATIO_64 >> 32;
}

static u32 umx_bis_eam_hash4(const void *obj, u32 size, u32 seed)
{
	const struct umx_bis_eam *eam = obj;

	return umx_bis_eam_hash(&eam->key4, size, seed);
}

static u32 umx_bis_eam_hash6(const void *obj, u32 size, u32 seed)
{
	const struct umx_bis_eam *eam = obj;

	return umx_bis_eam_hash(&eam->key6, size, seed);
}

static bool umx_bis_eam_differs(const struct umx_bis_eam_key *a,
				const struct umx_bis_eam_key *b)
{
	return ((a->word[0] ^ b->word[0]) | (a->word[1] ^ b->word[1]) |
		(a->len ^ b->len)) != 0;
}

static int umx_bis_eam_cmp4(struct rhashtable_compare_arg *arg, const void *obj)
{
	const struct umx_bis_eam *eam = obj;

	return umx_bis_eam_differs(arg->key, &eam->key4);
}

static int umx_bis_eam_cmp6(struct rhashtable_compare_arg *arg, const void *obj)
{
	const struct umx_bis_eam *eam = obj;

	return umx_bis_eam_differs(arg->key, &eam->key6);
}

static const struct rhashtable_params umx_bis_eam4_params = {
	.head_offset = offsetof(struct umx_bis_eam, by4),
	.key_offset = offsetof(struct umx_bis_eam, key4),
	.key_len = sizeof(struct umx_bis_eam_key),
	.hashfn = umx_bis_eam_hash,
	.obj_hashfn = umx_bis_eam_hash4,
	.obj_cmpfn = umx_bis_eam_cmp4,
	.automatic_shrinking = true,
};

static const struct rhashtable_params umx_bis_eam6_params = {
	.head_offset = offsetof(struct umx_bis_eam, by6),
	.key_offset = offsetof(struct umx_bis_eam, key6),
	.key_len = sizeof(struct umx_bis_eam_key),
	.hashfn = umx_bis_eam_hash,
	.obj_hashfn = umx_bis_eam_hash6,
	.obj_cmpfn = umx_bis_eam_cmp6,
	.automatic_shrinking = true,
};

static struct umx_bis_eam_key umx_bis_eam_key4(const u8 addr4[4], u32 len)
{
	struct umx_bis_eam_key key = { .len = len };
	__be32 addr;

	memcpy(&addr, addr4, sizeof(addr));
	key.addr4 = addr & inet_make_mask(len);
	return key;
}

static struct umx_bis_eam_key umx_bis_eam_key6(const struct in6_addr *addr6,
					       u32 len)
{
	struct umx_bis_eam_key key = { .len = len };

	ipv6_addr_prefix(&key.addr6, addr6, len);
	return key;
}

/* --- finding --- */

/* Context of both: RCU. find_last_bit() finds none: what it was given. */
static const struct umx_bis_eam *
umx_bis_eam_find4(struct umx_bis_eams *eams, const u8 addr4[4])
{
	const struct umx_bis_eam *eam;
	unsigned int len, above = ARRAY_SIZE(eams->n4);
	struct umx_bis_eam_key key;

	for (; (len = find_last_bit(eams->lens4, above)) < above;
	     above = len) {
		key = umx_bis_eam_key4(addr4, len);
		eam = rhashtable_lookup(&eams->by4, &key, umx_bis_eam4_params);
		if (eam)
			return eam;
	}
	return NULL;
}

static const struct umx_bis_eam *
umx_bis_eam_find6(struct umx_bis_eams *eams, const struct in6_addr *addr6)
{
	const struct umx_bis_eam *eam;
	unsigned int len, above = ARRAY_SIZE(eams->n6);
	struct umx_bis_eam_key key;

	for (; (len = find_last_bit(eams->lens6, above)) < above;
	     above = len) {
		key = umx_bis_eam_key6(addr6, len);
		eam = rhashtable_lookup(&eams->by6, &key, umx_bis_eam6_params);
		if (eam)
			return eam;
	}
	return NULL;
}

/* May an IPv4 address be carried below the prefix? */
static enum umx_bis_mapped
umx_bis_eam_carries(const struct umx_bis_embedding *embedding,
		    const u8 addr4[4])
{
	if (!umx_bis_addr4_is_host(addr4))
		return UMX_BIS_MAPPED_NOT;
	if (embedding->well_known && !umx_bis_addr4_is_global(addr4))
		return UMX_BIS_MAPPED_LOCAL;
	return UMX_BIS_MAPPED_PREFIX;
}

/**
 * umx_bis_eam_embed() - the IPv6 address of an IPv4 address, by the prefix
 * @bn: the namespace
 * @addr4: the IPv4 address
 * @addr6: gets the IPv6 address
 *
 * Context: RCU.
 */
enum umx_bis_mapped umx_bis_eam_embed(struct umx_bis_net *bn,
				      const u8 addr4[4],
				      struct in6_addr *addr6)
{
	const struct umx_bis_embedding *embedding;
	enum umx_bis_mapped mapped;

	embedding = rcu_dereference(bn->eams.embedding);
	if (!embedding)
		return UMX_BIS_MAPPED_NOT;
	mapped = umx_bis_eam_carries(embedding, addr4);
	if (umx_bis_is_mapped(mapped))
		umx_bis_embed(&embedding->prefix, addr4, addr6);
	return mapped;
}

/**
 * umx_bis_eam_to6() - the IPv6 address of an IPv4 address
 * @bn: the namespace
 * @addr4: the IPv4 address
 * @addr6: gets the IPv6 address
 *
 * Context: RCU.
 */
enum umx_bis_mapped umx_bis_eam_to6(struct umx_bis_net *bn, const u8 addr4[4],
				    struct in6_addr *addr6)
{
	const struct umx_bis_eam *eam = umx_bis_eam_find4(&bn->eams, addr4);

	if (!eam)
		return umx_bis_eam_embed(bn, addr4, addr6);
	umx_bis_explicit_to6(&eam->prefix4, &eam->prefix6, addr4, addr6);
	return UMX_BIS_MAPPED_EXPLICIT;
}

/**
 * umx_bis_eam_to4() - the IPv4 address of an IPv6 address
 * @bn: the namespace
 * @addr6: the IPv6 address
 * @addr4: gets the IPv4 address
 *
 * Context: RCU.
 */
enum umx_bis_mapped umx_bis_eam_to4(struct umx_bis_net *bn,
				    const struct in6_addr *addr6, u8 addr4[4])
{
	const struct umx_bis_eam *eam = umx_bis_eam_find6(&bn->eams, addr6);
	const struct umx_bis_embedding *embedding;

	if (eam) {
		umx_bis_explicit_to4(&eam->prefix4, &eam->prefix6, addr6,
				     addr4);
		return UMX_BIS_MAPPED_EXPLICIT;
	}
	embedding = rcu_dereference(bn->eams.embedding);
	if (!embedding || !umx_bis_addr_has((const u8 *)&embedding->prefix.addr,
					    embedding->prefix.len,
					    (const u8 *)addr6))
		return UMX_BIS_MAPPED_NOT;
	umx_bis_extract(&embedding->prefix, addr6, addr4);
	return umx_bis_eam_carries(embedding, addr4);
}

/* --- changing --- */

static void umx_bis_eam_changed(struct umx_bis_net *bn)
{
	struct umx_bis_eams *eams = &bn->eams;

	lockdep_assert_held(&bn->lock);
	WRITE_ONCE(eams->on, eams->n || rcu_access_pointer(eams->embedding));
	WRITE_ONCE(bn->shortcuts.gen, bn->shortcuts.gen + 1);
	if (!eams->on)
		umx_bis_shortcut_switch(bn, false);
	umx_bis_map_changed(bn);
}

static bool umx_bis_eam_addr6_ok(const struct in6_addr *addr)
{
	int type = ipv6_addr_type(addr);

	return !(type & (IPV6_ADDR_MULTICAST | IPV6_ADDR_LINKLOCAL |
			 IPV6_ADDR_LOOPBACK));
}

static int umx_bis_eam_check(const struct umx_bis_prefix4 *prefix4,
			     const struct umx_bis_prefix6 *prefix6,
			     struct netlink_ext_ack *extack)
{
	if (!umx_bis_addr_is_masked(prefix4->addr, 4, prefix4->len)) {
		NL_SET_ERR_MSG(extack, "the IPv4 prefix has bits set behind its length");
		return -EINVAL;
	}
	if (!umx_bis_addr_is_masked((const u8 *)&prefix6->addr, 16,
				    prefix6->len)) {
		NL_SET_ERR_MSG(extack, "the IPv6 prefix has bits set behind its length");
		return -EINVAL;
	}
	if (128 - prefix6->len < 32 - prefix4->len) {
		NL_SET_ERR_MSG(extack, "the IPv6 prefix has fewer addresses than the IPv4 prefix");
		return -EINVAL;
	}
	if (!umx_bis_addr4_is_host(prefix4->addr)) {
		NL_SET_ERR_MSG(extack, "the IPv4 prefix must be one of unicast addresses");
		return -EINVAL;
	}
	if (!umx_bis_eam_addr6_ok(&prefix6->addr)) {
		NL_SET_ERR_MSG(extack, "the IPv6 prefix must be one of global unicast addresses");
		return -EINVAL;
	}
	return 0;
}

static struct umx_bis_eam *
umx_bis_eam_get4(struct umx_bis_net *bn, const struct umx_bis_eam_key *key)
{
	return rhashtable_lookup_fast(&bn->eams.by4, key, umx_bis_eam4_params);
}

static int umx_bis_eam_clash(struct umx_bis_net *bn,
			     const struct umx_bis_eam *eam,
			     struct netlink_ext_ack *extack)
{
	if (umx_bis_eam_get4(bn, &eam->key4)) {
		NL_SET_ERR_MSG(extack, "the IPv4 prefix has a mapping");
		return -EEXIST;
	}
	if (rhashtable_lookup_fast(&bn->eams.by6, &eam->key6,
				   umx_bis_eam6_params)) {
		NL_SET_ERR_MSG(extack, "the IPv6 prefix has a mapping");
		return -EEXIST;
	}
	if (bn->eams.n < UMX_BIS_EAM_MAX)
		return 0;
	NL_SET_ERR_MSG(extack, "there are 16384 mappings already");
	return -ENOSPC;
}

static int umx_bis_eam_link(struct umx_bis_net *bn, struct umx_bis_eam *eam)
{
	struct umx_bis_eams *eams = &bn->eams;
	int err;

	err = rhashtable_insert_fast(&eams->by4, &eam->by4,
				     umx_bis_eam4_params);
	if (err)
		return err;
	err = rhashtable_insert_fast(&eams->by6, &eam->by6,
				     umx_bis_eam6_params);
	if (err) {
		rhashtable_remove_fast(&eams->by4, &eam->by4,
				       umx_bis_eam4_params);
		return err;
	}
	if (!eams->n4[eam->prefix4.len]++)
		set_bit(eam->prefix4.len, eams->lens4);
	if (!eams->n6[eam->prefix6.len]++)
		set_bit(eam->prefix6.len, eams->lens6);
	list_add_tail(&eam->list, &eams->list);
	eams->n++;
	umx_bis_eam_changed(bn);
	return 0;
}

static void umx_bis_eam_unlink(struct umx_bis_net *bn, struct umx_bis_eam *eam)
{
	struct umx_bis_eams *eams = &bn->eams;

	rhashtable_remove_fast(&eams->by4, &eam->by4, umx_bis_eam4_params);
	rhashtable_remove_fast(&eams->by6, &eam->by6, umx_bis_eam6_params);
	if (!--eams->n4[eam->prefix4.len])
		clear_bit(eam->prefix4.len, eams->lens4);
	if (!--eams->n6[eam->prefix6.len])
		clear_bit(eam->prefix6.len, eams->lens6);
	list_del(&eam->list);
	eams->n--;
	umx_bis_eam_changed(bn);
	kfree_rcu(eam, rcu);
}

/**
 * umx_bis_eam_add() - make an explicit mapping
 * @bn: the namespace; its lock is held
 * @prefix4: the IPv4 prefix
 * @prefix6: the IPv6 prefix
 * @extack: gets the sentence of a refusal
 *
 * Prefixes may be inside of each other: the longest counts.
 */
int umx_bis_eam_add(struct umx_bis_net *bn,
		    const struct umx_bis_prefix4 *prefix4,
		    const struct umx_bis_prefix6 *prefix6,
		    struct netlink_ext_ack *extack)
{
	struct umx_bis_eam *eam;
	int err;

	lockdep_assert_held(&bn->lock);
	err = umx_bis_eam_check(prefix4, prefix6, extack);
	if (err)
		return err;
	eam = kzalloc(sizeof(*eam), GFP_KERNEL_ACCOUNT);
	if (!eam)
		return -ENOMEM;
	eam->prefix4 = *prefix4;
	eam->prefix6 = *prefix6;
	eam->key4 = umx_bis_eam_key4(prefix4->addr, prefix4->len);
	eam->key6 = umx_bis_eam_key6(&prefix6->addr, prefix6->len);
	err = umx_bis_eam_clash(bn, eam, extack);
	if (!err)
		err = umx_bis_shortcut_switch(bn, true);
	if (!err)
		err = umx_bis_eam_link(bn, eam);
	if (!err)
		return 0;
	umx_bis_shortcut_switch(bn, bn->eams.on);
	kfree_rcu(eam, rcu); /* a packet may have seen it for a moment */
	return err;
}

/**
 * umx_bis_eam_del() - remove an explicit mapping
 * @bn: the namespace; its lock is held
 * @prefix4: its IPv4 prefix
 * @prefix6: its IPv6 prefix, or NULL: whatever it is
 * @extack: gets the sentence of a refusal
 */
int umx_bis_eam_del(struct umx_bis_net *bn,
		    const struct umx_bis_prefix4 *prefix4,
		    const struct umx_bis_prefix6 *prefix6,
		    struct netlink_ext_ack *extack)
{
	struct umx_bis_eam_key key;
	struct umx_bis_eam *eam;

	lockdep_assert_held(&bn->lock);
	key = umx_bis_eam_key4(prefix4->addr, prefix4->len);
	eam = umx_bis_eam_get4(bn, &key);
	if (!eam || memcmp(eam->prefix4.addr, prefix4->addr, 4) ||
	    (prefix6 && (eam->prefix6.len != prefix6->len ||
			 !ipv6_addr_equal(&eam->prefix6.addr,
					  &prefix6->addr)))) {
		NL_SET_ERR_MSG(extack, "there is no such mapping");
		return -ENOENT;
	}
	umx_bis_eam_unlink(bn, eam);
	return 0;
}

/* --- the prefix --- */

static void umx_bis_eam_embedding_set(struct umx_bis_net *bn,
				      struct umx_bis_embedding *new)
{
	struct umx_bis_embedding *old;

	old = rcu_replace_pointer(bn->eams.embedding, new,
				  lockdep_is_held(&bn->lock));
	umx_bis_eam_changed(bn);
	if (old)
		kfree_rcu(old, rcu);
}

static int umx_bis_eam_prefix_check(const struct umx_bis_prefix6 *prefix,
				    struct netlink_ext_ack *extack)
{
	if (!umx_bis_embed_len_ok(prefix->len)) {
		NL_SET_ERR_MSG(extack, "a prefix that carries IPv4 addresses has a length of 32, 40, 48, 56, 64 or 96");
		return -EINVAL;
	}
	if (!umx_bis_addr_is_masked((const u8 *)&prefix->addr, 16,
				    prefix->len)) {
		NL_SET_ERR_MSG(extack, "the prefix has bits set behind its length");
		return -EINVAL;
	}
	if (prefix->addr.s6_addr[8]) {
		NL_SET_ERR_MSG(extack, "bits 64 to 71 of the prefix must be 0");
		return -EINVAL;
	}
	if (ipv6_addr_any(&prefix->addr) ||
	    ipv6_addr_v4mapped(&prefix->addr) ||
	    !umx_bis_eam_addr6_ok(&prefix->addr)) {
		NL_SET_ERR_MSG(extack, "the prefix must be one of global unicast addresses; 64:ff9b:1::/48 is free for it");
		return -EINVAL;
	}
	return 0;
}

/**
 * umx_bis_eam_prefix_add() - set the prefix
 * @bn: the namespace; its lock is held
 * @prefix: the prefix
 * @extack: gets the sentence of a refusal
 */
int umx_bis_eam_prefix_add(struct umx_bis_net *bn,
			   const struct umx_bis_prefix6 *prefix,
			   struct netlink_ext_ack *extack)
{
	struct umx_bis_embedding *embedding;
	int err;

	lockdep_assert_held(&bn->lock);
	err = umx_bis_eam_prefix_check(prefix, extack);
	if (err)
		return err;
	if (rcu_access_pointer(bn->eams.embedding)) {
		NL_SET_ERR_MSG(extack, "this network namespace has a prefix; 'bis prefix del' removes it");
		return -EEXIST;
	}
	embedding = kzalloc(sizeof(*embedding), GFP_KERNEL_ACCOUNT);
	if (!embedding)
		return -ENOMEM;
	err = umx_bis_shortcut_switch(bn, true);
	if (err) {
		kfree(embedding);
		return err;
	}
	embedding->prefix = *prefix;
	embedding->well_known = umx_bis_embed_is_well_known(prefix);
	umx_bis_eam_embedding_set(bn, embedding);
	return 0;
}

/**
 * umx_bis_eam_prefix_del() - remove the prefix
 * @bn: the namespace; its lock is held
 * @prefix: what it must be; NULL: whatever it is
 * @extack: gets the sentence of a refusal
 */
int umx_bis_eam_prefix_del(struct umx_bis_net *bn,
			   const struct umx_bis_prefix6 *prefix,
			   struct netlink_ext_ack *extack)
{
	const struct umx_bis_embedding *old;

	old = rcu_dereference_protected(bn->eams.embedding,
					lockdep_is_held(&bn->lock));
	if (!old || (prefix && (prefix->len != old->prefix.len ||
				!ipv6_addr_equal(&prefix->addr,
						 &old->prefix.addr)))) {
		NL_SET_ERR_MSG(extack, "there is no such prefix in this network namespace");
		return -ENOENT;
	}
	umx_bis_eam_embedding_set(bn, NULL);
	return 0;
}

/* --- life --- */

/* Everything, when the namespace goes. */
void umx_bis_eam_flush(struct umx_bis_net *bn)
{
	struct umx_bis_eam *eam, *next;

	lockdep_assert_held(&bn->lock);
	list_for_each_entry_safe(eam, next, &bn->eams.list, list)
		umx_bis_eam_unlink(bn, eam);
	umx_bis_eam_embedding_set(bn, NULL);
}

int umx_bis_eam_init(struct umx_bis_net *bn)
{
	struct umx_bis_eams *eams = &bn->eams;
	int err;

	INIT_LIST_HEAD(&eams->list);
	err = rhashtable_init(&eams->by4, &umx_bis_eam4_params);
	if (err)
		return err;
	err = rhashtable_init(&eams->by6, &umx_bis_eam6_params);
	if (err)
		rhashtable_destroy(&eams->by4);
	return err;
}

void umx_bis_eam_exit(struct umx_bis_net *bn)
{
	rhashtable_destroy(&bn->eams.by6);
	rhashtable_destroy(&bn->eams.by4);
}
