// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the unit tests of umctl that have no file of their own: words to
 * values, the netlink manners tried on families every kernel has, routes, keys.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/genetlink.h>
#include <linux/rtnetlink.h>
#include <linux/umx.h>
#include <net/if.h>
#include <netlink/genl/genl.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cmocka.h>

#include "args.h"
#include "field.h"
#include "nl.h"
#include "out.h"
#include "parse.h"
#include "route.h"
#include "state.h"
#include "words.h"

static void parse_numbers(void **state)
{
	uint32_t n = 7;

	(void)state;
	assert_true(parse_u32("0", 0, 10, &n));
	assert_int_equal(n, 0);
	assert_true(parse_u32("4294967295", 0, UINT32_MAX, &n));
	assert_int_equal(n, UINT32_MAX);
	assert_false(parse_u32("4294967296", 0, UINT32_MAX, &n));
	assert_false(parse_u32("18446744073709551617", 0, UINT32_MAX, &n));
	assert_false(parse_u32("", 0, 10, &n));
	assert_false(parse_u32("-1", 0, 10, &n));
	assert_false(parse_u32("+1", 0, 10, &n));
	assert_false(parse_u32(" 1", 0, 10, &n));
	assert_false(parse_u32("1 ", 0, 10, &n));
	assert_false(parse_u32("0x1", 0, 10, &n));
	assert_false(parse_u32("0", 1, 10, &n));
	assert_false(parse_u32("11", 1, 10, &n));
	assert_int_equal(n, UINT32_MAX);
}

static void parse_addresses(void **state)
{
	static const char *const bad[] = {
		"", ":", "1", "10.0.0.1", "2001:db8::1%lo", "2001:db8::1/64", "2001::db8::1",
		"g::", "2001:db8::1 ", NULL
	};
	struct in6_addr addr;
	int i;

	(void)state;
	assert_true(parse_in6("2001:db8::1", &addr));
	assert_int_equal(addr.s6_addr[15], 1);
	assert_true(parse_in6("::ffff:10.0.0.1", &addr));
	for (i = 0; bad[i]; i++)
		assert_false(parse_in6(bad[i], &addr));
}

static void parse_ipv4(void **state)
{
	static const unsigned char four[16] = { 198, 18, 0, 9 };
	struct in6_addr addr;
	uint8_t plen;

	(void)state;
	memset(&addr, 0xff, sizeof(addr));
	assert_true(parse_in4("198.18.0.9", &addr));
	assert_memory_equal(&addr, four, sizeof(four));
	assert_false(parse_in4("198.18.0", &addr));
	assert_false(parse_in4("198.18.0.256", &addr));
	assert_false(parse_in4("::ffff:198.18.0.9", &addr));
	assert_false(parse_in4("", &addr));
	assert_true(parse_prefix4("198.18.0.9/15", &addr, &plen));
	assert_memory_equal(&addr, four, sizeof(four));
	assert_int_equal(plen, 15);
	assert_true(parse_prefix4("198.18.0.9", &addr, &plen));
	assert_int_equal(plen, 32);
	assert_false(parse_prefix4("198.18.0.0/33", &addr, &plen));
	assert_false(parse_prefix4("198.18.0.0/", &addr, &plen));
	assert_false(parse_prefix4("2001:db8::/32", &addr, &plen));
}

static void parse_prefixes(void **state)
{
	static const char *const bad[] = {
		"", "/", "::/", "::/129", "::/-1", "::/64/64", "::/ 64", "10.0.0.0/8", "/64",
		"1111:2222:3333:4444:5555:6666:7777:8888:9999:aaaa:bbbb/64", NULL
	};
	struct in6_addr addr;
	uint8_t plen;
	int i;

	(void)state;
	assert_true(parse_prefix("2001:db8::/64", &addr, &plen));
	assert_int_equal(plen, 64);
	assert_true(parse_prefix("::/0", &addr, &plen));
	assert_int_equal(plen, 0);
	assert_true(parse_prefix("2001:db8::1", &addr, &plen));
	assert_int_equal(plen, 128);
	/* Host bits are the kernel's to refuse. */
	assert_true(parse_prefix("2001:db8::1/64", &addr, &plen));
	assert_int_equal(addr.s6_addr[15], 1);
	for (i = 0; bad[i]; i++)
		assert_false(parse_prefix(bad[i], &addr, &plen));
}

static void parse_users(void **state)
{
	static const char *const bad[] = {
		"", "-", "-1", "1-", "1-2-3", "1 -2", "0x1", "4294967295", "1-4294967295",
		"99999999999999999-1", "no.such.user", NULL
	};
	uint32_t first, last;
	int i;

	(void)state;
	assert_true(parse_uids("0", &first, &last));
	assert_int_equal(first, 0);
	assert_int_equal(last, 0);
	assert_true(parse_uids("1000-4294967294", &first, &last));
	assert_int_equal(first, 1000);
	assert_int_equal(last, 4294967294);
	/* Which end is which is the kernel's to refuse. */
	assert_true(parse_uids("9-5", &first, &last));
	assert_int_equal(first, 9);
	assert_int_equal(last, 5);
	assert_true(parse_uids("root", &first, &last));
	assert_int_equal(last, 0);
	for (i = 0; bad[i]; i++)
		assert_false(parse_uids(bad[i], &first, &last));
}

static void parse_words(void **state)
{
	static const char *const words[] = { "", "one", "two", NULL };

	(void)state;
	assert_int_equal(parse_word("two", words), 2);
	assert_int_equal(parse_word("tw", words), -1);
	assert_int_equal(parse_word("", words), -1);
}

/* A new enum constant needs its word. */
static void words_are_complete(void **state)
{
	static const struct {
		const char *const *words;
		int max;
	} tables[] = {
		{ words_generator, UMX_GENERATOR_MAX },
		{ words_pool_type, UMX_POOL_TYPE_MAX },
		{ words_listener_mode, UMX_LISTENER_MODE_MAX },
		{ words_addr_state, UMX_ADDR_STATE_MAX },
		{ words_role, UMX_ROLE_MAX },
		{ words_event, UMX_EVENT_MAX },
		{ words_limit_scope, UMX_LIMIT_SCOPE_MAX },
		{ words_stats_kind, UMX_STATS_KIND_MAX },
	};
	size_t i;
	int n;

	(void)state;
	for (i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
		for (n = 0; tables[i].words[n]; n++)
			;
		assert_int_equal(n, tables[i].max + 1);
	}
}

/* What the parser relies on, for every object there is. */
static void verb_is_sound(const struct verb *verb)
{
	const struct arg *arg, *other;
	int count = 0;

	for_each_arg(arg, verb) {
		count++;
		for (other = verb->args; other < arg; other++)
			assert_string_not_equal(other->name, arg->name);
		/* Positions come first, and need no keyword. */
		if (arg->place == ARG_POSITION && arg > verb->args)
			assert_int_equal(arg[-1].place, ARG_POSITION);
		if (arg->type == ARG_WORD || arg->type == ARG_WORD_FLAG)
			assert_non_null(arg->words);
		if (arg->type == ARG_PREFIX || arg->type == ARG_PREFIX4)
			assert_int_not_equal(arg->attr2, 0);
	}
	assert_in_range(count, 0, UMCTL_ARGS_MAX);
}

static void object_is_sound(const struct object *object)
{
	const struct verb *verb;

	assert_non_null(object->help);
	assert_non_null(object->family);
	assert_non_null(verb_default(object));
	for_each_verb(verb, object) {
		if (verb->name)
			assert_ptr_equal(verb_find(object, verb->name), verb);
		verb_is_sound(verb);
	}
}

static void tables_are_sound(void **state)
{
	const struct object *const *entry, *const *part;

	(void)state;
	for_each_object(entry) {
		assert_ptr_equal(object_find((*entry)->name), *entry);
		/* An object has verbs or parts or both; a part begins with its name. */
		assert_true((*entry)->verbs || (*entry)->parts);
		if ((*entry)->verbs)
			object_is_sound(*entry);
		for_each_part(part, *entry) {
			assert_null((*part)->parts);
			assert_null(verb_find(*entry, part_word(*part)));
			assert_ptr_equal(part_find(*entry, part_word(*part)), *part);
			assert_memory_equal((*part)->name, (*entry)->name,
					    strlen((*entry)->name));
			object_is_sound(*part);
		}
	}
}

static const struct family nlctrl = { .name = "nlctrl", .module = "genetlink", .version = 2 };

static void count_messages(const struct nlmsghdr *nlh, void *arg)
{
	(void)nlh;
	++*(int *)arg;
}

static void nl_dumps(void **state)
{
	struct nl_msg *msg = unl_genl(&nlctrl, CTRL_CMD_GETFAMILY, 0);
	int count = 0;

	(void)state;
	assert_non_null(msg);
	assert_int_equal(unl_dump(msg, count_messages, NULL, &count), 0);
	assert_true(count > 0);
}

static void nl_asks(void **state)
{
	struct nl_msg *msg = unl_genl(&nlctrl, CTRL_CMD_GETFAMILY, 0);
	int count = 0;

	(void)state;
	nla_put_string(msg, CTRL_ATTR_FAMILY_NAME, "nlctrl");
	assert_int_equal(unl_call(msg, count_messages, &count), 0);
	assert_int_equal(count, 1);

	msg = unl_genl(&nlctrl, CTRL_CMD_GETFAMILY, 0);
	nla_put_string(msg, CTRL_ATTR_FAMILY_NAME, "no_such_family");
	assert_int_equal(unl_call(msg, count_messages, &count), -ENOENT);
	assert_string_equal(unl_sentence(), "");

	/* The socket is in step after a refusal. */
	nl_dumps(state);
}

/* The kernel's sentence of a refused request, and of a refused dump. */
static void nl_keeps_the_sentence(void **state)
{
	struct rtmsg rtm = { .rtm_family = AF_INET6, .rtm_dst_len = 129 };
	struct nl_msg *msg;

	(void)state;
	msg = unl_route(RTM_NEWROUTE, NLM_F_CREATE, &rtm, sizeof(rtm));
	assert_int_equal(unl_call(msg, NULL, NULL), -EINVAL);
	assert_string_equal(unl_sentence(), "Invalid prefix length");

	rtm = (struct rtmsg){ .rtm_family = AF_INET6, .rtm_scope = 9 };
	msg = unl_route(RTM_GETROUTE, 0, &rtm, sizeof(rtm));
	assert_int_equal(unl_dump(msg, NULL, NULL, NULL), -EINVAL);
	assert_non_null(strstr(unl_sentence(), "Invalid values in header"));

	msg = unl_genl(&nlctrl, CTRL_CMD_GETFAMILY, 0);
	assert_string_equal(unl_sentence(), "");
	nlmsg_free(msg);
}

static void nl_knows_a_missing_family(void **state)
{
	static const struct family none = { .name = "no_such_family", .module = "none" };

	(void)state;
	assert_null(unl_genl(&none, 0, 0));
	assert_int_equal(unl_refused("nothing", -ENOMEM), UMCTL_REFUSED);
}

static int lo_up(void)
{
	struct ifreq ifr = { .ifr_name = "lo", .ifr_flags = IFF_UP };
	int fd = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int ret = ioctl(fd, SIOCSIFFLAGS, &ifr);

	close(fd);
	return ret;
}

/* Whether the kernel has the /64 @hex on lo. */
static bool lo_has_route(const char *hex)
{
	char line[256], key[64];
	FILE *file = fopen("/proc/net/ipv6_route", "re");
	bool found = false;

	assert_non_null(file);
	snprintf(key, sizeof(key), "%s 40 ", hex);
	while (fgets(line, sizeof(line), file))
		if (!strncmp(line, key, strlen(key)) && strstr(line, " lo\n"))
			found = true;
	fclose(file);
	return found;
}

/* A local route as an administrator makes it. */
static int foreign_route_add(const struct in6_addr *addr)
{
	struct rtmsg rtm = {
		.rtm_family = AF_INET6,
		.rtm_dst_len = 64,
		.rtm_table = RT_TABLE_LOCAL,
		.rtm_protocol = RTPROT_BOOT,
		.rtm_type = RTN_LOCAL,
	};
	struct nl_msg *msg = unl_route(RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL, &rtm, sizeof(rtm));

	nla_put(msg, RTA_DST, sizeof(*addr), addr);
	nla_put_u32(msg, RTA_OIF, if_nametoindex("lo"));
	return unl_call(msg, NULL, NULL);
}

/* In a namespace of its own, whoever runs this. */
static void routes_come_and_go(void **state)
{
	static const char hex[] = "20010db8000100ea0000000000000000";
	struct in6_addr addr, foreign;
	struct prefixes list;

	(void)state;
	if (unshare(CLONE_NEWNET))
		skip();
	unl_close();
	parse_in6("2001:db8:1:ea::", &addr);
	parse_in6("2001:db8:2::", &foreign);
	assert_false(route_lo_up());
	assert_int_equal(lo_up(), 0);
	assert_true(route_lo_up());
	assert_int_equal(route_add(&addr, 64), 0);
	/* What is there already is in nobody's way. */
	assert_int_equal(route_add(&addr, 64), 0);
	assert_true(lo_has_route(hex));
	assert_int_equal(route_list(&list), 0);
	assert_int_equal(list.count, 1);
	assert_int_equal(list.list[0].plen, 64);
	assert_memory_equal(&list.list[0].addr, &addr, sizeof(addr));
	prefixes_free(&list);

	/* Somebody else's local route is not on the list. */
	assert_int_equal(foreign_route_add(&foreign), 0);
	assert_int_equal(route_del(&addr, 64), 0);
	assert_int_equal(route_del(&addr, 64), 0);
	assert_false(lo_has_route(hex));
	assert_int_equal(route_list(&list), 0);
	assert_int_equal(list.count, 0);
	prefixes_free(&list);
}

/* A key of its own in a directory of its own, which is the working directory. */
static void key_new(struct keyfile *file)
{
	char dir[] = "/tmp/umctl-unit.XXXXXX";

	assert_non_null(mkdtemp(dir));
	assert_int_equal(chdir(dir), 0);
	assert_int_equal(keyfile_make(file, "key"), UMCTL_DONE);
}

static void key_gone(struct keyfile *file)
{
	char dir[PATH_MAX];

	keyfile_close(file);
	unlink("key");
	unlink("key.state");
	assert_non_null(getcwd(dir, sizeof(dir)));
	assert_int_equal(rmdir(dir), 0);
	assert_int_equal(chdir("/"), 0);
}

/* What pool add does to the state. */
static int reserve(const struct keyfile *file, const char *text, unsigned int host_bits,
		   uint64_t epoch, struct window *window)
{
	struct umx_places places;
	struct state state;
	int ret;

	*window = (struct window){ .host_bits = host_bits, .epoch = epoch };
	assert_true(parse_prefix(text, &window->prefix, &window->plen));
	assert_true(umx_places_init(&places, file->key, &window->prefix, window->plen, host_bits));
	assert_int_equal(state_read(&state, file), UMCTL_DONE);
	ret = state_reserve(&state, &places, window);
	if (!ret)
		assert_int_equal(state_write(&state, file), UMCTL_DONE);
	state_free(&state);
	return ret;
}

/* Windows follow each other in an epoch; another epoch is another generation. */
static void windows_do_not_overlap(void **state)
{
	struct window first, window, last;
	struct keyfile file;
	uint64_t i;

	(void)state;
	key_new(&file);
	assert_int_equal(reserve(&file, "2001:db8:1::/64", 0, 1, &first), UMCTL_DONE);
	assert_int_equal(first.start, 0);
	last = first;
	for (i = 1; i < 4; i++) {
		assert_int_equal(reserve(&file, "2001:db8:1::/64", 0, 1, &window), UMCTL_DONE);
		assert_int_equal(window.generation, first.generation);
		assert_int_equal(window.start, last.end);
		last = window;
	}
	/* used up */
	assert_int_equal(reserve(&file, "2001:db8:1::/64", 0, 1, &window), UMCTL_DONE);
	assert_int_not_equal(window.generation, first.generation);
	assert_int_equal(window.start, 0);
	assert_int_equal(reserve(&file, "2001:db8:1::/64", 0, 2, &last), UMCTL_DONE);
	assert_int_not_equal(last.generation, window.generation);
	assert_int_not_equal(last.generation, first.generation);
	assert_int_equal(last.start, 0);
	/* nor back */
	assert_int_equal(reserve(&file, "2001:db8:1::/64", 0, 1, &window), UMCTL_DONE);
	assert_int_not_equal(window.generation, last.generation);
	assert_int_not_equal(window.generation, first.generation);
	assert_int_equal(reserve(&file, "2001:db8:1::/64", 4, 1, &window), UMCTL_REFUSED);
	key_gone(&file);
}

/* A small pool has one generation, whatever the epoch, and an end. */
static void windows_end(void **state)
{
	struct keyfile file;
	struct window window;
	uint64_t i;

	(void)state;
	key_new(&file);
	for (i = 0; i < 16; i++) {
		assert_int_equal(reserve(&file, "2001:db8:7::/112", 0, i, &window), UMCTL_DONE);
		assert_int_equal(window.generation, 0);
		assert_int_equal(window.start, i * 4096);
		assert_int_equal(window.end, (i + 1) * 4096);
	}
	assert_int_equal(reserve(&file, "2001:db8:7::/112", 0, i, &window), UMCTL_REFUSED);
	assert_int_equal(reserve(&file, "2001:db8:8::/112", 0, i, &window), UMCTL_DONE);
	key_gone(&file);
}

static void state_refuses_what_it_does_not_know(void **state)
{
	static const char *const bad[] = {
		"window\n", "nonsense\n",
		"window 2001:db8::/64 host 0/0 generation 0 counters 0-10 epoch 1 time 1",
		"window 2001:db8::/64 host 0/0 generation 0 counters 0-10 epoch 1 time 1 more\n",
		"window 2001:db8::/64 host 0/0 generation 0 counters 10-10 epoch 1 time 1\n",
		"window 2001:db8::/128 host 0/0 generation 0 counters 0-10 epoch 1 time 1\n",
		"window 2001:db8::/64 host 0/99 generation 0 counters 0-10 epoch 1 time 1\n",
		NULL
	};
	struct keyfile file;
	struct state read;
	int i;

	(void)state;
	key_new(&file);
	for (i = 0; bad[i]; i++) {
		FILE *out = fopen("key.state", "w");

		assert_non_null(out);
		fprintf(out, "# a comment\n%s", bad[i]);
		fclose(out);
		assert_int_equal(state_read(&read, &file), UMCTL_REFUSED);
	}
	unlink("key.state");
	assert_int_equal(state_read(&read, &file), UMCTL_REFUSED);
	key_gone(&file);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(parse_numbers),
		cmocka_unit_test(parse_addresses),
		cmocka_unit_test(parse_prefixes),
		cmocka_unit_test(parse_users),
		cmocka_unit_test(parse_ipv4),
		cmocka_unit_test(parse_words),
		cmocka_unit_test(words_are_complete),
		cmocka_unit_test(tables_are_sound),
		cmocka_unit_test(nl_dumps),
		cmocka_unit_test(nl_asks),
		cmocka_unit_test(nl_keeps_the_sentence),
		cmocka_unit_test(nl_knows_a_missing_family),
		cmocka_unit_test(windows_do_not_overlap),
		cmocka_unit_test(windows_end),
		cmocka_unit_test(state_refuses_what_it_does_not_know),
		cmocka_unit_test(routes_come_and_go),
	};
	int failed;

	failed = cmocka_run_group_tests(tests, NULL, NULL);
	unl_close();
	return failed;
}
