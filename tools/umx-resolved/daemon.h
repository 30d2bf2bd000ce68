/* SPDX-License-Identifier: GPL-2.0 */
/* This file owns what the parts of the daemon share. */
#ifndef UMX_RESOLVED_DAEMON_H
#define UMX_RESOLVED_DAEMON_H

#include <event2/event.h>

#include "config.h"

/**
 * struct daemon - the daemon
 * @base: its event loop.
 * @config: its configuration.
 * @servers: name servers, those of the file included.
 */
struct daemon {
	struct event_base *base;
	struct config config;
	struct servers servers;
};

extern struct daemon resolved;

/* Milliseconds of a clock that only goes on. */
int64_t now_ms(void);

#endif /* UMX_RESOLVED_DAEMON_H */
