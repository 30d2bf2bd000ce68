// SPDX-License-Identifier: GPL-2.0
/* This file owns the unit tests of umctl's output: attributes to text and JSON. */
#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/genetlink.h>
#include <netlink/genl/genl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "field.h"
#include "out.h"
#include "parse.h"

static char captured[4096];
static int stdout_copy, capture_fd;

static void capture_start(void)
{
	fflush(stdout);
	stdout_copy = dup(STDOUT_FILENO);
	capture_fd = open("/tmp", O_TMPFILE | O_RDWR, 0600);
	assert_true(capture_fd >= 0);
	dup2(capture_fd, STDOUT_FILENO);
}

static const char *capture_stop(void)
{
	ssize_t len;

	fflush(stdout);
	dup2(stdout_copy, STDOUT_FILENO);
	close(stdout_copy);
	len = pread(capture_fd, captured, sizeof(captured) - 1, 0);
	close(capture_fd);
	captured[len < 0 ? 0 : len] = '\0';
	return captured;
}

enum {
	T_STRING = 1,
	T_U8,
	T_U16,
	T_U32,
	T_U64,
	T_WORD,
	T_FLAG,
	T_BOOL,
	T_IN6,
	T_PLEN,
	T_PORT,
	T_LAST,
	T_NEST,
};

static const char *const test_words[] = { "off", "on", NULL };

static const struct field nest_fields[] = {
	{ .name = "u64", .type = FIELD_UINT, .attr = T_U64 },
	{}
};

static const struct field test_fields[] = {
	{ .name = "string", .label = "", .type = FIELD_STRING, .attr = T_STRING },
	{ .name = "u8", .type = FIELD_UINT, .attr = T_U8 },
	{ .name = "u16", .label = "sixteen", .type = FIELD_UINT, .attr = T_U16 },
	{ .name = "u32", .type = FIELD_UINT, .attr = T_U32, .json_only = true },
	{ .name = "u64", .type = FIELD_UINT, .attr = T_U64 },
	{ .name = "word", .type = FIELD_WORD, .attr = T_WORD, .words = test_words },
	{ .name = "flag", .type = FIELD_FLAG, .attr = T_FLAG },
	{ .name = "bool", .type = FIELD_BOOL, .attr = T_BOOL, .words = test_words },
	{ .name = "in6", .type = FIELD_IN6, .attr = T_IN6 },
	{ .name = "prefix", .type = FIELD_PREFIX, .attr = T_IN6, .name2 = "plen", .attr2 = T_PLEN },
	{ .name = "end", .type = FIELD_ENDPOINT, .attr = T_IN6, .name2 = "end_port",
	  .attr2 = T_PORT },
	{ .name = "range", .type = FIELD_RANGE, .attr = T_U32, .name2 = "last", .attr2 = T_LAST },
	{ .name = "one", .type = FIELD_RANGE, .attr = T_U8, .name2 = "same", .attr2 = T_U8 },
	{ .name = "nest", .type = FIELD_NEST, .attr = T_NEST, .fields = nest_fields },
	{}
};

static struct nl_msg *message_new(void)
{
	struct nl_msg *msg = nlmsg_alloc();

	assert_non_null(msg);
	genlmsg_put(msg, 0, 0, GENL_ID_CTRL, 0, 0, 0, 0);
	return msg;
}

static struct nl_msg *message_full(void)
{
	struct nl_msg *msg = message_new();
	struct in6_addr addr;
	struct nlattr *nest;

	parse_in6("2001:db8::5", &addr);
	nla_put_string(msg, T_STRING, "a\"\\\n\xc3\x1b");
	nla_put_u8(msg, T_U8, 8);
	nla_put_u16(msg, T_U16, 16);
	nla_put_u32(msg, T_U32, 32);
	nla_put_u64(msg, T_U64, UINT64_MAX);
	nla_put_u8(msg, T_WORD, 1);
	nla_put_flag(msg, T_FLAG);
	nla_put_u8(msg, T_BOOL, 0);
	nla_put(msg, T_IN6, sizeof(addr), &addr);
	nla_put_u8(msg, T_PLEN, 64);
	nla_put_u16(msg, T_PORT, 443);
	nla_put_u32(msg, T_LAST, 64);
	nest = nla_nest_start(msg, T_NEST);
	nla_put_u64(msg, T_U64, 6);
	nla_nest_end(msg, nest);
	/* Something a newer module would send. */
	nla_put_u32(msg, 999, 1);
	return msg;
}

static const char *printed(enum out_form form, struct nl_msg **msgs)
{
	capture_start();
	out_form_set(form);
	out_begin();
	for (; *msgs; msgs++)
		fields_print(test_fields, nlmsg_hdr(*msgs));
	assert_int_equal(out_end(), 0);
	return capture_stop();
}

static void out_both_forms(void **state)
{
	struct nl_msg *msgs[] = { message_full(), message_new(), NULL };

	(void)state;
	assert_string_equal(printed(OUT_JSON, msgs),
		"[{\"string\":\"a\\\"\\\\\\u000a\\u00c3\\u001b\",\"u8\":8,\"u16\":16,\"u32\":32,"
		"\"u64\":18446744073709551615,\"word\":\"on\",\"flag\":true,\"bool\":false,"
		"\"in6\":\"2001:db8::5\",\"prefix\":\"2001:db8::5\",\"plen\":64,"
		"\"end\":\"2001:db8::5\",\"end_port\":443,\"range\":32,\"last\":64,"
		"\"one\":8,\"same\":8,\"nest\":{\"u64\":6}},\n"
		"{\"flag\":false}]\n");
	assert_string_equal(printed(OUT_TEXT, msgs),
		"a\"\\?\xc3? u8 8 sixteen 16 u64 18446744073709551615 word on flag bool off "
		"in6 2001:db8::5 prefix 2001:db8::5/64 end [2001:db8::5]:443 "
		"range 32-64 one 8\n"
		"    u64 6\n"
		"\n");
	nlmsg_free(msgs[0]);
	nlmsg_free(msgs[1]);
}

/* Values, and nests with a list of their own, that come several times. */
static const struct field list_nest_fields[] = {
	{ .name = "u8", .type = FIELD_UINT, .list = true, .attr = T_U8 },
	{ .name = "u64", .type = FIELD_UINT, .attr = T_U64 },
	{}
};

static const struct field list_fields[] = {
	{ .name = "u16", .type = FIELD_UINT, .list = true, .attr = T_U16 },
	{ .name = "none", .type = FIELD_UINT, .list = true, .attr = T_U32 },
	{ .name = "nest", .type = FIELD_NEST, .list = true, .attr = T_NEST,
	  .fields = list_nest_fields },
	{ .name = "last", .type = FIELD_NEST, .in_line = true, .attr = T_LAST,
	  .fields = nest_fields },
	{}
};

static void list_print(enum out_form form, struct nl_msg *msg)
{
	capture_start();
	out_form_set(form);
	out_begin();
	fields_print(list_fields, nlmsg_hdr(msg));
	assert_int_equal(out_end(), 0);
	capture_stop();
}

static void out_lists(void **state)
{
	struct nl_msg *msg = message_new();
	struct nlattr *nest;
	int i;

	(void)state;
	nla_put_u16(msg, T_U16, 1);
	nla_put_u16(msg, T_U16, 2);
	for (i = 3; i < 5; i++) {
		nest = nla_nest_start(msg, T_NEST);
		nla_put_u8(msg, T_U8, i);
		nla_put_u8(msg, T_U8, i + 2);
		nla_put_u64(msg, T_U64, 9);
		nla_nest_end(msg, nest);
	}
	nest = nla_nest_start(msg, T_LAST);
	nla_put_u64(msg, T_U64, 7);
	nla_nest_end(msg, nest);
	list_print(OUT_JSON, msg);
	assert_string_equal(captured,
		"[{\"u16\":[1,2],\"none\":[],\"nest\":[{\"u8\":[3,5],\"u64\":9},"
		"{\"u8\":[4,6],\"u64\":9}],\"last\":{\"u64\":7}}]\n");
	list_print(OUT_TEXT, msg);
	assert_string_equal(captured,
		"u16 1 2\n    u8 3 5 u64 9\n    u8 4 6 u64 9 last u64 7\n");
	nlmsg_free(msg);
}

static void out_empty(void **state)
{
	struct nl_msg *none[] = { NULL };

	(void)state;
	assert_string_equal(printed(OUT_JSON, none), "[]\n");
	assert_string_equal(printed(OUT_TEXT, none), "");
}

static void out_restarts(void **state)
{
	(void)state;
	capture_start();
	out_form_set(OUT_JSON);
	out_begin();
	out_object_open();
	out_uint("old", NULL, 1);
	out_object_close();
	out_restart();
	out_object_open();
	out_uint("new", NULL, 2);
	out_object_close();
	assert_int_equal(out_end(), 0);
	assert_string_equal(capture_stop(), "[{\"new\":2}]\n");
}

static void out_aborts(void **state)
{
	(void)state;
	capture_start();
	out_form_set(OUT_JSON);
	out_begin();
	out_object_open();
	out_abort();
	assert_string_equal(capture_stop(), "");
}

/* A report: two sections, of which one is empty, and no address in it. */
static const char *reported(enum out_form form)
{
	struct in6_addr addr;

	inet_pton(AF_INET6, "2001:db8:1:2:3:4:5:6", &addr);
	capture_start();
	out_form_set(form);
	out_begin();
	out_hide_addresses();
	out_restart();
	out_section("empty");
	out_section("full");
	out_object_open();
	out_in6("addr", NULL, &addr);
	out_endpoint("peer", NULL, &addr, "peer_port", 80);
	out_prefix("host", NULL, &addr, "host_plen", 113);
	out_prefix("net", NULL, &addr, "net_plen", 112);
	out_object_close();
	assert_int_equal(out_end(), 0);
	return capture_stop();
}

static void out_sections(void **state)
{
	(void)state;
	assert_string_equal(reported(OUT_TEXT),
			    "empty:\nnone\n\nfull:\n"
			    "addr 2001:db8:1:2:: host 2001:db8:1:2::/113 net 2001:db8:1:2:3:4:5:6/112\n");
	assert_string_equal(reported(OUT_JSON),
			    "[{\"section\":\"full\",\"addr\":\"2001:db8:1:2::\","
			    "\"host\":\"2001:db8:1:2::\",\"host_plen\":113,"
			    "\"net\":\"2001:db8:1:2:3:4:5:6\",\"net_plen\":112}]\n");
}

/* What one output hides the next one shows. */
static void out_shows_again(void **state)
{
	struct in6_addr addr;

	(void)state;
	reported(OUT_TEXT);
	inet_pton(AF_INET6, "2001:db8::1", &addr);
	capture_start();
	out_begin();
	out_object_open();
	out_in6("addr", NULL, &addr);
	out_object_close();
	assert_int_equal(out_end(), 0);
	assert_string_equal(capture_stop(), "addr 2001:db8::1\n");
}

static void out_streams(void **state)
{
	(void)state;
	capture_start();
	out_form_set(OUT_JSON);
	out_stream();
	out_object_open();
	out_uint("n", NULL, 1);
	out_object_close();
	out_object_open();
	out_uint("n", NULL, 2);
	out_object_close();
	assert_int_equal(out_stream_flush(), 0);
	out_abort();
	assert_string_equal(capture_stop(), "{\"n\":1}\n{\"n\":2}\n");
}

/* What a kernel must never send must never be read beyond its end. */
static void fields_survive_nonsense(void **state)
{
	struct nl_msg *msgs[] = { message_new(), NULL };
	int attr;

	(void)state;
	for (attr = T_STRING; attr <= T_NEST; attr++)
		nla_put(msgs[0], attr, 3, "\x01\x01\x01");
	printed(OUT_JSON, msgs);
	printed(OUT_TEXT, msgs);
	assert_non_null(strstr(captured, "u8 0"));
	assert_null(strstr(captured, "in6"));
	nlmsg_free(msgs[0]);
}

static void fields_name_unknown_words_by_number(void **state)
{
	struct nl_msg *msgs[] = { message_new(), NULL };

	(void)state;
	nla_put_u8(msgs[0], T_WORD, 9);
	printed(OUT_JSON, msgs);
	assert_non_null(strstr(captured, "\"word\":9"));
	nlmsg_free(msgs[0]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(out_both_forms),
		cmocka_unit_test(out_lists),
		cmocka_unit_test(out_empty),
		cmocka_unit_test(out_restarts),
		cmocka_unit_test(out_aborts),
		cmocka_unit_test(out_sections),
		cmocka_unit_test(out_shows_again),
		cmocka_unit_test(out_streams),
		cmocka_unit_test(fields_survive_nonsense),
		cmocka_unit_test(fields_name_unknown_words_by_number),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
