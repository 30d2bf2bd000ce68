// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns umx-totp: the name to ask for now, of one whose label changes
 * with the time. For ssh's ProxyCommand, and whatever else takes a name.
 */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "totp.h"

static int failed(const char *path, const char *why)
{
	fprintf(stderr, "umx-totp: %s: %s\n", path, why);
	return 1;
}

/* The file has two words: the name without its label, and the secret. */
int main(int argc, char **argv)
{
	char name[256], secret[64], label[TOKEN_CHARS + 1];
	uint8_t bytes[TOTP_BYTES];
	FILE *file;
	int words;

	if (argc != 2 || *argv[1] == '-') {
		fputs("usage: umx-totp FILE\n", stderr);
		return 1;
	}
	file = fopen(argv[1], "re");
	if (!file)
		return failed(argv[1], "it cannot be read");
	words = fscanf(file, "%255s secret %63s", name, secret);
	fclose(file);
	if (words != 2 || !base32_read(secret, bytes, sizeof(bytes)))
		return failed(argv[1], "it is not \"NAME secret SECRET\"");
	totp_label(bytes, totp_step(time(NULL)), label);
	printf("%s.%s\n", label, name);
	return 0;
}
