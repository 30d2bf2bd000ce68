/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns what this host offers, and what of a peer's offer it accepts.
 */
#ifndef _UMX_PRESERVE_OFFER_H
#define _UMX_PRESERVE_OFFER_H

#include <linux/in6.h>
#include "mib.h"
#include "option.h"

struct sock;
struct umx_preserve_addrs;
struct umx_preserve_net;

/**
 * struct umx_preserve_signed - what the check of an acceptance is taken over,
 *	beside the option it is in
 * @offer: the offer that is accepted.
 * @peer: the other end's address of the connection; it chooses the key.
 * @isn: the offerer's initial sequence number.
 * @peer_isn: that of the one who accepts.
 * @port: the offerer's port.
 * @peer_port: the other port.
 */
struct umx_preserve_signed {
	const struct umx_offer *offer;
	const struct in6_addr *peer;
	u32 isn;
	u32 peer_isn;
	__be16 port;
	__be16 peer_port;
};

bool umx_preserve_offer_allowed(struct umx_preserve_net *pn,
				const struct sock *sk);
void umx_preserve_offer_make(struct umx_preserve_net *pn,
			     const struct in6_addr *base, bool onetime,
			     struct umx_option *option);
u8 umx_preserve_offer_judge(struct umx_preserve_net *pn,
			    const struct umx_offer *offer,
			    const struct in6_addr *base,
			    const struct in6_addr *own);
void umx_preserve_offer_accept(struct umx_option *option,
			       const struct umx_offer *offer, u8 bitmap);
void umx_preserve_offer_sign(const struct umx_preserve_net *pn,
			     struct umx_option *option,
			     const struct umx_preserve_signed *what);
bool umx_preserve_offer_accepted(struct umx_preserve_net *pn,
				 const struct umx_option *option,
				 const struct umx_preserve_signed *what,
				 u8 *bitmap);
u8 umx_preserve_offer_resolve(const struct umx_offer *offer, u8 bitmap,
			      const struct in6_addr *base,
			      struct in6_addr *addrs);

#endif /* _UMX_PRESERVE_OFFER_H */
