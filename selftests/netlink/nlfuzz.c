// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the command line of nlfuzz, which sends the netlink families
 * what no library would.
 *
 *	nlfuzz malformed		every command put wrongly in every way
 *	nlfuzz wellformed		what that was made from: accepted
 *	nlfuzz starve			requests with each of their allocations failing
 *	nlfuzz random SEED COUNT [FROM]	random messages, the first is number FROM
 *	nlfuzz show SEED COUNT [FROM]	the same, and print each with its answer
 *
 * Prints "ok TEXT", "not ok TEXT" and remarks. The exit status is 0 if it has
 * come to its end.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "nlfuzz.h"

void point(bool passed, const char *format, ...)
{
	va_list args;

	printf(passed ? "ok " : "not ok ");
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	printf("\n");
}

int main(int argc, char **argv)
{
	bool show, passed;
	uint64_t seed, count, from;

	setvbuf(stdout, NULL, _IOLBF, 0);
	talk_open();
	if (argc == 2 && !strcmp(argv[1], "malformed")) {
		malformed();
		return 0;
	}
	if (argc == 2 && !strcmp(argv[1], "wellformed")) {
		wellformed();
		return 0;
	}
	if (argc == 2 && !strcmp(argv[1], "starve")) {
		starve();
		return 0;
	}
	if (argc < 4 || argc > 5) {
		fprintf(stderr, "usage: nlfuzz malformed | wellformed | starve | random SEED COUNT [FROM] | show SEED COUNT [FROM]\n");
		return 2;
	}
	show = !strcmp(argv[1], "show");
	seed = strtoull(argv[2], NULL, 0);
	count = strtoull(argv[3], NULL, 0);
	from = argc > 4 ? strtoull(argv[4], NULL, 0) : 0;
	passed = random_messages(seed, from, count, show);
	if (!show)
		point(passed, "seed %s: %s random messages are answered as promised", argv[2], argv[3]);
	return 0;
}
