// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the way from ICMPv6 to ICMPv4 (RFC 7915, sections 5.2 and
 * 5.3). Pure.
 */
#include "icmp.h"
#include "xlat64.h"

#define NONE	255

/* Destination unreachable, by ICMPv6 code: the code of ICMPv4. */
static const u8 umx_bis_unreach64[] = {
	[0] = 1, [1] = 10, [2] = 1, [3] = 1, [4] = 3,
};

/* A pointer into the IPv6 header: into the IPv4 header. RFC 7915, figure 6. */
static u8 umx_bis_pointer64(u32 pointer)
{
	static const u8 first[8] = { 0, 1, NONE, NONE, 2, 2, 9, 8 };

	if (pointer < sizeof(first))
		return first[pointer];
	if (pointer < 24)
		return 12;
	return pointer < UMX_BIS_HEAD6 ? 16 : NONE;
}

/* At least what every IPv4 host takes, lest a liar stall connections. */
static u32 umx_bis_mtu64(u32 mtu, const struct umx_bis_env *env)
{
	mtu = mtu < 20 + 68 ? 68 : mtu - 20;
	if (env->mtu4 && mtu > env->mtu4)
		mtu = env->mtu4;
	if (env->mtu6 && mtu > env->mtu6 - 20)
		mtu = env->mtu6 - 20;
	return mtu > 0xffff ? 0xffff : mtu;
}

static enum umx_bis_verdict umx_bis_param_to4(const u8 *in,
					      struct umx_bis_icmp *out)
{
	u8 pointer;

	switch (in[1]) {
	case 0:
		pointer = umx_bis_pointer64(umx_bis_get32(in + 4));
		if (pointer == NONE)
			return UMX_BIS_ICMP_POINTER;
		out->type = UMX_BIS_ICMP4_PARAM;
		out->rest = (u32)pointer << 24;
		return UMX_BIS_OK;
	case 1: /* unrecognized next header: protocol unreachable */
		out->type = UMX_BIS_ICMP4_UNREACH;
		out->code = 2;
		return UMX_BIS_OK;
	}
	return UMX_BIS_ICMP_TYPE;
}

/**
 * umx_bis_icmp64_head() - type, code and second word
 * @in: the ICMPv6 message
 * @len: its length
 * @env: the MTUs
 * @out: what they become
 */
enum umx_bis_verdict umx_bis_icmp64_head(const u8 *in, size_t len,
					 const struct umx_bis_env *env,
					 struct umx_bis_icmp *out)
{
	memset(out, 0, sizeof(*out));
	if (len < UMX_BIS_HEAD_ICMP)
		return UMX_BIS_MALFORMED;
	switch (in[0]) {
	case UMX_BIS_ICMP6_ECHO:
	case UMX_BIS_ICMP6_ECHO_REPLY:
		out->type = umx_bis_icmp6_echo_to4(in[0]);
		out->rest = umx_bis_get32(in + 4);
		return UMX_BIS_OK;
	case UMX_BIS_ICMP6_UNREACH:
		if (in[1] >= sizeof(umx_bis_unreach64))
			return UMX_BIS_ICMP_TYPE;
		out->type = UMX_BIS_ICMP4_UNREACH;
		out->code = umx_bis_unreach64[in[1]];
		out->extends = true;
		return UMX_BIS_OK;
	case UMX_BIS_ICMP6_TOO_BIG:
		out->type = UMX_BIS_ICMP4_UNREACH;
		out->code = UMX_BIS_ICMP4_NEED_FRAG;
		out->rest = umx_bis_mtu64(umx_bis_get32(in + 4), env);
		return UMX_BIS_OK;
	case UMX_BIS_ICMP6_TIME:
		out->type = UMX_BIS_ICMP4_TIME;
		out->code = in[1];
		out->extends = true;
		return UMX_BIS_OK;
	case UMX_BIS_ICMP6_PARAM:
		return umx_bis_param_to4(in, out);
	}
	return UMX_BIS_ICMP_TYPE;
}

/* The upper layer's checksum, if the quote has it. */
static enum umx_bis_verdict
umx_bis_quote64_upper(const struct umx_bis_head6 *head, const u8 saddr[4],
		      const u8 daddr[4], u8 *p, size_t len)
{
	unsigned int check = umx_bis_check_offset(head->proto);
	u32 old = umx_bis_pseudo6(&head->saddr, &head->daddr, 0, 0);
	u32 new = umx_bis_sum(saddr, 4, umx_bis_sum(daddr, 4, 0));

	if (head->offset)
		return UMX_BIS_OK;
	if (head->proto == UMX_BIS_ICMP6) {
		if (!len || umx_bis_icmp6_is_error(p[0]))
			return len ? UMX_BIS_ICMP_NESTED : UMX_BIS_OK;
		if (!umx_bis_icmp6_is_echo(p[0]))
			return UMX_BIS_ICMP_TYPE;
		old = umx_bis_pseudo6(&head->saddr, &head->daddr,
				      head->payload, UMX_BIS_ICMP6) +
		      (p[0] << 8);
		p[0] = umx_bis_icmp6_echo_to4(p[0]);
		new = p[0] << 8;
		check = 2;
	}
	if (!check || len < check + 2)
		return UMX_BIS_OK;
	umx_bis_put16(p + check,
		      umx_bis_resum(umx_bis_get16(p + check), old, new));
	return UMX_BIS_OK;
}

/* The quoted packet: like any other, but its TTL stays, and it may be cut. */
static enum umx_bis_verdict umx_bis_quote64(const struct umx_bis_quote *quote,
					    const struct umx_bis_env *env,
					    u8 *out, size_t *len)
{
	enum umx_bis_verdict verdict;
	struct umx_bis_head6 head;
	u8 saddr[4], daddr[4];
	size_t rest, room = *len - UMX_BIS_HEAD4;

	verdict = umx_bis_head6_read(&head, quote->data, quote->len);
	if (verdict != UMX_BIS_OK)
		return verdict;
	if (head.proto == UMX_BIS_ICMP4)
		return UMX_BIS_PROTO;
	if (head.payload > 0xffff - UMX_BIS_HEAD4)
		return UMX_BIS_MALFORMED;
	if (!env->to4(env->ctx, &head.saddr, saddr) ||
	    !env->to4(env->ctx, &head.daddr, daddr))
		return UMX_BIS_NO_PAIR;
	umx_bis_head6_to4(&head, saddr, daddr, head.hop_limit, 0, out);
	rest = quote->len - head.len;
	if (rest > head.payload)
		rest = head.payload;
	if (rest > room)
		rest = room;
	memcpy(out + UMX_BIS_HEAD4, quote->data + head.len, rest);
	verdict = umx_bis_quote64_upper(&head, saddr, daddr,
					out + UMX_BIS_HEAD4, rest);
	*len = UMX_BIS_HEAD4 + rest;
	return verdict;
}

/**
 * umx_bis_icmp64_error() - an ICMPv6 error
 * @in: the message
 * @len: its length
 * @env: pairs of addresses, MTUs
 * @out: gets the ICMPv4 message, checksum included
 * @out_len: its length
 */
enum umx_bis_verdict umx_bis_icmp64_error(const u8 *in, size_t len,
					  const struct umx_bis_env *env,
					  u8 out[UMX_BIS_ICMP4_MAX],
					  size_t *out_len)
{
	size_t room = UMX_BIS_ICMP4_MAX - UMX_BIS_HEAD_ICMP, size = room;
	enum umx_bis_verdict verdict;
	struct umx_bis_quote quote;
	struct umx_bis_icmp icmp;
	u8 length;

	verdict = umx_bis_icmp64_head(in, len, env, &icmp);
	if (verdict != UMX_BIS_OK)
		return verdict;
	if (!umx_bis_icmp6_is_error(in[0]))
		return UMX_BIS_ICMP_TYPE;
	/* The length of ICMPv6 is the first byte of the word, in 8 bytes. */
	if (!umx_bis_quote_read(&quote, in, len, icmp.extends ? in[4] * 8 : 0))
		return UMX_BIS_MALFORMED;
	verdict = umx_bis_quote64(&quote, env, out + UMX_BIS_HEAD_ICMP, &size);
	if (verdict != UMX_BIS_OK)
		return verdict;
	size = umx_bis_quote_write(out + UMX_BIS_HEAD_ICMP, room, size, 4,
				   &quote, &length);
	out[0] = icmp.type;
	out[1] = icmp.code;
	umx_bis_put16(out + 2, 0);
	umx_bis_put32(out + 4, icmp.rest);
	if (icmp.extends)
		out[5] = length;
	*out_len = UMX_BIS_HEAD_ICMP + size;
	umx_bis_put16(out + 2, umx_bis_icmp_check(out, *out_len, 0));
	return UMX_BIS_OK;
}
