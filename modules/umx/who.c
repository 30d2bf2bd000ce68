// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns finding out whose a socket is, for rules of every kind. A path
 * is followed once, when the rule is made: whoever may make groups there can
 * take a name that is free again.
 */
#include <linux/slab.h>
#include "cgroup.h"
#include "who.h"

static int umx_who_find_cgroup(struct umx_who *who, const char *path,
			       struct netlink_ext_ack *extack)
{
	struct cgroup *cgroup;

	who->cgroup_path = kstrdup(path, GFP_KERNEL_ACCOUNT);
	if (!who->cgroup_path)
		return -ENOMEM;
	cgroup = umx_cgroup_find(path);
	if (cgroup == ERR_PTR(-EOPNOTSUPP)) {
		NL_SET_ERR_MSG(extack, "this kernel knows no control groups of sockets (CONFIG_SOCK_CGROUP_DATA)");
		return -EOPNOTSUPP;
	}
	if (IS_ERR(cgroup)) {
		NL_SET_ERR_MSG(extack, "no control group (v2) of this path");
		return PTR_ERR(cgroup);
	}
	who->cgroup = cgroup;
	return 0;
}

/**
 * umx_who_init() - find who is meant
 * @who: all zeroes
 * @config: who that is to be
 * @extack: gets the sentence of a refusal
 *
 * Context: process, may sleep. Return: 0, -ENOENT, -EOPNOTSUPP, -ENOMEM; then
 * there is nothing to give back.
 */
int umx_who_init(struct umx_who *who, const struct umx_who_config *config,
		 struct netlink_ext_ack *extack)
{
	int err;

	who->has_uid = config->has_uid;
	who->uid = config->uid;
	who->uid_end = config->uid_end;
	if (!config->cgroup)
		return 0;
	err = umx_who_find_cgroup(who, config->cgroup, extack);
	if (err)
		umx_who_exit(who);
	return err;
}

void umx_who_exit(struct umx_who *who)
{
	umx_cgroup_put(who->cgroup);
	kfree(who->cgroup_path);
}

/* By path: what it leads to now may be another group. */
bool umx_who_equal(const struct umx_who *who,
		   const struct umx_who_config *config)
{
	return who->has_uid == config->has_uid &&
	       uid_eq(who->uid, config->uid) &&
	       uid_eq(who->uid_end, config->uid_end) &&
	       !strcmp(who->cgroup_path ?: "", config->cgroup ?: "");
}

/* Is nobody meant any more? */
bool umx_who_gone(const struct umx_who *who)
{
	return who->cgroup && umx_cgroup_gone(who->cgroup);
}

/* Is @sk one of those that are meant? Context: any. */
bool umx_who_admits(const struct umx_who *who, struct sock *sk)
{
	kuid_t uid = READ_ONCE(sk->sk_uid);

	if (who->has_uid && (uid_lt(uid, who->uid) || uid_gt(uid, who->uid_end)))
		return false;
	return !who->cgroup || umx_cgroup_has(who->cgroup, sk);
}
