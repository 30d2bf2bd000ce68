// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns `umctl bis`: IPv4-only applications on an IPv6 network.
 *
 * The kernel has the spool before its route, and the route goes before the
 * spool, so that no packet for the spool is without a translator.
 */
#include <errno.h>
#include <linux/umx_bis.h>
#include <net/if.h>
#include <netlink/attr.h>
#include <string.h>

#include "ask.h"
#include "bis_link.h"
#include "field.h"
#include "nl.h"
#include "say.h"
#include "umctl.h"

static const struct family bis_family = {
	.name = UMX_BIS_GENL_NAME,
	.module = "umx_bis",
	.version = UMX_BIS_GENL_VERSION,
};

/* --- bis map --- */

static const struct live live_addr4 = {
	.family = &bis_family,
	.cmd = UMX_BIS_CMD_MAP_GET,
	.attr = UMX_BIS_MAP_A_ADDR4,
};

static const struct live live_addr6 = {
	.family = &bis_family,
	.cmd = UMX_BIS_CMD_MAP_GET,
	.attr = UMX_BIS_MAP_A_ADDR6,
};

static const struct arg map_add_args[] = {
	{ .name = "IPV4", .type = ARG_ADDR4, .place = ARG_POSITION, .attr = UMX_BIS_MAP_A_ADDR4,
	  .key = true },
	{ .name = "IPV6", .type = ARG_ADDR, .place = ARG_POSITION, .attr = UMX_BIS_MAP_A_ADDR6 },
	{}
};

static const struct arg map_lease_args[] = {
	{ .name = "IPV6", .type = ARG_ADDR, .place = ARG_POSITION, .attr = UMX_BIS_MAP_A_ADDR6 },
	{ .name = "lifetime", .type = ARG_U32, .attr = UMX_BIS_MAP_A_LIFETIME },
	{}
};

static const struct arg map_del_args[] = {
	{ .name = "ipv4", .value = "IPV4", .type = ARG_ADDR4, .place = ARG_BARE, .group = 1,
	  .attr = UMX_BIS_MAP_A_ADDR4, .live = &live_addr4 },
	{ .name = "ipv6", .value = "IPV6", .type = ARG_ADDR, .group = 1,
	  .attr = UMX_BIS_MAP_A_ADDR6, .live = &live_addr6 },
	{}
};

static const struct arg map_find_args[] = {
	{ .name = "ipv4", .value = "IPV4", .type = ARG_ADDR4, .place = ARG_BARE, .group = 1,
	  .attr = UMX_BIS_MAP_A_ADDR4 },
	{ .name = "ipv6", .value = "IPV6", .type = ARG_ADDR, .group = 1,
	  .attr = UMX_BIS_MAP_A_ADDR6 },
	{}
};

static const struct field map_fields[] = {
	{ .name = "addr4", .label = "", .type = FIELD_IN4, .attr = UMX_BIS_MAP_A_ADDR4 },
	{ .name = "addr6", .label = "", .type = FIELD_IN6, .attr = UMX_BIS_MAP_A_ADDR6 },
	{ .name = "dynamic", .type = FIELD_FLAG, .attr = UMX_BIS_MAP_A_DYNAMIC },
	{ .name = "idle", .type = FIELD_UINT, .attr = UMX_BIS_MAP_A_IDLE },
	{}
};

static const struct verb map_verbs[] = {
	{
		.name = "show", .help = "pairs; idle: seconds since the last packet",
		.cmd = UMX_BIS_CMD_MAP_GET, .fields = map_fields,
	},
	{
		.name = "add", .help = "the address IPV4 of the spool stands for the host IPV6",
		.cmd = UMX_BIS_CMD_MAP_ADD, .args = map_add_args, .kept = true,
	},
	{
		.name = "lease", .help = "the pair of the host IPV6, made if there is none",
		.cmd = UMX_BIS_CMD_MAP_LEASE, .args = map_lease_args, .reply = map_fields,
	},
	{
		.name = "find", .help = "one pair, the host's own included",
		.cmd = UMX_BIS_CMD_MAP_FIND, .args = map_find_args, .reply = map_fields,
	},
	{
		.name = "del", .help = "remove a pair",
		.cmd = UMX_BIS_CMD_MAP_DEL, .args = map_del_args,
	},
	{
		.name = "flush", .help = "remove every pair",
		.cmd = UMX_BIS_CMD_MAP_DEL, .flag = UMX_BIS_MAP_A_FLUSH,
	},
	{}
};

static const struct object bis_spool;

static const struct keep keep_map = {
	.order = 11,
	.heading = "pairs made by hand",
	.undo = "del",
	.within = &bis_spool,
	.unless = UMX_BIS_MAP_A_DYNAMIC,
};

static const struct object bis_map = {
	.name = "bis map",
	.help = "which IPv4 address stands for which IPv6 host",
	.family = &bis_family,
	.verbs = map_verbs,
	.keep = &keep_map,
};

/* --- bis spool --- */

static const char *const words_incoming[] = {
	[UMX_BIS_INCOMING_PAIR] = "pair",
	[UMX_BIS_INCOMING_REFUSE] = "refuse",
	NULL
};

static const struct arg spool_add_args[] = {
	{ .name = "PREFIX4", .type = ARG_PREFIX4, .place = ARG_POSITION,
	  .attr = UMX_BIS_SPOOL_A_PREFIX, .attr2 = UMX_BIS_SPOOL_A_PLEN, .key = true },
	{ .name = "source", .value = "ADDR6", .type = ARG_ADDR, .required = true,
	  .attr = UMX_BIS_SPOOL_A_SOURCE },
	{ .name = "shared", .type = ARG_FLAG, .attr = UMX_BIS_SPOOL_A_SHARED },
	{ .name = "self", .type = ARG_ADDR4, .attr = UMX_BIS_SPOOL_A_SELF },
	{ .name = "incoming", .type = ARG_WORD, .attr = UMX_BIS_SPOOL_A_INCOMING,
	  .words = words_incoming, .left_out = "pair" },
	{ .name = "idle", .type = ARG_U32, .attr = UMX_BIS_SPOOL_A_IDLE, .left_out = "300" },
	{ .name = "dev", .type = ARG_LINK, .chosen = true },
	{}
};

static const struct arg spool_del_args[] = {
	{ .name = "prefix", .value = "PREFIX4", .type = ARG_PREFIX4, .place = ARG_BARE,
	  .attr = UMX_BIS_SPOOL_A_PREFIX, .attr2 = UMX_BIS_SPOOL_A_PLEN },
	{}
};

static const struct field spool_fields[] = {
	{
		.name = "prefix", .label = "", .type = FIELD_PREFIX4,
		.attr = UMX_BIS_SPOOL_A_PREFIX, .name2 = "plen", .attr2 = UMX_BIS_SPOOL_A_PLEN,
	},
	{ .name = "self", .type = FIELD_IN4, .attr = UMX_BIS_SPOOL_A_SELF },
	{ .name = "source", .type = FIELD_IN6, .attr = UMX_BIS_SPOOL_A_SOURCE },
	{ .name = "shared", .type = FIELD_FLAG, .attr = UMX_BIS_SPOOL_A_SHARED },
	{ .name = "ifindex", .label = "dev", .type = FIELD_IFINDEX,
	  .attr = UMX_BIS_SPOOL_A_IFINDEX },
	{ .name = "incoming", .type = FIELD_WORD, .attr = UMX_BIS_SPOOL_A_INCOMING,
	  .words = words_incoming },
	{ .name = "idle", .type = FIELD_UINT, .attr = UMX_BIS_SPOOL_A_IDLE },
	{ .name = "pairs", .type = FIELD_UINT, .attr = UMX_BIS_SPOOL_A_PAIRS },
	{}
};

/**
 * struct spool - the spool as the kernel has it
 * @there: there is one.
 * @prefix: its prefix.
 * @plen: length of the prefix.
 * @self: the host's own address.
 * @ifindex: the device; 0: there is none.
 */
struct spool {
	bool there;
	struct in6_addr prefix;
	uint8_t plen;
	struct in6_addr self;
	uint32_t ifindex;
};

static void spool_read(const struct nlmsghdr *nlh, void *arg)
{
	const struct nlattr *prefix = field_find(nlh, UMX_BIS_SPOOL_A_PREFIX);
	const struct nlattr *plen = field_find(nlh, UMX_BIS_SPOOL_A_PLEN);
	const struct nlattr *self = field_find(nlh, UMX_BIS_SPOOL_A_SELF);
	const struct nlattr *ifindex = field_find(nlh, UMX_BIS_SPOOL_A_IFINDEX);
	struct spool *spool = arg;

	if (!prefix || !plen || !self || !field_in4(prefix, &spool->prefix) ||
	    !field_in4(self, &spool->self))
		return;
	spool->there = true;
	spool->plen = field_uint(plen);
	spool->ifindex = ifindex ? field_uint(ifindex) : 0;
}

static void spool_restart(void *arg)
{
	memset(arg, 0, sizeof(struct spool));
}

static int spool_get(struct spool *spool)
{
	struct nl_msg *msg = unl_genl(&bis_family, UMX_BIS_CMD_SPOOL_GET, 0);

	spool_restart(spool);
	return msg ? unl_dump(msg, spool_read, spool_restart, spool) : -ENOMEM;
}

static int spool_forget(void)
{
	struct nl_msg *msg = unl_genl(&bis_family, UMX_BIS_CMD_SPOOL_DEL, 0);

	return msg ? unl_call(msg, NULL, NULL) : -ENOMEM;
}

/* The device up, the address on it, the route to it. */
static int spool_link(const struct spool *spool, uint32_t ifindex)
{
	const struct in_addr *prefix = (const struct in_addr *)&spool->prefix;
	const struct in_addr *self = (const struct in_addr *)&spool->self;
	int err;

	err = bis_link_up(ifindex);
	if (!err)
		err = bis_link_addr(ifindex, self);
	if (!err)
		err = bis_link_route(ifindex, prefix, spool->plen, self);
	return err;
}

/* The device @name, NULL: what there is, in *@spool; made where there is none. */
static int spool_device(struct spool *spool, const char *name)
{
	int err, ret = UMCTL_DONE;

	err = spool_get(spool);
	if (!err && !spool->ifindex) {
		err = bis_link_make(name ? name : BIS_LINK_NAME);
		if (!err)
			err = spool_get(spool);
	}
	if (err && err != -EEXIST)
		ret = unl_refused("the device", err);
	else if (!spool->ifindex || (name && if_nametoindex(name) != spool->ifindex))
		ret = say_refused("that device is not this network namespace's BIS device");
	return ret;
}

static int spool_add(const struct args *args)
{
	const struct value *dev = args_find(args, "dev");
	struct spool spool;
	int err, ret;

	ret = ask_command(args);
	if (ret)
		return ret;
	ret = spool_device(&spool, dev ? dev->str : NULL);
	if (!ret) {
		err = spool_link(&spool, spool.ifindex);
		ret = err ? unl_refused("the spool's route", err) : UMCTL_DONE;
	}
	if (ret)
		spool_forget();
	return ret;
}

static int spool_del(const struct args *args)
{
	struct spool spool;
	int err, ret;

	err = spool_get(&spool);
	if (err)
		return unl_refused(args_command(args), err);
	ret = ask_command(args);
	if (ret || !spool.ifindex)
		return ret;
	err = bis_link_clear(spool.ifindex, (const struct in_addr *)&spool.prefix, spool.plen,
			     (const struct in_addr *)&spool.self);
	return err ? unl_refused("removal of the spool's route", err) : UMCTL_DONE;
}

/* --- the spool in a configuration --- */

static struct value *spool_value(struct args *args, const char *name)
{
	const struct arg *arg = arg_find(args->verb, name);

	return &args->values[arg - args->verb->args];
}

/* The kernel has the device's number, a file its name. */
static int spool_tell(struct args *args, const struct nlmsghdr *nlh)
{
	const struct nlattr *ifindex = field_find(nlh, UMX_BIS_SPOOL_A_IFINDEX);
	struct value *dev = spool_value(args, "dev");
	static char name[IF_NAMESIZE];

	if (!ifindex || !if_indextoname(field_uint(ifindex), name))
		return UMCTL_DONE;
	dev->str = name;
	dev->arg = arg_find(args->verb, "dev");
	return UMCTL_DONE;
}

/* Left out, the host's own address is the first of the prefix. */
static int spool_tidy(struct args *args)
{
	const struct value *prefix = args_find(args, "PREFIX4");
	struct value *self = spool_value(args, "self");

	if (self->arg)
		return UMCTL_DONE;
	self->arg = arg_find(args->verb, "self");
	self->addr = prefix->addr;
	self->addr.s6_addr[3] |= 1;
	return UMCTL_DONE;
}

static void dynamic_count(const struct nlmsghdr *nlh, void *arg)
{
	size_t *count = arg;

	*count += !!field_find(nlh, UMX_BIS_MAP_A_DYNAMIC);
}

static void dynamic_restart(void *arg)
{
	*(size_t *)arg = 0;
}

/* Pairs of the file come again; who has one of the others loses it. */
static int spool_may_go(const struct args *args)
{
	struct nl_msg *msg = unl_genl(&bis_family, UMX_BIS_CMD_MAP_GET, 0);
	size_t count = 0;
	int err;

	err = msg ? unl_dump(msg, dynamic_count, dynamic_restart, &count) : -ENOMEM;
	if (err)
		return unl_refused(args_command(args), err);
	if (!count)
		return UMCTL_DONE;
	return say_refused("the spool has %zu pairs that no line makes, and would lose them with their sessions; \"force\" changes or removes it all the same",
			   count);
}

static const struct keep keep_spool = {
	.order = 10,
	.heading = "the spool",
	.undo = "del",
	.single = true,
	.tell = spool_tell,
	.tidy = spool_tidy,
	.may_go = spool_may_go,
};

static const struct verb spool_verbs[] = {
	{
		.name = "show", .help = "the spool",
		.cmd = UMX_BIS_CMD_SPOOL_GET, .fields = spool_fields,
	},
	{
		.name = "add", .help = "set the spool, its device, its address and its route",
		.cmd = UMX_BIS_CMD_SPOOL_ADD, .args = spool_add_args, .run = spool_add,
		.kept = true,
	},
	{
		.name = "del", .help = "remove the spool, its pairs, its address and its route",
		.cmd = UMX_BIS_CMD_SPOOL_DEL, .args = spool_del_args, .run = spool_del,
	},
	{}
};

static const struct object bis_spool = {
	.name = "bis spool",
	.help = "the prefix IPv6 hosts get their IPv4 addresses from",
	.family = &bis_family,
	.verbs = spool_verbs,
	.keep = &keep_spool,
};

/* --- bis eam --- */

static const struct live live_prefix4 = {
	.family = &bis_family,
	.cmd = UMX_BIS_CMD_EAM_GET,
	.attr = UMX_BIS_EAM_A_PREFIX4,
};

static const struct arg eam_add_args[] = {
	{ .name = "PREFIX4", .type = ARG_PREFIX4, .place = ARG_POSITION,
	  .attr = UMX_BIS_EAM_A_PREFIX4, .attr2 = UMX_BIS_EAM_A_PLEN4, .key = true },
	{ .name = "PREFIX6", .type = ARG_PREFIX, .place = ARG_POSITION,
	  .attr = UMX_BIS_EAM_A_PREFIX6, .attr2 = UMX_BIS_EAM_A_PLEN6 },
	{}
};

static const struct arg eam_del_args[] = {
	{ .name = "PREFIX4", .type = ARG_PREFIX4, .place = ARG_POSITION, .live = &live_prefix4,
	  .attr = UMX_BIS_EAM_A_PREFIX4, .attr2 = UMX_BIS_EAM_A_PLEN4 },
	{ .name = "prefix6", .value = "PREFIX6", .type = ARG_PREFIX, .place = ARG_BARE,
	  .attr = UMX_BIS_EAM_A_PREFIX6, .attr2 = UMX_BIS_EAM_A_PLEN6 },
	{}
};

static const struct field eam_fields[] = {
	{
		.name = "prefix4", .label = "", .type = FIELD_PREFIX4,
		.attr = UMX_BIS_EAM_A_PREFIX4, .name2 = "plen4", .attr2 = UMX_BIS_EAM_A_PLEN4,
	},
	{
		.name = "prefix6", .label = "", .type = FIELD_PREFIX,
		.attr = UMX_BIS_EAM_A_PREFIX6, .name2 = "plen6", .attr2 = UMX_BIS_EAM_A_PLEN6,
	},
	{}
};

static const struct verb eam_verbs[] = {
	{
		.name = "show", .help = "explicit address mappings",
		.cmd = UMX_BIS_CMD_EAM_GET, .fields = eam_fields,
	},
	{
		.name = "add", .help = "IPv4 and IPv6 addresses of these prefixes stand for each other",
		.cmd = UMX_BIS_CMD_EAM_ADD, .args = eam_add_args, .kept = true,
	},
	{
		.name = "del", .help = "remove a mapping",
		.cmd = UMX_BIS_CMD_EAM_DEL, .args = eam_del_args,
	},
	{}
};

static const struct keep keep_eam = {
	.order = 12,
	.heading = "the router's mappings",
	.undo = "del",
};

static const struct object bis_eam = {
	.name = "bis eam",
	.help = "which prefixes the router translates into each other",
	.family = &bis_family,
	.verbs = eam_verbs,
	.keep = &keep_eam,
};

/* --- bis prefix --- */

static const struct arg prefix_add_args[] = {
	{ .name = "PREFIX6", .type = ARG_PREFIX, .place = ARG_POSITION,
	  .attr = UMX_BIS_PREFIX_A_PREFIX, .attr2 = UMX_BIS_PREFIX_A_PLEN, .key = true },
	{}
};

static const struct arg prefix_del_args[] = {
	{ .name = "prefix", .value = "PREFIX6", .type = ARG_PREFIX, .place = ARG_BARE,
	  .attr = UMX_BIS_PREFIX_A_PREFIX, .attr2 = UMX_BIS_PREFIX_A_PLEN },
	{}
};

static const struct field prefix_fields[] = {
	{
		.name = "prefix", .label = "", .type = FIELD_PREFIX,
		.attr = UMX_BIS_PREFIX_A_PREFIX, .name2 = "plen", .attr2 = UMX_BIS_PREFIX_A_PLEN,
	},
	{}
};

static const struct verb prefix_verbs[] = {
	{
		.name = "show", .help = "the prefix",
		.cmd = UMX_BIS_CMD_PREFIX_GET, .fields = prefix_fields,
	},
	{
		.name = "add", .help = "IPv4 addresses without a mapping stand in IPv6 addresses of PREFIX6",
		.cmd = UMX_BIS_CMD_PREFIX_ADD, .args = prefix_add_args, .kept = true,
	},
	{
		.name = "del", .help = "remove the prefix",
		.cmd = UMX_BIS_CMD_PREFIX_DEL, .args = prefix_del_args,
	},
	{}
};

static const struct keep keep_prefix = {
	.order = 13,
	.heading = "the router's prefix for all other addresses",
	.undo = "del",
	.single = true,
};

static const struct object bis_prefix = {
	.name = "bis prefix",
	.help = "the IPv6 prefix the router puts IPv4 addresses into",
	.family = &bis_family,
	.verbs = prefix_verbs,
	.keep = &keep_prefix,
};

/* --- bis port --- */

static const char *const words_port[] = {
	[UMX_BIS_PORT_TCP] = "tcp",
	[UMX_BIS_PORT_UDP] = "udp",
	NULL
};

static const struct field port_fields[] = {
	{ .name = "proto", .label = "", .type = FIELD_WORD, .attr = UMX_BIS_PORT_A_PROTO,
	  .words = words_port },
	{ .name = "port", .label = "", .type = FIELD_UINT, .attr = UMX_BIS_PORT_A_PORT },
	{ .name = "local", .type = FIELD_FLAG, .attr = UMX_BIS_PORT_A_LOCAL },
	{}
};

static const struct verb port_verbs[] = {
	{
		.name = "show", .help = "ports of a shared source IPv4 sessions have reserved",
		.cmd = UMX_BIS_CMD_PORT_GET, .fields = port_fields,
	},
	{}
};

static const struct object bis_port = {
	.name = "bis port",
	.help = "which ports are reserved",
	.family = &bis_family,
	.verbs = port_verbs,
};

/* --- bis stats --- */

static const struct arg stats_args[] = {
	{ .name = "--explain", .type = ARG_FLAG, .attr = UMX_BIS_STATS_A_VERBOSE },
	{}
};

static const struct field stats_fields[] = {
	{ .name = "name", .label = "", .type = FIELD_STRING, .attr = UMX_BIS_STATS_A_NAME },
	{ .name = "value", .label = "", .type = FIELD_UINT, .attr = UMX_BIS_STATS_A_VALUE },
	{ .name = "explain", .label = "", .type = FIELD_STRING, .attr = UMX_BIS_STATS_A_EXPLAIN },
	{}
};

static const struct verb stats_verbs[] = {
	{
		.name = "show", .help = "what became of packets",
		.cmd = UMX_BIS_CMD_STATS_GET, .args = stats_args, .fields = stats_fields,
	},
	{}
};

static const struct object bis_stats = {
	.name = "bis stats",
	.help = "counters",
	.family = &bis_family,
	.verbs = stats_verbs,
};

/* --- bis --- */

static const struct object *const parts[] = {
	&bis_spool, &bis_map, &bis_eam, &bis_prefix, &bis_port, &bis_stats, NULL
};

static const struct object bis = {
	.name = "bis",
	.help = "IPv4-only applications on an IPv6 network",
	.family = &bis_family,
	.parts = parts,
};

OBJECT(bis);
