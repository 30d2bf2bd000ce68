// SPDX-License-Identifier: GPL-2.0
/* This file owns one question: does a namespace name its table of UDP sockets? (since 6.2) */
#include <net/udp.h>

struct udp_table *probe(struct net *net);
struct udp_table *probe(struct net *net)
{
	return net->ipv4.udp_table;
}
