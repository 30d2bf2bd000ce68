// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns what each command of the netlink families takes, as their
 * headers say it, with a request of each that is accepted.
 */
#include <errno.h>
#include <net/if.h>
#include "nlfuzz.h"

#define TAKES(...)	((const struct attr_spec[]){ __VA_ARGS__, { 0 } })
#define TAKES_NONE	((const struct attr_spec[]){ { 0 } })
#define BASE_SAYS(error, ...)	((const struct value[]){ __VA_ARGS__, { 0 } }), error
#define BASE(...)	BASE_SAYS(0, __VA_ARGS__)
#define BASE_NONE	((const struct value[]){ { 0 } }), 0
#define ANY_U32		0, 0xffffffff
#define A_PORT(type)	{ type, PORT, 1, 0xffff }
#define A_BOOL(type)	{ type, U8, 0, 1 }
#define A_PLEN(type)	{ type, U8, 0, 128 }
#define A_U64(type)	{ type, U64, 0, 0 }
#define A_IN4(type)	{ type, IN4, 0, 0 }
#define A_PLEN4(type)	{ type, U8, 0, 32 }
#define A_IN6(type)	{ type, IN6, 0, 0 }
#define A_NAME(type)	{ type, NAME, 0, UMX_POOL_NAME_MAX }
#define A_PATH(type)	{ type, NAME, 0, UMX_CGROUP_PATH_MAX }
#define A_LINK(type)	{ type, NAME, 0, IFNAMSIZ }
#define A_FLAG(type)	{ type, FLAG, 0, 0 }

static const struct cmd_spec umx[] = {
	{ "pool add", UMX_CMD_POOL_ADD, false, false, UMX_POOL_A_MAX,
	  TAKES(A_NAME(UMX_POOL_A_NAME), A_IN6(UMX_POOL_A_PREFIX),
		A_PLEN(UMX_POOL_A_PLEN), { UMX_POOL_A_TYPE, U8, 0, UMX_POOL_TYPE_MAX },
		{ UMX_POOL_A_GENERATOR, U8, 0, UMX_GENERATOR_MAX },
		{ UMX_POOL_A_IFINDEX, IFINDEX, ANY_U32 }, A_BOOL(UMX_POOL_A_REJECT),
		/* a key is as long as an address */
		A_IN6(UMX_POOL_A_KEY), { UMX_POOL_A_HOST, U32, ANY_U32 },
		{ UMX_POOL_A_HOST_BITS, U8, 0, 0xff },
		{ UMX_POOL_A_READY, U32, 1, 0xffffffff },
		{ UMX_POOL_A_LIST, NEST, UMX_POOL_LIST_A_ADDRESS, UMX_POOL_LIST_A_USED },
		A_LINK(UMX_POOL_A_FOLLOW)),
	  BASE({ UMX_POOL_A_NAME, "x" }, { UMX_POOL_A_PREFIX, "2001:db8:9::" },
	       { UMX_POOL_A_PLEN, "64" }) },
	{ "pool get", UMX_CMD_POOL_GET, true, true, UMX_POOL_A_MAX, TAKES_NONE, BASE_NONE },
	{ "ea add", UMX_CMD_EA_ADD, false, false, UMX_EA_A_MAX,
	  TAKES({ UMX_EA_A_INDEX, U32, ANY_U32 }, A_NAME(UMX_EA_A_POOL),
		A_FLAG(UMX_EA_A_LEGACY), A_IN6(UMX_EA_A_TO), A_PLEN(UMX_EA_A_TO_PLEN),
		A_FLAG(UMX_EA_A_FALLBACK), { UMX_EA_A_UID, U32, ANY_U32 },
		{ UMX_EA_A_UID_END, U32, ANY_U32 }, A_PATH(UMX_EA_A_CGROUP),
		{ UMX_EA_A_PROTO, U8, 0, UMX_PROTO_MAX }),
	  BASE({ UMX_EA_A_TO, "2001:db8:81::" }, { UMX_EA_A_TO_PLEN, "48" },
	       { UMX_EA_A_POOL, "ea" }) },
	{ "ea del", UMX_CMD_EA_DEL, false, false, UMX_EA_A_MAX,
	  TAKES({ UMX_EA_A_INDEX, U32, ANY_U32 }, A_NAME(UMX_EA_A_POOL),
		A_FLAG(UMX_EA_A_LEGACY), A_IN6(UMX_EA_A_TO), A_PLEN(UMX_EA_A_TO_PLEN),
		A_FLAG(UMX_EA_A_FLUSH), { UMX_EA_A_UID, U32, ANY_U32 },
		{ UMX_EA_A_UID_END, U32, ANY_U32 }, A_PATH(UMX_EA_A_CGROUP),
		{ UMX_EA_A_PROTO, U8, 0, UMX_PROTO_MAX }),
	  BASE({ UMX_EA_A_INDEX, "0" }) },
	{ "ea get", UMX_CMD_EA_GET, true, true, UMX_EA_A_MAX, TAKES_NONE, BASE_NONE },
	{ "ssa add", UMX_CMD_SSA_ADD, false, false, UMX_SSA_A_MAX,
	  TAKES(A_IN6(UMX_SSA_A_ADDRESS), A_PORT(UMX_SSA_A_PORT),
		{ UMX_SSA_A_PID, PID, 1, 0xffffffff }, A_NAME(UMX_SSA_A_POOL),
		A_IN6(UMX_SSA_A_FROM), A_PLEN(UMX_SSA_A_FROM_PLEN),
		{ UMX_SSA_A_LIFETIME, LIFETIME, ANY_U32 },
		{ UMX_SSA_A_IFINDEX, IFINDEX, ANY_U32 }),
	  BASE({ UMX_SSA_A_FROM, "2001:db8:c::" }, { UMX_SSA_A_FROM_PLEN, "48" },
	       { UMX_SSA_A_PORT, "80" }) },
	{ "ssa lease", UMX_CMD_SSA_LEASE, false, false, UMX_SSA_A_MAX,
	  TAKES(A_PORT(UMX_SSA_A_PORT), A_IN6(UMX_SSA_A_FROM), A_PLEN(UMX_SSA_A_FROM_PLEN),
		{ UMX_SSA_A_LIFETIME, LIFETIME, ANY_U32 },
		{ UMX_SSA_A_IFINDEX, IFINDEX, ANY_U32 }),
	  BASE({ UMX_SSA_A_FROM, "2001:db8:c::" }, { UMX_SSA_A_FROM_PLEN, "48" },
	       { UMX_SSA_A_PORT, "82" }) },
	{ "ssa del", UMX_CMD_SSA_DEL, false, false, UMX_SSA_A_MAX,
	  TAKES(A_IN6(UMX_SSA_A_ADDRESS), A_PORT(UMX_SSA_A_PORT), A_FLAG(UMX_SSA_A_FLUSH)),
	  BASE({ UMX_SSA_A_ADDRESS, "2001:db8:2:55a::77" }) },
	{ "ssa get", UMX_CMD_SSA_GET, true, true, UMX_SSA_A_MAX,
	  TAKES(A_PORT(UMX_SSA_A_PORT)), BASE_NONE },
	{ "listener get", UMX_CMD_LISTENER_GET, true, true, UMX_LISTENER_A_MAX,
	  TAKES(A_FLAG(UMX_LISTENER_A_ALL)), BASE_NONE },
	{ "addr get", UMX_CMD_ADDR_GET, true, true, UMX_ADDR_A_MAX,
	  TAKES({ UMX_ADDR_A_STATE, U8, 0, UMX_ADDR_CLOSING }), BASE_NONE },
	{ "session get", UMX_CMD_SESSION_GET, true, true, UMX_SESSION_A_MAX,
	  TAKES_NONE, BASE_NONE },
	{ "stats get", UMX_CMD_STATS_GET, true, true, UMX_STATS_A_MAX,
	  TAKES(A_FLAG(UMX_STATS_A_VERBOSE)), BASE_NONE },
	{ "version get", UMX_CMD_VERSION_GET, false, true, UMX_VERSION_A_MAX,
	  TAKES_NONE, BASE_NONE },
	{ "limit set", UMX_CMD_LIMIT_SET, false, false, UMX_LIMIT_A_MAX,
	  TAKES({ UMX_LIMIT_A_SCOPE, U8, 0, UMX_LIMIT_SCOPE_MAX },
		{ UMX_LIMIT_A_UID, U32, ANY_U32 }, { UMX_LIMIT_A_EA, U32, ANY_U32 },
		{ UMX_LIMIT_A_SSA, U32, ANY_U32 }),
	  BASE({ UMX_LIMIT_A_EA, "100" }) },
	{ "limit del", UMX_CMD_LIMIT_DEL, false, false, UMX_LIMIT_A_MAX,
	  TAKES({ UMX_LIMIT_A_UID, U32, ANY_U32 }, A_FLAG(UMX_LIMIT_A_FLUSH)),
	  BASE({ UMX_LIMIT_A_UID, "5" }) },
	{ "limit get", UMX_CMD_LIMIT_GET, true, true, UMX_LIMIT_A_MAX, TAKES_NONE, BASE_NONE },
	{ "listener set", UMX_CMD_LISTENER_SET, false, false, UMX_LISTENER_A_MAX,
	  TAKES(A_PORT(UMX_LISTENER_A_PORT), { UMX_LISTENER_A_PID, PID, 1, 0xffffffff },
		{ UMX_LISTENER_A_MODE, U8, 0, UMX_LISTENER_MODE_MAX },
		A_NAME(UMX_LISTENER_A_POOL), A_BOOL(UMX_LISTENER_A_IPV4),
		A_BOOL(UMX_LISTENER_A_LOCAL), A_FLAG(UMX_LISTENER_A_FLUSH),
		{ UMX_LISTENER_A_HALF_OPEN, U8, 0, 0xff },
		{ UMX_LISTENER_A_COOKIE_RATE, U32, 0, 0xffffffff }),
	  BASE({ UMX_LISTENER_A_PORT, "80" }, { UMX_LISTENER_A_MODE, "0" }) },
	{ "listen rule add", UMX_CMD_LISTEN_RULE_ADD, false, false, UMX_LISTEN_RULE_A_MAX,
	  TAKES({ UMX_LISTEN_RULE_A_INDEX, U32, ANY_U32 },
		{ UMX_LISTEN_RULE_A_MODE, U8, 0, UMX_LISTENER_MODE_MAX },
		A_PORT(UMX_LISTEN_RULE_A_PORT), { UMX_LISTEN_RULE_A_UID, U32, ANY_U32 },
		{ UMX_LISTEN_RULE_A_UID_END, U32, ANY_U32 },
		A_PATH(UMX_LISTEN_RULE_A_CGROUP), A_NAME(UMX_LISTEN_RULE_A_POOL),
		A_BOOL(UMX_LISTEN_RULE_A_IPV4), A_BOOL(UMX_LISTEN_RULE_A_LOCAL),
		{ UMX_LISTEN_RULE_A_HALF_OPEN, U8, 0, 0xff },
		{ UMX_LISTEN_RULE_A_COOKIE_RATE, U32, ANY_U32 }),
	  BASE({ UMX_LISTEN_RULE_A_MODE, "1" }) },
	{ "listen rule del", UMX_CMD_LISTEN_RULE_DEL, false, false, UMX_LISTEN_RULE_A_MAX,
	  TAKES({ UMX_LISTEN_RULE_A_INDEX, U32, ANY_U32 },
		{ UMX_LISTEN_RULE_A_MODE, U8, 0, UMX_LISTENER_MODE_MAX },
		A_PORT(UMX_LISTEN_RULE_A_PORT), { UMX_LISTEN_RULE_A_UID, U32, ANY_U32 },
		{ UMX_LISTEN_RULE_A_UID_END, U32, ANY_U32 },
		A_PATH(UMX_LISTEN_RULE_A_CGROUP), A_NAME(UMX_LISTEN_RULE_A_POOL),
		A_FLAG(UMX_LISTEN_RULE_A_FLUSH)),
	  BASE({ UMX_LISTEN_RULE_A_INDEX, "0" }) },
	{ "listen rule get", UMX_CMD_LISTEN_RULE_GET, true, true, UMX_LISTEN_RULE_A_MAX,
	  TAKES_NONE, BASE_NONE },
	{ "pool reserve", UMX_CMD_POOL_RESERVE, false, false, UMX_POOL_A_MAX,
	  TAKES(A_NAME(UMX_POOL_A_NAME), A_U64(UMX_POOL_A_GENERATION),
		A_U64(UMX_POOL_A_START), A_U64(UMX_POOL_A_END),
		A_U64(UMX_POOL_A_EPOCH), A_U64(UMX_POOL_A_KEY_ID)),
	  BASE_SAYS(EKEYREJECTED, { UMX_POOL_A_NAME, "ea" }, { UMX_POOL_A_GENERATION, "0" },
		    { UMX_POOL_A_START, "0" }, { UMX_POOL_A_END, "1" },
		    { UMX_POOL_A_EPOCH, "1" }, { UMX_POOL_A_KEY_ID, "1" }) },
	{ "pool del", UMX_CMD_POOL_DEL, false, false, UMX_POOL_A_MAX,
	  TAKES(A_NAME(UMX_POOL_A_NAME), A_FLAG(UMX_POOL_A_FORCE), A_FLAG(UMX_POOL_A_FLUSH)),
	  BASE({ UMX_POOL_A_NAME, "ea" }) },
	{ "drain", UMX_CMD_DRAIN, false, true, UMX_DRAIN_A_MAX,
	  TAKES(A_FLAG(UMX_DRAIN_A_ABORT), A_FLAG(UMX_DRAIN_A_OFF)), BASE_NONE },
};

static const struct cmd_spec umx_anycast[] = {
	{ "anycast on", UMX_ANYCAST_CMD_ON, false, true, UMX_ANYCAST_A_MAX,
	  TAKES({ UMX_ANYCAST_A_IFINDEX, IFINDEX, 1, 0xffffffff },
		A_IN6(UMX_ANYCAST_A_ADDRESS)),
	  BASE({ UMX_ANYCAST_A_ADDRESS, "2001:db8:7::" }) },
	{ "anycast off", UMX_ANYCAST_CMD_OFF, false, true, UMX_ANYCAST_A_MAX,
	  TAKES({ UMX_ANYCAST_A_IFINDEX, IFINDEX, 1, 0xffffffff },
		A_IN6(UMX_ANYCAST_A_ADDRESS)),
	  BASE({ UMX_ANYCAST_A_ADDRESS, "2001:db8:5::" }) },
	{ "anycast get", UMX_ANYCAST_CMD_GET, true, true, UMX_ANYCAST_A_MAX,
	  TAKES_NONE, BASE_NONE },
	{ "anycast stats get", UMX_ANYCAST_CMD_STATS_GET, true, true, UMX_ANYCAST_STATS_A_MAX,
	  TAKES(A_FLAG(UMX_ANYCAST_STATS_A_VERBOSE)), BASE_NONE },
};

#define EXCLUDE	TAKES(A_IN6(UMX_PRESERVE_EXCLUDE_A_PREFIX), A_PLEN(UMX_PRESERVE_EXCLUDE_A_PLEN))
#define KEY	A_IN6(UMX_PRESERVE_KEY_A_PREFIX), A_PLEN(UMX_PRESERVE_KEY_A_PLEN)

static const struct cmd_spec umx_preserve[] = {
	{ "preserve set", UMX_PRESERVE_CMD_SET, false, true, UMX_PRESERVE_A_MAX,
	  TAKES(A_BOOL(UMX_PRESERVE_A_ENABLED), { UMX_PRESERVE_A_RTO_THRESHOLD, U8, 1, 15 },
		{ UMX_PRESERVE_A_OPTION, U8, 0, UMX_PRESERVE_FORM_MAX },
		A_BOOL(UMX_PRESERVE_A_REVERT),
		{ UMX_PRESERVE_A_MAX_PREFIXES, U8, 0, UMX_PRESERVE_PREFIXES_MAX },
		A_BOOL(UMX_PRESERVE_A_CHECK),
		{ UMX_PRESERVE_A_BLACKHOLE_TIMEOUT, U32, ANY_U32 },
		{ UMX_PRESERVE_A_HEADER_MAX, U8, 8, 64 }, A_BOOL(UMX_PRESERVE_A_BOUND),
		A_FLAG(UMX_PRESERVE_A_ABORT)),
	  BASE({ UMX_PRESERVE_A_RTO_THRESHOLD, "3" }) },
	{ "preserve get", UMX_PRESERVE_CMD_GET, true, true, UMX_PRESERVE_A_MAX,
	  TAKES_NONE, BASE_NONE },
	{ "preserve session get", UMX_PRESERVE_CMD_SESSION_GET, true, true,
	  UMX_PRESERVE_SESSION_A_MAX, TAKES_NONE, BASE_NONE },
	{ "preserve session move", UMX_PRESERVE_CMD_SESSION_MOVE, false, false,
	  UMX_PRESERVE_SESSION_A_MAX,
	  TAKES({ UMX_PRESERVE_SESSION_A_ID, U32, 1, 0xffffffff },
		A_IN6(UMX_PRESERVE_SESSION_A_TO), A_FLAG(UMX_PRESERVE_SESSION_A_NEXT)),
	  BASE_SAYS(ENOENT, { UMX_PRESERVE_SESSION_A_ID, "1" },
		    { UMX_PRESERVE_SESSION_A_NEXT, "" }) },
	{ "preserve stats get", UMX_PRESERVE_CMD_STATS_GET, true, true,
	  UMX_PRESERVE_STATS_A_MAX, TAKES(A_FLAG(UMX_PRESERVE_STATS_A_VERBOSE)), BASE_NONE },
	{ "preserve exclude add", UMX_PRESERVE_CMD_EXCLUDE_ADD, false, false,
	  UMX_PRESERVE_EXCLUDE_A_MAX, EXCLUDE,
	  BASE({ UMX_PRESERVE_EXCLUDE_A_PREFIX, "2001:db8:d::" },
	       { UMX_PRESERVE_EXCLUDE_A_PLEN, "48" }) },
	{ "preserve exclude del", UMX_PRESERVE_CMD_EXCLUDE_DEL, false, false,
	  UMX_PRESERVE_EXCLUDE_A_MAX, EXCLUDE,
	  BASE({ UMX_PRESERVE_EXCLUDE_A_PREFIX, "2001:db8:e::" },
	       { UMX_PRESERVE_EXCLUDE_A_PLEN, "48" }) },
	{ "preserve exclude get", UMX_PRESERVE_CMD_EXCLUDE_GET, true, true,
	  UMX_PRESERVE_EXCLUDE_A_MAX, TAKES_NONE, BASE_NONE },
	{ "preserve exclude flush", UMX_PRESERVE_CMD_EXCLUDE_FLUSH, false, true,
	  UMX_PRESERVE_EXCLUDE_A_MAX, TAKES_NONE, BASE_NONE },
	{ "preserve key add", UMX_PRESERVE_CMD_KEY_ADD, false, false, UMX_PRESERVE_KEY_A_MAX,
	  /* a key is as long as an address */
	  TAKES(KEY, A_IN6(UMX_PRESERVE_KEY_A_KEY)),
	  BASE({ UMX_PRESERVE_KEY_A_PREFIX, "2001:db8:d::" }, { UMX_PRESERVE_KEY_A_PLEN, "48" },
	       { UMX_PRESERVE_KEY_A_KEY, "2001:db8::1" }) },
	{ "preserve key del", UMX_PRESERVE_CMD_KEY_DEL, false, false, UMX_PRESERVE_KEY_A_MAX,
	  TAKES(KEY),
	  BASE({ UMX_PRESERVE_KEY_A_PREFIX, "2001:db8:e::" }, { UMX_PRESERVE_KEY_A_PLEN, "48" }) },
	{ "preserve key get", UMX_PRESERVE_CMD_KEY_GET, true, true, UMX_PRESERVE_KEY_A_MAX,
	  TAKES_NONE, BASE_NONE },
	{ "preserve key flush", UMX_PRESERVE_CMD_KEY_FLUSH, false, true, UMX_PRESERVE_KEY_A_MAX,
	  TAKES_NONE, BASE_NONE },
};

#define SPOOL	A_IN4(UMX_BIS_SPOOL_A_PREFIX), { UMX_BIS_SPOOL_A_PLEN, U8, 8, 30 }
#define EAM	TAKES(A_IN4(UMX_BIS_EAM_A_PREFIX4), A_PLEN4(UMX_BIS_EAM_A_PLEN4),	\
		      A_IN6(UMX_BIS_EAM_A_PREFIX6), A_PLEN(UMX_BIS_EAM_A_PLEN6))
#define PREFIX	TAKES(A_IN6(UMX_BIS_PREFIX_A_PREFIX), A_PLEN(UMX_BIS_PREFIX_A_PLEN))

static const struct cmd_spec umx_bis[] = {
	{ "bis map add", UMX_BIS_CMD_MAP_ADD, false, false, UMX_BIS_MAP_A_MAX,
	  TAKES(A_IN4(UMX_BIS_MAP_A_ADDR4), A_IN6(UMX_BIS_MAP_A_ADDR6)),
	  BASE({ UMX_BIS_MAP_A_ADDR4, "198.18.0.11" }, { UMX_BIS_MAP_A_ADDR6, "2001:db8:d::1" }) },
	{ "bis map lease", UMX_BIS_CMD_MAP_LEASE, false, false, UMX_BIS_MAP_A_MAX,
	  TAKES(A_IN6(UMX_BIS_MAP_A_ADDR6),
		{ UMX_BIS_MAP_A_LIFETIME, U32, 0, UMX_BIS_MAP_LIFETIME_MAX }),
	  BASE({ UMX_BIS_MAP_A_ADDR6, "2001:db8:d::2" }) },
	{ "bis map find", UMX_BIS_CMD_MAP_FIND, false, false, UMX_BIS_MAP_A_MAX,
	  TAKES(A_IN4(UMX_BIS_MAP_A_ADDR4), A_IN6(UMX_BIS_MAP_A_ADDR6)),
	  BASE({ UMX_BIS_MAP_A_ADDR4, "198.18.0.10" }) },
	{ "bis map del", UMX_BIS_CMD_MAP_DEL, false, false, UMX_BIS_MAP_A_MAX,
	  TAKES(A_IN4(UMX_BIS_MAP_A_ADDR4), A_IN6(UMX_BIS_MAP_A_ADDR6),
		A_FLAG(UMX_BIS_MAP_A_FLUSH)),
	  BASE({ UMX_BIS_MAP_A_ADDR4, "198.18.0.10" }) },
	{ "bis map get", UMX_BIS_CMD_MAP_GET, true, true, UMX_BIS_MAP_A_MAX,
	  TAKES_NONE, BASE_NONE },
	{ "bis spool del", UMX_BIS_CMD_SPOOL_DEL, false, true, UMX_BIS_SPOOL_A_MAX,
	  TAKES(SPOOL), BASE_NONE },
	{ "bis spool add", UMX_BIS_CMD_SPOOL_ADD, false, false, UMX_BIS_SPOOL_A_MAX,
	  TAKES(SPOOL, A_IN4(UMX_BIS_SPOOL_A_SELF), A_IN6(UMX_BIS_SPOOL_A_SOURCE),
		{ UMX_BIS_SPOOL_A_INCOMING, U8, 0, UMX_BIS_INCOMING_MAX },
		{ UMX_BIS_SPOOL_A_IDLE, U32, 1, UMX_BIS_IDLE_MAX },
		A_FLAG(UMX_BIS_SPOOL_A_SHARED)),
	  BASE({ UMX_BIS_SPOOL_A_PREFIX, "198.18.0.0" }, { UMX_BIS_SPOOL_A_PLEN, "15" },
	       { UMX_BIS_SPOOL_A_SOURCE, "2001:db8::46" }) },
	{ "bis spool get", UMX_BIS_CMD_SPOOL_GET, true, true, UMX_BIS_SPOOL_A_MAX,
	  TAKES_NONE, BASE_NONE },
	{ "bis stats get", UMX_BIS_CMD_STATS_GET, true, true, UMX_BIS_STATS_A_MAX,
	  TAKES(A_FLAG(UMX_BIS_STATS_A_VERBOSE)), BASE_NONE },
	{ "bis eam add", UMX_BIS_CMD_EAM_ADD, false, false, UMX_BIS_EAM_A_MAX, EAM,
	  BASE({ UMX_BIS_EAM_A_PREFIX4, "203.0.113.0" }, { UMX_BIS_EAM_A_PLEN4, "24" },
	       { UMX_BIS_EAM_A_PREFIX6, "2001:db8:d:1::" }, { UMX_BIS_EAM_A_PLEN6, "120" }) },
	{ "bis eam del", UMX_BIS_CMD_EAM_DEL, false, false, UMX_BIS_EAM_A_MAX, EAM,
	  BASE({ UMX_BIS_EAM_A_PREFIX4, "192.0.2.0" }, { UMX_BIS_EAM_A_PLEN4, "24" }) },
	{ "bis eam get", UMX_BIS_CMD_EAM_GET, true, true, UMX_BIS_EAM_A_MAX,
	  TAKES_NONE, BASE_NONE },
	{ "bis prefix del", UMX_BIS_CMD_PREFIX_DEL, false, true, UMX_BIS_PREFIX_A_MAX,
	  PREFIX, BASE_NONE },
	{ "bis prefix add", UMX_BIS_CMD_PREFIX_ADD, false, false, UMX_BIS_PREFIX_A_MAX, PREFIX,
	  BASE({ UMX_BIS_PREFIX_A_PREFIX, "2001:db8:d::" }, { UMX_BIS_PREFIX_A_PLEN, "96" }) },
	{ "bis prefix get", UMX_BIS_CMD_PREFIX_GET, true, true, UMX_BIS_PREFIX_A_MAX,
	  TAKES_NONE, BASE_NONE },
	{ "bis port get", UMX_BIS_CMD_PORT_GET, true, true, UMX_BIS_PORT_A_MAX,
	  TAKES_NONE, BASE_NONE },
};

struct family_spec families[4] = {
	{ UMX_GENL_NAME, umx, COUNT(umx), 0 },
	{ UMX_ANYCAST_GENL_NAME, umx_anycast, COUNT(umx_anycast), 0 },
	{ UMX_PRESERVE_GENL_NAME, umx_preserve, COUNT(umx_preserve), 0 },
	{ UMX_BIS_GENL_NAME, umx_bis, COUNT(umx_bis), 0 },
};

const struct cmd_spec *cmd_find(const struct family_spec *f, unsigned char cmd)
{
	size_t i;

	for (i = 0; i < f->n; i++)
		if (f->cmds[i].cmd == cmd)
			return &f->cmds[i];
	return NULL;
}

const struct attr_spec *attr_find(const struct cmd_spec *c, unsigned short type)
{
	const struct attr_spec *a;

	for (a = c->takes; a->type; a++)
		if (a->type == type)
			return a;
	return NULL;
}

int form_size(enum form form)
{
	switch (form) {
	case U8:
		return 1;
	case PORT:
		return 2;
	case U64:
		return 8;
	case IN4:
		return 4;
	case IN6:
		return 16;
	case FLAG:
		return 0;
	case NAME:
	case NEST:
		return -1;
	default:
		return 4;
	}
}
