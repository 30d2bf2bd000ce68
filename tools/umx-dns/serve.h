/* SPDX-License-Identifier: GPL-2.0 */
/* This file owns the contract of serve.c: the questions of other hosts' umx-dns. */
#ifndef UMX_DNS_SERVE_H
#define UMX_DNS_SERVE_H

#include <stdbool.h>

bool serve_init(void);
void serve_close(void);

#endif /* UMX_DNS_SERVE_H */
