/* SPDX-License-Identifier: GPL-2.0 */
/* This file owns the contract of netns.c: the namespace umctl works in. */
#ifndef UMCTL_NETNS_H
#define UMCTL_NETNS_H

/* Where `ip netns` keeps its names. */
#define NETNS_RUN_DIR	"/run/netns"

/* Enters NAME, a path, or pid:PID. Returns what to exit with. */
int netns_enter(const char *spec);

#endif /* UMCTL_NETNS_H */
