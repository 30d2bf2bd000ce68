// SPDX-License-Identifier: GPL-2.0
/* This file owns the counters, their names and their sentences. */
#include "count.h"

static uint64_t values[COUNT_MAX];

static const struct {
	const char *name;
	const char *explain;
} texts[COUNT_MAX] = {
	[COUNT_QUESTIONS] = { "questions", "questions of PowerDNS" },
	[COUNT_LEASED] = { "leased", "addresses given out" },
	[COUNT_HELD] = { "held", "questions asked again, answered with the address of the first" },
	[COUNT_FORWARDED] = { "forwarded", "questions another host was asked" },
	[COUNT_CLAIMED] = { "claimed", "addresses that got their connection" },
	[COUNT_EXPIRED] = { "expired", "addresses nobody came to" },
	[COUNT_ANSWERED_PEER] = { "answered_peer", "questions of other hosts" },
	[COUNT_NO_NAME] = { "no_name", "refused: there is no such name, or no longer" },
	[COUNT_EXPIRED_NAME] = { "name_expired", "names whose time was over" },
	[COUNT_ELSEWHERE] = { "elsewhere", "refused: the client is not in the name's prefix" },
	[COUNT_NAME_RATE] = { "name_rate", "refused: too many addresses of the name in a minute" },
	[COUNT_NAME_LEASES] = { "name_leases", "refused: too many addresses of the name wait" },
	[COUNT_NAME_USES] = { "name_uses", "refused: the name's uses are used or given out" },
	[COUNT_RATE] = { "rate", "refused: too many addresses in a second, all names together" },
	[COUNT_LEASES] = { "leases", "refused: too many addresses wait, all names together" },
	[COUNT_KERNEL] = { "kernel", "refused: the kernel leased none; the journal says why" },
	[COUNT_STATE] = { "state", "refused: the use could not be written down" },
	[COUNT_PEER_DOWN] = { "peer_down", "refused: none of the hosts of the name answers" },
	[COUNT_PEER_BUSY] = { "peer_busy", "refused: too many questions to another host are open" },
	[COUNT_MALFORMED] = { "malformed", "connections closed for what is not a question" },
	[COUNT_EVENTS_LOST] = { "events_lost", "times the kernel's events came too fast" },
	[COUNT_PEER_REFUSED] = { "peer_refused", "other hosts sent away: no certificate, or not a peer" },
	[COUNT_NAME_SHARE] = { "name_share", "refused: the name had half of all addresses of the second" },
	[COUNT_CONNECTIONS] = { "connections", "connections closed: there are too many" },
};

void count(enum count which)
{
	values[which]++;
}

uint64_t count_value(enum count which)
{
	return values[which];
}

const char *count_name(enum count which)
{
	return texts[which].name;
}

const char *count_explain(enum count which)
{
	return texts[which].explain;
}
