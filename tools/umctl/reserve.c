// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns giving a pool its next window: first into the state, which is
 * on disk, then to the kernel. Whatever ends in between costs a window.
 */
#include <errno.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <string.h>

#include "field.h"
#include "generate.h"
#include "reserve.h"
#include "say.h"
#include "state.h"
#include "umctl.h"

/**
 * struct pool_seen - what the kernel says of a pool
 * @name: its name.
 * @found: it is there.
 * @keyed: it has a key of user space.
 * @key_id: which.
 * @window: its prefix and host.
 */
struct pool_seen {
	const char *name;
	bool found;
	bool keyed;
	uint64_t key_id;
	struct window window;
};

static uint64_t attr_uint(const struct nlmsghdr *nlh, uint16_t attr)
{
	const struct nlattr *nla = field_find(nlh, attr);

	return nla ? field_uint(nla) : 0;
}

static void pool_read(const struct nlmsghdr *nlh, void *arg)
{
	const struct nlattr *name = field_find(nlh, UMX_POOL_A_NAME);
	const struct nlattr *prefix = field_find(nlh, UMX_POOL_A_PREFIX);
	struct pool_seen *seen = arg;
	char buf[UMX_POOL_NAME_MAX];

	if (!name || strcmp(field_string(name, buf, sizeof(buf)), seen->name))
		return;
	/* a list has none, and no window either */
	seen->found = !prefix || field_in6(prefix, &seen->window.prefix);
	seen->keyed = field_find(nlh, UMX_POOL_A_KEY_ID);
	seen->key_id = attr_uint(nlh, UMX_POOL_A_KEY_ID);
	seen->window.plen = umx_pool_plen(attr_uint(nlh, UMX_POOL_A_TYPE),
					  attr_uint(nlh, UMX_POOL_A_PLEN));
	seen->window.host = attr_uint(nlh, UMX_POOL_A_HOST);
	seen->window.host_bits = attr_uint(nlh, UMX_POOL_A_HOST_BITS);
}

static void pool_forget(void *arg)
{
	((struct pool_seen *)arg)->found = false;
}

static void epoch_read(const struct nlmsghdr *nlh, void *arg)
{
	*(uint64_t *)arg = attr_uint(nlh, UMX_VERSION_A_EPOCH);
}

/* What the kernel knows: the pool, and the epoch. */
static int kernel_ask(const struct family *family, struct pool_seen *seen)
{
	struct nl_msg *msg = unl_genl(family, UMX_CMD_POOL_GET, 0);
	int err;

	err = msg ? unl_dump(msg, pool_read, pool_forget, seen) : -ENOMEM;
	if (!err && !seen->found)
		return say_refused("there is no pool \"%s\" in this network namespace", seen->name);
	if (!err && !seen->keyed)
		return say_refused("pool %s is not traceable with a key: it has no windows", seen->name);
	if (!err) {
		msg = unl_genl(family, UMX_CMD_VERSION_GET, 0);
		err = msg ? unl_call(msg, epoch_read, &seen->window.epoch) : -ENOMEM;
	}
	return err ? unl_refused("pool reserve", err) : UMCTL_DONE;
}

static int kernel_tell(const struct family *family, const struct pool_seen *seen)
{
	struct nl_msg *msg = unl_genl(family, UMX_CMD_POOL_RESERVE, 0);
	const struct window *window = &seen->window;
	int err = -ENOMEM;

	if (msg && !nla_put_string(msg, UMX_POOL_A_NAME, seen->name) &&
	    !nla_put_u64(msg, UMX_POOL_A_GENERATION, window->generation) &&
	    !nla_put_u64(msg, UMX_POOL_A_START, window->start) &&
	    !nla_put_u64(msg, UMX_POOL_A_END, window->end) &&
	    !nla_put_u64(msg, UMX_POOL_A_EPOCH, window->epoch) &&
	    !nla_put_u64(msg, UMX_POOL_A_KEY_ID, seen->key_id))
		err = unl_call(msg, NULL, NULL);
	else if (msg)
		nlmsg_free(msg);
	return err ? unl_refused("pool reserve", err) : UMCTL_DONE;
}

static int reserve_locked(const struct family *family, struct pool_seen *seen,
			  const struct keyfile *file, struct state *state)
{
	struct window *window = &seen->window;
	struct umx_places places;
	int ret;

	if (!umx_places_init(&places, file->key, &window->prefix, window->plen, window->host_bits))
		return say_refused("the kernel's pool %s is none of this umctl's", seen->name);
	ret = places.key_id == seen->key_id ?
	      state_reserve(state, &places, window) :
	      say_refused("pool %s has another key than that in %s", seen->name, file->path);
	explicit_bzero(&places, sizeof(places));
	if (!ret)
		ret = state_write(state, file);
	return ret ? ret : kernel_tell(family, seen);
}

int reserve_window(const struct family *family, const char *name, struct keyfile *file)
{
	struct pool_seen seen = { .name = name };
	struct state state = {};
	int ret;

	ret = keyfile_lock(file);
	if (!ret)
		ret = kernel_ask(family, &seen);
	if (!ret)
		ret = state_read(&state, file);
	if (!ret)
		ret = reserve_locked(family, &seen, file, &state);
	state_free(&state);
	return ret;
}
