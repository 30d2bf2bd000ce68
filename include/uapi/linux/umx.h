/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * This file owns the user-space contract of umx.ko: the generic netlink
 * family "umx" through which one-time IPv6 addresses are configured and
 * inspected.
 *
 * The family
 * ----------
 * Name UMX_GENL_NAME, version UMX_GENL_VERSION. Every request acts on the
 * network namespace of the socket that sends it. Every command, reads
 * included, needs CAP_NET_ADMIN over the user namespace that owns that
 * network namespace, because a waiting address is a secret; so does joining
 * the multicast group UMX_MCGRP_EVENTS.
 *
 * Attributes are grouped per object: a command takes the attributes of the
 * enum named beside it and refuses every other one with -EINVAL and a
 * sentence (NLMSGERR_ATTR_MSG). A refused command has changed nothing.
 * Attributes are only ever added, at the end of their enum; a reader skips
 * those it does not know.
 *
 * Types: "string" is NUL-terminated; "in6" is 16 bytes in network order;
 * ports are u16 in host order; durations are u32 in seconds unless the name
 * ends in _MS; "flag" carries no payload.
 *
 * *_GET commands are dumps (NLM_F_DUMP). One message per object; a dump that
 * raced with a change carries NLM_F_DUMP_INTR.
 */
#ifndef _UAPI_LINUX_UMX_H
#define _UAPI_LINUX_UMX_H

#include <linux/types.h>

#define UMX_GENL_NAME		"umx"
#define UMX_GENL_VERSION	1
#define UMX_MCGRP_EVENTS	"events"

/* Longest name of a pool, its NUL included. */
#define UMX_POOL_NAME_MAX	32
/* Prefix lengths a pool may have: at least 16 free bits, at most 96. */
#define UMX_POOL_PLEN_MIN	32
#define UMX_POOL_PLEN_MAX	112
/* The random generator would soon repeat itself in less than 48 free bits. */
#define UMX_RANDOM_PLEN_MAX	80
/* Bytes of the key of a traceable pool. */
#define UMX_POOL_KEY_LEN	16
/* Bits at the end of each address of an on-link pool that are the same. */
#define UMX_ONLINK_TAIL		24
/* Addresses an on-link pool keeps proven unique, unless it is told. */
#define UMX_ONLINK_READY	256
#define UMX_ONLINK_READY_MAX	4096
/* Single addresses of a pool that is a list. */
#define UMX_POOL_LIST_MAX	256
/* Explicitly given addresses remembered per pool; the next one is refused. */
#define UMX_POOL_EXPLICIT_MAX	65536
/* Seconds an unused SSA lives unless UMX_SSA_A_LIFETIME says otherwise. */
#define UMX_SSA_LIFETIME	60
#define UMX_SSA_LIFETIME_MAX	(7 * 24 * 3600)

/* Longest path of a control group in a rule, its NUL included. */
#define UMX_CGROUP_PATH_MAX	512

/* No limit. */
#define UMX_LIMIT_NONE		0xffffffff

/* Ports that rules may have closed at a time; the next listen() fails. */
#define UMX_LISTEN_RULE_PORTS	1024

/* Rules about servers; the next LISTEN_RULE_ADD fails. */
#define UMX_LISTEN_RULE_MAX	1024

/* Half-open handshakes of an SSA that are kept; the next SYN gets a cookie. */
#define UMX_HALF_OPEN		4
/* Cookies per second and port. */
#define UMX_COOKIE_RATE		50000

/**
 * enum umx_cmd - commands of the family
 * @UMX_CMD_POOL_ADD: add a pool (enum umx_pool_attr: NAME, PREFIX, PLEN; may
 *	carry GENERATOR, TYPE, IFINDEX, REJECT, KEY, HOST, HOST_BITS, READY, FOLLOW; or
 *	NAME, LIST, IFINDEX; may carry GENERATOR list, TYPE on-link).
 *	-EEXIST: name in use or prefix overlaps another pool; -EINVAL: prefix
 *	length, host bits, generator, an address no host may have, or twice;
 *	-EADDRINUSE: one of this host; -ERANGE: READY; -E2BIG: too many in LIST;
 *	-ENOSPC: the namespace remembers no more; -ENODEV, -EOPNOTSUPP: no link,
 *	or one without neighbors.
 *	The caller sets a throw route of a routed prefix (umctl does): packets
 *	to it must find no way in any table.
 * @UMX_CMD_POOL_DEL: remove pool NAME. -EBUSY with live addresses, unless
 *	FORCE is given: the pool is then detached, its sessions live on until
 *	they end and no address comes from it any more.
 * @UMX_CMD_POOL_GET: dump pools (enum umx_pool_attr, STATS included).
 * @UMX_CMD_EA_ADD: append a rule that says which connect() gets an EA (enum
 *	umx_ea_attr: POOL, or LEGACY to keep a destination on legacy
 *	addresses; may carry TO/TO_PLEN, UID/UID_END, CGROUP, FALLBACK, PROTO). A
 *	rule matches when all of its conditions hold. First match wins; INDEX
 *	inserts before that position. No rule: no EA. -EEXIST: without INDEX,
 *	the rule is there already; with INDEX one may take over from another.
 *	IPV6_ADDR_PREFERENCES of a socket (RFC 5014): PUBLIC keeps it on legacy
 *	addresses whatever the rules say; with TMP a LEGACY rule without UID and
 *	CGROUP counts only if no later rule matches.
 *	-ENOENT: no such pool or control group; -EOPNOTSUPP: CGROUP, in a kernel
 *	without it.
 * @UMX_CMD_EA_DEL: remove rule INDEX, or the first one that equals the given
 *	POOL/LEGACY, TO/TO_PLEN, UID/UID_END, CGROUP and PROTO; all with FLUSH.
 * @UMX_CMD_EA_GET: dump rules in order.
 * @UMX_CMD_LISTENER_SET: set the mode of a port (enum umx_listener_attr:
 *	PORT or PID; MODE; may carry POOL, IPV4, LOCAL, HALF_OPEN, COOKIE_RATE).
 *	With PID the port is the one the process listens on; -ENOTUNIQ names the
 *	ports if there are several and PORT does not decide. MODE legacy forgets
 *	the port and disposes its waiting SSAs. A port that a rule has closed
 *	(LISTEN_RULE_ADD) is set anew, and does not go with its servers any more.
 * @UMX_CMD_LISTENER_GET: dump ports with a mode other than legacy, and, with
 *	ALL, every port with a listening TCP/IPv6 socket.
 * @UMX_CMD_SSA_ADD: make an SSA (enum umx_ssa_attr: PORT and/or PID; ADDRESS
 *	or POOL or neither (the listener's pool); may carry FROM/FROM_PLEN,
 *	LIFETIME, IFINDEX). The reply, asked for with NLM_F_ECHO or not,
 *	carries the attributes of the new SSA, ADDRESS first of all.
 *	-EOPNOTSUPP: the port is in mode legacy; -EDQUOT: a limit is reached;
 *	-EADDRINUSE: the address is live; -EEXIST: it was used before;
 *	-EADDRNOTAVAIL: it is outside every pool (or the named one), an on-link
 *	pool does not have it ready, or the pool gives none; -ESRCH: no such process; -ENOENT: it has no listening
 *	TCP/IPv6 socket.
 * @UMX_CMD_SSA_DEL: dispose the waiting SSA ADDRESS, or all of PORT, or all.
 * @UMX_CMD_SSA_GET: dump waiting SSAs (may carry PORT).
 * @UMX_CMD_ADDR_GET: dump live addresses (enum umx_addr_attr; may carry
 *	STATE to see that state only).
 * @UMX_CMD_SESSION_GET: dump addresses bound to a session, with its 4-tuple.
 * @UMX_CMD_DRAIN: stop giving out EAs and SSAs in this namespace, dispose
 *	waiting SSAs, purge our TIME_WAIT sockets, give listeners back (enum
 *	umx_drain_attr). ABORT resets every session first. OFF resumes. The
 *	reply says what still holds the module.
 * @UMX_CMD_STATS_GET: dump counters (enum umx_stats_attr), one message each.
 *	With VERBOSE each has its EXPLAIN.
 * @UMX_CMD_VERSION_GET: the module's version (enum umx_version_attr); a plain
 *	request, not a dump.
 * @UMX_CMD_EVENT: sent by the kernel to UMX_MCGRP_EVENTS (enum
 *	umx_event_attr).
 * @UMX_CMD_SSA_LEASE: give a client one of the SSAs a port in mode auto keeps
 *	ready (enum umx_ssa_attr: PORT; may carry FROM/FROM_PLEN, LIFETIME,
 *	IFINDEX). The reply is that of SSA_ADD. -EAGAIN: as many wait as the
 *	port's backlog is long; -EOPNOTSUPP: the port is not in mode auto;
 *	-ENOTCONN: no server listens on it now; -EADDRNOTAVAIL: the pool gives
 *	none; -ENOENT: it has gone; -ENOTUNIQ: the port names none of several;
 *	-EDQUOT: a limit is reached.
 * @UMX_CMD_LIMIT_SET: limit how many EAs and SSAs live at a time (enum
 *	umx_limit_attr: SCOPE or UID or neither (the namespace); EA and/or
 *	SSA). What lives already is counted, and never ended. Beyond a limit
 *	connect() fails with EADDRNOTAVAIL, or falls back if its rule says so,
 *	and SSA_ADD and SSA_LEASE with -EDQUOT.
 * @UMX_CMD_LIMIT_DEL: remove the limits UID has of its own, or every limit with
 *	FLUSH. -ENOENT: it has none.
 * @UMX_CMD_LIMIT_GET: dump limits: the namespace's, those of each user, then
 *	users with a limit of their own or with addresses that are counted.
 * @UMX_CMD_POOL_RESERVE: let the traceable pool NAME make addresses of the
 *	counters from START to before END of GENERATION, which were reserved in
 *	EPOCH, for the key of KEY_ID. They continue those it has, or replace
 *	them. -EOPNOTSUPP: no traceable pool, or no KEY was given;
 *	-EKEYREJECTED: it has another key; -ESTALE: EPOCH is over; -EEXIST: the
 *	pool has had them; -ERANGE: there are no such.
 * @UMX_CMD_LISTEN_RULE_ADD: append a rule that says of which servers the ports
 *	are closed when they call listen() (enum umx_listen_rule_attr: MODE; may
 *	carry PORT, UID/UID_END, CGROUP as conditions, and POOL, IPV4, LOCAL,
 *	HALF_OPEN, COOKIE_RATE). When a TCP/IPv6 socket that meets all conditions
 *	is to listen on a port nobody has set, the port is set as LISTENER_SET
 *	would, before anybody reaches it, and forgotten when its last listening
 *	socket is closed. First match wins; MODE legacy leaves the port alone;
 *	INDEX inserts before that position. Who listens already is left alone.
 *	A server whose listen() was not heard of (MPTCP, SMC) is closed when the
 *	first SYN comes for it. listen() fails with EADDRNOTAVAIL when
 *	UMX_LISTEN_RULE_PORTS ports are closed by rules. -EEXIST, -ENOENT,
 *	-EOPNOTSUPP: as EA_ADD; -ENOSPC: there are UMX_LISTEN_RULE_MAX rules;
 *	-ENOTUNIQ: MODE auto without POOL, and several pools.
 * @UMX_CMD_LISTEN_RULE_DEL: remove rule INDEX, or the first one that equals the
 *	given MODE, POOL, PORT, UID/UID_END and CGROUP; all with FLUSH. Ports they
 *	have closed stay so.
 * @UMX_CMD_LISTEN_RULE_GET: dump rules in order.
 */
enum umx_cmd {
	UMX_CMD_UNSPEC,
	UMX_CMD_POOL_ADD,
	UMX_CMD_POOL_DEL,
	UMX_CMD_POOL_GET,
	UMX_CMD_EA_ADD,
	UMX_CMD_EA_DEL,
	UMX_CMD_EA_GET,
	UMX_CMD_LISTENER_SET,
	UMX_CMD_LISTENER_GET,
	UMX_CMD_SSA_ADD,
	UMX_CMD_SSA_DEL,
	UMX_CMD_SSA_GET,
	UMX_CMD_ADDR_GET,
	UMX_CMD_SESSION_GET,
	UMX_CMD_DRAIN,
	UMX_CMD_STATS_GET,
	UMX_CMD_VERSION_GET,
	UMX_CMD_EVENT,
	UMX_CMD_SSA_LEASE,
	UMX_CMD_LIMIT_SET,
	UMX_CMD_LIMIT_DEL,
	UMX_CMD_LIMIT_GET,
	UMX_CMD_POOL_RESERVE,
	UMX_CMD_LISTEN_RULE_ADD,
	UMX_CMD_LISTEN_RULE_DEL,
	UMX_CMD_LISTEN_RULE_GET,

	/* private: */
	__UMX_CMD_MAX,
	UMX_CMD_MAX = __UMX_CMD_MAX - 1
};

/**
 * enum umx_generator - how a pool makes addresses
 * @UMX_GENERATOR_RANDOM: CSPRNG over the free bits; at most /80.
 * @UMX_GENERATOR_SEQUENTIAL: a counter from 1; for tests and audits.
 * @UMX_GENERATOR_TRACEABLE: a permutation of a counter under a key: looks
 *	random, cannot repeat, and whoever has the key can turn an address back.
 * @UMX_GENERATOR_LIST: single addresses of a link, in the order they were
 *	given, each once; the default with UMX_POOL_A_LIST, and only with it.
 */
enum umx_generator {
	UMX_GENERATOR_RANDOM,
	UMX_GENERATOR_SEQUENTIAL,
	UMX_GENERATOR_TRACEABLE,
	UMX_GENERATOR_LIST,

	/* private: */
	__UMX_GENERATOR_MAX,
	UMX_GENERATOR_MAX = __UMX_GENERATOR_MAX - 1
};

/**
 * enum umx_pool_type - where a pool's prefix lives
 * @UMX_POOL_ROUTED: the whole prefix is routed to this host: no DAD, no ND.
 * @UMX_POOL_ONLINK: a /64 this host shares with the other hosts of a link.
 *	Addresses are proven unique (DAD) ahead of use, and defended from then
 *	on. They share their low UMX_ONLINK_TAIL bits, but for those of a list.
 */
enum umx_pool_type {
	UMX_POOL_ROUTED,
	UMX_POOL_ONLINK,

	/* private: */
	__UMX_POOL_TYPE_MAX,
	UMX_POOL_TYPE_MAX = __UMX_POOL_TYPE_MAX - 1
};

/**
 * enum umx_pool_attr - a pool
 * @UMX_POOL_A_NAME: string, at most UMX_POOL_NAME_MAX with its NUL;
 *	letters, digits, '.', '_' and '-'.
 * @UMX_POOL_A_PREFIX: in6; bits beyond PLEN must be zero. A list has none.
 * @UMX_POOL_A_PLEN: u8, UMX_POOL_PLEN_MIN..UMX_POOL_PLEN_MAX.
 * @UMX_POOL_A_TYPE: u8, enum umx_pool_type; default routed, with LIST on-link.
 * @UMX_POOL_A_GENERATOR: u8, enum umx_generator; default traceable, with LIST
 *	list.
 * @UMX_POOL_A_IFINDEX: u32. Routed: packets for the pool are taken from this
 *	device only; default: any. On-link: the link; must be given.
 * @UMX_POOL_A_REJECT: u8 boolean; answer dropped packets with ICMPv6 1/3
 *	instead of silence. For debugging.
 * @UMX_POOL_A_FORCE: flag (POOL_DEL).
 * @UMX_POOL_A_STATS: nest of enum umx_pool_stat_attr (POOL_GET).
 * @UMX_POOL_A_DETACHED: u8 boolean (POOL_GET): removed by force, its last
 *	sessions still live.
 * @UMX_POOL_A_FLUSH: flag (POOL_DEL instead of NAME): all pools.
 * @UMX_POOL_A_KEY: UMX_POOL_KEY_LEN bytes (POOL_ADD), never told again: key of
 *	a traceable pool. It then gives nothing before POOL_RESERVE. Without it
 *	the kernel makes a key nobody knows, and the pool has one window, as
 *	large as a generation.
 * @UMX_POOL_A_HOST: u32, id of this host among those that share key and
 *	prefix; default 0.
 * @UMX_POOL_A_HOST_BITS: u8, how many bits that id has, 0..16; default 0. The
 *	same on all of these hosts, and for as long as the key is used.
 * @UMX_POOL_A_PAD: padding of 64-bit attributes.
 * @UMX_POOL_A_GENERATION: u64: of the window.
 * @UMX_POOL_A_START: u64, first counter of the window (POOL_RESERVE).
 * @UMX_POOL_A_END: u64, the one after the last. Equal to NEXT or less: the
 *	window is used up.
 * @UMX_POOL_A_NEXT: u64, the counter that is used next (POOL_GET).
 * @UMX_POOL_A_EPOCH: u64 (POOL_RESERVE): UMX_VERSION_A_EPOCH, read before the
 *	window was reserved.
 * @UMX_POOL_A_KEY_ID: u64 (POOL_GET, POOL_RESERVE): another number for another
 *	key, which says nothing about it; absent if the kernel made the key.
 * @UMX_POOL_A_READY: u32 (on-link), addresses kept proven unique ahead of use,
 *	1..UMX_ONLINK_READY_MAX; default UMX_ONLINK_READY. Of a list all that
 *	are left are; it takes no READY.
 * @UMX_POOL_A_ATTACHED: u8 boolean (POOL_GET, on-link, and with FOLLOW): the
 *	device is up and has an address of the prefix (of a list: of the prefix of
 *	each address). If not, the pool gives none; sessions stay.
 * @UMX_POOL_A_LIST: nest of enum umx_pool_list_attr: the addresses of a list.
 * @UMX_POOL_A_FOLLOW: string (routed), name of a device, at most IFNAMSIZ with
 *	its NUL, which may not be there yet. The pool is attached while the device
 *	is up and has an address, neither tentative nor deprecated, whose prefix
 *	has PREFIX in it or lies in it: one that was delegated to this host.
 *	Default: the pool is always attached, and says nothing of it.
 */
enum umx_pool_attr {
	UMX_POOL_A_UNSPEC,
	UMX_POOL_A_NAME,
	UMX_POOL_A_PREFIX,
	UMX_POOL_A_PLEN,
	UMX_POOL_A_TYPE,
	UMX_POOL_A_GENERATOR,
	UMX_POOL_A_IFINDEX,
	UMX_POOL_A_REJECT,
	UMX_POOL_A_FORCE,
	UMX_POOL_A_STATS,
	UMX_POOL_A_DETACHED,
	UMX_POOL_A_FLUSH,
	UMX_POOL_A_KEY,
	UMX_POOL_A_HOST,
	UMX_POOL_A_HOST_BITS,
	UMX_POOL_A_PAD,
	UMX_POOL_A_GENERATION,
	UMX_POOL_A_START,
	UMX_POOL_A_END,
	UMX_POOL_A_NEXT,
	UMX_POOL_A_EPOCH,
	UMX_POOL_A_KEY_ID,
	UMX_POOL_A_READY,
	UMX_POOL_A_ATTACHED,
	UMX_POOL_A_LIST,
	UMX_POOL_A_FOLLOW,

	/* private: */
	__UMX_POOL_A_MAX,
	UMX_POOL_A_MAX = __UMX_POOL_A_MAX - 1
};

/**
 * enum umx_pool_list_attr - the addresses of a pool that is a list
 *
 * At most UMX_POOL_LIST_MAX of both kinds. What the namespace remembers as used
 * is used, whatever a request says; so is all that was listed in another
 * UMX_VERSION_A_EPOCH. What is listed again in the same has what is left.
 *
 * @UMX_POOL_LIST_A_ADDRESS: in6, several: those that are left, the next one
 *	first.
 * @UMX_POOL_LIST_A_USED: in6, several: those that were used, and are not used
 *	again.
 * @UMX_POOL_LIST_A_LEFT: u32, how many are left (POOL_GET).
 */
enum umx_pool_list_attr {
	UMX_POOL_LIST_A_UNSPEC,
	UMX_POOL_LIST_A_ADDRESS,
	UMX_POOL_LIST_A_USED,
	UMX_POOL_LIST_A_LEFT,

	/* private: */
	__UMX_POOL_LIST_A_MAX,
	UMX_POOL_LIST_A_MAX = __UMX_POOL_LIST_A_MAX - 1
};

/**
 * enum umx_pool_stat_attr - statistics of a pool, all u64
 * @UMX_POOL_STAT_A_PAD: padding of 64-bit attributes.
 * @UMX_POOL_STAT_A_TENTATIVE: addresses in DAD now.
 * @UMX_POOL_STAT_A_UNCERTAIN: addresses reserved and silent now: what an
 *	on-link pool and ports in mode auto have ready. (The rest of a routed
 *	prefix is UNCERTAIN, too, and not counted.)
 * @UMX_POOL_STAT_A_VALID: addresses VALID now.
 * @UMX_POOL_STAT_A_CLOSING: addresses CLOSING now.
 * @UMX_POOL_STAT_A_DISPOSED: addresses used up since the pool was added.
 * @UMX_POOL_STAT_A_EXHAUSTED: requests for an address that found none.
 * @UMX_POOL_STAT_A_DUPLICATES: addresses DAD found in use elsewhere.
 * @UMX_POOL_STAT_A_DROPPED: packets to or from the pool that were dropped.
 */
enum umx_pool_stat_attr {
	UMX_POOL_STAT_A_UNSPEC,
	UMX_POOL_STAT_A_PAD,
	UMX_POOL_STAT_A_TENTATIVE,
	UMX_POOL_STAT_A_UNCERTAIN,
	UMX_POOL_STAT_A_VALID,
	UMX_POOL_STAT_A_CLOSING,
	UMX_POOL_STAT_A_DISPOSED,
	UMX_POOL_STAT_A_EXHAUSTED,
	UMX_POOL_STAT_A_DUPLICATES,
	UMX_POOL_STAT_A_DROPPED,

	/* private: */
	__UMX_POOL_STAT_A_MAX,
	UMX_POOL_STAT_A_MAX = __UMX_POOL_STAT_A_MAX - 1
};

/**
 * enum umx_proto - which protocol a session is of
 * @UMX_PROTO_TCP: TCP.
 * @UMX_PROTO_UDP: UDP, of a socket that connect() has given a peer.
 */
enum umx_proto {
	UMX_PROTO_TCP,
	UMX_PROTO_UDP,

	/* private: */
	__UMX_PROTO_MAX,
	UMX_PROTO_MAX = __UMX_PROTO_MAX - 1
};

/**
 * enum umx_ea_attr - a rule that gives client sessions their EA
 * @UMX_EA_A_INDEX: u32, position from 0.
 * @UMX_EA_A_POOL: string, name of the pool the EA is drawn from.
 * @UMX_EA_A_LEGACY: flag: matching destinations keep legacy addresses.
 * @UMX_EA_A_TO: in6, destination prefix; default ::/0.
 * @UMX_EA_A_TO_PLEN: u8, 0..128.
 * @UMX_EA_A_FALLBACK: flag: a pool that gives no address lets the session
 *	leave from a legacy one instead of failing with EADDRNOTAVAIL.
 * @UMX_EA_A_FLUSH: flag (EA_DEL).
 * @UMX_EA_A_PAD: padding of 64-bit attributes.
 * @UMX_EA_A_HITS: u64, sessions this rule decided (EA_GET).
 * @UMX_EA_A_UID: u32, owner of the socket, in the caller's user namespace;
 *	default: any.
 * @UMX_EA_A_UID_END: u32, last uid of a range that begins with UID; default
 *	UID. A reply has both or none.
 * @UMX_EA_A_CGROUP: string, at most UMX_CGROUP_PATH_MAX with its NUL: path of a
 *	control group (v2) from the root of the caller's cgroup namespace. The
 *	socket was made in it, or in one below. The rule follows the group, not
 *	its name; a reply has the path that was given.
 * @UMX_EA_A_CGROUP_GONE: u8 boolean (EA_GET, beside CGROUP): the group was
 *	removed; the rule matches nothing any more.
 * @UMX_EA_A_PROTO: u8, enum umx_proto: whose connect() it is about; default
 *	TCP. UDP has to be asked for: programs also connect UDP sockets that
 *	never send, to learn their source address, and each takes an EA.
 */
enum umx_ea_attr {
	UMX_EA_A_UNSPEC,
	UMX_EA_A_INDEX,
	UMX_EA_A_POOL,
	UMX_EA_A_LEGACY,
	UMX_EA_A_TO,
	UMX_EA_A_TO_PLEN,
	UMX_EA_A_FALLBACK,
	UMX_EA_A_FLUSH,
	UMX_EA_A_PAD,
	UMX_EA_A_HITS,
	UMX_EA_A_UID,
	UMX_EA_A_UID_END,
	UMX_EA_A_CGROUP,
	UMX_EA_A_CGROUP_GONE,
	UMX_EA_A_PROTO,

	/* private: */
	__UMX_EA_A_MAX,
	UMX_EA_A_MAX = __UMX_EA_A_MAX - 1
};

/**
 * enum umx_listener_mode - what a port's listening sockets accept
 * @UMX_LISTENER_LEGACY: everything, as without the module (the default).
 * @UMX_LISTENER_DAS: nobody (LISTEN_0), except one connection on each SSA
 *	given from outside (LISTEN_U).
 * @UMX_LISTENER_AUTO: as das; and as many SSAs as the port's backlog is long
 *	exist at any time: UNCERTAIN until leased, replaced when claimed or
 *	expired (AUTO_SET).
 */
enum umx_listener_mode {
	UMX_LISTENER_LEGACY,
	UMX_LISTENER_DAS,
	UMX_LISTENER_AUTO,

	/* private: */
	__UMX_LISTENER_MODE_MAX,
	UMX_LISTENER_MODE_MAX = __UMX_LISTENER_MODE_MAX - 1
};

/**
 * enum umx_listener_attr - a port and its listening sockets
 * @UMX_LISTENER_A_PORT: u16, host order.
 * @UMX_LISTENER_A_PID: u32, in the pid namespace of the caller. In a reply:
 *	the process whose listen() was seen last, absent if unknown.
 * @UMX_LISTENER_A_MODE: u8, enum umx_listener_mode.
 * @UMX_LISTENER_A_POOL: string, pool of its SSAs unless SSA_ADD names one;
 *	empty to take back one that was named.
 * @UMX_LISTENER_A_IPV4: u8 boolean; 1 leaves IPv4 open on dual-stack
 *	sockets. Default 0: dropped too.
 * @UMX_LISTENER_A_LOCAL: u8 boolean; 0 refuses connections from this host to
 *	its own legacy addresses too. Default 1.
 * @UMX_LISTENER_A_SOCKETS: u32, listening TCP/IPv6 sockets now (reply).
 * @UMX_LISTENER_A_WAITING: u32, SSAs waiting for their connection (reply).
 * @UMX_LISTENER_A_DUALSTACK: u8 boolean (reply): a socket takes IPv4 too.
 * @UMX_LISTENER_A_ALL: flag (LISTENER_GET).
 * @UMX_LISTENER_A_FLUSH: flag (LISTENER_SET with MODE legacy): every port.
 * @UMX_LISTENER_A_COMM: string, command name beside PID (reply).
 * @UMX_LISTENER_A_HALF_OPEN: u8, half-open handshakes an SSA keeps a request
 *	socket for while it waits; SYNs beyond that are answered with cookies,
 *	with net.ipv4.tcp_syncookies 0, too (2: TCP sends its own for each).
 *	Default UMX_HALF_OPEN.
 * @UMX_LISTENER_A_COOKIE_RATE: u32, such cookies per second; SYNs beyond that
 *	are dropped. Default UMX_COOKIE_RATE.
 * @UMX_LISTENER_A_READY: u32, SSAs ready to be leased (reply, mode auto).
 * @UMX_LISTENER_A_BACKLOG: u32, what READY and WAITING are kept at together:
 *	the sum of the backlogs its servers gave to listen(), at most 4096
 *	(reply, mode auto).
 * @UMX_LISTENER_A_RULED: flag (reply): a rule has made it; it goes with its last
 *	listening socket.
 * @UMX_LISTENER_A_RULE: u32, position of that rule; absent if it is gone
 *	(reply).
 */
enum umx_listener_attr {
	UMX_LISTENER_A_UNSPEC,
	UMX_LISTENER_A_PORT,
	UMX_LISTENER_A_PID,
	UMX_LISTENER_A_MODE,
	UMX_LISTENER_A_POOL,
	UMX_LISTENER_A_IPV4,
	UMX_LISTENER_A_LOCAL,
	UMX_LISTENER_A_SOCKETS,
	UMX_LISTENER_A_WAITING,
	UMX_LISTENER_A_DUALSTACK,
	UMX_LISTENER_A_ALL,
	UMX_LISTENER_A_FLUSH,
	UMX_LISTENER_A_COMM,
	UMX_LISTENER_A_HALF_OPEN,
	UMX_LISTENER_A_COOKIE_RATE,
	UMX_LISTENER_A_READY,
	UMX_LISTENER_A_BACKLOG,
	UMX_LISTENER_A_RULED,
	UMX_LISTENER_A_RULE,

	/* private: */
	__UMX_LISTENER_A_MAX,
	UMX_LISTENER_A_MAX = __UMX_LISTENER_A_MAX - 1
};

/**
 * enum umx_listen_rule_attr - a rule that closes the ports of servers
 * @UMX_LISTEN_RULE_A_INDEX: u32, position from 0.
 * @UMX_LISTEN_RULE_A_MODE: u8, enum umx_listener_mode.
 * @UMX_LISTEN_RULE_A_PORT: u16, host order; default: any.
 * @UMX_LISTEN_RULE_A_UID: u32, owner of the socket, in the caller's user
 *	namespace; default: any.
 * @UMX_LISTEN_RULE_A_UID_END: u32, last uid of a range that begins with UID;
 *	default UID. A reply has both or none.
 * @UMX_LISTEN_RULE_A_CGROUP: string, at most UMX_CGROUP_PATH_MAX with its NUL:
 *	path of a control group (v2), as UMX_EA_A_CGROUP.
 * @UMX_LISTEN_RULE_A_CGROUP_GONE: u8 boolean (LISTEN_RULE_GET, beside CGROUP):
 *	the group was removed; the rule matches nothing any more.
 * @UMX_LISTEN_RULE_A_POOL: string: UMX_LISTENER_A_POOL of the ports.
 * @UMX_LISTEN_RULE_A_IPV4: u8 boolean: UMX_LISTENER_A_IPV4 of the ports.
 * @UMX_LISTEN_RULE_A_LOCAL: u8 boolean: UMX_LISTENER_A_LOCAL of the ports.
 * @UMX_LISTEN_RULE_A_HALF_OPEN: u8: UMX_LISTENER_A_HALF_OPEN of the ports.
 * @UMX_LISTEN_RULE_A_COOKIE_RATE: u32: UMX_LISTENER_A_COOKIE_RATE of the ports.
 * @UMX_LISTEN_RULE_A_FLUSH: flag (LISTEN_RULE_DEL).
 * @UMX_LISTEN_RULE_A_PAD: padding of 64-bit attributes.
 * @UMX_LISTEN_RULE_A_HITS: u64, listen() this rule has decided about
 *	(LISTEN_RULE_GET).
 */
enum umx_listen_rule_attr {
	UMX_LISTEN_RULE_A_UNSPEC,
	UMX_LISTEN_RULE_A_INDEX,
	UMX_LISTEN_RULE_A_MODE,
	UMX_LISTEN_RULE_A_PORT,
	UMX_LISTEN_RULE_A_UID,
	UMX_LISTEN_RULE_A_UID_END,
	UMX_LISTEN_RULE_A_CGROUP,
	UMX_LISTEN_RULE_A_CGROUP_GONE,
	UMX_LISTEN_RULE_A_POOL,
	UMX_LISTEN_RULE_A_IPV4,
	UMX_LISTEN_RULE_A_LOCAL,
	UMX_LISTEN_RULE_A_HALF_OPEN,
	UMX_LISTEN_RULE_A_COOKIE_RATE,
	UMX_LISTEN_RULE_A_FLUSH,
	UMX_LISTEN_RULE_A_PAD,
	UMX_LISTEN_RULE_A_HITS,

	/* private: */
	__UMX_LISTEN_RULE_A_MAX,
	UMX_LISTEN_RULE_A_MAX = __UMX_LISTEN_RULE_A_MAX - 1
};

/**
 * enum umx_ssa_attr - a specific service address that waits
 * @UMX_SSA_A_ADDRESS: in6.
 * @UMX_SSA_A_PORT: u16, port of the listener it leads to.
 * @UMX_SSA_A_PID: u32, process it was given to; it then ends with that
 *	process's listening sockets on the port.
 * @UMX_SSA_A_POOL: string.
 * @UMX_SSA_A_FROM: in6, only clients of this prefix; default ::/0.
 * @UMX_SSA_A_FROM_PLEN: u8, 0..128.
 * @UMX_SSA_A_LIFETIME: u32 seconds until it is disposed unused, 1..
 *	UMX_SSA_LIFETIME_MAX; in a reply what is left of them.
 * @UMX_SSA_A_IFINDEX: u32, the SYN must arrive on this device. Default: any.
 * @UMX_SSA_A_FLUSH: flag (SSA_DEL instead of ADDRESS or PORT): all.
 */
enum umx_ssa_attr {
	UMX_SSA_A_UNSPEC,
	UMX_SSA_A_ADDRESS,
	UMX_SSA_A_PORT,
	UMX_SSA_A_PID,
	UMX_SSA_A_POOL,
	UMX_SSA_A_FROM,
	UMX_SSA_A_FROM_PLEN,
	UMX_SSA_A_LIFETIME,
	UMX_SSA_A_IFINDEX,
	UMX_SSA_A_FLUSH,

	/* private: */
	__UMX_SSA_A_MAX,
	UMX_SSA_A_MAX = __UMX_SSA_A_MAX - 1
};

/**
 * enum umx_addr_state - the life of an address, in order
 * @UMX_ADDR_TENTATIVE: DAD is running.
 * @UMX_ADDR_UNCERTAIN: reserved, proven unique, silent.
 * @UMX_ADDR_VALID: waits for its connection (an SSA) or is bound to one.
 * @UMX_ADDR_CLOSING: its session has ended, TIME_WAIT has not.
 * @UMX_ADDR_DISPOSED: used up; never comes back.
 */
enum umx_addr_state {
	UMX_ADDR_TENTATIVE,
	UMX_ADDR_UNCERTAIN,
	UMX_ADDR_VALID,
	UMX_ADDR_CLOSING,
	UMX_ADDR_DISPOSED,

	/* private: */
	__UMX_ADDR_STATE_MAX,
	UMX_ADDR_STATE_MAX = __UMX_ADDR_STATE_MAX - 1
};

/**
 * enum umx_addr_role - what an address is for
 * @UMX_ROLE_EA: source address of a client session.
 * @UMX_ROLE_SSA: destination address for one session of a server.
 */
enum umx_addr_role {
	UMX_ROLE_EA,
	UMX_ROLE_SSA,

	/* private: */
	__UMX_ROLE_MAX,
	UMX_ROLE_MAX = __UMX_ROLE_MAX - 1
};

/**
 * enum umx_addr_attr - a live address
 * @UMX_ADDR_A_ADDRESS: in6.
 * @UMX_ADDR_A_STATE: u8, enum umx_addr_state.
 * @UMX_ADDR_A_ROLE: u8, enum umx_addr_role.
 * @UMX_ADDR_A_BOUND: u8 boolean: bound to a session, or was (CLOSING).
 * @UMX_ADDR_A_POOL: string.
 * @UMX_ADDR_A_PORT: u16, the listener's port (SSA) or the session's local
 *	port (EA).
 * @UMX_ADDR_A_SPARE_OF: in6, the address whose session this one was made for,
 *	as a place to go on; absent for others.
 */
enum umx_addr_attr {
	UMX_ADDR_A_UNSPEC,
	UMX_ADDR_A_ADDRESS,
	UMX_ADDR_A_STATE,
	UMX_ADDR_A_ROLE,
	UMX_ADDR_A_BOUND,
	UMX_ADDR_A_POOL,
	UMX_ADDR_A_PORT,
	UMX_ADDR_A_SPARE_OF,

	/* private: */
	__UMX_ADDR_A_MAX,
	UMX_ADDR_A_MAX = __UMX_ADDR_A_MAX - 1
};

/**
 * enum umx_session_attr - a session on a one-time address
 * @UMX_SESSION_A_LOCAL: in6, the EA or SSA.
 * @UMX_SESSION_A_LOCAL_PORT: u16, host order, as ss prints it.
 * @UMX_SESSION_A_PEER: in6.
 * @UMX_SESSION_A_PEER_PORT: u16, host order.
 * @UMX_SESSION_A_ROLE: u8, enum umx_addr_role.
 * @UMX_SESSION_A_STATE: u8, enum umx_addr_state: VALID or CLOSING.
 * @UMX_SESSION_A_POOL: string.
 * @UMX_SESSION_A_UID: u32, owner of the socket, in the caller's user
 *	namespace.
 * @UMX_SESSION_A_PID: u32, process that called connect() (EA); absent if it
 *	is not in the caller's pid namespace.
 * @UMX_SESSION_A_LISTENER_PORT: u16, the listener's port (SSA).
 * @UMX_SESSION_A_AGE: u32, seconds since it was bound.
 * @UMX_SESSION_A_PROTO: u8, enum umx_proto.
 */
enum umx_session_attr {
	UMX_SESSION_A_UNSPEC,
	UMX_SESSION_A_LOCAL,
	UMX_SESSION_A_LOCAL_PORT,
	UMX_SESSION_A_PEER,
	UMX_SESSION_A_PEER_PORT,
	UMX_SESSION_A_ROLE,
	UMX_SESSION_A_STATE,
	UMX_SESSION_A_POOL,
	UMX_SESSION_A_UID,
	UMX_SESSION_A_PID,
	UMX_SESSION_A_LISTENER_PORT,
	UMX_SESSION_A_AGE,
	UMX_SESSION_A_PROTO,

	/* private: */
	__UMX_SESSION_A_MAX,
	UMX_SESSION_A_MAX = __UMX_SESSION_A_MAX - 1
};

/**
 * enum umx_limit_scope - whose limit
 * @UMX_LIMIT_NETNS: all of the network namespace together.
 * @UMX_LIMIT_EACH: each user who has none of his own.
 * @UMX_LIMIT_UID: one user.
 */
enum umx_limit_scope {
	UMX_LIMIT_NETNS,
	UMX_LIMIT_EACH,
	UMX_LIMIT_UID,

	/* private: */
	__UMX_LIMIT_SCOPE_MAX,
	UMX_LIMIT_SCOPE_MAX = __UMX_LIMIT_SCOPE_MAX - 1
};

/**
 * enum umx_limit_attr - limits of live addresses, from VALID to DISPOSED
 *
 * An EA counts for the owner of the socket that connects, an SSA for the user
 * who made or leased it (the effective uid of the sender of SSA_ADD or
 * SSA_LEASE); those a port in mode auto keeps ready do not count. Both the
 * namespace's limit and the user's hold. Addresses are counted while a limit of
 * their role is set. Default: no limits.
 *
 * @UMX_LIMIT_A_SCOPE: u8, enum umx_limit_scope; default UID if there is one,
 *	else the namespace.
 * @UMX_LIMIT_A_UID: u32, in the caller's user namespace.
 * @UMX_LIMIT_A_EA: u32, EAs that may live, UMX_LIMIT_NONE: any number; of a
 *	user, too, whatever the limit of each is. In a reply absent if not set.
 * @UMX_LIMIT_A_SSA: u32, the same for SSAs.
 * @UMX_LIMIT_A_EA_LIVE: u32, EAs that live now (LIMIT_GET); absent if they are
 *	not counted.
 * @UMX_LIMIT_A_SSA_LIVE: u32, the same for SSAs.
 * @UMX_LIMIT_A_FLUSH: flag (LIMIT_DEL).
 */
enum umx_limit_attr {
	UMX_LIMIT_A_UNSPEC,
	UMX_LIMIT_A_SCOPE,
	UMX_LIMIT_A_UID,
	UMX_LIMIT_A_EA,
	UMX_LIMIT_A_SSA,
	UMX_LIMIT_A_EA_LIVE,
	UMX_LIMIT_A_SSA_LIVE,
	UMX_LIMIT_A_FLUSH,

	/* private: */
	__UMX_LIMIT_A_MAX,
	UMX_LIMIT_A_MAX = __UMX_LIMIT_A_MAX - 1
};

/**
 * enum umx_drain_attr - draining a namespace
 * @UMX_DRAIN_A_ABORT: flag: reset every session.
 * @UMX_DRAIN_A_OFF: flag: end the drain, give out addresses again.
 * @UMX_DRAIN_A_SESSIONS: u32, sessions still alive (reply).
 * @UMX_DRAIN_A_CLOSING: u32, addresses still CLOSING (reply).
 * @UMX_DRAIN_A_WAITING: u32, SSAs disposed while they waited (reply).
 * @UMX_DRAIN_A_LISTENERS: u32, listening sockets given back (reply).
 * @UMX_DRAIN_A_ABORTED: u32, sessions reset (reply).
 * @UMX_DRAIN_A_PURGED: u32, TIME_WAIT sockets removed (reply).
 * @UMX_DRAIN_A_SOCKETS: u32, sockets of all namespaces, not yet connected or
 *	listening, that hold umx_tcp (reply).
 */
enum umx_drain_attr {
	UMX_DRAIN_A_UNSPEC,
	UMX_DRAIN_A_ABORT,
	UMX_DRAIN_A_OFF,
	UMX_DRAIN_A_SESSIONS,
	UMX_DRAIN_A_CLOSING,
	UMX_DRAIN_A_WAITING,
	UMX_DRAIN_A_LISTENERS,
	UMX_DRAIN_A_ABORTED,
	UMX_DRAIN_A_PURGED,
	UMX_DRAIN_A_SOCKETS,

	/* private: */
	__UMX_DRAIN_A_MAX,
	UMX_DRAIN_A_MAX = __UMX_DRAIN_A_MAX - 1
};

/**
 * enum umx_stats_kind - what a counter is about
 * @UMX_STATS_LIFE: the life of addresses: made, claimed, released, used up.
 * @UMX_STATS_DROP: packets dropped, by reason.
 * @UMX_STATS_REFUSAL: connections refused, by reason.
 */
enum umx_stats_kind {
	UMX_STATS_LIFE,
	UMX_STATS_DROP,
	UMX_STATS_REFUSAL,

	/* private: */
	__UMX_STATS_KIND_MAX,
	UMX_STATS_KIND_MAX = __UMX_STATS_KIND_MAX - 1
};

/**
 * enum umx_stats_attr - a counter
 * @UMX_STATS_A_NAME: string, stable for ever.
 * @UMX_STATS_A_VALUE: u64, since the namespace began to use the module.
 * @UMX_STATS_A_EXPLAIN: string, what is counted, in one sentence (reply to a
 *	request with VERBOSE).
 * @UMX_STATS_A_PAD: padding of 64-bit attributes.
 * @UMX_STATS_A_KIND: u8, enum umx_stats_kind (reply).
 * @UMX_STATS_A_VERBOSE: flag (STATS_GET).
 */
enum umx_stats_attr {
	UMX_STATS_A_UNSPEC,
	UMX_STATS_A_NAME,
	UMX_STATS_A_VALUE,
	UMX_STATS_A_EXPLAIN,
	UMX_STATS_A_PAD,
	UMX_STATS_A_KIND,
	UMX_STATS_A_VERBOSE,

	/* private: */
	__UMX_STATS_A_MAX,
	UMX_STATS_A_MAX = __UMX_STATS_A_MAX - 1
};

/**
 * enum umx_version_attr - who answers
 * @UMX_VERSION_A_MODULE: string, version of umx.ko.
 * @UMX_VERSION_A_GENL: u32, UMX_GENL_VERSION of the module.
 * @UMX_VERSION_A_PAD: padding of 64-bit attributes.
 * @UMX_VERSION_A_EPOCH: u64: another number after the module was loaded again,
 *	and after the kernel learnt that its virtual machine was restored.
 */
enum umx_version_attr {
	UMX_VERSION_A_UNSPEC,
	UMX_VERSION_A_MODULE,
	UMX_VERSION_A_GENL,
	UMX_VERSION_A_PAD,
	UMX_VERSION_A_EPOCH,

	/* private: */
	__UMX_VERSION_A_MAX,
	UMX_VERSION_A_MAX = __UMX_VERSION_A_MAX - 1
};

/**
 * enum umx_event - what happened
 * @UMX_EVENT_POOL_ADD: a pool was added (POOL).
 * @UMX_EVENT_POOL_DEL: a pool was removed or detached (POOL).
 * @UMX_EVENT_LISTENER_SET: a port changed its mode (PORT, MODE), by hand or by a
 *	rule.
 * @UMX_EVENT_SSA_ADD: an SSA began to wait, made or leased (ADDRESS, ROLE,
 *	PORT, POOL).
 * @UMX_EVENT_SSA_EXPIRED: an SSA was disposed unused: its lifetime ended, it
 *	was deleted, or its listener went away (ADDRESS, ROLE, PORT, POOL).
 * @UMX_EVENT_SESSION_BOUND: an address got its session (ADDRESS, ROLE, PEER,
 *	LOCAL_PORT, PEER_PORT, POOL; PORT of the listener for an SSA).
 * @UMX_EVENT_SESSION_CLOSING: the session ended, TIME_WAIT goes on.
 * @UMX_EVENT_DISPOSED: a session's address is used up (ADDRESS, ROLE, POOL).
 * @UMX_EVENT_POOL_LOW: an eighth of a traceable pool's window is left, or the
 *	machine was restored: time for POOL_RESERVE (POOL).
 * @UMX_EVENT_POOL_ATTACH: the link of an on-link pool, or the device another one
 *	follows, came up, with its prefix (POOL).
 * @UMX_EVENT_POOL_DETACH: the device or the prefix is gone (POOL).
 */
enum umx_event {
	UMX_EVENT_UNSPEC,
	UMX_EVENT_POOL_ADD,
	UMX_EVENT_POOL_DEL,
	UMX_EVENT_LISTENER_SET,
	UMX_EVENT_SSA_ADD,
	UMX_EVENT_SSA_EXPIRED,
	UMX_EVENT_SESSION_BOUND,
	UMX_EVENT_SESSION_CLOSING,
	UMX_EVENT_DISPOSED,
	UMX_EVENT_POOL_LOW,
	UMX_EVENT_POOL_ATTACH,
	UMX_EVENT_POOL_DETACH,

	/* private: */
	__UMX_EVENT_MAX,
	UMX_EVENT_MAX = __UMX_EVENT_MAX - 1
};

/**
 * enum umx_event_attr - an event
 * @UMX_EVENT_A_EVENT: u8, enum umx_event.
 * @UMX_EVENT_A_ADDRESS: in6.
 * @UMX_EVENT_A_POOL: string.
 * @UMX_EVENT_A_ROLE: u8, enum umx_addr_role.
 * @UMX_EVENT_A_PORT: u16, the listener's port.
 * @UMX_EVENT_A_MODE: u8, enum umx_listener_mode.
 * @UMX_EVENT_A_LOCAL_PORT: u16.
 * @UMX_EVENT_A_PEER: in6.
 * @UMX_EVENT_A_PEER_PORT: u16.
 */
enum umx_event_attr {
	UMX_EVENT_A_UNSPEC,
	UMX_EVENT_A_EVENT,
	UMX_EVENT_A_ADDRESS,
	UMX_EVENT_A_POOL,
	UMX_EVENT_A_ROLE,
	UMX_EVENT_A_PORT,
	UMX_EVENT_A_MODE,
	UMX_EVENT_A_LOCAL_PORT,
	UMX_EVENT_A_PEER,
	UMX_EVENT_A_PEER_PORT,

	/* private: */
	__UMX_EVENT_A_MAX,
	UMX_EVENT_A_MAX = __UMX_EVENT_A_MAX - 1
};

#endif /* _UAPI_LINUX_UMX_H */
