// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the commands that make and dispose SSAs.
 */
#include "address.h"
#include "auto.h"
#include "netlink.h"
#include "pool.h"
#include "socks.h"
#include "ssa.h"

static int umx_nl_ssa_config(struct genl_info *info,
			     struct umx_ssa_config *config,
			     struct in6_addr *given)
{
	struct nlattr **a = info->attrs;

	if (!a[UMX_SSA_A_FROM] != !a[UMX_SSA_A_FROM_PLEN]) {
		GENL_SET_ERR_MSG(info, "clients are a prefix and its length");
		return -EINVAL;
	}
	config->uid = current_euid();
	config->lifetime = UMX_SSA_LIFETIME;
	if (a[UMX_SSA_A_LIFETIME])
		config->lifetime = nla_get_u32(a[UMX_SSA_A_LIFETIME]);
	if (!config->lifetime || config->lifetime > UMX_SSA_LIFETIME_MAX) {
		GENL_SET_ERR_MSG(info, "a lifetime is 1 to 604800 seconds");
		return -ERANGE;
	}
	if (a[UMX_SSA_A_PORT])
		config->port = nla_get_u16(a[UMX_SSA_A_PORT]);
	if (a[UMX_SSA_A_POOL])
		config->pool = nla_data(a[UMX_SSA_A_POOL]);
	if (a[UMX_SSA_A_ADDRESS]) {
		*given = nla_get_in6_addr(a[UMX_SSA_A_ADDRESS]);
		config->addr = given;
	}
	if (a[UMX_SSA_A_FROM]) {
		config->from = nla_get_in6_addr(a[UMX_SSA_A_FROM]);
		config->from_plen = nla_get_u8(a[UMX_SSA_A_FROM_PLEN]);
	}
	return umx_nl_device(info, UMX_SSA_A_IFINDEX, &config->ifindex);
}

static int umx_nl_ssa_reply(struct sk_buff *msg, void *hdr,
			    struct genl_info *info,
			    const struct umx_addr *addr, u32 lifetime)
{
	if (nla_put_in6_addr(msg, UMX_SSA_A_ADDRESS, &addr->addr) ||
	    nla_put_u16(msg, UMX_SSA_A_PORT, addr->port) ||
	    nla_put_string(msg, UMX_SSA_A_POOL, addr->pool->name) ||
	    nla_put_u32(msg, UMX_SSA_A_LIFETIME, lifetime)) {
		nlmsg_free(msg);
		return -EMSGSIZE;
	}
	genlmsg_end(msg, hdr);
	return genlmsg_reply(msg, info);
}

int umx_nl_ssa_add(struct sk_buff *skb, struct genl_info *info)
{
	struct umx_net *un = umx_nl_net(info);
	struct umx_ssa_config config = { };
	struct umx_addr *addr;
	struct in6_addr given;
	struct sk_buff *msg;
	void *hdr;
	int err;

	if (!info->attrs[UMX_SSA_A_PORT] && !info->attrs[UMX_SSA_A_PID]) {
		GENL_SET_ERR_MSG(info, "say whose SSA it is: a port or a process");
		return -EINVAL;
	}
	err = umx_nl_ssa_config(info, &config, &given);
	if (err)
		return err;
	config.owner = umx_nl_pid(info, UMX_SSA_A_PID);
	if (IS_ERR(config.owner))
		return PTR_ERR(config.owner);

	err = -ENOMEM;
	msg = umx_nl_reply(info, &hdr);	/* nothing fails after the SSA is made */
	if (!msg)
		goto put_pid;
	if (config.owner) {
		config.socks = umx_socks_of_pid(un->net, config.owner,
						config.port, info->extack);
		if (IS_ERR(config.socks)) {
			err = PTR_ERR(config.socks);
			goto free_msg;
		}
		err = umx_socks_port(config.socks, info->extack);
		if (err < 0)
			goto put_socks;
		config.port = err;
	}

	mutex_lock(&un->lock);
	addr = umx_ssa_add(un, &config, info->extack);
	mutex_unlock(&un->lock);
	if (IS_ERR(addr)) {
		err = PTR_ERR(addr);
		goto put_socks;
	}
	err = umx_nl_ssa_reply(msg, hdr, info, addr, config.lifetime);
	msg = NULL;
	umx_addr_put(addr);

put_socks:
	if (config.socks)
		umx_socks_put(config.socks);
free_msg:
	nlmsg_free(msg);
put_pid:
	put_pid(config.owner);
	return err;
}

int umx_nl_ssa_lease(struct sk_buff *skb, struct genl_info *info)
{
	struct umx_net *un = umx_nl_net(info);
	struct umx_ssa_config config = { };
	struct umx_addr *addr;
	struct sk_buff *msg;
	void *hdr;
	int err;

	err = umx_nl_require(info, UMX_SSA_A_PORT,
			     "say which port's SSA is to be leased");
	if (err)
		return err;
	err = umx_nl_ssa_config(info, &config, NULL);
	if (err)
		return err;
	msg = umx_nl_reply(info, &hdr);	/* nothing fails after the lease */
	if (!msg)
		return -ENOMEM;

	mutex_lock(&un->lock);
	addr = umx_auto_lease(un, &config, info->extack);
	mutex_unlock(&un->lock);
	if (IS_ERR(addr)) {
		nlmsg_free(msg);
		return PTR_ERR(addr);
	}
	err = umx_nl_ssa_reply(msg, hdr, info, addr, config.lifetime);
	umx_addr_put(addr);
	return err;
}

int umx_nl_ssa_del(struct sk_buff *skb, struct genl_info *info)
{
	struct umx_net *un = umx_nl_net(info);
	struct nlattr **a = info->attrs;
	struct in6_addr key;
	int err = 0;

	if (!!a[UMX_SSA_A_ADDRESS] + !!a[UMX_SSA_A_PORT] +
	    !!a[UMX_SSA_A_FLUSH] != 1) {
		GENL_SET_ERR_MSG(info, "say which SSA: its address, or the port of all, or flush for all of all");
		return -EINVAL;
	}
	mutex_lock(&un->lock);
	if (a[UMX_SSA_A_ADDRESS]) {
		key = nla_get_in6_addr(a[UMX_SSA_A_ADDRESS]);
		err = umx_ssa_del(un, &key, info->extack);
	} else if (a[UMX_SSA_A_PORT]) {
		err = umx_ssa_del_port(un, nla_get_u16(a[UMX_SSA_A_PORT]),
				       info->extack);
	} else {
		umx_ssa_flush(un);
	}
	mutex_unlock(&un->lock);
	return err;
}
