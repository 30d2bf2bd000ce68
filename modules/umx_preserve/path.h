/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns the policy of moves: which address pair is to be tried next.
 * Pure: no state, no kernel services, so that it also builds in user space.
 *
 * A pair is a number: its local address's index times the number of the peer's
 * addresses plus the index of the peer's. 0 is the original pair.
 */
#ifndef _UMX_PRESERVE_PATH_H
#define _UMX_PRESERVE_PATH_H

#include <linux/types.h>

/* Addresses of one end at most: the original and the alternatives. */
#define UMX_PATH_ADDRS	9
#define UMX_PATH_PAIRS	(UMX_PATH_ADDRS * UMX_PATH_ADDRS)
#define UMX_PATH_NONE	0xff

/**
 * struct umx_path_tried - pairs that have been tried since there was progress
 * @bits: by pair.
 */
struct umx_path_tried {
	u64 bits[2];
};

static inline bool umx_path_was_tried(const struct umx_path_tried *tried,
				      u8 pair)
{
	return tried->bits[pair / 64] >> (pair % 64) & 1;
}

static inline void umx_path_mark_tried(struct umx_path_tried *tried, u8 pair)
{
	tried->bits[pair / 64] |= (u64)1 << (pair % 64);
}

static inline bool umx_path_none_tried(const struct umx_path_tried *tried)
{
	return !tried->bits[0] && !tried->bits[1];
}

unsigned int umx_path_order(u8 *order, u8 n_local, u8 n_peer, u8 current_pair,
			    u16 usable, const struct umx_path_tried *tried,
			    u32 random);

#endif /* _UMX_PRESERVE_PATH_H */
