// SPDX-License-Identifier: GPL-2.0
/* This file owns one question: does a namespace list the packet sockets of one protocol? (since 6.16) */
#include <net/net_namespace.h>

bool probe(const struct net *net);
bool probe(const struct net *net)
{
	return list_empty(&net->ptype_specific);
}
