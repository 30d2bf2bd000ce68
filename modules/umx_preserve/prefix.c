// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns lists of prefixes: what is in one, and which one an address is
 * in.
 *
 * Addresses are looked up a few times per connection, for each entry of an offer
 * that comes in too; the lists are short, and walked.
 */
#include <linux/netlink.h>
#include <linux/rculist.h>
#include <net/ipv6.h>
#include "netns.h"
#include "prefix.h"

/* A prefix with bits beyond its length is a mistake. */
int umx_preserve_prefix_judge(const struct in6_addr *addr, u8 plen,
			      struct netlink_ext_ack *extack)
{
	struct in6_addr clean;

	ipv6_addr_prefix(&clean, addr, plen);
	if (ipv6_addr_equal(&clean, addr))
		return 0;
	NL_SET_ERR_MSG(extack, "prefix has bits set beyond its length");
	return -EINVAL;
}

/* The same prefix, or NULL. */
struct umx_preserve_prefix *
umx_preserve_prefix_find(const struct umx_preserve_net *pn,
			 const struct umx_preserve_prefixes *prefixes,
			 const struct in6_addr *addr, u8 plen)
{
	struct umx_preserve_prefix *p;

	lockdep_assert_held(&pn->lock);
	list_for_each_entry(p, &prefixes->list, list)
		if (p->plen == plen && ipv6_addr_equal(&p->addr, addr))
			return p;
	return NULL;
}

/* The longest prefix @addr is in, or NULL; RCU. */
const struct umx_preserve_prefix *
umx_preserve_prefix_match(const struct umx_preserve_prefixes *prefixes,
			  const struct in6_addr *addr)
{
	const struct umx_preserve_prefix *p;

	list_for_each_entry_rcu(p, &prefixes->list, list)
		if (ipv6_prefix_equal(&p->addr, addr, p->plen))
			return p;
	return NULL;
}

/* Put @p before the first that is no longer. */
void umx_preserve_prefix_link(struct umx_preserve_net *pn,
			      struct umx_preserve_prefixes *prefixes,
			      struct umx_preserve_prefix *p)
{
	struct list_head *before = &prefixes->list;
	struct umx_preserve_prefix *next;

	lockdep_assert_held(&pn->lock);
	list_for_each_entry(next, &prefixes->list, list)
		if (next->plen <= p->plen) {
			before = &next->list;
			break;
		}
	list_add_tail_rcu(&p->list, before);
	prefixes->n++;
}

/* What @p is embedded in is the caller's to free, after a grace period. */
void umx_preserve_prefix_unlink(struct umx_preserve_net *pn,
				struct umx_preserve_prefixes *prefixes,
				struct umx_preserve_prefix *p)
{
	lockdep_assert_held(&pn->lock);
	list_del_rcu(&p->list);
	prefixes->n--;
}
