// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns messages: put together, taken apart, printed.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "nlfuzz.h"

struct genlmsghdr *message_genl(struct message *m)
{
	return (void *)(m->b + NLMSG_HDRLEN);
}

void message_begin(struct message *m, const struct family_spec *f,
		   unsigned char cmd, bool dump)
{
	struct genlmsghdr *genl = message_genl(m);

	memset(m, 0, sizeof(*m));
	m->len = HEADERS;
	m->nlh.nlmsg_len = m->len;
	m->nlh.nlmsg_type = f->id;
	m->nlh.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | (dump ? NLM_F_DUMP : 0);
	genl->cmd = cmd;
	genl->version = 1;
}

void message_put(struct message *m, unsigned short type, const void *data, int len)
{
	struct nlattr *a = (void *)(m->b + m->len);

	if (m->len + NLA_ALIGN(NLA_HDRLEN + len) > (int)sizeof(m->b))
		return;
	a->nla_type = type;
	a->nla_len = NLA_HDRLEN + len;
	memcpy((char *)a + NLA_HDRLEN, data, len);
	m->len += NLA_ALIGN(a->nla_len);
	m->nlh.nlmsg_len = m->len;
}

void message_put_text(struct message *m, unsigned short type, enum form form,
		      const char *text)
{
	unsigned char in6[16], in4[4];
	uint8_t u8 = atoi(text);
	uint16_t u16 = atoi(text);
	uint32_t u32 = strtoul(text, NULL, 10);
	uint64_t u64 = strtoull(text, NULL, 10);

	switch (form) {
	case IN4:
		if (inet_pton(AF_INET, text, in4) != 1)
			abort();
		message_put(m, type, in4, 4);
		break;
	case IN6:
		if (inet_pton(AF_INET6, text, in6) != 1)
			abort();
		message_put(m, type, in6, 16);
		break;
	case NAME:
		message_put(m, type, text, strlen(text) + 1);
		break;
	case FLAG:
		message_put(m, type, "", 0);
		break;
	case U8:
		message_put(m, type, &u8, 1);
		break;
	case PORT:
		message_put(m, type, &u16, 2);
		break;
	case U64:
		message_put(m, type, &u64, 8);
		break;
	default:
		message_put(m, type, &u32, 4);
	}
}

/* The accepted request of @c, but for the attribute @without. */
void message_base(struct message *m, const struct family_spec *f,
		  const struct cmd_spec *c, unsigned short without)
{
	const struct value *v;

	message_begin(m, f, c->cmd, c->dump);
	for (v = c->base; v->type; v++)
		if (v->type != without)
			message_put_text(m, v->type, attr_find(c, v->type)->form, v->text);
}

/*
 * The attributes as the kernel sees them; @left: bytes after the last of them.
 */
int message_attrs(const struct message *m, struct nlattr *at[], int max, int *left)
{
	int len = m->nlh.nlmsg_len < (unsigned int)m->len ? (int)m->nlh.nlmsg_len : m->len;
	int pos = HEADERS, n = 0;

	while (len - pos >= NLA_HDRLEN) {
		struct nlattr *a = (void *)(m->b + pos);

		if (a->nla_len < NLA_HDRLEN || a->nla_len > len - pos || n == max)
			break;
		at[n++] = a;
		pos += NLA_ALIGN(a->nla_len);
	}
	*left = len - pos;
	return n;
}

void message_print(const struct message *m)
{
	int i;

	printf("  ");
	for (i = 0; i < m->len; i++)
		printf("%02x%s", m->b[i], i % 4 == 3 ? " " : "");
	printf("\n");
}
