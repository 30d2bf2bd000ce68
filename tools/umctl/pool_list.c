// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the way of single addresses to the kernel and back. That they
 * were given is on disk before the kernel hears of them (listfile.h).
 */
#include <errno.h>
#include <linux/umx.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "ask.h"
#include "field.h"
#include "listfile.h"
#include "pool_list.h"
#include "say.h"
#include "umctl.h"

#ifndef SO_NETNS_COOKIE
#define SO_NETNS_COOKIE	71
#endif

_Static_assert(UMCTL_LIST_MAX == UMX_POOL_LIST_MAX, "a list holds what the kernel's does");

/* Room for a list that is full, and for what the other arguments say. */
#define LIST_MESSAGE	(1024 + UMX_POOL_LIST_MAX * nla_total_size(sizeof(struct in6_addr)))

static void epoch_read(const struct nlmsghdr *nlh, void *arg)
{
	const struct nlattr *epoch = field_find(nlh, UMX_VERSION_A_EPOCH);

	*(uint64_t *)arg = epoch ? field_uint(epoch) : 0;
}

/* Who we talk to: this module, in this namespace. */
static int holder_ask(const struct family *family, struct holder *holder)
{
	struct nl_msg *msg = unl_genl(family, UMX_CMD_VERSION_GET, 0);
	socklen_t len = sizeof(holder->netns);
	int err, fd;

	err = msg ? unl_call(msg, epoch_read, &holder->epoch) : -ENOMEM;
	if (err)
		return unl_refused("version", err);
	fd = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	err = fd < 0 || getsockopt(fd, SOL_SOCKET, SO_NETNS_COOKIE, &holder->netns, &len);
	if (err)
		say_refused("the network namespace's cookie: %s", strerror(errno));
	if (fd >= 0)
		close(fd);
	return err ? UMCTL_REFUSED : UMCTL_DONE;
}

/* What @nlh says of addresses of one kind, to @list. */
static int list_collect(const struct nlmsghdr *nlh, uint16_t attr, struct value *list)
{
	const struct nlattr *nest = field_find(nlh, UMX_POOL_A_LIST), *nla;
	struct in6_addr addr;
	int rest, ret = UMCTL_DONE;

	if (!nest)
		return UMCTL_DONE;
	nla_for_each_nested(nla, nest, rest)
		if (!ret && nla_type(nla) == attr && field_in6(nla, &addr))
			ret = value_append(list, &addr);
	return ret;
}

int pool_list_read(const struct nlmsghdr *nlh, struct value *list)
{
	int ret = list_collect(nlh, UMX_POOL_LIST_A_ADDRESS, list);

	return ret ? ret : list_collect(nlh, UMX_POOL_LIST_A_USED, list);
}

/**
 * struct left_reader - a dump of what lists have left
 * @pool: of this pool only, NULL: of all.
 * @left: the addresses.
 * @ret: what to exit with.
 */
struct left_reader {
	const char *pool;
	struct value left;
	int ret;
};

static void left_read(const struct nlmsghdr *nlh, void *arg)
{
	const struct nlattr *name = field_find(nlh, UMX_POOL_A_NAME);
	struct left_reader *reader = arg;
	char buf[UMX_POOL_NAME_MAX];

	if (reader->ret || !name ||
	    (reader->pool && strcmp(field_string(name, buf, sizeof(buf)), reader->pool)))
		return;
	reader->ret = list_collect(nlh, UMX_POOL_LIST_A_ADDRESS, &reader->left);
}

static void left_restart(void *arg)
{
	((struct left_reader *)arg)->left.count = 0;
}

static int left_ask(const struct family *family, struct left_reader *reader)
{
	struct nl_msg *msg = unl_genl(family, UMX_CMD_POOL_GET, 0);
	int err;

	err = msg ? unl_dump(msg, left_read, left_restart, reader) : -ENOMEM;
	return err ? unl_refused("pool show", err) : reader->ret;
}

/* The request: each address as one that is left, or was used. */
static struct nl_msg *list_message(const struct args *args, const struct listfile *file,
				   const struct holder *holder)
{
	const struct value *list = args_find(args, "addr");
	struct nl_msg *msg = ask_message(args);
	struct nlattr *nest = NULL;
	bool used;
	size_t i;

	/* a message has a page of its own, which a long list does not fit into */
	if (msg && !nlmsg_expand(msg, LIST_MESSAGE))
		nest = nla_nest_start(msg, UMX_POOL_A_LIST);
	for (i = 0; nest && i < list->count; i++) {
		used = file && listfile_foreign(file, &list->list[i], holder);
		if (nla_put(msg, used ? UMX_POOL_LIST_A_USED : UMX_POOL_LIST_A_ADDRESS,
			    sizeof(*list->list), &list->list[i]))
			nest = NULL;
	}
	if (nest)
		nla_nest_end(msg, nest);
	else
		nlmsg_free(msg);
	return nest ? msg : NULL;
}

/* Has the file say that @holder has them, all or none. */
static int list_give(struct listfile *file, const struct in6_addr *list, size_t count,
		     const struct holder *holder)
{
	int ret = UMCTL_DONE;
	size_t i;

	for (i = 0; !ret && i < count; i++)
		ret = listfile_give(file, &list[i], holder);
	return ret ? ret : listfile_write(file);
}

static int list_ask(const struct args *args, struct nl_msg *msg)
{
	int err = msg ? unl_call(msg, NULL, NULL) : -ENOMEM;

	return err ? unl_refused(args_command(args), err) : UMCTL_DONE;
}

/* As list_ask(), with what was written taken back if the kernel says no. */
static int list_ask_written(const struct args *args)
{
	const struct family *family = args->object->family;
	const struct value *list = args_find(args, "addr");
	struct listfile file, before;
	struct holder holder;
	struct nl_msg *msg;
	size_t i;
	int ret;

	ret = holder_ask(family, &holder);
	if (ret)
		return ret;
	ret = listfile_open(&file);
	if (ret)
		goto close;
	before = file;
	msg = list_message(args, &file, &holder);
	ret = list_give(&file, list->list, list->count, &holder);
	if (ret) {
		nlmsg_free(msg);
		goto close;
	}
	ret = list_ask(args, msg);
	for (i = file.count; ret && i > before.count; i--)
		listfile_take(&file, &file.list[i - 1].addr, &holder);
	if (ret)
		listfile_write(&file);
close:
	listfile_close(&file);
	return ret;
}

int pool_list_add(const struct args *args)
{
	const struct value *list = args_find(args, "addr");
	const char *name = args_find(args, "NAME")->str;
	struct left_reader reader = { .pool = name };
	int ret;

	if (listfile_denied()) {
		ret = list_ask(args, list_message(args, NULL, NULL));
		if (!ret)
			say_warning("which addresses of pool %s were used will be forgotten with this network namespace, for want of the right to %s",
				    name, LISTFILE);
	} else {
		ret = list_ask_written(args);
	}
	if (!ret)
		ret = left_ask(args->object->family, &reader);
	if (!ret && reader.left.count < list->count)
		say_warning("%zu of the %zu addresses of pool %s were used before, or are another's: they are not used",
			    list->count - reader.left.count, list->count, name);
	free(reader.left.list);
	return ret;
}

/* Nothing is written, or read, where no list is. */
static int lists_tell(const struct family *family, bool rest)
{
	struct left_reader reader = {};
	struct listfile file;
	struct holder holder;
	size_t i;
	int ret;

	ret = left_ask(family, &reader);
	if (ret || !reader.left.count || listfile_denied())
		goto free;
	ret = holder_ask(family, &holder);
	if (ret)
		goto free;
	ret = listfile_open(&file);
	for (i = 0; !ret && rest && i < reader.left.count; i++)
		listfile_take(&file, &reader.left.list[i], &holder);
	if (!ret)
		ret = rest ? listfile_write(&file) :
			     list_give(&file, reader.left.list, reader.left.count, &holder);
	listfile_close(&file);
free:
	free(reader.left.list);
	return ret;
}

int pool_lists_rest(const struct family *family)
{
	return lists_tell(family, true);
}

int pool_lists_resume(const struct family *family)
{
	return lists_tell(family, false);
}
