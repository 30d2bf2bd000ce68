/* SPDX-License-Identifier: GPL-2.0 */
/* This file owns the contract of control.c: the counters, told and asked for. */
#ifndef UMX_RESOLVED_CONTROL_H
#define UMX_RESOLVED_CONTROL_H

#include <stdbool.h>

#define CONTROL_DIR	"/run/umx-resolved"

bool control_init(void);
void control_close(void);

/* Print the counters of the one that runs in this network namespace, each with
 * its sentence, or as JSON. Exit status.
 */
int control_print(bool explain, bool json);

#endif /* UMX_RESOLVED_CONTROL_H */
