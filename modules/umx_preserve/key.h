/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns the contract of key.c: the secrets that are shared with peers.
 */
#ifndef _UMX_PRESERVE_KEY_H
#define _UMX_PRESERVE_KEY_H

#include <linux/siphash.h>
#include <linux/umx_preserve.h>
#include "prefix.h"

/**
 * struct umx_preserve_key - the key of the peers in a prefix
 * @prefix: in umx_preserve_net.keys.
 * @key: the secret; constant.
 * @id: tells keys from each other; constant.
 */
struct umx_preserve_key {
	struct umx_preserve_prefix prefix;
	siphash_key_t key;
	u64 id;
};

int umx_preserve_key_add(struct umx_preserve_net *pn,
			 const struct in6_addr *addr, u8 plen,
			 const u8 secret[UMX_PRESERVE_KEY_LEN],
			 struct netlink_ext_ack *extack);
int umx_preserve_key_del(struct umx_preserve_net *pn,
			 const struct in6_addr *addr, u8 plen,
			 struct netlink_ext_ack *extack);
void umx_preserve_key_flush(struct umx_preserve_net *pn);
bool umx_preserve_key_find(const struct umx_preserve_net *pn,
			   const struct in6_addr *peer, siphash_key_t *key);

static inline const struct umx_preserve_key *
umx_preserve_key_of(const struct umx_preserve_prefix *p)
{
	return container_of(p, struct umx_preserve_key, prefix);
}

#endif /* _UMX_PRESERVE_KEY_H */
