/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns the contract of durable.c: files that are whole, and on disk,
 * or as they were. Their owner alone can read them. 0 or -errno.
 */
#ifndef UMCTL_DURABLE_H
#define UMCTL_DURABLE_H

/* Makes @path; -EEXIST if it is there. */
int durable_create(const char *path, const char *text);

/* Puts @text into the place of what @path held. */
int durable_replace(const char *path, const char *text);

#endif /* UMCTL_DURABLE_H */
