// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the genl family "umx_bis": which attributes each command
 * takes, and what it does.
 */
#include <linux/inetdevice.h>
#include <linux/umx_bis.h>
#include <net/genetlink.h>
#include <net/sock.h>
#include <umx/compat.h>
#include "map.h"
#include "mib.h"
#include "netlink.h"
#include "netns.h"
#include "nl_eam.h"
#include "nl_port.h"
#include "spool.h"

static struct genl_family umx_bis_genl_family;

#define UMX_BIS_NL_IN4	NLA_POLICY_EXACT_LEN(sizeof(__be32))
#define UMX_BIS_NL_IN6	NLA_POLICY_EXACT_LEN(sizeof(struct in6_addr))

/* What is not listed is refused. */
static const struct nla_policy
umx_bis_spool_policy[UMX_BIS_SPOOL_A_SHARED + 1] = {
	[UMX_BIS_SPOOL_A_PREFIX] = UMX_BIS_NL_IN4,
	[UMX_BIS_SPOOL_A_PLEN] = NLA_POLICY_RANGE(NLA_U8,
						  UMX_BIS_SPOOL_PLEN_MIN,
						  UMX_BIS_SPOOL_PLEN_MAX),
	[UMX_BIS_SPOOL_A_SELF] = UMX_BIS_NL_IN4,
	[UMX_BIS_SPOOL_A_SOURCE] = UMX_BIS_NL_IN6,
	[UMX_BIS_SPOOL_A_PAIRS] = { .type = NLA_REJECT },
	[UMX_BIS_SPOOL_A_IFINDEX] = { .type = NLA_REJECT },
	[UMX_BIS_SPOOL_A_INCOMING] = NLA_POLICY_MAX(NLA_U8,
						    UMX_BIS_INCOMING_MAX),
	[UMX_BIS_SPOOL_A_IDLE] = NLA_POLICY_RANGE(NLA_U32, 1,
						  UMX_BIS_IDLE_MAX),
	[UMX_BIS_SPOOL_A_SHARED] = { .type = NLA_FLAG },
};

static const struct nla_policy
umx_bis_spool_del_policy[UMX_BIS_SPOOL_A_PLEN + 1] = {
	[UMX_BIS_SPOOL_A_PREFIX] = UMX_BIS_NL_IN4,
	[UMX_BIS_SPOOL_A_PLEN] = NLA_POLICY_RANGE(NLA_U8,
						  UMX_BIS_SPOOL_PLEN_MIN,
						  UMX_BIS_SPOOL_PLEN_MAX),
};

static const struct nla_policy
umx_bis_map_lease_policy[UMX_BIS_MAP_A_LIFETIME + 1] = {
	[UMX_BIS_MAP_A_ADDR4] = { .type = NLA_REJECT },
	[UMX_BIS_MAP_A_ADDR6] = UMX_BIS_NL_IN6,
	[UMX_BIS_MAP_A_FLUSH] = { .type = NLA_REJECT },
	[UMX_BIS_MAP_A_IDLE] = { .type = NLA_REJECT },
	[UMX_BIS_MAP_A_DYNAMIC] = { .type = NLA_REJECT },
	[UMX_BIS_MAP_A_LIFETIME] = NLA_POLICY_RANGE(NLA_U32, 0,
						    UMX_BIS_MAP_LIFETIME_MAX),
};

static const struct nla_policy
umx_bis_map_policy[UMX_BIS_MAP_A_ADDR6 + 1] = {
	[UMX_BIS_MAP_A_ADDR4] = UMX_BIS_NL_IN4,
	[UMX_BIS_MAP_A_ADDR6] = UMX_BIS_NL_IN6,
};

static const struct nla_policy
umx_bis_map_del_policy[UMX_BIS_MAP_A_FLUSH + 1] = {
	[UMX_BIS_MAP_A_ADDR4] = UMX_BIS_NL_IN4,
	[UMX_BIS_MAP_A_ADDR6] = UMX_BIS_NL_IN6,
	[UMX_BIS_MAP_A_FLUSH] = { .type = NLA_FLAG },
};

static const struct nla_policy umx_bis_none_policy[2] = {
	[1] = { .type = NLA_REJECT },
};

static const struct nla_policy
umx_bis_stats_policy[UMX_BIS_STATS_A_VERBOSE + 1] = {
	[UMX_BIS_STATS_A_NAME] = { .type = NLA_REJECT },
	[UMX_BIS_STATS_A_VALUE] = { .type = NLA_REJECT },
	[UMX_BIS_STATS_A_EXPLAIN] = { .type = NLA_REJECT },
	[UMX_BIS_STATS_A_PAD] = { .type = NLA_REJECT },
	[UMX_BIS_STATS_A_VERBOSE] = { .type = NLA_FLAG },
};

/* Begin one message of a dump; NULL if the buffer is full. */
void *umx_bis_nl_dump_put(struct sk_buff *skb,
			  struct netlink_callback *cb, u8 cmd)
{
	void *hdr = genlmsg_put(skb, NETLINK_CB(cb->skb).portid,
				cb->nlh->nlmsg_seq, &umx_bis_genl_family,
				NLM_F_MULTI, cmd);

	if (hdr)
		genl_dump_check_consistent(cb, hdr);
	return hdr;
}

/* --- the spool --- */

static int umx_bis_nl_spool_add(struct sk_buff *skb, struct genl_info *info)
{
	struct umx_bis_net *bn = umx_bis_net(genl_info_net(info));
	struct nlattr **attrs = info->attrs;
	struct umx_bis_spool spool = {};
	int err;

	if (!attrs[UMX_BIS_SPOOL_A_PREFIX] || !attrs[UMX_BIS_SPOOL_A_PLEN] ||
	    !attrs[UMX_BIS_SPOOL_A_SOURCE]) {
		NL_SET_ERR_MSG(info->extack, "a spool needs a prefix, its length, and the IPv6 source of its sessions");
		return -EINVAL;
	}
	spool.prefix = nla_get_in_addr(attrs[UMX_BIS_SPOOL_A_PREFIX]);
	spool.plen = nla_get_u8(attrs[UMX_BIS_SPOOL_A_PLEN]);
	spool.source = nla_get_in6_addr(attrs[UMX_BIS_SPOOL_A_SOURCE]);
	spool.self = spool.prefix | htonl(1);
	spool.idle = UMX_BIS_IDLE;
	if (attrs[UMX_BIS_SPOOL_A_IDLE])
		spool.idle = nla_get_u32(attrs[UMX_BIS_SPOOL_A_IDLE]);
	if (attrs[UMX_BIS_SPOOL_A_INCOMING])
		spool.incoming = nla_get_u8(attrs[UMX_BIS_SPOOL_A_INCOMING]);
	if (attrs[UMX_BIS_SPOOL_A_SELF])
		spool.self = nla_get_in_addr(attrs[UMX_BIS_SPOOL_A_SELF]);
	spool.shared = nla_get_flag(attrs[UMX_BIS_SPOOL_A_SHARED]);
	mutex_lock(&bn->lock);
	err = umx_bis_spool_add(bn, &spool, info->extack);
	mutex_unlock(&bn->lock);
	return err;
}

static int umx_bis_nl_spool_del(struct sk_buff *skb, struct genl_info *info)
{
	struct nlattr *prefix = info->attrs[UMX_BIS_SPOOL_A_PREFIX];
	struct nlattr *plen = info->attrs[UMX_BIS_SPOOL_A_PLEN];
	struct umx_bis_net *bn = umx_bis_net(genl_info_net(info));
	struct umx_bis_spool spool = {};
	int err;

	if (!prefix != !plen) {
		NL_SET_ERR_MSG(info->extack, "a prefix is an address and a length");
		return -EINVAL;
	}
	if (prefix) {
		spool.prefix = nla_get_in_addr(prefix);
		spool.plen = nla_get_u8(plen);
	}
	mutex_lock(&bn->lock);
	err = umx_bis_spool_del(bn, prefix ? &spool : NULL, info->extack);
	mutex_unlock(&bn->lock);
	return err;
}

static int umx_bis_nl_spool_put(struct sk_buff *skb, struct umx_bis_net *bn,
				const struct umx_bis_spool *spool)
{
	const struct net_device *dev;
	int ifindex;

	rcu_read_lock();
	dev = rcu_dereference(bn->dev);
	ifindex = dev ? dev->ifindex : 0;
	rcu_read_unlock();
	return nla_put_in_addr(skb, UMX_BIS_SPOOL_A_PREFIX, spool->prefix) ||
	       nla_put_u8(skb, UMX_BIS_SPOOL_A_PLEN, spool->plen) ||
	       nla_put_in_addr(skb, UMX_BIS_SPOOL_A_SELF, spool->self) ||
	       nla_put_in6_addr(skb, UMX_BIS_SPOOL_A_SOURCE, &spool->source) ||
	       nla_put_u32(skb, UMX_BIS_SPOOL_A_PAIRS,
			   READ_ONCE(bn->n_maps)) ||
	       nla_put_u8(skb, UMX_BIS_SPOOL_A_INCOMING, spool->incoming) ||
	       nla_put_u32(skb, UMX_BIS_SPOOL_A_IDLE, spool->idle) ||
	       (spool->shared && nla_put_flag(skb, UMX_BIS_SPOOL_A_SHARED)) ||
	       (ifindex && nla_put_u32(skb, UMX_BIS_SPOOL_A_IFINDEX, ifindex));
}

static int umx_bis_nl_spool_dump(struct sk_buff *skb,
				 struct netlink_callback *cb)
{
	struct umx_bis_net *bn = umx_bis_net(sock_net(skb->sk));
	const struct umx_bis_spool *spool;
	void *hdr;

	mutex_lock(&bn->lock);
	cb->seq = bn->genid;
	spool = rcu_dereference_protected(bn->spool,
					  lockdep_is_held(&bn->lock));
	if (spool && !cb->args[0]) {
		hdr = umx_bis_nl_dump_put(skb, cb, UMX_BIS_CMD_SPOOL_GET);
		if (hdr && !umx_bis_nl_spool_put(skb, bn, spool)) {
			genlmsg_end(skb, hdr);
			cb->args[0] = 1;
		} else if (hdr) {
			genlmsg_cancel(skb, hdr);
		}
	}
	mutex_unlock(&bn->lock);
	return skb->len;
}

/* --- pairs --- */

static int umx_bis_nl_map_add(struct sk_buff *skb, struct genl_info *info)
{
	struct umx_bis_net *bn = umx_bis_net(genl_info_net(info));
	struct nlattr *at4 = info->attrs[UMX_BIS_MAP_A_ADDR4];
	struct nlattr *at6 = info->attrs[UMX_BIS_MAP_A_ADDR6];
	struct in6_addr addr6;
	__be32 addr4;
	int err;

	if (!at4 || !at6) {
		NL_SET_ERR_MSG(info->extack, "a pair is an IPv4 and an IPv6 address");
		return -EINVAL;
	}
	addr4 = nla_get_in_addr(at4);
	addr6 = nla_get_in6_addr(at6);
	mutex_lock(&bn->lock);
	err = umx_bis_map_add(bn, addr4, &addr6, info->extack);
	mutex_unlock(&bn->lock);
	return err;
}

static int umx_bis_nl_map_del(struct sk_buff *skb, struct genl_info *info)
{
	struct umx_bis_net *bn = umx_bis_net(genl_info_net(info));
	struct nlattr *at4 = info->attrs[UMX_BIS_MAP_A_ADDR4];
	struct nlattr *at6 = info->attrs[UMX_BIS_MAP_A_ADDR6];
	bool flush = info->attrs[UMX_BIS_MAP_A_FLUSH];
	struct in6_addr addr6;
	__be32 addr4;
	int err = 0;

	if (flush == (at4 || at6)) {
		NL_SET_ERR_MSG(info->extack, "which pair: its IPv4 address, its IPv6 address, or all of them");
		return -EINVAL;
	}
	if (at4)
		addr4 = nla_get_in_addr(at4);
	if (at6)
		addr6 = nla_get_in6_addr(at6);
	mutex_lock(&bn->lock);
	if (flush)
		umx_bis_map_flush(bn);
	else
		err = umx_bis_map_del(bn, at4 ? &addr4 : NULL,
				      at6 ? &addr6 : NULL, info->extack);
	mutex_unlock(&bn->lock);
	return err;
}

static int umx_bis_nl_map_put(struct sk_buff *skb, struct netlink_callback *cb,
			      const struct umx_bis_map *map)
{
	void *hdr = umx_bis_nl_dump_put(skb, cb, UMX_BIS_CMD_MAP_GET);
	unsigned long used = READ_ONCE(map->used);

	if (!hdr)
		return -EMSGSIZE;
	if (nla_put_in_addr(skb, UMX_BIS_MAP_A_ADDR4, map->addr4) ||
	    nla_put_in6_addr(skb, UMX_BIS_MAP_A_ADDR6, &map->addr6) ||
	    (map->origin != UMX_BIS_ORIGIN_HAND &&
	     nla_put_flag(skb, UMX_BIS_MAP_A_DYNAMIC)) ||
	    (used && nla_put_u32(skb, UMX_BIS_MAP_A_IDLE,
				 jiffies_to_msecs(jiffies - used) / 1000))) {
		genlmsg_cancel(skb, hdr);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, hdr);
	return 0;
}

static int umx_bis_nl_map_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct umx_bis_net *bn = umx_bis_net(sock_net(skb->sk));
	const struct umx_bis_map *map;
	long i = 0;

	spin_lock_bh(&bn->map_lock);
	cb->seq = bn->genid;
	list_for_each_entry(map, &bn->maps, list) {
		if (i >= cb->args[0]) {
			if (umx_bis_nl_map_put(skb, cb, map))
				break;
			cb->args[0] = i + 1;
		}
		i++;
	}
	spin_unlock_bh(&bn->map_lock);
	return skb->len;
}

static int umx_bis_nl_map_reply(struct genl_info *info, struct sk_buff *msg,
				u8 cmd, __be32 addr4,
				const struct in6_addr *addr6)
{
	void *hdr;

	hdr = genlmsg_put_reply(msg, info, &umx_bis_genl_family, 0, cmd);
	if (!hdr || nla_put_in_addr(msg, UMX_BIS_MAP_A_ADDR4, addr4) ||
	    nla_put_in6_addr(msg, UMX_BIS_MAP_A_ADDR6, addr6)) {
		nlmsg_free(msg);
		return -EMSGSIZE;
	}
	genlmsg_end(msg, hdr);
	return genlmsg_reply(msg, info);
}

static int umx_bis_nl_map_lease(struct sk_buff *skb, struct genl_info *info)
{
	struct nlattr *lifetime = info->attrs[UMX_BIS_MAP_A_LIFETIME];
	struct umx_bis_net *bn = umx_bis_net(genl_info_net(info));
	struct nlattr *at6 = info->attrs[UMX_BIS_MAP_A_ADDR6];
	const struct umx_bis_spool *spool;
	struct in6_addr addr6;
	struct sk_buff *msg;
	int err = -ENOENT;
	__be32 addr4;

	if (!at6) {
		NL_SET_ERR_MSG(info->extack, "whose pair: the host's IPv6 address is missing");
		return -EINVAL;
	}
	addr6 = nla_get_in6_addr(at6);
	/* before the lease, which is not taken back */
	msg = genlmsg_new(NLMSG_DEFAULT_SIZE, GFP_KERNEL);
	if (!msg)
		return -ENOMEM;
	rcu_read_lock();
	spool = rcu_dereference(bn->spool);
	if (spool)
		err = umx_bis_map_lease(bn, spool, &addr6, lifetime ?
					nla_get_u32(lifetime) * HZ : 0, &addr4);
	rcu_read_unlock();
	if (err == -ENOENT)
		NL_SET_ERR_MSG(info->extack, "there is no spool to take an IPv4 address from: 'bis spool add' comes first");
	else if (err == -EINVAL)
		NL_SET_ERR_MSG(info->extack, "the IPv6 address must be a global unicast address, not the spool's source");
	else if (err == -ENOSPC)
		NL_SET_ERR_MSG(info->extack, "every address of the spool is in use");
	if (err) {
		nlmsg_free(msg);
		return err;
	}
	return umx_bis_nl_map_reply(info, msg, UMX_BIS_CMD_MAP_LEASE, addr4,
				    &addr6);
}

static int umx_bis_nl_map_find(struct sk_buff *skb, struct genl_info *info)
{
	struct umx_bis_net *bn = umx_bis_net(genl_info_net(info));
	struct nlattr *at4 = info->attrs[UMX_BIS_MAP_A_ADDR4];
	struct nlattr *at6 = info->attrs[UMX_BIS_MAP_A_ADDR6];
	struct in6_addr addr6;
	struct sk_buff *msg;
	__be32 addr4;
	int err;

	if (!at4 == !at6) {
		NL_SET_ERR_MSG(info->extack, "which pair: its IPv4 address, or its IPv6 address");
		return -EINVAL;
	}
	if (at4)
		addr4 = nla_get_in_addr(at4);
	else
		addr6 = nla_get_in6_addr(at6);
	rcu_read_lock();
	err = at4 ? umx_bis_map_seek4(bn, addr4, &addr6) :
		    umx_bis_map_seek6(bn, &addr6, &addr4);
	rcu_read_unlock();
	if (err == -ENOENT)
		NL_SET_ERR_MSG(info->extack, "there is no such pair");
	else if (err == -ENXIO)
		NL_SET_ERR_MSG(info->extack, "the IPv4 address is not of a spool");
	if (err)
		return err;
	msg = genlmsg_new(NLMSG_DEFAULT_SIZE, GFP_KERNEL);
	if (!msg)
		return -ENOMEM;
	return umx_bis_nl_map_reply(info, msg, UMX_BIS_CMD_MAP_FIND, addr4,
				    &addr6);
}

/* --- counters --- */

static int umx_bis_nl_stats_put(struct sk_buff *skb,
				struct netlink_callback *cb,
				const struct umx_bis_net *bn,
				enum umx_bis_mib id, bool explain)
{
	void *hdr = umx_bis_nl_dump_put(skb, cb, UMX_BIS_CMD_STATS_GET);

	if (!hdr)
		return -EMSGSIZE;
	if (nla_put_string(skb, UMX_BIS_STATS_A_NAME, umx_bis_mib_name(id)) ||
	    nla_put_u64_64bit(skb, UMX_BIS_STATS_A_VALUE,
			      umx_bis_mib_read(bn, id), UMX_BIS_STATS_A_PAD) ||
	    (explain && nla_put_string(skb, UMX_BIS_STATS_A_EXPLAIN,
				       umx_bis_mib_explain(id)))) {
		genlmsg_cancel(skb, hdr);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, hdr);
	return 0;
}

static int umx_bis_nl_stats_dump(struct sk_buff *skb,
				 struct netlink_callback *cb)
{
	bool explain = umx_genl_dump_attrs(cb)[UMX_BIS_STATS_A_VERBOSE];
	struct umx_bis_net *bn = umx_bis_net(sock_net(skb->sk));

	while (cb->args[0] < UMX_BIS_MIB_MAX &&
	       !umx_bis_nl_stats_put(skb, cb, bn, cb->args[0], explain))
		cb->args[0]++;
	return skb->len;
}

/* --- the family --- */

#define UMX_BIS_NL_DO(command, takes, does)				\
	{								\
		.cmd = command,						\
		.flags = GENL_UNS_ADMIN_PERM,				\
		.policy = takes,					\
		.maxattr = ARRAY_SIZE(takes) - 1,			\
		.doit = does,						\
	}

#define UMX_BIS_NL_DUMP(command, takes, does)				\
	{								\
		.cmd = command,						\
		.flags = GENL_UNS_ADMIN_PERM,				\
		.policy = takes,					\
		.maxattr = ARRAY_SIZE(takes) - 1,			\
		.dumpit = does,						\
	}

static const struct genl_ops umx_bis_genl_ops[] = {
	UMX_BIS_NL_DO(UMX_BIS_CMD_SPOOL_ADD, umx_bis_spool_policy,
		      umx_bis_nl_spool_add),
	UMX_BIS_NL_DO(UMX_BIS_CMD_SPOOL_DEL, umx_bis_spool_del_policy,
		      umx_bis_nl_spool_del),
	UMX_BIS_NL_DUMP(UMX_BIS_CMD_SPOOL_GET, umx_bis_none_policy,
			umx_bis_nl_spool_dump),
	UMX_BIS_NL_DO(UMX_BIS_CMD_MAP_ADD, umx_bis_map_policy,
		      umx_bis_nl_map_add),
	UMX_BIS_NL_DO(UMX_BIS_CMD_MAP_DEL, umx_bis_map_del_policy,
		      umx_bis_nl_map_del),
	UMX_BIS_NL_DO(UMX_BIS_CMD_MAP_LEASE, umx_bis_map_lease_policy,
		      umx_bis_nl_map_lease),
	UMX_BIS_NL_DO(UMX_BIS_CMD_MAP_FIND, umx_bis_map_policy,
		      umx_bis_nl_map_find),
	UMX_BIS_NL_DUMP(UMX_BIS_CMD_MAP_GET, umx_bis_none_policy,
			umx_bis_nl_map_dump),
	UMX_BIS_NL_DUMP(UMX_BIS_CMD_STATS_GET, umx_bis_stats_policy,
			umx_bis_nl_stats_dump),
	UMX_BIS_NL_DO(UMX_BIS_CMD_EAM_ADD, umx_bis_eam_policy,
		      umx_bis_nl_eam_add),
	UMX_BIS_NL_DO(UMX_BIS_CMD_EAM_DEL, umx_bis_eam_policy,
		      umx_bis_nl_eam_del),
	UMX_BIS_NL_DUMP(UMX_BIS_CMD_EAM_GET, umx_bis_none_policy,
			umx_bis_nl_eam_dump),
	UMX_BIS_NL_DO(UMX_BIS_CMD_PREFIX_ADD, umx_bis_prefix_policy,
		      umx_bis_nl_prefix_add),
	UMX_BIS_NL_DO(UMX_BIS_CMD_PREFIX_DEL, umx_bis_prefix_policy,
		      umx_bis_nl_prefix_del),
	UMX_BIS_NL_DUMP(UMX_BIS_CMD_PREFIX_GET, umx_bis_none_policy,
			umx_bis_nl_prefix_dump),
	UMX_BIS_NL_DUMP(UMX_BIS_CMD_PORT_GET, umx_bis_none_policy,
			umx_bis_nl_port_dump),
};

static struct genl_family umx_bis_genl_family __ro_after_init = {
	.name = UMX_BIS_GENL_NAME,
	.version = UMX_BIS_GENL_VERSION,
	.module = THIS_MODULE,
	.netnsok = true,
	.parallel_ops = true,	/* each namespace has its own lock */
	.resv_start_op = 1,
	.ops = umx_bis_genl_ops,
	.n_ops = ARRAY_SIZE(umx_bis_genl_ops),
};

int __init umx_bis_netlink_setup(void)
{
	return genl_register_family(&umx_bis_genl_family);
}

void umx_bis_netlink_teardown(void)
{
	genl_unregister_family(&umx_bis_genl_family);
}
