// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns requests to generic netlink. A module may go and come back,
 * with another number of its family: what it does not know any more is looked
 * up again and asked once more.
 */
#include <errno.h>
#include <linux/genetlink.h>
#include <netlink/genl/ctrl.h>
#include <netlink/genl/genl.h>
#include <netlink/netlink.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>

#include "genl.h"

/* The kernel answers at once; this is for what nobody has thought of. */
#define ANSWER_S	5
/* Asking for a family that is not there makes the kernel look for its module:
 * no more often than this.
 */
#define RETRY_MS	1000

static int64_t clock_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_BOOTTIME, &now);
	return now.tv_sec * 1000ll + now.tv_nsec / 1000000;
}

/**
 * struct talk - a request and what comes back
 * @genl: whom it goes to.
 * @reply: what comes.
 */
struct talk {
	struct genl *genl;
	struct genl_reply *reply;
};

/* The sentence of a refusal, behind the header the kernel sends back. */
static void sentence_read(struct genl *genl, const struct nlmsghdr *nlh,
			  const struct nlmsgerr *ack)
{
	const struct nlattr *nla;
	int skip = sizeof(*ack);

	if (!(nlh->nlmsg_flags & NLM_F_ACK_TLVS))
		return;
	if (!(nlh->nlmsg_flags & NLM_F_CAPPED))
		skip += NLMSG_ALIGN(ack->msg.nlmsg_len) - sizeof(ack->msg);
	if (nlmsg_datalen(nlh) <= skip)
		return;
	nla = nla_find((const void *)((const char *)ack + skip), nlmsg_datalen(nlh) - skip,
		       NLMSGERR_ATTR_MSG);
	if (nla)
		snprintf(genl->sentence, sizeof(genl->sentence), "%.*s", nla_len(nla),
			 (const char *)nla_data(nla));
}

static int on_error(struct sockaddr_nl *from, struct nlmsgerr *ack, void *arg)
{
	const struct nlmsghdr *nlh = (const void *)((const char *)ack - NLMSG_HDRLEN);
	struct talk *talk = arg;

	(void)from;
	talk->reply->err = ack->error;
	talk->reply->done = true;
	sentence_read(talk->genl, nlh, ack);
	return NL_STOP;
}

static int on_done(struct nl_msg *msg, void *arg)
{
	struct talk *talk = arg;

	(void)msg;
	talk->reply->done = true;
	return NL_STOP;
}

static int on_valid(struct nl_msg *msg, void *arg)
{
	struct talk *talk = arg;

	if (talk->reply->read)
		talk->reply->read(nlmsg_hdr(msg), talk->reply->arg);
	return NL_OK;
}

void genl_close(struct genl *genl)
{
	if (genl->closed)
		genl->closed(genl);
	nl_socket_free(genl->sock);
	genl->sock = NULL;
	genl->family = 0;
}

static bool genl_find(struct genl *genl)
{
	const struct timeval wait = { .tv_sec = ANSWER_S };
	const int on = 1;
	int fd;

	genl->sock = nl_socket_alloc();
	if (!genl->sock || nl_connect(genl->sock, NETLINK_GENERIC))
		return false;
	fd = nl_socket_get_fd(genl->sock);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait));
	setsockopt(fd, SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof(on));
	setsockopt(fd, SOL_NETLINK, NETLINK_CAP_ACK, &on, sizeof(on));
	genl->family = genl_ctrl_resolve(genl->sock, genl->name);
	return genl->family >= 0 && (!genl->opened || genl->opened(genl));
}

bool genl_open(struct genl *genl)
{
	if (genl->sock)
		return true;
	if (!genl->failed || clock_ms() - genl->failed >= RETRY_MS) {
		genl->failed = 0;
		if (genl_find(genl))
			return true;
		genl->failed = clock_ms();
		genl_close(genl);
	}
	snprintf(genl->sentence, sizeof(genl->sentence),
		 "the %s module does not answer: is it loaded?", genl->name);
	return false;
}

static int genl_talk(struct genl *genl, struct nl_msg *msg, struct genl_reply *reply)
{
	struct nl_cb *cb = nl_cb_alloc(NL_CB_DEFAULT);
	struct talk talk = { genl, reply };
	int ret = -1;

	if (cb) {
		nl_cb_err(cb, NL_CB_CUSTOM, on_error, &talk);
		nl_cb_set(cb, NL_CB_ACK, NL_CB_CUSTOM, on_done, &talk);
		nl_cb_set(cb, NL_CB_FINISH, NL_CB_CUSTOM, on_done, &talk);
		nl_cb_set(cb, NL_CB_VALID, NL_CB_CUSTOM, on_valid, &talk);
		ret = nl_send_auto(genl->sock, msg);
		while (ret >= 0 && !reply->done)
			ret = nl_recvmsgs(genl->sock, cb);
		nl_cb_put(cb);
	}
	if (reply->done)
		return reply->err;
	snprintf(genl->sentence, sizeof(genl->sentence), "netlink: %s", nl_geterror(ret));
	genl_close(genl);
	return -EIO;
}

static int genl_ask(struct genl *genl, const struct genl_request *request,
		    struct genl_reply *reply)
{
	struct nl_msg *msg;
	int err = -ENOMEM;

	*genl->sentence = '\0';
	if (!genl_open(genl))
		return -ENOENT;
	msg = nlmsg_alloc();
	if (msg && genlmsg_put(msg, NL_AUTO_PORT, NL_AUTO_SEQ, genl->family, 0,
			       NLM_F_REQUEST | request->flags, request->cmd, genl->version) &&
	    (!request->put || !request->put(msg, request->arg)))
		err = genl_talk(genl, msg, reply);
	nlmsg_free(msg);
	return err;
}

/* -ENOENT without a sentence: nobody has this number (any more). */
int genl_request(struct genl *genl, const struct genl_request *request, struct genl_reply *reply)
{
	struct genl_reply again = *reply;
	int err = genl_ask(genl, request, reply);

	if (err != -ENOENT || *genl->sentence)
		return err;
	genl_close(genl);
	*reply = again;
	return genl_ask(genl, request, reply);
}
