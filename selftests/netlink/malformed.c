// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the malformed messages: every command, with every way of
 * putting it wrongly. Each must be refused with the right error and a
 * sentence, and change nothing.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include "nlfuzz.h"

/* who says the sentence of a refusal */
enum voice {
	MUTE,	/* nobody: the core of generic netlink has none for it */
	CORE,	/* the kernel's check of a message against the command's policy */
	FAMILY,	/* the command itself */
};

/* The core's sentences; all others are the family's. */
static const char * const core_says[] = {
	"Attribute failed policy validation", "Unknown attribute type",
	"Unsupported attribute", "invalid attribute length", "NLA_F_NESTED not expected",
	"NLA_F_NESTED is missing", "integer out of range", "binary attribute size out of range",
	"bytes leftover after parsing attributes", "genlmsghdr.reserved field is not 0",
	"ambiguous or reserved bits set in nlmsg_flags",
};

static const struct family_spec *fam;
static const struct cmd_spec *cmd;
static uint64_t before;
static unsigned int tried, failed, said[3];

static enum voice voice_of(const struct answer *a)
{
	size_t i;

	if (!a->sentence[0])
		return MUTE;
	for (i = 0; i < COUNT(core_says); i++)
		if (!strcmp(a->sentence, core_says[i]))
			return CORE;
	return FAMILY;
}

/* @m must be refused with @error (or @other), in that voice, and change nothing. */
static void refused(const struct message *m, int error, int other, enum voice voice,
		    const char *what, int number)
{
	uint64_t after;
	struct answer a;
	const char *name;

	talk(m, &a);
	after = state_hash(fam);
	tried++;
	said[voice_of(&a)]++;
	if ((a.error == error || a.error == other) && voice_of(&a) == voice && after == before)
		return;
	failed++;
	name = error_name(a.error);
	printf("%s: %s %d: %s (%d) \"%s\"%s, wanted %s\n", cmd->name, what, number,
	       name ? name : "error", a.error, a.sentence,
	       after == before ? "" : ", and something has changed", error_name(error));
	message_print(m);
	before = after;
}

/* --- attributes --- */

static void missing(void)
{
	const struct value *v;
	struct message m;

	if (cmd->bare)
		return;
	for (v = cmd->base; v->type; v++) {
		message_base(&m, fam, cmd, v->type);
		refused(&m, EINVAL, EINVAL, FAMILY, "without attribute", v->type);
	}
	message_begin(&m, fam, cmd->cmd, cmd->dump);
	refused(&m, EINVAL, EINVAL, FAMILY, "without any attribute", 0);
}

/* The request, with attribute @type (again, if it is in it: the last one counts) of these bytes. */
static void with(struct message *m, unsigned short type, const void *data, int len)
{
	message_base(m, fam, cmd, type & NLA_TYPE_MASK);
	message_put(m, type, data, len);
}

/* What the core says of a length that is wrong. */
static int wrong_length(const struct attr_spec *a)
{
	return a->form == IN4 || a->form == IN6 || a->form == FLAG ? ERANGE : EINVAL;
}

static void lengths(const struct attr_spec *a)
{
	static const char bytes[256] = { 1, 1, 1, 1 };
	int size = form_size(a->form), len;
	struct message m;

	for (len = 0; len <= 40; len += len == 20 ? 20 : 1) {
		if (len == size)
			continue;
		with(&m, a->type, bytes, len);
		refused(&m, wrong_length(a), EINVAL, CORE, "length of attribute", a->type);
	}
}

static void names(const struct attr_spec *a)
{
	char text[1024];
	struct message m;
	int len;

	memset(text, 'x', sizeof(text));
	for (len = 0; len <= 255; len += len == 40 ? 215 : 1) {
		with(&m, a->type, text, len);
		refused(&m, EINVAL, EINVAL, CORE, "unended text in attribute", a->type);
	}
	text[sizeof(text) - 1] = '\0';
	for (len = a->max + 1; len < (int)sizeof(text); len += 37) {
		with(&m, a->type, text + sizeof(text) - len, len);
		refused(&m, EINVAL, ERANGE, CORE, "text too long in attribute", a->type);
	}
	memset(text + 4, 0, sizeof(text) - 4);
	text[a->max + 28] = 'x';
	with(&m, a->type, text, a->max + 29);
	refused(&m, ERANGE, EINVAL, CORE, "bytes after the text of attribute", a->type);
}

static void numbers(const struct attr_spec *a)
{
	static const unsigned int most[] = {
		[U8] = 0xff, [PORT] = 0xffff, [PID] = 0xffffffff, [U32] = 0xffffffff
	};
	unsigned int values[4], n = 0, i;
	struct message m;
	int size = form_size(a->form);

	if (a->form != U8 && a->form != PORT && a->form != PID && a->form != U32)
		return;
	if (a->min)
		values[n++] = 0;
	if (a->max < most[a->form]) {
		values[n++] = a->max + 1;
		values[n++] = most[a->form];
	}
	for (i = 0; i < n; i++) {
		with(&m, a->type, &values[i], size);
		refused(&m, ERANGE, ERANGE, CORE, "value out of range in attribute", a->type);
	}
}

/* NLA_F_NESTED on what is none, with and without a nest inside. */
static void nested(const struct attr_spec *a)
{
	static const struct nlattr inner[2] = { { 8, 1 }, { 0, 0 } };
	static const char bytes[32] = { 1 };
	struct message m;
	int size = form_size(a->form);

	with(&m, a->type | NLA_F_NESTED, bytes, size < 0 ? 2 : size);
	refused(&m, EINVAL, EINVAL, CORE, "nested attribute", a->type);
	with(&m, a->type | NLA_F_NESTED, inner, sizeof(inner));
	refused(&m, EINVAL, EINVAL, CORE, "nest in attribute", a->type);
	with(&m, a->type | NLA_F_NESTED | NLA_F_NET_BYTEORDER, bytes, size < 0 ? 2 : size);
	refused(&m, EINVAL, EINVAL, CORE, "nested attribute in network order", a->type);
	if (size < 0 || size == sizeof(inner))
		return;
	with(&m, a->type, inner, sizeof(inner));
	refused(&m, wrong_length(a), EINVAL, CORE, "unmarked nest in attribute", a->type);
}

/* A nest of addresses: unmarked, cut short, with attributes in it that are wrong or nobody's; a good one is too much. */
static void nests(const struct attr_spec *a)
{
	static const unsigned short nobodys[] = { 0, 60, 0x3fff };
	struct {
		struct nlattr nla;
		char in6[36];
	} inner = { { NLA_HDRLEN + 16, a->min }, { 0x20, 1 } };
	struct message m;
	unsigned int i;
	int len;

	with(&m, a->type, &inner, inner.nla.nla_len);
	refused(&m, EINVAL, EINVAL, CORE, "unmarked nest", a->type);
	for (len = 1; len < NLA_HDRLEN; len++) {
		with(&m, a->type | NLA_F_NESTED, &inner, len);
		refused(&m, ERANGE, EINVAL, CORE, "short nest", a->type);
	}
	for (i = a->min; i <= a->max; i++)
		for (len = 0; len <= (int)sizeof(inner.in6); len++) {
			if (len == 16)
				continue;
			inner.nla.nla_type = i;
			inner.nla.nla_len = NLA_HDRLEN + len;
			with(&m, a->type | NLA_F_NESTED, &inner, NLA_ALIGN(inner.nla.nla_len));
			refused(&m, ERANGE, EINVAL, CORE, "length in nest", a->type);
		}
	inner.nla.nla_len = NLA_HDRLEN + 16;
	for (i = 0; i <= COUNT(nobodys); i++) {
		inner.nla.nla_type = i < COUNT(nobodys) ? nobodys[i] : a->max + 1;
		with(&m, a->type | NLA_F_NESTED, &inner, inner.nla.nla_len);
		refused(&m, EINVAL, EINVAL, CORE, "nobody's attribute in nest", a->type);
	}
	inner.nla.nla_type = a->min;
	inner.nla.nla_len = 100;
	with(&m, a->type | NLA_F_NESTED, &inner, NLA_HDRLEN + 16);
	refused(&m, EINVAL, EINVAL, CORE, "claimed length in nest", a->type);
	inner.nla.nla_len = NLA_HDRLEN + 16;
	with(&m, a->type | NLA_F_NESTED, &inner, inner.nla.nla_len);
	refused(&m, EINVAL, EINVAL, FAMILY, "nest beside what it replaces", a->type);
	with(&m, a->type | NLA_F_NESTED, "", 0);
	refused(&m, EINVAL, EINVAL, FAMILY, "empty nest", a->type);
}

/* Attributes of other commands, of replies, of no enum at all. */
static void foreign(void)
{
	static const unsigned short flags[] = { 0, NLA_F_NESTED, NLA_F_NET_BYTEORDER };
	static const int lengths[] = { 0, 1, 2, 4, 8, 16, 200 };
	static const unsigned short far[] = { 60, 255, 256, 4096, 0x3fff };
	static const char bytes[256];
	unsigned int type, i, f, l;
	struct message m;

	for (i = 0; i <= cmd->max + 3 + COUNT(far); i++) {
		type = i <= cmd->max + 3u ? i : far[i - cmd->max - 4];
		if (type && attr_find(cmd, type))
			continue;
		for (f = 0; f < COUNT(flags); f++)
			for (l = 0; l < COUNT(lengths); l++) {
				message_base(&m, fam, cmd, 0);
				message_put(&m, type | flags[f], bytes, lengths[l]);
				refused(&m, EINVAL, EINVAL, CORE, "foreign attribute", type);
			}
	}
}

/* Headers of attributes that lie about their length. */
static void liars(void)
{
	static const int claims[] = { 0, 1, 3, 100, 0xffff };
	struct nlattr *at[16];
	struct message m;
	unsigned int c;
	int n, i, left;

	message_base(&m, fam, cmd, 0);
	n = message_attrs(&m, at, COUNT(at), &left);
	for (i = 0; i < n; i++)
		for (c = 0; c < COUNT(claims); c++) {
			message_base(&m, fam, cmd, 0);
			at[i]->nla_len = claims[c];
			refused(&m, EINVAL, EINVAL, CORE, "claimed length of attribute",
				at[i]->nla_type);
		}
	for (i = 1; i < 4; i++) {
		message_base(&m, fam, cmd, 0);
		m.len += i;
		m.nlh.nlmsg_len = m.len;
		refused(&m, EINVAL, EINVAL, CORE, "bytes after the last attribute", i);
	}
}

/* --- headers --- */

/* Sent up to byte @len, which the header says, or does not say. */
static void truncated(void)
{
	struct nlattr *at[16];
	struct message m;
	int n, all, whole, len, left;

	message_base(&m, fam, cmd, 0);
	whole = m.len;
	all = message_attrs(&m, at, COUNT(at), &left);
	for (len = 1; len < whole; len++) {
		message_base(&m, fam, cmd, 0);
		m.len = len;
		refused(&m, SILENCE, SILENCE, MUTE, "claims more than byte", len);
		m.nlh.nlmsg_len = len;
		if (len < NLMSG_HDRLEN) {
			refused(&m, SILENCE, SILENCE, MUTE, "ends at byte", len);
			continue;
		}
		if (len < HEADERS) {
			refused(&m, EINVAL, EINVAL, MUTE, "ends at byte", len);
			continue;
		}
		n = message_attrs(&m, at, COUNT(at), &left);
		if (left > 0)
			refused(&m, EINVAL, EINVAL, CORE, "ends at byte", len);
		else if (n < all && !cmd->bare)
			refused(&m, EINVAL, EINVAL, FAMILY, "ends at byte", len);
	}
	/* the kernel reads the header of what follows as a message, and finds none */
	message_base(&m, fam, cmd, 0);
	m.nlh.nlmsg_len = 0;
	refused(&m, SILENCE, SILENCE, MUTE, "claims to have no", 0);
	m.nlh.nlmsg_len = 0xffffffff;
	refused(&m, SILENCE, SILENCE, MUTE, "claims to have all", 0);
}

static void headers(void)
{
	static const unsigned short flags[] = {
		NLM_F_ROOT, NLM_F_MATCH, NLM_F_ATOMIC, 0x10, 0x20, 0x40, 0x80, 0x800, 0x8000
	};
	struct message m;
	unsigned int i;

	for (i = 0; i < 16; i++) {
		message_base(&m, fam, cmd, 0);
		message_genl(&m)->reserved = 1 << i;
		refused(&m, EINVAL, EINVAL, CORE, "reserved bit", i);
	}
	for (i = 0; i < COUNT(flags); i++) {
		message_base(&m, fam, cmd, 0);
		/* one half of NLM_F_DUMP is a flag that means nothing here */
		m.nlh.nlmsg_flags = (m.nlh.nlmsg_flags & ~NLM_F_DUMP) | flags[i];
		refused(&m, EINVAL, EINVAL, CORE, "flags", flags[i]);
	}
	message_base(&m, fam, cmd, 0);
	m.nlh.nlmsg_flags ^= NLM_F_DUMP;
	refused(&m, EOPNOTSUPP, EOPNOTSUPP, MUTE, "dump or not", 0);
	message_base(&m, fam, cmd, 0);
	m.nlh.nlmsg_flags &= ~NLM_F_REQUEST;
	refused(&m, 0, 0, MUTE, "no request", 0);
}

/* Numbers no command has, with the attributes of this one. */
static void no_command(void)
{
	struct message m;
	int i;

	for (i = 0; i < 256; i++) {
		if (cmd_find(fam, i))
			continue;
		message_base(&m, fam, cmd, 0);
		message_genl(&m)->cmd = i;
		refused(&m, EOPNOTSUPP, EOPNOTSUPP, MUTE, "no command", i);
		m.nlh.nlmsg_flags |= NLM_F_DUMP;
		refused(&m, EOPNOTSUPP, EOPNOTSUPP, MUTE, "no dump", i);
	}
}

void malformed(void)
{
	unsigned int total = 0, bad = 0;
	const struct attr_spec *a;
	size_t f, i;

	for (f = 0; f < COUNT(families); f++)
		for (i = 0; i < families[f].n; i++) {
			if (!i)
				before = state_hash(&families[f]);
			fam = &families[f];
			cmd = &fam->cmds[i];
			tried = failed = 0;
			missing();
			for (a = cmd->takes; a->type; a++) {
				if (a->form == NEST) {
					nests(a);
					continue;
				}
				if (a->form == NAME)
					names(a);
				else
					lengths(a);
				numbers(a);
				nested(a);
			}
			foreign();
			liars();
			truncated();
			headers();
			if (i == 0)
				no_command();
			point(!failed, "%s: %u malformed messages are refused and change nothing",
			      cmd->name, tried);
			total += tried;
			bad += failed;
		}
	printf("%u malformed messages, %u wrongly answered; sentences: %u of the core, %u of the family, %u without\n",
	       total, bad, said[CORE], said[FAMILY], said[MUTE]);
}

/* What malformed() spoiled, as it was: each is accepted, so that it was refused for what was wrong with it. */
void wellformed(void)
{
	static const unsigned char versions[] = { 0, 2, 255, 1 };
	unsigned int v;
	struct message m;
	struct answer a;
	size_t f, i;
	int wanted;

	for (f = 0; f < COUNT(families); f++)
		for (i = 0; i < families[f].n; i++) {
			cmd = &families[f].cmds[i];
			wanted = cmd->answer;
			message_base(&m, &families[f], cmd, 0);
			/* the core does not look at the version: a reader's is as good as any */
			for (v = cmd->dump ? 0 : COUNT(versions) - 1; v < COUNT(versions); v++) {
				message_genl(&m)->version = versions[v];
				talk(&m, &a);
				point(a.error == wanted, "%s, version %d: well formed it is %s%s%s",
				      cmd->name, versions[v], wanted ? "understood" : "accepted",
				      a.error ? ": " : "", a.sentence);
			}
		}
}
