/* SPDX-License-Identifier: GPL-2.0 */
/* This file owns the contract of privilege.c: what we may do. */
#ifndef UMX_RESOLVED_PRIVILEGE_H
#define UMX_RESOLVED_PRIVILEGE_H

#include <stdbool.h>

/* The directory @path, for who we are going to be: @user, if root has started us. */
bool privilege_directory(const char *path, const char *user);

/* Keep CAP_NET_ADMIN and nothing else; as @user if root has started us. */
bool privilege_drop(const char *user);

#endif /* UMX_RESOLVED_PRIVILEGE_H */
