/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns the contract of sweep.c: pairs that programs still use.
 */
#ifndef _UMX_BIS_SWEEP_H
#define _UMX_BIS_SWEEP_H

struct umx_bis_net;

void umx_bis_sweep_want(struct umx_bis_net *bn);
void umx_bis_sweep_restart(struct umx_bis_net *bn);
void umx_bis_sweep_init(struct umx_bis_net *bn);
void umx_bis_sweep_exit(struct umx_bis_net *bn);

#endif /* _UMX_BIS_SWEEP_H */
