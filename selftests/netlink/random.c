// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the random messages. Number N of a seed is always the same
 * message. Most are requests with something wrong, some are right, some are
 * noise. Whatever is refused is refused with an error there is and a sentence.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "nlfuzz.h"

static uint64_t rng;

/* splitmix64 */
static uint64_t r64(void)
{
	uint64_t z = (rng += 0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
	return z ^ (z >> 31);
}

static unsigned int below(unsigned int n)
{
	return r64() % n;
}

static bool one_in(unsigned int n)
{
	return !below(n);
}

static void noise(void *data, int len)
{
	unsigned char *p = data;

	while (len-- > 0)
		*p++ = r64();
}

static const char *any_of(const char * const *list, unsigned int n)
{
	return list[below(n)];
}

/* --- requests that could be right --- */

static void put_name(struct message *m, unsigned short type)
{
	static const char * const list[] = { "ea", "ssa", "ea", "ssa", "ssa", "a", "b", "", ".x", "x/y" };
	char text[48];
	int len;

	if (!one_in(8)) {
		message_put_text(m, type, NAME, any_of(list, COUNT(list)));
		return;
	}
	len = below(sizeof(text));
	noise(text, len);
	message_put(m, type, text, len);
}

static void put_in6(struct message *m, unsigned short type)
{
	static const char * const list[] = {
		"2001:db8:1:ea::", "2001:db8:2:55a::", "2001:db8:3::", "2001:db8:4::",
		"2001:db8:5:6::", "2001:db8:7::", "2001:db8:8::", "2001:db8::", "::", "::1",
		"fe80::", "ff02::1", "::ffff:192.0.2.1", "2001:db8:2:55a::77",
		"2001:db8:2:55a:fdff:ffff:ffff:fffe",
	};
	unsigned char in6[16] = { 0x20, 0x01, 0x0d, 0xb8, 0, 2, 0x05, 0x5a };

	if (!one_in(4)) {
		message_put_text(m, type, IN6, any_of(list, COUNT(list)));
		return;
	}
	if (one_in(4))
		noise(in6, 8);
	noise(in6 + 8, 8);
	message_put(m, type, in6, 16);
}

static void put_in4(struct message *m, unsigned short type)
{
	static const char * const list[] = {
		"198.18.0.0", "198.18.0.0", "198.18.0.1", "198.18.0.10", "198.18.0.10", "198.18.0.11",
		"192.0.2.0", "192.0.2.0", "203.0.113.0", "10.0.0.0", "0.0.0.0", "127.0.0.1",
		"224.0.0.1", "255.255.255.255",
	};
	unsigned char in4[4] = { 198, 18 };

	if (!one_in(4)) {
		message_put_text(m, type, IN4, any_of(list, COUNT(list)));
		return;
	}
	noise(in4 + 2 * !one_in(4), 2);
	message_put(m, type, in4, 4);
}

static void put_number(struct message *m, const struct attr_spec *a)
{
	static const unsigned int lengths[] = { 64, 64, 64, 64, 48, 128, 112, 0 };
	static const unsigned int ports[] = { 80, 80, 80, 80, 81, 82, 1, 65535 };
	static const unsigned int u32s[] = { 0, 1, 2, 3, 60, 0x7fffffff, 0x80000000, 0xffffffff };
	uint64_t v = u32s[below(COUNT(u32s))];

	if (one_in(16))
		v = r64();
	else if (a->form == U8 && (a->max == 128 || a->max == 0xff))
		v = lengths[below(COUNT(lengths))];
	else if (a->form == U8 && a->max == 32)
		v = one_in(2) ? 24 : below(33);
	else if (a->form == U8)
		v = a->min + below(a->max - a->min + 1);
	else if (a->form == PORT)
		v = ports[below(COUNT(ports))];
	else if (a->form == PID)
		v = one_in(3) ? 1 : one_in(2) ? (uint32_t)getpid() : (uint32_t)getppid();
	message_put(m, a->type, &v, form_size(a->form));
}

/* Addresses in a nest; now and then one that is none. */
static void put_nest(struct message *m, const struct attr_spec *a)
{
	struct {
		struct nlattr nla;
		uint8_t in6[16];
	} inner[3];
	unsigned int n = below(COUNT(inner) + 1), i;

	for (i = 0; i < n; i++) {
		noise(inner[i].in6, 16);
		inner[i].nla.nla_type = a->min + below(a->max - a->min + 1 + one_in(8));
		inner[i].nla.nla_len = one_in(8) ? below(24) : sizeof(inner[i]);
	}
	message_put(m, a->type | NLA_F_NESTED, inner, n * sizeof(inner[0]));
}

static void put(struct message *m, const struct attr_spec *a)
{
	switch (a->form) {
	case NAME:
		put_name(m, a->type);
		break;
	case IN4:
		put_in4(m, a->type);
		break;
	case IN6:
		put_in6(m, a->type);
		break;
	case FLAG:
		message_put(m, a->type, "", 0);
		break;
	case NEST:
		put_nest(m, a);
		break;
	default:
		put_number(m, a);
	}
}

static void request(struct message *m, const struct family_spec *f)
{
	const struct cmd_spec *c = &f->cmds[below(f->n)];
	const struct attr_spec *a;
	const struct value *v;
	bool plain;

	/* the rare ones empty or close everything, and wait for all processors */
	if ((c->cmd == UMX_CMD_DRAIN || c->cmd == UMX_CMD_POOL_DEL) && f == families && !one_in(16))
		c = cmd_find(f, UMX_CMD_SSA_ADD);
	message_begin(m, f, c->cmd, c->dump);
	/* most SSAs are for any client: most prefixes of clients are refused */
	plain = (c->cmd == UMX_CMD_SSA_ADD || c->cmd == UMX_CMD_SSA_LEASE) && f == families &&
		!one_in(4);
	for (a = c->takes; a->type; a++) {
		if (plain && (a->type == UMX_SSA_A_FROM || a->type == UMX_SSA_A_FROM_PLEN))
			continue;
		for (v = c->base; v->type && v->type != a->type; v++)
			;
		if (a->form == FLAG ? one_in(24) : v->type ? !one_in(16) : one_in(8))
			put(m, a);
	}
	/* one spool has most of the pairs */
	if (c->cmd == UMX_BIS_CMD_SPOOL_DEL && f == &families[3] && !one_in(16))
		message_genl(m)->cmd = UMX_BIS_CMD_MAP_DEL;
	/* most limits let SSAs be */
	if (c->cmd == UMX_CMD_LIMIT_SET && f == families && !one_in(8))
		message_put(m, UMX_LIMIT_A_SSA, &(uint32_t){ UMX_LIMIT_NONE }, 4);
	/* most drains end one */
	if (c->cmd == UMX_CMD_DRAIN && f == families && !one_in(8))
		message_put(m, UMX_DRAIN_A_OFF, "", 0);
}

/* --- what goes wrong with them --- */

static void mutate(struct message *m)
{
	struct nlattr *at[64];
	struct genlmsghdr *genl = message_genl(m);
	int left, n = message_attrs(m, at, COUNT(at), &left), extra;
	struct nlattr *a = n ? at[below(n)] : NULL;

	switch (below(12)) {
	case 0:
		m->b[HEADERS + below(m->len - HEADERS + 1)] ^= 1 << below(8);
		break;
	case 1:
		m->b[NLMSG_HDRLEN + below(m->len - NLMSG_HDRLEN)] = r64();
		break;
	case 2:
		if (a)
			a->nla_len = one_in(4) ? r64() : below(40);
		break;
	case 3:
		if (a)
			a->nla_type = one_in(4) ? r64() : below(20);
		break;
	case 4:
		if (a)
			a->nla_type |= one_in(2) ? NLA_F_NESTED : NLA_F_NET_BYTEORDER;
		break;
	case 5:
		m->len = NLMSG_HDRLEN + below(m->len - NLMSG_HDRLEN + 1);
		m->nlh.nlmsg_len = m->len;
		break;
	case 6:
		extra = below(64);
		if (m->len + extra > (int)sizeof(m->b))
			break;
		noise(m->b + m->len, extra);
		m->len += extra;
		m->nlh.nlmsg_len = m->len;
		break;
	case 7:
		if (a)
			message_put(m, a->nla_type, (char *)a + NLA_HDRLEN, a->nla_len - NLA_HDRLEN);
		break;
	case 8:
		genl->cmd = one_in(2) ? r64() : below(20);
		break;
	case 9:
		if (one_in(2))
			genl->version = r64();
		else
			genl->reserved = r64();
		break;
	case 10:
		m->nlh.nlmsg_flags = one_in(2) ? m->nlh.nlmsg_flags ^ NLM_F_DUMP :
				     m->nlh.nlmsg_flags ^ (1 << below(16));
		break;
	case 11:
		m->nlh.nlmsg_len = one_in(2) ? r64() : below(m->len + 8);
		break;
	}
}

static void make(struct message *m, uint64_t seed, uint64_t number)
{
	/* half of them are for umx, which has most commands */
	static const unsigned char which[] = { 0, 0, 0, 0, 1, 2, 3, 3 };
	const struct family_spec *f;
	int i, n;

	rng = seed + number * 0xd1342543de82ef95;
	f = &families[which[below(COUNT(which))]];
	if (one_in(8)) {
		message_begin(m, f, 1 + below(f->n + 1), one_in(2));
		m->len = HEADERS + below(200);
		m->nlh.nlmsg_len = m->len;
		noise(m->b + HEADERS, m->len - HEADERS);
	} else {
		request(m, f);
		n = one_in(2) ? 0 : 1 + below(3);
		for (i = 0; i < n && m->len > HEADERS; i++)
			mutate(m);
	}
	/* nobody else is to be disturbed: other families, messages behind this one */
	m->nlh.nlmsg_type = f->id;
	if (m->nlh.nlmsg_len >= NLMSG_HDRLEN && m->nlh.nlmsg_len < (unsigned int)m->len)
		m->len = m->nlh.nlmsg_len;
	m->nlh.nlmsg_seq = 1 + (number & 0xffff);
	m->nlh.nlmsg_pid = 0;
}

/* Refusals of the core that have no sentence: no whole header, no such command or dump. */
static bool may_be_mute(struct message *m, int error)
{
	const struct family_spec *f = families;
	const struct cmd_spec *c;
	bool dump = (m->nlh.nlmsg_flags & NLM_F_DUMP) == NLM_F_DUMP;

	while (f->id != m->nlh.nlmsg_type)
		f++;
	c = cmd_find(f, message_genl(m)->cmd);
	if (error == ENOMEM || error == ENOBUFS)
		return true;
	if (m->nlh.nlmsg_len < (unsigned int)HEADERS)
		return error == EINVAL;
	return error == EOPNOTSUPP && (!c || c->dump != dump);
}

/*
 * Send @count messages from number @from on; @show prints each with its answer.
 * Return: was each answered as promised?
 */
bool random_messages(uint64_t seed, uint64_t from, uint64_t count, bool show)
{
	unsigned int tally[256] = { 0 }, silent = 0, i;
	uint64_t n, bad = 0;
	struct message m;
	struct answer a;
	time_t start = time(NULL);

	for (n = from; n < from + count; n++) {
		const char *name;

		make(&m, seed, n);
		talk(&m, &a);
		name = error_name(a.error);
		if (a.error == SILENCE)
			silent++;
		else
			tally[a.error & 0xff]++;
		if (show || !name ||
		    (a.error > 0 && !a.sentence[0] && !may_be_mute(&m, a.error))) {
			bad += !show;
			printf("number %llu of seed %llu: %s (%d) \"%s\"\n",
			       (unsigned long long)n, (unsigned long long)seed,
			       name ? name : "an error nobody has promised", a.error, a.sentence);
			message_print(&m);
		}
	}
	printf("seed %llu: %llu messages in %ld s, %u silent", (unsigned long long)seed,
	       (unsigned long long)count, (long)(time(NULL) - start), silent);
	for (i = 0; i < COUNT(tally); i++)
		if (tally[i])
			printf(", %u %s", tally[i], error_name(i) ? error_name(i) : "?");
	printf("\n");
	return !bad;
}
