/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns the contract of message.c: DNS messages as programs and name
 * servers send them, read and made by ldns. Nothing here has state.
 *
 * What is made is to be freed; NULL: no memory.
 */
#ifndef UMX_RESOLVED_MESSAGE_H
#define UMX_RESOLVED_MESSAGE_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HEADER_SIZE	12
#define NAME_SIZE	255
#define MESSAGE_MAX	65535

/* A question with all its options; what is longer is none. */
#define QUESTION_MAX	4096

/* Extended errors (RFC 8914), for those who asked with EDNS. */
#define EDE_NONE	-1
#define EDE_OTHER	0
#define EDE_NO_REACHABLE_AUTHORITY	22

enum { TYPE_A = 1, TYPE_PTR = 12, TYPE_AAAA = 28 };
enum { RCODE_NOERROR, RCODE_FORMERR, RCODE_SERVFAIL, RCODE_NXDOMAIN, RCODE_NOTIMP, RCODE_REFUSED };

/**
 * struct question - what a program asks
 * @id: its number for it.
 * @opcode: what it wants; 0 is a query.
 * @name: of which name, as on the wire; @name_len bytes.
 * @type: of which type; 0 until the question was read so far.
 * @class: of which class; 1 is the Internet's.
 * @recurse: RD; @unchecked: CD.
 * @edns: it has EDNS; @dnssec: with DO.
 * @limit: how long an answer by UDP may be.
 */
struct question {
	uint16_t id;
	uint8_t opcode;
	uint8_t name[NAME_SIZE];
	uint8_t name_len;
	uint16_t type;
	uint16_t class;
	bool recurse;
	bool unchecked;
	bool edns;
	bool dnssec;
	uint16_t limit;
};

/**
 * enum fault - what is wrong with a question
 * @FAULT_NONE: nothing.
 * @FAULT_SHORT: it is shorter than a header, or an answer: not to be answered.
 * @FAULT_FORMAT: FORMERR; @FAULT_OPCODE: NOTIMP; @FAULT_TRANSFER: REFUSED.
 */
enum fault {
	FAULT_NONE,
	FAULT_SHORT,
	FAULT_FORMAT,
	FAULT_OPCODE,
	FAULT_TRANSFER,
};

enum fault question_read(const uint8_t *wire, size_t len, struct question *question);

/* The same question of another type, in place: @wire was read to @question. */
void question_retype(uint8_t *wire, const struct question *question, uint16_t type);

/* The PTR question of the host @addr, with the flags of @question. */
uint8_t *question_reverse(const struct question *question, const struct in6_addr *addr,
			  size_t *len);

/**
 * enum verdict - what an answer says to a question of one type
 * @VERDICT_BROKEN: nothing that can be read.
 * @VERDICT_SOME: there are such records.
 * @VERDICT_NONE: the name is there, without such records (NODATA).
 * @VERDICT_NO_NAME: the name is not there (NXDOMAIN).
 * @VERDICT_FAILED: another response code.
 */
enum verdict {
	VERDICT_BROKEN,
	VERDICT_SOME,
	VERDICT_NONE,
	VERDICT_NO_NAME,
	VERDICT_FAILED,
};

/* Whether @wire can be the answer to @asked: its number, its question. */
bool answer_belongs(const uint8_t *wire, size_t len, const uint8_t *asked, size_t asked_len);
bool answer_truncated(const uint8_t *wire);
unsigned int answer_rcode(const uint8_t *wire);
enum verdict answer_judge(const uint8_t *wire, size_t len, uint16_t type);

/**
 * struct hosts - hosts a name leads to
 * @addr: their addresses, in the order of the answer; @count of them.
 * @ttl: seconds for which this is so.
 * @unusable: further ones that no IPv4 address can stand for.
 */
#define HOSTS_MAX	16

struct hosts {
	struct in6_addr addr[HOSTS_MAX];
	unsigned int count;
	uint32_t ttl;
	unsigned int unusable;
};

/* The first @most hosts of an answer with AAAA records. */
bool answer_hosts(const uint8_t *wire, size_t len, const struct question *question,
		  unsigned int most, struct hosts *hosts);

/* For how long "no such records" may be believed (RFC 6147 5.1.7). */
uint32_t answer_negative_ttl(const uint8_t *wire, size_t len);

/* The answer @rcode, with an extended error, and with "truncated". */
uint8_t *message_error(const struct question *question, unsigned int rcode, int ede,
		       const char *text, size_t *len);
uint8_t *message_truncated(const struct question *question, size_t *len);

/* A records: the aliases of the AAAA answer @wire, then @addrs. */
uint8_t *message_a(const struct question *question, const uint8_t *wire, size_t wire_len,
		   const struct in_addr *addrs, unsigned int count, uint32_t ttl, size_t *len);

/* An alias to the name that @wire answers for, then that answer. */
uint8_t *message_ptr(const struct question *question, const uint8_t *wire, size_t wire_len,
		     size_t *len);

#endif /* UMX_RESOLVED_MESSAGE_H */
