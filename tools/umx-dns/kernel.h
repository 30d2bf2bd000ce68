/* SPDX-License-Identifier: GPL-2.0 */
/* This file owns the contract of kernel.c: what is asked of umx.ko, and what it tells. */
#ifndef UMX_DNS_KERNEL_H
#define UMX_DNS_KERNEL_H

#include <netinet/in.h>

#include "prefix.h"

/**
 * struct kernel_events - who hears what the kernel tells
 * @claimed: @addr, of the listener on @port, got its connection with @peer.
 * @ended: @addr is gone, unused.
 * @lost: events were; what waits has to be looked up.
 */
struct kernel_events {
	void (*claimed)(const struct in6_addr *addr, uint16_t port,
			const struct in6_addr *peer, uint16_t peer_port);
	void (*ended)(const struct in6_addr *addr);
	void (*lost)(void);
};

void kernel_init(const struct kernel_events *events);
void kernel_close(void);

/* 0 or a negative errno; kernel_sentence() then says why. */
int kernel_lease(uint16_t port, const struct prefix *from, uint32_t lifetime,
		 struct in6_addr *addr);
int kernel_release(const struct in6_addr *addr);

/* Calls @each for every address that waits. */
int kernel_waiting(void (*each)(const struct in6_addr *addr));
const char *kernel_sentence(void);

/* Hears all that was told so far. */
void kernel_listen(void);

#endif /* UMX_DNS_KERNEL_H */
