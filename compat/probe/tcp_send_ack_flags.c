// SPDX-License-Identifier: GPL-2.0
/* This file owns one question: does __tcp_send_ack() take flags, its third argument? */
#include <net/tcp.h>

void probe(struct sock *sk);
void probe(struct sock *sk)
{
	__tcp_send_ack(sk, 0, 0);
}
