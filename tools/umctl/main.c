// SPDX-License-Identifier: GPL-2.0
/* This file owns the options of the command line. */
#include <getopt.h>
#include <libgen.h>
#include <stdio.h>
#include <string.h>

#include "netns.h"
#include "nl.h"
#include "out.h"
#include "say.h"
#include "umctl.h"
#include "usage.h"

int main(int argc, char **argv)
{
	const char *batch = NULL;
	bool das;
	int opt, ret, word;

	if (argc > 1 && !strcmp(argv[1], "__complete"))
		return complete_run(argc - 2, argv + 2);

	/* Through the link "das" the first word is an argument already. */
	das = argc && !strcmp(basename(argv[0]), "das");

	/* The '+' stops at the object: what follows is its business. */
	while (word = optind, (opt = getopt(argc, argv, "+:jn:b:hV")) != -1) {
		switch (opt) {
		case 'j':
			out_form_set(OUT_JSON);
			break;
		case 'n':
			ret = netns_enter(optarg);
			if (ret)
				return ret;
			break;
		case 'b':
			batch = optarg;
			break;
		case 'h':
			usage_all(stdout);
			return UMCTL_DONE;
		case 'V':
			puts("umctl " UMCTL_VERSION);
			return UMCTL_DONE;
		case ':':
			return say_usage("option -%c needs a value", optopt);
		default:
			return say_usage("there is no option \"%s\"; \"umctl -h\" lists them",
					 argv[word]);
		}
	}
	argc -= optind;
	argv += optind;

	if (batch && (argc || das))
		return say_usage("-b FILE takes the commands from FILE, not from \"%s\"",
				 argc ? argv[0] : "das");
	if (batch) {
		ret = batch_run(batch);
	} else if (das) {
		argv--;
		argv[0] = "das";
		ret = command_run(argc + 1, argv);
	} else if (!argc) {
		usage_all(stderr);
		ret = UMCTL_USAGE;
	} else if (!strcmp(argv[0], "help")) {
		usage_all(stdout);
		ret = UMCTL_DONE;
	} else {
		ret = command_run(argc, argv);
	}
	unl_close();
	return ret;
}
