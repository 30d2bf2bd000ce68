// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns which attributes each command takes, and in what form. What
 * is not listed is refused.
 */
#include <linux/if.h>
#include <linux/in6.h>
#include "netlink.h"

#define UMX_NLA_IN6	NLA_POLICY_EXACT_LEN(sizeof(struct in6_addr))
#define UMX_NLA_POOL	{ .type = NLA_NUL_STRING, .len = UMX_POOL_NAME_MAX - 1 }
#define UMX_NLA_CGROUP	{ .type = NLA_NUL_STRING, .len = UMX_CGROUP_PATH_MAX - 1 }
#define UMX_NLA_BOOL	NLA_POLICY_MAX(NLA_U8, 1)
#define UMX_NLA_PORT	NLA_POLICY_MIN(NLA_U16, 1)
#define UMX_NLA_FLAG	{ .type = NLA_FLAG }
#define UMX_NLA_PLEN	NLA_POLICY_MAX(NLA_U8, 128)
#define UMX_NLA_U32	{ .type = NLA_U32 }
#define UMX_NLA_U64	{ .type = NLA_U64 }
#define UMX_NLA_REJECT	{ .type = NLA_REJECT }

/* for commands without attributes: number 1 is refused as every other is */
const struct nla_policy umx_nl_none_policy[2] = {
	[1] = UMX_NLA_REJECT,
};

static const struct nla_policy umx_nl_pool_list_policy[] = {
	[UMX_POOL_LIST_A_ADDRESS] = UMX_NLA_IN6,
	[UMX_POOL_LIST_A_USED] = UMX_NLA_IN6,
};

const struct nla_policy umx_nl_pool_add_policy[UMX_POOL_A_MAX + 1] = {
	[UMX_POOL_A_NAME] = UMX_NLA_POOL,
	[UMX_POOL_A_PREFIX] = UMX_NLA_IN6,
	[UMX_POOL_A_PLEN] = UMX_NLA_PLEN,
	[UMX_POOL_A_TYPE] = NLA_POLICY_MAX(NLA_U8, UMX_POOL_TYPE_MAX),
	[UMX_POOL_A_GENERATOR] = NLA_POLICY_MAX(NLA_U8, UMX_GENERATOR_MAX),
	[UMX_POOL_A_IFINDEX] = UMX_NLA_U32,
	[UMX_POOL_A_REJECT] = UMX_NLA_BOOL,
	[UMX_POOL_A_KEY] = NLA_POLICY_EXACT_LEN(UMX_POOL_KEY_LEN),
	[UMX_POOL_A_HOST] = UMX_NLA_U32,
	[UMX_POOL_A_HOST_BITS] = { .type = NLA_U8 },
	[UMX_POOL_A_READY] = NLA_POLICY_MIN(NLA_U32, 1),
	[UMX_POOL_A_LIST] = NLA_POLICY_NESTED(umx_nl_pool_list_policy),
	[UMX_POOL_A_FOLLOW] = { .type = NLA_NUL_STRING, .len = IFNAMSIZ - 1 },
};

const struct nla_policy umx_nl_pool_reserve_policy[UMX_POOL_A_MAX + 1] = {
	[UMX_POOL_A_NAME] = UMX_NLA_POOL,
	[UMX_POOL_A_GENERATION] = UMX_NLA_U64,
	[UMX_POOL_A_START] = UMX_NLA_U64,
	[UMX_POOL_A_END] = UMX_NLA_U64,
	[UMX_POOL_A_EPOCH] = UMX_NLA_U64,
	[UMX_POOL_A_KEY_ID] = UMX_NLA_U64,
};

const struct nla_policy umx_nl_pool_del_policy[UMX_POOL_A_MAX + 1] = {
	[UMX_POOL_A_NAME] = UMX_NLA_POOL,
	[UMX_POOL_A_FORCE] = UMX_NLA_FLAG,
	[UMX_POOL_A_FLUSH] = UMX_NLA_FLAG,
};

const struct nla_policy umx_nl_ea_policy[UMX_EA_A_MAX + 1] = {
	[UMX_EA_A_INDEX] = UMX_NLA_U32,
	[UMX_EA_A_POOL] = UMX_NLA_POOL,
	[UMX_EA_A_LEGACY] = UMX_NLA_FLAG,
	[UMX_EA_A_TO] = UMX_NLA_IN6,
	[UMX_EA_A_TO_PLEN] = UMX_NLA_PLEN,
	[UMX_EA_A_FALLBACK] = UMX_NLA_FLAG,
	[UMX_EA_A_UID] = UMX_NLA_U32,
	[UMX_EA_A_UID_END] = UMX_NLA_U32,
	[UMX_EA_A_CGROUP] = UMX_NLA_CGROUP,
	[UMX_EA_A_PROTO] = NLA_POLICY_MAX(NLA_U8, UMX_PROTO_MAX),
};

const struct nla_policy umx_nl_ea_del_policy[UMX_EA_A_MAX + 1] = {
	[UMX_EA_A_INDEX] = UMX_NLA_U32,
	[UMX_EA_A_POOL] = UMX_NLA_POOL,
	[UMX_EA_A_LEGACY] = UMX_NLA_FLAG,
	[UMX_EA_A_TO] = UMX_NLA_IN6,
	[UMX_EA_A_TO_PLEN] = UMX_NLA_PLEN,
	[UMX_EA_A_FLUSH] = UMX_NLA_FLAG,
	[UMX_EA_A_UID] = UMX_NLA_U32,
	[UMX_EA_A_UID_END] = UMX_NLA_U32,
	[UMX_EA_A_CGROUP] = UMX_NLA_CGROUP,
	[UMX_EA_A_PROTO] = NLA_POLICY_MAX(NLA_U8, UMX_PROTO_MAX),
};

const struct nla_policy umx_nl_listener_set_policy[UMX_LISTENER_A_MAX + 1] = {
	[UMX_LISTENER_A_PORT] = UMX_NLA_PORT,
	[UMX_LISTENER_A_PID] = NLA_POLICY_MIN(NLA_U32, 1),
	[UMX_LISTENER_A_MODE] = NLA_POLICY_MAX(NLA_U8, UMX_LISTENER_MODE_MAX),
	[UMX_LISTENER_A_POOL] = UMX_NLA_POOL,
	[UMX_LISTENER_A_IPV4] = UMX_NLA_BOOL,
	[UMX_LISTENER_A_LOCAL] = UMX_NLA_BOOL,
	[UMX_LISTENER_A_HALF_OPEN] = { .type = NLA_U8 },
	[UMX_LISTENER_A_COOKIE_RATE] = UMX_NLA_U32,
	[UMX_LISTENER_A_FLUSH] = UMX_NLA_FLAG,
};

const struct nla_policy umx_nl_listener_get_policy[UMX_LISTENER_A_MAX + 1] = {
	[UMX_LISTENER_A_ALL] = UMX_NLA_FLAG,
};

const struct nla_policy
umx_nl_listen_rule_add_policy[UMX_LISTEN_RULE_A_MAX + 1] = {
	[UMX_LISTEN_RULE_A_INDEX] = UMX_NLA_U32,
	[UMX_LISTEN_RULE_A_MODE] = NLA_POLICY_MAX(NLA_U8, UMX_LISTENER_MODE_MAX),
	[UMX_LISTEN_RULE_A_PORT] = UMX_NLA_PORT,
	[UMX_LISTEN_RULE_A_UID] = UMX_NLA_U32,
	[UMX_LISTEN_RULE_A_UID_END] = UMX_NLA_U32,
	[UMX_LISTEN_RULE_A_CGROUP] = UMX_NLA_CGROUP,
	[UMX_LISTEN_RULE_A_POOL] = UMX_NLA_POOL,
	[UMX_LISTEN_RULE_A_IPV4] = UMX_NLA_BOOL,
	[UMX_LISTEN_RULE_A_LOCAL] = UMX_NLA_BOOL,
	[UMX_LISTEN_RULE_A_HALF_OPEN] = { .type = NLA_U8 },
	[UMX_LISTEN_RULE_A_COOKIE_RATE] = UMX_NLA_U32,
};

const struct nla_policy
umx_nl_listen_rule_del_policy[UMX_LISTEN_RULE_A_MAX + 1] = {
	[UMX_LISTEN_RULE_A_INDEX] = UMX_NLA_U32,
	[UMX_LISTEN_RULE_A_MODE] = NLA_POLICY_MAX(NLA_U8, UMX_LISTENER_MODE_MAX),
	[UMX_LISTEN_RULE_A_PORT] = UMX_NLA_PORT,
	[UMX_LISTEN_RULE_A_UID] = UMX_NLA_U32,
	[UMX_LISTEN_RULE_A_UID_END] = UMX_NLA_U32,
	[UMX_LISTEN_RULE_A_CGROUP] = UMX_NLA_CGROUP,
	[UMX_LISTEN_RULE_A_POOL] = UMX_NLA_POOL,
	[UMX_LISTEN_RULE_A_FLUSH] = UMX_NLA_FLAG,
};

const struct nla_policy umx_nl_ssa_add_policy[UMX_SSA_A_MAX + 1] = {
	[UMX_SSA_A_ADDRESS] = UMX_NLA_IN6,
	[UMX_SSA_A_PORT] = UMX_NLA_PORT,
	[UMX_SSA_A_PID] = NLA_POLICY_MIN(NLA_U32, 1),
	[UMX_SSA_A_POOL] = UMX_NLA_POOL,
	[UMX_SSA_A_FROM] = UMX_NLA_IN6,
	[UMX_SSA_A_FROM_PLEN] = UMX_NLA_PLEN,
	[UMX_SSA_A_LIFETIME] = UMX_NLA_U32,
	[UMX_SSA_A_IFINDEX] = UMX_NLA_U32,
};

const struct nla_policy umx_nl_ssa_lease_policy[UMX_SSA_A_MAX + 1] = {
	[UMX_SSA_A_PORT] = UMX_NLA_PORT,
	[UMX_SSA_A_FROM] = UMX_NLA_IN6,
	[UMX_SSA_A_FROM_PLEN] = UMX_NLA_PLEN,
	[UMX_SSA_A_LIFETIME] = UMX_NLA_U32,
	[UMX_SSA_A_IFINDEX] = UMX_NLA_U32,
};

const struct nla_policy umx_nl_ssa_del_policy[UMX_SSA_A_MAX + 1] = {
	[UMX_SSA_A_ADDRESS] = UMX_NLA_IN6,
	[UMX_SSA_A_PORT] = UMX_NLA_PORT,
	[UMX_SSA_A_FLUSH] = UMX_NLA_FLAG,
};

const struct nla_policy umx_nl_ssa_get_policy[UMX_SSA_A_MAX + 1] = {
	[UMX_SSA_A_PORT] = UMX_NLA_PORT,
};

const struct nla_policy umx_nl_addr_get_policy[UMX_ADDR_A_MAX + 1] = {
	[UMX_ADDR_A_STATE] = NLA_POLICY_MAX(NLA_U8, UMX_ADDR_CLOSING),
};

const struct nla_policy umx_nl_drain_policy[UMX_DRAIN_A_MAX + 1] = {
	[UMX_DRAIN_A_ABORT] = UMX_NLA_FLAG,
	[UMX_DRAIN_A_OFF] = UMX_NLA_FLAG,
};

const struct nla_policy umx_nl_stats_policy[UMX_STATS_A_MAX + 1] = {
	[UMX_STATS_A_VERBOSE] = UMX_NLA_FLAG,
};

const struct nla_policy umx_nl_limit_set_policy[UMX_LIMIT_A_MAX + 1] = {
	[UMX_LIMIT_A_SCOPE] = NLA_POLICY_MAX(NLA_U8, UMX_LIMIT_SCOPE_MAX),
	[UMX_LIMIT_A_UID] = UMX_NLA_U32,
	[UMX_LIMIT_A_EA] = UMX_NLA_U32,
	[UMX_LIMIT_A_SSA] = UMX_NLA_U32,
};

const struct nla_policy umx_nl_limit_del_policy[UMX_LIMIT_A_MAX + 1] = {
	[UMX_LIMIT_A_UID] = UMX_NLA_U32,
	[UMX_LIMIT_A_FLUSH] = UMX_NLA_FLAG,
};
