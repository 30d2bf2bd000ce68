/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns the contract of shortcut.c: flows of others, all of one protocol
 * between two hosts as a rule, whose packets the router need not send through
 * the host's IP twice.
 */
#ifndef _UMX_BIS_SHORTCUT_H
#define _UMX_BIS_SHORTCUT_H

#include <linux/in6.h>
#include <linux/rcupdate.h>
#include <linux/types.h>

struct dst_entry;
struct nf_hook_state;
struct sk_buff;
struct umx_bis_net;
struct umx_bis_routed;
struct umx_bis_shortcut_table;

/**
 * struct umx_bis_shortcut_key - what the way of a packet may depend on
 * @addr: source and destination, as they come; those of IPv4 in the first words
 * @ports: source and destination; 0 where routes do not depend on them
 * @mark: its mark, for rules of routing
 * @iif: the device it came in on
 * @proto: TCP or UDP
 * @tos: type of service, or traffic class
 * @version: 4 or 6
 * @zero: makes it comparable by words
 */
struct umx_bis_shortcut_key {
	struct in6_addr addr[2];
	__be16 ports[2];
	u32 mark;
	u32 iif;
	u8 proto;
	u8 tos;
	u8 version;
	u8 zero;
};

/**
 * struct umx_bis_shortcuts - the shortcuts of a namespace
 * @table: the shortcuts, or NULL: the router is off; written under
 *	umx_bis_net.lock, read under RCU
 * @gen: changes with the router's mappings; written under umx_bis_net.lock,
 *	read without
 */
struct umx_bis_shortcuts {
	struct umx_bis_shortcut_table __rcu *table;
	u32 gen;
};

/**
 * struct umx_bis_shortcut_note - a packet whose flow may get a shortcut
 * @key: of its flow, before it was translated
 * @gen: umx_bis_shortcuts.gen at that time
 * @in: its route to the device, with a reference; NULL: it gets none
 */
struct umx_bis_shortcut_note {
	struct umx_bis_shortcut_key key;
	u32 gen;
	struct dst_entry *in;
};

unsigned int umx_bis_shortcut_hook(void *priv, struct sk_buff *skb,
				   const struct nf_hook_state *state);
int umx_bis_shortcut_switch(struct umx_bis_net *bn, bool on);

void umx_bis_shortcut_note(struct umx_bis_routed *r);
void umx_bis_shortcut_learn(struct umx_bis_routed *r);
void umx_bis_shortcut_forget(struct umx_bis_routed *r);

#endif /* _UMX_BIS_SHORTCUT_H */
