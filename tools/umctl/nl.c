// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the netlink sockets: requests, dumps, and the sentences of
 * the kernel (extended acknowledgements), which libnl's own callbacks do not
 * hand out.
 */
#include <errno.h>
#include <linux/genetlink.h>
#include <linux/umx.h>
#include <netlink/genl/ctrl.h>
#include <netlink/genl/family.h>
#include <netlink/genl/genl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../umx-dns/proto.h"
#include "local.h"
#include "nl.h"
#include "say.h"
#include "umctl.h"

/* How often a dump that raced with changes is read again. */
#define DUMP_TRIES	8
/* A dump's messages grow up to this size; also saves a peek per message. */
#define READ_SIZE	65536
/* What monitor may fall behind before events are lost. */
#define LISTEN_BUFFER	(4 << 20)

const struct family umx_family = {
	.name = UMX_GENL_NAME,
	.module = "umx",
	.version = UMX_GENL_VERSION,
};

const struct family dns_family = {
	.name = "umx-dns",
	.version = PROTO_VERSION,
	.local = true,
};

/**
 * struct reply - an answer that is being read
 * @reader: takes its messages; may be NULL.
 * @arg: for @reader.
 * @err: what the kernel said: 0 or a negative errno.
 * @done: the answer is complete.
 * @interrupted: the dump raced with a change.
 */
struct reply {
	unl_reader reader;
	void *arg;
	int err;
	bool done;
	bool interrupted;
};

static struct nl_sock *sockets[NETLINK_GENERIC + 1];

/* The family that was resolved last: a batch asks for its number once. */
static const struct family *known;
static int known_id;

/* Why the last request failed. */
static char sentence[512];
static const struct family *missing;

const char *unl_sentence(void)
{
	return sentence;
}

/* The errno behind an error of the library. */
static int unl_errno(int nlerr)
{
	static const struct {
		int nlerr;
		int err;
	} table[] = {
		{ NLE_PERM, EPERM },
		{ NLE_NOACCESS, EACCES },
		{ NLE_OBJ_NOTFOUND, ENOENT },
		{ NLE_NOMEM, ENOBUFS },
		{ NLE_AF_NOSUPPORT, EAFNOSUPPORT },
		{ NLE_PROTO_MISMATCH, EPROTONOSUPPORT },
		{ NLE_OPNOTSUPP, EOPNOTSUPP },
		{ NLE_AGAIN, EAGAIN },
		{ NLE_MSG_TRUNC, EMSGSIZE },
		{ NLE_MSGSIZE, EMSGSIZE },
	};
	size_t i;

	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (table[i].nlerr == -nlerr)
			return -table[i].err;
	return -EIO;
}

static struct nl_sock *unl_connect(int protocol)
{
	const int on = 1;
	struct nl_sock *sk;
	int err;

	sk = nl_socket_alloc();
	if (!sk)
		return NULL;
	err = nl_connect(sk, protocol);
	if (err) {
		snprintf(sentence, sizeof(sentence), "no netlink socket: %s", nl_geterror(err));
		nl_socket_free(sk);
		return NULL;
	}
	nl_socket_set_msg_buf_size(sk, READ_SIZE);
	/* Each of these improves the answers; none is needed to get one. */
	setsockopt(nl_socket_get_fd(sk), SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof(on));
	setsockopt(nl_socket_get_fd(sk), SOL_NETLINK, NETLINK_CAP_ACK, &on, sizeof(on));
	setsockopt(nl_socket_get_fd(sk), SOL_NETLINK, NETLINK_GET_STRICT_CHK, &on, sizeof(on));
	return sk;
}

static struct nl_sock *unl_socket(int protocol)
{
	if (!sockets[protocol])
		sockets[protocol] = unl_connect(protocol);
	return sockets[protocol];
}

void unl_close(void)
{
	size_t i;

	for (i = 0; i < sizeof(sockets) / sizeof(sockets[0]); i++) {
		nl_socket_free(sockets[i]);
		sockets[i] = NULL;
	}
	known = NULL;
}

static void unl_forget(void)
{
	sentence[0] = '\0';
	missing = NULL;
}

/* The kernel loads the module itself if it knows where the family comes from. */
static int family_resolve(struct nl_sock *sk, const struct family *family)
{
	if (known == family)
		return known_id;
	known_id = genl_ctrl_resolve(sk, family->name);
	known = known_id < 0 ? NULL : family;
	missing = known ? NULL : family;
	return known_id;
}

/* A dump of the families; to ask for one by its name would load its module. */
bool unl_there(const struct family *family)
{
	struct nl_sock *sk = unl_socket(NETLINK_GENERIC);
	struct genl_family *found;
	struct nl_cache *cache;

	if (family->local)
		return local_there();
	if (!sk || genl_ctrl_alloc_cache(sk, &cache))
		return false;
	found = genl_ctrl_search_by_name(cache, family->name);
	if (found)
		genl_family_put(found);
	nl_cache_free(cache);
	return found;
}

/* Where messages of @family go and by which number; a negative number: nowhere. */
static int family_place(const struct family *family, int *protocol)
{
	struct nl_sock *sk;

	*protocol = family->local ? NETLINK_USERSOCK : NETLINK_GENERIC;
	if (family->local)
		return PROTO_TYPE;
	sk = unl_socket(NETLINK_GENERIC);
	return sk ? family_resolve(sk, family) : -ENOMEM;
}

struct nl_msg *unl_genl(const struct family *family, uint8_t cmd, int flags)
{
	struct nl_msg *msg;
	int id, protocol;

	unl_forget();
	id = family_place(family, &protocol);
	if (id < 0)
		return NULL;
	msg = nlmsg_alloc();
	if (!msg)
		return NULL;
	nlmsg_set_proto(msg, protocol);
	if (genlmsg_put(msg, NL_AUTO_PORT, NL_AUTO_SEQ, id, 0, NLM_F_REQUEST | flags, cmd,
			family->version))
		return msg;
	nlmsg_free(msg);
	return NULL;
}

struct nl_msg *unl_route(uint16_t type, int flags, const void *header, size_t len)
{
	struct nl_msg *msg;

	unl_forget();
	msg = nlmsg_alloc_simple(type, NLM_F_REQUEST | flags);
	if (!msg)
		return NULL;
	nlmsg_set_proto(msg, NETLINK_ROUTE);
	if (!nlmsg_append(msg, (void *)header, len, NLMSG_ALIGNTO))
		return msg;
	nlmsg_free(msg);
	return NULL;
}

/* Keeps the kernel's sentence from the attributes behind an acknowledgement. */
static void sentence_read(const struct nlattr *head, int len)
{
	const struct nlattr *nla;

	nla = nla_find(head, len, NLMSGERR_ATTR_MSG);
	if (nla)
		snprintf(sentence, sizeof(sentence), "%.*s", nla_len(nla),
			 (const char *)nla_data(nla));
}

static void ack_read(const struct nlmsghdr *nlh, const struct nlmsgerr *ack)
{
	int skip = sizeof(*ack);

	if (!(nlh->nlmsg_flags & NLM_F_ACK_TLVS))
		return;
	/* Without NLM_F_CAPPED the whole request stands before the attributes. */
	if (!(nlh->nlmsg_flags & NLM_F_CAPPED))
		skip += NLMSG_ALIGN(ack->msg.nlmsg_len) - sizeof(ack->msg);
	if (nlmsg_datalen(nlh) > skip)
		sentence_read((const void *)((const char *)ack + skip), nlmsg_datalen(nlh) - skip);
}

static int on_error(struct sockaddr_nl *from, struct nlmsgerr *ack, void *arg)
{
	const struct nlmsghdr *nlh = (const void *)((const char *)ack - NLMSG_HDRLEN);
	struct reply *reply = arg;

	(void)from;
	reply->err = ack->error;
	reply->done = true;
	ack_read(nlh, ack);
	return NL_STOP;
}

static int on_ack(struct nl_msg *msg, void *arg)
{
	const struct nlmsghdr *nlh = nlmsg_hdr(msg);
	struct reply *reply = arg;

	reply->done = true;
	ack_read(nlh, nlmsg_data(nlh));
	return NL_STOP;
}

/* The end of a dump carries an error number, and attributes if it is one. */
static int on_finish(struct nl_msg *msg, void *arg)
{
	const struct nlmsghdr *nlh = nlmsg_hdr(msg);
	struct reply *reply = arg;
	int len = nlmsg_datalen(nlh);

	reply->done = true;
	if (len >= (int)sizeof(int))
		reply->err = *(const int *)nlmsg_data(nlh);
	len -= NLMSG_ALIGN(sizeof(int));
	if (nlh->nlmsg_flags & NLM_F_ACK_TLVS && len > 0)
		sentence_read((const void *)((const char *)nlmsg_data(nlh) + sizeof(int)), len);
	return NL_STOP;
}

static int on_interrupted(struct nl_msg *msg, void *arg)
{
	struct reply *reply = arg;

	(void)msg;
	reply->interrupted = true;
	return NL_OK;
}

static int on_valid(struct nl_msg *msg, void *arg)
{
	struct reply *reply = arg;

	if (reply->reader)
		reply->reader(nlmsg_hdr(msg), reply->arg);
	return NL_OK;
}

/* A message of umx-dns, which are those the library knows from the kernel. */
static bool on_local(const struct nlmsghdr *nlh, void *arg)
{
	const struct nlmsgerr *ack = nlmsg_data(nlh);
	struct reply *reply = arg;

	switch (nlh->nlmsg_type) {
	case NLMSG_ERROR:
		reply->err = ack->error;
		ack_read(nlh, ack);
		return false;
	case NLMSG_DONE:
		return false;
	}
	if (reply->reader)
		reply->reader(nlh, reply->arg);
	return true;
}

static int unl_local(struct nl_msg *msg, struct reply *reply)
{
	int fd, err;

	fd = local_connect();
	if (fd < 0) {
		snprintf(sentence, sizeof(sentence), "umx-dns does not answer here: %s",
			 fd == -ENOENT || fd == -ECONNREFUSED ? "it does not run" : strerror(-fd));
		return fd;
	}
	err = local_talk(fd, msg, on_local, reply);
	if (err)
		snprintf(sentence, sizeof(sentence), "umx-dns ended in the middle: %s",
			 strerror(-err));
	close(fd);
	return err ? err : reply->err;
}

/* Sends @msg and reads until the kernel says that this was all. */
static int unl_talk(struct nl_msg *msg, struct reply *reply)
{
	struct nl_sock *sk;
	struct nl_cb *cb;
	int ret;

	unl_forget();
	if (nlmsg_get_proto(msg) == NETLINK_USERSOCK)
		return unl_local(msg, reply);
	sk = unl_socket(nlmsg_get_proto(msg));
	cb = nl_cb_alloc(NL_CB_DEFAULT);
	if (!sk || !cb) {
		ret = -ENOMEM;
		goto out;
	}
	nl_cb_err(cb, NL_CB_CUSTOM, on_error, reply);
	nl_cb_set(cb, NL_CB_ACK, NL_CB_CUSTOM, on_ack, reply);
	nl_cb_set(cb, NL_CB_FINISH, NL_CB_CUSTOM, on_finish, reply);
	nl_cb_set(cb, NL_CB_DUMP_INTR, NL_CB_CUSTOM, on_interrupted, reply);
	nl_cb_set(cb, NL_CB_VALID, NL_CB_CUSTOM, on_valid, reply);
	ret = nl_send_auto(sk, msg);
	while (ret >= 0 && !reply->done)
		ret = nl_recvmsgs(sk, cb);
	if (reply->done) {
		ret = reply->err;
	} else {
		/* Half an answer may still be on its way to this socket. */
		ret = unl_errno(ret);
		unl_close();
	}
out:
	nl_cb_put(cb);
	return ret;
}

int unl_call(struct nl_msg *msg, unl_reader reader, void *arg)
{
	struct reply reply = { .reader = reader, .arg = arg };
	int err;

	err = unl_talk(msg, &reply);
	nlmsg_free(msg);
	/* A sentence beside a success is the kernel's warning. */
	if (!err && *sentence)
		say_warning("%s", sentence);
	return err;
}

int unl_dump(struct nl_msg *msg, unl_reader reader, void (*restart)(void *arg), void *arg)
{
	struct reply reply;
	int tries = 0;
	int err;

	nlmsg_hdr(msg)->nlmsg_flags |= NLM_F_DUMP;
	for (;;) {
		reply = (struct reply){ .reader = reader, .arg = arg };
		/* The library fills in an automatic number once only. */
		nlmsg_hdr(msg)->nlmsg_seq = NL_AUTO_SEQ;
		err = unl_talk(msg, &reply);
		if (err || !reply.interrupted)
			break;
		if (++tries == DUMP_TRIES) {
			say_warning("the list kept changing while it was read; it may have gaps");
			break;
		}
		if (restart)
			restart(arg);
	}
	nlmsg_free(msg);
	return err;
}

int unl_listen(const struct family *family, const char *group, struct nl_sock **out)
{
	struct nl_sock *sk;
	int id, err = -ENOENT;

	unl_forget();
	sk = unl_connect(NETLINK_GENERIC);
	if (!sk)
		return -ENOMEM;
	if (family_resolve(sk, family) < 0)
		goto fail;
	id = genl_ctrl_resolve_grp(sk, family->name, group);
	if (id < 0) {
		snprintf(sentence, sizeof(sentence), "the %s module has no events", family->module);
		goto fail;
	}
	/* The first is bounded by a sysctl, the second asks for privilege. */
	nl_socket_set_buffer_size(sk, LISTEN_BUFFER, 0);
	setsockopt(nl_socket_get_fd(sk), SOL_SOCKET, SO_RCVBUFFORCE, &(int){ LISTEN_BUFFER },
		   sizeof(int));
	nl_socket_disable_seq_check(sk);
	nl_socket_set_nonblocking(sk);
	if (setsockopt(nl_socket_get_fd(sk), SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &id,
		       sizeof(id))) {
		err = -errno;
		goto fail;
	}
	*out = sk;
	return 0;
fail:
	nl_socket_free(sk);
	return err;
}

int unl_refused(const char *what, int err)
{
	if (missing)
		return say_refused("the %s module is not loaded: modprobe %s", missing->module,
				   missing->module);
	if (*sentence)
		return say_refused("%s", sentence);
	return say_refused("the kernel refused \"%s\": %s", what, strerror(-err));
}
