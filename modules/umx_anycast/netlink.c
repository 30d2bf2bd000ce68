// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the genl family "umx_anycast": which attributes each command
 * takes, and what it does.
 */
#include <linux/umx_anycast.h>
#include <net/genetlink.h>
#include <net/ipv6.h>
#include <net/sock.h>
#include <umx/compat.h>
#include "mib.h"
#include "netlink.h"
#include "netns.h"
#include "rule.h"

static struct genl_family umx_anycast_genl_family;

/* What is not listed is refused. */
static const struct nla_policy
umx_anycast_rule_policy[UMX_ANYCAST_A_ADDRESS + 1] = {
	[UMX_ANYCAST_A_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[UMX_ANYCAST_A_ADDRESS] = NLA_POLICY_EXACT_LEN(sizeof(struct in6_addr)),
};

static const struct nla_policy umx_anycast_none_policy[2] = {
	[1] = { .type = NLA_REJECT },
};

static const struct nla_policy
umx_anycast_stats_policy[UMX_ANYCAST_STATS_A_VERBOSE + 1] = {
	[UMX_ANYCAST_STATS_A_VERBOSE] = { .type = NLA_FLAG },
};

static int umx_anycast_nl_rule(struct genl_info *info, u32 *ifindex,
			       struct in6_addr *addr)
{
	struct nlattr *dev = info->attrs[UMX_ANYCAST_A_IFINDEX];
	struct nlattr *to = info->attrs[UMX_ANYCAST_A_ADDRESS];

	*ifindex = dev ? nla_get_u32(dev) : 0;
	*addr = to ? nla_get_in6_addr(to) : in6addr_any;
	if (!to || (ipv6_addr_type(addr) & IPV6_ADDR_UNICAST &&
		    !ipv6_addr_loopback(addr)))
		return 0;
	NL_SET_ERR_MSG_ATTR(info->extack, to,
			    "an anycast address looks like a unicast one: neither multicast nor loopback, unspecified or IPv4-mapped");
	return -EINVAL;
}

static int umx_anycast_nl_on(struct sk_buff *skb, struct genl_info *info)
{
	struct umx_anycast_net *an = umx_anycast_net(genl_info_net(info));
	struct in6_addr addr;
	u32 ifindex;
	int err;

	err = umx_anycast_nl_rule(info, &ifindex, &addr);
	if (err)
		return err;
	mutex_lock(&an->lock);
	err = umx_anycast_rule_add(an, ifindex, &addr, info->extack);
	mutex_unlock(&an->lock);
	return err;
}

static int umx_anycast_nl_off(struct sk_buff *skb, struct genl_info *info)
{
	struct umx_anycast_net *an = umx_anycast_net(genl_info_net(info));
	struct in6_addr addr;
	u32 ifindex;
	int err;

	err = umx_anycast_nl_rule(info, &ifindex, &addr);
	if (err)
		return err;
	mutex_lock(&an->lock);
	if (ifindex || !ipv6_addr_any(&addr))
		err = umx_anycast_rule_del(an, ifindex, &addr, info->extack);
	else
		umx_anycast_rule_flush(an);
	mutex_unlock(&an->lock);
	return err;
}

/* Begin one message of a dump; NULL if the buffer is full. */
static void *umx_anycast_nl_dump_put(struct sk_buff *skb,
				     struct netlink_callback *cb, u8 cmd)
{
	void *hdr = genlmsg_put(skb, NETLINK_CB(cb->skb).portid,
				cb->nlh->nlmsg_seq, &umx_anycast_genl_family,
				NLM_F_MULTI, cmd);

	if (hdr)
		genl_dump_check_consistent(cb, hdr);
	return hdr;
}

static int umx_anycast_nl_put(struct sk_buff *skb, struct netlink_callback *cb,
			      const struct umx_anycast_rule *rule)
{
	void *hdr = umx_anycast_nl_dump_put(skb, cb, UMX_ANYCAST_CMD_GET);
	bool any = ipv6_addr_any(&rule->addr);

	if (!hdr)
		return -EMSGSIZE;
	if ((rule->ifindex &&
	     nla_put_u32(skb, UMX_ANYCAST_A_IFINDEX, rule->ifindex)) ||
	    (!any &&
	     nla_put_in6_addr(skb, UMX_ANYCAST_A_ADDRESS, &rule->addr)) ||
	    (!rule->ifindex && any && nla_put_flag(skb, UMX_ANYCAST_A_ALL))) {
		genlmsg_cancel(skb, hdr);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, hdr);
	return 0;
}

static int umx_anycast_nl_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct umx_anycast_net *an = umx_anycast_net(sock_net(skb->sk));
	struct umx_anycast_rule *rule;
	long i = 0;

	mutex_lock(&an->lock);
	cb->seq = an->genid;
	list_for_each_entry(rule, &an->rules, list) {
		if (i >= cb->args[0]) {
			if (umx_anycast_nl_put(skb, cb, rule))
				break;
			cb->args[0] = i + 1;
		}
		i++;
	}
	mutex_unlock(&an->lock);
	return skb->len;
}

static int umx_anycast_nl_stats_put(struct sk_buff *skb,
				    struct netlink_callback *cb,
				    const struct umx_anycast_net *an,
				    enum umx_anycast_mib id, bool explain)
{
	void *hdr = umx_anycast_nl_dump_put(skb, cb, UMX_ANYCAST_CMD_STATS_GET);

	if (!hdr)
		return -EMSGSIZE;
	if (nla_put_string(skb, UMX_ANYCAST_STATS_A_NAME,
			   umx_anycast_mib_name(id)) ||
	    nla_put_u64_64bit(skb, UMX_ANYCAST_STATS_A_VALUE,
			      umx_anycast_mib_read(an, id),
			      UMX_ANYCAST_STATS_A_PAD) ||
	    (explain && nla_put_string(skb, UMX_ANYCAST_STATS_A_EXPLAIN,
				       umx_anycast_mib_explain(id)))) {
		genlmsg_cancel(skb, hdr);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, hdr);
	return 0;
}

static int umx_anycast_nl_stats_dump(struct sk_buff *skb,
				     struct netlink_callback *cb)
{
	bool explain = umx_genl_dump_attrs(cb)[UMX_ANYCAST_STATS_A_VERBOSE];
	struct umx_anycast_net *an = umx_anycast_net(sock_net(skb->sk));

	while (cb->args[0] < UMX_ANYCAST_MIB_MAX &&
	       !umx_anycast_nl_stats_put(skb, cb, an, cb->args[0], explain))
		cb->args[0]++;
	return skb->len;
}

static const struct genl_ops umx_anycast_genl_ops[] = {
	{
		.cmd = UMX_ANYCAST_CMD_ON,
		.flags = GENL_UNS_ADMIN_PERM,
		.policy = umx_anycast_rule_policy,
		.maxattr = ARRAY_SIZE(umx_anycast_rule_policy) - 1,
		.doit = umx_anycast_nl_on,
	},
	{
		.cmd = UMX_ANYCAST_CMD_OFF,
		.flags = GENL_UNS_ADMIN_PERM,
		.policy = umx_anycast_rule_policy,
		.maxattr = ARRAY_SIZE(umx_anycast_rule_policy) - 1,
		.doit = umx_anycast_nl_off,
	},
	{
		.cmd = UMX_ANYCAST_CMD_GET,
		.flags = GENL_UNS_ADMIN_PERM,
		.policy = umx_anycast_none_policy,
		.maxattr = ARRAY_SIZE(umx_anycast_none_policy) - 1,
		.dumpit = umx_anycast_nl_dump,
	},
	{
		.cmd = UMX_ANYCAST_CMD_STATS_GET,
		.flags = GENL_UNS_ADMIN_PERM,
		.policy = umx_anycast_stats_policy,
		.maxattr = ARRAY_SIZE(umx_anycast_stats_policy) - 1,
		.dumpit = umx_anycast_nl_stats_dump,
	},
};

static struct genl_family umx_anycast_genl_family __ro_after_init = {
	.name = UMX_ANYCAST_GENL_NAME,
	.version = UMX_ANYCAST_GENL_VERSION,
	.module = THIS_MODULE,
	.netnsok = true,
	.parallel_ops = true,	/* each namespace has its own lock */
	.resv_start_op = 1,
	.ops = umx_anycast_genl_ops,
	.n_ops = ARRAY_SIZE(umx_anycast_genl_ops),
};

int __init umx_anycast_netlink_setup(void)
{
	return genl_register_family(&umx_anycast_genl_family);
}

void umx_anycast_netlink_teardown(void)
{
	genl_unregister_family(&umx_anycast_genl_family);
}
