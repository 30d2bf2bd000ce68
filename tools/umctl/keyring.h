/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns the contract of keyring.c: in which file the key of a pool is.
 */
#ifndef UMCTL_KEYRING_H
#define UMCTL_KEYRING_H

#include <netinet/in.h>
#include <stdint.h>

#include "keyfile.h"

/* Remembers that the key file @path, absolute and no link, is used; warns if
 * that cannot be.
 */
void keyring_add(const char *path);

/* The file with the key the kernel knows as @key_id, for a pool of that prefix:
 * KEYFILE_DEFAULT if it is that, or NULL if it is in none that was used here.
 */
const char *keyring_find(uint64_t key_id, const struct in6_addr *prefix, uint8_t plen);

/* @path as keyring_find() names it. NULL, with errno, if it is not there. */
const char *keyring_name(const char *path);

#endif /* UMCTL_KEYRING_H */
