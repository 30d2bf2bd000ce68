// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the fingerprint of a namespace: everything its dumps show but
 * what moves by itself.
 */
#include <string.h>
#include "nlfuzz.h"

static uint64_t hash;

/* Statistics, what is left of a lifetime, counters a refused request has drawn. */
static bool state_moves(const struct nlmsghdr *nlh, unsigned short type)
{
	const struct genlmsghdr *genl = NLMSG_DATA(nlh);

	if (nlh->nlmsg_type != families[0].id)
		return false;
	return (genl->cmd == UMX_CMD_POOL_GET &&
		(type == UMX_POOL_A_STATS || type == UMX_POOL_A_NEXT)) ||
	       (genl->cmd == UMX_CMD_EA_GET && type == UMX_EA_A_HITS) ||
	       (genl->cmd == UMX_CMD_SSA_GET && type == UMX_SSA_A_LIFETIME) ||
	       (genl->cmd == UMX_CMD_LIMIT_GET && (type == UMX_LIMIT_A_EA_LIVE ||
						   type == UMX_LIMIT_A_SSA_LIVE)) ||
	       (genl->cmd == UMX_CMD_SESSION_GET && type == UMX_SESSION_A_AGE);
}

static void state_add(const void *data, int len)
{
	const unsigned char *p = data;

	while (len-- > 0)
		hash = (hash ^ *p++) * 0x100000001b3;
}

static void state_object(const struct nlmsghdr *nlh)
{
	const char *p = (const char *)nlh + HEADERS, *end = (const char *)nlh + nlh->nlmsg_len;
	const struct nlattr *at;

	state_add(NLMSG_DATA(nlh), 1);
	for (; p + NLA_HDRLEN <= end; p += NLA_ALIGN(at->nla_len)) {
		at = (const void *)p;
		if (!state_moves(nlh, at->nla_type & NLA_TYPE_MASK))
			state_add(at, at->nla_len);
	}
}

/* Counters count, whatever becomes of a request. */
static bool state_counts(const struct cmd_spec *c)
{
	return strstr(c->name, "stats get");
}

uint64_t state_hash(const struct family_spec *of)
{
	struct message m;
	size_t f, i;

	hash = 0xcbf29ce484222325;
	for (f = 0; f < COUNT(families); f++)
		for (i = 0; i < families[f].n; i++) {
			const struct cmd_spec *c = &families[f].cmds[i];

			if ((of && of != &families[f]) || !c->dump || state_counts(c))
				continue;
			message_begin(&m, &families[f], c->cmd, true);
			talk_dump(&m, state_object);
		}
	return hash;
}
