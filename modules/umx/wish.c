// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns what is kept of a wish, a note of umx_tcp's about the socket,
 * and which pool it leads to.
 *
 * A pool is kept by its name, as rules keep theirs: a socket holds no pool, and
 * finds one that was removed and added again.
 */
#include <linux/slab.h>
#include <linux/string.h>
#include <umx/tcp.h>
#include "netns.h"
#include "pool.h"
#include "rule.h"
#include "wish.h"

/* A note: a mode, and these. Its memory is the name of the pool. */
#define UMX_WISH_MODE		0x03
#define UMX_WISH_MODE_ADMIN	0x04
#define UMX_WISH_POOL		0x08
#define UMX_WISH_POOL_ADMIN	0x10

static u8 umx_wish_note(const struct sock *sk)
{
	return umx_tcp_note(sk, UMX_TCP_SLOT_ADDRESS);
}

/**
 * umx_wish_read() - what the program has said of a socket
 * @sk: a TCP/IPv6 socket; its lock is held
 * @wish: filled in; all 0 if it has said nothing
 */
void umx_wish_read(const struct sock *sk, struct umx_wish *wish)
{
	u8 note = umx_wish_note(sk);

	memset(wish, 0, sizeof(*wish));
	if (!note)
		return;
	wish->mode = note & UMX_WISH_MODE;
	wish->mode_admin = note & UMX_WISH_MODE_ADMIN;
	wish->pool_admin = note & UMX_WISH_POOL_ADMIN;
	if (note & UMX_WISH_POOL)
		wish->pool = umx_tcp_note_data(sk, UMX_TCP_SLOT_ADDRESS);
}

/**
 * umx_wish_set_mode() - keep whether a socket is to have an EA
 * @sk: a TCP/IPv6 socket before connect(); its lock is held
 * @mode: whether
 * @admin: the caller may draw from any pool
 *
 * Return: 0 or what umx_tcp_note_set() says.
 */
int umx_wish_set_mode(struct sock *sk, enum umx_socket_ea mode, bool admin)
{
	u8 note = umx_wish_note(sk) & ~(UMX_WISH_MODE | UMX_WISH_MODE_ADMIN);

	note |= mode;
	if (mode && admin)
		note |= UMX_WISH_MODE_ADMIN;
	return umx_tcp_note_set(sk, UMX_TCP_SLOT_ADDRESS, note);
}

/**
 * umx_wish_set_pool() - keep which pool a socket is to draw from
 * @sk: a TCP/IPv6 socket before connect(); its lock is held
 * @name: of the pool; "": none in particular
 * @admin: the caller may draw from any pool
 *
 * Return: 0, -ENOMEM, or what umx_tcp_note_set() says.
 */
int umx_wish_set_pool(struct sock *sk, const char *name, bool admin)
{
	u8 note = umx_wish_note(sk) & ~(UMX_WISH_POOL | UMX_WISH_POOL_ADMIN);
	char *data;
	int err;

	if (!*name)
		return umx_tcp_note_set(sk, UMX_TCP_SLOT_ADDRESS, note);

	data = kstrdup(name, GFP_KERNEL_ACCOUNT);
	if (!data)
		return -ENOMEM;
	note |= UMX_WISH_POOL | (admin ? UMX_WISH_POOL_ADMIN : 0);
	err = umx_tcp_note_set(sk, UMX_TCP_SLOT_ADDRESS, note);
	if (err)
		kfree(data);
	else
		umx_tcp_note_set_data(sk, UMX_TCP_SLOT_ADDRESS, data);
	return err;
}

/**
 * umx_wish_pool() - the pool a socket draws from by its program's wish
 * @un: its namespace
 * @sk: the socket
 * @to: where it connects to
 * @wish: a pool is named, or an EA wanted where no rule gives one
 *
 * Context: RCU. Return: the pool, or NULL: not there, not offered, or several and
 * none of them named.
 */
struct umx_pool *umx_wish_pool(const struct umx_net *un, struct sock *sk,
			       const struct in6_addr *to,
			       const struct umx_wish *wish)
{
	struct umx_pool *pool;

	pool = umx_rule_offer(un, sk, to, UMX_PROTO_TCP, wish->pool);
	if (!pool && (wish->pool ? wish->pool_admin : wish->mode_admin))
		pool = umx_pool_named(un, wish->pool);
	return pool;
}
