/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns the contract of table.c: a hash table of nodes that live in
 * what they are nodes of. Whoever adds brings the hash, which is keyed when a
 * stranger can choose what is hashed.
 */
#ifndef UMX_DNS_TABLE_H
#define UMX_DNS_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define container_of(ptr, type, member) \
	((type *)((char *)(ptr) - offsetof(type, member)))

/**
 * struct node - membership in a table
 * @next: next of the bucket.
 * @hash: where it belongs.
 * @in: it is in a table.
 */
struct node {
	struct node *next;
	uint64_t hash;
	bool in;
};

/**
 * struct table - a hash table that does not grow
 * @heads: the buckets.
 * @bits: log2 of their number.
 * @count: nodes.
 */
struct table {
	struct node **heads;
	unsigned int bits;
	size_t count;
};

bool table_init(struct table *table, unsigned int bits);
void table_free(struct table *table);
void table_add(struct table *table, struct node *node, uint64_t hash);

/* Does nothing to a node that is in no table. */
void table_del(struct table *table, struct node *node);

/* The nodes of @hash, one after the other; NULL: no more. */
struct node *table_first(const struct table *table, uint64_t hash);
struct node *table_next(const struct node *node);

#endif /* UMX_DNS_TABLE_H */
