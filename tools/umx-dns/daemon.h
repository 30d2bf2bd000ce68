/* SPDX-License-Identifier: GPL-2.0 */
/* This file owns what the parts of the daemon share. */
#ifndef UMX_DNS_DAEMON_H
#define UMX_DNS_DAEMON_H

#include <event2/event.h>

#include "config.h"
#include "lease.h"
#include "name.h"

/**
 * struct daemon - the daemon
 * @base: its event loop.
 * @config: its configuration.
 * @names: names that were given out.
 * @leases: addresses that wait.
 * @public: a name for each public service, by its place in @config.
 */
struct daemon {
	struct event_base *base;
	struct config config;
	struct names names;
	struct leases leases;
	struct name public[CONFIG_SERVICES];
};

extern struct daemon dns;

/* Milliseconds of a clock that only goes on. */
int64_t now_ms(void);

#endif /* UMX_DNS_DAEMON_H */
