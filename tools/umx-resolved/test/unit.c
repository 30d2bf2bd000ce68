// SPDX-License-Identifier: GPL-2.0
/* This file owns the unit tests of umx-resolved's pure parts. */
#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sample.h"

#include "arpa.h"
#include "config.h"
#include "message.h"
#include "user.h"

/* --- addresses and names --- */

static bool arpa_of(const char *text, struct in_addr *addr)
{
	ldns_rdf *name = ldns_dname_new_frm_str(text);
	bool good = arpa_read4(ldns_rdf_data(name), ldns_rdf_size(name), addr);

	ldns_rdf_deep_free(name);
	return good;
}

static void test_arpa(void **state)
{
	static const char *const bad[] = {
		".", "arpa.", "in-addr.arpa.", "1.2.3.in-addr.arpa.", "1.2.3.4.5.in-addr.arpa.",
		"256.2.3.4.in-addr.arpa.", "01.2.3.4.in-addr.arpa.", "a.2.3.4.in-addr.arpa.",
		"1.2.3.4.in-addr.arpb.", "1.2.3.4.ip6.arpa.", "1.2.3.4.in-addr.arpa.x.",
		"1234.2.3.4.in-addr.arpa.", "-1.2.3.4.in-addr.arpa.",
	};
	uint8_t name[ARPA6_SIZE];
	struct in6_addr in6;
	struct in_addr addr;
	char *text;
	ldns_rdf *rdf;
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(arpa_of(bad[i], &addr));
	assert_true(arpa_of("10.0.18.198.In-Addr.ARPA.", &addr));
	assert_int_equal(addr.s_addr, inet_addr("198.18.0.10"));
	assert_true(arpa_of("0.255.0.0.in-addr.arpa.", &addr));
	assert_int_equal(addr.s_addr, inet_addr("0.0.255.0"));

	inet_pton(AF_INET6, "2001:db8:b::a1", &in6);
	arpa_write6(&in6, name);
	rdf = ldns_rdf_new_frm_data(LDNS_RDF_TYPE_DNAME, sizeof(name), name);
	text = ldns_rdf2str(rdf);
	assert_string_equal(text, "1.a.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.b.0.0.0.8.b.d.0.1.0.0.2"
				  ".ip6.arpa.");
	free(text);
	ldns_rdf_deep_free(rdf);
}

static FILE *text_file(const char *text)
{
	return fmemopen((void *)text, strlen(text), "r");
}

static void test_servers(void **state)
{
	struct servers servers = {};
	struct server self, other;
	FILE *file;

	assert_true(server_read("127.0.0.46", 53, &self));
	assert_true(server_is_loopback(&self));
	assert_true(server_read("::1", 53, &other) && server_is_loopback(&other));
	assert_true(server_read("2001:db8::53", 53, &other) && !server_is_loopback(&other));
	assert_true(server_read("fe80::1%lo", 53, &other));
	assert_false(server_read("2001:db8::1%lo", 53, &other));
	assert_false(server_read("fe80::1%nosuchdevice", 53, &other));
	assert_false(server_read("127.0.0.1%lo", 53, &other));
	assert_false(server_read("", 53, &other));
	assert_false(server_read("www.example.net", 53, &other));

	file = text_file("# a comment\nsearch example.net\nnameserver\nnameserver 127.0.0.46\n"
			 "nameserver 2001:db8::53 # ours\nnameserver 2001:db8::53\n"
			 "nameserver nonsense\n options edns0\n\tnameserver\t192.0.2.53\n");
	servers_read(&servers, file, &self);
	fclose(file);
	assert_int_equal(servers.count, 2);
	assert_int_equal(servers.list[0].addr.sa.sa_family, AF_INET6);
	assert_int_equal(servers.list[1].addr.sa.sa_family, AF_INET);
	assert_int_equal(ntohs(servers.list[1].addr.in.sin_port), 53);
}

static bool config_of(const char *text, struct config *config)
{
	FILE *file = text_file(text);
	bool good = config_read(config, file, "test");

	fclose(file);
	return good;
}

static void test_config(void **state)
{
	static const char *const bad[] = {
		"#", "server nonsense\n", "server\n", "server ::1 prot 5\n", "server ::1 port\n",
		"server ::1 port 0\n", "server ::1 port 5 x\n", "resolv /x y\n",
		"server ::1\nlisten 192.0.2.1\n", "server ::1\nlisten 2001:db8::1\n",
		"server 127.0.0.46\n", "server ::1\nlisten ::1\n", "server ::1\nttl 0\n",
		"server ::1\nttl 3601\n", "server ::1\nqueries 5 6\n", "server ::1\nnonsense 1\n",
		"server ::1\naddresses 17\n", "server ::1\nuser a-name-that-is-much-too-long-for-one\n",
	};
	struct config config;
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(config_of(bad[i], &config));
	assert_true(config_of("resolv /etc/umx/resolv.conf # x\n", &config));
	assert_string_equal(config.resolv, "/etc/umx/resolv.conf");
	assert_int_equal(config.listen.addr.in.sin_addr.s_addr, inet_addr("127.0.0.46"));
	assert_int_equal(config.ttl, 60);
	assert_true(config_of("server ::1 port 5353\nserver 2001:db8::1\nlisten ::1 port 5300\n"
			      "ttl 5\nuser nobody\n", &config));
	assert_int_equal(config.servers.count, 2);
	assert_int_equal(ntohs(config.servers.list[0].addr.in6.sin6_port), 5353);
	assert_int_equal(config.ttl, 5);
	assert_string_equal(config.user, "nobody");
}

/* --- questions --- */

static enum fault fault_of(const uint8_t *wire, size_t len)
{
	struct question question;

	return question_read(wire, len, &question);
}

static void test_question(void **state)
{
	struct sample sample = { .name = "WWW.example.net.", .type = LDNS_RR_TYPE_A };
	static uint8_t longer[QUESTION_MAX + 1];
	struct question question;
	uint8_t *wire;
	size_t len;

	wire = sample_make(&sample, &len);
	assert_int_equal(question_read(wire, len, &question), FAULT_NONE);
	assert_int_equal(question.id, SAMPLE_ID);
	assert_int_equal(question.type, TYPE_A);
	assert_int_equal(question.class, 1);
	assert_int_equal(question.limit, 512);
	assert_true(question.recurse);
	assert_false(question.edns || question.dnssec || question.unchecked);
	assert_memory_equal(question.name, "\3WWW\7example\3net", question.name_len);
	question_retype(wire, &question, TYPE_AAAA);
	assert_int_equal(question_read(wire, len, &question), FAULT_NONE);
	assert_int_equal(question.type, TYPE_AAAA);

	memcpy(longer, wire, len);
	assert_int_equal(fault_of(longer, sizeof(longer)), FAULT_FORMAT);
	assert_int_equal(fault_of(wire, 11), FAULT_SHORT);
	assert_int_equal(fault_of(wire, 12), FAULT_FORMAT);
	assert_int_equal(fault_of(wire, len - 1), FAULT_FORMAT);
	wire[2] |= 0x80;
	assert_int_equal(fault_of(wire, len), FAULT_SHORT);
	wire[2] = 0x28;		/* UPDATE */
	assert_int_equal(fault_of(wire, len), FAULT_OPCODE);
	wire[2] = 0;
	wire[5] = 2;		/* two questions, of which one is there */
	assert_int_equal(fault_of(wire, len), FAULT_FORMAT);
	wire[5] = 0;
	assert_int_equal(fault_of(wire, len), FAULT_FORMAT);
	free(wire);
}

static void test_question_kinds(void **state)
{
	/* A name that is a pointer into the header, which reads as the root. */
	static const uint8_t pointer[] = { 0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0xc0, 10, 0, 1, 0, 1 };
	struct sample sample = { .name = ".", .type = LDNS_RR_TYPE_AXFR, .edns = 1400,
				 .dnssec = true, .cd = true };
	struct question question;
	uint8_t *wire;
	size_t len;

	assert_int_equal(fault_of(pointer, sizeof(pointer)), FAULT_FORMAT);
	wire = sample_make(&sample, &len);
	assert_int_equal(question_read(wire, len, &question), FAULT_TRANSFER);
	assert_true(question.edns && question.dnssec && question.unchecked);
	assert_int_equal(question.limit, 1400);
	assert_int_equal(question.name_len, 1);
	free(wire);
	sample.edns = 100;
	sample.type = LDNS_RR_TYPE_A;
	wire = sample_make(&sample, &len);
	assert_int_equal(question_read(wire, len, &question), FAULT_NONE);
	assert_int_equal(question.limit, 512);
	free(wire);
}

/* --- answers --- */

static struct question asked(const char *name, ldns_rr_type type, bool dnssec)
{
	struct sample sample = { .name = name, .type = type, .edns = dnssec ? 1232 : 0,
				 .dnssec = dnssec };
	struct question question;
	size_t len;
	uint8_t *wire = sample_make(&sample, &len);

	assert_int_equal(question_read(wire, len, &question), FAULT_NONE);
	free(wire);
	return question;
}

static void test_belongs(void **state)
{
	struct sample question = { .name = "www.example.net.", .type = LDNS_RR_TYPE_A };
	struct sample answer = { .name = "wWw.eXample.net.", .type = LDNS_RR_TYPE_A,
				 .answer = true, .records = "www.example.net. 5 IN A 192.0.2.1" };
	size_t qlen, len, i;
	uint8_t *q = sample_make(&question, &qlen), *wire = sample_make(&answer, &len);

	assert_true(answer_belongs(wire, len, q, qlen));
	assert_false(answer_belongs(q, qlen, q, qlen));
	for (i = HEADER_SIZE; i < qlen; i++)
		assert_false(answer_belongs(wire, i, q, qlen));
	wire[0] ^= 1;
	assert_false(answer_belongs(wire, len, q, qlen));
	wire[0] ^= 1;
	for (i = HEADER_SIZE; i < qlen; i++) {
		wire[i] ^= 1;
		assert_false(answer_belongs(wire, len, q, qlen));
		wire[i] ^= 1;
	}
	wire[5] = 2;
	assert_false(answer_belongs(wire, len, q, qlen));
	free(wire);
	free(q);
}

static enum verdict verdict_of(const char *records, ldns_pkt_rcode rcode)
{
	struct sample sample = { .name = "a.example.", .type = LDNS_RR_TYPE_A, .answer = true,
				 .rcode = rcode, .records = records };
	enum verdict verdict;
	size_t len;
	uint8_t *wire = sample_make(&sample, &len);

	verdict = answer_judge(wire, len, TYPE_A);
	free(wire);
	return verdict;
}

static void test_judge(void **state)
{
	static const uint8_t broken[HEADER_SIZE] = { 0, 1, 0x80, 0, 0, 1 };
	/* BADVERS: the code's upper bits are in the OPT record. */
	static const uint8_t extended[] = { 0, 1, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 1,
					    0, 0, 41, 4, 208, 1, 0, 0, 0, 0, 0 };

	assert_int_equal(verdict_of("a.example. 1 IN A 192.0.2.1", 0), VERDICT_SOME);
	assert_int_equal(verdict_of("a.example. 1 IN CNAME b.example.\nb.example. 1 IN A 192.0.2.1",
				    0), VERDICT_SOME);
	assert_int_equal(verdict_of("a.example. 1 IN CNAME b.example.", 0), VERDICT_NONE);
	assert_int_equal(verdict_of("", 0), VERDICT_NONE);
	assert_int_equal(verdict_of("", LDNS_RCODE_NXDOMAIN), VERDICT_NO_NAME);
	assert_int_equal(verdict_of("", LDNS_RCODE_SERVFAIL), VERDICT_FAILED);
	assert_int_equal(answer_judge(broken, sizeof(broken), TYPE_A), VERDICT_BROKEN);
	assert_int_equal(answer_judge(extended, sizeof(extended), TYPE_A), VERDICT_FAILED);
}

static bool hosts_of(const char *records, unsigned int most, struct hosts *hosts)
{
	struct sample sample = { .name = "a.example.", .type = LDNS_RR_TYPE_AAAA, .answer = true,
				 .records = records };
	struct question question = asked("A.example.", LDNS_RR_TYPE_A, false);
	size_t len;
	uint8_t *wire = sample_make(&sample, &len);
	bool good = answer_hosts(wire, len, &question, most, hosts);

	free(wire);
	return good;
}

static void test_hosts(void **state)
{
	struct in6_addr one, two;
	struct hosts hosts;

	inet_pton(AF_INET6, "2001:db8::1", &one);
	inet_pton(AF_INET6, "2001:db8::2", &two);
	assert_true(hosts_of("a.example. 30 IN AAAA 2001:db8::2\na.example. 20 IN AAAA 2001:db8::1\n"
			     "a.example. 20 IN AAAA 2001:db8::2", 4, &hosts));
	assert_int_equal(hosts.count, 2);
	assert_memory_equal(&hosts.addr[0], &two, 16);
	assert_memory_equal(&hosts.addr[1], &one, 16);
	assert_int_equal(hosts.ttl, 20);
	assert_true(hosts_of("a.example. 30 IN AAAA 2001:db8::2\na.example. 20 IN AAAA 2001:db8::1",
			     1, &hosts));
	assert_int_equal(hosts.count, 1);
	/* Aliases, in any order; what else is there is not the name's. */
	assert_true(hosts_of("c.example. 9 IN AAAA 2001:db8::1\nB.example. 5 IN CNAME C.example.\n"
			     "a.example. 5 IN CNAME b.example.\na.example. 9 IN AAAA 2001:db8::2", 4,
			     &hosts));
	assert_int_equal(hosts.count, 1);
	assert_memory_equal(&hosts.addr[0], &one, 16);
	assert_false(hosts_of("a.example. 5 IN CNAME b.example.\nb.example. 5 IN CNAME a.example.\n"
			      "a.example. 9 IN AAAA 2001:db8::2", 4, &hosts));
	assert_false(hosts_of("a.example. 9 IN AAAA ::ffff:192.0.2.1\na.example. 9 IN AAAA ::1\n"
			      "a.example. 9 IN AAAA ff02::1\na.example. 9 IN AAAA fe80::1\n"
			      "a.example. 9 IN AAAA ::", 4, &hosts));
	assert_int_equal(hosts.unusable, 5);
	assert_false(hosts_of("", 4, &hosts));
}

static void test_negative_ttl(void **state)
{
	struct sample sample = {
		.name = "a.example.", .type = LDNS_RR_TYPE_A, .answer = true,
		.authority = "example. 77 IN SOA a.example. b.example. 1 2 3 4 5",
	};
	size_t len;
	uint8_t *wire = sample_make(&sample, &len);

	assert_int_equal(answer_negative_ttl(wire, len), 77);
	free(wire);
	sample.authority = NULL;
	wire = sample_make(&sample, &len);
	assert_int_equal(answer_negative_ttl(wire, len), 600);
	free(wire);
}

/* --- answers of our own --- */

static ldns_pkt *read_back(uint8_t *wire, size_t len)
{
	ldns_pkt *pkt;

	assert_non_null(wire);
	assert_int_equal(ldns_wire2pkt(&pkt, wire, len), LDNS_STATUS_OK);
	free(wire);
	assert_true(ldns_pkt_qr(pkt) && ldns_pkt_ra(pkt) && ldns_pkt_rd(pkt));
	assert_false(ldns_pkt_ad(pkt) || ldns_pkt_aa(pkt));
	assert_int_equal(ldns_pkt_id(pkt), SAMPLE_ID);
	return pkt;
}

static void section_is(const ldns_rr_list *list, const char *wanted)
{
	char *text = ldns_rr_list2str(list), *at;

	for (at = text; *at; at++)
		if (*at == '\t')
			*at = ' ';
	assert_string_equal(text, wanted);
	free(text);
}

static ldns_pkt *made_a(bool dnssec)
{
	struct sample sample = {
		.name = "a.example.", .type = LDNS_RR_TYPE_AAAA, .answer = true, .ad = true,
		.records = "a.example. 300 IN CNAME b.example.\n"
			   "a.example. 300 IN RRSIG CNAME 8 2 300 20300101000000 20200101000000 1 example. AAAA\n"
			   "b.example. 300 IN AAAA 2001:db8::1\n"
			   "b.example. 300 IN RRSIG AAAA 8 2 300 20300101000000 20200101000000 1 example. AAAA",
	};
	struct question question = asked("A.example.", LDNS_RR_TYPE_A, dnssec);
	const struct in_addr addrs[] = { { inet_addr("198.18.0.2") }, { inet_addr("198.18.0.3") } };
	size_t len, made_len;
	uint8_t *wire = sample_make(&sample, &len), *made;

	made = message_a(&question, wire, len, addrs, 2, 60, &made_len);
	free(wire);
	assert_memory_equal(made + HEADER_SIZE, question.name, question.name_len);
	return read_back(made, made_len);
}

static void test_made_a(void **state)
{
	ldns_pkt *pkt = made_a(false);

	section_is(ldns_pkt_answer(pkt), "A.example. 300 IN CNAME b.example.\n"
					 "b.example. 60 IN A 198.18.0.2\n"
					 "b.example. 60 IN A 198.18.0.3\n");
	assert_false(ldns_pkt_edns(pkt));
	assert_int_equal(ldns_pkt_get_rcode(pkt), 0);
	ldns_pkt_free(pkt);
	pkt = made_a(true);
	assert_int_equal(ldns_pkt_ancount(pkt), 4);
	assert_int_equal(ldns_rr_get_type(ldns_rr_list_rr(ldns_pkt_answer(pkt), 1)),
			 LDNS_RR_TYPE_RRSIG);
	assert_int_equal(ldns_rr_get_type(ldns_rr_list_rr(ldns_pkt_answer(pkt), 2)),
			 LDNS_RR_TYPE_A);
	assert_true(ldns_pkt_edns(pkt) && ldns_pkt_edns_do(pkt));
	ldns_pkt_free(pkt);
}

static bool many_aliases(const char *form)
{
	struct question question = asked("n0.example.", LDNS_RR_TYPE_A, false);
	struct sample sample = { .name = "n0.example.", .type = LDNS_RR_TYPE_AAAA, .answer = true };
	const struct in_addr addr = { inet_addr("198.18.0.2") };
	static char records[100000];
	size_t len, made_len, at = 0;
	uint8_t *wire, *made;
	int i;

	for (i = 0; i < 1000; i++)
		at += sprintf(records + at, form, i, i + 1);
	sample.records = records;
	wire = sample_make(&sample, &len);
	made = message_a(&question, wire, len, &addr, 1, 1, &made_len);
	free(wire);
	free(made);
	return made;
}

/* More aliases than anybody has, the name's or others': no answer, no time lost. */
static void test_made_a_bounded(void **state)
{
	assert_false(many_aliases("n%d.example. 1 IN CNAME n%d.example.\n"));
	assert_false(many_aliases("x%d.example. 1 IN CNAME x%d.example.\n"));
}

#define REVERSE6 "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa."

static void test_made_ptr(void **state)
{
	struct question question = asked("2.0.18.198.in-addr.arpa.", LDNS_RR_TYPE_PTR, false);
	struct sample sample = {
		.name = REVERSE6, .type = LDNS_RR_TYPE_PTR, .answer = true, .ad = true,
		.records = REVERSE6 " 50 IN PTR www.example.",
	};
	struct in6_addr host;
	size_t len, made_len;
	uint8_t *wire, *made;
	ldns_pkt *pkt;

	inet_pton(AF_INET6, "2001:db8::1", &host);
	wire = question_reverse(&question, &host, &len);
	assert_int_equal(fault_of(wire, len), FAULT_NONE);
	made = sample_make(&sample, &made_len);
	assert_true(answer_belongs(made, made_len, wire, len));
	free(wire);
	wire = message_ptr(&question, made, made_len, &len);
	pkt = read_back(wire, len);
	section_is(ldns_pkt_answer(pkt), "2.0.18.198.in-addr.arpa. 0 IN CNAME " REVERSE6 "\n"
					 REVERSE6 " 50 IN PTR www.example.\n");
	ldns_pkt_free(pkt);
	free(made);

	sample.records = NULL;
	sample.rcode = LDNS_RCODE_NXDOMAIN;
	sample.authority = "8.b.d.0.1.0.0.2.ip6.arpa. 77 IN SOA a. b. 1 2 3 4 5";
	made = sample_make(&sample, &made_len);
	wire = message_ptr(&question, made, made_len, &len);
	pkt = read_back(wire, len);
	assert_int_equal(ldns_pkt_get_rcode(pkt), LDNS_RCODE_NXDOMAIN);
	assert_int_equal(ldns_pkt_nscount(pkt), 1);
	ldns_pkt_free(pkt);
	free(made);
}

static void test_made_error(void **state)
{
	static const uint8_t ede[] = { 0, 15, 0, 5, 0, 22, 'w', 'h', 'y' };
	struct question question = asked("a.example.", LDNS_RR_TYPE_A, false);
	size_t len;
	uint8_t *wire = message_error(&question, RCODE_SERVFAIL, 22, "why", &len);
	ldns_pkt *pkt;

	assert_int_equal(wire[11], 0);		/* no EDNS where there was none */
	pkt = read_back(wire, len);
	assert_int_equal(ldns_pkt_get_rcode(pkt), LDNS_RCODE_SERVFAIL);
	ldns_pkt_free(pkt);
	question = asked("a.example.", LDNS_RR_TYPE_A, true);
	wire = message_error(&question, RCODE_SERVFAIL, 22, "why", &len);
	assert_memory_equal(wire + len - sizeof(ede), ede, sizeof(ede));
	ldns_pkt_free(read_back(wire, len));
	wire = message_truncated(&question, &len);
	assert_true(answer_truncated(wire));
	pkt = read_back(wire, len);
	assert_int_equal(ldns_pkt_ancount(pkt), 0);
	ldns_pkt_free(pkt);
	/* What was not understood is not repeated. */
	question = (struct question){ .id = SAMPLE_ID, .recurse = true };
	wire = message_error(&question, RCODE_FORMERR, EDE_NONE, NULL, &len);
	assert_int_equal(len, HEADER_SIZE);
	ldns_pkt_free(read_back(wire, len));
}

/* --- users --- */

static void test_users(void **state)
{
	struct user *a, *b;
	struct users users;
	unsigned int i;

	users_init(&users, 3);
	a = user_get(&users, 1);
	a->queries = 2;
	b = user_get(&users, 2);
	b->queries = 3;
	b->connections = 1;
	assert_ptr_equal(users_busiest(&users, false), b);
	a->connections = 5;
	assert_ptr_equal(users_busiest(&users, true), a);
	for (i = 10; i < 100; i++)
		assert_non_null(user_get(&users, i));
	assert_int_equal(users.count, 3);
	assert_ptr_equal(user_get(&users, 1), a);
	assert_ptr_equal(user_get(&users, 2), b);
	users_free(&users);

	users_init(&users, 3);
	assert_null(users_busiest(&users, false));
	a = user_get(&users, 1);
	b = user_get(&users, 2);
	for (i = 0; i < 5; i++)
		assert_true(user_pair(&users, a, 10, 1000));
	assert_false(user_pair(&users, a, 10, 1000));
	for (i = 0; i < 5; i++)
		assert_true(user_pair(&users, b, 10, 1000));
	assert_false(user_pair(&users, user_get(&users, 3), 10, 1000));
	assert_true(user_pair(&users, a, 10, 1200));
	assert_false(user_pair(&users, a, 10, 1200));
	users_free(&users);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_arpa),
		cmocka_unit_test(test_servers),
		cmocka_unit_test(test_config),
		cmocka_unit_test(test_question),
		cmocka_unit_test(test_question_kinds),
		cmocka_unit_test(test_belongs),
		cmocka_unit_test(test_judge),
		cmocka_unit_test(test_hosts),
		cmocka_unit_test(test_negative_ttl),
		cmocka_unit_test(test_made_a),
		cmocka_unit_test(test_made_a_bounded),
		cmocka_unit_test(test_made_ptr),
		cmocka_unit_test(test_made_error),
		cmocka_unit_test(test_users),
	};

	/* The configurations that are wrong say so. */
	if (!freopen("/dev/null", "w", stderr))
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
