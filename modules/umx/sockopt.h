/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns the contract of sockopt.c: what an application says about its
 * socket, and is told.
 */
#ifndef _UMX_SOCKOPT_H
#define _UMX_SOCKOPT_H

int umx_sockopt_setup(void);
void umx_sockopt_teardown(void);

#endif /* _UMX_SOCKOPT_H */
