// SPDX-License-Identifier: GPL-2.0
/* This file owns the names that were given out, and the index of their labels. */
#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>

#include "name.h"
#include "totp.h"

#define INDEX_BITS	15

bool names_init(struct names *names)
{
	memset(names, 0, sizeof(*names));
	TAILQ_INIT(&names->list);
	names->next = 1;
	return table_init(&names->index, INDEX_BITS) && secret_new(names->key, KEY_BYTES);
}

void names_free(struct names *names)
{
	struct name *name;

	while ((name = TAILQ_FIRST(&names->list)))
		name_del(names, name);
	table_free(&names->index);
}

struct name *name_new(const struct names *names)
{
	struct name *name;

	if (names->count == NAMES_MAX)
		return NULL;
	name = calloc(1, sizeof(*name));
	if (name)
		name->created = time(NULL);
	return name;
}

void name_tag(struct name *name, const uint8_t tag[TAG_BYTES])
{
	memcpy(name->entries[0].tag, tag, TAG_BYTES);
}

static void entry_add(struct names *names, struct name *name, struct entry *entry)
{
	entry->name = name;
	table_add(&names->index, &entry->node, tag_hash(entry->tag));
}

/* The labels of the step before @step, of it, and of the one after. */
static void totp_entries(struct names *names, struct name *name)
{
	char label[TOKEN_CHARS + 1];
	struct entry *entry;
	int i;

	for (i = 0; i < NAME_ENTRIES; i++) {
		entry = &name->entries[i];
		table_del(&names->index, &entry->node);
		totp_label(name->secret, names->step + i - 1, label);
		tag_make(names->key, name->service, label, entry->tag);
		entry_add(names, name, entry);
	}
	OPENSSL_cleanse(label, sizeof(label));
}

void name_add(struct names *names, struct name *name)
{
	struct name *after;

	if (name->id >= names->next)
		names->next = name->id + 1;
	if (!name->id)
		name->id = names->next++;
	after = name_from(names, name->id);
	if (after)
		TAILQ_INSERT_BEFORE(after, name, link);
	else
		TAILQ_INSERT_TAIL(&names->list, name, link);
	names->count++;
	if (name->kind == NAME_TOTP)
		totp_entries(names, name);
	else
		entry_add(names, name, &name->entries[0]);
}

void name_del(struct names *names, struct name *name)
{
	int i;

	for (i = 0; i < NAME_ENTRIES; i++)
		table_del(&names->index, &name->entries[i].node);
	TAILQ_REMOVE(&names->list, name, link);
	names->count--;
	OPENSSL_cleanse(name, sizeof(*name));
	free(name);
}

/* Most callers want the last ones: adding, and a list that goes on. */
struct name *name_from(const struct names *names, uint32_t id)
{
	struct name *name, *found = NULL;

	TAILQ_FOREACH_REVERSE(name, &names->list, name_list, link) {
		if (name->id < id)
			break;
		found = name;
	}
	return found;
}

struct name *name_by_id(const struct names *names, uint32_t id)
{
	struct name *name = name_from(names, id);

	return name && name->id == id ? name : NULL;
}

struct name *name_find(const struct names *names, const char *service, const char *label)
{
	uint8_t tag[TAG_BYTES];
	struct node *node;
	struct entry *entry;

	tag_make(names->key, service, label, tag);
	for (node = table_first(&names->index, tag_hash(tag)); node; node = table_next(node)) {
		entry = container_of(node, struct entry, node);
		if (tag_same(entry->tag, tag))
			return entry->name;
	}
	return NULL;
}

void names_turn(struct names *names, uint64_t now)
{
	struct name *name;

	if (names->step == totp_step(now))
		return;
	names->step = totp_step(now);
	TAILQ_FOREACH(name, &names->list, link)
		if (name->kind == NAME_TOTP)
			totp_entries(names, name);
}
