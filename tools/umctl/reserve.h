/* SPDX-License-Identifier: GPL-2.0 */
/* This file owns the contract of reserve.c: windows for the kernel's pools. */
#ifndef UMCTL_RESERVE_H
#define UMCTL_RESERVE_H

#include "keyfile.h"
#include "nl.h"

/* Reserves the next window for the traceable pool @name, whose key @file holds,
 * and gives it to the kernel. Says what is wrong; returns what to exit with.
 */
int reserve_window(const struct family *family, const char *name, struct keyfile *file);

#endif /* UMCTL_RESERVE_H */
