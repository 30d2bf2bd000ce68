// SPDX-License-Identifier: GPL-2.0
/* This file owns what umctl can ask for: names, and counters of questions. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "control.h"
#include "count.h"
#include "daemon.h"
#include "grant.h"
#include "journal.h"
#include "proto.h"
#include "qname.h"

static int refuse(struct control *control, int err, const char *sentence)
{
	control->sentence = sentence;
	return err;
}

static uint32_t number_of(struct nlattr *nla)
{
	return nla ? nla_get_u32(nla) : 0;
}

/* --- add --- */

/* Printable, so that it can stand in a journal and on a terminal. */
static bool who_clean(const char *who)
{
	for (; *who; who++)
		if (*who <= ' ' || *who == 0x7f)
			return false;
	return true;
}

static int limits_read(struct control *control, struct name *name)
{
	struct nlattr **a = control->attrs;
	uint32_t expires = number_of(a[PROTO_A_EXPIRES]);
	struct prefix given;

	name->rate = number_of(a[PROTO_A_RATE]);
	name->uses = number_of(a[PROTO_A_USES]);
	if ((a[PROTO_A_RATE] && !name->rate) || name->rate > RATE_MAX)
		return refuse(control, -ERANGE, "a rate is 1 to 1000000 addresses a minute");
	if (a[PROTO_A_USES] && !name->uses)
		return refuse(control, -ERANGE, "a name has one use at least");
	if (a[PROTO_A_EXPIRES] && !expires)
		return refuse(control, -ERANGE, "a name has one second at least");
	name->expires = expires ? time(NULL) + expires : 0;
	if (!a[PROTO_A_FROM] != !a[PROTO_A_FROM_PLEN])
		return refuse(control, -EINVAL, "clients are a prefix and its length");
	if (!a[PROTO_A_FROM])
		return 0;
	nla_memcpy(&given.addr, a[PROTO_A_FROM], sizeof(given.addr));
	given.plen = nla_get_u8(a[PROTO_A_FROM_PLEN]);
	name->from = given;
	if (given.plen > 128)
		return refuse(control, -EINVAL, "a prefix has 128 bits at most");
	name->from.plen = 128;
	prefix_widen(&name->from, given.plen);
	if (!IN6_ARE_ADDR_EQUAL(&name->from.addr, &given.addr))
		return refuse(control, -EINVAL, "the prefix has bits set beyond its length");
	return 0;
}

static int service_read(struct control *control, struct name *name)
{
	struct nlattr **a = control->attrs;
	const struct service *service = NULL;

	if (!a[PROTO_A_SERVICE])
		return refuse(control, -EINVAL, "say which service the name is of");
	if (qname_label(nla_get_string(a[PROTO_A_SERVICE]), name->service))
		service = config_service(&dns.config, name->service);
	if (!service)
		return refuse(control, -ENOENT, "dns.conf has no service of this label");
	if (!service->port)
		return refuse(control, -EOPNOTSUPP,
			      "other hosts serve it: add the name there");
	if (a[PROTO_A_FOR])
		snprintf(name->who, sizeof(name->who), "%s", nla_get_string(a[PROTO_A_FOR]));
	if (!who_clean(name->who))
		return refuse(control, -EINVAL, "\"for\" takes printable characters, no blanks");
	return 0;
}

/* The token or secret is told now, and never again. */
static int label_make(struct control *control, struct name *name, char token[LABEL_SIZE],
		      char secret[TOTP_CHARS + 1])
{
	struct nlattr **a = control->attrs;
	uint8_t tag[TAG_BYTES];

	if (a[PROTO_A_TOTP]) {
		name->kind = NAME_TOTP;
		if (a[PROTO_A_TOKEN] &&
		    !base32_read(nla_get_string(a[PROTO_A_TOKEN]), name->secret, TOTP_BYTES))
			return refuse(control, -EINVAL, "a secret is 32 letters of base32");
		if (!a[PROTO_A_TOKEN] && !secret_new(name->secret, TOTP_BYTES))
			return refuse(control, -EIO, "the system has no random numbers");
		base32_write(name->secret, TOTP_BYTES, secret);
		return 0;
	}
	if (!a[PROTO_A_TOKEN]) {
		if (!token_new(token))
			return refuse(control, -EIO, "the system has no random numbers");
	} else if (!qname_label(nla_get_string(a[PROTO_A_TOKEN]), token) || !token_form(token)) {
		return refuse(control, -EINVAL, "a token is 26 letters of base32");
	}
	if (name_find(&dns.names, name->service, token))
		return refuse(control, -EEXIST, "there is a name with this token");
	tag_make(dns.names.key, name->service, token, tag);
	name_tag(name, tag);
	return 0;
}

static int name_tell(struct control *control, const struct name *name, const char *token,
		     const char *secret)
{
	char text[2 * LABEL_SIZE + DOMAIN_SIZE];

	snprintf(text, sizeof(text), "%s%s%s.%s", token, *token ? "." : "", name->service,
		 dns.config.zone);
	if (strlen(text) >= DOMAIN_SIZE)
		return refuse(control, -ENAMETOOLONG, "the name would be too long");
	if (nla_put_u32(control->reply, PROTO_A_ID, name->id) ||
	    nla_put_string(control->reply, PROTO_A_NAME, text) ||
	    (*secret && nla_put_string(control->reply, PROTO_A_SECRET, secret)))
		return -EMSGSIZE;
	control->replied = true;
	return 0;
}

static int name_fill(struct control *control, struct name *name)
{
	char token[LABEL_SIZE] = "", secret[TOTP_CHARS + 1] = "";
	int err;

	err = service_read(control, name);
	err = err ? : limits_read(control, name);
	err = err ? : label_make(control, name, token, secret);
	if (err)
		return err;
	name->id = dns.names.next;
	err = name_tell(control, name, token, secret);
	memset(token, 0, sizeof(token));
	memset(secret, 0, sizeof(secret));
	return err;
}

int control_name_add(struct control *control)
{
	struct name *name = name_new(&dns.names);
	int err;

	if (!name)
		return refuse(control, -ENOSPC, "there are 16384 names already");
	err = name_fill(control, name);
	if (err) {
		free(name);
		return err;
	}
	name_add(&dns.names, name);
	if (!grant_save()) {
		name_del(&dns.names, name);
		return refuse(control, -EIO, "the file of the names cannot be written");
	}
	journal_name("added", name);
	return 0;
}

/* --- del --- */

/* Revoked is revoked, even if that cannot be written down; but it is said. */
static int revoked_save(struct control *control)
{
	if (grant_save())
		return 0;
	return refuse(control, -EIO,
		      "revoked, but the file of the names cannot be written: it would come back with a restart");
}

int control_name_del(struct control *control)
{
	struct nlattr **a = control->attrs;
	struct name *name;

	if (!a[PROTO_A_ID] == !a[PROTO_A_FLUSH])
		return refuse(control, -EINVAL, "say which name: its id, or flush for all");
	if (a[PROTO_A_FLUSH]) {
		while ((name = TAILQ_FIRST(&dns.names.list)))
			grant_revoke(name, "revoked");
		return revoked_save(control);
	}
	name = name_by_id(&dns.names, number_of(a[PROTO_A_ID]));
	if (!name)
		return refuse(control, -ENOENT, "no name has this id");
	grant_revoke(name, "revoked");
	return revoked_save(control);
}

/* --- show --- */

static int name_put(struct nl_msg *msg, const struct name *name)
{
	time_t now = time(NULL);
	int err;

	err = nla_put_u32(msg, PROTO_A_ID, name->id);
	err = err ? : nla_put_string(msg, PROTO_A_SERVICE, name->service);
	if (*name->who)
		err = err ? : nla_put_string(msg, PROTO_A_FOR, name->who);
	if (name->kind == NAME_TOTP)
		err = err ? : nla_put_flag(msg, PROTO_A_TOTP);
	if (name->from.plen) {
		err = err ? : nla_put(msg, PROTO_A_FROM, 16, &name->from.addr);
		err = err ? : nla_put_u8(msg, PROTO_A_FROM_PLEN, name->from.plen);
	}
	if (name->rate)
		err = err ? : nla_put_u32(msg, PROTO_A_RATE, name->rate);
	if (name->uses) {
		err = err ? : nla_put_u32(msg, PROTO_A_USES, name->uses);
		err = err ? : nla_put_u32(msg, PROTO_A_USED, name->used);
	}
	if (name->expires)
		err = err ? : nla_put_u32(msg, PROTO_A_EXPIRES,
					  name->expires > now ? name->expires - now : 0);
	err = err ? : nla_put_u32(msg, PROTO_A_WAITING, name->waiting);
	err = err ? : nla_put_u64(msg, PROTO_A_LEASED, name->leased);
	err = err ? : nla_put_u64(msg, PROTO_A_CLAIMED, name->claimed);
	err = err ? : nla_put_u64(msg, PROTO_A_CREATED, name->created);
	if (name->last)
		err = err ? : nla_put_u64(msg, PROTO_A_LAST, name->last);
	return err;
}

uint32_t control_name_get(struct nl_msg *msg, struct nlattr **attrs, uint32_t at)
{
	struct nlattr *service = attrs[PROTO_A_SERVICE];
	struct name *name;

	for (name = name_from(&dns.names, at); name; name = TAILQ_NEXT(name, link)) {
		if (service && strcmp(nla_get_string(service), name->service))
			continue;
		return name_put(msg, name) ? 0 : name->id + 1;
	}
	return 0;
}

uint32_t control_stats_get(struct nl_msg *msg, struct nlattr **attrs, uint32_t at)
{
	enum count which = at - 1;

	if (which >= COUNT_MAX || nla_put_string(msg, PROTO_STATS_A_NAME, count_name(which)) ||
	    nla_put_u64(msg, PROTO_STATS_A_VALUE, count_value(which)) ||
	    (attrs[PROTO_A_EXPLAIN] &&
	     nla_put_string(msg, PROTO_STATS_A_EXPLAIN, count_explain(which))))
		return 0;
	return at + 1;
}
