/* SPDX-License-Identifier: GPL-2.0 */
/* This file owns the contract of config.c: what /etc/umx/resolved.conf says. */
#ifndef UMX_RESOLVED_CONFIG_H
#define UMX_RESOLVED_CONFIG_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "servers.h"

#define CONFIG_FILE	"/etc/umx/resolved.conf"
#define PATH_SIZE	108

/* Most of several AAAA records pairs are asked for. */
#define ADDRESSES_MAX	16

/**
 * struct config - the configuration
 * @listen: where programs ask; a loopback address.
 * @servers: name servers that are asked.
 * @resolv: file with more of them, in the form of resolv.conf(5); "": none.
 * @user: who we are when root has started us.
 * @timeout: ms a name server has for an answer.
 * @tries: how often a question is sent.
 * @queries: questions of programs at a time.
 * @connections: TCP connections of programs at a time.
 * @addresses: of several AAAA records so many get a pair.
 * @ttl: seconds a made answer is good at most.
 * @rate: pairs asked for in a second; one user has half of them at most.
 */
struct config {
	struct server listen;
	struct servers servers;
	char resolv[PATH_SIZE];
	char user[33];
	uint32_t timeout;
	uint32_t tries;
	uint32_t queries;
	uint32_t connections;
	uint32_t addresses;
	uint32_t ttl;
	uint32_t rate;
};

/* Reads @file, which @path names in complaints; false after saying on stderr
 * what is wrong with which line.
 */
bool config_read(struct config *config, FILE *file, const char *path);

#endif /* UMX_RESOLVED_CONFIG_H */
