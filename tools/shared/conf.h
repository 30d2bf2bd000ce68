/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns the contract of conf.c: configurations of the daemons, lines
 * of words with a keyword first. What is wrong is said on stderr, with the
 * line's number.
 */
#ifndef UMX_SHARED_CONF_H
#define UMX_SHARED_CONF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define CONF_WORDS	24

/**
 * struct line - the line that is being read
 * @path: file.
 * @number: which line.
 * @words: its words; @count of them.
 */
struct line {
	const char *path;
	unsigned int number;
	char *words[CONF_WORDS];
	int count;
};

/**
 * struct keyword - what a line can begin with
 * @name: the word.
 * @read: reads the line; NULL: a single number.
 * @number: where the number goes, as an offset.
 * @least: smallest; @most: largest.
 */
struct keyword {
	const char *name;
	bool (*read)(void *to, const struct line *line);
	size_t number;
	uint32_t least;
	uint32_t most;
};

/* Reads @file, by @keywords that end with an empty one, into @to. @line begins
 * with its path, and stays at the last line.
 */
bool conf_read(const struct keyword *keywords, void *to, FILE *file, struct line *line);

/* False, after saying so. */
bool complain(const struct line *line, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
bool unknown(const struct line *line, int i);
bool full(const struct line *line, unsigned int most);

/* A value out of @word; false after a complaint. */
bool number_read(const struct line *line, const char *word, uint32_t least, uint32_t most,
		 uint32_t *number);
bool port_read(const struct line *line, const char *word, uint16_t *port);
bool string_read(const struct line *line, const char *word, char *string, size_t size);

/* The value after keyword @i, NULL after a complaint. */
const char *value_of(const struct line *line, int i);

#endif /* UMX_SHARED_CONF_H */
