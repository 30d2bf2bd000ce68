// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns what a report says of the host: kernel, modules, taint,
 * namespace, sysctls. It is read from files; one that is not there is left
 * out, as another kernel may not have it.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "out.h"
#include "report_host.h"
#include "route.h"

static const char *const module_names[] = {
	"umx_tcp", "umx_udp", "umx_loan", "umx", "umx_anycast", "umx_preserve", "umx_bis",
};

/* What changes how TCP treats EAs, SSAs and guarded ports. No keys. */
static const char *const sysctl_names[] = {
	"net/core/somaxconn",
	"net/ipv4/ip_local_port_range",
	"net/ipv4/tcp_fastopen",
	"net/ipv4/tcp_fin_timeout",
	"net/ipv4/tcp_l3mdev_accept",
	"net/ipv4/tcp_max_syn_backlog",
	"net/ipv4/tcp_max_tw_buckets",
	"net/ipv4/tcp_no_metrics_save",
	"net/ipv4/tcp_syncookies",
	"net/ipv4/tcp_tw_reuse",
	"net/ipv4/icmp_msgs_per_sec",
	"net/ipv6/bindv6only",
	"net/ipv6/conf/all/disable_ipv6",
	"net/ipv6/conf/all/forwarding",
	"net/ipv6/conf/lo/disable_ipv6",
	"net/ipv6/icmp/ratelimit",
	"net/ipv6/ip_nonlocal_bind",
	"net/umx/port_ignore",
	"net/umx/reduced_port",
};

/* Letters of the taint flags, from bit 0 on. */
static const char taint_letters[] = "PFSRMBUDAWCIOELKXTN";

/* The first line of a file; false if there is none. */
static bool line_read(const char *path, char *buf, size_t size)
{
	FILE *file = fopen(path, "re");
	bool ok;

	if (!file)
		return false;
	ok = fgets(buf, size, file);
	fclose(file);
	if (ok)
		buf[strcspn(buf, "\n")] = '\0';
	return ok;
}

bool report_loaded(const char *name)
{
	char path[128];

	snprintf(path, sizeof(path), "/sys/module/%s/refcnt", name);
	return !access(path, F_OK);
}

void report_kernel(void)
{
	struct utsname u;

	if (uname(&u))
		return;
	out_string("kernel", NULL, u.release);
	out_string("machine", NULL, u.machine);
	out_string("build", NULL, u.version);
}

/* A file of the module's directory, if it has that one. */
static void module_file(const char *module, const char *file)
{
	char path[128], value[256];

	snprintf(path, sizeof(path), "/sys/module/%s/%s", module, file);
	if (line_read(path, value, sizeof(value)))
		out_string(file, NULL, value);
}

static void module_parameters(const char *module)
{
	char path[512], value[256];
	struct dirent *entry;
	bool any = false;
	DIR *dir;

	snprintf(path, sizeof(path), "/sys/module/%s/parameters", module);
	dir = opendir(path);
	if (!dir)
		return;
	while ((entry = readdir(dir))) {
		if (*entry->d_name == '.')
			continue;
		snprintf(path, sizeof(path), "/sys/module/%s/parameters/%s", module,
			 entry->d_name);
		if (!line_read(path, value, sizeof(value)))
			continue;
		if (!any)
			out_nest_open("parameters", NULL);
		any = true;
		out_string(entry->d_name, NULL, value);
	}
	if (any)
		out_nest_close();
	closedir(dir);
}

void report_modules(void)
{
	static const char *const words[] = { "not loaded", "loaded" };
	size_t i;

	for (i = 0; i < sizeof(module_names) / sizeof(module_names[0]); i++) {
		const char *name = module_names[i];
		bool loaded = report_loaded(name);

		out_object_open();
		out_string("name", "", name);
		out_bool("loaded", "", loaded, words);
		if (loaded) {
			module_file(name, "version");
			module_file(name, "srcversion");
			module_file(name, "refcnt");
			module_file(name, "taint");
			module_parameters(name);
		}
		out_object_close();
	}
}

void report_taint(void)
{
	char flags[sizeof(taint_letters)] = "";
	unsigned long long value;
	size_t bit, n = 0;
	char line[64];

	if (!line_read("/proc/sys/kernel/tainted", line, sizeof(line)))
		return;
	value = strtoull(line, NULL, 10);
	for (bit = 0; taint_letters[bit]; bit++)
		if (value >> bit & 1)
			flags[n++] = taint_letters[bit];
	flags[n] = '\0';
	out_object_open();
	out_uint("value", "", value);
	if (n || out_is_json())
		out_string("flags", "", flags);
	out_object_close();
}

void report_namespace(void)
{
	static const char *const words[] = { "down", "up" };
	struct stat own, first;

	out_object_open();
	if (!stat("/proc/self/ns/net", &own) && !stat("/proc/1/ns/net", &first))
		out_bool("initial", NULL, own.st_ino == first.st_ino, NULL);
	out_bool("lo", NULL, route_lo_up(), words);
	out_object_close();
}

void report_sysctls(void)
{
	char path[128], value[128], *c;
	size_t i;

	for (i = 0; i < sizeof(sysctl_names) / sizeof(sysctl_names[0]); i++) {
		snprintf(path, sizeof(path), "/proc/sys/%s", sysctl_names[i]);
		if (!line_read(path, value, sizeof(value)))
			continue;
		for (c = value; *c; c++)
			if (*c == '\t')
				*c = ' ';
		for (c = path; *c; c++)
			if (*c == '/')
				*c = '.';
		out_object_open();
		out_string("name", "", path + strlen("/proc/sys/"));
		out_string("value", "", value);
		out_object_close();
	}
}
