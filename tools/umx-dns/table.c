// SPDX-License-Identifier: GPL-2.0
/* This file owns the hash table: chained, of a fixed size, for bounded numbers. */
#include <stdlib.h>

#include "table.h"

static struct node **table_head(const struct table *table, uint64_t hash)
{
	return &table->heads[hash >> (64 - table->bits)];
}

bool table_init(struct table *table, unsigned int bits)
{
	table->heads = calloc((size_t)1 << bits, sizeof(*table->heads));
	table->bits = bits;
	table->count = 0;
	return table->heads;
}

void table_free(struct table *table)
{
	free(table->heads);
	table->heads = NULL;
}

void table_add(struct table *table, struct node *node, uint64_t hash)
{
	struct node **head = table_head(table, hash);

	node->hash = hash;
	node->next = *head;
	node->in = true;
	*head = node;
	table->count++;
}

void table_del(struct table *table, struct node *node)
{
	struct node **link;

	if (!node->in)
		return;
	link = table_head(table, node->hash);
	while (*link != node)
		link = &(*link)->next;
	*link = node->next;
	node->in = false;
	table->count--;
}

static struct node *node_of(struct node *node, uint64_t hash)
{
	while (node && node->hash != hash)
		node = node->next;
	return node;
}

struct node *table_first(const struct table *table, uint64_t hash)
{
	return node_of(*table_head(table, hash), hash);
}

struct node *table_next(const struct node *node)
{
	return node_of(node->next, node->hash);
}
