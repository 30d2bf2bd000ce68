// SPDX-License-Identifier: GPL-2.0
/* This file owns the search for control groups that rules name. */
#include <errno.h>
#include <mntent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cgroup.h"

/* Where the hierarchy of version 2 is mounted, to be freed; NULL: nowhere. */
static char *cgroup_root(void)
{
	struct mntent *entry;
	char *root = NULL;
	FILE *mounts;

	mounts = setmntent("/proc/self/mounts", "r");
	if (!mounts)
		return NULL;
	while (!root && (entry = getmntent(mounts)))
		if (!strcmp(entry->mnt_type, "cgroup2"))
			root = strdup(entry->mnt_dir);
	endmntent(mounts);
	return root;
}

bool cgroup_is_missing(const char *path)
{
	char *root = cgroup_root(), *name = NULL;
	bool missing = false;
	struct stat st;

	if (root && asprintf(&name, "%s/%s", root, path) >= 0)
		missing = stat(name, &st) && errno == ENOENT;
	free(name);
	free(root);
	return missing;
}
