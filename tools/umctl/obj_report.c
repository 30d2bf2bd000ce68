// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns `umctl report`: what a maintainer wants to know of a host.
 *
 * It is to be sent to others: no address of a session, no waiting one, no
 * peer; of a key its id, which says nothing about it. It changes nothing, so that a module that is not loaded is not asked.
 */
#include <errno.h>
#include <linux/umx.h>
#include <linux/umx_anycast.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <stdlib.h>

#include "args.h"
#include "field.h"
#include "nl.h"
#include "out.h"
#include "report_host.h"
#include "route.h"
#include "umctl.h"

static const struct field version_fields[] = {
	{ .name = "module", .label = "umx", .type = FIELD_STRING, .attr = UMX_VERSION_A_MODULE },
	{ .name = "genl", .type = FIELD_UINT, .attr = UMX_VERSION_A_GENL },
	{}
};

/**
 * struct part - a section that is a dump
 * @section: its name.
 * @object: object of the command line that shows the same.
 * @part: its part that does; NULL: itself.
 * @verb: verb of that object.
 * @verbose: flag attribute that asks for explanations; 0: none.
 * @value: attribute that must not be 0 to be shown; 0: everything is shown.
 */
struct part {
	const char *section;
	const char *object;
	const char *part;
	const char *verb;
	uint16_t verbose;
	uint16_t value;
};

static const struct part parts[] = {
	{ .section = "pool", .object = "pool", .verb = "show" },
	{ .section = "limit", .object = "limit", .verb = "show" },
	{ .section = "ea", .object = "ea", .verb = "show" },
	{ .section = "listener", .object = "listener", .verb = "show" },
	{ .section = "listener rule", .object = "listener", .part = "rule", .verb = "show" },
	{
		.section = "counter", .object = "stats", .verb = "show",
		.verbose = UMX_STATS_A_VERBOSE, .value = UMX_STATS_A_VALUE,
	},
	{ .section = "anycast", .object = "anycast", .verb = "show" },
	{
		.section = "anycast counter", .object = "anycast", .verb = "stats",
		.verbose = UMX_ANYCAST_STATS_A_VERBOSE, .value = UMX_ANYCAST_STATS_A_VALUE,
	},
};

/**
 * struct part_reader - a dump that is being read
 * @part: its section.
 * @fields: what is printed of a message.
 * @messages: copies of the messages: a dump that starts again forgets them,
 *	but not the sections before.
 * @count: how many.
 */
struct part_reader {
	const struct part *part;
	const struct field *fields;
	struct nl_msg **messages;
	size_t count;
};

static void part_forget(void *arg)
{
	struct part_reader *reader = arg;

	while (reader->count)
		nlmsg_free(reader->messages[--reader->count]);
}

static void part_read(const struct nlmsghdr *nlh, void *arg)
{
	struct part_reader *reader = arg;
	const struct nlattr *value;

	value = reader->part->value ? field_find(nlh, reader->part->value) : NULL;
	if (reader->part->value && (!value || !field_uint(value)))
		return;
	reader->messages = reallocarray(reader->messages, reader->count + 1,
					sizeof(*reader->messages));
	if (!reader->messages)
		abort();
	reader->messages[reader->count] = nlmsg_convert((struct nlmsghdr *)nlh);
	if (!reader->messages[reader->count])
		abort();
	reader->count++;
}

/* Returns what to exit with: a part that is refused leaves the others. */
static int part_print(const struct part *part)
{
	const struct object *whole = object_find(part->object);
	const struct object *object = part->part ? part_find(whole, part->part) : whole;
	const struct verb *verb = verb_find(object, part->verb);
	struct part_reader reader = { .part = part, .fields = verb->fields };
	struct nl_msg *msg;
	int err = -ENOMEM;
	size_t i;

	if (!report_loaded(object->family->module))
		return UMCTL_DONE;
	msg = unl_genl(object->family, verb->cmd, 0);
	if (msg) {
		if (part->verbose)
			nla_put_flag(msg, part->verbose);
		err = unl_dump(msg, part_read, part_forget, &reader);
	}
	if (!err) {
		out_section(part->section);
		for (i = 0; i < reader.count; i++)
			fields_print(reader.fields, nlmsg_hdr(reader.messages[i]));
	}
	part_forget(&reader);
	free(reader.messages);
	return err ? unl_refused(part->section, err) : UMCTL_DONE;
}

static void version_print(const struct nlmsghdr *nlh, void *arg)
{
	(void)arg;
	fields_print_into(version_fields, nlh);
}

/* Who is not told the version is told nothing: *@err is why. */
static int versions(int *err)
{
	struct nl_msg *msg;

	*err = 0;
	out_section("version");
	out_object_open();
	out_string("umctl", NULL, UMCTL_VERSION);
	if (report_loaded(umx_family.module)) {
		msg = unl_genl(&umx_family, UMX_CMD_VERSION_GET, 0);
		*err = msg ? unl_call(msg, version_print, NULL) : -ENOMEM;
	}
	report_kernel();
	out_object_close();
	return *err ? unl_refused("version", *err) : UMCTL_DONE;
}

/* Ours among the routes: a pool without one is not reached. */
static int routes(void)
{
	struct prefixes routes = {};
	size_t i;
	int err;

	err = route_list(&routes);
	if (err)
		return unl_refused("routes", err);
	out_section("route");
	for (i = 0; i < routes.count; i++) {
		out_object_open();
		out_prefix("throw", NULL, &routes.list[i].addr, "plen", routes.list[i].plen);
		out_object_close();
	}
	prefixes_free(&routes);
	return UMCTL_DONE;
}

static int report(const struct args *args)
{
	int ret, refused, err;
	size_t i;

	(void)args;
	out_begin();
	out_hide_addresses();
	refused = versions(&err);
	out_section("module");
	report_modules();
	out_section("taint");
	report_taint();
	out_section("namespace");
	report_namespace();
	for (i = 0; i < sizeof(parts) / sizeof(parts[0]) && err != -EPERM; i++) {
		ret = part_print(&parts[i]);
		refused = refused ?: ret;
	}
	ret = routes();
	refused = refused ?: ret;
	out_section("sysctl");
	report_sysctls();
	ret = out_end();
	return refused ?: ret;
}

static const struct verb verbs[] = {
	{
		.help = "what a bug report needs, without an address", .run = report,
	},
	{}
};

static const struct object report_object = {
	.name = "report",
	.help = "what a bug report needs",
	.family = &umx_family,
	.verbs = verbs,
};

OBJECT(report_object);
