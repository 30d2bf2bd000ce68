/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns the contract of device.c: the device kind "umx_bis".
 */
#ifndef _UMX_BIS_DEVICE_H
#define _UMX_BIS_DEVICE_H

#include <linux/types.h>

struct net_device;

bool umx_bis_device_is(const struct net_device *dev);

int umx_bis_device_setup(void);
void umx_bis_device_teardown(void);

#endif /* _UMX_BIS_DEVICE_H */
