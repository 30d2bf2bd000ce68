// SPDX-License-Identifier: GPL-2.0
/* This file owns one question: do the socket lookups take the hash tables as an argument? (until 6.18) */
#include <net/inet6_hashtables.h>

struct sock *probe(struct net *net, struct inet_hashinfo *hashinfo, const struct in6_addr *addr);
struct sock *probe(struct net *net, struct inet_hashinfo *hashinfo, const struct in6_addr *addr)
{
	return __inet6_lookup_established(net, hashinfo, addr, 0, addr, 0, 0, 0);
}
