/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns the contract of witness.c: who sees packets between the
 * versions.
 */
#ifndef _UMX_BIS_WITNESS_H
#define _UMX_BIS_WITNESS_H

#include <linux/types.h>

struct net;
struct net_device;

bool umx_bis_witness_none(const struct net *net, struct net_device *dev,
			  u8 version);
bool umx_bis_witness_none_out(const struct net *net, struct net_device *dev);
bool umx_bis_witness_none_in(const struct net *net, struct net_device *dev);

#endif /* _UMX_BIS_WITNESS_H */
