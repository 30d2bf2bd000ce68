// SPDX-License-Identifier: GPL-2.0
/* This file owns the counters, their names and their sentences. */
#include "count.h"

static uint64_t values[COUNT_MAX];

static const struct {
	const char *name;
	const char *explain;
} texts[COUNT_MAX] = {
	[COUNT_QUESTIONS] = { "questions", "questions of programs" },
	[COUNT_ASKED] = { "asked", "questions sent to name servers, repetitions included" },
	[COUNT_RELAYED] = { "relayed", "answers of name servers, passed on as they were" },
	[COUNT_MADE_A] = { "made_a", "answers made: A records of addresses of the spool" },
	[COUNT_MADE_PTR] = { "made_ptr", "answers made: the name of an address of the spool" },
	[COUNT_PAIRS] = { "pairs", "pairs the kernel was asked for, those that existed included" },
	[COUNT_TRUNCATED] = { "truncated", "answers too long for UDP, or for a message: told to ask by TCP" },
	[COUNT_AGAIN_TCP] = { "again_tcp", "questions asked again by TCP, the answer being truncated" },
	[COUNT_NEXT_SERVER] = { "next_server", "questions a name server refused or failed, asked of the next one" },
	[COUNT_REPEATED] = { "repeated", "dropped: the same question again while it is being answered" },
	[COUNT_VALIDATOR] = { "validator", "answers left as they were: who asked validates DNSSEC (DO and CD)" },
	[COUNT_NO_SPOOL] = { "no_spool", "answers left as they were: the kernel has no spool" },
	[COUNT_UNUSABLE] = { "unusable", "IPv6 addresses no IPv4 address can stand for" },
	[COUNT_NO_PAIR] = { "no_pair", "NXDOMAIN: an address of the spool that stands for nobody" },
	[COUNT_QUESTION_SHORT] = { "question_short", "dropped: not even the header of a question" },
	[COUNT_QUESTION_FORMAT] = { "question_format", "FORMERR: not one well-formed question" },
	[COUNT_QUESTION_OPCODE] = { "question_opcode", "NOTIMP: not a query" },
	[COUNT_QUESTION_TRANSFER] = { "question_transfer", "REFUSED: a zone transfer" },
	[COUNT_USER_SHARE] = { "user_share", "SERVFAIL: too many questions at a time, most of them this user's" },
	[COUNT_MAKE_RATE] = { "make_rate", "SERVFAIL: too many pairs in a second" },
	[COUNT_SPOOL_FULL] = { "spool_full", "SERVFAIL: every address of the spool is in use" },
	[COUNT_KERNEL] = { "kernel", "SERVFAIL: the kernel refused a pair; the journal says why" },
	[COUNT_NO_SERVER] = { "no_server", "SERVFAIL: no name server is known" },
	[COUNT_NO_SOCKET] = { "no_socket", "times no socket could be had, for a name server or a program's connection" },
	[COUNT_TIMEOUT] = { "timeout", "SERVFAIL: no name server has answered" },
	[COUNT_AAAA_FAILED] = { "aaaa_failed", "failures passed on: there is no A record, and none can be made" },
	[COUNT_ANSWER_FOREIGN] = { "answer_foreign", "dropped: not the answer to what was asked" },
	[COUNT_ANSWER_BROKEN] = { "answer_broken", "SERVFAIL: an answer that cannot be read" },
	[COUNT_CONNECTIONS] = { "connections", "connections closed: there are too many, most of them this user's" },
	[COUNT_CONNECTION_LENGTH] = { "connection_length", "connections closed: a question too short or too long" },
	[COUNT_CONNECTION_IDLE] = { "connection_idle", "connections closed: nothing was asked" },
	[COUNT_CONNECTION_SLOW] = { "connection_slow", "connections closed: answers are not read" },
	[COUNT_NOT_SENT] = { "not_sent", "answers lost: the socket did not take them" },
	[COUNT_NO_MEMORY] = { "no_memory", "questions dropped for want of memory" },
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
