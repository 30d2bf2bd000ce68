/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns the contract between umx-dns and umctl: messages in the form
 * of generic netlink over a Unix socket.
 *
 * The socket is SOCK_SEQPACKET, one message a packet, one socket for each
 * network namespace (proto_path()). A request is a struct nlmsghdr of type
 * PROTO_TYPE, a struct genlmsghdr and attributes; what comes back ends with
 * NLMSG_DONE (a dump) or NLMSG_ERROR, which is also the acknowledgement and
 * may carry a sentence (NLMSGERR_ATTR_MSG). So umctl prints it with the same
 * tables. Attributes are only ever added, at the end of their enum.
 */
#ifndef UMX_DNS_PROTO_H
#define UMX_DNS_PROTO_H

#include <stdio.h>
#include <sys/stat.h>

#define PROTO_TYPE	0x20
#define PROTO_VERSION	1
#define PROTO_SIZE	8192
#define PROTO_DIR	"/run/umx-dns"

/**
 * enum proto_cmd - requests
 * @PROTO_NAME_ADD: make a name (SERVICE; may carry FOR, FROM/FROM_PLEN, RATE,
 *	USES, EXPIRES, TOTP, TOKEN). The reply has ID, NAME and, with TOTP,
 *	SECRET: the only time they are told.
 * @PROTO_NAME_DEL: take back name ID, or all with FLUSH, and what of them waits.
 * @PROTO_NAME_GET: dump names (may carry SERVICE).
 * @PROTO_STATS_GET: dump counters (enum proto_stats_attr); EXPLAIN adds the
 *	sentences.
 */
enum proto_cmd {
	PROTO_UNSPEC,
	PROTO_NAME_ADD,
	PROTO_NAME_DEL,
	PROTO_NAME_GET,
	PROTO_STATS_GET,
};

/**
 * enum proto_attr - a name
 * @PROTO_A_ID: u32, what it is called by.
 * @PROTO_A_SERVICE: string, label of its service.
 * @PROTO_A_FOR: string, whom it is for.
 * @PROTO_A_FROM: in6; @PROTO_A_FROM_PLEN: u8: whose connections are let in.
 * @PROTO_A_RATE: u32, addresses a minute.
 * @PROTO_A_USES: u32, connections altogether.
 * @PROTO_A_EXPIRES: u32, seconds it has (left).
 * @PROTO_A_TOTP: flag: its label changes with the time.
 * @PROTO_A_TOKEN: string, the token it is to have.
 * @PROTO_A_NAME: string, the name; with TOTP what follows the changing label.
 * @PROTO_A_SECRET: string, base32.
 * @PROTO_A_USED: u32, connections there were, or can still be with what waits.
 * @PROTO_A_WAITING: u32, addresses that wait.
 * @PROTO_A_LEASED: u64, addresses it got ever.
 * @PROTO_A_CLAIMED: u64, connections there were.
 * @PROTO_A_CREATED: u64, when it was made; @PROTO_A_LAST: u64, its last address:
 *	seconds since 1970.
 * @PROTO_A_FLUSH: flag: all.
 * @PROTO_A_EXPLAIN: flag (STATS_GET).
 */
enum proto_attr {
	PROTO_A_UNSPEC,
	PROTO_A_ID,
	PROTO_A_SERVICE,
	PROTO_A_FOR,
	PROTO_A_FROM,
	PROTO_A_FROM_PLEN,
	PROTO_A_RATE,
	PROTO_A_USES,
	PROTO_A_EXPIRES,
	PROTO_A_TOTP,
	PROTO_A_TOKEN,
	PROTO_A_NAME,
	PROTO_A_SECRET,
	PROTO_A_USED,
	PROTO_A_WAITING,
	PROTO_A_LEASED,
	PROTO_A_CLAIMED,
	PROTO_A_CREATED,
	PROTO_A_LAST,
	PROTO_A_FLUSH,
	PROTO_A_EXPLAIN,

	__PROTO_A_MAX,
	PROTO_A_MAX = __PROTO_A_MAX - 1
};

/**
 * enum proto_stats_attr - a counter
 * @PROTO_STATS_A_NAME: string, stable for ever.
 * @PROTO_STATS_A_VALUE: u64.
 * @PROTO_STATS_A_EXPLAIN: string, what is counted.
 */
enum proto_stats_attr {
	PROTO_STATS_A_UNSPEC,
	PROTO_STATS_A_NAME,
	PROTO_STATS_A_VALUE,
	PROTO_STATS_A_EXPLAIN,

	__PROTO_STATS_A_MAX,
	PROTO_STATS_A_MAX = __PROTO_STATS_A_MAX - 1
};

/* The socket of the network namespace we are in; 0, or -1 and errno. */
static inline int proto_path(char *path, size_t size)
{
	struct stat st;

	if (stat("/proc/self/ns/net", &st))
		return -1;
	snprintf(path, size, PROTO_DIR "/control.%lu", (unsigned long)st.st_ino);
	return 0;
}

#endif /* UMX_DNS_PROTO_H */
