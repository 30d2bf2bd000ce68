// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the record of single addresses that kernels were given, a line
 * each, written before the kernel is told. While its module runs, the kernel
 * knows which of its namespace were used; of another boot, of a machine since
 * restored, or of another namespace nobody knows, and a line is as good as a
 * use. What is known to be unused, and to stay so, loses its line (drain).
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "durable.h"
#include "listfile.h"
#include "say.h"
#include "umctl.h"

static const char header[] =
	"# This file owns which single addresses were given to pools; umctl keeps it. Without it they may be used twice.\n";

bool listfile_denied(void)
{
	if (mkdir(KEYFILE_DIR, 0700) && errno != EEXIST)
		return errno == EACCES || errno == EPERM || errno == EROFS;
	return access(KEYFILE_DIR, W_OK | X_OK);
}

static bool line_parse(const char *line, struct listed *listed)
{
	char addr[INET6_ADDRSTRLEN];
	int64_t time;
	int end = 0;

	if (sscanf(line, "given %45[0-9a-f:.] epoch %" SCNx64 " netns %" SCNu64 " time %" SCNd64
		   "%n", addr, &listed->holder.epoch, &listed->holder.netns, &time, &end) != 4 ||
	    strcmp(line + end, "\n"))
		return false;
	listed->time = time;
	return inet_pton(AF_INET6, addr, &listed->addr) == 1;
}

static void line_print(FILE *out, const struct listed *listed)
{
	char addr[INET6_ADDRSTRLEN];

	fprintf(out, "given %s epoch %" PRIx64 " netns %" PRIu64 " time %" PRId64 "\n",
		inet_ntop(AF_INET6, &listed->addr, addr, sizeof(addr)), listed->holder.epoch,
		listed->holder.netns, (int64_t)listed->time);
}

static bool list_append(struct listfile *file, const struct listed *listed)
{
	struct listed *list = reallocarray(file->list, file->count + 1, sizeof(*list));

	if (!list)
		return false;
	file->list = list;
	list[file->count++] = *listed;
	return true;
}

static int lines_read(struct listfile *file, FILE *in)
{
	unsigned int number = 0;
	struct listed listed;
	char line[256];

	while (fgets(line, sizeof(line), in)) {
		number++;
		if (*line == '#')
			continue;
		if (!line_parse(line, &listed) || !list_append(file, &listed))
			return say_refused("%s line %u is not understood: which single addresses were used is not known",
					   LISTFILE, number);
	}
	return ferror(in) ? say_refused("%s cannot be read", LISTFILE) : UMCTL_DONE;
}

int listfile_open(struct listfile *file)
{
	int ret = UMCTL_DONE;
	FILE *in;

	*file = (struct listfile){ .fd = -1 };
	if (mkdir(KEYFILE_DIR, 0700) && errno != EEXIST)
		return say_refused("%s cannot be made: %s", KEYFILE_DIR, strerror(errno));
	file->fd = open(KEYFILE_DIR, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (file->fd < 0 || flock(file->fd, LOCK_EX))
		return say_refused("%s cannot be locked: %s", KEYFILE_DIR, strerror(errno));
	in = fopen(LISTFILE, "re");
	if (in) {
		ret = lines_read(file, in);
		fclose(in);
	} else if (errno != ENOENT) {
		ret = say_refused("%s: %s", LISTFILE, strerror(errno));
	}
	return ret;
}

void listfile_close(struct listfile *file)
{
	free(file->list);
	if (file->fd >= 0)
		close(file->fd);
	*file = (struct listfile){ .fd = -1 };
}

int listfile_write(struct listfile *file)
{
	char *text = NULL;
	size_t i, size;
	FILE *out;
	int err;

	if (!file->changed)
		return UMCTL_DONE;
	out = open_memstream(&text, &size);
	if (!out)
		return say_refused("%s: %s", LISTFILE, strerror(errno));
	fputs(header, out);
	for (i = 0; i < file->count; i++)
		line_print(out, &file->list[i]);
	err = fclose(out) ? -ENOMEM : durable_replace(LISTFILE, text);
	free(text);
	file->changed = err;
	return err ? say_refused("%s cannot be written: %s", LISTFILE, strerror(-err)) :
		     UMCTL_DONE;
}

static struct listed *listed_find(const struct listfile *file, const struct in6_addr *addr)
{
	size_t i;

	for (i = 0; i < file->count; i++)
		if (!memcmp(&file->list[i].addr, addr, sizeof(*addr)))
			return &file->list[i];
	return NULL;
}

static bool holder_same(const struct holder *a, const struct holder *b)
{
	return a->epoch == b->epoch && a->netns == b->netns;
}

bool listfile_foreign(const struct listfile *file, const struct in6_addr *addr,
		      const struct holder *holder)
{
	const struct listed *listed = listed_find(file, addr);

	return listed && !holder_same(&listed->holder, holder);
}

bool listfile_has(const struct in6_addr *addr)
{
	FILE *in = fopen(LISTFILE, "re");
	struct listed listed;
	char line[256];
	bool found = false;

	while (in && !found && fgets(line, sizeof(line), in))
		found = line_parse(line, &listed) && !memcmp(&listed.addr, addr, sizeof(*addr));
	if (in)
		fclose(in);
	return found;
}

int listfile_give(struct listfile *file, const struct in6_addr *addr, const struct holder *holder)
{
	struct listed listed = { .addr = *addr, .holder = *holder, .time = time(NULL) };

	if (listed_find(file, addr))
		return UMCTL_DONE;
	file->changed = true;
	return list_append(file, &listed) ? UMCTL_DONE : say_refused("out of memory");
}

void listfile_take(struct listfile *file, const struct in6_addr *addr,
		   const struct holder *holder)
{
	struct listed *listed = listed_find(file, addr);

	if (!listed || !holder_same(&listed->holder, holder))
		return;
	file->count--;
	memmove(listed, listed + 1, (file->list + file->count - listed) * sizeof(*listed));
	file->changed = true;
}
