/* SPDX-License-Identifier: GPL-2.0 */
/* This file owns the contract of tls.c: TLS between hosts that know each other. */
#ifndef UMX_DNS_TLS_H
#define UMX_DNS_TLS_H

#include <openssl/ssl.h>
#include <stdbool.h>

/* Reads certificate, key and authority, if there are any; false after saying
 * what is wrong with them.
 */
bool tls_init(void);
void tls_close(void);

/* One end of a connection. The client's accepts a server called @name only. */
SSL *tls_client(const char *name);
SSL *tls_server(void);

/* Whether the other end's certificate is one of a configured peer. */
bool tls_is_peer(SSL *ssl);

#endif /* UMX_DNS_TLS_H */
