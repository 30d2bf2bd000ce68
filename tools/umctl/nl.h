/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns the contract of nl.c: talking to the kernel over netlink.
 *
 * Functions return 0 or a negative errno and say nothing; unl_refused() then
 * tells the user in the kernel's own words. (The prefix is unl_ because nl_
 * is the library's.)
 */
#ifndef UMCTL_NL_H
#define UMCTL_NL_H

#include <netlink/netlink.h>
#include <stdbool.h>
#include <stdint.h>

/**
 * struct family - a generic netlink family
 * @name: its name.
 * @module: the module it comes from.
 * @version: its version.
 * @local: it is not one of the kernel: a program takes the same messages
 *	(local.h).
 */
struct family {
	const char *name;
	const char *module;
	uint8_t version;
	bool local;
};

/* The family of umx.ko, which most objects belong to. */
extern const struct family umx_family;

/* What umx-dns takes and gives. */
extern const struct family dns_family;

/* Reads one message of a reply. */
typedef void (*unl_reader)(const struct nlmsghdr *nlh, void *arg);

/* Is there such a family here? Does not make the kernel load its module, as a
 * request does.
 */
bool unl_there(const struct family *family);

/* A new request of @family; NULL, and unl_refused() says why, if there is no
 * such family here.
 */
struct nl_msg *unl_genl(const struct family *family, uint8_t cmd, int flags);

/* A new request to rtnetlink, NULL as above. */
struct nl_msg *unl_route(uint16_t type, int flags, const void *header, size_t len);

/* Sends @msg, frees it, hands what comes back to @reader (may be NULL) and
 * waits for the acknowledgement.
 */
int unl_call(struct nl_msg *msg, unl_reader reader, void *arg);

/* The same for a dump. One that raced with a change is read again, a few
 * times; @restart is told to forget what it was given so far.
 */
int unl_dump(struct nl_msg *msg, unl_reader reader, void (*restart)(void *arg), void *arg);

/* A socket that hears @group of @family and does not block. */
int unl_listen(const struct family *family, const char *group, struct nl_sock **out);

/* The sentence the kernel gave with its last answer; "" if it gave none. */
const char *unl_sentence(void);

/* Tells the user that the last request failed with @err; returns what to exit
 * with. @what names the request if the kernel gave no sentence.
 */
int unl_refused(const char *what, int err);

/* Closes the sockets, so that the next request opens them where we are now. */
void unl_close(void);

#endif /* UMCTL_NL_H */
