/* SPDX-License-Identifier: GPL-2.0 */
/* This file owns the contract of edit.c: one list into another by few steps. */
#ifndef UMCTL_EDIT_H
#define UMCTL_EDIT_H

#include <stdbool.h>
#include <stddef.h>

/**
 * struct edit - two lists, and what is to be done with each entry
 * @equal: is entry @i of the old list the same as entry @j of the new one?
 * @data: for @equal.
 * @n_old: entries of the old list.
 * @n_new: entries of the new list.
 * @keep_old: by edit_find(): entries that stay; the others are removed.
 * @keep_new: by edit_find(): entries that are there; the others are added.
 */
struct edit {
	bool (*equal)(size_t i, size_t j, const void *data);
	const void *data;
	size_t n_old;
	size_t n_new;
	bool *keep_old;
	bool *keep_new;
};

/* Finds as many entries as can stay without changing places; false: no memory. */
bool edit_find(struct edit *edit);

/* Says the steps in order: additions at @index from the front to the back, then
 * removals from the back to the front; the list is never emptier than the
 * shorter of both. What somebody who takes the first entry that suits him finds
 * after any number of steps is what he finds in the old list or what he finds
 * in the new one.
 */
void edit_walk(const struct edit *edit,
	       void (*add)(size_t j, size_t index, void *arg),
	       void (*del)(size_t i, size_t index, void *arg), void *arg);

void edit_free(struct edit *edit);

#endif /* UMCTL_EDIT_H */
