// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns a sudden death: with LD_PRELOAD a program is killed as soon as it has renamed a file.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

int rename(const char *from, const char *to)
{
	int ret = renameat(AT_FDCWD, from, AT_FDCWD, to);

	kill(getpid(), SIGKILL);
	return ret;
}
