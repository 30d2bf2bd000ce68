// SPDX-License-Identifier: GPL-2.0
/* This file owns one question: are a namespace's sysctls registered with their number? (since 6.6) */
#include <net/net_namespace.h>

struct ctl_table_header *probe(struct net *net, struct ctl_table *table);
struct ctl_table_header *probe(struct net *net, struct ctl_table *table)
{
	return register_net_sysctl_sz(net, "net/probe", table, 1);
}
