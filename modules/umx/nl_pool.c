// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the commands about pools.
 */
#include "attach.h"
#include "listed.h"
#include "netlink.h"
#include "onlink.h"
#include "pool.h"
#include "spent.h"

/* The longest message of a dump: a list that is full, and all the rest. */
#define UMX_NL_POOL_DUMP	(SZ_1K + UMX_POOL_LIST_MAX * \
				 nla_total_size(sizeof(struct in6_addr)))

/*
 * The key leaves the message, which is copied into the answer of a refused
 * request, and freed as it is.
 */
static void umx_nl_pool_take_key(struct nlattr *attr, u8 key[UMX_POOL_KEY_LEN])
{
	memcpy(key, nla_data(attr), UMX_POOL_KEY_LEN);
	memzero_explicit(nla_data(attr), UMX_POOL_KEY_LEN);
}

/* The addresses of a list; those that were used before are marked. */
static int umx_nl_pool_list(struct genl_info *info,
			    struct umx_pool_config *config)
{
	const struct nlattr *list = info->attrs[UMX_POOL_A_LIST], *nla;
	int rest;

	config->addrs = kmalloc_array(UMX_POOL_LIST_MAX,
				      sizeof(*config->addrs), GFP_KERNEL);
	if (!config->addrs)
		return -ENOMEM;
	nla_for_each_nested(nla, list, rest) {
		if (config->n_addrs == UMX_POOL_LIST_MAX) {
			NL_SET_ERR_MSG_ATTR(info->extack, list,
					    "a pool has at most 256 single addresses");
			return -E2BIG;
		}
		if (nla_type(nla) == UMX_POOL_LIST_A_USED)
			__set_bit(config->n_addrs, config->used);
		config->addrs[config->n_addrs++] = nla_get_in6_addr(nla);
	}
	if (config->n_addrs)
		return 0;
	NL_SET_ERR_MSG_ATTR(info->extack, list, "the list is empty");
	return -EINVAL;
}

/* What the pool draws from: a prefix, or a list. */
static int umx_nl_pool_source(struct genl_info *info,
			      struct umx_pool_config *config)
{
	struct nlattr **a = info->attrs;
	int err;

	if (a[UMX_POOL_A_LIST] && (a[UMX_POOL_A_PREFIX] || a[UMX_POOL_A_PLEN])) {
		NL_SET_ERR_MSG(info->extack, "a pool has a prefix or single addresses, not both");
		return -EINVAL;
	}
	if (a[UMX_POOL_A_LIST]) {
		config->type = UMX_POOL_ONLINK;
		config->generator = UMX_GENERATOR_LIST;
		return umx_nl_pool_list(info, config);
	}
	err = umx_nl_require(info, UMX_POOL_A_PREFIX, "a pool needs a prefix") ?:
	      umx_nl_require(info, UMX_POOL_A_PLEN, "a prefix needs its length");
	if (err)
		return err;
	config->generator = UMX_GENERATOR_TRACEABLE;
	config->prefix = nla_get_in6_addr(a[UMX_POOL_A_PREFIX]);
	config->plen = nla_get_u8(a[UMX_POOL_A_PLEN]);
	return 0;
}

int umx_nl_pool_add(struct sk_buff *skb, struct genl_info *info)
{
	struct umx_net *un = umx_nl_net(info);
	struct umx_pool_config config = { };
	struct nlattr **a = info->attrs;
	u8 key[UMX_POOL_KEY_LEN];
	int err;

	if (a[UMX_POOL_A_KEY]) {
		umx_nl_pool_take_key(a[UMX_POOL_A_KEY], key);
		config.key = key;
	}
	err = umx_nl_require(info, UMX_POOL_A_NAME, "a pool needs a name") ?:
	      umx_nl_pool_source(info, &config) ?:
	      umx_nl_device(info, UMX_POOL_A_IFINDEX, &config.ifindex);
	if (err)
		goto forget;

	config.name = nla_data(a[UMX_POOL_A_NAME]);
	if (a[UMX_POOL_A_TYPE])
		config.type = nla_get_u8(a[UMX_POOL_A_TYPE]);
	if (a[UMX_POOL_A_GENERATOR])
		config.generator = nla_get_u8(a[UMX_POOL_A_GENERATOR]);
	if (a[UMX_POOL_A_REJECT])
		config.reject = nla_get_u8(a[UMX_POOL_A_REJECT]);
	if (a[UMX_POOL_A_HOST])
		config.host = nla_get_u32(a[UMX_POOL_A_HOST]);
	if (a[UMX_POOL_A_READY])
		config.ready = nla_get_u32(a[UMX_POOL_A_READY]);
	else if (config.type == UMX_POOL_ONLINK && !a[UMX_POOL_A_LIST])
		config.ready = UMX_ONLINK_READY;
	if (a[UMX_POOL_A_FOLLOW])
		config.follow = nla_data(a[UMX_POOL_A_FOLLOW]);
	if (a[UMX_POOL_A_HOST_BITS])
		config.host_bits = nla_get_u8(a[UMX_POOL_A_HOST_BITS]);

	mutex_lock(&un->lock);
	err = umx_pool_add(un, &config, info->extack);
	if (!err)
		un->genid++;
	mutex_unlock(&un->lock);
forget:
	kfree(config.addrs);
	memzero_explicit(key, sizeof(key));
	return err;
}

int umx_nl_pool_reserve(struct sk_buff *skb, struct genl_info *info)
{
	struct umx_net *un = umx_nl_net(info);
	struct umx_window_config window;
	struct nlattr **a = info->attrs;
	int err;

	err = umx_nl_require(info, UMX_POOL_A_NAME, "say which pool") ?:
	      umx_nl_require(info, UMX_POOL_A_GENERATION, "a window needs a generation") ?:
	      umx_nl_require(info, UMX_POOL_A_START, "a window needs a start") ?:
	      umx_nl_require(info, UMX_POOL_A_END, "a window needs an end") ?:
	      umx_nl_require(info, UMX_POOL_A_EPOCH, "a window needs the epoch it was reserved in") ?:
	      umx_nl_require(info, UMX_POOL_A_KEY_ID, "a window needs the key it was reserved for");
	if (err)
		return err;
	window.generation = nla_get_u64(a[UMX_POOL_A_GENERATION]);
	window.start = nla_get_u64(a[UMX_POOL_A_START]);
	window.end = nla_get_u64(a[UMX_POOL_A_END]);
	window.epoch = nla_get_u64(a[UMX_POOL_A_EPOCH]);
	window.key_id = nla_get_u64(a[UMX_POOL_A_KEY_ID]);

	mutex_lock(&un->lock);
	err = umx_pool_reserve(un, nla_data(a[UMX_POOL_A_NAME]), &window,
			       info->extack);
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

static int umx_nl_pool_link(struct sk_buff *skb, const struct umx_pool *pool)
{
	u32 ifindex = READ_ONCE(pool->ifindex);

	if (ifindex && nla_put_u32(skb, UMX_POOL_A_IFINDEX, ifindex))
		return -EMSGSIZE;
	if (!pool->attach)
		return 0;
	if (!pool->onlink &&
	    nla_put_string(skb, UMX_POOL_A_FOLLOW, pool->attach->name))
		return -EMSGSIZE;
	if (pool->onlink && !pool->listed &&
	    nla_put_u32(skb, UMX_POOL_A_READY, pool->onlink->target))
		return -EMSGSIZE;
	return nla_put_u8(skb, UMX_POOL_A_ATTACHED, umx_attach_is(pool));
}

/* Those that are left, or those that were used. */
static int umx_nl_pool_addrs(struct sk_buff *skb,
			     const struct umx_listed *listed, bool used)
{
	const struct umx_spent *spent;
	u32 i;

	for (i = 0; i < listed->n; i++) {
		spent = listed->spent[i];
		if (umx_spent_used(spent) == used &&
		    nla_put_in6_addr(skb, used ? UMX_POOL_LIST_A_USED :
						 UMX_POOL_LIST_A_ADDRESS,
				     &spent->addr))
			return -EMSGSIZE;
	}
	return 0;
}

static int umx_nl_pool_source_put(struct sk_buff *skb,
				  const struct umx_pool *pool)
{
	const struct umx_listed *listed = pool->listed;
	struct nlattr *nest;

	if (!listed)
		return nla_put_in6_addr(skb, UMX_POOL_A_PREFIX,
					&pool->prefix) ||
		       nla_put_u8(skb, UMX_POOL_A_PLEN, pool->plen);
	nest = nla_nest_start(skb, UMX_POOL_A_LIST);
	if (!nest ||
	    nla_put_u32(skb, UMX_POOL_LIST_A_LEFT, umx_listed_left(listed)) ||
	    umx_nl_pool_addrs(skb, listed, false) ||
	    umx_nl_pool_addrs(skb, listed, true))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

/* All but the key. */
static int umx_nl_pool_trace(struct sk_buff *skb, struct umx_pool *pool)
{
	const struct umx_trace *trace = &pool->trace;
	struct umx_window_config left;

	if (pool->generator != UMX_GENERATOR_TRACEABLE)
		return 0;
	umx_window_get(pool, &left);
	if (trace->keyed &&
	    nla_put_u64_64bit(skb, UMX_POOL_A_KEY_ID, trace->places.key_id,
			      UMX_POOL_A_PAD))
		return -EMSGSIZE;
	if (nla_put_u32(skb, UMX_POOL_A_HOST, trace->host) ||
	    nla_put_u8(skb, UMX_POOL_A_HOST_BITS, trace->places.host_bits) ||
	    nla_put_u64_64bit(skb, UMX_POOL_A_GENERATION, left.generation,
			      UMX_POOL_A_PAD) ||
	    nla_put_u64_64bit(skb, UMX_POOL_A_NEXT, left.start,
			      UMX_POOL_A_PAD) ||
	    nla_put_u64_64bit(skb, UMX_POOL_A_END, left.end, UMX_POOL_A_PAD))
		return -EMSGSIZE;
	return 0;
}

static int umx_nl_pool_put(struct sk_buff *skb, struct netlink_callback *cb,
			   struct umx_pool *pool)
{
	void *hdr = umx_nl_dump_put(skb, cb, UMX_CMD_POOL_GET);

	if (!hdr)
		return -EMSGSIZE;
	if (nla_put_string(skb, UMX_POOL_A_NAME, pool->name) ||
	    umx_nl_pool_source_put(skb, pool) ||
	    nla_put_u8(skb, UMX_POOL_A_TYPE, pool->type) ||
	    nla_put_u8(skb, UMX_POOL_A_GENERATOR, pool->generator) ||
	    umx_nl_pool_link(skb, pool) ||
	    nla_put_u8(skb, UMX_POOL_A_REJECT, pool->reject) ||
	    nla_put_u8(skb, UMX_POOL_A_DETACHED, pool->detached) ||
	    umx_nl_pool_trace(skb, pool) ||
	    umx_nl_pool_stats(skb, pool)) {
		genlmsg_cancel(skb, hdr);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, hdr);
	return 0;
}

/* Room for the longest message, however small a reader's buffer was so far. */
int umx_nl_pool_start(struct netlink_callback *cb)
{
	cb->min_dump_alloc = UMX_NL_POOL_DUMP;
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
