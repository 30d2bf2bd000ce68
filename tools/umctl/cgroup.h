/* SPDX-License-Identifier: GPL-2.0 */
/* This file owns the contract of cgroup.c: control groups that rules name. */
#ifndef UMCTL_CGROUP_H
#define UMCTL_CGROUP_H

#include <stdbool.h>

/* Is there no control group (version 2) @path? Where groups cannot be seen, it
 * is for the kernel to say.
 */
bool cgroup_is_missing(const char *path);

#endif /* UMCTL_CGROUP_H */
