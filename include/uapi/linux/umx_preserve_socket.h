/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * This file owns what an application may say to and ask of umx_preserve.ko
 * about one socket. It need not: everything works without (umx_preserve.h).
 *
 * setsockopt() and getsockopt(), level IPPROTO_IPV6, on TCP sockets of family
 * AF_INET6. No privilege is needed. Errors: ENOPROTOOPT: the module is not
 * loaded, or it is no such socket.
 *
 * Being told of moves
 * -------------------
 * With UMX_PRESERVE_SO_NOTIFY each move of the connection, whoever has moved
 * it, puts a message into the socket's error queue. recvmsg(MSG_ERRQUEUE), which
 * never waits, takes it out:
 *
 * - a control message of level IPPROTO_IPV6 and type IPV6_RECVERR holds a struct
 *   sock_extended_err: ee_errno 0, ee_origin UMX_PRESERVE_EE_ORIGIN, ee_type 0,
 *   ee_code enum umx_preserve_reason, ee_info the number of the session,
 *   ee_data how often it has moved, this time included;
 * - the data is a struct umx_preserve_socket_info as of that move.
 *
 * While one is there poll() says POLLERR, as it does for transmit timestamps:
 * take all of them out, or it says so for ever. It is no error of the
 * connection: SO_ERROR stays 0, read() and write() go on. An application that
 * closes its connection at POLLERR must not ask for it.
 *
 * Messages wait in the socket's receive buffer, at most UMX_PRESERVE_NOTIFY_MAX
 * of them; more are not made, which a gap in ee_data shows. What the pair is
 * now UMX_PRESERVE_SO_INFO always knows.
 */
#ifndef _UAPI_LINUX_UMX_PRESERVE_SOCKET_H
#define _UAPI_LINUX_UMX_PRESERVE_SOCKET_H

#include <linux/types.h>

/*
 * int, enum umx_preserve_mode. Before connect(), for every connection the
 * socket makes; before or after listen(), for those it accepts from then on.
 * EISCONN: it is connected; EINVAL: no such mode; EOPNOTSUPP: somebody else has
 * taken the socket over (MPTCP, sockmap).
 */
#define UMX_PRESERVE_SO_MODE	30061

/*
 * int, 0 or 1: put a message into the error queue for each move. At any time;
 * what a listener has its children inherit. ENOTCONN: a plain connection, which
 * does not move.
 */
#define UMX_PRESERVE_SO_NOTIFY	30062

/*
 * getsockopt() only: struct umx_preserve_socket_info. ENOTCONN: a plain
 * connection, or none. Fewer bytes are cut; more are left alone.
 */
#define UMX_PRESERVE_SO_INFO	30063

/* ee_origin of our messages. */
#define UMX_PRESERVE_EE_ORIGIN	117
/* Messages that wait in one error queue. */
#define UMX_PRESERVE_NOTIFY_MAX	16

/**
 * enum umx_preserve_mode - does a socket take part?
 * @UMX_PRESERVE_MODE_DEFAULT: as the network namespace has it.
 * @UMX_PRESERVE_MODE_OFF: no; its connections are plain.
 * @UMX_PRESERVE_MODE_ON: where it is switched on, also if the socket is bound to
 *	an address (UMX_PRESERVE_A_BOUND).
 */
enum umx_preserve_mode {
	UMX_PRESERVE_MODE_DEFAULT,
	UMX_PRESERVE_MODE_OFF,
	UMX_PRESERVE_MODE_ON,
};

/**
 * struct umx_preserve_socket_info - where a connection is
 * @session: its number, as umctl preserve session show has it.
 * @moves: how often it has moved.
 * @time: of the last move, milliseconds since 1970; 0: it has not moved.
 * @local: address of this end, as it is on the wire.
 * @peer: address of the other end, likewise.
 * @reason: of the last move, enum umx_preserve_reason.
 * @zero: 0.
 *
 * The same for 32-bit programs. New members come at the end.
 */
struct umx_preserve_socket_info {
	__u32 session;
	__u32 moves;
	__aligned_u64 time;
	__u8 local[16];
	__u8 peer[16];
	__u8 reason;
	__u8 zero[7];
};

#endif /* _UAPI_LINUX_UMX_PRESERVE_SOCKET_H */
