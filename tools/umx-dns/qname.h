/* SPDX-License-Identifier: GPL-2.0 */
/* This file owns the contract of qname.c: names as they are asked for. */
#ifndef UMX_DNS_QNAME_H
#define UMX_DNS_QNAME_H

#include <stdbool.h>

#include "config.h"

/* One label: letters, digits, '-' and '_', 63 at most; written in lower case,
 * as resolvers change the case (draft-vixie-dnsext-dns0x20).
 */
bool qname_label(const char *text, char label[LABEL_SIZE]);

/* A whole name: labels, a last dot or none; written in lower case without it.
 * A first label "*" passes, as PowerDNS asks for wildcards.
 */
bool qname_clean(const char *text, char name[DOMAIN_SIZE]);

/* Whether clean @name is @zone or below it. */
bool qname_below(const char *name, const char *zone);

/* Splits what clean @name has before @zone: "" and "" for the zone itself, ""
 * and "ssh", "token" and "ssh". False: more labels, or another zone.
 */
bool qname_split(const char *name, const char *zone, char token[LABEL_SIZE],
		 char service[LABEL_SIZE]);

#endif /* UMX_DNS_QNAME_H */
