/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns the contract of icmp.c, icmp46.c and icmp64.c: ICMP messages
 * from one version to the other. Pure.
 */
#ifndef _UMX_BIS_ICMP_H
#define _UMX_BIS_ICMP_H

#include "wire.h"

enum {
	UMX_BIS_ICMP4_ECHO_REPLY = 0,
	UMX_BIS_ICMP4_UNREACH = 3,
	UMX_BIS_ICMP4_ECHO = 8,
	UMX_BIS_ICMP4_TIME = 11,
	UMX_BIS_ICMP4_PARAM = 12,

	UMX_BIS_ICMP6_UNREACH = 1,
	UMX_BIS_ICMP6_TOO_BIG = 2,
	UMX_BIS_ICMP6_TIME = 3,
	UMX_BIS_ICMP6_PARAM = 4,
	UMX_BIS_ICMP6_ECHO = 128,
	UMX_BIS_ICMP6_ECHO_REPLY = 129,
};

/* Codes of destination unreachable that are treated for themselves. */
enum {
	UMX_BIS_ICMP4_NEED_FRAG = 4,	/* type 3 */
};

/* Longest message that comes out: what an error may have behind the header. */
#define UMX_BIS_ICMP6_MAX	(UMX_BIS_ERROR6_MAX - UMX_BIS_HEAD6)
#define UMX_BIS_ICMP4_MAX	(UMX_BIS_ERROR4_MAX - UMX_BIS_HEAD4)

/**
 * struct umx_bis_icmp - the part of a message that is not its payload
 * @type: type
 * @code: code
 * @rest: second word: MTU, pointer (in the first byte of IPv4's, all of
 *	IPv6's), 0
 * @extends: the message may carry extensions (RFC 4884)
 */
struct umx_bis_icmp {
	u8 type;
	u8 code;
	u32 rest;
	bool extends;
};

/**
 * struct umx_bis_quote - what an error quotes
 * @data: the packet, as far as it is there
 * @len: how much of it there is
 * @ext: extension structure behind it
 * @ext_len: its length; 0: there is none
 */
struct umx_bis_quote {
	const u8 *data;
	size_t len;
	const u8 *ext;
	size_t ext_len;
};

static inline bool umx_bis_icmp4_is_echo(u8 type)
{
	return type == UMX_BIS_ICMP4_ECHO || type == UMX_BIS_ICMP4_ECHO_REPLY;
}

static inline bool umx_bis_icmp6_is_echo(u8 type)
{
	return type == UMX_BIS_ICMP6_ECHO || type == UMX_BIS_ICMP6_ECHO_REPLY;
}

static inline u8 umx_bis_icmp4_echo_to6(u8 type)
{
	return type == UMX_BIS_ICMP4_ECHO ? UMX_BIS_ICMP6_ECHO :
					    UMX_BIS_ICMP6_ECHO_REPLY;
}

static inline u8 umx_bis_icmp6_echo_to4(u8 type)
{
	return type == UMX_BIS_ICMP6_ECHO ? UMX_BIS_ICMP4_ECHO :
					    UMX_BIS_ICMP4_ECHO_REPLY;
}

static inline bool umx_bis_icmp4_is_error(u8 type)
{
	return type == UMX_BIS_ICMP4_UNREACH || type == 4 || type == 5 ||
	       type == UMX_BIS_ICMP4_TIME || type == UMX_BIS_ICMP4_PARAM;
}

static inline bool umx_bis_icmp6_is_error(u8 type)
{
	return type < 128;
}

/* The sum of the addresses, length and protocol a checksum covers. */
static inline u32 umx_bis_pseudo6(const struct in6_addr *saddr,
				  const struct in6_addr *daddr, u32 len,
				  u8 proto)
{
	u32 sum = (len & 0xffff) + (len >> 16) + proto;

	return umx_bis_sum((const u8 *)saddr, 16,
			   umx_bis_sum((const u8 *)daddr, 16, sum));
}

enum umx_bis_verdict umx_bis_icmp46_head(const u8 *in, size_t len,
					 const struct umx_bis_env *env,
					 struct umx_bis_icmp *out);
enum umx_bis_verdict umx_bis_icmp64_head(const u8 *in, size_t len,
					 const struct umx_bis_env *env,
					 struct umx_bis_icmp *out);

enum umx_bis_verdict umx_bis_icmp46_error(const u8 *in, size_t len,
					  const struct umx_bis_env *env,
					  u8 out[UMX_BIS_ICMP6_MAX],
					  size_t *out_len);
enum umx_bis_verdict umx_bis_icmp64_error(const u8 *in, size_t len,
					  const struct umx_bis_env *env,
					  u8 out[UMX_BIS_ICMP4_MAX],
					  size_t *out_len);

/* icmp.c: what both directions share. */
bool umx_bis_quote_read(struct umx_bis_quote *quote, const u8 *in, size_t len,
			size_t datagram);
size_t umx_bis_quote_write(u8 *out, size_t max, size_t len, size_t unit,
			   const struct umx_bis_quote *ext, u8 *length);
u16 umx_bis_icmp_check(const u8 *message, size_t len, u32 pseudo);

#endif /* _UMX_BIS_ICMP_H */
