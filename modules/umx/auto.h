/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns AUTO_SET: ports that keep as many SSAs as their backlog is
 * long, ready to be leased to clients.
 */
#ifndef _UMX_AUTO_H
#define _UMX_AUTO_H

#include <linux/netlink.h>
#include <linux/types.h>

struct umx_addr;
struct umx_listener;
struct umx_net;
struct umx_ssa_config;
struct work_struct;

/* SSAs a port keeps at most, whatever backlog its server asks for. */
#define UMX_AUTO_MAX	4096

int umx_auto_fill(struct umx_listener *listener);
void umx_auto_fill_all(struct umx_net *un);
void umx_auto_kick_all(struct umx_net *un);
void umx_auto_kick(struct umx_listener *listener);
void umx_auto_work(struct work_struct *work);
u32 umx_auto_backlog(const struct umx_listener *listener);
struct umx_addr *umx_auto_lease(struct umx_net *un,
				const struct umx_ssa_config *config,
				struct netlink_ext_ack *extack);

#endif /* _UMX_AUTO_H */
