// SPDX-License-Identifier: GPL-2.0
/* This file owns listening sockets in the file system, and who may connect. */
#include <errno.h>
#include <grp.h>
#include <libgen.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "local.h"

static int failed(const char *path, const char *why, int fd)
{
	fprintf(stderr, "%s: %s: %s\n", program_invocation_short_name, path, why);
	if (fd >= 0)
		close(fd);
	return -1;
}

/* Whether somebody listens there. */
static bool taken(const struct sockaddr_un *addr, int type)
{
	int fd = socket(AF_UNIX, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	bool yes = fd >= 0 && (!connect(fd, (const void *)addr, sizeof(*addr)) || errno == EAGAIN);

	if (fd >= 0)
		close(fd);
	return yes;
}

/* Whoever may use the socket has to come to it, whatever our umask. */
static bool directory_make(const char *path)
{
	char copy[sizeof(((struct sockaddr_un *)0)->sun_path)];
	const char *dir;

	strcpy(copy, path);
	dir = dirname(copy);
	if (!mkdir(dir, 0755))
		return !chmod(dir, 0755);
	return errno == EEXIST;
}

static bool group_give(const char *path, const char *name)
{
	struct group *group;

	if (!*name)
		return true;
	group = getgrnam(name);
	if (!group) {
		errno = ENOENT;
		return false;
	}
	return !chown(path, -1, group->gr_gid) && !chmod(path, 0660);
}

int local_listen(const char *path, int type, const char *group)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	mode_t mask;
	int fd, err;

	if (strlen(path) >= sizeof(addr.sun_path))
		return failed(path, "the path is too long", -1);
	strcpy(addr.sun_path, path);
	if (!directory_make(path))
		return failed(path, strerror(errno), -1);
	if (taken(&addr, type))
		return failed(path, "somebody listens there already", -1);
	fd = socket(AF_UNIX, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return failed(path, strerror(errno), -1);
	unlink(path);
	mask = umask(0177);
	err = bind(fd, (void *)&addr, sizeof(addr)) ? errno : 0;
	umask(mask);
	if (err)
		return failed(path, strerror(err), fd);
	if (!group_give(path, group))
		return failed(path, "its group cannot be set", fd);
	if (listen(fd, 64))
		return failed(path, strerror(errno), fd);
	return fd;
}
