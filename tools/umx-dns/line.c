// SPDX-License-Identifier: GPL-2.0
/* This file owns lines of JSON, read whole or not at all. */
#include <stdlib.h>
#include <string.h>

#include "line.h"

struct json_object *line_read(const char *text, size_t len, int depth)
{
	struct json_tokener *tokener = json_tokener_new_ex(depth);
	struct json_object *object;
	size_t end;

	if (!tokener)
		return NULL;
	object = json_tokener_parse_ex(tokener, text, len);
	end = json_tokener_get_parse_end(tokener);
	if (json_tokener_get_error(tokener) != json_tokener_success ||
	    end + strspn(text + end, " \t\r\n") != len) {
		json_object_put(object);
		object = NULL;
	}
	json_tokener_free(tokener);
	return object;
}

char *line_of(struct json_object *object)
{
	const char *text = json_object_to_json_string_ext(object, JSON_C_TO_STRING_PLAIN |
							  JSON_C_TO_STRING_NOSLASHESCAPE);
	size_t len = text ? strlen(text) : 0;
	char *line = text ? malloc(len + 2) : NULL;

	if (line) {
		memcpy(line, text, len);
		strcpy(line + len, "\n");
	}
	json_object_put(object);
	return line;
}
