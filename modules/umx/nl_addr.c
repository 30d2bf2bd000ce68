// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the dumps of live addresses: all of them, those that wait
 * (SSAs), those with a session. All three walk the same table.
 */
#include <linux/jiffies.h>
#include <linux/rhashtable.h>
#include <linux/pid_namespace.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <net/ipv6.h>
#include "address.h"
#include "netlink.h"
#include "onlink.h"
#include "pool.h"

typedef int (*umx_nl_addr_fill)(struct sk_buff *skb,
				struct netlink_callback *cb,
				const struct umx_addr *addr);

#define UMX_NL_SKIP	1	/* not wanted in this dump */

int umx_nl_addr_start(struct netlink_callback *cb)
{
	struct umx_net *un = umx_net(sock_net(cb->skb->sk));
	struct rhashtable_iter *iter;
	bool ready;

	mutex_lock(&un->lock);
	ready = un->ready;
	mutex_unlock(&un->lock);
	if (!ready)
		return 0;
	iter = kmalloc(sizeof(*iter), GFP_KERNEL_ACCOUNT);
	if (!iter)
		return -ENOMEM;
	rhashtable_walk_enter(&un->addrs, iter);
	cb->args[0] = (long)iter;
	return 0;
}

int umx_nl_addr_done(struct netlink_callback *cb)
{
	struct rhashtable_iter *iter = (void *)cb->args[0];

	if (iter) {
		rhashtable_walk_exit(iter);
		kfree(iter);
	}
	return 0;
}

static int umx_nl_addr_put(struct sk_buff *skb, struct netlink_callback *cb,
			   u8 cmd, struct umx_addr *addr, umx_nl_addr_fill fill)
{
	void *hdr = umx_nl_dump_put(skb, cb, cmd);
	int err;

	if (!hdr)
		return -EMSGSIZE;
	spin_lock_bh(&addr->lock);
	err = addr->state == UMX_ADDR_DISPOSED ? UMX_NL_SKIP :
						 fill(skb, cb, addr);
	spin_unlock_bh(&addr->lock);
	if (err) {
		genlmsg_cancel(skb, hdr);
		return err == UMX_NL_SKIP ? 0 : -EMSGSIZE;
	}
	genlmsg_end(skb, hdr);
	return 0;
}

/*
 * A table that was resized in between starts over: the walk may then show an
 * address twice, and the dump is marked as interrupted.
 */
static int umx_nl_addr_walk(struct sk_buff *skb, struct netlink_callback *cb,
			    u8 cmd, umx_nl_addr_fill fill)
{
	struct rhashtable_iter *iter = (void *)cb->args[0];
	struct umx_addr *addr;

	if (!iter)
		return 0;
	if (!cb->seq)
		cb->seq = 1;

	if (rhashtable_walk_start_check(iter) == -EAGAIN)
		cb->seq++;
	/* the one that did not fit last time, or the first */
	for (addr = rhashtable_walk_peek(iter); addr;
	     addr = rhashtable_walk_next(iter)) {
		if (IS_ERR(addr)) {
			cb->seq++;
			continue;
		}
		if (umx_nl_addr_put(skb, cb, cmd, addr, fill))
			break;
	}
	rhashtable_walk_stop(iter);
	return skb->len;
}

static int umx_nl_addr_fill_addr(struct sk_buff *skb,
				 struct netlink_callback *cb,
				 const struct umx_addr *addr)
{
	const struct nlattr *state = umx_nl_dump_attrs(cb)[UMX_ADDR_A_STATE];
	u16 port = addr->role == UMX_ROLE_SSA ? addr->port :
			ntohs(READ_ONCE((addr->of ?: addr)->local_port));

	if (state && nla_get_u8(state) != addr->state)
		return UMX_NL_SKIP;
	return nla_put_in6_addr(skb, UMX_ADDR_A_ADDRESS, &addr->addr) ||
	       nla_put_u8(skb, UMX_ADDR_A_STATE, addr->state) ||
	       nla_put_u8(skb, UMX_ADDR_A_ROLE, addr->role) ||
	       nla_put_u8(skb, UMX_ADDR_A_BOUND, addr->bound) ||
	       nla_put_string(skb, UMX_ADDR_A_POOL, addr->pool->name) ||
	       nla_put_u16(skb, UMX_ADDR_A_PORT, port) ||
	       (addr->of && nla_put_in6_addr(skb, UMX_ADDR_A_SPARE_OF,
					     &addr->of->addr)) ? -EMSGSIZE : 0;
}

static int umx_nl_addr_put_pid(struct sk_buff *skb, int attr, struct pid *pid)
{
	pid_t nr = pid ? pid_nr_ns(pid, task_active_pid_ns(current)) : 0;

	return nr ? nla_put_u32(skb, attr, nr) : 0;
}

static int umx_nl_addr_fill_ssa(struct sk_buff *skb,
				struct netlink_callback *cb,
				const struct umx_addr *addr)
{
	const struct nlattr *port = umx_nl_dump_attrs(cb)[UMX_SSA_A_PORT];
	long left = addr->timer.expires - jiffies;

	if (!umx_addr_waits(addr) ||
	    (port && nla_get_u16(port) != addr->port))
		return UMX_NL_SKIP;
	return nla_put_in6_addr(skb, UMX_SSA_A_ADDRESS, &addr->addr) ||
	       nla_put_u16(skb, UMX_SSA_A_PORT, addr->port) ||
	       umx_nl_addr_put_pid(skb, UMX_SSA_A_PID, addr->pid) ||
	       nla_put_string(skb, UMX_SSA_A_POOL, addr->pool->name) ||
	       nla_put_in6_addr(skb, UMX_SSA_A_FROM, &addr->peer) ||
	       nla_put_u8(skb, UMX_SSA_A_FROM_PLEN, addr->from_plen) ||
	       nla_put_u32(skb, UMX_SSA_A_LIFETIME,
			   left > 0 ? DIV_ROUND_UP(left, HZ) : 0) ||
	       (addr->ifindex &&
		nla_put_u32(skb, UMX_SSA_A_IFINDEX, addr->ifindex)) ?
	       -EMSGSIZE : 0;
}

static int umx_nl_addr_fill_session(struct sk_buff *skb,
				    struct netlink_callback *cb,
				    const struct umx_addr *addr)
{
	/* no peer port yet: connect() or accept() is under way */
	if (!addr->bound || !addr->peer_port)
		return UMX_NL_SKIP;
	return nla_put_in6_addr(skb, UMX_SESSION_A_LOCAL, &addr->addr) ||
	       nla_put_u16(skb, UMX_SESSION_A_LOCAL_PORT,
			   ntohs(addr->local_port)) ||
	       nla_put_in6_addr(skb, UMX_SESSION_A_PEER, &addr->peer) ||
	       nla_put_u16(skb, UMX_SESSION_A_PEER_PORT,
			   ntohs(addr->peer_port)) ||
	       nla_put_u8(skb, UMX_SESSION_A_ROLE, addr->role) ||
	       nla_put_u8(skb, UMX_SESSION_A_STATE, addr->state) ||
	       nla_put_string(skb, UMX_SESSION_A_POOL, addr->pool->name) ||
	       nla_put_u32(skb, UMX_SESSION_A_UID,
			   from_kuid_munged(current_user_ns(), addr->uid)) ||
	       (addr->role == UMX_ROLE_EA ?
		umx_nl_addr_put_pid(skb, UMX_SESSION_A_PID, addr->pid) :
		nla_put_u16(skb, UMX_SESSION_A_LISTENER_PORT, addr->port)) ||
	       nla_put_u32(skb, UMX_SESSION_A_AGE,
			   (u32)ktime_get_seconds() - addr->since) ||
	       nla_put_u8(skb, UMX_SESSION_A_PROTO, addr->proto) ?
	       -EMSGSIZE : 0;
}

int umx_nl_ssa_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	return umx_nl_addr_walk(skb, cb, UMX_CMD_SSA_GET,
				umx_nl_addr_fill_ssa);
}

/* One pool's share of a dump of reserved addresses. */
struct umx_nl_reserved {
	struct sk_buff *skb;
	struct netlink_callback *cb;
	const struct umx_pool *pool;
	bool full;
};

/* An address that is nobody's yet: it has no role, and nothing is bound. */
static bool umx_nl_addr_reserved(const struct umx_reserved *entry, void *arg)
{
	struct umx_nl_reserved *dump = arg;
	const struct nlattr *state = umx_nl_dump_attrs(dump->cb)[UMX_ADDR_A_STATE];
	void *hdr;

	if (state && nla_get_u8(state) != entry->state)
		return true;
	hdr = umx_nl_dump_put(dump->skb, dump->cb, UMX_CMD_ADDR_GET);
	dump->full = !hdr ||
		     nla_put_in6_addr(dump->skb, UMX_ADDR_A_ADDRESS,
				      &entry->probe.addr) ||
		     nla_put_u8(dump->skb, UMX_ADDR_A_STATE, entry->state) ||
		     nla_put_string(dump->skb, UMX_ADDR_A_POOL,
				    dump->pool->name);
	if (dump->full && hdr)
		genlmsg_cancel(dump->skb, hdr);
	else if (hdr)
		genlmsg_end(dump->skb, hdr);
	return !dump->full;
}

/*
 * What on-link pools have reserved. args[1] - 1 pools and args[2] addresses of
 * the next are done; what comes and goes meanwhile may be missed.
 */
static int umx_nl_addr_reserves(struct sk_buff *skb,
				struct netlink_callback *cb)
{
	struct umx_net *un = umx_net(sock_net(skb->sk));
	struct umx_nl_reserved dump = { .skb = skb, .cb = cb };
	struct umx_pool *pool;
	long i = 1;

	mutex_lock(&un->lock);
	list_for_each_entry(pool, &un->pools, list) {
		if (i++ < cb->args[1] || !pool->onlink)
			continue;
		if (i - 1 > cb->args[1])
			cb->args[2] = 0;
		cb->args[1] = i - 1;
		dump.pool = pool;
		cb->args[2] = umx_reserved_for_each(&pool->onlink->reserve,
						    cb->args[2],
						    umx_nl_addr_reserved,
						    &dump);
		if (dump.full)
			break;
	}
	if (!dump.full)
		cb->args[1] = LONG_MAX;
	mutex_unlock(&un->lock);
	return skb->len;
}

int umx_nl_addr_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	int len;

	if (cb->args[1])
		return umx_nl_addr_reserves(skb, cb);
	len = umx_nl_addr_walk(skb, cb, UMX_CMD_ADDR_GET,
			       umx_nl_addr_fill_addr);
	if (len)
		return len;
	cb->args[1] = 1;
	return umx_nl_addr_reserves(skb, cb);
}

int umx_nl_session_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	return umx_nl_addr_walk(skb, cb, UMX_CMD_SESSION_GET,
				umx_nl_addr_fill_session);
}
