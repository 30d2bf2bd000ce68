// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the command line of the load program.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "load.h"

void usage(void)
{
	fputs("usage: load serve [-m] PORT\n"
	      "       load crr|rr|bw|pps [-m] [-n N] [-b BYTES] [-s SOURCE] ADDRESS|@FILE PORT\n"
	      "       load open [-n N] [-w WINDOW] [-s SOURCE] ADDRESS|@FILE PORT\n"
	      "       load live -p POPULATION,... PORT\n"
	      "prints N and the nanoseconds they took; open prints a line per WINDOW,\n"
	      "live one per POPULATION and request; -m: with MPTCP\n", stderr);
	exit(2);
}

/* IPv4 as the IPv4-mapped address. */
static bool parse_address(struct in6_addr *to, const char *text)
{
	struct in_addr four;

	if (inet_pton(AF_INET6, text, to) == 1)
		return true;
	if (inet_pton(AF_INET, text, &four) != 1)
		return false;
	*to = (struct in6_addr){ .s6_addr16[5] = 0xffff };
	to->s6_addr32[3] = four.s_addr;
	return true;
}

static void parse_to(struct load_job *job, const char *text)
{
	char line[INET6_ADDRSTRLEN + 2];
	FILE *file;

	job->to = calloc(1, sizeof(*job->to));
	if (*text != '@') {
		if (!job->to || !parse_address(job->to, text))
			usage();
		job->n_to = 1;
		return;
	}
	file = fopen(text + 1, "r");
	if (!file)
		die(text + 1);
	while (fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\n")] = '\0';
		job->to = realloc(job->to, (job->n_to + 1) * sizeof(*job->to));
		if (!job->to || !parse_address(&job->to[job->n_to], line))
			usage();
		job->n_to++;
	}
	fclose(file);
	if (!job->n_to)
		usage();
}

int main(int argc, char **argv)
{
	struct load_job job = { .n = 1000, .window = 1000, .chunk = 128 * 1024 };
	const char *what = argc > 1 ? argv[1] : "";
	const char *populations = NULL;
	int opt;

	optind = 2;
	while ((opt = getopt(argc, argv, "mn:w:b:s:p:")) != -1) {
		switch (opt) {
		case 'm':
			load_protocol = IPPROTO_MPTCP;
			break;
		case 'n':
			job.n = atol(optarg);
			break;
		case 'w':
			job.window = atol(optarg);
			break;
		case 'b':
			job.chunk = atol(optarg);
			break;
		case 's':
			source_parse(optarg);
			break;
		case 'p':
			populations = optarg;
			break;
		default:
			usage();
		}
	}
	if (!strcmp(what, "serve") && optind + 1 == argc)
		serve(atoi(argv[optind]));
	if (!strcmp(what, "live") && populations && optind + 1 == argc) {
		live(populations, atoi(argv[optind]));
		return 0;
	}
	if (optind + 2 != argc || job.n < 1 || job.window < 1 || job.chunk < 1)
		usage();
	parse_to(&job, argv[optind]);
	job.port = atoi(argv[optind + 1]);

	if (!strcmp(what, "crr"))
		crr(&job);
	else if (!strcmp(what, "rr"))
		rr(&job);
	else if (!strcmp(what, "bw"))
		bw(&job);
	else if (!strcmp(what, "pps"))
		pps(&job);
	else if (!strcmp(what, "open"))
		open_many(&job);
	else
		usage();
	return 0;
}
