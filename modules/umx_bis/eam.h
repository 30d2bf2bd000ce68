/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns the contract of eam.c: what the router translates addresses
 * by.
 */
#ifndef _UMX_BIS_EAM_H
#define _UMX_BIS_EAM_H

#include <linux/list.h>
#include <linux/netlink.h>
#include <linux/rcupdate.h>
#include <linux/rhashtable-types.h>
#include "addr.h"

struct umx_bis_net;

/**
 * struct umx_bis_eam_key - a prefix as the tables have it
 * @addr6: its address, if it is one of IPv6
 * @addr4: its address, if it is one of IPv4; all else is 0
 * @word: the same, to be compared and hashed
 * @len: its length
 */
struct umx_bis_eam_key {
	union {
		struct in6_addr addr6;
		__be32 addr4;
		u64 word[2];
	};
	u32 len;
};

/**
 * struct umx_bis_eam - an explicit address mapping (RFC 7757)
 * @by4: in umx_bis_eams.by4
 * @by6: in umx_bis_eams.by6
 * @list: in umx_bis_eams.list
 * @key4: the IPv4 prefix as a key; constant
 * @key6: the IPv6 prefix as a key; constant
 * @prefix4: the IPv4 prefix; constant
 * @prefix6: the IPv6 prefix; constant
 * @rcu: frees it
 */
struct umx_bis_eam {
	struct rhash_head by4;
	struct rhash_head by6;
	struct list_head list;
	struct umx_bis_eam_key key4;
	struct umx_bis_eam_key key6;
	struct umx_bis_prefix4 prefix4;
	struct umx_bis_prefix6 prefix6;
	struct rcu_head rcu;
};

/**
 * struct umx_bis_embedding - the prefix of all IPv4 addresses nobody maps
 * explicitly (RFC 6052)
 * @prefix: the prefix; constant
 * @well_known: it is 64:ff9b::/96
 * @rcu: frees it
 */
struct umx_bis_embedding {
	struct umx_bis_prefix6 prefix;
	bool well_known;
	struct rcu_head rcu;
};

/**
 * struct umx_bis_eams - what the router of a namespace translates by
 * @by4: mappings by IPv4 prefix; written under umx_bis_net.lock, read under
 *	RCU
 * @by6: mappings by IPv6 prefix; the same
 * @list: mappings in the order they were made; under umx_bis_net.lock
 * @n: how many there are; under umx_bis_net.lock
 * @n4: how many there are of each IPv4 prefix length; under umx_bis_net.lock
 * @n6: the same of IPv6
 * @lens4: which lengths of IPv4 prefixes there are; written under
 *	umx_bis_net.lock, read without
 * @lens6: the same of IPv6
 * @embedding: the prefix, or NULL; written under umx_bis_net.lock, read under
 *	RCU
 * @on: there is something; written under umx_bis_net.lock, read without
 */
struct umx_bis_eams {
	struct rhashtable by4;
	struct rhashtable by6;
	struct list_head list;
	unsigned int n;
	u16 n4[33];
	u16 n6[129];
	DECLARE_BITMAP(lens4, 33);
	DECLARE_BITMAP(lens6, 129);
	struct umx_bis_embedding __rcu *embedding;
	bool on;
};

/**
 * enum umx_bis_mapped - by what an address was translated
 * @UMX_BIS_MAPPED_NOT: by nothing.
 * @UMX_BIS_MAPPED_LOCAL: by nothing: it is a non-global IPv4 address, and the
 *	prefix is 64:ff9b::/96 (RFC 6052, section 3.1).
 * @UMX_BIS_MAPPED_EXPLICIT: an explicit mapping.
 * @UMX_BIS_MAPPED_PREFIX: the prefix.
 */
enum umx_bis_mapped {
	UMX_BIS_MAPPED_NOT,
	UMX_BIS_MAPPED_LOCAL,
	UMX_BIS_MAPPED_EXPLICIT,
	UMX_BIS_MAPPED_PREFIX,
};

static inline bool umx_bis_is_mapped(enum umx_bis_mapped mapped)
{
	return mapped >= UMX_BIS_MAPPED_EXPLICIT;
}

enum umx_bis_mapped umx_bis_eam_to6(struct umx_bis_net *bn, const u8 addr4[4],
				    struct in6_addr *addr6);
enum umx_bis_mapped umx_bis_eam_to4(struct umx_bis_net *bn,
				    const struct in6_addr *addr6, u8 addr4[4]);
enum umx_bis_mapped umx_bis_eam_embed(struct umx_bis_net *bn,
				      const u8 addr4[4],
				      struct in6_addr *addr6);

int umx_bis_eam_add(struct umx_bis_net *bn,
		    const struct umx_bis_prefix4 *prefix4,
		    const struct umx_bis_prefix6 *prefix6,
		    struct netlink_ext_ack *extack);
int umx_bis_eam_del(struct umx_bis_net *bn,
		    const struct umx_bis_prefix4 *prefix4,
		    const struct umx_bis_prefix6 *prefix6,
		    struct netlink_ext_ack *extack);
int umx_bis_eam_prefix_add(struct umx_bis_net *bn,
			   const struct umx_bis_prefix6 *prefix,
			   struct netlink_ext_ack *extack);
int umx_bis_eam_prefix_del(struct umx_bis_net *bn,
			   const struct umx_bis_prefix6 *prefix,
			   struct netlink_ext_ack *extack);
void umx_bis_eam_flush(struct umx_bis_net *bn);

int umx_bis_eam_init(struct umx_bis_net *bn);
void umx_bis_eam_exit(struct umx_bis_net *bn);

#endif /* _UMX_BIS_EAM_H */
