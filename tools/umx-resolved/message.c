// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns DNS messages. Reading them is the library's; here is what is
 * looked for in them, and what answers of our own look like.
 *
 * An answer of our own has no AD: the records in it are no zone's. Signatures
 * of aliases are kept for those who asked for them (DO), those of the AAAA
 * records are not (RFC 6147, 5.5).
 */
#include <ctype.h>
/* before the library's, which makes a bool of its own else */
#include <stdbool.h>
#include <ldns/ldns.h>
#include <stdlib.h>
#include <string.h>

#include "arpa.h"
#include "message.h"

/* What EDNS says of us. */
#define EDNS_SIZE	1232
#define UDP_MIN		512
/* Aliases of aliases: more is a loop. */
#define ALIASES_MAX	16
/* Records of others in an answer of ours: making names short (compression) takes
 * time that grows with all that are there.
 */
#define COPIES_MAX	32
#define NEGATIVE_TTL	600
#define TYPE_IXFR	251
#define TYPE_AXFR	252

#define QR	0x80
#define TC	0x02

static uint16_t get16(const uint8_t *at)
{
	return at[0] << 8 | at[1];
}

static ldns_pkt *parse(const uint8_t *wire, size_t len)
{
	ldns_pkt *pkt;

	return ldns_wire2pkt(&pkt, wire, len) == LDNS_STATUS_OK ? pkt : NULL;
}

/* --- questions --- */

/* The name is as it is on the wire, so that we know where the type is. */
static bool name_take(const ldns_rr *rr, const uint8_t *wire, size_t len,
		      struct question *question)
{
	const ldns_rdf *owner = ldns_rr_owner(rr);
	size_t size = ldns_rdf_size(owner);

	if (size > NAME_SIZE || HEADER_SIZE + size + 4 > len ||
	    memcmp(wire + HEADER_SIZE, ldns_rdf_data(owner), size))
		return false;
	memcpy(question->name, ldns_rdf_data(owner), size);
	question->name_len = size;
	question->type = ldns_rr_get_type(rr);
	question->class = ldns_rr_get_class(rr);
	return true;
}

static bool question_take(const ldns_pkt *pkt, const uint8_t *wire, size_t len,
			  struct question *question)
{
	const ldns_rr_list *list = ldns_pkt_question(pkt);

	if (ldns_pkt_qdcount(pkt) != 1 || ldns_rr_list_rr_count(list) != 1 ||
	    !name_take(ldns_rr_list_rr(list, 0), wire, len, question))
		return false;
	question->edns = ldns_pkt_edns(pkt);
	question->dnssec = ldns_pkt_edns_do(pkt);
	if (question->edns && ldns_pkt_edns_udp_size(pkt) > UDP_MIN)
		question->limit = ldns_pkt_edns_udp_size(pkt);
	return true;
}

enum fault question_read(const uint8_t *wire, size_t len, struct question *question)
{
	ldns_pkt *pkt;
	bool good;

	memset(question, 0, sizeof(*question));
	question->limit = UDP_MIN;
	if (len < HEADER_SIZE || wire[2] & QR)
		return FAULT_SHORT;
	question->id = get16(wire);
	question->opcode = LDNS_OPCODE_WIRE(wire);
	question->recurse = LDNS_RD_WIRE(wire);
	question->unchecked = LDNS_CD_WIRE(wire);
	if (question->opcode != LDNS_PACKET_QUERY)
		return FAULT_OPCODE;
	pkt = len <= QUESTION_MAX ? parse(wire, len) : NULL;
	good = pkt && question_take(pkt, wire, len, question);
	ldns_pkt_free(pkt);
	if (!good)
		return FAULT_FORMAT;
	return question->type == TYPE_AXFR || question->type == TYPE_IXFR ? FAULT_TRANSFER :
									     FAULT_NONE;
}

void question_retype(uint8_t *wire, const struct question *question, uint16_t type)
{
	uint8_t *at = wire + HEADER_SIZE + question->name_len;

	at[0] = type >> 8;
	at[1] = type;
}

/* --- making messages --- */

static ldns_rdf *name_new(const uint8_t *name, size_t len)
{
	return ldns_rdf_new_frm_data(LDNS_RDF_TYPE_DNAME, len, name);
}

static bool question_put(ldns_pkt *pkt, const uint8_t *name, size_t len, uint16_t type,
			 uint16_t class)
{
	ldns_rr *rr = ldns_rr_new();
	ldns_rdf *owner = name_new(name, len);

	if (!rr || !owner) {
		ldns_rr_free(rr);
		ldns_rdf_deep_free(owner);
		return false;
	}
	ldns_rr_set_owner(rr, owner);
	ldns_rr_set_type(rr, type);
	ldns_rr_set_class(rr, class);
	ldns_rr_set_question(rr, true);
	return ldns_pkt_push_rr(pkt, LDNS_SECTION_QUESTION, rr);
}

/* A message with the flags of @question, and no question yet. */
static ldns_pkt *pkt_new(const struct question *question, bool answer)
{
	ldns_pkt *pkt = ldns_pkt_new();

	if (!pkt)
		return NULL;
	ldns_pkt_set_id(pkt, question->id);
	ldns_pkt_set_qr(pkt, answer);
	ldns_pkt_set_opcode(pkt, question->opcode);
	ldns_pkt_set_rd(pkt, question->recurse);
	ldns_pkt_set_ra(pkt, answer);
	ldns_pkt_set_cd(pkt, question->unchecked);
	if (question->edns) {
		ldns_pkt_set_edns_udp_size(pkt, answer ? EDNS_SIZE : question->limit);
		ldns_pkt_set_edns_do(pkt, question->dnssec);
	}
	return pkt;
}

static ldns_pkt *answer_new(const struct question *question)
{
	ldns_pkt *pkt = pkt_new(question, true);

	if (pkt && question_put(pkt, question->name, question->name_len, question->type,
				question->class))
		return pkt;
	ldns_pkt_free(pkt);
	return NULL;
}

/* The message itself; @pkt is gone. */
static uint8_t *pkt_wire(ldns_pkt *pkt, bool good, size_t *len)
{
	uint8_t *wire = NULL;

	if (pkt && good && ldns_pkt2wire(&wire, pkt, len) != LDNS_STATUS_OK)
		wire = NULL;
	ldns_pkt_free(pkt);
	return wire;
}

uint8_t *question_reverse(const struct question *question, const struct in6_addr *addr,
			  size_t *len)
{
	ldns_pkt *pkt = pkt_new(question, false);
	uint8_t name[ARPA6_SIZE];

	arpa_write6(addr, name);
	return pkt_wire(pkt, pkt && question_put(pkt, name, sizeof(name), TYPE_PTR,
						 LDNS_RR_CLASS_IN), len);
}

/* --- answers --- */

/* Letters of either case are the same; a label's length is never a letter. */
static bool same_name(const uint8_t *a, const uint8_t *b, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if (tolower(a[i]) != tolower(b[i]))
			return false;
	return true;
}

/* Where the question after the header ends; 0: nowhere. */
static size_t question_end(const uint8_t *wire, size_t len)
{
	size_t at = HEADER_SIZE;

	while (at < len && wire[at] && wire[at] < 64)
		at += 1 + wire[at];
	at += 1 + 4;
	return at <= len && !wire[at - 5] ? at : 0;
}

bool answer_belongs(const uint8_t *wire, size_t len, const uint8_t *asked, size_t asked_len)
{
	size_t end = question_end(asked, asked_len);

	return end && len >= end && get16(wire) == get16(asked) && wire[2] & QR &&
	       LDNS_OPCODE_WIRE(wire) == LDNS_OPCODE_WIRE(asked) && LDNS_QDCOUNT(wire) == 1 &&
	       same_name(wire + HEADER_SIZE, asked + HEADER_SIZE, end - 4 - HEADER_SIZE) &&
	       !memcmp(wire + end - 4, asked + end - 4, 4);
}

bool answer_truncated(const uint8_t *wire)
{
	return wire[2] & TC;
}

unsigned int answer_rcode(const uint8_t *wire)
{
	return LDNS_RCODE_WIRE(wire);
}

/* Not the library's comparison, which takes memory for every label: who answers
 * chooses how many records there are to look through.
 */
static bool rdf_same(const ldns_rdf *a, const ldns_rdf *b)
{
	return ldns_rdf_size(a) == ldns_rdf_size(b) &&
	       same_name(ldns_rdf_data(a), ldns_rdf_data(b), ldns_rdf_size(a));
}

static const ldns_rdf *data_of(const ldns_rr *rr, size_t size)
{
	const ldns_rdf *data = ldns_rr_rdf(rr, 0);

	return data && (!size || ldns_rdf_size(data) == size) ? data : NULL;
}

static bool rr_is(const ldns_rr *rr, ldns_rr_type type)
{
	return ldns_rr_get_type(rr) == type && ldns_rr_get_class(rr) == LDNS_RR_CLASS_IN &&
	       data_of(rr, 0);
}

static enum verdict pkt_judge(const ldns_pkt *pkt, uint16_t type)
{
	const ldns_rr_list *list = ldns_pkt_answer(pkt);
	size_t i;

	if (ldns_pkt_edns_extended_rcode(pkt))
		return VERDICT_FAILED;
	if (ldns_pkt_get_rcode(pkt) != LDNS_RCODE_NOERROR)
		return ldns_pkt_get_rcode(pkt) == LDNS_RCODE_NXDOMAIN ? VERDICT_NO_NAME :
									 VERDICT_FAILED;
	for (i = 0; i < ldns_rr_list_rr_count(list); i++)
		if (rr_is(ldns_rr_list_rr(list, i), type))
			return VERDICT_SOME;
	return VERDICT_NONE;
}

enum verdict answer_judge(const uint8_t *wire, size_t len, uint16_t type)
{
	ldns_pkt *pkt = parse(wire, len);
	enum verdict verdict = pkt ? pkt_judge(pkt, type) : VERDICT_BROKEN;

	ldns_pkt_free(pkt);
	return verdict;
}

static const ldns_rdf *alias_of(const ldns_rr_list *list, const ldns_rdf *name)
{
	const ldns_rr *rr;
	size_t i;

	for (i = 0; i < ldns_rr_list_rr_count(list); i++) {
		rr = ldns_rr_list_rr(list, i);
		if (rr_is(rr, LDNS_RR_TYPE_CNAME) && rdf_same(ldns_rr_owner(rr), name))
			return data_of(rr, 0);
	}
	return NULL;
}

/* The name all aliases of @name end at; NULL: they do not. */
static const ldns_rdf *aliases_end(const ldns_rr_list *list, const ldns_rdf *name)
{
	const ldns_rdf *next;
	int i;

	for (i = 0; i <= ALIASES_MAX; i++) {
		next = alias_of(list, name);
		if (!next)
			return name;
		name = next;
	}
	return NULL;
}

static bool host_usable(const struct in6_addr *addr)
{
	return !IN6_IS_ADDR_V4MAPPED(addr) && !IN6_IS_ADDR_LINKLOCAL(addr) &&
	       !IN6_IS_ADDR_LOOPBACK(addr) && !IN6_IS_ADDR_UNSPECIFIED(addr) &&
	       !IN6_IS_ADDR_MULTICAST(addr);
}

static void host_add(struct hosts *hosts, unsigned int most, const ldns_rr *rr)
{
	struct in6_addr addr;
	unsigned int i;

	memcpy(&addr, ldns_rdf_data(data_of(rr, 0)), sizeof(addr));
	if (!host_usable(&addr)) {
		hosts->unusable++;
		return;
	}
	if (ldns_rr_ttl(rr) < hosts->ttl)
		hosts->ttl = ldns_rr_ttl(rr);
	for (i = 0; i < hosts->count; i++)
		if (IN6_ARE_ADDR_EQUAL(&hosts->addr[i], &addr))
			return;
	if (hosts->count < most)
		hosts->addr[hosts->count++] = addr;
}

bool answer_hosts(const uint8_t *wire, size_t len, const struct question *question,
		  unsigned int most, struct hosts *hosts)
{
	ldns_rdf *name = name_new(question->name, question->name_len);
	ldns_pkt *pkt = parse(wire, len);
	const ldns_rr_list *list = pkt ? ldns_pkt_answer(pkt) : NULL;
	const ldns_rdf *end = list && name ? aliases_end(list, name) : NULL;
	const ldns_rr *rr;
	size_t i;

	*hosts = (struct hosts){ .ttl = UINT32_MAX };
	for (i = 0; end && i < ldns_rr_list_rr_count(list); i++) {
		rr = ldns_rr_list_rr(list, i);
		if (rr_is(rr, LDNS_RR_TYPE_AAAA) && data_of(rr, sizeof(struct in6_addr)) &&
		    rdf_same(ldns_rr_owner(rr), end))
			host_add(hosts, most, rr);
	}
	ldns_pkt_free(pkt);
	ldns_rdf_deep_free(name);
	return hosts->count;
}

uint32_t answer_negative_ttl(const uint8_t *wire, size_t len)
{
	ldns_pkt *pkt = parse(wire, len);
	const ldns_rr_list *list = pkt ? ldns_pkt_authority(pkt) : NULL;
	uint32_t ttl = NEGATIVE_TTL;
	size_t i;

	for (i = 0; list && i < ldns_rr_list_rr_count(list); i++)
		if (rr_is(ldns_rr_list_rr(list, i), LDNS_RR_TYPE_SOA))
			ttl = ldns_rr_ttl(ldns_rr_list_rr(list, i));
	ldns_pkt_free(pkt);
	return ttl;
}

/* --- answers of our own --- */

/* RFC 8914: the code in two bytes, then a text. */
static bool ede_put(ldns_pkt *pkt, int ede, const char *text)
{
	size_t len = text ? strlen(text) : 0;
	uint8_t option[128] = { 0, 15, 0, 2 + len, ede >> 8, ede };
	ldns_rdf *data;

	if (len > sizeof(option) - 6)
		return false;
	if (len)
		memcpy(option + 6, text, len);
	data = ldns_rdf_new_frm_data(LDNS_RDF_TYPE_UNKNOWN, 6 + len, option);
	if (data)
		ldns_pkt_set_edns_data(pkt, data);
	return data;
}

uint8_t *message_error(const struct question *question, unsigned int rcode, int ede,
		       const char *text, size_t *len)
{
	/* What could not be read is not repeated. */
	ldns_pkt *pkt = question->name_len ? answer_new(question) : pkt_new(question, true);
	bool good = pkt;

	if (good)
		ldns_pkt_set_rcode(pkt, rcode);
	if (good && ede != EDE_NONE && question->edns)
		good = ede_put(pkt, ede, text);
	return pkt_wire(pkt, good, len);
}

uint8_t *message_truncated(const struct question *question, size_t *len)
{
	ldns_pkt *pkt = answer_new(question);

	if (pkt)
		ldns_pkt_set_tc(pkt, true);
	return pkt_wire(pkt, pkt, len);
}

static bool rr_copy(ldns_pkt *pkt, ldns_pkt_section section, const ldns_rr *rr)
{
	ldns_rr *copy = ldns_rr_clone(rr);

	return copy && ldns_pkt_push_rr(pkt, section, copy);
}

/* An alias, or its signature for who wants it. */
static bool is_alias(const ldns_rr *rr, bool dnssec)
{
	ldns_rr_type type = ldns_rr_get_type(rr);

	if (type == LDNS_RR_TYPE_RRSIG && dnssec && data_of(rr, sizeof(uint16_t)))
		type = get16(ldns_rdf_data(data_of(rr, 0)));
	return type == LDNS_RR_TYPE_CNAME || type == LDNS_RR_TYPE_DNAME;
}

static bool aliases_copy(ldns_pkt *pkt, const ldns_rr_list *list, bool dnssec)
{
	unsigned int copies = 0;
	bool good = true;
	size_t i;

	for (i = 0; good && i < ldns_rr_list_rr_count(list); i++)
		if (is_alias(ldns_rr_list_rr(list, i), dnssec))
			good = copies++ < COPIES_MAX &&
			       rr_copy(pkt, LDNS_SECTION_ANSWER, ldns_rr_list_rr(list, i));
	return good;
}

/* A record of one datum, which is ours then. */
static bool rr_put(ldns_pkt *pkt, const ldns_rdf *name, ldns_rr_type type, uint32_t ttl,
		   ldns_rdf *data)
{
	ldns_rdf *owner = ldns_rdf_clone(name);
	ldns_rr *rr = ldns_rr_new();

	if (!rr || !owner || !data || !ldns_rr_push_rdf(rr, data)) {
		ldns_rdf_deep_free(data);
		ldns_rdf_deep_free(owner);
		ldns_rr_free(rr);
		return false;
	}
	ldns_rr_set_owner(rr, owner);
	ldns_rr_set_type(rr, type);
	ldns_rr_set_class(rr, LDNS_RR_CLASS_IN);
	ldns_rr_set_ttl(rr, ttl);
	return ldns_pkt_push_rr(pkt, LDNS_SECTION_ANSWER, rr);
}

static bool addresses_put(ldns_pkt *pkt, const ldns_rdf *name, const struct in_addr *addrs,
			  unsigned int count, uint32_t ttl)
{
	unsigned int i;

	for (i = 0; i < count; i++)
		if (!rr_put(pkt, name, LDNS_RR_TYPE_A, ttl,
			    ldns_rdf_new_frm_data(LDNS_RDF_TYPE_A, sizeof(addrs[i]), &addrs[i])))
			return false;
	return true;
}

uint8_t *message_a(const struct question *question, const uint8_t *wire, size_t wire_len,
		   const struct in_addr *addrs, unsigned int count, uint32_t ttl, size_t *len)
{
	ldns_rdf *name = name_new(question->name, question->name_len);
	ldns_pkt *pkt = answer_new(question), *from = parse(wire, wire_len);
	const ldns_rdf *end = NULL;
	uint8_t *made;
	bool good;

	if (from && name)
		end = aliases_end(ldns_pkt_answer(from), name);
	good = pkt && end && aliases_copy(pkt, ldns_pkt_answer(from), question->dnssec) &&
	       addresses_put(pkt, end, addrs, count, ttl);
	made = pkt_wire(pkt, good, len);
	ldns_pkt_free(from);
	ldns_rdf_deep_free(name);
	return made;
}

static bool section_copy(ldns_pkt *pkt, ldns_pkt_section section, const ldns_rr_list *list)
{
	bool good = ldns_rr_list_rr_count(list) <= COPIES_MAX;
	size_t i;

	for (i = 0; good && i < ldns_rr_list_rr_count(list); i++)
		good = rr_copy(pkt, section, ldns_rr_list_rr(list, i));
	return good;
}

/* The alias is good for now: the pair may be another host's soon. */
static bool reverse_put(ldns_pkt *pkt, const struct question *question, const ldns_pkt *from)
{
	const ldns_rr *asked = ldns_rr_list_rr(ldns_pkt_question(from), 0);
	ldns_rdf *name = name_new(question->name, question->name_len);
	bool good = asked && name &&
		    rr_put(pkt, name, LDNS_RR_TYPE_CNAME, 0, ldns_rdf_clone(ldns_rr_owner(asked)));

	ldns_rdf_deep_free(name);
	return good && section_copy(pkt, LDNS_SECTION_ANSWER, ldns_pkt_answer(from)) &&
	       section_copy(pkt, LDNS_SECTION_AUTHORITY, ldns_pkt_authority(from));
}

uint8_t *message_ptr(const struct question *question, const uint8_t *wire, size_t wire_len,
		     size_t *len)
{
	ldns_pkt *pkt = answer_new(question), *from = parse(wire, wire_len);
	bool good = pkt && from && reverse_put(pkt, question, from);
	uint8_t *made;

	if (good)
		ldns_pkt_set_rcode(pkt, ldns_pkt_get_rcode(from));
	made = pkt_wire(pkt, good, len);
	ldns_pkt_free(from);
	return made;
}
