/* SPDX-License-Identifier: GPL-2.0 */
/* This file owns the contract of say.c: sentences to the user. */
#ifndef UMCTL_SAY_H
#define UMCTL_SAY_H

#include <stdbool.h>

/* Each prints one sentence on stderr; the first two return what to exit with. */
int say_usage(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
int say_refused(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void say_warning(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* The line of a batch that sentences are about; NULL: no batch. */
void say_where(const char *file, unsigned int line);

/* Says nothing from here on (completion). */
void say_mute(void);

#endif /* UMCTL_SAY_H */
