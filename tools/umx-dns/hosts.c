// SPDX-License-Identifier: GPL-2.0
/* This file owns the choice among the hosts that serve a name. */
#include <string.h>

#include "hosts.h"

#define SLOTS	(sizeof(((struct memory *)0)->slots) / sizeof(((struct memory *)0)->slots[0]))

int host_next(struct service *service, unsigned int tried, bool (*alive)(int peer))
{
	int64_t total = 0;
	unsigned int i;
	int best = -1;

	for (i = 0; i < service->host_count; i++) {
		if (tried & 1u << i || !alive(service->hosts[i].peer))
			continue;
		service->hosts[i].turn += service->hosts[i].weight;
		total += service->hosts[i].weight;
		if (best < 0 || service->hosts[i].turn > service->hosts[best].turn)
			best = i;
	}
	if (best >= 0)
		service->hosts[best].turn -= total;
	return best;
}

bool memory_init(struct memory *memory)
{
	memset(memory, 0, sizeof(*memory));
	return secret_new(memory->key, KEY_BYTES);
}

uint64_t memory_hash(const struct memory *memory, const char *service, const char *label,
		     const struct asker *asker)
{
	struct {
		char service[LABEL_SIZE];
		char label[LABEL_SIZE];
		struct in6_addr addr;
		uint8_t plen;
	} what = { .addr = asker->prefix.addr, .plen = asker->prefix.plen };

	memcpy(what.service, service, strnlen(service, LABEL_SIZE));
	memcpy(what.label, label, strnlen(label, LABEL_SIZE));
	return keyed_hash(memory->key, &what, sizeof(what));
}

int memory_find(const struct memory *memory, uint64_t hash, int64_t since)
{
	size_t slot = hash % SLOTS;

	if (memory->slots[slot].hash != hash || memory->slots[slot].at < since)
		return -1;
	return memory->slots[slot].host;
}

void memory_keep(struct memory *memory, uint64_t hash, int host, int64_t now)
{
	size_t slot = hash % SLOTS;

	memory->slots[slot].hash = hash;
	memory->slots[slot].host = host;
	memory->slots[slot].at = now;
}
