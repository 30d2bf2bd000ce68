/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * This file owns the user-space contract of umx_preserve.ko: the generic
 * netlink family "umx_preserve", through which TCP connections that survive
 * the loss of an address or a link are switched on, watched and moved.
 *
 * What is switched
 * ----------------
 * Where it is on, a TCP/IPv6 connect() offers the other addresses of this host
 * to the server, in an IPv6 Destination Options header of the SYN, and
 * listeners answer such offers with their own. A peer that knows nothing of it
 * ignores the option; the connection is then an ordinary one. Between two that
 * do the connection has a set of address pairs, agreed upon once, and either
 * end may move it to another pair of that set. Applications see nothing:
 * getpeername(), getsockname() and ss show the original pair.
 *
 * No offer is made, and none is answered, on sockets with TCP-MD5 or TCP-AO,
 * SO_BINDTODEVICE, or IPv6 options of their own, by TCP Fast Open, and, unless
 * UMX_PRESERVE_A_BOUND, on an address the application has bound. None is made
 * or answered if an address of the connection is in an excluded prefix; such an
 * address is never offered, nor accepted from a peer's offer.
 *
 * An application may switch it off for a socket, ask where a connection is, and
 * be told of moves: umx_preserve_socket.h.
 *
 * What a peer accepts of an offer it proves by a check, which anybody can make
 * who sees the offer. With a key for the addresses of the peer, the same at both
 * ends, nobody else can; the thesis's form, which has none, is refused. Ends that
 * do not have the same key have a plain connection.
 *
 * The family
 * ----------
 * Name UMX_PRESERVE_GENL_NAME, version UMX_PRESERVE_GENL_VERSION. Every
 * request acts on the network namespace of the socket that sends it, and needs
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
 * *_GET commands are dumps (NLM_F_DUMP), one message per object. Events go to
 * the multicast group UMX_PRESERVE_MCGRP_EVENTS, which may be joined with
 * CAP_NET_ADMIN only.
 */
#ifndef _UAPI_LINUX_UMX_PRESERVE_H
#define _UAPI_LINUX_UMX_PRESERVE_H

#include <linux/types.h>

#define UMX_PRESERVE_GENL_NAME		"umx_preserve"
#define UMX_PRESERVE_GENL_VERSION	1
#define UMX_PRESERVE_MCGRP_EVENTS	"events"

/* Alternatives of one end of a connection at most. */
#define UMX_PRESERVE_PREFIXES_MAX	8
/* Moves a session remembers. */
#define UMX_PRESERVE_MOVES_MAX		8
/* Prefixes that are excluded. */
#define UMX_PRESERVE_EXCLUDES_MAX	256
/* Prefixes that have a key. */
#define UMX_PRESERVE_KEYS_MAX		256
/* Bytes of a key. */
#define UMX_PRESERVE_KEY_LEN		16
/* What KEY_ID is the SipHash-2-4 of: a little-endian number of 64 bits. */
#define UMX_PRESERVE_KEY_NAME		0x756d78207072736b

/**
 * enum umx_preserve_cmd - commands of the family
 * @UMX_PRESERVE_CMD_SET: change settings (enum umx_preserve_attr); what is left
 *	out stays. To switch it on attaches every TCP/IPv6 listener of the
 *	namespace. To switch it off lets go of every session that is on its
 *	original pair, which goes on as plain TCP; those that have moved stay
 *	sessions until they end or return, or, with ABORT, are ended.
 * @UMX_PRESERVE_CMD_GET: dump the settings, one message.
 * @UMX_PRESERVE_CMD_SESSION_GET: dump sessions (enum
 *	umx_preserve_session_attr): connections with an agreed set.
 * @UMX_PRESERVE_CMD_SESSION_MOVE: move session ID to the pair with local
 *	address TO, or with NEXT to the next pair. -ENOENT: there is no such
 *	session, or TO is not of its set; -EALREADY: it is there;
 *	-EHOSTUNREACH: no route from there; -ENOTCONN: it is ending.
 * @UMX_PRESERVE_CMD_STATS_GET: dump counters (enum umx_preserve_stats_attr),
 *	one message each. With VERBOSE each has its EXPLAIN.
 * @UMX_PRESERVE_CMD_EVENT: an event (enum umx_preserve_event_attr).
 * @UMX_PRESERVE_CMD_EXCLUDE_ADD: exclude the prefix PREFIX/PLEN (enum
 *	umx_preserve_exclude_attr) from now on; sessions that exist stay.
 *	-EINVAL: bits are set beyond its length; -EEXIST: it is excluded
 *	already; -ENOSPC: UMX_PRESERVE_EXCLUDES_MAX are.
 * @UMX_PRESERVE_CMD_EXCLUDE_DEL: take one back. -ENOENT: it is not excluded, or
 *	was named with another length.
 * @UMX_PRESERVE_CMD_EXCLUDE_GET: dump them, the longest prefixes first.
 * @UMX_PRESERVE_CMD_EXCLUDE_FLUSH: take all of them back.
 * @UMX_PRESERVE_CMD_KEY_ADD: share KEY with the peers in the prefix PREFIX/PLEN
 *	(enum umx_preserve_key_attr), in place of the one the same prefix has.
 *	A peer in several prefixes has the key of the longest. Sessions that
 *	exist stay. -EINVAL: bits are set beyond the length; -ENOSPC: there are
 *	UMX_PRESERVE_KEYS_MAX.
 * @UMX_PRESERVE_CMD_KEY_DEL: forget one. -ENOENT: that prefix has none.
 * @UMX_PRESERVE_CMD_KEY_GET: dump them, the longest prefixes first, without KEY.
 * @UMX_PRESERVE_CMD_KEY_FLUSH: forget all of them.
 */
enum umx_preserve_cmd {
	UMX_PRESERVE_CMD_UNSPEC,
	UMX_PRESERVE_CMD_SET,
	UMX_PRESERVE_CMD_GET,
	UMX_PRESERVE_CMD_SESSION_GET,
	UMX_PRESERVE_CMD_SESSION_MOVE,
	UMX_PRESERVE_CMD_STATS_GET,
	UMX_PRESERVE_CMD_EVENT,
	UMX_PRESERVE_CMD_EXCLUDE_ADD,
	UMX_PRESERVE_CMD_EXCLUDE_DEL,
	UMX_PRESERVE_CMD_EXCLUDE_GET,
	UMX_PRESERVE_CMD_EXCLUDE_FLUSH,
	UMX_PRESERVE_CMD_KEY_ADD,
	UMX_PRESERVE_CMD_KEY_DEL,
	UMX_PRESERVE_CMD_KEY_GET,
	UMX_PRESERVE_CMD_KEY_FLUSH,

	/* private: */
	__UMX_PRESERVE_CMD_MAX,
	UMX_PRESERVE_CMD_MAX = __UMX_PRESERVE_CMD_MAX - 1
};

/**
 * enum umx_preserve_form - how offers are written
 * @UMX_PRESERVE_FORM_COMPACT: one option, 0x1E; an acceptance is a bitmap and
 *	a check.
 * @UMX_PRESERVE_FORM_THESIS: the options 0x0B and 0x0C of the thesis; an
 *	acceptance repeats what is accepted.
 */
enum umx_preserve_form {
	UMX_PRESERVE_FORM_COMPACT,
	UMX_PRESERVE_FORM_THESIS,

	/* private: */
	__UMX_PRESERVE_FORM_MAX,
	UMX_PRESERVE_FORM_MAX = __UMX_PRESERVE_FORM_MAX - 1
};

/**
 * enum umx_preserve_attr - settings
 * @UMX_PRESERVE_A_ENABLED: u8 0 or 1; 0.
 * @UMX_PRESERVE_A_RTO_THRESHOLD: u8, 1..15: retransmission timeouts without
 *	progress after which a session moves without proof; 2.
 * @UMX_PRESERVE_A_OPTION: u8, enum umx_preserve_form: what is sent. Both forms
 *	are understood; COMPACT.
 * @UMX_PRESERVE_A_REVERT: u8 0 or 1: sessions return to their original pair
 *	when its address and link are back; 0.
 * @UMX_PRESERVE_A_MAX_PREFIXES: u8, 0..UMX_PRESERVE_PREFIXES_MAX: alternatives
 *	offered, and accepted from a peer; 8.
 * @UMX_PRESERVE_A_CHECK: u8 0 or 1: an acceptance must carry a check; one of
 *	the thesis's form has none and is refused; 0.
 * @UMX_PRESERVE_A_BLACKHOLE_TIMEOUT: u32, seconds for which a destination is
 *	remembered to which SYNs with the option got lost; 0: never, and those
 *	that are remembered are forgotten; 3600.
 * @UMX_PRESERVE_A_HEADER_MAX: u8, 8..64, a multiple of 8: bytes of header an
 *	offer may take; the acceptance in a SYN-ACK may add 8; 24.
 * @UMX_PRESERVE_A_BOUND: u8 0 or 1: also sockets bound to an address; 0.
 * @UMX_PRESERVE_A_ABORT: flag (SET with ENABLED 0): end sessions that moved.
 * @UMX_PRESERVE_A_SESSIONS: u32 (GET): how many there are.
 */
enum umx_preserve_attr {
	UMX_PRESERVE_A_UNSPEC,
	UMX_PRESERVE_A_ENABLED,
	UMX_PRESERVE_A_RTO_THRESHOLD,
	UMX_PRESERVE_A_OPTION,
	UMX_PRESERVE_A_REVERT,
	UMX_PRESERVE_A_MAX_PREFIXES,
	UMX_PRESERVE_A_CHECK,
	UMX_PRESERVE_A_BLACKHOLE_TIMEOUT,
	UMX_PRESERVE_A_HEADER_MAX,
	UMX_PRESERVE_A_BOUND,
	UMX_PRESERVE_A_ABORT,
	UMX_PRESERVE_A_SESSIONS,

	/* private: */
	__UMX_PRESERVE_A_MAX,
	UMX_PRESERVE_A_MAX = __UMX_PRESERVE_A_MAX - 1
};

/**
 * enum umx_preserve_reason - why a session moved
 * @UMX_PRESERVE_REASON_ADMIN: UMX_PRESERVE_CMD_SESSION_MOVE.
 * @UMX_PRESERVE_REASON_ADDRESS: its local address has gone.
 * @UMX_PRESERVE_REASON_LINK: the link of its local address is down.
 * @UMX_PRESERVE_REASON_PEER: the peer's segments come on another pair.
 * @UMX_PRESERVE_REASON_SILENCE: no progress; the peer answered a copy of the
 *	head of the queue on another pair.
 * @UMX_PRESERVE_REASON_TIMEOUT: RTO_THRESHOLD retransmission timeouts.
 * @UMX_PRESERVE_REASON_UNREACHABLE: an ICMPv6 error, or no route.
 * @UMX_PRESERVE_REASON_REVERT: the original pair works again.
 */
enum umx_preserve_reason {
	UMX_PRESERVE_REASON_ADMIN,
	UMX_PRESERVE_REASON_ADDRESS,
	UMX_PRESERVE_REASON_LINK,
	UMX_PRESERVE_REASON_PEER,
	UMX_PRESERVE_REASON_SILENCE,
	UMX_PRESERVE_REASON_TIMEOUT,
	UMX_PRESERVE_REASON_UNREACHABLE,
	UMX_PRESERVE_REASON_REVERT,

	/* private: */
	__UMX_PRESERVE_REASON_MAX,
	UMX_PRESERVE_REASON_MAX = __UMX_PRESERVE_REASON_MAX - 1
};

/**
 * enum umx_preserve_pair_attr - an address pair
 * @UMX_PRESERVE_PAIR_A_LOCAL: in6.
 * @UMX_PRESERVE_PAIR_A_PEER: in6.
 */
enum umx_preserve_pair_attr {
	UMX_PRESERVE_PAIR_A_UNSPEC,
	UMX_PRESERVE_PAIR_A_LOCAL,
	UMX_PRESERVE_PAIR_A_PEER,

	/* private: */
	__UMX_PRESERVE_PAIR_A_MAX,
	UMX_PRESERVE_PAIR_A_MAX = __UMX_PRESERVE_PAIR_A_MAX - 1
};

/**
 * enum umx_preserve_sets_attr - the agreed addresses, the original first
 * @UMX_PRESERVE_SETS_A_LOCAL: in6; once for each of ours.
 * @UMX_PRESERVE_SETS_A_PEER: in6; once for each of the peer's.
 */
enum umx_preserve_sets_attr {
	UMX_PRESERVE_SETS_A_UNSPEC,
	UMX_PRESERVE_SETS_A_LOCAL,
	UMX_PRESERVE_SETS_A_PEER,

	/* private: */
	__UMX_PRESERVE_SETS_A_MAX,
	UMX_PRESERVE_SETS_A_MAX = __UMX_PRESERVE_SETS_A_MAX - 1
};

/**
 * enum umx_preserve_move_attr - a move
 * @UMX_PRESERVE_MOVE_A_TIME: u64, milliseconds since 1970.
 * @UMX_PRESERVE_MOVE_A_REASON: u8, enum umx_preserve_reason.
 * @UMX_PRESERVE_MOVE_A_FROM: nest of enum umx_preserve_pair_attr.
 * @UMX_PRESERVE_MOVE_A_TO: nest of enum umx_preserve_pair_attr.
 * @UMX_PRESERVE_MOVE_A_PAD: padding of 64-bit attributes.
 */
enum umx_preserve_move_attr {
	UMX_PRESERVE_MOVE_A_UNSPEC,
	UMX_PRESERVE_MOVE_A_TIME,
	UMX_PRESERVE_MOVE_A_REASON,
	UMX_PRESERVE_MOVE_A_FROM,
	UMX_PRESERVE_MOVE_A_TO,
	UMX_PRESERVE_MOVE_A_PAD,

	/* private: */
	__UMX_PRESERVE_MOVE_A_MAX,
	UMX_PRESERVE_MOVE_A_MAX = __UMX_PRESERVE_MOVE_A_MAX - 1
};

/**
 * enum umx_preserve_session_attr - a session
 * @UMX_PRESERVE_SESSION_A_ID: u32; not used again soon.
 * @UMX_PRESERVE_SESSION_A_LOCAL_PORT: u16, host order.
 * @UMX_PRESERVE_SESSION_A_PEER_PORT: u16, host order.
 * @UMX_PRESERVE_SESSION_A_ORIGINAL: nest of enum umx_preserve_pair_attr: what
 *	the application sees.
 * @UMX_PRESERVE_SESSION_A_CURRENT: nest, likewise: what is on the wire.
 * @UMX_PRESERVE_SESSION_A_SETS: nest of enum umx_preserve_sets_attr.
 * @UMX_PRESERVE_SESSION_A_MOVED: u32: how often it has moved.
 * @UMX_PRESERVE_SESSION_A_MOVE: nest of enum umx_preserve_move_attr; once for
 *	each of the last UMX_PRESERVE_MOVES_MAX moves, the oldest first.
 * @UMX_PRESERVE_SESSION_A_TO: in6 (MOVE).
 * @UMX_PRESERVE_SESSION_A_NEXT: flag (MOVE).
 */
enum umx_preserve_session_attr {
	UMX_PRESERVE_SESSION_A_UNSPEC,
	UMX_PRESERVE_SESSION_A_ID,
	UMX_PRESERVE_SESSION_A_LOCAL_PORT,
	UMX_PRESERVE_SESSION_A_PEER_PORT,
	UMX_PRESERVE_SESSION_A_ORIGINAL,
	UMX_PRESERVE_SESSION_A_CURRENT,
	UMX_PRESERVE_SESSION_A_SETS,
	UMX_PRESERVE_SESSION_A_MOVED,
	UMX_PRESERVE_SESSION_A_MOVE,
	UMX_PRESERVE_SESSION_A_TO,
	UMX_PRESERVE_SESSION_A_NEXT,

	/* private: */
	__UMX_PRESERVE_SESSION_A_MAX,
	UMX_PRESERVE_SESSION_A_MAX = __UMX_PRESERVE_SESSION_A_MAX - 1
};

/**
 * enum umx_preserve_stats_attr - a counter
 * @UMX_PRESERVE_STATS_A_NAME: string, stable for ever.
 * @UMX_PRESERVE_STATS_A_VALUE: u64, since the namespace was made or the module
 *	loaded, whichever was later.
 * @UMX_PRESERVE_STATS_A_EXPLAIN: string, what is counted, in one sentence
 *	(reply to a request with VERBOSE).
 * @UMX_PRESERVE_STATS_A_PAD: padding of 64-bit attributes.
 * @UMX_PRESERVE_STATS_A_VERBOSE: flag (STATS_GET).
 */
enum umx_preserve_stats_attr {
	UMX_PRESERVE_STATS_A_UNSPEC,
	UMX_PRESERVE_STATS_A_NAME,
	UMX_PRESERVE_STATS_A_VALUE,
	UMX_PRESERVE_STATS_A_EXPLAIN,
	UMX_PRESERVE_STATS_A_PAD,
	UMX_PRESERVE_STATS_A_VERBOSE,

	/* private: */
	__UMX_PRESERVE_STATS_A_MAX,
	UMX_PRESERVE_STATS_A_MAX = __UMX_PRESERVE_STATS_A_MAX - 1
};

/**
 * enum umx_preserve_exclude_attr - a prefix whose addresses take no part
 * @UMX_PRESERVE_EXCLUDE_A_PREFIX: in6.
 * @UMX_PRESERVE_EXCLUDE_A_PLEN: u8, 0..128: its length.
 */
enum umx_preserve_exclude_attr {
	UMX_PRESERVE_EXCLUDE_A_UNSPEC,
	UMX_PRESERVE_EXCLUDE_A_PREFIX,
	UMX_PRESERVE_EXCLUDE_A_PLEN,

	/* private: */
	__UMX_PRESERVE_EXCLUDE_A_MAX,
	UMX_PRESERVE_EXCLUDE_A_MAX = __UMX_PRESERVE_EXCLUDE_A_MAX - 1
};

/**
 * enum umx_preserve_key_attr - a key shared with the peers in a prefix
 * @UMX_PRESERVE_KEY_A_PREFIX: in6.
 * @UMX_PRESERVE_KEY_A_PLEN: u8, 0..128: its length.
 * @UMX_PRESERVE_KEY_A_KEY: UMX_PRESERVE_KEY_LEN bytes (KEY_ADD), never told
 *	again.
 * @UMX_PRESERVE_KEY_A_KEY_ID: u64 (KEY_GET): the same number at both ends for
 *	the same key, another one for another key: UMX_PRESERVE_KEY_NAME's hash.
 * @UMX_PRESERVE_KEY_A_PAD: padding of 64-bit attributes.
 */
enum umx_preserve_key_attr {
	UMX_PRESERVE_KEY_A_UNSPEC,
	UMX_PRESERVE_KEY_A_PREFIX,
	UMX_PRESERVE_KEY_A_PLEN,
	UMX_PRESERVE_KEY_A_KEY,
	UMX_PRESERVE_KEY_A_KEY_ID,
	UMX_PRESERVE_KEY_A_PAD,

	/* private: */
	__UMX_PRESERVE_KEY_A_MAX,
	UMX_PRESERVE_KEY_A_MAX = __UMX_PRESERVE_KEY_A_MAX - 1
};

/**
 * enum umx_preserve_event - what has happened
 * @UMX_PRESERVE_EVENT_MOVED: a session is on another pair.
 * @UMX_PRESERVE_EVENT_ALL_PATHS_DOWN: a session has to move and cannot: there
 *	is no other pair with a route.
 * @UMX_PRESERVE_EVENT_RECOVERED: the peer's segments come again after that.
 */
enum umx_preserve_event {
	UMX_PRESERVE_EVENT_MOVED,
	UMX_PRESERVE_EVENT_ALL_PATHS_DOWN,
	UMX_PRESERVE_EVENT_RECOVERED,

	/* private: */
	__UMX_PRESERVE_EVENT_MAX,
	UMX_PRESERVE_EVENT_MAX = __UMX_PRESERVE_EVENT_MAX - 1
};

/**
 * enum umx_preserve_event_attr - an event
 * @UMX_PRESERVE_EVENT_A_EVENT: u8, enum umx_preserve_event.
 * @UMX_PRESERVE_EVENT_A_ID: u32, the session.
 * @UMX_PRESERVE_EVENT_A_REASON: u8, enum umx_preserve_reason (MOVED).
 * @UMX_PRESERVE_EVENT_A_FROM: nest of enum umx_preserve_pair_attr (MOVED).
 * @UMX_PRESERVE_EVENT_A_TO: nest of enum umx_preserve_pair_attr: the current
 *	pair.
 */
enum umx_preserve_event_attr {
	UMX_PRESERVE_EVENT_A_UNSPEC,
	UMX_PRESERVE_EVENT_A_EVENT,
	UMX_PRESERVE_EVENT_A_ID,
	UMX_PRESERVE_EVENT_A_REASON,
	UMX_PRESERVE_EVENT_A_FROM,
	UMX_PRESERVE_EVENT_A_TO,

	/* private: */
	__UMX_PRESERVE_EVENT_A_MAX,
	UMX_PRESERVE_EVENT_A_MAX = __UMX_PRESERVE_EVENT_A_MAX - 1
};

#endif /* _UAPI_LINUX_UMX_PRESERVE_H */
