// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns TLS between hosts: 1.3, both ends with a certificate of the
 * configured authority, and the name of a configured peer in it.
 */
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <stdio.h>

#include "daemon.h"
#include "tls.h"

static struct ssl_ctx_st *client;
static struct ssl_ctx_st *server;

static bool failed(const char *path)
{
	char why[256];

	ERR_error_string_n(ERR_get_error(), why, sizeof(why));
	fprintf(stderr, "umx-dns: %s cannot be used: %s\n", path, why);
	return false;
}

static bool context_fill(SSL_CTX *ctx)
{
	const struct config *config = &dns.config;

	if (!ctx || !SSL_CTX_set_min_proto_version(ctx, TLS1_3_VERSION))
		return failed("TLS 1.3");
	if (SSL_CTX_use_certificate_chain_file(ctx, config->cert) != 1)
		return failed(config->cert);
	if (SSL_CTX_use_PrivateKey_file(ctx, config->key, SSL_FILETYPE_PEM) != 1 ||
	    SSL_CTX_check_private_key(ctx) != 1)
		return failed(config->key);
	if (SSL_CTX_load_verify_file(ctx, config->ca) != 1)
		return failed(config->ca);
	SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
	/* A resumed session would not show its certificate again. */
	SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
	SSL_CTX_set_num_tickets(ctx, 0);
	return true;
}

bool tls_init(void)
{
	if (!*dns.config.ca)
		return true;
	client = SSL_CTX_new(TLS_client_method());
	server = SSL_CTX_new(TLS_server_method());
	return context_fill(client) && context_fill(server);
}

void tls_close(void)
{
	SSL_CTX_free(client);
	SSL_CTX_free(server);
	client = NULL;
	server = NULL;
}

SSL *tls_client(const char *name)
{
	SSL *ssl = client ? SSL_new(client) : NULL;

	if (ssl && SSL_set1_host(ssl, name) == 1 && SSL_set_tlsext_host_name(ssl, name) == 1)
		return ssl;
	SSL_free(ssl);
	return NULL;
}

SSL *tls_server(void)
{
	return server ? SSL_new(server) : NULL;
}

bool tls_is_peer(SSL *ssl)
{
	X509 *cert = SSL_get1_peer_certificate(ssl);
	bool found = false;
	unsigned int i;

	if (!cert || SSL_get_verify_result(ssl) != X509_V_OK)
		goto out;
	for (i = 0; i < dns.config.peer_count && !found; i++)
		found = X509_check_host(cert, dns.config.peers[i].name, 0, 0, NULL) == 1;
out:
	X509_free(cert);
	return found;
}
