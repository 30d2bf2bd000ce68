// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the table of remembered destinations, which has a fixed size:
 * a new one takes the place of the one that would be forgotten first.
 */
#include <linux/jiffies.h>
#include <linux/siphash.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <net/ipv6.h>
#include "blackhole.h"
#include "netns.h"

#define UMX_PRESERVE_BLACKHOLE_BUCKETS	256
#define UMX_PRESERVE_BLACKHOLE_WAYS	4

/**
 * struct umx_preserve_blackhole - a destination
 * @addr: its address; unspecified: none.
 * @until: when it is forgotten, 64-bit jiffies.
 */
struct umx_preserve_blackhole {
	struct in6_addr addr;
	u64 until;
};

struct umx_preserve_blackhole_table {
	spinlock_t lock;	/* protects @way */
	struct umx_preserve_blackhole
		way[UMX_PRESERVE_BLACKHOLE_BUCKETS][UMX_PRESERVE_BLACKHOLE_WAYS];
};

static struct umx_preserve_blackhole *
umx_preserve_blackhole_bucket(struct umx_preserve_net *pn,
			      const struct in6_addr *addr)
{
	u32 hash = hsiphash(addr, sizeof(*addr), &pn->key);

	return pn->blackholes->way[hash & (UMX_PRESERVE_BLACKHOLE_BUCKETS - 1)];
}

/* Context: any. */
void umx_preserve_blackhole_add(struct umx_preserve_net *pn,
				const struct in6_addr *addr)
{
	struct umx_preserve_blackhole *way, *victim;
	u32 timeout = READ_ONCE(pn->set.blackhole_timeout);
	unsigned int i;

	if (!timeout)
		return;
	way = umx_preserve_blackhole_bucket(pn, addr);
	victim = way;
	spin_lock_bh(&pn->blackholes->lock);
	for (i = 0; i < UMX_PRESERVE_BLACKHOLE_WAYS; i++) {
		if (ipv6_addr_equal(&way[i].addr, addr)) {
			victim = &way[i];
			break;
		}
		if (way[i].until < victim->until)
			victim = &way[i];
	}
	victim->addr = *addr;
	victim->until = get_jiffies_64() + (u64)timeout * HZ;
	spin_unlock_bh(&pn->blackholes->lock);
}

/* Context: any. Return: no offers to @addr for now. */
bool umx_preserve_blackhole_find(struct umx_preserve_net *pn,
				 const struct in6_addr *addr)
{
	struct umx_preserve_blackhole *way;
	bool found = false;
	unsigned int i;

	if (!READ_ONCE(pn->set.blackhole_timeout))
		return false;
	way = umx_preserve_blackhole_bucket(pn, addr);
	spin_lock_bh(&pn->blackholes->lock);
	for (i = 0; i < UMX_PRESERVE_BLACKHOLE_WAYS; i++)
		if (ipv6_addr_equal(&way[i].addr, addr) &&
		    time_before64(get_jiffies_64(), way[i].until))
			found = true;
	spin_unlock_bh(&pn->blackholes->lock);
	return found;
}

/* Forget them all. Context: process. */
void umx_preserve_blackhole_flush(struct umx_preserve_net *pn)
{
	if (!pn->blackholes)
		return;
	spin_lock_bh(&pn->blackholes->lock);
	memset(pn->blackholes->way, 0, sizeof(pn->blackholes->way));
	spin_unlock_bh(&pn->blackholes->lock);
}

int umx_preserve_blackhole_alloc(struct umx_preserve_net *pn)
{
	if (pn->blackholes)
		return 0;
	pn->blackholes = kvzalloc(sizeof(*pn->blackholes), GFP_KERNEL_ACCOUNT);
	if (!pn->blackholes)
		return -ENOMEM;
	spin_lock_init(&pn->blackholes->lock);
	return 0;
}

void umx_preserve_blackhole_free(struct umx_preserve_net *pn)
{
	kvfree(pn->blackholes);
}
