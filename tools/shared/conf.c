// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the form of configurations: lines of words, a keyword first.
 * Every keyword is one entry of a table: what it is called, who reads it.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "conf.h"

bool complain(const struct line *line, const char *fmt, ...)
{
	va_list ap;

	fprintf(stderr, "%s: %s:%u: ", program_invocation_short_name, line->path, line->number);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	return false;
}

bool unknown(const struct line *line, int i)
{
	return complain(line, "\"%s\" does not know \"%s\"", line->words[0], line->words[i]);
}

bool full(const struct line *line, unsigned int most)
{
	return complain(line, "there are more than %u lines \"%s\"", most, line->words[0]);
}

/* --- values --- */

bool number_read(const struct line *line, const char *word, uint32_t least, uint32_t most,
		 uint32_t *number)
{
	unsigned long value = 0;
	char *end = NULL;

	if (*word >= '0' && *word <= '9')
		value = strtoul(word, &end, 10);
	if (!end || *end || value < least || value > most)
		return complain(line, "\"%s\" is not a number from %u to %u", word, least, most);
	*number = value;
	return true;
}

bool port_read(const struct line *line, const char *word, uint16_t *port)
{
	uint32_t number = 0;

	if (!number_read(line, word, 1, 65535, &number))
		return false;
	*port = number;
	return true;
}

bool string_read(const struct line *line, const char *word, char *string, size_t size)
{
	if (strlen(word) >= size)
		return complain(line, "\"%s\" is longer than %zu characters", word, size - 1);
	strcpy(string, word);
	return true;
}

const char *value_of(const struct line *line, int i)
{
	if (i + 1 < line->count)
		return line->words[i + 1];
	complain(line, "\"%s\" needs a value", line->words[i]);
	return NULL;
}

/* --- lines --- */

static bool keyword_read(const struct keyword *keyword, void *to, const struct line *line)
{
	if (line->count < 2)
		return complain(line, "\"%s\" needs a value", line->words[0]);
	if (keyword->read)
		return keyword->read(to, line);
	if (line->count > 2)
		return unknown(line, 2);
	return number_read(line, line->words[1], keyword->least, keyword->most,
			   (uint32_t *)((char *)to + keyword->number));
}

static bool line_read(const struct keyword *keywords, void *to, const struct line *line)
{
	const struct keyword *keyword;

	for (keyword = keywords; keyword->name; keyword++)
		if (!strcmp(keyword->name, line->words[0]))
			return keyword_read(keyword, to, line);
	return complain(line, "there is no \"%s\"", line->words[0]);
}

/* A word that begins with '#' ends the line. */
static bool line_split(struct line *line, char *text)
{
	char *word, *rest;

	line->count = 0;
	for (word = strtok_r(text, " \t\r\n", &rest); word && *word != '#';
	     word = strtok_r(NULL, " \t\r\n", &rest)) {
		if (line->count == CONF_WORDS)
			return complain(line, "the line has too many words");
		line->words[line->count++] = word;
	}
	return true;
}

bool conf_read(const struct keyword *keywords, void *to, FILE *file, struct line *line)
{
	char *text = NULL;
	size_t size = 0;
	bool good = true;

	while (good && getline(&text, &size, file) >= 0) {
		line->number++;
		good = line_split(line, text) &&
		       (!line->count || line_read(keywords, to, line));
	}
	free(text);
	return good;
}
