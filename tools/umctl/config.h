/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns the contract of config.c: all that is configured in one
 * network namespace, or is to be.
 *
 * Functions that return int say what is wrong and return what to exit with.
 */
#ifndef UMCTL_CONFIG_H
#define UMCTL_CONFIG_H

#include "item.h"

/**
 * struct config - a configuration
 * @items: in the order of the file, or in that of item_compare().
 * @count: how many there are.
 */
struct config {
	struct item *items;
	size_t count;
};

#define for_each_item(item, config) \
	for (item = (config)->items; item < (config)->items + (config)->count; item++)

/* What this network namespace has. No module is loaded for that. */
int config_read_kernel(struct config *config);

/* What the file @path says ("-": standard input), checked as a whole. */
int config_read_file(struct config *config, const char *path);

void config_free(struct config *config);

/* Prints it as a file that config_read_file() reads. */
void config_print(const struct config *config, FILE *to);

/* Prints its things by name, cut to what a sentence can hold. */
void config_print_keys(const struct config *config, FILE *to);

/* What @config has under the name of @item, and is to stay, else NULL. */
struct item *config_find(const struct config *config, const struct item *item);

/* Do two pools want the same addresses? */
bool config_overlap(const struct item *a, const struct item *b);

#endif /* UMCTL_CONFIG_H */
