/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns the contract of name.c: the names that were given out.
 *
 * A name is found by the tag of (service, label). What was revoked, is used
 * up or has run out has no tag in the index: looking for it is looking for
 * what never was.
 */
#ifndef UMX_DNS_NAME_H
#define UMX_DNS_NAME_H

#include <sys/queue.h>
#include <time.h>

#include "config.h"
#include "limit.h"
#include "prefix.h"
#include "secret.h"
#include "table.h"

#define NAMES_MAX	16384
#define WHO_SIZE	64

/**
 * enum name_kind - how a name is known
 * @NAME_TOKEN: by its token, always the same.
 * @NAME_TOTP: by a label that changes with the time.
 * @NAME_PUBLIC: to everybody; made for the service, not kept.
 */
enum name_kind {
	NAME_TOKEN,
	NAME_TOTP,
	NAME_PUBLIC,
};

struct name;

/**
 * struct entry - a label of a name in the index
 * @node: membership.
 * @name: whose it is.
 * @tag: of the label.
 */
struct entry {
	struct node node;
	struct name *name;
	uint8_t tag[TAG_BYTES];
};

/* A token has one label; a clock that is wrong by a step has the one before or
 * after (RFC 6238, 5.2 and 6).
 */
#define NAME_ENTRIES	3

/**
 * struct name - a name
 * @link: in the list of all.
 * @entries: its labels.
 * @id: number it is called by; never given twice.
 * @kind: how it is known.
 * @service: label of its service.
 * @who: whom it was given to.
 * @secret: of the changing label.
 * @from: whose connections are let in; length 0: everybody's.
 * @rate: leases a minute; 0: no limit.
 * @uses: connections there may be; 0: no limit.
 * @used: those that were or can still be made with what was given out.
 * @created: when; @expires: until when; 0: for ever; @last: last lease.
 * @waiting: leases that wait.
 * @leased: leases ever; @claimed: connections ever.
 * @bucket: for @rate.
 * @share: so that it has no more than half of all leases of a second.
 */
struct name {
	TAILQ_ENTRY(name) link;
	struct entry entries[NAME_ENTRIES];
	uint32_t id;
	enum name_kind kind;
	char service[LABEL_SIZE];
	char who[WHO_SIZE];
	uint8_t secret[TOTP_BYTES];
	struct prefix from;
	uint32_t rate;
	uint32_t uses;
	uint32_t used;
	time_t created;
	time_t expires;
	time_t last;
	uint32_t waiting;
	uint64_t leased;
	uint64_t claimed;
	struct bucket bucket;
	struct bucket share;
};

TAILQ_HEAD(name_list, name);

/**
 * struct names - all names
 * @list: by id.
 * @index: live labels by tag.
 * @key: what tags are made with.
 * @next: id of the next one.
 * @count: how many there are.
 * @step: the step the changing labels in the index are of.
 */
struct names {
	struct name_list list;
	struct table index;
	uint8_t key[KEY_BYTES];
	uint32_t next;
	unsigned int count;
	uint64_t step;
};

bool names_init(struct names *names);
void names_free(struct names *names);

/* A new name to be filled in; NULL: there are too many. name_add() puts it among the
 * others: at the end, or where its id belongs.
 */
struct name *name_new(const struct names *names);
void name_add(struct names *names, struct name *name);

/* Gives the name its only label. */
void name_tag(struct name *name, const uint8_t tag[TAG_BYTES]);
void name_del(struct names *names, struct name *name);
struct name *name_by_id(const struct names *names, uint32_t id);

/* The first of the list with that id or a larger one. */
struct name *name_from(const struct names *names, uint32_t id);

/* Whose label it is; NULL: nobody's. */
struct name *name_find(const struct names *names, const char *service, const char *label);

/* Makes the changing labels those of @now. */
void names_turn(struct names *names, uint64_t now);

#endif /* UMX_DNS_NAME_H */
