// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the way from attributes to output: a table per object says
 * which attribute is printed under which name. Attributes that are not in the
 * table (a newer module's) are skipped, absent ones are left out.
 */
#include <netlink/genl/genl.h>
#include <netlink/netlink.h>
#include <stdio.h>
#include <string.h>

#include "field.h"
#include "out.h"

#define FIELD_STRING_MAX	512

const struct nlattr *field_find(const struct nlmsghdr *nlh, uint16_t attr)
{
	const struct genlmsghdr *genl = nlmsg_data(nlh);

	return nla_find(genlmsg_attrdata(genl, 0), genlmsg_attrlen(genl, 0), attr);
}

/* As wide as the kernel made it; a width we do not know reads as 0. */
uint64_t field_uint(const struct nlattr *nla)
{
	switch (nla_len(nla)) {
	case sizeof(uint8_t):
		return nla_get_u8(nla);
	case sizeof(uint16_t):
		return nla_get_u16(nla);
	case sizeof(uint32_t):
		return nla_get_u32(nla);
	case sizeof(uint64_t):
		return nla_get_u64(nla);
	}
	return 0;
}

bool field_in6(const struct nlattr *nla, struct in6_addr *addr)
{
	if (nla_len(nla) != sizeof(*addr))
		return false;
	memcpy(addr, nla_data(nla), sizeof(*addr));
	return true;
}

bool field_in4(const struct nlattr *nla, struct in6_addr *addr)
{
	if (nla_len(nla) != sizeof(struct in_addr))
		return false;
	memset(addr, 0, sizeof(*addr));
	memcpy(addr, nla_data(nla), sizeof(struct in_addr));
	return true;
}

const char *field_string(const struct nlattr *nla, char *buf, size_t size)
{
	snprintf(buf, size, "%.*s", nla_len(nla), (const char *)nla_data(nla));
	return buf;
}

static bool field_true(const struct nlattr *nla)
{
	return nla && (!nla_len(nla) || field_uint(nla));
}

/* A value newer than this umctl is printed as its number. */
static void word_print(const struct field *field, uint64_t value)
{
	uint64_t i;

	for (i = 0; field->words[i]; i++) {
		if (i == value) {
			out_string(field->name, field->label, field->words[i]);
			return;
		}
	}
	out_uint(field->name, field->label, value);
}

static void attrs_print(const struct field *fields, const struct nlattr *head, int len);

static const char *field_label(const struct field *field)
{
	return field->label ? field->label : field->name;
}

static void field_print(const struct field *field, const struct nlattr *nla,
			const struct nlattr *nla2)
{
	char buf[FIELD_STRING_MAX];
	struct in6_addr addr;

	switch (field->type) {
	case FIELD_STRING:
		out_string(field->name, field->label, field_string(nla, buf, sizeof(buf)));
		break;
	case FIELD_UINT:
		out_uint(field->name, field->label, field_uint(nla));
		break;
	case FIELD_WORD:
		word_print(field, field_uint(nla));
		break;
	case FIELD_FLAG:
	case FIELD_BOOL:
		out_bool(field->name, field->label, field_true(nla), field->words);
		break;
	case FIELD_IN6:
		if (field_in6(nla, &addr))
			out_in6(field->name, field->label, &addr);
		break;
	case FIELD_PREFIX:
		if (field_in6(nla, &addr))
			out_prefix(field->name, field->label, &addr, field->name2,
				   nla2 ? field_uint(nla2) : 128);
		break;
	case FIELD_ENDPOINT:
		if (field_in6(nla, &addr))
			out_endpoint(field->name, field->label, &addr, field->name2,
				     nla2 ? field_uint(nla2) : 0);
		break;
	case FIELD_LIMIT:
		if (out_is_json() || field_uint(nla) != UINT32_MAX)
			out_uint(field->name, field->label, field_uint(nla));
		else
			out_string(field->name, field->label, "none");
		break;
	case FIELD_RANGE:
		out_range(field->name, field->label, field_uint(nla), field->name2,
			  nla2 ? field_uint(nla2) : field_uint(nla));
		break;
	case FIELD_IFINDEX:
		out_ifindex(field->name, field->label, field_uint(nla));
		break;
	case FIELD_IN4:
		if (field_in4(nla, &addr))
			out_in4(field->name, field->label, &addr);
		break;
	case FIELD_PREFIX4:
		if (field_in4(nla, &addr))
			out_prefix4(field->name, field->label, &addr, field->name2,
				    nla2 ? field_uint(nla2) : 32);
		break;
	case FIELD_NEST:
		out_nest_open(field->name, field->in_line ? field_label(field) : NULL);
		attrs_print(field->fields, nla_data(nla), nla_len(nla));
		out_nest_close();
		break;
	}
}

static void field_print_list(const struct field *field, const struct nlattr *head, int len)
{
	struct field next = *field;
	const struct nlattr *nla;
	int rest;

	out_list_open(field->name);
	nla_for_each_attr(nla, head, len, rest) {
		if (nla_type(nla) != field->attr)
			continue;
		field_print(&next, nla, NULL);
		next.label = "";	/* text says it once */
	}
	out_list_close();
}

static void attrs_print(const struct field *fields, const struct nlattr *head, int len)
{
	const struct nlattr *nla, *nla2;
	const struct field *field;

	for (field = fields; field->name; field++) {
		if (field->json_only && !out_is_json())
			continue;
		if (field->list) {
			field_print_list(field, head, len);
			continue;
		}
		nla = nla_find(head, len, field->attr);
		nla2 = field->attr2 ? nla_find(head, len, field->attr2) : NULL;
		if (nla || field->type == FIELD_FLAG)
			field_print(field, nla, nla2);
	}
}

void fields_print_into(const struct field *fields, const struct nlmsghdr *nlh)
{
	const struct genlmsghdr *genl = nlmsg_data(nlh);

	attrs_print(fields, genlmsg_attrdata(genl, 0), genlmsg_attrlen(genl, 0));
}

void fields_print(const struct field *fields, const struct nlmsghdr *nlh)
{
	out_object_open();
	fields_print_into(fields, nlh);
	out_object_close();
}
