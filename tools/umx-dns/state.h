/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns the contract of state.c: the names in a file.
 *
 * One JSON object a line: first the key and the next id, then each name. Of a
 * token there is its tag only; a changing label needs its secret.
 */
#ifndef UMX_DNS_STATE_H
#define UMX_DNS_STATE_H

#include "name.h"

/* Reads @path into @names, which are empty; a file that is not there has none.
 * False after saying on stderr what is wrong.
 */
bool state_read(struct names *names, const char *path);

/* One line of it. False: it is not one. */
bool state_line(struct names *names, const char *text);

/* Writes another file beside it, with mode 0600, and moves it there. */
bool state_write(const struct names *names, const char *path);

#endif /* UMX_DNS_STATE_H */
