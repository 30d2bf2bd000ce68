/* SPDX-License-Identifier: GPL-2.0 */
/* This file owns the contract of usage.c: the usage texts. */
#ifndef UMCTL_USAGE_H
#define UMCTL_USAGE_H

#include <stdio.h>

#include "umctl.h"

/* One line for a verb, on stderr; nothing while completing. */
void usage_verb(const struct object *object, const struct verb *verb);

/* All verbs of an object; everything. */
void usage_object(FILE *to, const struct object *object);
void usage_all(FILE *to);

#endif /* UMCTL_USAGE_H */
