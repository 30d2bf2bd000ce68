/* SPDX-License-Identifier: GPL-2.0 */
/* This file owns the contract of count.c: counters of what was asked and refused. */
#ifndef UMX_DNS_COUNT_H
#define UMX_DNS_COUNT_H

#include <stdint.h>

/* Each with its sentence in count.c. The names are for ever. */
enum count {
	COUNT_QUESTIONS,
	COUNT_LEASED,
	COUNT_HELD,
	COUNT_FORWARDED,
	COUNT_CLAIMED,
	COUNT_EXPIRED,
	COUNT_ANSWERED_PEER,
	COUNT_NO_NAME,
	COUNT_EXPIRED_NAME,
	COUNT_ELSEWHERE,
	COUNT_NAME_RATE,
	COUNT_NAME_LEASES,
	COUNT_NAME_USES,
	COUNT_RATE,
	COUNT_LEASES,
	COUNT_KERNEL,
	COUNT_STATE,
	COUNT_PEER_DOWN,
	COUNT_PEER_BUSY,
	COUNT_MALFORMED,
	COUNT_EVENTS_LOST,
	COUNT_PEER_REFUSED,
	COUNT_CONNECTIONS,
	COUNT_NAME_SHARE,

	COUNT_MAX
};

void count(enum count which);
uint64_t count_value(enum count which);
const char *count_name(enum count which);
const char *count_explain(enum count which);

#endif /* UMX_DNS_COUNT_H */
