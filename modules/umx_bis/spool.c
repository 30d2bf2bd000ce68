// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the spool of a namespace: what it may be, and its coming and
 * going.
 */
#include <linux/inetdevice.h>
#include <linux/slab.h>
#include <linux/umx_bis.h>
#include <net/addrconf.h>
#include <net/ipv6.h>
#include "flow.h"
#include "map.h"
#include "netns.h"
#include "port.h"
#include "spool.h"
#include "sweep.h"

/* An address a host can have: not the prefix's first and last. */
bool umx_bis_spool_has(const struct umx_bis_spool *spool, __be32 addr)
{
	__be32 mask = inet_make_mask(spool->plen);

	return (addr & mask) == spool->prefix && addr & ~mask &&
	       (addr | mask) != htonl(INADDR_BROADCAST);
}

static int umx_bis_spool_check(struct umx_bis_net *bn,
			       const struct umx_bis_spool *new,
			       struct netlink_ext_ack *extack)
{
	if (new->prefix & ~inet_make_mask(new->plen)) {
		NL_SET_ERR_MSG(extack, "the prefix has bits set behind its length");
		return -EINVAL;
	}
	if (ipv4_is_multicast(new->prefix) || ipv4_is_loopback(new->prefix) ||
	    ipv4_is_lbcast(new->prefix) || ipv4_is_zeronet(new->prefix)) {
		NL_SET_ERR_MSG(extack, "a spool is a prefix of unicast addresses; 198.18.0.0/15 is free for it");
		return -EINVAL;
	}
	if (!umx_bis_spool_has(new, new->self)) {
		NL_SET_ERR_MSG(extack, "the host's own address must be a host address of the prefix");
		return -EINVAL;
	}
	if (!(ipv6_addr_type(&new->source) & IPV6_ADDR_UNICAST) ||
	    ipv6_addr_type(&new->source) &
	    (IPV6_ADDR_LINKLOCAL | IPV6_ADDR_LOOPBACK)) {
		NL_SET_ERR_MSG(extack, "the source must be a global unicast address");
		return -EINVAL;
	}
	/* At boot it may come after us, and it may go at any time: a warning. */
	if (!ipv6_chk_addr(bn->net, &new->source, NULL, 0))
		NL_SET_ERR_MSG(extack, "the source is no address of this host yet, or still tentative, and nothing comes back to it: ip -6 addr add ADDR/128 dev DEV preferred_lft 0");
	return 0;
}

/**
 * umx_bis_spool_add() - set the spool
 * @bn: the namespace; its lock is held
 * @new: what it is to be
 * @extack: gets the sentence of a refusal
 */
int umx_bis_spool_add(struct umx_bis_net *bn, const struct umx_bis_spool *new,
		      struct netlink_ext_ack *extack)
{
	struct umx_bis_spool *spool;
	int err;

	lockdep_assert_held(&bn->lock);
	if (rcu_access_pointer(bn->spool)) {
		NL_SET_ERR_MSG(extack, "this network namespace has a spool; 'bis spool del' removes it");
		return -EEXIST;
	}
	err = umx_bis_spool_check(bn, new, extack);
	if (err)
		return err;
	spool = kmemdup(new, sizeof(*new), GFP_KERNEL_ACCOUNT);
	if (!spool)
		return -ENOMEM;
	err = spool->shared ? umx_bis_port_start(bn) : 0;
	if (err)
		goto err_free;
	err = umx_bis_net_switch(bn, true);
	if (err)
		goto err_stop;
	rcu_assign_pointer(bn->spool, spool);
	umx_bis_sweep_restart(bn);
	umx_bis_map_changed(bn);
	return 0;

err_stop:
	umx_bis_port_stop(bn);
err_free:
	kfree(spool);
	return err;
}

/* Without a spool there are no pairs and no reservations. */
void umx_bis_spool_flush(struct umx_bis_net *bn)
{
	struct umx_bis_spool *spool;

	spool = rcu_replace_pointer(bn->spool, NULL,
				    lockdep_is_held(&bn->lock));
	umx_bis_net_switch(bn, false);
	umx_bis_map_flush(bn);
	umx_bis_flow_flush(bn);
	umx_bis_port_stop(bn);
	if (spool)
		kfree_rcu(spool, rcu);
}

/**
 * umx_bis_spool_del() - remove the spool and all pairs
 * @bn: the namespace; its lock is held
 * @old: its prefix and length must be the spool's; NULL: whatever it is
 * @extack: gets the sentence of a refusal
 */
int umx_bis_spool_del(struct umx_bis_net *bn, const struct umx_bis_spool *old,
		      struct netlink_ext_ack *extack)
{
	const struct umx_bis_spool *spool;

	spool = rcu_dereference_protected(bn->spool,
					  lockdep_is_held(&bn->lock));
	if (!spool || (old && (old->prefix != spool->prefix ||
			       old->plen != spool->plen))) {
		NL_SET_ERR_MSG(extack, "there is no such spool in this network namespace");
		return -ENOENT;
	}
	umx_bis_spool_flush(bn);
	return 0;
}
