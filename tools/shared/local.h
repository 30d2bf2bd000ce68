/* SPDX-License-Identifier: GPL-2.0 */
/* This file owns the contract of local.c: sockets in the file system. */
#ifndef UMX_SHARED_LOCAL_H
#define UMX_SHARED_LOCAL_H

/* A listening, non-blocking socket of @type at @path, for @group ("": for root
 * and ourselves); one that nobody listens on any more is replaced. -1 after
 * saying why not.
 */
int local_listen(const char *path, int type, const char *group);

#endif /* UMX_SHARED_LOCAL_H */
