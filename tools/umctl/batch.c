// SPDX-License-Identifier: GPL-2.0
/* This file owns the batch: a file of commands, one a line (-b). */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "say.h"
#include "umctl.h"

/* Words are separated by blanks; one that begins with '#' ends the line. */
int line_split(char *line, char **words)
{
	char *word, *rest;
	int count = 0;

	for (word = strtok_r(line, " \t\r\n", &rest); word && *word != '#';
	     word = strtok_r(NULL, " \t\r\n", &rest)) {
		if (count == UMCTL_WORDS_MAX)
			return -1;
		words[count++] = word;
	}
	return count;
}

int line_run(char *line)
{
	char *words[UMCTL_WORDS_MAX];
	int count;

	count = line_split(line, words);
	if (count < 0)
		return say_usage("the line has too many words");
	return count ? command_run(count, words) : UMCTL_DONE;
}

int batch_run(const char *path)
{
	bool standard = !strcmp(path, "-");
	unsigned int number = 0;
	char *line = NULL;
	size_t size = 0;
	FILE *file;
	int ret = UMCTL_DONE;

	file = standard ? stdin : fopen(path, "re");
	if (!file)
		return say_usage("%s cannot be read: %s", path, strerror(errno));
	while (!ret && getline(&line, &size, file) >= 0) {
		say_where(standard ? "stdin" : path, ++number);
		ret = line_run(line);
	}
	say_where(NULL, 0);
	if (!ret && ferror(file))
		ret = say_usage("%s cannot be read: %s", path, strerror(errno));
	free(line);
	if (!standard)
		fclose(file);
	return ret;
}
