// SPDX-License-Identifier: GPL-2.0
/* This file owns the sentences umctl says to its user on stderr. */
#include <stdarg.h>
#include <stdio.h>

#include "say.h"
#include "umctl.h"

static const char *where_file;
static unsigned int where_line;
static bool mute;

void say_where(const char *file, unsigned int line)
{
	where_file = file;
	where_line = line;
}

void say_mute(void)
{
	mute = true;
}

static void say(const char *kind, const char *fmt, va_list ap)
{
	if (mute)
		return;
	/* What was printed before comes first when both go to one place. */
	fflush(stdout);
	fputs("umctl: ", stderr);
	if (where_file)
		fprintf(stderr, "%s:%u: ", where_file, where_line);
	fputs(kind, stderr);
	vfprintf(stderr, fmt, ap);
	fputc('\n', stderr);
}

int say_usage(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say("", fmt, ap);
	va_end(ap);
	return UMCTL_USAGE;
}

int say_refused(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say("", fmt, ap);
	va_end(ap);
	return UMCTL_REFUSED;
}

void say_warning(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say("warning: ", fmt, ap);
	va_end(ap);
}
