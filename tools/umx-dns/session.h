/* SPDX-License-Identifier: GPL-2.0 */
/* This file owns the contract of session.c: the connections of PowerDNS. */
#ifndef UMX_DNS_SESSION_H
#define UMX_DNS_SESSION_H

#include <stdbool.h>

/* Listens; false after saying why not. */
bool sessions_init(void);
void sessions_close(void);

#endif /* UMX_DNS_SESSION_H */
