// SPDX-License-Identifier: GPL-2.0
/* This file owns the question: do connect() and bind() take a struct sockaddr_unsized? */
#include <net/sock.h>

int probe(struct proto *prot, struct sock *sk, struct sockaddr_unsized *addr);

int probe(struct proto *prot, struct sock *sk, struct sockaddr_unsized *addr)
{
	return prot->connect(sk, addr, 0);
}
