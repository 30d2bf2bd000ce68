/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns the contract of keyfile.c: keys, of traceable pools above all.
 *
 * Each function says what is wrong and returns what to exit with.
 */
#ifndef UMCTL_KEYFILE_H
#define UMCTL_KEYFILE_H

#include <limits.h>
#include <linux/umx.h>
#include <stdbool.h>
#include <stdint.h>

/* Where umctl keeps what it has to remember. */
#define KEYFILE_DIR		"/var/lib/umx"
/* The key of pools that name none. */
#define KEYFILE_DEFAULT		KEYFILE_DIR "/key"
/* What is put behind the name of a key file for that of its state. */
#define KEYFILE_STATE		".state"

/**
 * struct keyfile - a key that was read
 * @path: its file, whatever link was named.
 * @fd: the file, open; who changes the state holds its lock.
 * @key: what nobody else may know.
 */
struct keyfile {
	char path[PATH_MAX];
	int fd;
	uint8_t key[UMX_POOL_KEY_LEN];
};

/* Reads the key in @path (NULL: the default). */
int keyfile_open(struct keyfile *file, const char *path);

/* The same of @path, in silence: NULL, or why not. */
const char *keyfile_try(struct keyfile *file, const char *path);

/* As keyfile_open(); makes a random key, with an empty state, where there is none. */
int keyfile_make(struct keyfile *file, const char *path);

/* The default key is not for the caller to read or make: somebody who is root of
 * a user namespace only.
 */
bool keyfile_denied(void);

/* Waits until nobody else changes the state, until keyfile_close(). */
int keyfile_lock(struct keyfile *file);

void keyfile_close(struct keyfile *file);

#endif /* UMCTL_KEYFILE_H */
