/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns the rules that say of which servers the ports are closed when
 * they call listen().
 */
#ifndef _UMX_LISTEN_RULE_H
#define _UMX_LISTEN_RULE_H

#include <linux/netlink.h>
#include <linux/types.h>
#include "listener.h"
#include "netns.h"
#include "who.h"

/**
 * struct umx_listen_rule - one rule
 * @list: in umx_net.listen_rules, in order
 * @id: no other rule of the namespace has had it; constant
 * @who: whose sockets; constant
 * @pool: copy of the name in @port, which points here
 * @port: what becomes of a port; its number is a condition, 0: of any; constant
 * @hits: listen() it has decided about; under umx_net.ports_lock
 * @rcu: frees it
 */
struct umx_listen_rule {
	struct list_head list;
	u32 id;
	struct umx_who who;
	char pool[UMX_POOL_NAME_MAX];
	struct umx_listener_config port;
	u64 hits;
	struct rcu_head rcu;
};

/**
 * struct umx_listen_rule_config - what a rule is to be, or which one is meant
 * See enum umx_listen_rule_attr. @index is U32_MAX if not given.
 */
struct umx_listen_rule_config {
	struct umx_who_config who;
	struct umx_listener_config port;
	u32 index;
};

int umx_listen_rule_add(struct umx_net *un,
			const struct umx_listen_rule_config *config,
			struct netlink_ext_ack *extack);
int umx_listen_rule_del(struct umx_net *un,
			const struct umx_listen_rule_config *config,
			struct netlink_ext_ack *extack);
void umx_listen_rule_flush(struct umx_net *un);
struct umx_listen_rule *umx_listen_rule_match(struct umx_net *un,
					      struct sock *sk, u16 port);
bool umx_listen_rule_closes(struct umx_net *un, struct sock *sk, u16 port);
u32 umx_listen_rule_index(const struct umx_net *un, u32 id);

#endif /* _UMX_LISTEN_RULE_H */
