// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the conversation with the kernel: a message there, its answer
 * back. A request is dealt with while it is sent, so that what is not to be
 * read right afterwards does not come at all.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "nlfuzz.h"

#ifndef NETLINK_CAP_ACK
#define NETLINK_CAP_ACK	10
#endif

static int fd = -1;

/* What a kernel without bugs can say, as errno.h spells it. */
static const struct {
	int error;
	const char *name;
} names[] = {
	{ SILENCE, "silence" }, { 0, "OK" }, { EINVAL, "EINVAL" }, { ERANGE, "ERANGE" },
	{ EOPNOTSUPP, "EOPNOTSUPP" }, { ENOENT, "ENOENT" }, { EEXIST, "EEXIST" },
	{ EBUSY, "EBUSY" }, { ENODEV, "ENODEV" }, { ESRCH, "ESRCH" },
	{ EAGAIN, "EAGAIN" }, { ENOTCONN, "ENOTCONN" },
	{ EDQUOT, "EDQUOT" }, { EADDRNOTAVAIL, "EADDRNOTAVAIL" }, { EADDRINUSE, "EADDRINUSE" },
	{ ENOTUNIQ, "ENOTUNIQ" }, { EKEYREJECTED, "EKEYREJECTED" }, { ESTALE, "ESTALE" },
	{ EALREADY, "EALREADY" }, { EHOSTUNREACH, "EHOSTUNREACH" }, { ENXIO, "ENXIO" },
	{ ENOSPC, "ENOSPC" }, { ENOMEM, "ENOMEM" }, { ENOBUFS, "ENOBUFS" },
};

/* NULL: nobody has promised that error. */
const char *error_name(int error)
{
	size_t i;

	for (i = 0; i < COUNT(names); i++)
		if (names[i].error == error)
			return names[i].name;
	return NULL;
}

static int talk_recv(char *buf, size_t len)
{
	int n, tries = 0;

	/* an answer there was no memory for is reported once; what was queued before it comes after that */
	do {
		n = recv(fd, buf, len, MSG_DONTWAIT);
	} while (n < 0 && (errno == ENOBUFS || errno == ENOMEM) && ++tries < 10);
	if (n < 0 && errno != EAGAIN && errno != ENOBUFS && errno != ENOMEM) {
		perror("recv");
		exit(2);
	}
	return n;
}

static void talk_send(const struct message *m)
{
	if (send(fd, m->b, m->len, 0) != m->len && errno != ENOBUFS && errno != ENOMEM) {
		perror("send");
		exit(2);
	}
}

/* The sentence of an NLMSG_ERROR or NLMSG_DONE. */
static void talk_sentence(const struct nlmsghdr *nlh, struct answer *a)
{
	const struct nlmsgerr *err = NLMSG_DATA(nlh);
	const char *p = (const char *)NLMSG_DATA(nlh), *end = (const char *)nlh + nlh->nlmsg_len;
	const struct nlattr *at;

	if (!(nlh->nlmsg_flags & NLM_F_ACK_TLVS))
		return;
	if (nlh->nlmsg_type == NLMSG_DONE)
		p += sizeof(int);
	else if (nlh->nlmsg_flags & NLM_F_CAPPED)
		p += sizeof(*err);
	else
		p += sizeof(*err) + NLMSG_ALIGN(err->msg.nlmsg_len) - NLMSG_HDRLEN;
	for (; p + NLA_HDRLEN <= end; p += NLA_ALIGN(at->nla_len)) {
		at = (const void *)p;
		if (at->nla_len < NLA_HDRLEN)
			return;
		if (at->nla_type == NLMSGERR_ATTR_MSG)
			snprintf(a->sentence, sizeof(a->sentence), "%.*s",
				 at->nla_len - NLA_HDRLEN, p + NLA_HDRLEN);
	}
}

static void talk_read(uint32_t seq, struct answer *a, void (*each)(const struct nlmsghdr *nlh))
{
	static char buf[65536] __attribute__((aligned(8)));
	struct nlmsghdr *nlh;
	int n;

	a->error = SILENCE;
	a->sentence[0] = '\0';
	while ((n = talk_recv(buf, sizeof(buf))) > 0) {
		for (nlh = (void *)buf; NLMSG_OK(nlh, (unsigned int)n); nlh = NLMSG_NEXT(nlh, n)) {
			if (nlh->nlmsg_seq != seq)
				continue;
			if (nlh->nlmsg_type == NLMSG_ERROR || nlh->nlmsg_type == NLMSG_DONE) {
				a->error = -*(int *)NLMSG_DATA(nlh);
				talk_sentence(nlh, a);
			} else if (each) {
				each(nlh);
			} else if (a->error == SILENCE) {
				a->error = 0;
			}
		}
	}
}

void talk(const struct message *m, struct answer *a)
{
	talk_send(m);
	talk_read(m->nlh.nlmsg_seq, a, NULL);
}

/* Whatever is still to be read: of a dump that was interrupted. */
void talk_quiet(void)
{
	static char buf[65536];

	while (talk_recv(buf, sizeof(buf)) > 0)
		;
}

void talk_dump(const struct message *m, void (*each)(const struct nlmsghdr *nlh))
{
	struct answer a;

	talk_send(m);
	talk_read(m->nlh.nlmsg_seq, &a, each);
	if (a.error) {
		fprintf(stderr, "a dump ended with error %d %s\n", a.error, a.sentence);
		exit(2);
	}
}

static struct family_spec *opening;

static void talk_family(const struct nlmsghdr *nlh)
{
	const char *p = (const char *)nlh + HEADERS, *end = (const char *)nlh + nlh->nlmsg_len;
	const struct nlattr *at;

	for (; p + NLA_HDRLEN <= end; p += NLA_ALIGN(at->nla_len)) {
		at = (const void *)p;
		if (at->nla_type == CTRL_ATTR_FAMILY_ID)
			memcpy(&opening->id, p + NLA_HDRLEN, sizeof(opening->id));
	}
}

void talk_open(void)
{
	static const struct family_spec ctrl = { .name = "nlctrl", .id = GENL_ID_CTRL };
	struct sockaddr_nl any = { .nl_family = AF_NETLINK };
	int on = 1, space = 1 << 20;
	struct message m;
	size_t i;

	fd = socket(AF_NETLINK, SOCK_RAW, NETLINK_GENERIC);
	if (fd < 0 || connect(fd, (void *)&any, sizeof(any)) ||
	    setsockopt(fd, SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof(on)) ||
	    setsockopt(fd, SOL_NETLINK, NETLINK_CAP_ACK, &on, sizeof(on)) ||
	    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &space, sizeof(space))) {
		perror("generic netlink");
		exit(2);
	}
	for (i = 0; i < COUNT(families); i++) {
		opening = &families[i];
		message_begin(&m, &ctrl, CTRL_CMD_GETFAMILY, false);
		message_put(&m, CTRL_ATTR_FAMILY_NAME, opening->name, strlen(opening->name) + 1);
		talk_dump(&m, talk_family);
		if (!opening->id) {
			fprintf(stderr, "no family %s\n", opening->name);
			exit(2);
		}
	}
}
