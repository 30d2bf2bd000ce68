// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the way from one ordered list to another by as few additions
 * and removals as there can be: what stays is a longest common subsequence.
 */
#include <stdint.h>
#include <stdlib.h>

#include "edit.h"

/* @length[i][j]: of the longest common subsequence of what is left of both. */
static void edit_mark(struct edit *edit, const uint32_t *length, size_t begin, size_t old_end,
		      size_t new_end)
{
	size_t width = new_end - begin + 1;
	size_t i = begin, j = begin;
	const uint32_t *here;

	while (i < old_end && j < new_end) {
		here = &length[(i - begin) * width + j - begin];
		if (edit->equal(i, j, edit->data) && *here == here[width + 1] + 1) {
			edit->keep_old[i++] = true;
			edit->keep_new[j++] = true;
		} else if (here[width] >= here[1]) {
			i++;
		} else {
			j++;
		}
	}
}

bool edit_find(struct edit *edit)
{
	size_t begin = 0, old_end = edit->n_old, new_end = edit->n_new;
	uint32_t *length, *here;
	size_t i, j, width;

	edit->keep_old = calloc(edit->n_old + 1, sizeof(bool));
	edit->keep_new = calloc(edit->n_new + 1, sizeof(bool));
	if (!edit->keep_old || !edit->keep_new)
		return false;
	/* What is equal at both ends needs no table. */
	for (; begin < old_end && begin < new_end && edit->equal(begin, begin, edit->data); begin++)
		edit->keep_old[begin] = edit->keep_new[begin] = true;
	for (; old_end > begin && new_end > begin &&
	     edit->equal(old_end - 1, new_end - 1, edit->data); old_end--, new_end--)
		edit->keep_old[old_end - 1] = edit->keep_new[new_end - 1] = true;

	width = new_end - begin + 1;
	length = calloc((old_end - begin + 1) * width, sizeof(*length));
	if (!length)
		return false;
	for (i = old_end; i-- > begin;) {
		for (j = new_end; j-- > begin;) {
			here = &length[(i - begin) * width + j - begin];
			if (edit->equal(i, j, edit->data))
				*here = here[width + 1] + 1;
			else
				*here = here[width] > here[1] ? here[width] : here[1];
		}
	}
	edit_mark(edit, length, begin, old_end, new_end);
	free(length);
	return true;
}

void edit_walk(const struct edit *edit,
	       void (*add)(size_t j, size_t index, void *arg),
	       void (*del)(size_t i, size_t index, void *arg), void *arg)
{
	size_t i = 0, j = 0, index = 0;

	/* Between two entries that stay, what is new comes before what is old. */
	while (i < edit->n_old || j < edit->n_new) {
		if (j < edit->n_new && !edit->keep_new[j]) {
			add(j++, index++, arg);
			continue;
		}
		if (i < edit->n_old && edit->keep_old[i])
			j++;
		i++;
		index++;
	}
	/* The same way back. */
	while (i > 0 || j > 0) {
		index--;
		if (i > 0 && !edit->keep_old[i - 1]) {
			del(--i, index, arg);
			continue;
		}
		if (j > 0 && edit->keep_new[j - 1])
			i--;
		j--;
	}
}

void edit_free(struct edit *edit)
{
	free(edit->keep_old);
	free(edit->keep_new);
}
