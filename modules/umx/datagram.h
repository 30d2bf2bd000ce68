/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns sessions of UDP: an EA and the connected socket that uses it.
 */
#ifndef _UMX_DATAGRAM_H
#define _UMX_DATAGRAM_H

int umx_datagram_setup(void);
void umx_datagram_teardown(void);

#endif /* _UMX_DATAGRAM_H */
