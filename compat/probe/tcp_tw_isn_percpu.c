// SPDX-License-Identifier: GPL-2.0
/* This file owns one question: is the sequence number for a SYN that met a TIME_WAIT per CPU? (6.10 to 6.18) */
#include <net/tcp.h>

void probe(void);
void probe(void)
{
	__this_cpu_write(tcp_tw_isn, 1);
}
