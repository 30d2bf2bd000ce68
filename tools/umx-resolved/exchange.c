// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the exchanges: a question of a program, what name servers are
 * asked for it, and the answer.
 *
 *	RELAY	the question --> its answer, as it is
 *	A	the question and the same for AAAA, at a time
 *		  A records, no such name, any failure --> that answer, as it is
 *		  nothing but AAAA records --> a pair for each --> A records
 *	REVERSE	an address of the spool: its host's PTR question --> alias and answer
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#include "arpa.h"
#include "ask.h"
#include "count.h"
#include "daemon.h"
#include "exchange.h"
#include "kernel.h"
#include "message.h"
#include "tcp.h"
#include "udp.h"

/* A program that has just got the last second of an answer still connects. */
#define GRACE_S	60
#define LOG_MS	10000

/**
 * struct part - one of the questions of an exchange
 * @ask: it is being asked; NULL: no more, or it never was.
 * @wire: the answer, kept; @len bytes. NULL: there is none.
 * @failed: nobody has answered.
 */
struct part {
	struct ask *ask;
	uint8_t *wire;
	size_t len;
	bool failed;
};

/**
 * struct exchange - a question of a program
 * @link: in the list of all, the oldest first.
 * @origin: where it has come from.
 * @user: who asks.
 * @question: what.
 * @main: the question itself, or its reverse.
 * @aaaa: the same for AAAA.
 */
struct exchange {
	TAILQ_ENTRY(exchange) link;
	struct origin origin;
	struct user *user;
	struct question question;
	struct part main;
	struct part aaaa;
};

struct users users;
static TAILQ_HEAD(, exchange) exchanges = TAILQ_HEAD_INITIALIZER(exchanges);
static unsigned int exchange_count;

/* --- the end --- */

static void part_free(struct part *part)
{
	ask_cancel(part->ask);
	free(part->wire);
}

static void exchange_free(struct exchange *exchange)
{
	TAILQ_REMOVE(&exchanges, exchange, link);
	exchange_count--;
	exchange->user->queries--;
	part_free(&exchange->main);
	part_free(&exchange->aaaa);
	free(exchange);
}

static void origin_send(const struct origin *origin, const uint8_t *wire, size_t len)
{
	if (origin->connection)
		connection_send(origin->connection, wire, len);
	else
		udp_send(&origin->peer, wire, len);
}

/* No answer will come. By UDP that is all there is to it. */
static void origin_drop(const struct origin *origin)
{
	if (origin->connection)
		connection_drop(origin->connection);
}

/* Send it, if it is one, or that it would be too long: a name before an answer
 * of 64 KB (message_ptr()) is so for TCP, too.
 */
static void answer_send(const struct origin *origin, const struct question *question,
			const uint8_t *wire, size_t len)
{
	size_t most = origin->connection ? MESSAGE_MAX : question->limit;
	uint8_t *made = NULL;

	if (wire && len > most) {
		count(COUNT_TRUNCATED);
		made = message_truncated(question, &len);
		wire = made;
	}
	if (wire) {
		origin_send(origin, wire, len);
	} else {
		count(COUNT_NO_MEMORY);
		origin_drop(origin);
	}
	free(made);
}

static void exchange_answer(struct exchange *exchange, const uint8_t *wire, size_t len)
{
	const struct origin origin = exchange->origin;
	const struct question question = exchange->question;

	exchange_free(exchange);
	answer_send(&origin, &question, wire, len);
}

static void exchange_made(struct exchange *exchange, uint8_t *wire, size_t len)
{
	exchange_answer(exchange, wire, len);
	free(wire);
}

/* @wire is that of an ask that ends, or the A answer that was kept. */
static void exchange_relay(struct exchange *exchange, uint8_t *wire, size_t len)
{
	uint8_t *kept = NULL;

	count(COUNT_RELAYED);
	wire[0] = exchange->question.id >> 8;
	wire[1] = exchange->question.id;
	if (wire == exchange->main.wire) {
		kept = wire;
		exchange->main.wire = NULL;
	}
	exchange_answer(exchange, wire, len);
	free(kept);
}

static void exchange_fail(struct exchange *exchange, enum count why, unsigned int rcode, int ede,
			  const char *text)
{
	uint8_t *wire;
	size_t len;

	count(why);
	wire = message_error(&exchange->question, rcode, ede, text, &len);
	exchange_made(exchange, wire, len);
}

static void exchange_silent(struct exchange *exchange)
{
	exchange_fail(exchange, COUNT_TIMEOUT, RCODE_SERVFAIL, EDE_NO_REACHABLE_AUTHORITY,
		      "no name server has answered");
}

static void exchange_broken(struct exchange *exchange)
{
	exchange_fail(exchange, COUNT_ANSWER_BROKEN, RCODE_SERVFAIL, EDE_OTHER,
		      "an answer cannot be read");
}

/* --- A records of our own --- */

/* A line now and then: who asks decides how often there is a reason. */
static void refusal_log(int err)
{
	static int64_t last;
	int64_t now = now_ms();

	if (last && now - last < LOG_MS)
		return;
	last = now;
	fprintf(stderr, "umx-resolved: %s\n",
		*kernel_sentence() ? kernel_sentence() : strerror(-err));
}

/* What is to be said of a pair that was not had. */
static void pair_refused(struct exchange *exchange, int err)
{
	if (err == -ENOENT) {
		count(COUNT_NO_SPOOL);
		exchange_relay(exchange, exchange->main.wire, exchange->main.len);
	} else if (err == -EINVAL) {
		count(COUNT_UNUSABLE);
		exchange_relay(exchange, exchange->main.wire, exchange->main.len);
	} else if (err == -ENOSPC) {
		exchange_fail(exchange, COUNT_SPOOL_FULL, RCODE_SERVFAIL, EDE_OTHER,
			      "every IPv4 address of the spool is in use");
	} else if (err == -EAGAIN) {
		exchange_fail(exchange, COUNT_MAKE_RATE, RCODE_SERVFAIL, EDE_OTHER,
			      "too many IPv4 addresses in a second");
	} else {
		refusal_log(err);
		exchange_fail(exchange, COUNT_KERNEL, RCODE_SERVFAIL, EDE_OTHER,
			      "the kernel refuses a pair");
	}
}

static int pair_get(struct exchange *exchange, const struct in6_addr *host, uint32_t ttl,
		    struct in_addr *addr)
{
	if (!user_pair(&users, exchange->user, resolved.config.rate, now_ms()))
		return -EAGAIN;
	count(COUNT_PAIRS);
	return kernel_lease(host, ttl + GRACE_S, addr);
}

static uint32_t least(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

/* One pair is enough for an answer; the others are for who tries them in turn. */
static void hosts_pair(struct exchange *exchange, const struct hosts *hosts)
{
	uint32_t ttl = least(least(hosts->ttl, resolved.config.ttl),
			     answer_negative_ttl(exchange->main.wire, exchange->main.len));
	struct in_addr addrs[HOSTS_MAX];
	unsigned int i, n = 0;
	uint8_t *wire;
	int err = 0, last;
	size_t len;

	for (i = 0; i < hosts->count; i++) {
		last = pair_get(exchange, &hosts->addr[i], ttl, &addrs[n]);
		if (!last)
			n++;
		else if (!err || err == -EINVAL)
			err = last;
	}
	if (!n) {
		pair_refused(exchange, err);
		return;
	}
	wire = message_a(&exchange->question, exchange->aaaa.wire, exchange->aaaa.len, addrs, n,
			 ttl, &len);
	if (!wire) {
		exchange_broken(exchange);
		return;
	}
	count(COUNT_MADE_A);
	exchange_made(exchange, wire, len);
}

/* An extended code alone (BADVERS) is nothing a program could know. */
static void aaaa_failed(struct exchange *exchange)
{
	unsigned int rcode = answer_rcode(exchange->aaaa.wire);

	exchange_fail(exchange, COUNT_AAAA_FAILED, rcode ? rcode : RCODE_SERVFAIL, EDE_NONE, NULL);
}

/* There is no A record, and it is known what there is of AAAA. */
static void exchange_decide(struct exchange *exchange)
{
	struct part *aaaa = &exchange->aaaa;
	struct hosts hosts;

	switch (answer_judge(aaaa->wire, aaaa->len, TYPE_AAAA)) {
	case VERDICT_SOME:
		if (answer_hosts(aaaa->wire, aaaa->len, &exchange->question,
				 resolved.config.addresses, &hosts)) {
			hosts_pair(exchange, &hosts);
			return;
		}
		count(COUNT_UNUSABLE);
		break;
	case VERDICT_NONE:
	case VERDICT_NO_NAME:
		break;
	case VERDICT_FAILED:
		aaaa_failed(exchange);
		return;
	case VERDICT_BROKEN:
		exchange_broken(exchange);
		return;
	}
	exchange_relay(exchange, exchange->main.wire, exchange->main.len);
}

/* "No such records" is not said unless both questions were answered: a program,
 * or its cache, would believe it.
 */
static void exchange_step(struct exchange *exchange)
{
	if (exchange->aaaa.failed)
		exchange_silent(exchange);
	else if (exchange->aaaa.wire)
		exchange_decide(exchange);
}

static bool part_keep(struct part *part, const uint8_t *wire, size_t len)
{
	part->wire = malloc(len);
	if (!part->wire)
		return false;
	memcpy(part->wire, wire, len);
	part->len = len;
	return true;
}

static void on_aaaa(void *arg, uint8_t *wire, size_t len)
{
	struct exchange *exchange = arg;
	struct part *part = &exchange->aaaa;

	part->ask = NULL;
	part->failed = !wire || !part_keep(part, wire, len);
	if (exchange->main.wire)
		exchange_step(exchange);
}

static void on_a(void *arg, uint8_t *wire, size_t len)
{
	struct exchange *exchange = arg;
	enum verdict verdict;

	exchange->main.ask = NULL;
	if (!wire) {
		exchange_silent(exchange);
		return;
	}
	verdict = answer_judge(wire, len, TYPE_A);
	if (verdict == VERDICT_BROKEN)
		exchange_broken(exchange);
	else if (verdict != VERDICT_NONE || answer_truncated(wire))
		exchange_relay(exchange, wire, len);
	else if (part_keep(&exchange->main, wire, len))
		exchange_step(exchange);
	else
		exchange_silent(exchange);
}

/* --- the others --- */

static void on_relay(void *arg, uint8_t *wire, size_t len)
{
	struct exchange *exchange = arg;

	exchange->main.ask = NULL;
	if (wire)
		exchange_relay(exchange, wire, len);
	else
		exchange_silent(exchange);
}

static void on_reverse(void *arg, uint8_t *wire, size_t len)
{
	struct exchange *exchange = arg;
	uint8_t *made;

	exchange->main.ask = NULL;
	if (!wire) {
		exchange_silent(exchange);
		return;
	}
	made = message_ptr(&exchange->question, wire, len, &len);
	if (!made) {
		exchange_broken(exchange);
		return;
	}
	count(COUNT_MADE_PTR);
	exchange_made(exchange, made, len);
}

/* --- the beginning --- */

static void part_ask(struct exchange *exchange, struct part *part, const uint8_t *wire,
		     size_t len, bool whole, ask_done done)
{
	part->ask = ask_start(wire, len, exchange->origin.connection, whole, done, exchange);
}

static void start_a(struct exchange *exchange, uint8_t *wire, size_t len)
{
	part_ask(exchange, &exchange->main, wire, len, false, on_a);
	if (!exchange->main.ask)
		return;
	question_retype(wire, &exchange->question, TYPE_AAAA);
	part_ask(exchange, &exchange->aaaa, wire, len, true, on_aaaa);
	exchange->aaaa.failed = !exchange->aaaa.ask;
}

static void start_reverse(struct exchange *exchange, const struct in6_addr *host)
{
	size_t len;
	uint8_t *wire = question_reverse(&exchange->question, host, &len);

	if (wire)
		part_ask(exchange, &exchange->main, wire, len, true, on_reverse);
	free(wire);
}

/* Which host an address that is looked up stands for; as kernel_find(). */
static int reverse_find(const struct question *question, struct in6_addr *host)
{
	struct in_addr addr;

	if (question->type != TYPE_PTR ||
	    !arpa_read4(question->name, question->name_len, &addr))
		return -ENXIO;
	return kernel_find(addr, host);
}

static void exchange_start(struct exchange *exchange, uint8_t *wire, size_t len)
{
	const struct question *question = &exchange->question;
	bool internet = question->class == 1;
	struct in6_addr host;
	int err = internet ? reverse_find(question, &host) : -ENXIO;

	if (err == -ENOENT) {
		exchange_fail(exchange, COUNT_NO_PAIR, RCODE_NXDOMAIN, EDE_NONE, NULL);
		return;
	}
	if (!err) {
		start_reverse(exchange, &host);
	} else if (internet && question->type == TYPE_A &&
		   !(question->dnssec && question->unchecked)) {
		start_a(exchange, wire, len);
	} else {
		if (internet && question->type == TYPE_A)
			count(COUNT_VALIDATOR);
		part_ask(exchange, &exchange->main, wire, len, false, on_relay);
	}
	if (!exchange->main.ask)
		exchange_fail(exchange, resolved.servers.count ? COUNT_TIMEOUT : COUNT_NO_SERVER,
			      RCODE_SERVFAIL, EDE_NO_REACHABLE_AUTHORITY,
			      "no name server can be asked");
}

static bool is_repeated(const struct origin *origin, const struct question *question)
{
	const struct exchange *exchange;

	if (origin->connection)
		return false;
	TAILQ_FOREACH(exchange, &exchanges, link)
		if (!exchange->origin.connection && exchange->question.id == question->id &&
		    server_same(&exchange->origin.peer, &origin->peer) &&
		    exchange->question.type == question->type &&
		    exchange->question.name_len == question->name_len &&
		    !memcmp(exchange->question.name, question->name, question->name_len))
			return true;
	return false;
}

/* Whoever has most gives one up, the oldest; false: that is who asks. */
static bool room_make(const struct user *user)
{
	struct user *busiest;
	struct exchange *exchange;

	if (exchange_count < resolved.config.queries)
		return true;
	busiest = users_busiest(&users, false);
	if (!busiest || busiest->queries <= user->queries + 1)
		return false;
	TAILQ_FOREACH(exchange, &exchanges, link) {
		if (exchange->user != busiest)
			continue;
		exchange_fail(exchange, COUNT_USER_SHARE, RCODE_SERVFAIL, EDE_OTHER,
			      "too many questions at a time");
		return true;
	}
	return false;
}

static void question_refuse(const struct origin *origin, const struct question *question,
			    enum count why, unsigned int rcode)
{
	uint8_t *wire;
	size_t len;

	count(why);
	wire = message_error(question, rcode, EDE_NONE, NULL, &len);
	answer_send(origin, question, wire, len);
	free(wire);
}

static bool question_good(const struct origin *origin, const uint8_t *wire, size_t len,
			  struct question *question)
{
	switch (question_read(wire, len, question)) {
	case FAULT_NONE:
		return true;
	case FAULT_SHORT:
		count(COUNT_QUESTION_SHORT);
		origin_drop(origin);
		break;
	case FAULT_FORMAT:
		question_refuse(origin, question, COUNT_QUESTION_FORMAT, RCODE_FORMERR);
		break;
	case FAULT_OPCODE:
		question_refuse(origin, question, COUNT_QUESTION_OPCODE, RCODE_NOTIMP);
		break;
	case FAULT_TRANSFER:
		question_refuse(origin, question, COUNT_QUESTION_TRANSFER, RCODE_REFUSED);
		break;
	}
	return false;
}

static struct exchange *exchange_new(const struct origin *origin, struct user *user,
				     const struct question *question)
{
	struct exchange *exchange = calloc(1, sizeof(*exchange));

	if (!exchange)
		return NULL;
	exchange->origin = *origin;
	exchange->question = *question;
	exchange->user = user;
	user->queries++;
	exchange_count++;
	TAILQ_INSERT_TAIL(&exchanges, exchange, link);
	return exchange;
}

void exchange_begin(const struct origin *origin, uint32_t uid, const uint8_t *wire, size_t len)
{
	static uint8_t copy[QUESTION_MAX];
	struct exchange *exchange;
	struct question question;
	struct user *user;

	count(COUNT_QUESTIONS);
	if (!question_good(origin, wire, len, &question))
		return;
	if (is_repeated(origin, &question)) {
		count(COUNT_REPEATED);
		return;
	}
	user = user_get(&users, uid);
	if (user && !room_make(user)) {
		question_refuse(origin, &question, COUNT_USER_SHARE, RCODE_SERVFAIL);
		return;
	}
	exchange = user ? exchange_new(origin, user, &question) : NULL;
	if (!exchange) {
		count(COUNT_NO_MEMORY);
		origin_drop(origin);
		return;
	}
	memcpy(copy, wire, len);
	exchange_start(exchange, copy, len);
}

void exchange_abandon(const struct connection *connection)
{
	struct exchange *exchange, *next;

	for (exchange = TAILQ_FIRST(&exchanges); exchange; exchange = next) {
		next = TAILQ_NEXT(exchange, link);
		if (exchange->origin.connection == connection)
			exchange_free(exchange);
	}
}

/* There is always somebody to be forgotten who has nothing open. */
void exchanges_init(void)
{
	users_init(&users, resolved.config.queries + resolved.config.connections + 1);
}

void exchanges_close(void)
{
	while (!TAILQ_EMPTY(&exchanges))
		exchange_free(TAILQ_FIRST(&exchanges));
	users_free(&users);
}
