// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the genl family "umx": its table of commands, the commands
 * that act on the namespace as a whole, and helpers of all handlers.
 */
#include <linux/netdevice.h>
#include <linux/pid.h>
#include <umx/compat.h>
#include "drain.h"
#include "mib.h"
#include "netlink.h"
#include "window.h"

/* Attributes of the request that started a dump. */
struct nlattr **umx_nl_dump_attrs(struct netlink_callback *cb)
{
	return umx_genl_dump_attrs(cb);
}

/* Begin a reply to @info; NULL without memory. */
struct sk_buff *umx_nl_reply(struct genl_info *info, void **hdr)
{
	struct sk_buff *msg = genlmsg_new(NLMSG_GOODSIZE, GFP_KERNEL);

	if (!msg)
		return NULL;
	*hdr = genlmsg_put_reply(msg, info, &umx_genl_family, 0,
				 info->genlhdr->cmd);
	if (*hdr)
		return msg;
	nlmsg_free(msg);
	return NULL;
}

/* Begin one message of a dump; NULL if the buffer is full. */
void *umx_nl_dump_put(struct sk_buff *skb, struct netlink_callback *cb, u8 cmd)
{
	void *hdr = genlmsg_put(skb, NETLINK_CB(cb->skb).portid,
				cb->nlh->nlmsg_seq, &umx_genl_family,
				NLM_F_MULTI, cmd);

	if (hdr)
		genl_dump_check_consistent(cb, hdr);
	return hdr;
}

/* @sentence must be constant. */
int umx_nl_require(struct genl_info *info, int attr, const char *sentence)
{
	if (info->attrs[attr])
		return 0;
	if (info->extack)
		info->extack->_msg = sentence;
	return -EINVAL;
}

/* The optional device attribute @attr. */
int umx_nl_device(struct genl_info *info, int attr, u32 *ifindex)
{
	struct net_device *dev;

	*ifindex = 0;
	if (!info->attrs[attr])
		return 0;
	*ifindex = nla_get_u32(info->attrs[attr]);
	rcu_read_lock();
	dev = *ifindex <= INT_MAX ?
	      dev_get_by_index_rcu(genl_info_net(info), *ifindex) : NULL;
	rcu_read_unlock();
	if (dev)
		return 0;
	NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[attr],
			    "no such device in this network namespace");
	return -ENODEV;
}

/* The optional process attribute @attr: NULL, a reference, or ERR_PTR(). */
struct pid *umx_nl_pid(struct genl_info *info, int attr)
{
	struct pid *pid;
	u32 nr;

	if (!info->attrs[attr])
		return NULL;
	nr = nla_get_u32(info->attrs[attr]);
	pid = nr <= INT_MAX ? find_get_pid(nr) : NULL;
	if (pid)
		return pid;
	NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[attr],
			    "no such process");
	return ERR_PTR(-ESRCH);
}

static int umx_nl_drain(struct sk_buff *skb, struct genl_info *info)
{
	bool abort = info->attrs[UMX_DRAIN_A_ABORT];
	struct umx_net *un = umx_nl_net(info);
	struct umx_drain_result r;
	struct sk_buff *msg;
	void *hdr;

	if (abort && info->attrs[UMX_DRAIN_A_OFF]) {
		GENL_SET_ERR_MSG(info, "a drain is either aborting or off");
		return -EINVAL;
	}
	msg = umx_nl_reply(info, &hdr);
	if (!msg)
		return -ENOMEM;

	mutex_lock(&un->lock);
	if (info->attrs[UMX_DRAIN_A_OFF]) {
		umx_drain_off(un);
		mutex_unlock(&un->lock);
		nlmsg_free(msg);
		return 0;
	}
	umx_drain(un, abort, &r);
	mutex_unlock(&un->lock);

	if (nla_put_u32(msg, UMX_DRAIN_A_SESSIONS, r.sessions) ||
	    nla_put_u32(msg, UMX_DRAIN_A_CLOSING, r.closing) ||
	    nla_put_u32(msg, UMX_DRAIN_A_WAITING, r.waiting) ||
	    nla_put_u32(msg, UMX_DRAIN_A_LISTENERS, r.listeners) ||
	    nla_put_u32(msg, UMX_DRAIN_A_ABORTED, r.aborted) ||
	    nla_put_u32(msg, UMX_DRAIN_A_PURGED, r.purged) ||
	    nla_put_u32(msg, UMX_DRAIN_A_SOCKETS, r.sockets)) {
		nlmsg_free(msg);
		return -EMSGSIZE;
	}
	genlmsg_end(msg, hdr);
	return genlmsg_reply(msg, info);
}

static int umx_nl_stats_put(struct sk_buff *skb, struct netlink_callback *cb,
			    const struct umx_net *un, enum umx_mib id,
			    bool explain)
{
	void *hdr = umx_nl_dump_put(skb, cb, UMX_CMD_STATS_GET);

	if (!hdr)
		return -EMSGSIZE;
	if (nla_put_string(skb, UMX_STATS_A_NAME, umx_mib_name(id)) ||
	    nla_put_u64_64bit(skb, UMX_STATS_A_VALUE, umx_mib_read(un, id),
			      UMX_STATS_A_PAD) ||
	    nla_put_u8(skb, UMX_STATS_A_KIND, umx_mib_kind(id)) ||
	    (explain && nla_put_string(skb, UMX_STATS_A_EXPLAIN,
				       umx_mib_explain(id)))) {
		genlmsg_cancel(skb, hdr);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, hdr);
	return 0;
}

static int umx_nl_stats_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	bool explain = umx_nl_dump_attrs(cb)[UMX_STATS_A_VERBOSE];
	struct umx_net *un = umx_net(sock_net(skb->sk));

	while (cb->args[0] < UMX_MIB_MAX &&
	       !umx_nl_stats_put(skb, cb, un, cb->args[0], explain))
		cb->args[0]++;
	return skb->len;
}

static int umx_nl_version(struct sk_buff *skb, struct genl_info *info)
{
	struct sk_buff *msg;
	void *hdr;

	msg = umx_nl_reply(info, &hdr);
	if (!msg)
		return -ENOMEM;
	if (nla_put_string(msg, UMX_VERSION_A_MODULE, UMX_VERSION) ||
	    nla_put_u32(msg, UMX_VERSION_A_GENL, UMX_GENL_VERSION) ||
	    nla_put_u64_64bit(msg, UMX_VERSION_A_EPOCH, umx_window_epoch(),
			      UMX_VERSION_A_PAD)) {
		nlmsg_free(msg);
		return -EMSGSIZE;
	}
	genlmsg_end(msg, hdr);
	return genlmsg_reply(msg, info);
}

#define UMX_DO(_cmd, _policy, _max, _doit)				\
	{								\
		.cmd = _cmd,						\
		.flags = GENL_UNS_ADMIN_PERM,				\
		.policy = _policy,					\
		.maxattr = _max,					\
		.doit = _doit,						\
	}
#define UMX_DUMP(_cmd, _policy, _max, _start, _dump, _done)		\
	{								\
		.cmd = _cmd,						\
		.flags = GENL_UNS_ADMIN_PERM,				\
		.policy = _policy,					\
		.maxattr = _max,					\
		.start = _start,					\
		.dumpit = _dump,					\
		.done = _done,						\
	}

static const struct genl_ops umx_genl_ops[] = {
	UMX_DO(UMX_CMD_POOL_ADD, umx_nl_pool_add_policy, UMX_POOL_A_MAX,
	       umx_nl_pool_add),
	UMX_DO(UMX_CMD_POOL_DEL, umx_nl_pool_del_policy, UMX_POOL_A_MAX,
	       umx_nl_pool_del),
	UMX_DO(UMX_CMD_POOL_RESERVE, umx_nl_pool_reserve_policy,
	       UMX_POOL_A_MAX, umx_nl_pool_reserve),
	UMX_DUMP(UMX_CMD_POOL_GET, umx_nl_none_policy, 1,
		 umx_nl_pool_start, umx_nl_pool_dump, NULL),
	UMX_DO(UMX_CMD_EA_ADD, umx_nl_ea_policy, UMX_EA_A_MAX, umx_nl_ea_add),
	UMX_DO(UMX_CMD_EA_DEL, umx_nl_ea_del_policy, UMX_EA_A_MAX,
	       umx_nl_ea_del),
	UMX_DUMP(UMX_CMD_EA_GET, umx_nl_none_policy, 1,
		 NULL, umx_nl_ea_dump, NULL),
	UMX_DO(UMX_CMD_LISTENER_SET, umx_nl_listener_set_policy,
	       UMX_LISTENER_A_MAX, umx_nl_listener_set),
	UMX_DUMP(UMX_CMD_LISTENER_GET, umx_nl_listener_get_policy,
		 UMX_LISTENER_A_MAX, umx_nl_listener_start,
		 umx_nl_listener_dump, umx_nl_listener_done),
	UMX_DO(UMX_CMD_LISTEN_RULE_ADD, umx_nl_listen_rule_add_policy,
	       UMX_LISTEN_RULE_A_MAX, umx_nl_listen_rule_add),
	UMX_DO(UMX_CMD_LISTEN_RULE_DEL, umx_nl_listen_rule_del_policy,
	       UMX_LISTEN_RULE_A_MAX, umx_nl_listen_rule_del),
	UMX_DUMP(UMX_CMD_LISTEN_RULE_GET, umx_nl_none_policy, 1,
		 NULL, umx_nl_listen_rule_dump, NULL),
	UMX_DO(UMX_CMD_SSA_ADD, umx_nl_ssa_add_policy, UMX_SSA_A_MAX,
	       umx_nl_ssa_add),
	UMX_DO(UMX_CMD_SSA_LEASE, umx_nl_ssa_lease_policy, UMX_SSA_A_MAX,
	       umx_nl_ssa_lease),
	UMX_DO(UMX_CMD_SSA_DEL, umx_nl_ssa_del_policy, UMX_SSA_A_MAX,
	       umx_nl_ssa_del),
	UMX_DUMP(UMX_CMD_SSA_GET, umx_nl_ssa_get_policy, UMX_SSA_A_MAX,
		 umx_nl_addr_start, umx_nl_ssa_dump, umx_nl_addr_done),
	UMX_DUMP(UMX_CMD_ADDR_GET, umx_nl_addr_get_policy, UMX_ADDR_A_MAX,
		 umx_nl_addr_start, umx_nl_addr_dump, umx_nl_addr_done),
	UMX_DUMP(UMX_CMD_SESSION_GET, umx_nl_none_policy, 1,
		 umx_nl_addr_start, umx_nl_session_dump, umx_nl_addr_done),
	UMX_DO(UMX_CMD_DRAIN, umx_nl_drain_policy, UMX_DRAIN_A_MAX,
	       umx_nl_drain),
	UMX_DUMP(UMX_CMD_STATS_GET, umx_nl_stats_policy, UMX_STATS_A_MAX,
		 NULL, umx_nl_stats_dump, NULL),
	UMX_DO(UMX_CMD_VERSION_GET, umx_nl_none_policy, 1, umx_nl_version),
	UMX_DO(UMX_CMD_LIMIT_SET, umx_nl_limit_set_policy, UMX_LIMIT_A_MAX,
	       umx_nl_limit_set),
	UMX_DO(UMX_CMD_LIMIT_DEL, umx_nl_limit_del_policy, UMX_LIMIT_A_MAX,
	       umx_nl_limit_del),
	UMX_DUMP(UMX_CMD_LIMIT_GET, umx_nl_none_policy, 1,
		 NULL, umx_nl_limit_dump, NULL),
};

static const struct genl_multicast_group umx_genl_groups[] = {
	{ .name = UMX_MCGRP_EVENTS, .flags = GENL_MCAST_CAP_NET_ADMIN },
};

struct genl_family umx_genl_family __ro_after_init = {
	.name = UMX_GENL_NAME,
	.version = UMX_GENL_VERSION,
	.module = THIS_MODULE,
	.netnsok = true,
	.parallel_ops = true,	/* each namespace has its own lock */
	.resv_start_op = 1,
	.ops = umx_genl_ops,
	.n_ops = ARRAY_SIZE(umx_genl_ops),
	.mcgrps = umx_genl_groups,
	.n_mcgrps = ARRAY_SIZE(umx_genl_groups),
};

int __init umx_netlink_setup(void)
{
	return genl_register_family(&umx_genl_family);
}

void umx_netlink_teardown(void)
{
	genl_unregister_family(&umx_genl_family);
}
