// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the genl family "umx_preserve": which attributes each command
 * takes, and what it does.
 */
#include <linux/umx_preserve.h>
#include <net/genetlink.h>
#include <net/ipv6.h>
#include <net/sock.h>
#include <umx/compat.h>
#include "blackhole.h"
#include "ids.h"
#include "mib.h"
#include "move.h"
#include "netlink.h"
#include "netns.h"
#include "notify.h"
#include "session.h"

/* What is not listed is refused. */
static const struct nla_policy
umx_preserve_set_policy[UMX_PRESERVE_A_ABORT + 1] = {
	[UMX_PRESERVE_A_ENABLED] = NLA_POLICY_MAX(NLA_U8, 1),
	[UMX_PRESERVE_A_RTO_THRESHOLD] = NLA_POLICY_RANGE(NLA_U8, 1, 15),
	[UMX_PRESERVE_A_OPTION] = NLA_POLICY_MAX(NLA_U8,
						 UMX_PRESERVE_FORM_THESIS),
	[UMX_PRESERVE_A_REVERT] = NLA_POLICY_MAX(NLA_U8, 1),
	[UMX_PRESERVE_A_MAX_PREFIXES] = NLA_POLICY_MAX(NLA_U8,
						UMX_PRESERVE_PREFIXES_MAX),
	[UMX_PRESERVE_A_CHECK] = NLA_POLICY_MAX(NLA_U8, 1),
	[UMX_PRESERVE_A_BLACKHOLE_TIMEOUT] = { .type = NLA_U32 },
	[UMX_PRESERVE_A_HEADER_MAX] = NLA_POLICY_RANGE(NLA_U8, 8, 64),
	[UMX_PRESERVE_A_BOUND] = NLA_POLICY_MAX(NLA_U8, 1),
	[UMX_PRESERVE_A_ABORT] = { .type = NLA_FLAG },
};

static const struct nla_policy umx_preserve_none_policy[2] = {
	[1] = { .type = NLA_REJECT },
};

static const struct nla_policy
umx_preserve_move_policy[UMX_PRESERVE_SESSION_A_NEXT + 1] = {
	[UMX_PRESERVE_SESSION_A_ID] = NLA_POLICY_MIN(NLA_U32, 1),
	[UMX_PRESERVE_SESSION_A_TO] =
		NLA_POLICY_EXACT_LEN(sizeof(struct in6_addr)),
	[UMX_PRESERVE_SESSION_A_NEXT] = { .type = NLA_FLAG },
};

static const struct nla_policy
umx_preserve_stats_policy[UMX_PRESERVE_STATS_A_VERBOSE + 1] = {
	[UMX_PRESERVE_STATS_A_VERBOSE] = { .type = NLA_FLAG },
};

static const struct nla_policy
umx_preserve_exclude_policy[UMX_PRESERVE_EXCLUDE_A_PLEN + 1] = {
	[UMX_PRESERVE_EXCLUDE_A_PREFIX] =
		NLA_POLICY_EXACT_LEN(sizeof(struct in6_addr)),
	[UMX_PRESERVE_EXCLUDE_A_PLEN] = NLA_POLICY_MAX(NLA_U8, 128),
};

static const struct nla_policy
umx_preserve_key_policy[UMX_PRESERVE_KEY_A_KEY + 1] = {
	[UMX_PRESERVE_KEY_A_PREFIX] =
		NLA_POLICY_EXACT_LEN(sizeof(struct in6_addr)),
	[UMX_PRESERVE_KEY_A_PLEN] = NLA_POLICY_MAX(NLA_U8, 128),
	[UMX_PRESERVE_KEY_A_KEY] = NLA_POLICY_EXACT_LEN(UMX_PRESERVE_KEY_LEN),
};

/* --- settings -------------------------------------------------------------- */

static void umx_preserve_nl_u8(const struct nlattr *attr, u8 *value)
{
	if (attr)
		WRITE_ONCE(*value, nla_get_u8(attr));
}

static void umx_preserve_nl_bool(const struct nlattr *attr, bool *value)
{
	if (attr)
		WRITE_ONCE(*value, nla_get_u8(attr));
}

/* What cannot be refused any more. */
static void umx_preserve_nl_settings(struct umx_preserve_settings *set,
				     struct nlattr **attrs)
{
	umx_preserve_nl_u8(attrs[UMX_PRESERVE_A_RTO_THRESHOLD],
			   &set->rto_threshold);
	umx_preserve_nl_u8(attrs[UMX_PRESERVE_A_OPTION], &set->option);
	umx_preserve_nl_bool(attrs[UMX_PRESERVE_A_REVERT], &set->revert);
	umx_preserve_nl_u8(attrs[UMX_PRESERVE_A_MAX_PREFIXES],
			   &set->max_prefixes);
	umx_preserve_nl_bool(attrs[UMX_PRESERVE_A_CHECK], &set->check);
	umx_preserve_nl_u8(attrs[UMX_PRESERVE_A_HEADER_MAX], &set->header_max);
	umx_preserve_nl_bool(attrs[UMX_PRESERVE_A_BOUND], &set->bound);
	if (attrs[UMX_PRESERVE_A_BLACKHOLE_TIMEOUT])
		WRITE_ONCE(set->blackhole_timeout,
			   nla_get_u32(attrs[UMX_PRESERVE_A_BLACKHOLE_TIMEOUT]));
}

static int umx_preserve_nl_judge(struct genl_info *info)
{
	struct nlattr *enabled = info->attrs[UMX_PRESERVE_A_ENABLED];
	struct nlattr *header = info->attrs[UMX_PRESERVE_A_HEADER_MAX];

	if (header && nla_get_u8(header) % 8) {
		NL_SET_ERR_MSG_ATTR(info->extack, header,
				    "the length of an IPv6 header is a multiple of 8 bytes");
		return -EINVAL;
	}
	if (info->attrs[UMX_PRESERVE_A_ABORT] &&
	    (!enabled || nla_get_u8(enabled))) {
		NL_SET_ERR_MSG_ATTR(info->extack,
				    info->attrs[UMX_PRESERVE_A_ABORT],
				    "sessions are ended only when it is switched off");
		return -EINVAL;
	}
	return 0;
}

static int umx_preserve_nl_set(struct sk_buff *skb, struct genl_info *info)
{
	struct umx_preserve_net *pn = umx_preserve_net(genl_info_net(info));
	struct nlattr *enabled = info->attrs[UMX_PRESERVE_A_ENABLED];
	int err;

	err = umx_preserve_nl_judge(info);
	if (err)
		return err;
	mutex_lock(&pn->lock);
	if (enabled)
		err = umx_preserve_net_switch(pn, nla_get_u8(enabled));
	if (!err)
		umx_preserve_nl_settings(&pn->set, info->attrs);
	if (!err && !pn->set.blackhole_timeout)
		umx_preserve_blackhole_flush(pn);
	mutex_unlock(&pn->lock);
	if (err)
		return err;
	if (enabled && !nla_get_u8(enabled))
		umx_preserve_session_let_go(pn,
				info->attrs[UMX_PRESERVE_A_ABORT]);
	if (info->attrs[UMX_PRESERVE_A_REVERT] &&
	    nla_get_u8(info->attrs[UMX_PRESERVE_A_REVERT]))
		queue_work(system_highpri_wq, &pn->scan);
	mod_delayed_work(system_unbound_wq, &pn->sweep, 0);
	return 0;
}

/* Begin one message of a dump; NULL if the buffer is full. */
void *umx_preserve_nl_dump_put(struct sk_buff *skb, struct netlink_callback *cb,
			       u8 cmd)
{
	return genlmsg_put(skb, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq,
			   &umx_preserve_genl_family, NLM_F_MULTI, cmd);
}

static int umx_preserve_nl_get(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct umx_preserve_net *pn = umx_preserve_net(sock_net(skb->sk));
	const struct umx_preserve_settings *set = &pn->set;
	void *hdr;

	if (cb->args[0])
		return 0;
	hdr = umx_preserve_nl_dump_put(skb, cb, UMX_PRESERVE_CMD_GET);
	if (!hdr)
		return -EMSGSIZE;
	if (nla_put_u8(skb, UMX_PRESERVE_A_ENABLED, set->enabled) ||
	    nla_put_u8(skb, UMX_PRESERVE_A_RTO_THRESHOLD, set->rto_threshold) ||
	    nla_put_u8(skb, UMX_PRESERVE_A_OPTION, set->option) ||
	    nla_put_u8(skb, UMX_PRESERVE_A_REVERT, set->revert) ||
	    nla_put_u8(skb, UMX_PRESERVE_A_MAX_PREFIXES, set->max_prefixes) ||
	    nla_put_u8(skb, UMX_PRESERVE_A_CHECK, set->check) ||
	    nla_put_u32(skb, UMX_PRESERVE_A_BLACKHOLE_TIMEOUT,
			set->blackhole_timeout) ||
	    nla_put_u8(skb, UMX_PRESERVE_A_HEADER_MAX, set->header_max) ||
	    nla_put_u8(skb, UMX_PRESERVE_A_BOUND, set->bound) ||
	    nla_put_u32(skb, UMX_PRESERVE_A_SESSIONS,
			READ_ONCE(pn->n_sessions))) {
		genlmsg_cancel(skb, hdr);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, hdr);
	cb->args[0] = 1;
	return skb->len;
}

/* --- sessions -------------------------------------------------------------- */

int umx_preserve_netlink_pair(struct sk_buff *msg, int attr,
			      const struct umx_preserve_set *set, u8 pair)
{
	struct nlattr *nest = nla_nest_start(msg, attr);

	if (!nest ||
	    nla_put_in6_addr(msg, UMX_PRESERVE_PAIR_A_LOCAL,
			     umx_preserve_set_local(set, pair)) ||
	    nla_put_in6_addr(msg, UMX_PRESERVE_PAIR_A_PEER,
			     umx_preserve_set_peer(set, pair)))
		return -EMSGSIZE;
	nla_nest_end(msg, nest);
	return 0;
}

static int umx_preserve_nl_sets(struct sk_buff *skb,
				const struct umx_preserve_addrs *addrs)
{
	struct nlattr *nest = nla_nest_start(skb, UMX_PRESERVE_SESSION_A_SETS);
	unsigned int i;

	if (!nest)
		return -EMSGSIZE;
	for (i = 0; i < addrs->n_local; i++)
		if (nla_put_in6_addr(skb, UMX_PRESERVE_SETS_A_LOCAL,
				     &addrs->local[i]))
			return -EMSGSIZE;
	for (i = 0; i < addrs->n_peer; i++)
		if (nla_put_in6_addr(skb, UMX_PRESERVE_SETS_A_PEER,
				     &addrs->peer[i]))
			return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int umx_preserve_nl_moved(struct sk_buff *skb,
				 const struct umx_preserve_set *set,
				 const struct umx_preserve_moved *moved)
{
	struct nlattr *nest = nla_nest_start(skb, UMX_PRESERVE_SESSION_A_MOVE);

	if (!nest ||
	    nla_put_u64_64bit(skb, UMX_PRESERVE_MOVE_A_TIME, moved->time,
			      UMX_PRESERVE_MOVE_A_PAD) ||
	    nla_put_u8(skb, UMX_PRESERVE_MOVE_A_REASON, moved->reason) ||
	    umx_preserve_netlink_pair(skb, UMX_PRESERVE_MOVE_A_FROM, set,
				      moved->from) ||
	    umx_preserve_netlink_pair(skb, UMX_PRESERVE_MOVE_A_TO, set,
				      moved->to))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int umx_preserve_nl_moves(struct sk_buff *skb,
				 struct umx_preserve_session *s)
{
	int err;
	u32 i;

	spin_lock_bh(&s->lock);
	err = nla_put_u32(skb, UMX_PRESERVE_SESSION_A_MOVED, s->moves);
	i = s->moves > UMX_PRESERVE_MOVES_MAX ?
	    s->moves - UMX_PRESERVE_MOVES_MAX : 0;
	for (; i < s->moves && !err; i++)
		err = umx_preserve_nl_moved(skb, s->set,
				&s->moved[i % UMX_PRESERVE_MOVES_MAX]);
	spin_unlock_bh(&s->lock);
	return err;
}

static int umx_preserve_nl_session_put(struct sk_buff *skb,
				       struct netlink_callback *cb,
				       struct umx_preserve_session *s)
{
	void *hdr = umx_preserve_nl_dump_put(skb, cb,
					     UMX_PRESERVE_CMD_SESSION_GET);

	if (!hdr)
		return -EMSGSIZE;
	if (nla_put_u32(skb, UMX_PRESERVE_SESSION_A_ID, s->id) ||
	    nla_put_u16(skb, UMX_PRESERVE_SESSION_A_LOCAL_PORT,
			ntohs(s->tuple.local_port)) ||
	    nla_put_u16(skb, UMX_PRESERVE_SESSION_A_PEER_PORT,
			ntohs(s->tuple.peer_port)) ||
	    umx_preserve_netlink_pair(skb, UMX_PRESERVE_SESSION_A_ORIGINAL,
				      s->set, 0) ||
	    umx_preserve_netlink_pair(skb, UMX_PRESERVE_SESSION_A_CURRENT,
				      s->set, READ_ONCE(s->current_pair)) ||
	    umx_preserve_nl_sets(skb, &s->set->addrs) ||
	    umx_preserve_nl_moves(skb, s)) {
		genlmsg_cancel(skb, hdr);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, hdr);
	return 0;
}

static int umx_preserve_nl_session_dump(struct sk_buff *skb,
					struct netlink_callback *cb)
{
	struct umx_preserve_net *pn = umx_preserve_net(sock_net(skb->sk));
	struct umx_preserve_session *s;
	u32 id = cb->args[0];

	rcu_read_lock();
	for (;;) {
		s = umx_preserve_ids_next(pn, &id);
		if (!s)
			break;
		if (umx_preserve_session_agreed(s) &&
		    umx_preserve_nl_session_put(skb, cb, s))
			break;
		cb->args[0] = id;
	}
	rcu_read_unlock();
	return skb->len;
}

static int umx_preserve_nl_moved_error(struct genl_info *info, int err)
{
	switch (err) {
	case -ENOENT:
		NL_SET_ERR_MSG(info->extack,
			       "the address is not one of the session's");
		break;
	case -EALREADY:
		NL_SET_ERR_MSG(info->extack,
			       "the session is on that address already");
		break;
	case -ENOTCONN:
		NL_SET_ERR_MSG(info->extack, "the connection is ending");
		break;
	case -EADDRINUSE:
		NL_SET_ERR_MSG(info->extack,
			       "another connection of these hosts has that pair, with the same ports");
		break;
	case -EHOSTUNREACH:
	case -ENETUNREACH:
		NL_SET_ERR_MSG(info->extack,
			       "there is no other pair with a route to the peer");
		break;
	}
	return err;
}

static int umx_preserve_nl_move(struct sk_buff *skb, struct genl_info *info)
{
	struct umx_preserve_net *pn = umx_preserve_net(genl_info_net(info));
	struct nlattr *id = info->attrs[UMX_PRESERVE_SESSION_A_ID];
	struct nlattr *to = info->attrs[UMX_PRESERVE_SESSION_A_TO];
	bool next = info->attrs[UMX_PRESERVE_SESSION_A_NEXT];
	struct umx_preserve_session *s = NULL;
	struct in6_addr addr = {};
	struct sock *sk;
	int err;

	if (!id || next == !!to) {
		NL_SET_ERR_MSG(info->extack,
			       "a move needs a session, and either a local address or \"next\"");
		return -EINVAL;
	}
	if (to)
		addr = nla_get_in6_addr(to);
	sk = umx_preserve_session_get(pn, nla_get_u32(id));
	if (sk)
		s = umx_preserve_session_lock(sk, nla_get_u32(id));
	if (s) {
		err = umx_preserve_move_local(s, sk, to ? &addr : NULL);
		release_sock(sk);
		err = umx_preserve_nl_moved_error(info, err);
	} else {
		NL_SET_ERR_MSG_ATTR(info->extack, id,
				    "there is no such session");
		err = -ENOENT;
	}
	if (sk)
		sock_put(sk);
	return err;
}

/* --- counters -------------------------------------------------------------- */

static int umx_preserve_nl_stats_put(struct sk_buff *skb,
				     struct netlink_callback *cb,
				     const struct umx_preserve_net *pn,
				     enum umx_preserve_mib id, bool explain)
{
	void *hdr = umx_preserve_nl_dump_put(skb, cb,
					     UMX_PRESERVE_CMD_STATS_GET);

	if (!hdr)
		return -EMSGSIZE;
	if (nla_put_string(skb, UMX_PRESERVE_STATS_A_NAME,
			   umx_preserve_mib_name(id)) ||
	    nla_put_u64_64bit(skb, UMX_PRESERVE_STATS_A_VALUE,
			      umx_preserve_mib_read(pn, id),
			      UMX_PRESERVE_STATS_A_PAD) ||
	    (explain && nla_put_string(skb, UMX_PRESERVE_STATS_A_EXPLAIN,
				       umx_preserve_mib_explain(id)))) {
		genlmsg_cancel(skb, hdr);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, hdr);
	return 0;
}

static int umx_preserve_nl_stats_dump(struct sk_buff *skb,
				      struct netlink_callback *cb)
{
	bool explain = umx_genl_dump_attrs(cb)[UMX_PRESERVE_STATS_A_VERBOSE];
	struct umx_preserve_net *pn = umx_preserve_net(sock_net(skb->sk));

	while (cb->args[0] < UMX_PRESERVE_MIB_MAX &&
	       !umx_preserve_nl_stats_put(skb, cb, pn, cb->args[0], explain))
		cb->args[0]++;
	return skb->len;
}

static const struct genl_ops umx_preserve_genl_ops[] = {
	{
		.cmd = UMX_PRESERVE_CMD_SET,
		.flags = GENL_UNS_ADMIN_PERM,
		.policy = umx_preserve_set_policy,
		.maxattr = ARRAY_SIZE(umx_preserve_set_policy) - 1,
		.doit = umx_preserve_nl_set,
	},
	{
		.cmd = UMX_PRESERVE_CMD_GET,
		.flags = GENL_UNS_ADMIN_PERM,
		.policy = umx_preserve_none_policy,
		.maxattr = ARRAY_SIZE(umx_preserve_none_policy) - 1,
		.dumpit = umx_preserve_nl_get,
	},
	{
		.cmd = UMX_PRESERVE_CMD_SESSION_GET,
		.flags = GENL_UNS_ADMIN_PERM,
		.policy = umx_preserve_none_policy,
		.maxattr = ARRAY_SIZE(umx_preserve_none_policy) - 1,
		.dumpit = umx_preserve_nl_session_dump,
	},
	{
		.cmd = UMX_PRESERVE_CMD_SESSION_MOVE,
		.flags = GENL_UNS_ADMIN_PERM,
		.policy = umx_preserve_move_policy,
		.maxattr = ARRAY_SIZE(umx_preserve_move_policy) - 1,
		.doit = umx_preserve_nl_move,
	},
	{
		.cmd = UMX_PRESERVE_CMD_STATS_GET,
		.flags = GENL_UNS_ADMIN_PERM,
		.policy = umx_preserve_stats_policy,
		.maxattr = ARRAY_SIZE(umx_preserve_stats_policy) - 1,
		.dumpit = umx_preserve_nl_stats_dump,
	},
	{
		.cmd = UMX_PRESERVE_CMD_EXCLUDE_ADD,
		.flags = GENL_UNS_ADMIN_PERM,
		.policy = umx_preserve_exclude_policy,
		.maxattr = ARRAY_SIZE(umx_preserve_exclude_policy) - 1,
		.doit = umx_preserve_nl_exclude_add,
	},
	{
		.cmd = UMX_PRESERVE_CMD_EXCLUDE_DEL,
		.flags = GENL_UNS_ADMIN_PERM,
		.policy = umx_preserve_exclude_policy,
		.maxattr = ARRAY_SIZE(umx_preserve_exclude_policy) - 1,
		.doit = umx_preserve_nl_exclude_del,
	},
	{
		.cmd = UMX_PRESERVE_CMD_EXCLUDE_FLUSH,
		.flags = GENL_UNS_ADMIN_PERM,
		.policy = umx_preserve_none_policy,
		.maxattr = ARRAY_SIZE(umx_preserve_none_policy) - 1,
		.doit = umx_preserve_nl_exclude_flush,
	},
	{
		.cmd = UMX_PRESERVE_CMD_EXCLUDE_GET,
		.flags = GENL_UNS_ADMIN_PERM,
		.policy = umx_preserve_none_policy,
		.maxattr = ARRAY_SIZE(umx_preserve_none_policy) - 1,
		.dumpit = umx_preserve_nl_exclude_dump,
	},
	{
		.cmd = UMX_PRESERVE_CMD_KEY_ADD,
		.flags = GENL_UNS_ADMIN_PERM,
		.policy = umx_preserve_key_policy,
		.maxattr = UMX_PRESERVE_KEY_A_KEY,
		.doit = umx_preserve_nl_key_add,
	},
	{
		.cmd = UMX_PRESERVE_CMD_KEY_DEL,
		.flags = GENL_UNS_ADMIN_PERM,
		.policy = umx_preserve_key_policy,
		.maxattr = UMX_PRESERVE_KEY_A_PLEN,
		.doit = umx_preserve_nl_key_del,
	},
	{
		.cmd = UMX_PRESERVE_CMD_KEY_FLUSH,
		.flags = GENL_UNS_ADMIN_PERM,
		.policy = umx_preserve_none_policy,
		.maxattr = ARRAY_SIZE(umx_preserve_none_policy) - 1,
		.doit = umx_preserve_nl_key_flush,
	},
	{
		.cmd = UMX_PRESERVE_CMD_KEY_GET,
		.flags = GENL_UNS_ADMIN_PERM,
		.policy = umx_preserve_none_policy,
		.maxattr = ARRAY_SIZE(umx_preserve_none_policy) - 1,
		.dumpit = umx_preserve_nl_key_dump,
	},
};

static const struct genl_multicast_group umx_preserve_genl_groups[] = {
	{ .name = UMX_PRESERVE_MCGRP_EVENTS, .flags = GENL_MCAST_CAP_NET_ADMIN },
};

struct genl_family umx_preserve_genl_family __ro_after_init = {
	.name = UMX_PRESERVE_GENL_NAME,
	.version = UMX_PRESERVE_GENL_VERSION,
	.module = THIS_MODULE,
	.netnsok = true,
	.parallel_ops = true,	/* each namespace has its own lock */
	.resv_start_op = 1,
	.ops = umx_preserve_genl_ops,
	.n_ops = ARRAY_SIZE(umx_preserve_genl_ops),
	.mcgrps = umx_preserve_genl_groups,
	.n_mcgrps = ARRAY_SIZE(umx_preserve_genl_groups),
};

int __init umx_preserve_netlink_setup(void)
{
	return genl_register_family(&umx_preserve_genl_family);
}

void umx_preserve_netlink_teardown(void)
{
	genl_unregister_family(&umx_preserve_genl_family);
}
