/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns control groups as a condition of rules: found once by their
 * path, held, compared with that of a socket. A kernel without
 * CONFIG_SOCK_CGROUP_DATA knows no group of a socket: none is ever found.
 */
#ifndef _UMX_CGROUP_H
#define _UMX_CGROUP_H

#include <linux/cgroup.h>
#include <linux/err.h>
#include <net/sock.h>

#ifdef CONFIG_SOCK_CGROUP_DATA

/*
 * The group at @path, from the root of the caller's cgroup namespace; a
 * reference. May sleep.
 */
static inline struct cgroup *umx_cgroup_find(const char *path)
{
	return cgroup_get_from_path(path);
}

static inline void umx_cgroup_put(struct cgroup *cgroup)
{
	if (cgroup)
		cgroup_put(cgroup);
}

/* Its directory was removed. A reference keeps the rest, which has no name. */
static inline bool umx_cgroup_gone(const struct cgroup *cgroup)
{
	return !(READ_ONCE(cgroup->self.flags) & CSS_ONLINE);
}

/*
 * Was @sk made in @cgroup or below? The group of its socket() is what nftables
 * and ss go by, too; its processes may have moved since, even out of a group
 * that is gone.
 */
static inline bool umx_cgroup_has(struct cgroup *cgroup, struct sock *sk)
{
	return cgroup_is_descendant(sock_cgroup_ptr(&sk->sk_cgrp_data),
				    cgroup) && !umx_cgroup_gone(cgroup);
}

#else

static inline struct cgroup *umx_cgroup_find(const char *path)
{
	return ERR_PTR(-EOPNOTSUPP);
}

static inline void umx_cgroup_put(struct cgroup *cgroup)
{
}

static inline bool umx_cgroup_gone(const struct cgroup *cgroup)
{
	return true;
}

static inline bool umx_cgroup_has(struct cgroup *cgroup, struct sock *sk)
{
	return false;
}

#endif

#endif /* _UMX_CGROUP_H */
