/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns the contract of listfile.c: which single addresses a kernel
 * was given.
 *
 * Each function that returns an int says what is wrong and returns what to exit
 * with.
 */
#ifndef UMCTL_LISTFILE_H
#define UMCTL_LISTFILE_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "keyfile.h"

#define LISTFILE	KEYFILE_DIR "/listed"

/**
 * struct holder - a kernel's memory of what was used
 * @epoch: the module's, UMX_VERSION_A_EPOCH.
 * @netns: the network namespace's cookie, of which a boot has no two.
 */
struct holder {
	uint64_t epoch;
	uint64_t netns;
};

/**
 * struct listed - an address that was given to a kernel
 * @addr: the address.
 * @holder: who knows whether it was used.
 * @time: when.
 */
struct listed {
	struct in6_addr addr;
	struct holder holder;
	time_t time;
};

/**
 * struct listfile - all of them
 * @fd: the directory, open; it is locked.
 * @list: in the order they were given.
 * @count: how many.
 * @changed: it says something else than the file.
 */
struct listfile {
	int fd;
	struct listed *list;
	size_t count;
	bool changed;
};

/* The file is not for the caller to make or change: somebody who is root of a
 * user namespace only.
 */
bool listfile_denied(void);

/* Reads the file, made if need be, and keeps others out until listfile_close(). */
int listfile_open(struct listfile *file);
void listfile_close(struct listfile *file);

/* Writes what has changed; on disk when it returns. */
int listfile_write(struct listfile *file);

/* Does only another holder than @holder know whether @addr was used? */
bool listfile_foreign(const struct listfile *file, const struct in6_addr *addr,
		      const struct holder *holder);

/* Is @addr in the file? Where it cannot be read, nothing is known to be. */
bool listfile_has(const struct in6_addr *addr);

/* @holder has @addr from now on; unused, it has it no more. */
int listfile_give(struct listfile *file, const struct in6_addr *addr, const struct holder *holder);
void listfile_take(struct listfile *file, const struct in6_addr *addr,
		   const struct holder *holder);

#endif /* UMCTL_LISTFILE_H */
