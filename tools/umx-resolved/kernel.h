/* SPDX-License-Identifier: GPL-2.0 */
/* This file owns the contract of kernel.c: what is asked of umx_bis.ko. */
#ifndef UMX_RESOLVED_KERNEL_H
#define UMX_RESOLVED_KERNEL_H

#include <netinet/in.h>
#include <stdint.h>

/* Each 0 or a negative errno; kernel_sentence() then says why. */

/* The address of the spool that stands for @host, for @lifetime seconds at
 * least. -ENOENT: there is no spool, or no module; -ENOSPC: it is full.
 */
int kernel_lease(const struct in6_addr *host, uint32_t lifetime, struct in_addr *addr);

/* Which host @addr stands for. -ENOENT: none; -ENXIO: it is not of the spool,
 * or there is none.
 */
int kernel_find(struct in_addr addr, struct in6_addr *host);

const char *kernel_sentence(void);

/* Find the module; not being there is no failure. */
void kernel_init(void);
void kernel_close(void);

#endif /* UMX_RESOLVED_KERNEL_H */
