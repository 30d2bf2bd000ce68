// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the socket options, and the messages about moves.
 *
 * IPv6 hands options of level IPPROTO_IPV6 it does not know to netfilter's
 * registry, with the socket unlocked and this module held. What is said before
 * there is a connection is a note of umx_tcp's about the socket: it survives a
 * connection that ends, and is looked at when a listener's child is born.
 */
#include <linux/errqueue.h>
#include <linux/netfilter.h>
#include <linux/skbuff.h>
#include <linux/uaccess.h>
#include <net/ipv6.h>
#include <net/sock.h>
#include <net/tcp.h>
#include <umx/tcp.h>
#include "mib.h"
#include "netns.h"
#include "session.h"
#include "sockopt.h"

/* A note: a mode, and this. */
#define UMX_PRESERVE_NOTE_MODE		0x03
#define UMX_PRESERVE_NOTE_NOTIFY	0x80

static u8 umx_preserve_sockopt_note(const struct sock *sk)
{
	return umx_tcp_note(sk, UMX_TCP_SLOT_PRESERVE);
}

/* What the application has said of @sk, a socket before its SYN or a listener. */
enum umx_preserve_mode umx_preserve_sockopt_mode(const struct sock *sk)
{
	return umx_preserve_sockopt_note(sk) & UMX_PRESERVE_NOTE_MODE;
}

bool umx_preserve_sockopt_notify(const struct sock *sk)
{
	return umx_preserve_sockopt_note(sk) & UMX_PRESERVE_NOTE_NOTIFY;
}

/* Is @sk one whose connections can be preserved? */
static bool umx_preserve_sockopt_ours(const struct sock *sk)
{
	return sk->sk_family == AF_INET6 && sk->sk_type == SOCK_STREAM &&
	       sk->sk_protocol == IPPROTO_TCP;
}

/* Not connected, nor on its way: what is said now is for connections to come. */
static bool umx_preserve_sockopt_before(const struct sock *sk)
{
	return (1 << sk->sk_state) & (TCPF_CLOSE | TCPF_LISTEN);
}

/* The session of a connection. Context: socket lock, which keeps it. */
static struct umx_preserve_session *
umx_preserve_sockopt_session(const struct sock *sk)
{
	struct umx_preserve_session *s;

	if (umx_preserve_sockopt_before(sk))
		return NULL;
	rcu_read_lock();
	s = umx_preserve_session_find(sk);
	rcu_read_unlock();
	return s;
}

/* --- setting --------------------------------------------------------------- */

static int umx_preserve_sockopt_set_mode(struct sock *sk, int value)
{
	u8 note = umx_preserve_sockopt_note(sk) & ~UMX_PRESERVE_NOTE_MODE;

	if (value < UMX_PRESERVE_MODE_DEFAULT || value > UMX_PRESERVE_MODE_ON)
		return -EINVAL;
	if (!umx_preserve_sockopt_before(sk))
		return -EISCONN;
	return umx_tcp_note_set(sk, UMX_TCP_SLOT_PRESERVE, note | value);
}

static int umx_preserve_sockopt_set_notify(struct sock *sk, int value)
{
	u8 note = umx_preserve_sockopt_note(sk) & ~UMX_PRESERVE_NOTE_NOTIFY;
	struct umx_preserve_session *s;

	if (value != !!value)
		return -EINVAL;
	if (umx_preserve_sockopt_before(sk))
		return umx_tcp_note_set(sk, UMX_TCP_SLOT_PRESERVE, note |
					(value ? UMX_PRESERVE_NOTE_NOTIFY : 0));
	s = umx_preserve_sockopt_session(sk);
	if (!s)
		return -ENOTCONN;
	s->notify = value;
	return 0;
}

static int umx_preserve_sockopt_set(struct sock *sk, int option, sockptr_t arg,
				    unsigned int len)
{
	int value, err;

	if (!umx_preserve_sockopt_ours(sk))
		return -ENOPROTOOPT;
	if (len < sizeof(value))
		return -EINVAL;
	if (copy_from_sockptr(&value, arg, sizeof(value)))
		return -EFAULT;
	lock_sock(sk);
	/* IPV6_ADDRFORM may have come first */
	if (!umx_preserve_sockopt_ours(sk))
		err = -ENOPROTOOPT;
	else if (option == UMX_PRESERVE_SO_MODE)
		err = umx_preserve_sockopt_set_mode(sk, value);
	else
		err = umx_preserve_sockopt_set_notify(sk, value);
	release_sock(sk);
	return err;
}

/* --- getting --------------------------------------------------------------- */

/* Context: socket lock. */
static void umx_preserve_sockopt_info(struct umx_preserve_session *s,
				      struct umx_preserve_socket_info *info)
{
	const struct umx_preserve_moved *last;

	memset(info, 0, sizeof(*info));
	info->session = s->id;
	memcpy(info->local, umx_preserve_set_local(s->set, s->current_pair),
	       sizeof(info->local));
	memcpy(info->peer, umx_preserve_set_peer(s->set, s->current_pair),
	       sizeof(info->peer));
	spin_lock_bh(&s->lock);
	info->moves = s->moves;
	if (s->moves) {
		last = &s->moved[(s->moves - 1) % UMX_PRESERVE_MOVES_MAX];
		info->time = last->time;
		info->reason = last->reason;
	}
	spin_unlock_bh(&s->lock);
}

/* What an option holds. Context: socket lock. Return: its length or an error. */
static int umx_preserve_sockopt_read(const struct sock *sk, int option,
				     struct umx_preserve_socket_info *info,
				     int *value)
{
	struct umx_preserve_session *s = umx_preserve_sockopt_session(sk);

	switch (option) {
	case UMX_PRESERVE_SO_MODE:
		*value = umx_preserve_sockopt_mode(sk);
		return sizeof(*value);
	case UMX_PRESERVE_SO_NOTIFY:
		*value = s ? s->notify : umx_preserve_sockopt_notify(sk);
		return sizeof(*value);
	}
	if (!s || !umx_preserve_session_agreed(s))
		return -ENOTCONN;
	umx_preserve_sockopt_info(s, info);
	return sizeof(*info);
}

static int umx_preserve_sockopt_get(struct sock *sk, int option,
				    void __user *user, int *len)
{
	struct umx_preserve_socket_info info;
	int value, ret;

	if (!umx_preserve_sockopt_ours(sk))
		return -ENOPROTOOPT;
	if (*len < (int)sizeof(value))
		return -EINVAL;
	lock_sock(sk);
	ret = umx_preserve_sockopt_ours(sk) ?
	      umx_preserve_sockopt_read(sk, option, &info, &value) :
	      -ENOPROTOOPT;
	release_sock(sk);
	if (ret < 0)
		return ret;
	*len = min(*len, ret);
	if (option == UMX_PRESERVE_SO_INFO)
		ret = copy_to_user(user, &info, *len);
	else
		ret = copy_to_user(user, &value, *len);
	return ret ? -EFAULT : 0;
}

static struct nf_sockopt_ops umx_preserve_sockopts = {
	.pf = PF_INET6,
	.set_optmin = UMX_PRESERVE_SO_MODE,
	.set_optmax = UMX_PRESERVE_SO_NOTIFY + 1,
	.set = umx_preserve_sockopt_set,
	.get_optmin = UMX_PRESERVE_SO_MODE,
	.get_optmax = UMX_PRESERVE_SO_INFO + 1,
	.get = umx_preserve_sockopt_get,
	.owner = THIS_MODULE,
};

/* --- messages -------------------------------------------------------------- */

static struct sk_buff *
umx_preserve_sockopt_message(struct umx_preserve_session *s)
{
	struct umx_preserve_socket_info info;
	struct sock_exterr_skb *serr;
	struct sk_buff *skb;

	skb = alloc_skb(sizeof(info), GFP_ATOMIC | __GFP_NOWARN);
	if (!skb)
		return NULL;
	umx_preserve_sockopt_info(s, &info);
	skb_put_data(skb, &info, sizeof(info));
	skb_reset_network_header(skb);
	skb->protocol = htons(ETH_P_IPV6);
	serr = SKB_EXT_ERR(skb);
	memset(serr, 0, sizeof(*serr));
	serr->ee.ee_origin = UMX_PRESERVE_EE_ORIGIN;
	serr->ee.ee_code = info.reason;
	serr->ee.ee_info = info.session;
	serr->ee.ee_data = info.moves;
	return skb;
}

/**
 * umx_preserve_sockopt_moved() - tell the application, if it wants to know
 * @s: a session that has moved
 * @sk: its socket
 *
 * Whoever does not read the messages has them in his receive buffer: there are
 * few. Context: socket lock, any.
 */
void umx_preserve_sockopt_moved(struct umx_preserve_session *s, struct sock *sk)
{
	struct sk_buff *skb;

	if (likely(!s->notify) || sock_flag(sk, SOCK_DEAD))
		return;
	if (skb_queue_len_lockless(&sk->sk_error_queue) <
	    UMX_PRESERVE_NOTIFY_MAX) {
		skb = umx_preserve_sockopt_message(s);
		if (skb && !sock_queue_err_skb(sk, skb)) {
			umx_preserve_count(s->pn, UMX_PRESERVE_MIB_NOTIFIED);
			return;
		}
		kfree_skb(skb);
	}
	umx_preserve_count(s->pn, UMX_PRESERVE_MIB_NOT_NOTIFIED);
}

int umx_preserve_sockopt_setup(void)
{
	return nf_register_sockopt(&umx_preserve_sockopts);
}

void umx_preserve_sockopt_teardown(void)
{
	nf_unregister_sockopt(&umx_preserve_sockopts);
}
