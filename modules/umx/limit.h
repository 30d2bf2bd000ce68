/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns limits: how many addresses may live at a time, in a namespace
 * and for each user.
 *
 * An address is counted when it is made and until it is freed, by its own
 * reference count: whatever way its session ends, the count follows. It
 * counts for umx_addr.owner, which never changes. While no limit of its role
 * is set nothing is counted; the first one counts what lives already.
 */
#ifndef _UMX_LIMIT_H
#define _UMX_LIMIT_H

#include <linux/list.h>
#include <linux/netlink.h>
#include <linux/spinlock.h>
#include <linux/uidgid.h>
#include <linux/umx.h>
#include "netns.h"

struct umx_addr;

#define UMX_LIMIT_BITS	9
#define UMX_ROLES	(UMX_ROLE_MAX + 1)

/**
 * struct umx_limits - the limits of a namespace, and what is counted
 * @lock: protects all but @on, and the accounts. A leaf; BH off
 * @on: a limit of that role is set; written under umx_net.lock, read under RCU
 * @live: addresses that are counted, by enum umx_addr_role
 * @max: how many there may be in the namespace, UMX_LIMIT_NONE: any number
 * @each: how many a user may have who has no limit of his own, as @max
 * @own: users who have a limit of their own that is a number, by role
 * @idle: accounts that count nothing, the oldest first
 * @n_idle: how many
 * @accounts: users with counted addresses or a limit of their own. Unkeyed:
 *	uids are the administrator's to give, and of 65,536 in a row every
 *	chain has its share
 */
struct umx_limits {
	spinlock_t lock;
	bool on[UMX_ROLES];
	u32 live[UMX_ROLES];
	u32 max[UMX_ROLES];
	u32 each[UMX_ROLES];
	u32 own[UMX_ROLES];
	struct list_head idle;
	unsigned int n_idle;
	struct hlist_head accounts[1 << UMX_LIMIT_BITS];
};

/**
 * struct umx_limit_config - which limits are to be set, or are
 * @scope: whose
 * @uid: with UMX_LIMIT_UID
 * @given: by role: it is to be set; in a dump, it is
 * @max: by role: how many, UMX_LIMIT_NONE: any number
 * @counted: in a dump, by role: @live is right
 * @live: in a dump, by role: how many there are
 */
struct umx_limit_config {
	enum umx_limit_scope scope;
	kuid_t uid;
	bool given[UMX_ROLES];
	u32 max[UMX_ROLES];
	bool counted[UMX_ROLES];
	u32 live[UMX_ROLES];
};

/* Where a dump is. */
struct umx_limit_cursor {
	unsigned int bucket;	/* 0: namespace, 1: each user, then @accounts */
	unsigned int skip;	/* accounts of the bucket that are done */
};

int umx_limit_set(struct umx_net *un, const struct umx_limit_config *config,
		  struct netlink_ext_ack *extack);
int umx_limit_del(struct umx_net *un, kuid_t uid,
		  struct netlink_ext_ack *extack);
void umx_limit_flush(struct umx_net *un);
bool umx_limit_next(struct umx_net *un, struct umx_limit_cursor *at,
		    struct umx_limit_config *config);
void umx_limit_exit(struct umx_net *un);

/* Nothing was ever limited here: there is nothing to count. */
static inline bool umx_limit_never(const struct umx_net *un)
{
	return !rcu_access_pointer(un->limits);
}

int umx_limit_charge(struct umx_net *un, struct umx_addr *addr);
void umx_limit_uncharge(struct umx_net *un, struct umx_addr *addr);

#endif /* _UMX_LIMIT_H */
