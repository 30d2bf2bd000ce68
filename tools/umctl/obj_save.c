// SPDX-License-Identifier: GPL-2.0
/* This file owns `umctl save`: the configuration as a file. */
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config.h"
#include "live.h"
#include "nl.h"
#include "out.h"
#include "say.h"

static const struct arg save_args[] = {
	{ .name = "FILE", .type = ARG_NAME, .place = ARG_POSITION },
	{}
};

static bool anything_there(void)
{
	const struct kind *kind;

	for_each_kind(kind)
		if (unl_there(kind->object->family))
			return true;
	return false;
}

/* A name of a pool that is gone would make the file one that is refused. */
static int config_is_whole(const struct config *config)
{
	const struct item *item, *pool;
	const struct value *value;
	const struct arg *arg;

	for_each_item(item, config) {
		for_each_arg(arg, item->args.verb) {
			value = &item->args.values[arg - item->args.verb->args];
			if (item->leaving || arg->live != &live_pools || !value->arg)
				continue;
			for_each_item(pool, config)
				if (!pool->leaving && !strcmp(pool->args.object->name, "pool") &&
				    !strcmp(item_value(pool, "NAME")->str, value->str))
					break;
			if (pool == config->items + config->count)
				return say_refused("the pool %s is gone, but \"%s\" still has a line that names it: take that back first, or add the pool again",
						   value->str, item->args.object->name);
		}
	}
	return UMCTL_DONE;
}

static int failed(const char *path, const char *tmp, int fd)
{
	int ret = say_refused("%s cannot be written: %s", path, strerror(errno));

	if (fd >= 0) {
		close(fd);
		unlink(tmp);
	}
	return ret;
}

/* The directory's entry, too, is to be there after a crash. */
static void dir_sync(const char *path)
{
	char copy[PATH_MAX];
	int fd;

	snprintf(copy, sizeof(copy), "%s", path);
	fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return;
	fsync(fd);
	close(fd);
}

/* The old file or the new one, whatever happens; never half of it. */
static int file_write(const char *path, const char *text, size_t size)
{
	char real[PATH_MAX], tmp[PATH_MAX];
	struct stat st;
	int fd;

	if (!realpath(path, real))
		snprintf(real, sizeof(real), "%s", path);
	if (!stat(real, &st) && !S_ISREG(st.st_mode))
		return say_usage("%s is not a file (\"-\" is standard output)", path);
	if (snprintf(tmp, sizeof(tmp), "%s.XXXXXX", real) >= (int)sizeof(tmp)) {
		errno = ENAMETOOLONG;
		return failed(path, tmp, -1);
	}
	fd = mkostemp(tmp, O_CLOEXEC);
	if (fd < 0)
		return failed(path, tmp, fd);
	/* mkostemp() has made it for its owner alone. */
	errno = ENOSPC;
	if (write(fd, text, size) != (ssize_t)size || fsync(fd) || rename(tmp, real))
		return failed(path, tmp, fd);
	close(fd);
	dir_sync(real);
	return UMCTL_DONE;
}

static int text_write(const char *path, const char *text, size_t size)
{
	if (strcmp(path, "-"))
		return file_write(path, text, size);
	if (fwrite(text, 1, size, stdout) == size && !fflush(stdout))
		return UMCTL_DONE;
	return say_refused("the output cannot be written: %s", strerror(errno));
}

static int save(const struct args *args)
{
	const char *path = args_find(args, "FILE")->str;
	struct config config = {};
	char *text = NULL;
	size_t size;
	FILE *to;
	int ret;

	if (out_is_json())
		return say_usage("a configuration is text: save takes no -j");
	if (!anything_there())
		return say_refused("the umx module is not loaded: there is no configuration to save");
	ret = config_read_kernel(&config);
	if (!ret)
		ret = config_is_whole(&config);
	to = ret ? NULL : open_memstream(&text, &size);
	if (to) {
		config_print(&config, to);
		fclose(to);
		ret = text ? text_write(path, text, size) : say_refused("out of memory");
	} else if (!ret) {
		ret = say_refused("out of memory");
	}
	free(text);
	config_free(&config);
	return ret;
}

static const struct verb verbs[] = {
	{ .help = "write the configuration, as commands, to FILE", .args = save_args, .run = save },
	{}
};

static const struct object save_object = {
	.name = "save",
	.help = "write the configuration to a file",
	.family = &umx_family,
	.verbs = verbs,
};

OBJECT(save_object);
