// SPDX-License-Identifier: GPL-2.0
/* This file owns one question: do the lookups of UDP sockets take their table as an argument? (until 6.18) */
#include <net/udp.h>

struct sock *probe(struct net *net, struct udp_table *table);
struct sock *probe(struct net *net, struct udp_table *table)
{
	return __udp4_lib_lookup(net, 0, 0, 0, 0, 0, 0, table, NULL);
}
