// SPDX-License-Identifier: GPL-2.0
/* This file owns what most commands are: a request, a dump, a request with a reply. */
#include <errno.h>
#include <netlink/attr.h>

#include "ask.h"
#include "out.h"

struct nl_msg *ask_message(const struct args *args)
{
	struct nl_msg *msg;

	msg = unl_genl(args->object->family, args->verb->cmd, 0);
	if (!msg)
		return NULL;
	if (!args_put(args, msg) &&
	    (!args->verb->flag || !nla_put_flag(msg, args->verb->flag)))
		return msg;
	nlmsg_free(msg);
	return NULL;
}

static void object_print(const struct nlmsghdr *nlh, void *arg)
{
	fields_print(arg, nlh);
}

static void objects_restart(void *arg)
{
	(void)arg;
	out_restart();
}

int ask_print(const struct args *args, unl_reader reader, void *arg)
{
	struct nl_msg *msg = ask_message(args);
	int err;

	if (!msg)
		return unl_refused(args_command(args), -ENOMEM);
	out_begin();
	if (args->verb->fields)
		err = unl_dump(msg, reader, objects_restart, arg);
	else
		err = unl_call(msg, reader, arg);
	if (!err)
		return out_end();
	out_abort();
	return unl_refused(args_command(args), err);
}

int ask_command(const struct args *args)
{
	const struct verb *verb = args->verb;
	struct nl_msg *msg;
	int err;

	if (verb->fields || verb->reply)
		return ask_print(args, object_print,
				 (void *)(verb->fields ? verb->fields : verb->reply));
	msg = ask_message(args);
	err = msg ? unl_call(msg, NULL, NULL) : -ENOMEM;
	return err ? unl_refused(args_command(args), err) : UMCTL_DONE;
}
