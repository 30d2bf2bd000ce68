// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the prefixes whose addresses take no part.
 */
#include <linux/netlink.h>
#include <linux/slab.h>
#include <linux/umx_preserve.h>
#include "exclude.h"
#include "netns.h"
#include "prefix.h"

/**
 * umx_preserve_exclude_add() - have the addresses of a prefix take no part
 * @pn: the namespace; its lock is held
 * @addr: the prefix
 * @plen: its length, 0..128
 * @extack: gets the sentence of a refusal
 *
 * Sessions that exist stay as they are. Context: process.
 * Return: 0 or an error.
 */
int umx_preserve_exclude_add(struct umx_preserve_net *pn,
			     const struct in6_addr *addr, u8 plen,
			     struct netlink_ext_ack *extack)
{
	struct umx_preserve_prefix *p;
	int err = umx_preserve_prefix_judge(addr, plen, extack);

	lockdep_assert_held(&pn->lock);
	if (err)
		return err;
	if (umx_preserve_prefix_find(pn, &pn->excludes, addr, plen)) {
		NL_SET_ERR_MSG(extack, "this prefix is excluded already");
		return -EEXIST;
	}
	if (pn->excludes.n >= UMX_PRESERVE_EXCLUDES_MAX) {
		NL_SET_ERR_MSG(extack, "256 prefixes are excluded already; a shorter one covers many");
		return -ENOSPC;
	}
	p = kzalloc(sizeof(*p), GFP_KERNEL_ACCOUNT);
	if (!p)
		return -ENOMEM;
	p->addr = *addr;
	p->plen = plen;
	umx_preserve_prefix_link(pn, &pn->excludes, p);
	return 0;
}

/**
 * umx_preserve_exclude_del() - have them take part again
 * @pn: the namespace; its lock is held
 * @addr: the prefix, as it was added
 * @plen: its length
 * @extack: gets the sentence of a refusal
 *
 * Context: process. Return: 0 or -ENOENT.
 */
int umx_preserve_exclude_del(struct umx_preserve_net *pn,
			     const struct in6_addr *addr, u8 plen,
			     struct netlink_ext_ack *extack)
{
	struct umx_preserve_prefix *p;

	lockdep_assert_held(&pn->lock);
	p = umx_preserve_prefix_find(pn, &pn->excludes, addr, plen);
	if (!p) {
		NL_SET_ERR_MSG(extack, "this prefix is not excluded; it must be named as it was added");
		return -ENOENT;
	}
	umx_preserve_prefix_unlink(pn, &pn->excludes, p);
	kfree_rcu(p, rcu);
	return 0;
}

/* Its lock is held. */
void umx_preserve_exclude_flush(struct umx_preserve_net *pn)
{
	struct umx_preserve_prefix *p, *next;

	list_for_each_entry_safe(p, next, &pn->excludes.list, list) {
		umx_preserve_prefix_unlink(pn, &pn->excludes, p);
		kfree_rcu(p, rcu);
	}
}

/**
 * umx_preserve_excluded() - is an address to take no part?
 * @pn: the namespace
 * @addr: the address, ours or a peer's
 *
 * Context: any.
 */
bool umx_preserve_excluded(const struct umx_preserve_net *pn,
			   const struct in6_addr *addr)
{
	bool excluded;

	if (likely(list_empty(&pn->excludes.list)))
		return false;
	rcu_read_lock();
	excluded = umx_preserve_prefix_match(&pn->excludes, addr);
	rcu_read_unlock();
	return excluded;
}
