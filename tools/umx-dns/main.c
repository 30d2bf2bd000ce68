// SPDX-License-Identifier: GPL-2.0
/* This file owns the daemon: its options, its start, its end. */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "control.h"
#include "daemon.h"
#include "dnssec.h"
#include "grant.h"
#include "journal.h"
#include "peer.h"
#include "query.h"
#include "serve.h"
#include "session.h"
#include "state.h"

struct daemon dns;

int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_BOOTTIME, &now);
	return now.tv_sec * 1000ll + now.tv_nsec / 1000000;
}

static void usage(FILE *to)
{
	fputs("usage: umx-dns [-c FILE] [-t]\n"
	      "\n"
	      "Answers PowerDNS's questions for names with addresses that are good once.\n"
	      "\n"
	      "  -c FILE   the configuration (" CONFIG_FILE ")\n"
	      "  -t        only say whether it is right\n"
	      "  -h        print this text\n"
	      "  -V        print the version\n", to);
}

static bool config_load(const char *path)
{
	FILE *file = fopen(path, "re");
	bool good;

	if (!file) {
		fprintf(stderr, "umx-dns: %s cannot be read: %s\n", path, strerror(errno));
		return false;
	}
	good = config_read(&dns.config, file, path);
	fclose(file);
	return good;
}

static void on_end(evutil_socket_t number, short what, void *arg)
{
	(void)number;
	(void)what;
	event_base_loopbreak(arg);
}

/* The journal was moved away. */
static void on_hangup(evutil_socket_t number, short what, void *arg)
{
	(void)number;
	(void)what;
	(void)arg;
	journal_open(dns.config.journal);
}

static bool signals_init(void)
{
	static const int ends[] = { SIGTERM, SIGINT };
	struct event *event;
	size_t i;

	signal(SIGPIPE, SIG_IGN);
	for (i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		event = evsignal_new(dns.base, ends[i], on_end, dns.base);
		if (!event || event_add(event, NULL))
			return false;
	}
	event = evsignal_new(dns.base, SIGHUP, on_hangup, NULL);
	return event && !event_add(event, NULL);
}

static bool daemon_init(void)
{
	umask(0077);
	dns.base = event_base_new();
	return dns.base && names_init(&dns.names) && leases_init(&dns.leases) && query_init() &&
	       dnssec_init() &&
	       state_read(&dns.names, dns.config.state) && journal_open(dns.config.journal) &&
	       signals_init() && grant_init() && peers_init() && serve_init() &&
	       control_init() && sessions_init();
}

static void daemon_close(void)
{
	sessions_close();
	control_close();
	serve_close();
	peers_close();
	grant_close();
	leases_free(&dns.leases);
	names_free(&dns.names);
}

int main(int argc, char **argv)
{
	const char *path = CONFIG_FILE;
	bool test = false;
	int opt;

	while ((opt = getopt(argc, argv, "c:thV")) != -1) {
		switch (opt) {
		case 'c':
			path = optarg;
			break;
		case 't':
			test = true;
			break;
		case 'h':
			usage(stdout);
			return 0;
		case 'V':
			puts("umx-dns " UMX_DNS_VERSION);
			return 0;
		default:
			usage(stderr);
			return 1;
		}
	}
	if (optind < argc) {
		usage(stderr);
		return 1;
	}
	if (!config_load(path))
		return 1;
	if (test)
		return 0;
	if (!daemon_init())
		return 2;
	fputs("umx-dns: ready\n", stderr);
	event_base_dispatch(dns.base);
	daemon_close();
	return 0;
}
