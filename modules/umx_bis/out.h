/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns the contract of out.c: from IPv4 to IPv6.
 */
#ifndef _UMX_BIS_OUT_H
#define _UMX_BIS_OUT_H

#include <linux/types.h>

#include "mib.h"
#include "wire.h"

struct net_device;
struct sk_buff;
struct umx_bis_net;

bool umx_bis_out(struct umx_bis_net *bn, struct net_device *dev,
		 struct sk_buff *skb);
enum umx_bis_mib umx_bis_out_mib(enum umx_bis_verdict verdict);

#endif /* _UMX_BIS_OUT_H */
