/* SPDX-License-Identifier: GPL-2.0 */
/* This file owns the contract of hook.c: where packets call in. */
#ifndef _UMX_PRESERVE_HOOK_H
#define _UMX_PRESERVE_HOOK_H

struct umx_preserve_net;

int umx_preserve_hook_add(struct umx_preserve_net *pn);
void umx_preserve_hook_del(struct umx_preserve_net *pn);

#endif /* _UMX_PRESERVE_HOOK_H */
