// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the giving up of privileges: pairs need CAP_NET_ADMIN, port 53
 * is bound before, and what else root could do is not for a program that reads
 * what the network sends.
 */
#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "privilege.h"

static bool failed(const char *what)
{
	fprintf(stderr, "umx-resolved: %s: %s\n", what, strerror(errno));
	return false;
}

static struct passwd *user_find(const char *name)
{
	struct passwd *user = getpwnam(name);

	if (!user)
		fprintf(stderr, "umx-resolved: there is no user \"%s\"\n", name);
	return user;
}

bool privilege_directory(const char *path, const char *name)
{
	struct passwd *user;

	if (mkdir(path, 0755) && errno != EEXIST)
		return failed(path);
	if (geteuid())
		return true;
	user = user_find(name);
	if (!user)
		return false;
	return !chown(path, user->pw_uid, user->pw_gid) || failed(path);
}

/* What a program we never start could have: none. */
static bool bounding_drop(void)
{
	int cap;

	for (cap = 0; prctl(PR_CAPBSET_READ, cap, 0, 0, 0) >= 0; cap++)
		if (cap != CAP_NET_ADMIN && prctl(PR_CAPBSET_DROP, cap, 0, 0, 0))
			return failed("the bounding set");
	return true;
}

static bool user_become(const char *name)
{
	struct passwd *user = user_find(name);

	if (!user)
		return false;
	if (!bounding_drop())
		return false;
	if (prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) || setgroups(0, NULL) || setgid(user->pw_gid) ||
	    setuid(user->pw_uid))
		return failed(name);
	return true;
}

bool privilege_drop(const char *user)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = {};

	if (!geteuid() && !user_become(user))
		return false;
	data[0].permitted = data[0].effective = 1 << CAP_NET_ADMIN;
	if (syscall(SYS_capset, &header, data))
		return failed("CAP_NET_ADMIN is needed");
	if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) ||
	    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return failed("privileges");
	return true;
}
