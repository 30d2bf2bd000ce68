// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the commands about rules that close the ports of servers.
 */
#include "listen_rule.h"
#include "netlink.h"

static const struct umx_nl_who_attrs umx_nl_listen_rule_who = {
	.uid = UMX_LISTEN_RULE_A_UID,
	.uid_end = UMX_LISTEN_RULE_A_UID_END,
	.cgroup = UMX_LISTEN_RULE_A_CGROUP,
	.cgroup_gone = UMX_LISTEN_RULE_A_CGROUP_GONE,
};

static int umx_nl_listen_rule_config(struct genl_info *info,
				     struct umx_listen_rule_config *config)
{
	struct umx_listener_config *port = &config->port;
	struct nlattr **a = info->attrs;

	memset(config, 0, sizeof(*config));
	config->index = U32_MAX;
	port->ipv4 = -1;
	port->local = -1;
	port->half_open = -1;
	port->cookie_rate = -1;
	if (a[UMX_LISTEN_RULE_A_INDEX])
		config->index = nla_get_u32(a[UMX_LISTEN_RULE_A_INDEX]);
	if (a[UMX_LISTEN_RULE_A_MODE])
		port->mode = nla_get_u8(a[UMX_LISTEN_RULE_A_MODE]);
	if (a[UMX_LISTEN_RULE_A_PORT])
		port->port = nla_get_u16(a[UMX_LISTEN_RULE_A_PORT]);
	if (a[UMX_LISTEN_RULE_A_POOL])
		port->pool = nla_data(a[UMX_LISTEN_RULE_A_POOL]);
	if (a[UMX_LISTEN_RULE_A_IPV4])
		port->ipv4 = nla_get_u8(a[UMX_LISTEN_RULE_A_IPV4]);
	if (a[UMX_LISTEN_RULE_A_LOCAL])
		port->local = nla_get_u8(a[UMX_LISTEN_RULE_A_LOCAL]);
	if (a[UMX_LISTEN_RULE_A_HALF_OPEN])
		port->half_open = nla_get_u8(a[UMX_LISTEN_RULE_A_HALF_OPEN]);
	if (a[UMX_LISTEN_RULE_A_COOKIE_RATE])
		port->cookie_rate =
			nla_get_u32(a[UMX_LISTEN_RULE_A_COOKIE_RATE]);
	return umx_nl_who_read(info, &umx_nl_listen_rule_who, &config->who);
}

int umx_nl_listen_rule_add(struct sk_buff *skb, struct genl_info *info)
{
	struct umx_net *un = umx_nl_net(info);
	struct umx_listen_rule_config config;
	int err;

	err = umx_nl_require(info, UMX_LISTEN_RULE_A_MODE,
			     "a rule says which mode ports get");
	if (err)
		return err;
	err = umx_nl_listen_rule_config(info, &config);
	if (err)
		return err;
	mutex_lock(&un->lock);
	err = umx_listen_rule_add(un, &config, info->extack);
	un->genid++;
	mutex_unlock(&un->lock);
	return err;
}

int umx_nl_listen_rule_del(struct sk_buff *skb, struct genl_info *info)
{
	bool flush = info->attrs[UMX_LISTEN_RULE_A_FLUSH];
	struct umx_net *un = umx_nl_net(info);
	struct umx_listen_rule_config config;
	int err;

	err = umx_nl_listen_rule_config(info, &config);
	if (err)
		return err;
	if (flush + (config.index != U32_MAX) +
	    !!info->attrs[UMX_LISTEN_RULE_A_MODE] != 1) {
		GENL_SET_ERR_MSG(info, "say which rule: its index, or its mode and what else it says, or flush for all");
		return -EINVAL;
	}
	mutex_lock(&un->lock);
	if (flush)
		umx_listen_rule_flush(un);
	else
		err = umx_listen_rule_del(un, &config, info->extack);
	un->genid++;
	mutex_unlock(&un->lock);
	return err;
}

/* What ports get by the rule; what was not given is as it is by hand. */
static int umx_nl_listen_rule_put_port(struct sk_buff *skb,
				       const struct umx_listener_config *port)
{
	return nla_put_u8(skb, UMX_LISTEN_RULE_A_MODE, port->mode) ||
	       (port->pool[0] &&
		nla_put_string(skb, UMX_LISTEN_RULE_A_POOL, port->pool)) ||
	       (port->port &&
		nla_put_u16(skb, UMX_LISTEN_RULE_A_PORT, port->port)) ||
	       (port->ipv4 >= 0 &&
		nla_put_u8(skb, UMX_LISTEN_RULE_A_IPV4, port->ipv4)) ||
	       (port->local >= 0 &&
		nla_put_u8(skb, UMX_LISTEN_RULE_A_LOCAL, port->local)) ||
	       (port->half_open >= 0 &&
		nla_put_u8(skb, UMX_LISTEN_RULE_A_HALF_OPEN,
			   port->half_open)) ||
	       (port->cookie_rate >= 0 &&
		nla_put_u32(skb, UMX_LISTEN_RULE_A_COOKIE_RATE,
			    port->cookie_rate));
}

static u64 umx_nl_listen_rule_hits(struct umx_net *un,
				   const struct umx_listen_rule *rule)
{
	u64 hits;

	spin_lock_bh(&un->ports_lock);
	hits = rule->hits;
	spin_unlock_bh(&un->ports_lock);
	return hits;
}

static int umx_nl_listen_rule_put(struct sk_buff *skb,
				  struct netlink_callback *cb,
				  struct umx_net *un,
				  const struct umx_listen_rule *rule, u32 index)
{
	void *hdr = umx_nl_dump_put(skb, cb, UMX_CMD_LISTEN_RULE_GET);

	if (!hdr)
		return -EMSGSIZE;
	if (nla_put_u32(skb, UMX_LISTEN_RULE_A_INDEX, index) ||
	    umx_nl_listen_rule_put_port(skb, &rule->port) ||
	    umx_nl_who_put(skb, &umx_nl_listen_rule_who, &rule->who) ||
	    nla_put_u64_64bit(skb, UMX_LISTEN_RULE_A_HITS,
			      umx_nl_listen_rule_hits(un, rule),
			      UMX_LISTEN_RULE_A_PAD)) {
		genlmsg_cancel(skb, hdr);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, hdr);
	return 0;
}

int umx_nl_listen_rule_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct umx_net *un = umx_net(sock_net(skb->sk));
	struct umx_listen_rule *rule;
	long i = 0;

	mutex_lock(&un->lock);
	cb->seq = un->genid;
	list_for_each_entry(rule, &un->listen_rules, list) {
		if (i >= cb->args[0]) {
			if (umx_nl_listen_rule_put(skb, cb, un, rule, i))
				break;
			cb->args[0] = i + 1;
		}
		i++;
	}
	mutex_unlock(&un->lock);
	return skb->len;
}
