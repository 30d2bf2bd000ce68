/* SPDX-License-Identifier: GPL-2.0 */
/* This file owns the contract of count.c: counters of what was asked, made up and refused. */
#ifndef UMX_RESOLVED_COUNT_H
#define UMX_RESOLVED_COUNT_H

#include <stdint.h>

/* Each with its sentence in count.c. The names are for ever. */
enum count {
	COUNT_QUESTIONS,
	COUNT_ASKED,
	COUNT_RELAYED,
	COUNT_MADE_A,
	COUNT_MADE_PTR,
	COUNT_PAIRS,
	COUNT_TRUNCATED,
	COUNT_AGAIN_TCP,
	COUNT_NEXT_SERVER,
	COUNT_REPEATED,
	COUNT_VALIDATOR,
	COUNT_NO_SPOOL,
	COUNT_UNUSABLE,
	COUNT_NO_PAIR,
	COUNT_QUESTION_SHORT,
	COUNT_QUESTION_FORMAT,
	COUNT_QUESTION_OPCODE,
	COUNT_QUESTION_TRANSFER,
	COUNT_USER_SHARE,
	COUNT_MAKE_RATE,
	COUNT_SPOOL_FULL,
	COUNT_KERNEL,
	COUNT_NO_SERVER,
	COUNT_NO_SOCKET,
	COUNT_TIMEOUT,
	COUNT_AAAA_FAILED,
	COUNT_ANSWER_FOREIGN,
	COUNT_ANSWER_BROKEN,
	COUNT_CONNECTIONS,
	COUNT_CONNECTION_LENGTH,
	COUNT_CONNECTION_IDLE,
	COUNT_CONNECTION_SLOW,
	COUNT_NOT_SENT,
	COUNT_NO_MEMORY,

	COUNT_MAX
};

void count(enum count which);
uint64_t count_value(enum count which);
const char *count_name(enum count which);
const char *count_explain(enum count which);

#endif /* UMX_RESOLVED_COUNT_H */
