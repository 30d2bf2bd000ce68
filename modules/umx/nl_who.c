// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the attributes by which rules say whose sockets they are about.
 */
#include <linux/cred.h>
#include <linux/user_namespace.h>
#include "netlink.h"
#include "who.h"

/* The condition on the owner of a socket. */
static int umx_nl_who_uids(struct genl_info *info,
			   const struct umx_nl_who_attrs *a,
			   struct umx_who_config *config)
{
	const struct nlattr *first = info->attrs[a->uid];
	const struct nlattr *last = info->attrs[a->uid_end] ?: first;
	struct user_namespace *ns = current_user_ns();
	u32 n;

	if (!last)
		return 0;
	if (!first) {
		GENL_SET_ERR_MSG(info, "a range of uids has a first and a last");
		return -EINVAL;
	}
	if (nla_get_u32(last) < nla_get_u32(first)) {
		GENL_SET_ERR_MSG(info, "the last uid of a range is before its first");
		return -EINVAL;
	}
	n = nla_get_u32(last) - nla_get_u32(first);
	config->has_uid = true;
	config->uid = make_kuid(ns, nla_get_u32(first));
	config->uid_end = make_kuid(ns, nla_get_u32(last));
	if (!uid_valid(config->uid) || !uid_valid(config->uid_end) ||
	    __kuid_val(config->uid_end) - __kuid_val(config->uid) != n) {
		GENL_SET_ERR_MSG(info, "the uids do not exist, or are no single range, in this user namespace");
		return -EINVAL;
	}
	return 0;
}

/**
 * umx_nl_who_read() - whose sockets a request is about
 * @info: the request
 * @a: its attributes
 * @config: all zeroes; gets it
 *
 * Return: 0 or -EINVAL, with a sentence.
 */
int umx_nl_who_read(struct genl_info *info, const struct umx_nl_who_attrs *a,
		    struct umx_who_config *config)
{
	if (info->attrs[a->cgroup]) {
		config->cgroup = nla_data(info->attrs[a->cgroup]);
		if (config->cgroup[0] != '/') {
			GENL_SET_ERR_MSG(info, "the path of a control group begins with /, the root of the hierarchy");
			return -EINVAL;
		}
	}
	return umx_nl_who_uids(info, a, config);
}

/* The conditions that a rule may be without. */
int umx_nl_who_put(struct sk_buff *skb, const struct umx_nl_who_attrs *a,
		   const struct umx_who *who)
{
	struct user_namespace *ns = current_user_ns();

	if (who->has_uid &&
	    (nla_put_u32(skb, a->uid, from_kuid_munged(ns, who->uid)) ||
	     nla_put_u32(skb, a->uid_end, from_kuid_munged(ns, who->uid_end))))
		return -EMSGSIZE;
	if (who->cgroup &&
	    (nla_put_string(skb, a->cgroup, who->cgroup_path) ||
	     nla_put_u8(skb, a->cgroup_gone, umx_who_gone(who))))
		return -EMSGSIZE;
	return 0;
}
