/* SPDX-License-Identifier: GPL-2.0 */
/* This file owns the contract of live.c: values that exist in the kernel now. */
#ifndef UMCTL_LIVE_H
#define UMCTL_LIVE_H

#include "umctl.h"

extern const struct live live_pools;
extern const struct live live_ports;
extern const struct live live_ssas;

/* Tells @each every value that @arg can have now; nothing if there is no such
 * family here.
 */
void live_foreach(const struct arg *arg, void (*each)(const char *value, void *data), void *data);

#endif /* UMCTL_LIVE_H */
