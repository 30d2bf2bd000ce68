// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the commands about pools.
 */
#include "netlink.h"
#include "pool.h"

int umx_nl_pool_add(struct sk_buff *skb, struct genl_info *info)
{
	struct umx_net *un = umx_nl_net(info);
	struct umx_pool_config config = { };
	struct nlattr **a = info->attrs;
	int err;

	err = umx_nl_require(info, UMX_POOL_A_NAME, "a pool needs a name") ?:
	      umx_nl_require(info, UMX_POOL_A_PREFIX, "a pool needs a prefix") ?:
	      umx_nl_require(info, UMX_POOL_A_PLEN, "a prefix needs its length") ?:
	      umx_nl_device(info, UMX_POOL_A_IFINDEX, &config.ifindex);
	if (err)
		return err;

	config.name = nla_data(a[UMX_POOL_A_NAME]);
	config.prefix = nla_get_in6_addr(a[UMX_POOL_A_PREFIX]);
	config.plen = nla_get_u8(a[UMX_POOL_A_PLEN]);
	if (a[UMX_POOL_A_TYPE])
		config.type = nla_get_u8(a[UMX_POOL_A_TYPE]);
	if (a[UMX_POOL_A_GENERATOR])
		config.generator = nla_get_u8(a[UMX_POOL_A_GENERATOR]);
	else
		config.generator = config.plen > UMX_RANDOM_PLEN_MAX ?
				   UMX_GENERATOR_SEQUENTIAL :
				   UMX_GENERATOR_RANDOM;
	if (a[UMX_POOL_A_REJECT])
		config.reject = nla_get_u8(a[UMX_POOL_A_REJECT]);

	mutex_lock(&un->lock);
	err = umx_pool_add(un, &config, info->extack);
	if (!err)
		un->genid++;
	mutex_unlock(&un->lock);
	return err;
}

int umx_nl_pool_del(struct sk_buff *skb, struct genl_info *info)
{
	struct umx_net *un = umx_nl_net(info);
	struct nlattr **a = info->attrs;
	bool force = a[UMX_POOL_A_FORCE];
	int err;

	if (!a[UMX_POOL_A_NAME] == !a[UMX_POOL_A_FLUSH]) {
		GENL_SET_ERR_MSG(info, "say which pool, or flush for all");
		return -EINVAL;
	}
	mutex_lock(&un->lock);
	if (a[UMX_POOL_A_FLUSH])
		err = umx_pool_flush(un, force, info->extack);
	else
		err = umx_pool_del(un, nla_data(a[UMX_POOL_A_NAME]), force,
				   info->extack);
	un->genid++;
	mutex_unlock(&un->lock);
	return err;
}

static int umx_nl_pool_stats(struct sk_buff *skb, const struct umx_pool *pool)
{
	static const u8 attr[UMX_POOL_STAT_MAX] = {
		[UMX_POOL_TENTATIVE] = UMX_POOL_STAT_A_TENTATIVE,
		[UMX_POOL_UNCERTAIN] = UMX_POOL_STAT_A_UNCERTAIN,
		[UMX_POOL_VALID] = UMX_POOL_STAT_A_VALID,
		[UMX_POOL_CLOSING] = UMX_POOL_STAT_A_CLOSING,
		[UMX_POOL_DISPOSED] = UMX_POOL_STAT_A_DISPOSED,
		[UMX_POOL_EXHAUSTED] = UMX_POOL_STAT_A_EXHAUSTED,
		[UMX_POOL_DUPLICATES] = UMX_POOL_STAT_A_DUPLICATES,
		[UMX_POOL_DROPPED] = UMX_POOL_STAT_A_DROPPED,
	};
	struct nlattr *nest = nla_nest_start(skb, UMX_POOL_A_STATS);
	unsigned int i;

	if (!nest)
		return -EMSGSIZE;
	for (i = 0; i < UMX_POOL_STAT_MAX; i++)
		if (nla_put_u64_64bit(skb, attr[i], umx_pool_stat(pool, i),
				      UMX_POOL_STAT_A_PAD))
			return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int umx_nl_pool_put(struct sk_buff *skb, struct netlink_callback *cb,
			   const struct umx_pool *pool)
{
	void *hdr = umx_nl_dump_put(skb, cb, UMX_CMD_POOL_GET);

	if (!hdr)
		return -EMSGSIZE;
	if (nla_put_string(skb, UMX_POOL_A_NAME, pool->name) ||
	    nla_put_in6_addr(skb, UMX_POOL_A_PREFIX, &pool->prefix) ||
	    nla_put_u8(skb, UMX_POOL_A_PLEN, pool->plen) ||
	    nla_put_u8(skb, UMX_POOL_A_TYPE, pool->type) ||
	    nla_put_u8(skb, UMX_POOL_A_GENERATOR, pool->generator) ||
	    (pool->ifindex &&
	     nla_put_u32(skb, UMX_POOL_A_IFINDEX, pool->ifindex)) ||
	    nla_put_u8(skb, UMX_POOL_A_REJECT, pool->reject) ||
	    nla_put_u8(skb, UMX_POOL_A_DETACHED, pool->detached) ||
	    umx_nl_pool_stats(skb, pool)) {
		genlmsg_cancel(skb, hdr);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, hdr);
	return 0;
}

int umx_nl_pool_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct umx_net *un = umx_net(sock_net(skb->sk));
	struct umx_pool *pool;
	long i = 0;

	mutex_lock(&un->lock);
	cb->seq = un->genid;
	list_for_each_entry(pool, &un->pools, list) {
		if (i++ < cb->args[0])
			continue;
		if (umx_nl_pool_put(skb, cb, pool))
			break;
		cb->args[0] = i;
	}
	mutex_unlock(&un->lock);
	return skb->len;
}
