/* SPDX-License-Identifier: GPL-2.0 */
/* This file owns the contract of ask.c: asking name servers. */
#ifndef UMX_RESOLVED_ASK_H
#define UMX_RESOLVED_ASK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ask;

/* Gets the answer, which it may change; NULL: nobody has answered. The ask is
 * over then, and not to be cancelled any more.
 */
typedef void (*ask_done)(void *arg, uint8_t *wire, size_t len);

/* Ask the message @wire, whose number does not matter, of one name server after
 * the other; by TCP if @tcp. With @whole a truncated answer is asked for again
 * by TCP. NULL: nobody can be asked.
 */
struct ask *ask_start(const uint8_t *wire, size_t len, bool tcp, bool whole, ask_done done,
		      void *arg);
void ask_cancel(struct ask *ask);

#endif /* UMX_RESOLVED_ASK_H */
