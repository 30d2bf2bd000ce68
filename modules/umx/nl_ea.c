// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the commands about EA rules.
 */
#include "netlink.h"
#include "rule.h"

static const struct umx_nl_who_attrs umx_nl_ea_who = {
	.uid = UMX_EA_A_UID,
	.uid_end = UMX_EA_A_UID_END,
	.cgroup = UMX_EA_A_CGROUP,
	.cgroup_gone = UMX_EA_A_CGROUP_GONE,
};

static int umx_nl_ea_config(struct genl_info *info,
			    struct umx_rule_config *config)
{
	struct nlattr **a = info->attrs;

	memset(config, 0, sizeof(*config));
	config->index = U32_MAX;
	if (a[UMX_EA_A_INDEX])
		config->index = nla_get_u32(a[UMX_EA_A_INDEX]);
	if (a[UMX_EA_A_POOL])
		config->pool = nla_data(a[UMX_EA_A_POOL]);
	config->legacy = a[UMX_EA_A_LEGACY];
	config->fallback = a[UMX_EA_A_FALLBACK];
	if (a[UMX_EA_A_PROTO])
		config->proto = nla_get_u8(a[UMX_EA_A_PROTO]);
	if (!a[UMX_EA_A_TO] != !a[UMX_EA_A_TO_PLEN]) {
		GENL_SET_ERR_MSG(info, "a destination is a prefix and its length");
		return -EINVAL;
	}
	if (a[UMX_EA_A_TO]) {
		config->to = nla_get_in6_addr(a[UMX_EA_A_TO]);
		config->to_plen = nla_get_u8(a[UMX_EA_A_TO_PLEN]);
	}
	return umx_nl_who_read(info, &umx_nl_ea_who, &config->who);
}

int umx_nl_ea_add(struct sk_buff *skb, struct genl_info *info)
{
	struct umx_net *un = umx_nl_net(info);
	struct umx_rule_config config;
	int err;

	err = umx_nl_ea_config(info, &config);
	if (err)
		return err;
	mutex_lock(&un->lock);
	err = umx_rule_add(un, &config, info->extack);
	un->genid++;
	mutex_unlock(&un->lock);
	return err;
}

int umx_nl_ea_del(struct sk_buff *skb, struct genl_info *info)
{
	struct umx_net *un = umx_nl_net(info);
	struct umx_rule_config config;
	bool flush = info->attrs[UMX_EA_A_FLUSH];
	int err;

	err = umx_nl_ea_config(info, &config);
	if (err)
		return err;
	if (flush + (config.index != U32_MAX) +
	    (config.pool || config.legacy) != 1) {
		GENL_SET_ERR_MSG(info, "say which rule: its index, or its pool or legacy, or flush for all");
		return -EINVAL;
	}
	mutex_lock(&un->lock);
	if (flush)
		umx_rule_flush(un);
	else
		err = umx_rule_del(un, &config, info->extack);
	un->genid++;
	mutex_unlock(&un->lock);
	return err;
}

static int umx_nl_ea_put(struct sk_buff *skb, struct netlink_callback *cb,
			 const struct umx_rule *rule, u32 index)
{
	void *hdr = umx_nl_dump_put(skb, cb, UMX_CMD_EA_GET);

	if (!hdr)
		return -EMSGSIZE;
	if (nla_put_u32(skb, UMX_EA_A_INDEX, index) ||
	    nla_put_in6_addr(skb, UMX_EA_A_TO, &rule->to) ||
	    nla_put_u8(skb, UMX_EA_A_TO_PLEN, rule->to_plen) ||
	    (rule->legacy && nla_put_flag(skb, UMX_EA_A_LEGACY)) ||
	    (!rule->legacy &&
	     nla_put_string(skb, UMX_EA_A_POOL, rule->pool_name)) ||
	    umx_nl_who_put(skb, &umx_nl_ea_who, &rule->who) ||
	    (rule->fallback && nla_put_flag(skb, UMX_EA_A_FALLBACK)) ||
	    nla_put_u8(skb, UMX_EA_A_PROTO, rule->proto) ||
	    nla_put_u64_64bit(skb, UMX_EA_A_HITS, atomic64_read(&rule->hits),
			      UMX_EA_A_PAD)) {
		genlmsg_cancel(skb, hdr);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, hdr);
	return 0;
}

int umx_nl_ea_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct umx_net *un = umx_net(sock_net(skb->sk));
	struct umx_rule *rule;
	long i = 0;

	mutex_lock(&un->lock);
	cb->seq = un->genid;
	list_for_each_entry(rule, &un->rules, list) {
		if (i >= cb->args[0]) {
			if (umx_nl_ea_put(skb, cb, rule, i))
				break;
			cb->args[0] = i + 1;
		}
		i++;
	}
	mutex_unlock(&un->lock);
	return skb->len;
}
