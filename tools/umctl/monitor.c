// SPDX-License-Identifier: GPL-2.0
/* This file owns the following of a family's events, until interrupted. */
#include <errno.h>
#include <netlink/errno.h>
#include <netlink/netlink.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "args.h"
#include "ask.h"
#include "field.h"
#include "monitor.h"
#include "nl.h"
#include "out.h"
#include "say.h"
#include "umctl.h"

/* The group every family of ours has. */
#define MONITOR_GROUP	"events"

static int event_read(struct nl_msg *msg, void *arg)
{
	fields_print(arg, nlmsg_hdr(msg));
	return NL_OK;
}

/* The kernel's queue ran over: what is missing nobody knows, but that it is. */
static void loss_print(void)
{
	out_object_open();
	out_string("event", "", "lost");
	out_object_close();
}

/* Reads one message, and writes it at once. Returns what to exit with. */
static int events_read(struct nl_sock *sk)
{
	int err = nl_recvmsgs_default(sk);

	if (err == -NLE_AGAIN)
		return UMCTL_DONE;
	/* What the library makes of ENOBUFS. */
	if (err == -NLE_NOMEM)
		loss_print();
	else if (err)
		return say_refused("the events cannot be read: %s", nl_geterror(err));
	return out_stream_flush();
}

static int events_follow(struct nl_sock *sk, int signals)
{
	struct pollfd fds[] = {
		{ .fd = signals, .events = POLLIN },
		{ .fd = nl_socket_get_fd(sk), .events = POLLIN },
	};
	int ret;

	while (poll(fds, 2, -1) >= 0 || errno == EINTR) {
		if (fds[0].revents)
			return UMCTL_DONE;
		if (!fds[1].revents)
			continue;
		ret = events_read(sk);
		if (ret)
			return ret;
	}
	return say_refused("the events cannot be read: %s", strerror(errno));
}

int monitor_run(const struct args *args)
{
	struct nl_sock *sk;
	sigset_t set;
	int signals;
	int err, ret;

	err = unl_listen(args->object->family, MONITOR_GROUP, &sk);
	if (err)
		return unl_refused(args_command(args), err);

	/* Blocked, a signal waits until the event before it is written. */
	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, NULL);
	signals = signalfd(-1, &set, SFD_CLOEXEC);
	if (signals >= 0) {
		nl_socket_modify_cb(sk, NL_CB_VALID, NL_CB_CUSTOM, event_read,
				    (void *)args->verb->fields);
		out_stream();
		ret = events_follow(sk, signals);
		out_abort();
		close(signals);
	} else {
		ret = say_refused("no signals can be read: %s", strerror(errno));
	}
	nl_socket_free(sk);
	return ret;
}
