/* SPDX-License-Identifier: GPL-2.0 */
/* This file owns lines of JSON: one object each, whoever sends it. */
#ifndef _UMX_DNS_LINE_H
#define _UMX_DNS_LINE_H

#include <json-c/json.h>
#include <stddef.h>

/*
 * The value that is all there is in @len bytes of @text, but for blanks after
 * it, with at most @depth values in one another; NULL: it is none.
 */
struct json_object *line_read(const char *text, size_t len, int depth);

/* @object as a line, which the caller frees; @object is given up. NULL: no memory. */
char *line_of(struct json_object *object);

#endif /* _UMX_DNS_LINE_H */
