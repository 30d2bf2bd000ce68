/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns the contract of keyring.c: in which file a key is that the
 * kernel has.
 */
#ifndef UMCTL_KEYRING_H
#define UMCTL_KEYRING_H

#include <stdbool.h>
#include <stdint.h>

#include "keyfile.h"

/* Remembers that the key file @path, absolute and no link, is used; warns if
 * that cannot be.
 */
void keyring_add(const char *path);

/* The file with the key for which @is, asked about @what, is true:
 * KEYFILE_DEFAULT if it is that, or NULL if it is in none that was used here.
 */
const char *keyring_find(bool (*is)(const uint8_t *key, const void *what), const void *what);

/* @path as keyring_find() names it. NULL, with errno, if it is not there. */
const char *keyring_name(const char *path);

#endif /* UMCTL_KEYRING_H */
