/* SPDX-License-Identifier: GPL-2.0 */
/* This file owns what follows the events of a family. */
#ifndef UMCTL_MONITOR_H
#define UMCTL_MONITOR_H

struct args;

/* The run() of a verb whose fields say what an event looks like: one line for
 * each, until SIGINT or SIGTERM.
 */
int monitor_run(const struct args *args);

#endif /* UMCTL_MONITOR_H */
