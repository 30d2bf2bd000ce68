// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the commands about limits.
 */
#include <linux/cred.h>
#include <linux/user_namespace.h>
#include "limit.h"
#include "netlink.h"

static const int umx_nl_limit_max[UMX_ROLES] = {
	[UMX_ROLE_EA] = UMX_LIMIT_A_EA,
	[UMX_ROLE_SSA] = UMX_LIMIT_A_SSA,
};

static const int umx_nl_limit_live[UMX_ROLES] = {
	[UMX_ROLE_EA] = UMX_LIMIT_A_EA_LIVE,
	[UMX_ROLE_SSA] = UMX_LIMIT_A_SSA_LIVE,
};

static int umx_nl_limit_uid(struct genl_info *info, kuid_t *uid)
{
	*uid = make_kuid(current_user_ns(),
			 nla_get_u32(info->attrs[UMX_LIMIT_A_UID]));
	if (uid_valid(*uid))
		return 0;
	GENL_SET_ERR_MSG(info, "the uid does not exist in this user namespace");
	return -EINVAL;
}

/* Whose limit: it may go without saying. */
static int umx_nl_limit_scope(struct genl_info *info,
			      struct umx_limit_config *config)
{
	bool uid = info->attrs[UMX_LIMIT_A_UID];

	config->scope = uid ? UMX_LIMIT_UID : UMX_LIMIT_NETNS;
	if (info->attrs[UMX_LIMIT_A_SCOPE])
		config->scope = nla_get_u8(info->attrs[UMX_LIMIT_A_SCOPE]);
	if (uid != (config->scope == UMX_LIMIT_UID)) {
		GENL_SET_ERR_MSG(info, "say whose limit: the namespace's, that of each user, or that of one uid");
		return -EINVAL;
	}
	return uid ? umx_nl_limit_uid(info, &config->uid) : 0;
}

int umx_nl_limit_set(struct sk_buff *skb, struct genl_info *info)
{
	struct umx_net *un = umx_nl_net(info);
	struct umx_limit_config config = { };
	const struct nlattr *max;
	int err, role;

	err = umx_nl_limit_scope(info, &config);
	if (err)
		return err;
	for (role = 0; role < UMX_ROLES; role++) {
		max = info->attrs[umx_nl_limit_max[role]];
		config.given[role] = max;
		config.max[role] = max ? nla_get_u32(max) : 0;
	}
	if (!config.given[UMX_ROLE_EA] && !config.given[UMX_ROLE_SSA]) {
		GENL_SET_ERR_MSG(info, "say what is limited, and to how many: ea, ssa or both");
		return -EINVAL;
	}
	mutex_lock(&un->lock);
	err = umx_limit_set(un, &config, info->extack);
	un->genid++;
	mutex_unlock(&un->lock);
	return err;
}

int umx_nl_limit_del(struct sk_buff *skb, struct genl_info *info)
{
	struct umx_net *un = umx_nl_net(info);
	bool flush = info->attrs[UMX_LIMIT_A_FLUSH];
	int err = 0;
	kuid_t uid;

	if (flush == !!info->attrs[UMX_LIMIT_A_UID]) {
		GENL_SET_ERR_MSG(info, "say whose limits: those of one uid, or flush for all");
		return -EINVAL;
	}
	if (!flush)
		err = umx_nl_limit_uid(info, &uid);
	if (err)
		return err;
	mutex_lock(&un->lock);
	if (flush)
		umx_limit_flush(un);
	else
		err = umx_limit_del(un, uid, info->extack);
	un->genid++;
	mutex_unlock(&un->lock);
	return err;
}

static bool umx_nl_limit_empty(const struct umx_limit_config *config)
{
	int role;

	for (role = 0; role < UMX_ROLES; role++)
		if (config->given[role] || config->counted[role])
			return false;
	return true;
}

static int umx_nl_limit_put(struct sk_buff *skb, struct netlink_callback *cb,
			    const struct umx_limit_config *config)
{
	void *hdr;
	int role;

	if (umx_nl_limit_empty(config))
		return 0;
	hdr = umx_nl_dump_put(skb, cb, UMX_CMD_LIMIT_GET);
	if (!hdr)
		return -EMSGSIZE;
	if (nla_put_u8(skb, UMX_LIMIT_A_SCOPE, config->scope) ||
	    (config->scope == UMX_LIMIT_UID &&
	     nla_put_u32(skb, UMX_LIMIT_A_UID,
			 from_kuid_munged(current_user_ns(), config->uid))))
		goto full;
	for (role = 0; role < UMX_ROLES; role++)
		if ((config->given[role] &&
		     nla_put_u32(skb, umx_nl_limit_max[role],
				 config->max[role])) ||
		    (config->counted[role] &&
		     nla_put_u32(skb, umx_nl_limit_live[role],
				 config->live[role])))
			goto full;
	genlmsg_end(skb, hdr);
	return 0;
full:
	genlmsg_cancel(skb, hdr);
	return -EMSGSIZE;
}

int umx_nl_limit_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct umx_net *un = umx_net(sock_net(skb->sk));
	struct umx_limit_cursor at = {
		.bucket = cb->args[0], .skip = cb->args[1]
	};
	struct umx_limit_config config;

	mutex_lock(&un->lock);
	cb->seq = un->genid;
	while (umx_limit_next(un, &at, &config)) {
		if (umx_nl_limit_put(skb, cb, &config))
			break;
		cb->args[0] = at.bucket;
		cb->args[1] = at.skip;
	}
	mutex_unlock(&un->lock);
	return skb->len;
}
