// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns writing files that outlive a crash: written beside, synced,
 * then put into place, and the place synced.
 */
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "durable.h"

static int write_all(int fd, const char *text)
{
	size_t len = strlen(text);
	ssize_t done;

	while (len) {
		done = write(fd, text, len);
		if (done < 0 && errno != EINTR)
			return -errno;
		if (done > 0) {
			text += done;
			len -= done;
		}
	}
	return fsync(fd) ? -errno : 0;
}

/* A new file beside @path with @text; its name to @beside. */
static int write_beside(const char *path, const char *text, char beside[PATH_MAX])
{
	int fd, err;

	if (snprintf(beside, PATH_MAX, "%s.XXXXXX", path) >= PATH_MAX)
		return -ENAMETOOLONG;
	/* mode 600 */
	fd = mkostemp(beside, O_CLOEXEC);
	if (fd < 0)
		return -errno;
	err = write_all(fd, text);
	if (close(fd) && !err)
		err = -errno;
	if (err)
		unlink(beside);
	return err;
}

static int sync_directory(const char *path)
{
	char name[PATH_MAX];
	int fd, err;

	snprintf(name, sizeof(name), "%s", path);
	fd = open(dirname(name), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	err = fsync(fd) ? -errno : 0;
	close(fd);
	return err;
}

int durable_create(const char *path, const char *text)
{
	char beside[PATH_MAX];
	int err;

	err = write_beside(path, text, beside);
	if (err)
		return err;
	err = link(beside, path) ? -errno : 0;
	unlink(beside);
	return err ? err : sync_directory(path);
}

int durable_replace(const char *path, const char *text)
{
	char beside[PATH_MAX];
	int err;

	err = write_beside(path, text, beside);
	if (err)
		return err;
	if (rename(beside, path)) {
		err = -errno;
		unlink(beside);
		return err;
	}
	return sync_directory(path);
}
