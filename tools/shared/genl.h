/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns the contract of genl.c: requests to a generic netlink family
 * of one of our modules.
 */
#ifndef UMX_SHARED_GENL_H
#define UMX_SHARED_GENL_H

#include <netlink/msg.h>
#include <netlink/socket.h>
#include <stdbool.h>
#include <stdint.h>

/**
 * struct genl - a family, and the socket it is asked by
 * @name: of the family.
 * @version: its version.
 * @opened: called when the family was found; false: it is of no use. May be
 *	NULL.
 * @closed: called when it is given up. May be NULL.
 * @sock: the socket; NULL: none.
 * @family: the family's number.
 * @failed: when it was not found, in ms; 0: it was.
 * @sentence: why the last request was refused; "": nothing was said.
 */
struct genl {
	const char *name;
	uint8_t version;
	bool (*opened)(struct genl *genl);
	void (*closed)(struct genl *genl);
	struct nl_sock *sock;
	int family;
	int64_t failed;
	char sentence[256];
};

/**
 * struct genl_request - what is asked
 * @cmd: command.
 * @flags: NLM_F_DUMP or NLM_F_ACK.
 * @put: adds the attributes, 0 or not; may be NULL.
 * @arg: for @put.
 */
struct genl_request {
	uint8_t cmd;
	int flags;
	int (*put)(struct nl_msg *msg, const void *arg);
	const void *arg;
};

/**
 * struct genl_reply - an answer that is being read
 * @read: takes each message; may be NULL.
 * @arg: for @read.
 * @err: what the kernel said.
 * @done: that was all.
 */
struct genl_reply {
	void (*read)(struct nlmsghdr *nlh, void *arg);
	void *arg;
	int err;
	bool done;
};

/* False, with a sentence: the module does not answer. */
bool genl_open(struct genl *genl);
void genl_close(struct genl *genl);

/* 0 or a negative errno. -ENOENT with the sentence of genl_open(): there is no
 * such family.
 */
int genl_request(struct genl *genl, const struct genl_request *request,
		 struct genl_reply *reply);

#endif /* UMX_SHARED_GENL_H */
