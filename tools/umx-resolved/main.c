// SPDX-License-Identifier: GPL-2.0
/* This file owns the daemon: its options, its start, its end. */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "control.h"
#include "daemon.h"
#include "exchange.h"
#include "kernel.h"
#include "owner.h"
#include "privilege.h"
#include "tcp.h"
#include "udp.h"

struct daemon resolved;

int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_BOOTTIME, &now);
	return now.tv_sec * 1000ll + now.tv_nsec / 1000000;
}

static void usage(FILE *to)
{
	fputs("usage: umx-resolved [-c FILE] [-t]\n"
	      "       umx-resolved -s [-e] [-j]\n"
	      "\n"
	      "Answers programs that know IPv4 only with addresses that stand for IPv6 hosts.\n"
	      "\n"
	      "  -c FILE   the configuration (" CONFIG_FILE ")\n"
	      "  -t        only say whether it is right\n"
	      "  -s        print the counters of the one that runs; -e: explained, -j: as JSON\n"
	      "  -h        print this text\n"
	      "  -V        print the version\n", to);
}

static bool config_load(const char *path)
{
	FILE *file = fopen(path, "re");
	bool good;

	if (!file) {
		fprintf(stderr, "umx-resolved: %s cannot be read: %s\n", path, strerror(errno));
		return false;
	}
	good = config_read(&resolved.config, file, path);
	fclose(file);
	return good;
}

/* Those of the configuration, then those of its file, which may come and go. */
static void servers_load(void)
{
	const char *path = resolved.config.resolv;
	FILE *file = *path ? fopen(path, "re") : NULL;

	resolved.servers = resolved.config.servers;
	if (file) {
		servers_read(&resolved.servers, file, &resolved.config.listen);
		fclose(file);
	} else if (*path) {
		fprintf(stderr, "umx-resolved: %s cannot be read: %s\n", path, strerror(errno));
	}
	if (!resolved.servers.count)
		fputs("umx-resolved: no name server is known\n", stderr);
}

static void on_end(evutil_socket_t number, short what, void *arg)
{
	(void)number;
	(void)what;
	event_base_loopbreak(arg);
}

/* Other name servers. */
static void on_hangup(evutil_socket_t number, short what, void *arg)
{
	(void)number;
	(void)what;
	(void)arg;
	servers_load();
}

static bool signals_init(void)
{
	static const int ends[] = { SIGTERM, SIGINT };
	struct event *event;
	size_t i;

	signal(SIGPIPE, SIG_IGN);
	for (i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		event = evsignal_new(resolved.base, ends[i], on_end, resolved.base);
		if (!event || event_add(event, NULL))
			return false;
	}
	event = evsignal_new(resolved.base, SIGHUP, on_hangup, NULL);
	return event && !event_add(event, NULL);
}

/* What takes privileges, then without them the rest. */
static bool daemon_init(void)
{
	const struct config *config = &resolved.config;

	umask(0077);
	if (!udp_bind() || !tcp_bind() || !privilege_directory(CONTROL_DIR, config->user) ||
	    !privilege_drop(config->user))
		return false;
	resolved.base = event_base_new();
	if (!resolved.base)
		return false;
	servers_load();
	exchanges_init();
	kernel_init();
	return signals_init() && control_init() && udp_listen() && tcp_listen();
}

static void daemon_close(void)
{
	tcp_close();
	udp_close();
	exchanges_close();
	control_close();
	kernel_close();
	owner_close();
}

/**
 * struct options - of the command line
 * @path: the configuration.
 * @test: only read it.
 * @stats: print counters; @explain: with sentences; @json: as JSON.
 */
struct options {
	const char *path;
	bool test;
	bool stats;
	bool explain;
	bool json;
};

/* The exit status, or -1: go on. */
static int options_read(struct options *options, int argc, char **argv)
{
	int opt;

	while ((opt = getopt(argc, argv, "c:tsejhV")) != -1) {
		switch (opt) {
		case 'c':
			options->path = optarg;
			break;
		case 't':
			options->test = true;
			break;
		case 's':
			options->stats = true;
			break;
		case 'e':
			options->explain = true;
			break;
		case 'j':
			options->json = true;
			break;
		case 'h':
			usage(stdout);
			return 0;
		case 'V':
			puts("umx-resolved " UMX_RESOLVED_VERSION);
			return 0;
		default:
			usage(stderr);
			return 1;
		}
	}
	if (optind == argc && (options->stats || (!options->explain && !options->json)))
		return -1;
	usage(stderr);
	return 1;
}

int main(int argc, char **argv)
{
	struct options options = { .path = CONFIG_FILE };
	int status = options_read(&options, argc, argv);

	if (status >= 0)
		return status;
	if (options.stats)
		return control_print(options.explain, options.json);
	if (!config_load(options.path))
		return 1;
	if (options.test)
		return 0;
	if (!daemon_init())
		return 2;
	fputs("umx-resolved: ready\n", stderr);
	event_base_dispatch(resolved.base);
	daemon_close();
	return 0;
}
