// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns key files: 32 hexadecimal digits that nobody but their owner
 * may read.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "durable.h"
#include "keyfile.h"
#include "say.h"
#include "umctl.h"

#define KEYFILE_DIGITS	(2 * UMX_POOL_KEY_LEN)

static int hex_digit(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *digit = c ? strchr(digits, c) : NULL;

	return digit ? digit - digits : -1;
}

static bool key_parse(const char *text, ssize_t len, uint8_t *key)
{
	int i, high, low;

	if (len == KEYFILE_DIGITS + 1 && text[KEYFILE_DIGITS] == '\n')
		len--;
	if (len != KEYFILE_DIGITS)
		return false;
	for (i = 0; i < UMX_POOL_KEY_LEN; i++) {
		high = hex_digit(text[2 * i]);
		low = hex_digit(text[2 * i + 1]);
		if (high < 0 || low < 0)
			return false;
		key[i] = high << 4 | low;
	}
	return true;
}

/* NULL or why not. */
static const char *key_read(struct keyfile *file)
{
	char text[KEYFILE_DIGITS + 2];
	struct stat st;
	ssize_t len;
	bool good;

	if (fstat(file->fd, &st))
		return strerror(errno);
	if (!S_ISREG(st.st_mode))
		return "it is no ordinary file";
	if (st.st_uid && st.st_uid != geteuid())
		return "it belongs to another user, who can read it";
	if (st.st_mode & 077)
		return "it can be read or changed by others: chmod 600";
	len = read(file->fd, text, sizeof(text));
	good = key_parse(text, len, file->key);
	explicit_bzero(text, sizeof(text));
	return good ? NULL : "it holds no key: 32 hexadecimal digits";
}

const char *keyfile_try(struct keyfile *file, const char *path)
{
	const char *why;

	/* a key has one state, beside the file */
	if (!realpath(path, file->path))
		return strerror(errno);
	file->fd = open(file->path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (file->fd < 0)
		return strerror(errno);
	why = key_read(file);
	if (why)
		keyfile_close(file);
	return why;
}

int keyfile_open(struct keyfile *file, const char *path)
{
	const char *why;

	if (!path)
		path = KEYFILE_DEFAULT;
	why = keyfile_try(file, path);
	return why ? say_refused("key file %s: %s", path, why) : UMCTL_DONE;
}

/* The new key as its file holds it. */
static bool key_draw(char text[KEYFILE_DIGITS + 2])
{
	uint8_t key[UMX_POOL_KEY_LEN];
	int i;

	if (getrandom(key, sizeof(key), 0) != sizeof(key))
		return false;
	for (i = 0; i < UMX_POOL_KEY_LEN; i++)
		sprintf(text + 2 * i, "%02x", key[i]);
	strcpy(text + KEYFILE_DIGITS, "\n");
	explicit_bzero(key, sizeof(key));
	return true;
}

/*
 * The state is there before the key: a key whose state is missing has lost it.
 * Whoever comes second finds the first one's key.
 */
static int key_create(const char *path)
{
	char state[PATH_MAX], text[KEYFILE_DIGITS + 2];
	int err;

	if (snprintf(state, sizeof(state), "%s" KEYFILE_STATE, path) >= (int)sizeof(state))
		return -ENAMETOOLONG;
	if (!strcmp(path, KEYFILE_DEFAULT) && mkdir(KEYFILE_DIR, 0700) && errno != EEXIST)
		return -errno;
	err = durable_create(state, "");
	if (err && err != -EEXIST)
		return err;
	if (!key_draw(text))
		return -EIO;
	err = durable_create(path, text);
	explicit_bzero(text, sizeof(text));
	return err == -EEXIST ? 0 : err;
}

bool keyfile_denied(void)
{
	int err;

	if (!access(KEYFILE_DEFAULT, R_OK))
		return false;
	err = errno == ENOENT ? key_create(KEYFILE_DEFAULT) : -errno;
	return err == -EACCES || err == -EPERM || err == -EROFS;
}

int keyfile_make(struct keyfile *file, const char *path)
{
	int err;

	if (!path)
		path = KEYFILE_DEFAULT;
	if (access(path, F_OK) && errno == ENOENT) {
		err = key_create(path);
		if (err)
			return say_refused("key file %s cannot be made: %s; a pool with 'gen random' needs none",
					   path, strerror(-err));
	}
	return keyfile_open(file, path);
}

int keyfile_lock(struct keyfile *file)
{
	int err;

	do {
		err = flock(file->fd, LOCK_EX);
	} while (err && errno == EINTR);
	return err ? say_refused("key file %s cannot be locked: %s", file->path, strerror(errno)) :
		     UMCTL_DONE;
}

void keyfile_close(struct keyfile *file)
{
	explicit_bzero(file->key, sizeof(file->key));
	if (file->fd >= 0)
		close(file->fd);
	file->fd = -1;
}
