/* SPDX-License-Identifier: GPL-2.0 */
/* This file owns the contract of event.c: telling listeners what happened. */
#ifndef _UMX_PRESERVE_EVENT_H
#define _UMX_PRESERVE_EVENT_H

#include <linux/types.h>
#include <linux/umx_preserve.h>

struct umx_preserve_session;

void umx_preserve_event_moved(const struct umx_preserve_session *s, u8 from,
			      enum umx_preserve_reason reason);
void umx_preserve_event_path(const struct umx_preserve_session *s,
			     enum umx_preserve_event event);

#endif /* _UMX_PRESERVE_EVENT_H */
