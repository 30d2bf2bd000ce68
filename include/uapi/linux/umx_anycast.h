/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * This file owns the user-space contract of umx_anycast.ko: the generic
 * netlink family "umx_anycast" through which answering TCP to anycast
 * addresses is switched on and off.
 *
 * What is switched
 * ----------------
 * Without the module the kernel drops a TCP SYN to one of its anycast
 * addresses in silence, and the client tries for two minutes. Where it is
 * switched on, such a SYN is answered with ICMPv6 "address unreachable" (type
 * 1, code 3) from a unicast address of this node, within the limits the
 * kernel has for ICMPv6 errors, and then dropped. Anycast addresses are those
 * the kernel has as such: the subnet-router anycast addresses of a node that
 * forwards, and joined ones (/proc/net/anycast6). Nothing but a SYN to them is
 * touched.
 *
 * It is off until asked for. The idea (draft-itojun-ipv6-tcp-to-anycast) comes
 * from a time when an anycast address could not be a source; RFC 4291 has
 * lifted that, and the day the kernel accepts TCP on them this must be off.
 *
 * The family
 * ----------
 * Name UMX_ANYCAST_GENL_NAME, version UMX_ANYCAST_GENL_VERSION. Every request
 * acts on the network namespace of the socket that sends it, and needs
 * CAP_NET_ADMIN over the user namespace that owns that network namespace.
 *
 * A command takes the attributes of the enum named beside it and refuses
 * every other one with -EINVAL and a sentence (NLMSGERR_ATTR_MSG). A refused
 * command has changed nothing. Attributes are only ever added, at the end of
 * their enum; a reader skips those it does not know.
 *
 * Types: "in6" is 16 bytes in network order; "string" is NUL-terminated;
 * "flag" carries no payload.
 *
 * *_GET commands are dumps (NLM_F_DUMP). One message per object; a dump that
 * raced with a change carries NLM_F_DUMP_INTR.
 */
#ifndef _UAPI_LINUX_UMX_ANYCAST_H
#define _UAPI_LINUX_UMX_ANYCAST_H

#include <linux/types.h>

#define UMX_ANYCAST_GENL_NAME		"umx_anycast"
#define UMX_ANYCAST_GENL_VERSION	1

/* Rules a network namespace has at most. */
#define UMX_ANYCAST_RULE_MAX		64

/**
 * enum umx_anycast_cmd - commands of the family
 * @UMX_ANYCAST_CMD_ON: answer SYNs (enum umx_anycast_attr) to ADDRESS that
 *	come in on IFINDEX; what is left out may be any. This adds a rule; a
 *	SYN is answered if one rule at least says so. To add a rule that exists
 *	changes nothing. -ENODEV: no such device; -EINVAL: ADDRESS is multicast,
 *	loopback or unspecified; -ENOSPC: there are UMX_ANYCAST_RULE_MAX rules.
 * @UMX_ANYCAST_CMD_OFF: remove the rule with this IFINDEX and ADDRESS; without
 *	both, every rule. -ENOENT: there is no such rule. Rules of a device
 *	go with the device.
 * @UMX_ANYCAST_CMD_GET: dump rules (enum umx_anycast_attr).
 * @UMX_ANYCAST_CMD_STATS_GET: dump counters (enum umx_anycast_stats_attr), one
 *	message each. With VERBOSE each has its EXPLAIN.
 */
enum umx_anycast_cmd {
	UMX_ANYCAST_CMD_UNSPEC,
	UMX_ANYCAST_CMD_ON,
	UMX_ANYCAST_CMD_OFF,
	UMX_ANYCAST_CMD_GET,
	UMX_ANYCAST_CMD_STATS_GET,

	/* private: */
	__UMX_ANYCAST_CMD_MAX,
	UMX_ANYCAST_CMD_MAX = __UMX_ANYCAST_CMD_MAX - 1
};

/**
 * enum umx_anycast_attr - a rule
 * @UMX_ANYCAST_A_IFINDEX: u32, the device SYNs come in on, or the VRF that
 *	device belongs to.
 * @UMX_ANYCAST_A_ADDRESS: in6, the address SYNs are sent to.
 * @UMX_ANYCAST_A_ALL: flag (GET): neither of both, every SYN to an anycast
 *	address.
 */
enum umx_anycast_attr {
	UMX_ANYCAST_A_UNSPEC,
	UMX_ANYCAST_A_IFINDEX,
	UMX_ANYCAST_A_ADDRESS,
	UMX_ANYCAST_A_ALL,

	/* private: */
	__UMX_ANYCAST_A_MAX,
	UMX_ANYCAST_A_MAX = __UMX_ANYCAST_A_MAX - 1
};

/**
 * enum umx_anycast_stats_attr - a counter
 * @UMX_ANYCAST_STATS_A_NAME: string, stable for ever.
 * @UMX_ANYCAST_STATS_A_VALUE: u64, since the namespace was made or the module
 *	loaded, whichever was later.
 * @UMX_ANYCAST_STATS_A_EXPLAIN: string, what is counted, in one sentence
 *	(reply to a request with VERBOSE).
 * @UMX_ANYCAST_STATS_A_PAD: padding of 64-bit attributes.
 * @UMX_ANYCAST_STATS_A_VERBOSE: flag (STATS_GET).
 */
enum umx_anycast_stats_attr {
	UMX_ANYCAST_STATS_A_UNSPEC,
	UMX_ANYCAST_STATS_A_NAME,
	UMX_ANYCAST_STATS_A_VALUE,
	UMX_ANYCAST_STATS_A_EXPLAIN,
	UMX_ANYCAST_STATS_A_PAD,
	UMX_ANYCAST_STATS_A_VERBOSE,

	/* private: */
	__UMX_ANYCAST_STATS_A_MAX,
	UMX_ANYCAST_STATS_A_MAX = __UMX_ANYCAST_STATS_A_MAX - 1
};

#endif /* _UAPI_LINUX_UMX_ANYCAST_H */
