/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * This file owns what an application may say to and ask of umx.ko about one
 * socket. It need not: rules decide for those that say nothing (umx.h, EA).
 *
 * setsockopt() and getsockopt(), level IPPROTO_IPV6, on TCP sockets of family
 * AF_INET6; UMX_SO_INFO also on UDP ones. Errors of all of them: ENOPROTOOPT: the
 * module is not loaded, or it is no such socket; EINVAL: too few bytes.
 *
 * What is said before connect() holds for every connection the socket makes, is
 * not inherited by what a listener accepts, and is forgotten when the module is
 * unloaded or a drain lets go of the socket.
 *
 * Privilege
 * ---------
 * An option gives nothing a rule would not give to the owner of the socket. He
 * may draw from the pools of rules whose user and control group are his, whatever
 * destinations they name: he could draw from them anyway, by connecting there. A
 * rule that keeps his user or group on legacy addresses keeps his options there,
 * too. Whoever has CAP_NET_ADMIN in the user namespace of the socket's network
 * namespace when he sets an option may draw from any pool with it. Limits hold for
 * everybody, and count for the owner of the socket.
 */
#ifndef _UAPI_LINUX_UMX_SOCKET_H
#define _UAPI_LINUX_UMX_SOCKET_H

#include <linux/types.h>
#include <linux/umx.h>

/*
 * int, enum umx_socket_ea. Before connect(). EISCONN: it is connected, or on its
 * way; EINVAL: no such mode; EOPNOTSUPP: a listener, or somebody else has taken
 * the socket over (MPTCP, sockmap).
 */
#define UMX_SO_EA	30051

/*
 * Name of the pool whose addresses the socket is to use, at most
 * UMX_POOL_NAME_MAX bytes with the NUL, which may be left out; "" or no bytes: as
 * the rules say. Before connect(). It says which pool, UMX_SO_EA and the rules
 * whether. If the pool is not there, or not offered any more, when it is needed,
 * connect() fails with EADDRNOTAVAIL.
 *
 * ENOENT: no such pool; EPERM: no rule offers it (see above); EINVAL: the name is
 * too long; EISCONN, EOPNOTSUPP: as above. getsockopt() fills in the name with its
 * NUL; EINVAL: it does not fit.
 */
#define UMX_SO_POOL	30052

/*
 * getsockopt() only: struct umx_socket_info about the present connection, of a
 * listener's child, too. ENOTCONN: there is none. Fewer bytes are cut; more are
 * left alone.
 */
#define UMX_SO_INFO	30053

/**
 * enum umx_socket_ea - is a socket to leave from an EA?
 * @UMX_SOCKET_EA_DEFAULT: as the rules say.
 * @UMX_SOCKET_EA_NEVER: no; the stack chooses, as with IPV6_PREFER_SRC_PUBLIC.
 * @UMX_SOCKET_EA_ALWAYS: also where no rule says so, and past a rule that keeps
 *	some destinations on legacy addresses. From the pool of UMX_SO_POOL, that
 *	of the rule, or the only one the socket may draw from; if there is none,
 *	or several, as without the option. If that pool gives no address,
 *	connect() fails with EADDRNOTAVAIL, unless a rule decides and says
 *	fallback.
 * @UMX_SOCKET_EA_REQUIRE: as ALWAYS, or connect() fails with EADDRNOTAVAIL: also
 *	if a rule says fallback, if the socket is bound to an address or asks for
 *	a public one, and to destinations that never see an EA (loopback,
 *	link-local, multicast, IPv4-mapped, this host).
 */
enum umx_socket_ea {
	UMX_SOCKET_EA_DEFAULT,
	UMX_SOCKET_EA_NEVER,
	UMX_SOCKET_EA_ALWAYS,
	UMX_SOCKET_EA_REQUIRE,
};

/**
 * enum umx_socket_kind - what the local address of a connection is
 * @UMX_SOCKET_LEGACY: an ordinary one.
 * @UMX_SOCKET_EA: made for this session by connect(), used for no other.
 * @UMX_SOCKET_SSA: given out for one session, which is this.
 */
enum umx_socket_kind {
	UMX_SOCKET_LEGACY,
	UMX_SOCKET_EA,
	UMX_SOCKET_SSA,
};

/**
 * struct umx_socket_info - the local address of a connection
 * @kind: enum umx_socket_kind.
 * @state: enum umx_addr_state, if @kind is not UMX_SOCKET_LEGACY: VALID.
 * @zero: 0.
 * @pool: name of the pool it was drawn from, with its NUL; "" if LEGACY.
 *
 * New members come at the end.
 */
struct umx_socket_info {
	__u8 kind;
	__u8 state;
	__u8 zero[6];
	char pool[UMX_POOL_NAME_MAX];
};

#endif /* _UAPI_LINUX_UMX_SOCKET_H */
