/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns the condition of a rule on whose a socket is: a user's, or one
 * of a range of them, and that of a control group.
 */
#ifndef _UMX_WHO_H
#define _UMX_WHO_H

#include <linux/netlink.h>
#include <linux/types.h>
#include <linux/uidgid.h>

struct cgroup;
struct sock;

/**
 * struct umx_who - whose sockets are meant; constant once made
 * @has_uid: @uid to @uid_end are a condition
 * @uid: first owner of a socket
 * @uid_end: the last
 * @cgroup: group a socket was made in, or below; a reference; NULL: any.
 *	Whatever becomes of the group
 * @cgroup_path: the path that led to it, NULL without @cgroup
 */
struct umx_who {
	bool has_uid;
	kuid_t uid;
	kuid_t uid_end;
	struct cgroup *cgroup;
	char *cgroup_path;
};

/**
 * struct umx_who_config - whose sockets are to be meant
 * @cgroup: path, NULL for any.
 */
struct umx_who_config {
	bool has_uid;
	kuid_t uid;
	kuid_t uid_end;
	const char *cgroup;
};

int umx_who_init(struct umx_who *who, const struct umx_who_config *config,
		 struct netlink_ext_ack *extack);
void umx_who_exit(struct umx_who *who);
bool umx_who_equal(const struct umx_who *who,
		   const struct umx_who_config *config);
bool umx_who_gone(const struct umx_who *who);
bool umx_who_admits(const struct umx_who *who, struct sock *sk);

/* Does it mean anybody in particular? */
static inline bool umx_who_names(const struct umx_who *who)
{
	return who->has_uid || who->cgroup;
}

#endif /* _UMX_WHO_H */
