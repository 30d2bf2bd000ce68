/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns the sysctls of a namespace, net.umx: what ports mean to it.
 */
#ifndef _UMX_SYSCTL_H
#define _UMX_SYSCTL_H

struct umx_net;

/**
 * enum umx_port_ignore - net.umx.port_ignore: what a port says of a session
 * @UMX_PORT_IGNORE_L0: nothing: ports changed on the way are put back
 *	(port_ignore.c). Both ends have to ignore them.
 * @UMX_PORT_IGNORE_L1: an SSA is reached on any port; a session keeps the
 *	ports it began with, so that the other end may be a legacy one.
 * @UMX_PORT_IGNORE_L2: as @UMX_PORT_IGNORE_L1; the client's ports tell its
 *	sessions apart, which those of the kernel always do.
 * @UMX_PORT_AWARE: an SSA is reached on its listener's port only.
 */
enum umx_port_ignore {
	UMX_PORT_IGNORE_L0,
	UMX_PORT_IGNORE_L1,
	UMX_PORT_IGNORE_L2,
	UMX_PORT_AWARE,
};

int umx_sysctl_init(struct umx_net *un);
void umx_sysctl_exit(struct umx_net *un);

#endif /* _UMX_SYSCTL_H */
