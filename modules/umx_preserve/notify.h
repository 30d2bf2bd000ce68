/* SPDX-License-Identifier: GPL-2.0 */
/* This file owns the contract of notify.c: addresses and links that change. */
#ifndef _UMX_PRESERVE_NOTIFY_H
#define _UMX_PRESERVE_NOTIFY_H

#include <linux/workqueue.h>

void umx_preserve_notify_scan(struct work_struct *work);
int umx_preserve_notify_setup(void);
void umx_preserve_notify_teardown(void);

#endif /* _UMX_PRESERVE_NOTIFY_H */
