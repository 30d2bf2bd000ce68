/* SPDX-License-Identifier: GPL-2.0 */
/* This file owns what others know of the table of sessions by id. */
#ifndef _UMX_PRESERVE_IDS_H
#define _UMX_PRESERVE_IDS_H

#include <linux/types.h>

struct umx_preserve_net;
struct umx_preserve_session;

void umx_preserve_ids_add(struct umx_preserve_net *pn,
			  struct umx_preserve_session *s);
void umx_preserve_ids_del(struct umx_preserve_net *pn,
			  struct umx_preserve_session *s);
struct umx_preserve_session *
umx_preserve_ids_next(struct umx_preserve_net *pn, u32 *id);
struct umx_preserve_session *
umx_preserve_ids_find(struct umx_preserve_net *pn, u32 id);
int umx_preserve_ids_alloc(struct umx_preserve_net *pn);
void umx_preserve_ids_free(struct umx_preserve_net *pn);

#endif /* _UMX_PRESERVE_IDS_H */
