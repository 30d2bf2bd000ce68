// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the list of key files that were used, a path a line. The kernel
 * tells keys apart and knows no files: whoever saves a configuration looks which
 * of these files has the key. A file that is gone or has another key by now is
 * not the one, so that the list may be too long, never wrong.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "keyring.h"
#include "say.h"

#define KEYRING_FILE	KEYFILE_DIR "/keyfiles"

/**
 * struct name - a path that is used as long as we run
 * @next: the next one.
 * @path: the path.
 */
struct name {
	struct name *next;
	char path[];
};

static struct name *names;

static const char *name_keep(const char *path)
{
	struct name *name;

	for (name = names; name; name = name->next)
		if (!strcmp(name->path, path))
			return name->path;
	name = malloc(sizeof(*name) + strlen(path) + 1);
	if (!name)
		return NULL;
	strcpy(name->path, path);
	name->next = names;
	names = name;
	return name->path;
}

/* The next path of @file to @path, without its end of line. */
static bool line_next(FILE *file, char path[PATH_MAX + 1])
{
	if (!fgets(path, PATH_MAX + 1, file))
		return false;
	path[strcspn(path, "\n")] = '\0';
	return true;
}

/* Whoever comes at the same time waits for the lock, and then finds the line. */
static int keyring_write(const char *path)
{
	char line[PATH_MAX + 1];
	bool found = false;
	FILE *file;
	int fd, err;

	if (strlen(path) >= PATH_MAX || strchr(path, '\n'))
		return -EINVAL;
	if (mkdir(KEYFILE_DIR, 0700) && errno != EEXIST)
		return -errno;
	fd = open(KEYRING_FILE, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0)
		return -errno;
	file = fdopen(fd, "r+");
	if (!file || flock(fd, LOCK_EX)) {
		err = -errno;
		close(fd);
		return err;
	}
	while (!found && line_next(file, line))
		found = !strcmp(line, path);
	err = 0;
	if (!found && (dprintf(fd, "%s\n", path) < 0 || fsync(fd)))
		err = -errno;
	fclose(file);
	return err;
}

void keyring_add(const char *path)
{
	int err;

	if (!strcmp(path, KEYFILE_DEFAULT))
		return;
	err = keyring_write(path);
	if (err)
		say_warning("\"umctl save\" will not know that the key is in %s: " KEYRING_FILE ": %s",
			    path, strerror(-err));
}

static bool key_is_in(const char *path, bool (*is)(const uint8_t *key, const void *what),
		      const void *what)
{
	struct keyfile file;
	bool same;

	if (keyfile_try(&file, path))
		return false;
	same = is(file.key, what);
	keyfile_close(&file);
	return same;
}

const char *keyring_find(bool (*is)(const uint8_t *key, const void *what), const void *what)
{
	const char *found = NULL;
	char path[PATH_MAX + 1];
	FILE *file;

	if (key_is_in(KEYFILE_DEFAULT, is, what))
		return KEYFILE_DEFAULT;
	file = fopen(KEYRING_FILE, "re");
	if (!file)
		return NULL;
	while (!found && line_next(file, path))
		if (key_is_in(path, is, what))
			found = name_keep(path);
	fclose(file);
	return found;
}

const char *keyring_name(const char *path)
{
	char real[PATH_MAX], standard[PATH_MAX];

	if (!realpath(path, real))
		return NULL;
	if (realpath(KEYFILE_DEFAULT, standard) && !strcmp(real, standard))
		return KEYFILE_DEFAULT;
	return name_keep(real);
}
