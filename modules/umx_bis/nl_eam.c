// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the router's commands of the family "umx_bis": mappings and
 * the prefix.
 */
#include <net/sock.h>
#include "eam.h"
#include "netns.h"
#include "nl_eam.h"

/* What is not listed is refused. */
const struct nla_policy umx_bis_eam_policy[UMX_BIS_EAM_A_PLEN6 + 1] = {
	[UMX_BIS_EAM_A_PREFIX4] = NLA_POLICY_EXACT_LEN(sizeof(__be32)),
	[UMX_BIS_EAM_A_PLEN4] = NLA_POLICY_MAX(NLA_U8, 32),
	[UMX_BIS_EAM_A_PREFIX6] = NLA_POLICY_EXACT_LEN(sizeof(struct in6_addr)),
	[UMX_BIS_EAM_A_PLEN6] = NLA_POLICY_MAX(NLA_U8, 128),
};

const struct nla_policy umx_bis_prefix_policy[UMX_BIS_PREFIX_A_PLEN + 1] = {
	[UMX_BIS_PREFIX_A_PREFIX] =
		NLA_POLICY_EXACT_LEN(sizeof(struct in6_addr)),
	[UMX_BIS_PREFIX_A_PLEN] = NLA_POLICY_MAX(NLA_U8, 128),
};

/* A prefix is both of its attributes, or none: 0, 1 or -EINVAL. */
static int umx_bis_nl_prefix_get(struct genl_info *info, int addr, int plen,
				 void *to, size_t size, u8 *len)
{
	struct nlattr **attrs = info->attrs;

	if (!attrs[addr] != !attrs[plen]) {
		NL_SET_ERR_MSG(info->extack, "a prefix is an address and a length");
		return -EINVAL;
	}
	if (!attrs[addr])
		return 0;
	nla_memcpy(to, attrs[addr], size);
	*len = nla_get_u8(attrs[plen]);
	return 1;
}

/* --- mappings --- */

static int umx_bis_nl_eam_prefix4(struct genl_info *info,
				  struct umx_bis_prefix4 *prefix4)
{
	return umx_bis_nl_prefix_get(info, UMX_BIS_EAM_A_PREFIX4,
				     UMX_BIS_EAM_A_PLEN4, prefix4->addr,
				     sizeof(prefix4->addr), &prefix4->len);
}

static int umx_bis_nl_eam_prefix6(struct genl_info *info,
				  struct umx_bis_prefix6 *prefix6)
{
	return umx_bis_nl_prefix_get(info, UMX_BIS_EAM_A_PREFIX6,
				     UMX_BIS_EAM_A_PLEN6, &prefix6->addr,
				     sizeof(prefix6->addr), &prefix6->len);
}

/* Either may be missing, which *@has4 or *@has6 says. */
static int umx_bis_nl_eam_prefixes(struct genl_info *info,
				   struct umx_bis_prefix4 *prefix4, int *has4,
				   struct umx_bis_prefix6 *prefix6, int *has6)
{
	*has4 = umx_bis_nl_eam_prefix4(info, prefix4);
	if (*has4 < 0)
		return *has4;
	*has6 = umx_bis_nl_eam_prefix6(info, prefix6);
	return min(*has6, 0);
}

int umx_bis_nl_eam_add(struct sk_buff *skb, struct genl_info *info)
{
	struct umx_bis_net *bn = umx_bis_net(genl_info_net(info));
	struct umx_bis_prefix4 prefix4;
	struct umx_bis_prefix6 prefix6;
	int has4, has6, err;

	err = umx_bis_nl_eam_prefixes(info, &prefix4, &has4, &prefix6, &has6);
	if (err)
		return err;
	if (!has4 || !has6) {
		NL_SET_ERR_MSG(info->extack, "a mapping is an IPv4 prefix and an IPv6 prefix");
		return -EINVAL;
	}
	mutex_lock(&bn->lock);
	err = umx_bis_eam_add(bn, &prefix4, &prefix6, info->extack);
	mutex_unlock(&bn->lock);
	return err;
}

int umx_bis_nl_eam_del(struct sk_buff *skb, struct genl_info *info)
{
	struct umx_bis_net *bn = umx_bis_net(genl_info_net(info));
	struct umx_bis_prefix4 prefix4;
	struct umx_bis_prefix6 prefix6;
	int has4, has6, err;

	err = umx_bis_nl_eam_prefixes(info, &prefix4, &has4, &prefix6, &has6);
	if (err)
		return err;
	if (!has4) {
		NL_SET_ERR_MSG(info->extack, "which mapping: its IPv4 prefix is missing");
		return -EINVAL;
	}
	mutex_lock(&bn->lock);
	err = umx_bis_eam_del(bn, &prefix4, has6 ? &prefix6 : NULL,
			      info->extack);
	mutex_unlock(&bn->lock);
	return err;
}

static int umx_bis_nl_eam_put(struct sk_buff *skb, struct netlink_callback *cb,
			      const struct umx_bis_eam *eam)
{
	void *hdr = umx_bis_nl_dump_put(skb, cb, UMX_BIS_CMD_EAM_GET);

	if (!hdr)
		return -EMSGSIZE;
	if (nla_put(skb, UMX_BIS_EAM_A_PREFIX4, sizeof(eam->prefix4.addr),
		    eam->prefix4.addr) ||
	    nla_put_u8(skb, UMX_BIS_EAM_A_PLEN4, eam->prefix4.len) ||
	    nla_put_in6_addr(skb, UMX_BIS_EAM_A_PREFIX6, &eam->prefix6.addr) ||
	    nla_put_u8(skb, UMX_BIS_EAM_A_PLEN6, eam->prefix6.len)) {
		genlmsg_cancel(skb, hdr);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, hdr);
	return 0;
}

int umx_bis_nl_eam_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct umx_bis_net *bn = umx_bis_net(sock_net(skb->sk));
	const struct umx_bis_eam *eam;
	long i = 0;

	mutex_lock(&bn->lock);
	cb->seq = READ_ONCE(bn->genid);
	list_for_each_entry(eam, &bn->eams.list, list) {
		if (i >= cb->args[0]) {
			if (umx_bis_nl_eam_put(skb, cb, eam))
				break;
			cb->args[0] = i + 1;
		}
		i++;
	}
	mutex_unlock(&bn->lock);
	return skb->len;
}

/* --- the prefix --- */

static int umx_bis_nl_embedding(struct genl_info *info,
				struct umx_bis_prefix6 *prefix)
{
	return umx_bis_nl_prefix_get(info, UMX_BIS_PREFIX_A_PREFIX,
				     UMX_BIS_PREFIX_A_PLEN, &prefix->addr,
				     sizeof(prefix->addr), &prefix->len);
}

int umx_bis_nl_prefix_add(struct sk_buff *skb, struct genl_info *info)
{
	struct umx_bis_net *bn = umx_bis_net(genl_info_net(info));
	struct umx_bis_prefix6 prefix;
	int has, err;

	has = umx_bis_nl_embedding(info, &prefix);
	if (has < 0)
		return has;
	if (!has) {
		NL_SET_ERR_MSG(info->extack, "which prefix: it is missing");
		return -EINVAL;
	}
	mutex_lock(&bn->lock);
	err = umx_bis_eam_prefix_add(bn, &prefix, info->extack);
	mutex_unlock(&bn->lock);
	return err;
}

int umx_bis_nl_prefix_del(struct sk_buff *skb, struct genl_info *info)
{
	struct umx_bis_net *bn = umx_bis_net(genl_info_net(info));
	struct umx_bis_prefix6 prefix;
	int has, err;

	has = umx_bis_nl_embedding(info, &prefix);
	if (has < 0)
		return has;
	mutex_lock(&bn->lock);
	err = umx_bis_eam_prefix_del(bn, has ? &prefix : NULL, info->extack);
	mutex_unlock(&bn->lock);
	return err;
}

static int umx_bis_nl_prefix_put(struct sk_buff *skb,
				 struct netlink_callback *cb,
				 const struct umx_bis_prefix6 *prefix)
{
	void *hdr = umx_bis_nl_dump_put(skb, cb, UMX_BIS_CMD_PREFIX_GET);

	if (!hdr)
		return -EMSGSIZE;
	if (nla_put_in6_addr(skb, UMX_BIS_PREFIX_A_PREFIX, &prefix->addr) ||
	    nla_put_u8(skb, UMX_BIS_PREFIX_A_PLEN, prefix->len)) {
		genlmsg_cancel(skb, hdr);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, hdr);
	return 0;
}

int umx_bis_nl_prefix_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct umx_bis_net *bn = umx_bis_net(sock_net(skb->sk));
	const struct umx_bis_embedding *embedding;

	mutex_lock(&bn->lock);
	cb->seq = READ_ONCE(bn->genid);
	embedding = rcu_dereference_protected(bn->eams.embedding,
					      lockdep_is_held(&bn->lock));
	if (embedding && !cb->args[0] &&
	    !umx_bis_nl_prefix_put(skb, cb, &embedding->prefix))
		cb->args[0] = 1;
	mutex_unlock(&bn->lock);
	return skb->len;
}
