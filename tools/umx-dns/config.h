/* SPDX-License-Identifier: GPL-2.0 */
/* This file owns the contract of config.c: what /etc/umx/dns.conf says. */
#ifndef UMX_DNS_CONFIG_H
#define UMX_DNS_CONFIG_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "prefix.h"

#define CONFIG_FILE	"/etc/umx/dns.conf"

/* RFC 1035, as text, NUL included. */
#define LABEL_SIZE	64
#define DOMAIN_SIZE	254
#define PATH_SIZE	108
#define CONTENT_SIZE	512

#define CONFIG_NS	8
#define CONFIG_RECORDS	64
#define CONFIG_SERVICES	64
#define CONFIG_HOSTS	8
#define CONFIG_PEERS	16
#define CONFIG_SITES	64

#define LEASES_MAX	65536
#define RATE_MAX	1000000

/**
 * struct record - a record that always is the same
 * @name: without the last dot, lower case.
 * @type: AAAA, TXT, ...
 * @content: as PowerDNS wants it.
 */
struct record {
	char name[DOMAIN_SIZE];
	char type[16];
	char content[CONTENT_SIZE];
};

/**
 * struct host - one of the hosts that serve a name
 * @peer: which peer; -1: this one.
 * @weight: how many of the questions it gets, against the others.
 * @turn: what it has saved up (smooth weighted round robin).
 */
struct host {
	int peer;
	uint32_t weight;
	int64_t turn;
};

/**
 * struct service - a label below the zone that stands for a port
 * @label: the label.
 * @port: the listener's port on this host; 0: other hosts serve it.
 * @public: the label itself is a name, for everybody.
 * @hosts: who serves it.
 * @host_count: how many they are, at least 1.
 */
struct service {
	char label[LABEL_SIZE];
	uint16_t port;
	bool public;
	struct host hosts[CONFIG_HOSTS];
	unsigned int host_count;
};

/**
 * struct peer_config - another host's umx-dns
 * @name: what its certificate says it is.
 * @addr: where it listens; without @port it only asks.
 * @port: on which port; 0: it is never asked.
 */
struct peer_config {
	char name[DOMAIN_SIZE];
	char addr[INET6_ADDRSTRLEN];
	uint16_t port;
};

/**
 * struct config - the configuration
 * @zone: without the last dot, lower case.
 * @ns: names of its name servers; @ns_count of them.
 * @records: records that always are the same; @record_count.
 * @services: labels that hand out addresses; @service_count.
 * @peers: other hosts; @peer_count.
 * @sites: networks whose resolvers speak for their clients; @site_count.
 * @lifetime: seconds an address waits for its connection.
 * @hold: ms within which the same question of the same asker gets the same
 *	address, unless it is used. Never 0: PowerDNS looks a name up twice for
 *	one answer.
 * @leases: addresses that wait at a time, all names together.
 * @leases_per_name: the same of one name.
 * @rate: leases a second, all names together.
 * @client_plen: an asker is taken for a network of this length at least.
 * @health: seconds within which a peer that is dead is found to be.
 * @backend: socket PowerDNS connects to.
 * @group: its group; "": whoever runs umx-dns, and root.
 * @state: file of the names.
 * @dnskey: file of the key the zone is signed with; "": it is not.
 * @journal: file of the events; "": standard output.
 * @cert: certificate; @key: its key; @ca: who vouches for peers.
 * @listen: where peers are listened to; @listen_port: 0: nowhere.
 */
struct config {
	char zone[DOMAIN_SIZE];
	char ns[CONFIG_NS][DOMAIN_SIZE];
	struct record records[CONFIG_RECORDS];
	struct service services[CONFIG_SERVICES];
	struct peer_config peers[CONFIG_PEERS];
	struct prefix sites[CONFIG_SITES];
	unsigned int ns_count;
	unsigned int record_count;
	unsigned int service_count;
	unsigned int peer_count;
	unsigned int site_count;
	uint32_t lifetime;
	uint32_t hold;
	uint32_t leases;
	uint32_t leases_per_name;
	uint32_t rate;
	uint32_t client_plen;
	uint32_t health;
	char backend[PATH_SIZE];
	char group[33];
	char state[PATH_SIZE];
	char dnskey[PATH_SIZE];
	char journal[PATH_SIZE];
	char cert[PATH_SIZE];
	char key[PATH_SIZE];
	char ca[PATH_SIZE];
	char listen[INET6_ADDRSTRLEN];
	uint16_t listen_port;
};

/* Reads @file, which @path names in complaints; false after saying on stderr
 * what is wrong with which line.
 */
bool config_read(struct config *config, FILE *file, const char *path);

struct service *config_service(struct config *config, const char *label);

#endif /* UMX_DNS_CONFIG_H */
