/* SPDX-License-Identifier: GPL-2.0 */
/* This file owns the contract of report_host.c: the host's part of a report. */
#ifndef UMCTL_REPORT_HOST_H
#define UMCTL_REPORT_HOST_H

#include <stdbool.h>

/* Is the module @name loaded? Asked without its family: to ask for that loads it. */
bool report_loaded(const char *name);

/* Each prints the objects of one section. */
void report_kernel(void);	/* into the object that is being printed */
void report_modules(void);
void report_taint(void);
void report_namespace(void);
void report_sysctls(void);

#endif /* UMCTL_REPORT_HOST_H */
