// SPDX-License-Identifier: GPL-2.0
/* This file owns the unit tests of umx-dns's pure parts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "backend.h"
#include "hosts.h"
#include "lease.h"
#include "limit.h"
#include "message.h"
#include "qname.h"
#include "state.h"
#include "totp.h"

/* --- names as they are asked for --- */

static void test_qname_clean(void **state)
{
	static const char *const bad[] = {
		"", ".", "..", "a..b", ".a", "a b", "a\\046b", "a*", "a.*.b", "\xc3\xa4.de",
		"0123456789012345678901234567890123456789012345678901234567890123.x",
		"x.0123456789012345678901234567890123456789012345678901234567890123",
	};
	char name[DOMAIN_SIZE], longest[300];
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(qname_clean(bad[i], name));
	assert_true(qname_clean("WwW.Example.NET.", name));
	assert_string_equal(name, "www.example.net");
	assert_true(qname_clean("*.example.net", name));
	assert_true(qname_clean("_a-1.b", name));
	for (i = 0; i < sizeof(longest); i += 2)
		memcpy(longest + i, "a.", 2);
	longest[253] = '\0';
	assert_true(qname_clean(longest, name));
	longest[253] = '.';
	longest[254] = 'a';
	longest[255] = '\0';
	assert_false(qname_clean(longest, name));
}

static void test_qname_split(void **state)
{
	char token[LABEL_SIZE], service[LABEL_SIZE];

	assert_true(qname_split("one.example", "one.example", token, service));
	assert_string_equal(token, "");
	assert_string_equal(service, "");
	assert_true(qname_split("ssh.one.example", "one.example", token, service));
	assert_string_equal(token, "");
	assert_string_equal(service, "ssh");
	assert_true(qname_split("abc.ssh.one.example", "one.example", token, service));
	assert_string_equal(token, "abc");
	assert_string_equal(service, "ssh");
	assert_false(qname_split("x.abc.ssh.one.example", "one.example", token, service));
	assert_false(qname_split("sshone.example", "one.example", token, service));
	assert_false(qname_split("example", "one.example", token, service));
	assert_false(qname_split("", "one.example", token, service));
}

/* --- prefixes --- */

static void prefix_is(const char *text, const char *wanted)
{
	struct prefix prefix;
	char got[PREFIX_CHARS];

	assert_true(prefix_read(text, &prefix));
	prefix_write(&prefix, got);
	assert_string_equal(got, wanted);
}

static void test_prefix(void **state)
{
	static const char *const bad[] = {
		"", "/", "/64", "::/129", "::/", "::/-1", "::/1x", "::/0001", "1.2.3/8",
		"1.2.3.4/33", "fe80::1%lo", "2001:db8::g",
	};
	struct prefix a, b;
	size_t i;

	prefix_is("2001:db8::1/32", "2001:db8::/32");
	prefix_is("2001:db8:ffff::/33", "2001:db8:8000::/33");
	prefix_is("2001:db8::1", "2001:db8::1/128");
	prefix_is("192.0.2.7", "192.0.2.7/32");
	prefix_is("192.0.2.7/24", "192.0.2.0/24");
	prefix_is("0.0.0.0/0", "0.0.0.0/0");
	prefix_is("::/0", "::/0");
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(prefix_read(bad[i], &a));
	assert_true(prefix_read("2001:db8:1::/48", &a) && prefix_read("2001:db8::/32", &b));
	assert_true(prefix_in(&a, &b));
	assert_false(prefix_in(&b, &a));
	assert_true(prefix_in(&a, &a));
	assert_true(prefix_read("2001:db9::/32", &b));
	assert_false(prefix_in(&a, &b));
	prefix_widen(&a, 32);
	assert_int_equal(a.plen, 32);
	prefix_widen(&a, 64);
	assert_int_equal(a.plen, 32);
}

/* --- secrets --- */

static void test_base32(void **state)
{
	/* RFC 4648, 10, without padding. */
	static const struct {
		const char *bytes;
		const char *text;
	} vectors[] = {
		{ "", "" }, { "f", "my" }, { "fo", "mzxq" }, { "foo", "mzxw6" },
		{ "foob", "mzxw6yq" }, { "fooba", "mzxw6ytb" }, { "foobar", "mzxw6ytboi" },
	};
	uint8_t bytes[16];
	char text[32];
	size_t i, len;

	for (i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
		len = strlen(vectors[i].bytes);
		base32_write((const uint8_t *)vectors[i].bytes, len, text);
		assert_string_equal(text, vectors[i].text);
		assert_true(base32_read(vectors[i].text, bytes, len));
		assert_memory_equal(bytes, vectors[i].bytes, len);
		assert_false(base32_read(vectors[i].text, bytes, len + 1));
	}
	assert_true(base32_read("MZXW6", bytes, 3));
	assert_false(base32_read("mzxw6ytb", bytes, 4));
	assert_false(base32_read("mzxw1", bytes, 3));
	assert_false(base32_read("mz", bytes, 1));	/* bits beyond the byte */
	assert_true(base32_read("mq", bytes, 1));
}

static void test_token(void **state)
{
	uint8_t key[KEY_BYTES] = { 1 }, a[TAG_BYTES], b[TAG_BYTES];
	char one[TOKEN_CHARS + 1], two[TOKEN_CHARS + 1];

	assert_true(token_new(one) && token_new(two));
	assert_int_equal(strlen(one), TOKEN_CHARS);
	assert_true(token_form(one));
	assert_string_not_equal(one, two);
	assert_false(token_form("abc"));
	assert_false(token_form("zzzzzzzzzzzzzzzzzzzzzzzzzz"));	/* bits beyond 128 */
	tag_make(key, "ssh", one, a);
	tag_make(key, "ssh", one, b);
	assert_true(tag_same(a, b));
	tag_make(key, "www", one, b);
	assert_false(tag_same(a, b));
	tag_make(key, "sshx", one, a);
	tag_make(key, "ssh", "x", b);
	assert_false(tag_same(a, b));
	key[0] = 2;
	tag_make(key, "ssh", one, b);
	assert_false(tag_same(a, b));
}

/* RFC 6238, appendix B, SHA-1: the eight digits are truncated (RFC 4226, 5.3)
 * from the HMAC the label is made of.
 */
static void test_totp(void **state)
{
	static const struct {
		uint64_t time;
		uint32_t digits;
	} vectors[] = {
		{ 59, 94287082 }, { 1111111109, 7081804 }, { 1111111111, 14050471 },
		{ 1234567890, 89005924 }, { 2000000000, 69279037 }, { 20000000000, 65353130 },
	};
	static const uint8_t secret[] = "12345678901234567890";
	char label[TOKEN_CHARS + 1], text[TOKEN_CHARS + 1];
	uint8_t hmac[TOTP_HMAC];
	uint32_t number;
	size_t i;
	int at;

	for (i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
		totp_hmac(secret, TOTP_BYTES, totp_step(vectors[i].time), hmac);
		at = hmac[19] & 15;
		number = (uint32_t)(hmac[at] & 0x7f) << 24 | hmac[at + 1] << 16 |
			 hmac[at + 2] << 8 | hmac[at + 3];
		assert_int_equal(number % 100000000, vectors[i].digits);
		totp_label(secret, totp_step(vectors[i].time), label);
		base32_write(hmac, TOKEN_BYTES, text);
		assert_string_equal(label, text);
	}
}

/* --- limits --- */

static void test_bucket(void **state)
{
	struct bucket bucket = {};
	int64_t now = 1000000;
	int i, got;

	for (got = 0; bucket_fits(&bucket, 10, 60000, now); got++)
		bucket_take(&bucket, 60000);
	assert_int_equal(got, 10);
	assert_false(bucket_fits(&bucket, 10, 60000, now + 5999));
	assert_true(bucket_fits(&bucket, 10, 60000, now + 6000));
	bucket_take(&bucket, 60000);
	/* Asked all the time, it does not lose what is less than one. */
	for (i = 1, got = 0; i <= 60000; i++)
		if (bucket_fits(&bucket, 10, 60000, now + 6000 + i)) {
			bucket_take(&bucket, 60000);
			got++;
		}
	assert_int_equal(got, 10);
	/* Away for long: full, and no more. */
	for (got = 0; bucket_fits(&bucket, 10, 60000, now + (1ll << 40)); got++)
		bucket_take(&bucket, 60000);
	assert_int_equal(got, 10);
	/* The clock goes back: nothing is gained. */
	assert_false(bucket_fits(&bucket, 10, 60000, 5));
	assert_true(bucket_fits(&bucket, 0, 60000, 5));
	memset(&bucket, 0, sizeof(bucket));
	for (got = 0; bucket_fits(&bucket, RATE_MAX, 60000, now); got++)
		bucket_take(&bucket, 60000);
	assert_int_equal(got, RATE_MAX);
	assert_false(bucket_fits(&bucket, RATE_MAX, 60000, now));
	assert_true(bucket_fits(&bucket, RATE_MAX, 60000, now + 59999));
}

/* --- messages of PowerDNS --- */

#define LOOKUP "{\"method\":\"lookup\",\"parameters\":{\"qtype\":\"ANY\"," \
	"\"qname\":\"X.ssh.One.example.\",\"zone-id\":-1,\"local\":\"::\"," \
	"\"remote\":\"2001:db8::53\",\"real-remote\":\"%s\"}}"

static bool lookup(const char *real, struct request *request)
{
	char text[512];

	snprintf(text, sizeof(text), LOOKUP, real);
	return backend_read(text, strlen(text), request);
}

static void test_backend_read(void **state)
{
	static const char *const bad[] = {
		"", "{", "[]", "1", "null", "\"lookup\"", "{}", "{\"method\":1}",
		"{\"method\":\"lookup\"}", "{\"method\":\"lookup\",\"parameters\":[]}",
		"{\"method\":\"lookup\",\"parameters\":{\"qname\":\"a\"}}",
		"{\"method\":\"lookup\",\"parameters\":{\"qname\":1,\"qtype\":\"A\"}}",
		"{\"method\":\"lookup\",\"parameters\":{\"qname\":\"a\",\"qtype\":\"0123456789abcdef0123456789abcdef\"}}",
		"{\"method\":\"initialize\"} {", "{\"a\":{\"b\":{\"c\":{\"d\":{}}}}}",
		"{\"method\":\"lookup\\u0000\"}",
	};
	char deep[3000], far[PREFIX_CHARS];
	struct request request;
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(backend_read(bad[i], strlen(bad[i]), &request));
	memset(deep, '[', sizeof(deep));
	deep[sizeof(deep) - 1] = '\0';
	assert_false(backend_read(deep, strlen(deep), &request));

	assert_true(backend_read("{\"method\":\"initialize\"} ", 24, &request));
	assert_int_equal(request.method, METHOD_INITIALIZE);
	assert_true(backend_read("{\"method\":\"startTransaction\",\"parameters\":{}}", 45, &request));
	assert_int_equal(request.method, METHOD_OTHER);

	assert_true(backend_read("{\"method\":\"getDomainMetadata\",\"parameters\":{\"name\":\"A.b.\","
				 "\"kind\":\"NSEC3PARAM\"}}", 79, &request));
	assert_int_equal(request.method, METHOD_METADATA);
	assert_string_equal(request.name, "a.b");
	assert_string_equal(request.type, "NSEC3PARAM");

	assert_true(lookup("2001:db8::53/128", &request));
	assert_int_equal(request.method, METHOD_LOOKUP);
	assert_string_equal(request.name, "x.ssh.one.example");
	assert_string_equal(request.type, "ANY");
	assert_false(request.asker.subnet);
	assert_true(lookup("2001:db8:7::/48", &request));
	assert_true(request.asker.subnet);
	prefix_write(&request.asker.prefix, far);
	assert_string_equal(far, "2001:db8:7::/48");
	assert_true(lookup("192.0.2.0/24", &request));
	assert_true(request.asker.subnet);
	assert_true(lookup("nonsense", &request));
	assert_false(request.asker.subnet);
}

static void reply_is(char *reply, const char *wanted)
{
	assert_string_equal(reply, wanted);
	free(reply);
}

static void test_backend_write(void **state)
{
	struct json_object *records = backend_records();

	reply_is(backend_bool(true), "{\"result\":true}\n");
	reply_is(backend_reply(backend_records()), "{\"result\":[]}\n");
	backend_record(records, "a.b", "TXT", "\"q\\\"", 5);
	reply_is(backend_reply(records), "{\"result\":[{\"qtype\":\"TXT\",\"qname\":\"a.b.\","
		 "\"content\":\"\\\"q\\\\\\\"\",\"ttl\":5,\"auth\":1,\"domain_id\":1}]}\n");
}

/* --- messages of hosts --- */

static void test_message(void **state)
{
	struct message one = { .id = 7, .service = "ssh", .label = "x", .asker.subnet = true }, two;
	char *line;

	prefix_read("2001:db8::/56", &one.asker.prefix);
	line = message_question(&one);
	assert_true(message_read_question(line, strlen(line), &two));
	free(line);
	assert_memory_equal(&one, &two, sizeof(one));

	memset(&one, 0, sizeof(one));
	one.id = UINT32_MAX;
	for (one.grant = GRANT_NONE; one.grant <= GRANT_UNABLE; one.grant++) {
		one.addr = one.grant == GRANT_ADDRESS ? in6addr_loopback : in6addr_any;
		line = message_answer(&one);
		assert_true(message_read_answer(line, strlen(line), &two));
		free(line);
		assert_memory_equal(&one, &two, sizeof(one));
	}
	assert_false(message_read_answer("{\"id\":-1}", 9, &two));
	assert_false(message_read_answer("{\"id\":1,\"address\":\"x\"}", 22, &two));
	assert_false(message_read_question("{\"id\":1,\"service\":\"a.b\",\"asker\":\"::\"}", 37, &two));
	assert_false(message_read_question("{\"id\":1,\"service\":\"a\"}", 22, &two));
	assert_true(message_read_question("{\"id\":1}", 8, &two));
}

/* --- names that were given out --- */

static struct name *name_make(struct names *names, const char *service, const char *token)
{
	struct name *name = name_new(names);
	uint8_t tag[TAG_BYTES];

	strcpy(name->service, service);
	tag_make(names->key, service, token, tag);
	name_tag(name, tag);
	name_add(names, name);
	return name;
}

static void test_names(void **state)
{
	char label[TOKEN_CHARS + 1];
	struct names names;
	struct name *a, *b, *totp;

	assert_true(names_init(&names));
	a = name_make(&names, "ssh", "one");
	b = name_make(&names, "www", "one");
	assert_ptr_equal(name_find(&names, "ssh", "one"), a);
	assert_ptr_equal(name_find(&names, "www", "one"), b);
	assert_null(name_find(&names, "ssh", "two"));
	assert_ptr_equal(name_by_id(&names, a->id), a);
	name_del(&names, a);
	assert_null(name_find(&names, "ssh", "one"));
	assert_null(name_by_id(&names, 1));
	assert_int_equal(names.index.count, 1);
	assert_int_equal(names.next, 3);

	names_turn(&names, 1000000);
	totp = name_new(&names);
	totp->kind = NAME_TOTP;
	strcpy(totp->service, "ssh");
	name_add(&names, totp);
	totp_label(totp->secret, totp_step(1000000), label);
	assert_ptr_equal(name_find(&names, "ssh", label), totp);
	names_turn(&names, 1000030);
	assert_ptr_equal(name_find(&names, "ssh", label), totp);
	names_turn(&names, 1000060);
	assert_null(name_find(&names, "ssh", label));
	names_turn(&names, 999970);
	assert_ptr_equal(name_find(&names, "ssh", label), totp);
	names_free(&names);
}

static void test_state(void **state)
{
	char path[] = "/tmp/umx-dns-test.XXXXXX";
	struct names out, in;
	struct name *name;
	struct stat st;
	int fd = mkstemp(path);

	close(fd);
	assert_true(names_init(&out) && names_init(&in));
	name_make(&out, "ssh", "one");
	name = name_make(&out, "www", "two");
	strcpy(name->who, "bob");
	prefix_read("2001:db8::/32", &name->from);
	name->uses = 5;
	name->used = 2;
	name_del(&out, name_by_id(&out, 1));
	assert_true(state_write(&out, path));
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_true(state_read(&in, path));
	assert_int_equal(in.count, 1);
	assert_int_equal(in.next, 3);
	assert_null(name_find(&in, "ssh", "one"));
	name = name_find(&in, "www", "two");
	assert_non_null(name);
	assert_string_equal(name->who, "bob");
	assert_int_equal(name->uses, 5);
	assert_int_equal(name->used, 2);
	assert_int_equal(name->from.plen, 32);
	names_free(&out);
	names_free(&in);

	assert_true(names_init(&in));
	assert_false(state_line(&in, "{\"id\":1}"));
	assert_false(state_line(&in, "{\"id\":0,\"service\":\"ssh\"}"));
	assert_false(state_line(&in, "not json"));
	unlink(path);
	assert_true(state_read(&in, path));
	assert_false(state_read(&in, "/dev/null/x"));
	assert_false(state_write(&in, "/dev/null/x"));
	names_free(&in);
}

static void test_leases(void **state)
{
	struct name name = { .id = 1 }, other = { .id = 2 };
	struct prefix here, there;
	struct leases leases;
	struct in6_addr addr = {};
	struct lease *lease;
	int i;

	assert_true(leases_init(&leases));
	prefix_read("2001:db8:1::/48", &here);
	prefix_read("2001:db8:2::/48", &there);
	for (i = 1; i <= 5000; i++) {
		addr.s6_addr32[3] = i;
		assert_non_null(lease_add(&leases, &name, &addr, i == 5000 ? &here : &there, i));
	}
	assert_int_equal(leases_count(&leases), 5000);
	assert_int_equal(name.waiting, 5000);
	lease = lease_find(&leases, &addr);
	assert_ptr_equal(lease_held(&leases, &name, &here, 5000), lease);
	assert_null(lease_held(&leases, &name, &here, 5001));
	assert_null(lease_held(&leases, &other, &here, 0));
	assert_int_equal(lease_held(&leases, &name, &there, 0)->made, 4999);
	lease_del(&leases, lease);
	assert_null(lease_find(&leases, &addr));
	assert_null(lease_held(&leases, &name, &here, 0));
	leases_free(&leases);
	assert_int_equal(name.waiting, 0);
}

/* --- hosts --- */

static bool down[4];

static bool alive(int peer)
{
	return peer < 0 || !down[peer];
}

static void test_hosts(void **state)
{
	struct service service = {
		.host_count = 3,
		.hosts = { { -1, 1, 0 }, { 0, 2, 0 }, { 1, 1, 0 } },
	};
	int got[3] = {}, i;

	for (i = 0; i < 400; i++)
		got[host_next(&service, 0, alive)]++;
	assert_int_equal(got[0], 100);
	assert_int_equal(got[1], 200);
	assert_int_equal(got[2], 100);
	down[0] = true;
	memset(got, 0, sizeof(got));
	for (i = 0; i < 100; i++)
		got[host_next(&service, 0, alive)]++;
	assert_int_equal(got[1], 0);
	assert_int_equal(got[0], 50);
	assert_int_equal(host_next(&service, 1, alive), 2);
	assert_int_equal(host_next(&service, 5, alive), -1);
	down[0] = false;
}

static void test_memory(void **state)
{
	static struct memory memory;
	struct asker asker = {};
	uint64_t a, b;

	assert_true(memory_init(&memory));
	a = memory_hash(&memory, "ssh", "x", &asker);
	asker.prefix.plen = 1;
	b = memory_hash(&memory, "ssh", "x", &asker);
	assert_true(a != b);
	memory_keep(&memory, a, 2, 100);
	assert_int_equal(memory_find(&memory, a, 100), 2);
	assert_int_equal(memory_find(&memory, a, 101), -1);
	assert_int_equal(memory_find(&memory, b, 0), -1);
}

/* --- the configuration --- */

static struct config config;

static bool config_of(const char *text)
{
	FILE *file = fmemopen((void *)text, strlen(text), "r");
	bool good = config_read(&config, file, "test");

	fclose(file);
	return good;
}

#define ZONE "zone One.Example ns a.one.example\n"

static void test_config(void **state)
{
	static const char *const bad[] = {
		"# nothing\n", "zone a\n", "zone a ns\n", ZONE "zone b ns c\n", ZONE "zzz\n",
		ZONE "lifetime\n", ZONE "lifetime x\n", ZONE "lifetime 0\n", ZONE "lifetime 1 2\n",
		ZONE "service ssh\n", ZONE "service a.b port 1\n", ZONE "service ssh port 0\n",
		ZONE "service ssh port 65536\n", ZONE "service ssh port 22\nservice ssh port 22\n",
		ZONE "service ssh port 22 host nobody\n", ZONE "service ssh weight 1 port 22\n",
		ZONE "peer p addr ::1\n", ZONE "peer p port 1\n", ZONE "peer p addr ::1 port 1\n",
		ZONE "site 10.0.0.0/8\n", ZONE "record a.other TXT x\n", ZONE "record x TXT\n",
		ZONE "tls cert a key b\n", ZONE "listen ::\n", ZONE "backend /x user y\n",
		ZONE "a b c d e f g h i j k l m n o p q r s t u v w x y z\n",
	};
	struct service *service;
	size_t i;

	/* What is wrong goes to stderr. */
	assert_non_null(freopen("/dev/null", "w", stderr));
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(config_of(bad[i]));
	assert_true(config_of(ZONE "# a comment\n\n  service ssh port 22 # another\n"
			      "service www public port 80\nlifetime 30\nsite 2001:db8::/32\n"
			      "record x.one.example TXT \"a  b\"\ntls cert a key b ca c\n"
			      "peer p.example addr 2001:db8::1 port 853\n"
			      "service far host p.example weight 3\n"
			      "service both port 1 host here host p.example\n"));
	assert_string_equal(config.zone, "one.example");
	assert_int_equal(config.lifetime, 30);
	assert_string_equal(config.records[0].content, "\"a b\"");
	service = config_service(&config, "ssh");
	assert_int_equal(service->port, 22);
	assert_int_equal(service->hosts[0].peer, -1);
	assert_true(config_service(&config, "www")->public);
	assert_int_equal(config_service(&config, "far")->hosts[0].weight, 3);
	assert_int_equal(config_service(&config, "both")->host_count, 2);
	assert_null(config_service(&config, "none"));
	assert_true(config_of("zone a ns b"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_qname_clean),
		cmocka_unit_test(test_qname_split),
		cmocka_unit_test(test_prefix),
		cmocka_unit_test(test_base32),
		cmocka_unit_test(test_token),
		cmocka_unit_test(test_totp),
		cmocka_unit_test(test_bucket),
		cmocka_unit_test(test_backend_read),
		cmocka_unit_test(test_backend_write),
		cmocka_unit_test(test_message),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_state),
		cmocka_unit_test(test_leases),
		cmocka_unit_test(test_hosts),
		cmocka_unit_test(test_memory),
		cmocka_unit_test(test_config),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
