/* SPDX-License-Identifier: GPL-2.0 */
/* This file owns the contract of hosts.c: which of a service's hosts is asked. */
#ifndef UMX_DNS_HOSTS_H
#define UMX_DNS_HOSTS_H

#include "config.h"
#include "grant.h"

/* The next by turn and weight (smooth weighted round robin) that is not in
 * @tried and that @alive says yes to; -1: there is none.
 */
int host_next(struct service *service, unsigned int tried, bool (*alive)(int peer));

/**
 * struct memory - who was asked lately, so that the same question meets the same host
 * @slots: what was asked; a new one takes the place of an old one.
 * @key: for their hashes.
 */
struct memory {
	struct {
		uint64_t hash;
		int64_t at;
		int host;
	} slots[4096];
	uint8_t key[KEY_BYTES];
};

bool memory_init(struct memory *memory);
uint64_t memory_hash(const struct memory *memory, const char *service, const char *label,
		     const struct asker *asker);

/* The host of question @hash asked at @since or later, -1: none. */
int memory_find(const struct memory *memory, uint64_t hash, int64_t since);
void memory_keep(struct memory *memory, uint64_t hash, int host, int64_t now);

#endif /* UMX_DNS_HOSTS_H */
