// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the way from ICMPv4 to ICMPv6 (RFC 7915, sections 4.2 and
 * 4.3). Pure.
 */
#include "icmp.h"
#include "xlat46.h"

#define NONE	255

/* RFC 1191, section 7: what a packet's MTU may have been, highest first. */
static const u16 umx_bis_plateaus[] = {
	65535, 32000, 17914, 8166, 4352, 2002, 1492, 1006, 508, 296, 68,
};

/* Destination unreachable, by ICMPv4 code: the code of ICMPv6. */
static const u8 umx_bis_unreach46[] = {
	[0] = 0, [1] = 0, [2] = NONE, [3] = 4, [4] = NONE, [5] = 0, [6] = 0,
	[7] = 0, [8] = 0, [9] = 1, [10] = 1, [11] = 0, [12] = 0, [13] = 1,
	[14] = NONE, [15] = 1,
};

/* A pointer into the IPv4 header: into the IPv6 header. RFC 7915, figure 3. */
static const u8 umx_bis_pointer46[UMX_BIS_HEAD4] = {
	[0] = 0, [1] = 1, [2] = 4, [3] = 4, [4] = NONE, [5] = NONE, [6] = NONE,
	[7] = NONE, [8] = 7, [9] = 6, [10] = NONE, [11] = NONE,
	[12] = 8, [13] = 8, [14] = 8, [15] = 8,
	[16] = 24, [17] = 24, [18] = 24, [19] = 24,
};

/* A router that does not say its MTU: the next lower one there is. */
static u32 umx_bis_plateau(u16 total)
{
	unsigned int i;

	for (i = 0; i < sizeof(umx_bis_plateaus) / sizeof(*umx_bis_plateaus);
	     i++)
		if (umx_bis_plateaus[i] < total)
			return umx_bis_plateaus[i];
	return 68;
}

static u32 umx_bis_mtu46(const u8 *in, size_t len,
			 const struct umx_bis_env *env)
{
	u32 mtu = umx_bis_get16(in + 6);

	if (!mtu)
		mtu = umx_bis_plateau(len >= UMX_BIS_HEAD_ICMP + 4 ?
				      umx_bis_get16(in + 10) : 0);
	mtu += 20;
	if (env->mtu6 && mtu > env->mtu6)
		mtu = env->mtu6;
	if (env->mtu4 && mtu > env->mtu4 + 20)
		mtu = env->mtu4 + 20;
	return mtu < UMX_BIS_MIN_MTU6 ? UMX_BIS_MIN_MTU6 : mtu;
}

static enum umx_bis_verdict umx_bis_unreach_to6(const u8 *in, size_t len,
						const struct umx_bis_env *env,
						struct umx_bis_icmp *out)
{
	u8 code = in[1];

	out->type = UMX_BIS_ICMP6_UNREACH;
	switch (code) {
	case 2: /* protocol unreachable: points at "next header" */
		out->type = UMX_BIS_ICMP6_PARAM;
		out->code = 1;
		out->rest = 6;
		return UMX_BIS_OK;
	case UMX_BIS_ICMP4_NEED_FRAG:
		out->type = UMX_BIS_ICMP6_TOO_BIG;
		out->rest = umx_bis_mtu46(in, len, env);
		return UMX_BIS_OK;
	}
	if (code >= sizeof(umx_bis_unreach46) ||
	    umx_bis_unreach46[code] == NONE)
		return UMX_BIS_ICMP_TYPE;
	out->code = umx_bis_unreach46[code];
	out->extends = true;
	return UMX_BIS_OK;
}

static enum umx_bis_verdict umx_bis_param_to6(const u8 *in,
					      struct umx_bis_icmp *out)
{
	u8 pointer = in[4];

	/* 1, a missing option, says nothing to an IPv6 host. */
	if (in[1] != 0 && in[1] != 2)
		return UMX_BIS_ICMP_TYPE;
	if (pointer >= UMX_BIS_HEAD4 || umx_bis_pointer46[pointer] == NONE)
		return UMX_BIS_ICMP_POINTER;
	out->type = UMX_BIS_ICMP6_PARAM;
	out->rest = umx_bis_pointer46[pointer];
	return UMX_BIS_OK;
}

/**
 * umx_bis_icmp46_head() - type, code and second word
 * @in: the ICMPv4 message
 * @len: its length
 * @env: the MTUs
 * @out: what they become
 */
enum umx_bis_verdict umx_bis_icmp46_head(const u8 *in, size_t len,
					 const struct umx_bis_env *env,
					 struct umx_bis_icmp *out)
{
	memset(out, 0, sizeof(*out));
	if (len < UMX_BIS_HEAD_ICMP)
		return UMX_BIS_MALFORMED;
	switch (in[0]) {
	case UMX_BIS_ICMP4_ECHO:
	case UMX_BIS_ICMP4_ECHO_REPLY:
		out->type = umx_bis_icmp4_echo_to6(in[0]);
		out->rest = umx_bis_get32(in + 4);
		return UMX_BIS_OK;
	case UMX_BIS_ICMP4_UNREACH:
		return umx_bis_unreach_to6(in, len, env, out);
	case UMX_BIS_ICMP4_TIME:
		out->type = UMX_BIS_ICMP6_TIME;
		out->code = in[1];
		out->extends = true;
		return UMX_BIS_OK;
	case UMX_BIS_ICMP4_PARAM:
		return umx_bis_param_to6(in, out);
	}
	return UMX_BIS_ICMP_TYPE;
}

/* The upper layer's checksum, if the quote has it. */
static enum umx_bis_verdict
umx_bis_quote46_upper(const struct umx_bis_head4 *head,
		      const struct in6_addr *saddr,
		      const struct in6_addr *daddr, u8 *p, size_t len)
{
	unsigned int check = umx_bis_check_offset(head->proto);
	u32 old = umx_bis_sum(head->saddr, 4, umx_bis_sum(head->daddr, 4, 0));
	u32 new = umx_bis_pseudo6(saddr, daddr, 0, 0);

	if (head->offset)
		return UMX_BIS_OK;
	if (head->proto == UMX_BIS_ICMP4) {
		if (!len || umx_bis_icmp4_is_error(p[0]))
			return len ? UMX_BIS_ICMP_NESTED : UMX_BIS_OK;
		if (!umx_bis_icmp4_is_echo(p[0]))
			return UMX_BIS_ICMP_TYPE;
		old = p[0] << 8;
		p[0] = umx_bis_icmp4_echo_to6(p[0]);
		new = umx_bis_pseudo6(saddr, daddr, head->total - head->len,
				      UMX_BIS_ICMP6) + (p[0] << 8);
		check = 2;
	}
	if (!check || len < check + 2 ||
	    (head->proto == UMX_BIS_UDP && !umx_bis_get16(p + check)))
		return UMX_BIS_OK;
	umx_bis_put16(p + check,
		      umx_bis_resum(umx_bis_get16(p + check), old, new));
	return UMX_BIS_OK;
}

/* The quoted packet: like any other, but its TTL stays, and it may be cut. */
static enum umx_bis_verdict umx_bis_quote46(const struct umx_bis_quote *quote,
					    const struct umx_bis_env *env,
					    u8 *out, size_t *len)
{
	struct in6_addr saddr, daddr;
	enum umx_bis_verdict verdict;
	struct umx_bis_head4 head;
	size_t rest, room = *len;

	verdict = umx_bis_head4_read(&head, quote->data, quote->len);
	if (verdict != UMX_BIS_OK)
		return verdict;
	if (umx_bis_proto_is_only4(head.proto))
		return UMX_BIS_PROTO;
	if (!env->to6(env->ctx, head.saddr, &saddr) ||
	    !env->to6(env->ctx, head.daddr, &daddr))
		return UMX_BIS_NO_PAIR;
	*len = umx_bis_head4_to6(&head, &saddr, &daddr, head.ttl, out);
	rest = quote->len < head.total ? quote->len : head.total;
	rest -= head.len;
	if (rest > room - *len)
		rest = room - *len;
	memcpy(out + *len, quote->data + head.len, rest);
	verdict = umx_bis_quote46_upper(&head, &saddr, &daddr, out + *len,
					rest);
	*len += rest;
	return verdict;
}

/**
 * umx_bis_icmp46_error() - an ICMPv4 error
 * @in: the message
 * @len: its length
 * @env: pairs of addresses, MTUs
 * @out: gets the ICMPv6 message; its checksum is 0, to be filled in by
 *	whoever knows the addresses
 * @out_len: its length
 */
enum umx_bis_verdict umx_bis_icmp46_error(const u8 *in, size_t len,
					  const struct umx_bis_env *env,
					  u8 out[UMX_BIS_ICMP6_MAX],
					  size_t *out_len)
{
	size_t room = UMX_BIS_ICMP6_MAX - UMX_BIS_HEAD_ICMP, size = room;
	enum umx_bis_verdict verdict;
	struct umx_bis_quote quote;
	struct umx_bis_icmp icmp;
	u8 length;

	verdict = umx_bis_icmp46_head(in, len, env, &icmp);
	if (verdict != UMX_BIS_OK)
		return verdict;
	if (!umx_bis_icmp4_is_error(in[0]))
		return UMX_BIS_ICMP_TYPE;
	/* The length of ICMPv4 is the second byte of the word, in words. */
	if (!umx_bis_quote_read(&quote, in, len, in[5] * 4))
		return UMX_BIS_MALFORMED;
	if (!icmp.extends)
		quote.ext_len = 0;
	verdict = umx_bis_quote46(&quote, env, out + UMX_BIS_HEAD_ICMP, &size);
	if (verdict != UMX_BIS_OK)
		return verdict;
	size = umx_bis_quote_write(out + UMX_BIS_HEAD_ICMP, room, size, 8,
				   &quote, &length);
	out[0] = icmp.type;
	out[1] = icmp.code;
	umx_bis_put16(out + 2, 0);
	umx_bis_put32(out + 4, icmp.rest);
	if (icmp.extends)
		out[4] = length;
	*out_len = UMX_BIS_HEAD_ICMP + size;
	return UMX_BIS_OK;
}
