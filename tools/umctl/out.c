// SPDX-License-Identifier: GPL-2.0
/* This file owns the printing of values, as text or JSON from the same call. */
#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "out.h"
#include "say.h"
#include "umctl.h"

static enum out_form form;
static bool stream;

/* What is held back, and how far the object being printed has come. */
static FILE *held;
static char *held_text;
static size_t held_size;
static bool first_object;
static bool first_value;
/* How many nests are open, and bit N: the list of the Nth is. */
static unsigned int depth;
static unsigned int lists;

/* The section the objects belong to, and whether it has had one. */
static const char *section;
static bool section_empty;

/* A longer prefix names hosts; pools end here. */
#define HIDDEN_PLEN	112
static bool hide;

static void put_json_text(const char *name, const char *value);

void out_form_set(enum out_form new_form)
{
	form = new_form;
}

bool out_is_json(void)
{
	return form == OUT_JSON;
}

static void held_open(void)
{
	held = open_memstream(&held_text, &held_size);
	if (!held) {
		perror("umctl");
		exit(UMCTL_REFUSED);
	}
}

static void held_drop(void)
{
	if (!held)
		return;
	fclose(held);
	free(held_text);
	held = NULL;
	held_text = NULL;
}

/* To stdout; a reader that is gone or a full disk is a failure, too. */
static int held_write(void)
{
	bool ok;

	ok = !fclose(held);
	ok = ok && fwrite(held_text, 1, held_size, stdout) == held_size;
	ok = ok && !fflush(stdout);
	free(held_text);
	held = NULL;
	held_text = NULL;
	if (ok)
		return UMCTL_DONE;
	return say_refused("the output cannot be written: %s", strerror(errno));
}

void out_begin(void)
{
	stream = false;
	first_object = true;
	section = NULL;
	hide = false;
	held_open();
	if (form == OUT_JSON)
		fputc('[', held);
}

void out_restart(void)
{
	bool hidden = hide;

	held_drop();
	out_begin();
	hide = hidden;
}

void out_abort(void)
{
	held_drop();
}

static void section_end(void)
{
	if (section && section_empty && form == OUT_TEXT)
		fputs("none\n", held);
}

int out_end(void)
{
	section_end();
	if (form == OUT_JSON)
		fputs("]\n", held);
	return held_write();
}

void out_stream(void)
{
	stream = true;
	held_open();
}

int out_stream_flush(void)
{
	int ret = held_write();

	held_open();
	return ret;
}

void out_object_open(void)
{
	first_value = true;
	depth = 0;
	lists = 0;
	if (form == OUT_JSON) {
		if (!stream && !first_object)
			fputs(",\n", held);
		fputc('{', held);
		if (section)
			put_json_text("section", section);
	}
	first_object = false;
	section_empty = false;
}

void out_object_close(void)
{
	if (form == OUT_JSON)
		fputc('}', held);
	if (form == OUT_TEXT || stream)
		fputc('\n', held);
}

/*
 * Process names come from anybody: nothing in them may end the string, break
 * the encoding or reach the terminal. Bytes beyond ASCII become the code
 * point of the same number, which no reader of JSON refuses.
 */
static void put_json_string(const char *s)
{
	const unsigned char *c;

	fputc('"', held);
	for (c = (const unsigned char *)s; *c; c++) {
		if (*c == '"' || *c == '\\')
			fprintf(held, "\\%c", *c);
		else if (*c < 0x20 || *c >= 0x7f)
			fprintf(held, "\\u%04x", *c);
		else
			fputc(*c, held);
	}
	fputc('"', held);
}

static void put_text_string(const char *s)
{
	const unsigned char *c;

	for (c = (const unsigned char *)s; *c; c++)
		fputc(*c < 0x20 || *c == 0x7f ? '?' : *c, held);
}

static void put_comma(void)
{
	if (!first_value)
		fputc(',', held);
	first_value = false;
}

static void put_json_name(const char *name)
{
	put_comma();
	if (!(lists & 1U << depth))
		fprintf(held, "\"%s\":", name);
}

static void put_json_text(const char *name, const char *value)
{
	put_json_name(name);
	put_json_string(value);
}

static void put_json_uint(const char *name, uint64_t value)
{
	put_json_name(name);
	fprintf(held, "%llu", (unsigned long long)value);
}

static void put_text(const char *name, const char *label, const char *value)
{
	if (!first_value)
		fputc(' ', held);
	first_value = false;
	if (!label)
		label = name;
	if (*label)
		fprintf(held, *value ? "%s " : "%s", label);
	put_text_string(value);
}

void out_section(const char *name)
{
	section_end();
	if (form == OUT_TEXT)
		fprintf(held, "%s%s:\n", section ? "\n" : "", name);
	section = name;
	section_empty = true;
}

void out_hide_addresses(void)
{
	hide = true;
}

static struct in6_addr shown(const struct in6_addr *addr, uint8_t plen)
{
	struct in6_addr copy = *addr;

	if (hide && plen > HIDDEN_PLEN)
		memset(&copy.s6_addr[8], 0, 8);
	return copy;
}

void out_nest_open(const char *name, const char *label)
{
	if (form == OUT_JSON) {
		put_json_name(name);
		fputc('{', held);
		first_value = true;
	} else if (label) {
		if (*label)
			put_text(name, label, "");
	} else {
		/* The space before the first value makes four. */
		fputs("\n   ", held);
		first_value = false;
	}
	depth++;
}

void out_nest_close(void)
{
	depth--;
	if (form == OUT_JSON)
		fputc('}', held);
	first_value = false;
}

void out_list_open(const char *name)
{
	if (form != OUT_JSON)
		return;
	put_json_name(name);
	fputc('[', held);
	first_value = true;
	lists |= 1U << depth;
}

void out_list_close(void)
{
	if (form != OUT_JSON)
		return;
	fputc(']', held);
	first_value = false;
	lists &= ~(1U << depth);
}

void out_string(const char *name, const char *label, const char *value)
{
	if (form == OUT_JSON)
		put_json_text(name, value);
	else
		put_text(name, label, value);
}

void out_uint(const char *name, const char *label, uint64_t value)
{
	char number[24];

	if (form == OUT_JSON) {
		put_json_uint(name, value);
	} else {
		snprintf(number, sizeof(number), "%llu", (unsigned long long)value);
		put_text(name, label, number);
	}
}

void out_in6(const char *name, const char *label, const struct in6_addr *addr)
{
	struct in6_addr copy = shown(addr, 128);
	char buf[INET6_ADDRSTRLEN];

	out_string(name, label, inet_ntop(AF_INET6, &copy, buf, sizeof(buf)));
}

void out_in4(const char *name, const char *label, const struct in6_addr *addr)
{
	char buf[INET_ADDRSTRLEN];

	out_string(name, label, inet_ntop(AF_INET, addr, buf, sizeof(buf)));
}

void out_bool(const char *name, const char *label, bool value, const char *const *words)
{
	if (form == OUT_JSON) {
		put_json_name(name);
		fputs(value ? "true" : "false", held);
	} else if (words) {
		put_text(name, label, words[value]);
	} else if (value) {
		put_text(name, label, "");
	}
}

static void put_prefix(int family, const char *name, const char *label, const void *addr,
		       const char *plen_name, uint8_t plen)
{
	char buf[INET6_ADDRSTRLEN + sizeof("/255")];

	inet_ntop(family, addr, buf, INET6_ADDRSTRLEN);
	if (form == OUT_JSON) {
		put_json_text(name, buf);
		put_json_uint(plen_name, plen);
	} else {
		snprintf(buf + strlen(buf), sizeof("/255"), "/%u", plen);
		put_text(name, label, buf);
	}
}

void out_prefix(const char *name, const char *label, const struct in6_addr *addr,
		const char *plen_name, uint8_t plen)
{
	struct in6_addr copy = shown(addr, plen);

	put_prefix(AF_INET6, name, label, &copy, plen_name, plen);
}

void out_prefix4(const char *name, const char *label, const struct in6_addr *addr,
		 const char *plen_name, uint8_t plen)
{
	put_prefix(AF_INET, name, label, addr, plen_name, plen);
}

void out_endpoint(const char *name, const char *label, const struct in6_addr *addr,
		  const char *port_name, uint16_t port)
{
	char both[INET6_ADDRSTRLEN + sizeof("[]:65535")];
	char buf[INET6_ADDRSTRLEN];

	if (hide)
		return;
	inet_ntop(AF_INET6, addr, buf, sizeof(buf));
	if (form == OUT_JSON) {
		put_json_text(name, buf);
		put_json_uint(port_name, port);
	} else {
		snprintf(both, sizeof(both), "[%s]:%u", buf, port);
		put_text(name, label, both);
	}
}

/* Text names one that is alone once. */
void out_range(const char *name, const char *label, uint32_t first,
	       const char *last_name, uint32_t last)
{
	char both[24];

	if (form == OUT_JSON) {
		put_json_uint(name, first);
		put_json_uint(last_name, last);
	} else if (first == last) {
		out_uint(name, label, first);
	} else {
		snprintf(both, sizeof(both), "%u-%u", first, last);
		put_text(name, label, both);
	}
}

void out_ifindex(const char *name, const char *label, uint32_t ifindex)
{
	char dev[IF_NAMESIZE];

	if (form == OUT_JSON || !if_indextoname(ifindex, dev))
		out_uint(name, label, ifindex);
	else
		out_string(name, label, dev);
}
