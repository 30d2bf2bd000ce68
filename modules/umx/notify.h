/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns hearing of devices and of interface addresses.
 */
#ifndef _UMX_NOTIFY_H
#define _UMX_NOTIFY_H

int umx_notify_setup(void);
void umx_notify_teardown(void);

#endif /* _UMX_NOTIFY_H */
