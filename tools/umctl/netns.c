// SPDX-License-Identifier: GPL-2.0
/* This file owns the entering of a network namespace (-n). */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "netns.h"
#include "parse.h"
#include "say.h"
#include "umctl.h"

static int netns_path(const char *spec, char *path, size_t size)
{
	uint32_t pid;
	int len;

	if (!*spec || !strcmp(spec, ".") || !strcmp(spec, ".."))
		return say_usage("\"%s\" is not the name of a network namespace", spec);
	if (!strncmp(spec, "pid:", 4)) {
		if (!parse_u32(spec + 4, 1, INT_MAX, &pid))
			return say_usage("\"%s\" is not a process id", spec + 4);
		len = snprintf(path, size, "/proc/%u/ns/net", pid);
	} else if (strchr(spec, '/')) {
		len = snprintf(path, size, "%s", spec);
	} else {
		len = snprintf(path, size, NETNS_RUN_DIR "/%s", spec);
	}
	if (len < 0 || (size_t)len >= size)
		return say_usage("\"%s\" is too long for a path", spec);
	return UMCTL_DONE;
}

int netns_enter(const char *spec)
{
	char path[PATH_MAX];
	int fd, ret;

	ret = netns_path(spec, path, sizeof(path));
	if (ret)
		return ret;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		if (errno == ENOENT && !strncmp(spec, "pid:", 4))
			return say_usage("there is no process %s", spec + 4);
		if (errno == ENOENT)
			return say_usage("there is no network namespace \"%s\"", spec);
		return say_refused("the network namespace \"%s\" cannot be opened: %s", spec,
				   strerror(errno));
	}
	if (setns(fd, CLONE_NEWNET)) {
		if (errno == EINVAL)
			ret = say_usage("\"%s\" is not a network namespace", spec);
		else
			ret = say_refused("the network namespace \"%s\" cannot be entered: %s",
					  spec, strerror(errno));
	}
	close(fd);
	return ret;
}
