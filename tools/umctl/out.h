/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns the contract of out.c: what a command prints.
 *
 * One call prints a value in both forms: JSON uses its @name, text its
 * @label ("" = none, NULL = same as @name). A command's output is held back
 * until out_end(), so that a dump can start again and a refused command
 * prints nothing.
 */
#ifndef UMCTL_OUT_H
#define UMCTL_OUT_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

enum out_form {
	OUT_TEXT,	/* one line per object */
	OUT_JSON,	/* one array per command */
};

void out_form_set(enum out_form form);
bool out_is_json(void);

/* The output of a command. _restart forgets what was printed since _begin;
 * _abort forgets all of it. _end returns what to exit with.
 */
void out_begin(void);
void out_restart(void);
void out_abort(void);
int out_end(void);

/* A stream instead: every object is a line of its own, written at once. */
void out_stream(void);
int out_stream_flush(void);

void out_object_open(void);
void out_object_close(void);

/* Objects from here on belong to section @name: a heading in text, their first
 * value in JSON. A section without an object says "none" in text.
 */
void out_section(const char *name);

/* Hides addresses from here to the end of the output: an address, and a prefix that is one or
 * nearly so, is printed without its last 64 bits, an endpoint not at all.
 */
void out_hide_addresses(void);

/* An object inside one; a second, indented line of text, or after @label, which may be "". */
void out_nest_open(const char *name, const char *label);
void out_nest_close(void);

/* Several values of one name: an array, whose elements have none. */
void out_list_open(const char *name);
void out_list_close(void);

void out_string(const char *name, const char *label, const char *value);
void out_uint(const char *name, const char *label, uint64_t value);
void out_in6(const char *name, const char *label, const struct in6_addr *addr);

/* An IPv4 address is the first 4 bytes. */
void out_in4(const char *name, const char *label, const struct in6_addr *addr);

/* Text says words[value]; without words, @label when the value is true. */
void out_bool(const char *name, const char *label, bool value, const char *const *words);

/* Two values that text joins: addr/plen, [addr]:port, first-last. */
void out_prefix(const char *name, const char *label, const struct in6_addr *addr,
		const char *plen_name, uint8_t plen);
void out_prefix4(const char *name, const char *label, const struct in6_addr *addr,
		 const char *plen_name, uint8_t plen);
void out_endpoint(const char *name, const char *label, const struct in6_addr *addr,
		  const char *port_name, uint16_t port);

void out_range(const char *name, const char *label, uint32_t first,
	       const char *last_name, uint32_t last);

/* An index in JSON, the device's name in text. */
void out_ifindex(const char *name, const char *label, uint32_t ifindex);

#endif /* UMCTL_OUT_H */
