/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns the contract of dnssec.c: the key PowerDNS signs with, and
 * how. Absences are proven by hashes made for each question (NSEC3, narrow):
 * there is no list of names to walk along.
 */
#ifndef UMX_DNS_DNSSEC_H
#define UMX_DNS_DNSSEC_H

#include <json-c/json.h>
#include <stdbool.h>

/* Reads the private key, as BIND and PowerDNS write it, if one is configured;
 * false after saying what is wrong.
 */
bool dnssec_init(void);

/* What PowerDNS is told of keys and settings: all, or those of @kind. */
struct json_object *dnssec_keys(void);
struct json_object *dnssec_metadata(const char *kind);

#endif /* UMX_DNS_DNSSEC_H */
