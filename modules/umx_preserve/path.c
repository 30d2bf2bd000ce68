// SPDX-License-Identifier: GPL-2.0
/* This file owns the order in which address pairs are tried. */
#include "path.h"

/* 0 is best: another local address and another peer's, not tried yet. */
static unsigned int umx_path_class(u8 pair, u8 current_pair, u8 n_peer,
				   const struct umx_path_tried *tried)
{
	bool both = pair / n_peer != current_pair / n_peer &&
		    pair % n_peer != current_pair % n_peer;

	return (umx_path_was_tried(tried, pair) ? 2 : 0) + (both ? 0 : 1);
}

/**
 * umx_path_order() - the pairs a session may move to, the best first
 * @order: gets them; room for UMX_PATH_PAIRS
 * @n_local: our addresses, the original included
 * @n_peer: the peer's
 * @current_pair: the pair that is left; not among the result
 * @usable: a bit for each of our addresses that is there, with its link up
 * @tried: those tried already come last
 * @random: any number; local addresses of equal rank come in an order that
 *	depends on it, so that one failure does not move all sessions to one
 *	link
 *
 * A pair that shares no address with the failed one comes first: it shares
 * neither link, and passes ingress filters of other providers. Within a class
 * the peer's order counts. Return: how many.
 */
unsigned int umx_path_order(u8 *order, u8 n_local, u8 n_peer, u8 current_pair,
			    u16 usable, const struct umx_path_tried *tried,
			    u32 random)
{
	unsigned int class, peer, i, local, n = 0;
	u8 pair;

	for (class = 0; class < 4; class++) {
		for (peer = 0; peer < n_peer; peer++) {
			for (i = 0; i < n_local; i++) {
				local = (i + random % n_local) % n_local;
				pair = local * n_peer + peer;
				if (pair != current_pair && usable >> local & 1 &&
				    umx_path_class(pair, current_pair, n_peer,
						   tried) == class)
					order[n++] = pair;
			}
		}
	}
	return n;
}
