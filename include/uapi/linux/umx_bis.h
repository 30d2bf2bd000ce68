/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * This file owns the user-space contract of umx_bis.ko: the generic netlink
 * family "umx_bis" and the device kind "umx_bis", through which IPv4-only
 * applications of this host talk to IPv6 hosts.
 *
 * What there is
 * -------------
 * A *spool* is a prefix of private IPv4 addresses. A *pair* gives one of them
 * to an IPv6 host. An IPv4 packet to an address of a pair is routed to the
 * namespace's device of the kind "umx_bis" (ip link add bis0 type umx_bis),
 * translated to IPv6 (RFC 7915), and leaves as the host's own IPv6 packet. One
 * address of the spool is the host's own (*self*); its pair is the IPv6
 * address that is kept for translated sessions (*source*). What comes back to
 * the source is translated to IPv4 and comes in through the device.
 *
 * Addresses of a spool never leave the host. There is one device and one spool
 * per network namespace.
 *
 * The device translates packets of others, too (RFC 7915 with RFC 6052 and RFC
 * 7757): a *mapping* gives an IPv4 prefix and an IPv6 prefix to each other; a
 * *prefix* carries all other IPv4 addresses. What is routed to the device in
 * one version comes in by it in the other. Routes are for user space to set.
 *
 * The family
 * ----------
 * Name UMX_BIS_GENL_NAME, version UMX_BIS_GENL_VERSION. Every request acts on
 * the network namespace of the socket that sends it, and needs CAP_NET_ADMIN
 * over the user namespace that owns that network namespace.
 *
 * A command takes the attributes of the enum named beside it and refuses
 * every other one with -EINVAL and a sentence (NLMSGERR_ATTR_MSG). A refused
 * command has changed nothing. Attributes are only ever added, at the end of
 * their enum; a reader skips those it does not know.
 *
 * Types: "in4" and "in6" are 4 and 16 bytes in network order; "string" is
 * NUL-terminated; "flag" carries no payload.
 *
 * *_GET commands are dumps (NLM_F_DUMP). One message per object; a dump that
 * raced with a change carries NLM_F_DUMP_INTR.
 */
#ifndef _UAPI_LINUX_UMX_BIS_H
#define _UAPI_LINUX_UMX_BIS_H

#include <linux/types.h>

#define UMX_BIS_GENL_NAME	"umx_bis"
#define UMX_BIS_GENL_VERSION	1

/* The kind of device (IFLA_INFO_KIND). It has no attributes of its own. */
#define UMX_BIS_LINK_KIND	"umx_bis"

/* Pairs a network namespace has at most. */
#define UMX_BIS_MAP_MAX		65536

/* Mappings a network namespace has at most. */
#define UMX_BIS_EAM_MAX		16384

/* Ports a network namespace has reserved at most, of TCP and UDP together. */
#define UMX_BIS_PORT_MAX	32768

/* Prefix lengths a spool may have. */
#define UMX_BIS_SPOOL_PLEN_MIN	8
#define UMX_BIS_SPOOL_PLEN_MAX	30

/**
 * enum umx_bis_cmd - commands of the family
 * @UMX_BIS_CMD_SPOOL_ADD: set the spool (enum umx_bis_spool_attr): PREFIX,
 *	PLEN and SOURCE, and SELF unless it is to be the first host address.
 *	-EEXIST: there is one; -EINVAL: an address that cannot be what it is
 *	to be. A SOURCE that is not an address of this host yet is worth a
 *	warning (a sentence beside the success). The address and the route of
 *	the device are for user space to set.
 * @UMX_BIS_CMD_SPOOL_DEL: remove the spool and all pairs; PREFIX and PLEN are
 *	optional, and must be the spool's. -ENOENT: there is no such spool.
 * @UMX_BIS_CMD_SPOOL_GET: dump the spool (enum umx_bis_spool_attr).
 * @UMX_BIS_CMD_MAP_ADD: give ADDR4 of the spool to the host ADDR6 (enum
 *	umx_bis_map_attr). A pair that exists stays, by hand from now on;
 *	one a packet has made for another goes. -EEXIST: one of both has
 *	another pair; -EINVAL: they cannot be a pair; -ENOSPC: there are
 *	UMX_BIS_MAP_MAX pairs; -ENOENT: there is no spool.
 * @UMX_BIS_CMD_MAP_DEL: remove the pair of ADDR4 or ADDR6, or of both; with
 *	FLUSH every pair. -ENOENT: there is no such pair.
 * @UMX_BIS_CMD_MAP_GET: dump pairs (enum umx_bis_map_attr), not the own one.
 * @UMX_BIS_CMD_STATS_GET: dump counters (enum umx_bis_stats_attr), one message
 *	each. VERBOSE adds the sentence that explains it.
 * @UMX_BIS_CMD_MAP_LEASE: the pair of the host ADDR6, which is made if there is
 *	none, and stays for LIFETIME seconds at least. Replies with one message
 *	(enum umx_bis_map_attr). -EINVAL: no host has such an address; -ENOENT:
 *	there is no spool; -ENOSPC: every address of the spool is in use.
 * @UMX_BIS_CMD_MAP_FIND: the pair of ADDR4 or ADDR6, the host's own included.
 *	Replies with one message (enum umx_bis_map_attr). -ENOENT: there is no
 *	such pair; -ENXIO: there is no spool, or ADDR4 is outside of it.
 * @UMX_BIS_CMD_EAM_ADD: map PREFIX4/PLEN4 and PREFIX6/PLEN6 to each other
 *	(enum umx_bis_eam_attr). -EEXIST: one of both has a mapping; -EINVAL:
 *	they cannot be mapped; -ENOSPC: there are UMX_BIS_EAM_MAX mappings.
 * @UMX_BIS_CMD_EAM_DEL: remove the mapping of PREFIX4/PLEN4; PREFIX6 and PLEN6
 *	are optional, and must be its. -ENOENT: there is no such mapping.
 * @UMX_BIS_CMD_EAM_GET: dump mappings (enum umx_bis_eam_attr).
 * @UMX_BIS_CMD_PREFIX_ADD: set the prefix that carries IPv4 addresses without
 *	a mapping (enum umx_bis_prefix_attr). -EEXIST: there is one; -EINVAL:
 *	it cannot carry them.
 * @UMX_BIS_CMD_PREFIX_DEL: remove the prefix; PREFIX and PLEN are optional,
 *	and must be its. -ENOENT: there is no such prefix.
 * @UMX_BIS_CMD_PREFIX_GET: dump the prefix (enum umx_bis_prefix_attr).
 * @UMX_BIS_CMD_PORT_GET: dump the ports that are reserved for IPv4 sessions
 *	(enum umx_bis_port_attr); there are none unless the spool is SHARED.
 */
enum umx_bis_cmd {
	UMX_BIS_CMD_UNSPEC,
	UMX_BIS_CMD_SPOOL_ADD,
	UMX_BIS_CMD_SPOOL_DEL,
	UMX_BIS_CMD_SPOOL_GET,
	UMX_BIS_CMD_MAP_ADD,
	UMX_BIS_CMD_MAP_DEL,
	UMX_BIS_CMD_MAP_GET,
	UMX_BIS_CMD_STATS_GET,
	UMX_BIS_CMD_MAP_LEASE,
	UMX_BIS_CMD_MAP_FIND,
	UMX_BIS_CMD_EAM_ADD,
	UMX_BIS_CMD_EAM_DEL,
	UMX_BIS_CMD_EAM_GET,
	UMX_BIS_CMD_PREFIX_ADD,
	UMX_BIS_CMD_PREFIX_DEL,
	UMX_BIS_CMD_PREFIX_GET,
	UMX_BIS_CMD_PORT_GET,

	/* private: */
	__UMX_BIS_CMD_MAX,
	UMX_BIS_CMD_MAX = __UMX_BIS_CMD_MAX - 1
};

/**
 * enum umx_bis_spool_attr - the spool
 * @UMX_BIS_SPOOL_A_PREFIX: in4, the prefix; bits behind PLEN are 0.
 * @UMX_BIS_SPOOL_A_PLEN: u8, its length.
 * @UMX_BIS_SPOOL_A_SELF: in4, the host's own IPv4 address. Default: the first
 *	host address of the prefix.
 * @UMX_BIS_SPOOL_A_SOURCE: in6, the host's IPv6 address for translated
 *	sessions.
 * @UMX_BIS_SPOOL_A_PAIRS: u32 (GET), pairs there are.
 * @UMX_BIS_SPOOL_A_IFINDEX: u32 (GET), the device, if there is one.
 * @UMX_BIS_SPOOL_A_INCOMING: u8, enum umx_bis_incoming_mode. Default: PAIR.
 * @UMX_BIS_SPOOL_A_IDLE: u32, seconds a pair nobody has made by hand is left
 *	alone after its last packet, or after TCP was last seen to use it;
 *	then another host may get its address. Default: UMX_BIS_IDLE.
 * @UMX_BIS_SPOOL_A_SHARED: flag, the host uses SOURCE natively, too. IPv4
 *	sessions have their ports of it reserved.
 */
enum umx_bis_spool_attr {
	UMX_BIS_SPOOL_A_UNSPEC,
	UMX_BIS_SPOOL_A_PREFIX,
	UMX_BIS_SPOOL_A_PLEN,
	UMX_BIS_SPOOL_A_SELF,
	UMX_BIS_SPOOL_A_SOURCE,
	UMX_BIS_SPOOL_A_PAIRS,
	UMX_BIS_SPOOL_A_IFINDEX,
	UMX_BIS_SPOOL_A_INCOMING,
	UMX_BIS_SPOOL_A_IDLE,
	UMX_BIS_SPOOL_A_SHARED,

	/* private: */
	__UMX_BIS_SPOOL_A_MAX,
	UMX_BIS_SPOOL_A_MAX = __UMX_BIS_SPOOL_A_MAX - 1
};

/**
 * enum umx_bis_incoming_mode - a packet comes from a host without a pair
 * @UMX_BIS_INCOMING_PAIR: the host gets one; such hosts have half of the
 *	spool at most.
 * @UMX_BIS_INCOMING_REFUSE: it is answered with ICMPv6 "administratively
 *	prohibited".
 */
enum umx_bis_incoming_mode {
	UMX_BIS_INCOMING_PAIR,
	UMX_BIS_INCOMING_REFUSE,

	/* private: */
	__UMX_BIS_INCOMING_MAX,
	UMX_BIS_INCOMING_MAX = __UMX_BIS_INCOMING_MAX - 1
};

/* Seconds until an idle pair may be taken from its host: the default, and the
 * most.
 */
#define UMX_BIS_IDLE			300
#define UMX_BIS_IDLE_MAX		32767

/* The longest LIFETIME. */
#define UMX_BIS_MAP_LIFETIME_MAX	32767

/**
 * enum umx_bis_map_attr - a pair
 * @UMX_BIS_MAP_A_ADDR4: in4, the address of the spool.
 * @UMX_BIS_MAP_A_ADDR6: in6, the host it stands for.
 * @UMX_BIS_MAP_A_FLUSH: flag (DEL): every pair.
 * @UMX_BIS_MAP_A_IDLE: u32 (GET), seconds since a packet was translated by it;
 *	left out if there was none.
 * @UMX_BIS_MAP_A_DYNAMIC: flag (GET): made by LEASE or by a packet.
 * @UMX_BIS_MAP_A_LIFETIME: u32 (LEASE), seconds. Default 0.
 */
enum umx_bis_map_attr {
	UMX_BIS_MAP_A_UNSPEC,
	UMX_BIS_MAP_A_ADDR4,
	UMX_BIS_MAP_A_ADDR6,
	UMX_BIS_MAP_A_FLUSH,
	UMX_BIS_MAP_A_IDLE,
	UMX_BIS_MAP_A_DYNAMIC,
	UMX_BIS_MAP_A_LIFETIME,

	/* private: */
	__UMX_BIS_MAP_A_MAX,
	UMX_BIS_MAP_A_MAX = __UMX_BIS_MAP_A_MAX - 1
};

/**
 * enum umx_bis_eam_attr - an explicit address mapping
 * @UMX_BIS_EAM_A_PREFIX4: in4, the IPv4 prefix; bits behind PLEN4 are 0.
 * @UMX_BIS_EAM_A_PLEN4: u8, its length.
 * @UMX_BIS_EAM_A_PREFIX6: in6, the IPv6 prefix; bits behind PLEN6 are 0.
 * @UMX_BIS_EAM_A_PLEN6: u8, its length. At least as many bits are behind it as
 *	behind the IPv4 prefix.
 */
enum umx_bis_eam_attr {
	UMX_BIS_EAM_A_UNSPEC,
	UMX_BIS_EAM_A_PREFIX4,
	UMX_BIS_EAM_A_PLEN4,
	UMX_BIS_EAM_A_PREFIX6,
	UMX_BIS_EAM_A_PLEN6,

	/* private: */
	__UMX_BIS_EAM_A_MAX,
	UMX_BIS_EAM_A_MAX = __UMX_BIS_EAM_A_MAX - 1
};

/**
 * enum umx_bis_prefix_attr - the prefix that carries IPv4 addresses
 * @UMX_BIS_PREFIX_A_PREFIX: in6, the prefix; bits behind PLEN, and 64 to 71,
 *	are 0.
 * @UMX_BIS_PREFIX_A_PLEN: u8, its length: 32, 40, 48, 56, 64 or 96.
 */
enum umx_bis_prefix_attr {
	UMX_BIS_PREFIX_A_UNSPEC,
	UMX_BIS_PREFIX_A_PREFIX,
	UMX_BIS_PREFIX_A_PLEN,

	/* private: */
	__UMX_BIS_PREFIX_A_MAX,
	UMX_BIS_PREFIX_A_MAX = __UMX_BIS_PREFIX_A_MAX - 1
};

/**
 * enum umx_bis_port_attr - a port of SOURCE that is reserved
 * @UMX_BIS_PORT_A_PROTO: u8, enum umx_bis_port_proto.
 * @UMX_BIS_PORT_A_PORT: u16, the port.
 * @UMX_BIS_PORT_A_LOCAL: flag, a socket of this host uses it, and it ends with
 *	that; otherwise it ends when the spool's IDLE is over.
 */
enum umx_bis_port_attr {
	UMX_BIS_PORT_A_UNSPEC,
	UMX_BIS_PORT_A_PROTO,
	UMX_BIS_PORT_A_PORT,
	UMX_BIS_PORT_A_LOCAL,

	/* private: */
	__UMX_BIS_PORT_A_MAX,
	UMX_BIS_PORT_A_MAX = __UMX_BIS_PORT_A_MAX - 1
};

/**
 * enum umx_bis_port_proto - whose port it is
 * @UMX_BIS_PORT_TCP: TCP's.
 * @UMX_BIS_PORT_UDP: UDP's.
 */
enum umx_bis_port_proto {
	UMX_BIS_PORT_TCP,
	UMX_BIS_PORT_UDP,

	/* private: */
	__UMX_BIS_PORT_PROTO_MAX,
	UMX_BIS_PORT_PROTO_MAX = __UMX_BIS_PORT_PROTO_MAX - 1
};

/**
 * enum umx_bis_stats_attr - a counter
 * @UMX_BIS_STATS_A_NAME: string, stable for ever.
 * @UMX_BIS_STATS_A_VALUE: u64, since the namespace was made or the module
 *	loaded, whichever was later.
 * @UMX_BIS_STATS_A_EXPLAIN: string, what is counted, in one sentence.
 * @UMX_BIS_STATS_A_PAD: padding of 64-bit attributes.
 * @UMX_BIS_STATS_A_VERBOSE: flag, every counter with its EXPLAIN.
 */
enum umx_bis_stats_attr {
	UMX_BIS_STATS_A_UNSPEC,
	UMX_BIS_STATS_A_NAME,
	UMX_BIS_STATS_A_VALUE,
	UMX_BIS_STATS_A_EXPLAIN,
	UMX_BIS_STATS_A_PAD,
	UMX_BIS_STATS_A_VERBOSE,

	/* private: */
	__UMX_BIS_STATS_A_MAX,
	UMX_BIS_STATS_A_MAX = __UMX_BIS_STATS_A_MAX - 1
};

#endif /* _UAPI_LINUX_UMX_BIS_H */
