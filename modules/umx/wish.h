/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns wishes: what a program has said of the EA of its socket.
 */
#ifndef _UMX_WISH_H
#define _UMX_WISH_H

#include <linux/umx_socket.h>

struct in6_addr;
struct sock;
struct umx_net;
struct umx_pool;

/**
 * struct umx_wish - a wish
 * @mode: is it to have one?
 * @mode_admin: who said so may draw from any pool
 * @pool_admin: who named @pool may draw from any
 * @pool: name of the pool it is to come from, NULL: none was named. Valid under
 *	the socket lock
 */
struct umx_wish {
	enum umx_socket_ea mode;
	bool mode_admin;
	bool pool_admin;
	const char *pool;
};

/* Is an EA wanted where no rule gives one? */
static inline bool umx_wish_wants(const struct umx_wish *wish)
{
	return wish->mode >= UMX_SOCKET_EA_ALWAYS;
}

void umx_wish_read(const struct sock *sk, struct umx_wish *wish);
int umx_wish_set_mode(struct sock *sk, enum umx_socket_ea mode, bool admin);
int umx_wish_set_pool(struct sock *sk, const char *name, bool admin);
struct umx_pool *umx_wish_pool(const struct umx_net *un, struct sock *sk,
			       const struct in6_addr *to,
			       const struct umx_wish *wish);

#endif /* _UMX_WISH_H */
