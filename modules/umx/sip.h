/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns SipHash-2-4, the pseudorandom function of traceable pools.
 *
 * The kernel has one, too. This one also builds in user space, where an address
 * is turned back, and is faster for what is asked once per round: a message of
 * seven bytes is a single block, and the state a key begins with is made once.
 */
#ifndef _UMX_SIP_H
#define _UMX_SIP_H

#include <linux/string.h>
#include <linux/types.h>
#include <asm/byteorder.h>

#define UMX_SIP_KEY	16	/* bytes */

/**
 * struct umx_sip - SipHash's state
 * @v: its four words
 */
struct umx_sip {
	u64 v[4];
};

static inline u64 umx_sip_rol(u64 word, unsigned int by)
{
	return word << by | word >> (64 - by);
}

static inline u64 umx_sip_word(const u8 *p)
{
	u64 w;

	memcpy(&w, p, sizeof(w));
	return le64_to_cpu((__force __le64)w);
}

static inline void umx_sip_round(struct umx_sip *s)
{
	u64 *v = s->v;

	v[0] += v[1];
	v[2] += v[3];
	v[1] = umx_sip_rol(v[1], 13) ^ v[0];
	v[3] = umx_sip_rol(v[3], 16) ^ v[2];
	v[0] = umx_sip_rol(v[0], 32);
	v[2] += v[1];
	v[0] += v[3];
	v[1] = umx_sip_rol(v[1], 17) ^ v[2];
	v[3] = umx_sip_rol(v[3], 21) ^ v[0];
	v[2] = umx_sip_rol(v[2], 32);
}

static inline void umx_sip_block(struct umx_sip *s, u64 block)
{
	s->v[3] ^= block;
	umx_sip_round(s);
	umx_sip_round(s);
	s->v[0] ^= block;
}

static inline u64 umx_sip_end(struct umx_sip *s)
{
	s->v[2] ^= 0xff;
	umx_sip_round(s);
	umx_sip_round(s);
	umx_sip_round(s);
	umx_sip_round(s);
	return s->v[0] ^ s->v[1] ^ s->v[2] ^ s->v[3];
}

/* What every message under the key of two words begins with. */
static inline struct umx_sip umx_sip_begin(u64 k0, u64 k1)
{
	return (struct umx_sip){ .v = {
		k0 ^ 0x736f6d6570736575ULL, k1 ^ 0x646f72616e646f6dULL,
		k0 ^ 0x6c7967656e657261ULL, k1 ^ 0x7465646279746573ULL } };
}

/* The hash of a message of seven bytes: the low ones of @message. */
static inline u64 umx_sip_seven(const struct umx_sip *begin, u64 message)
{
	struct umx_sip s = *begin;

	umx_sip_block(&s, 7ULL << 56 | message);
	return umx_sip_end(&s);
}

/* The hash of a message of @len bytes. */
static inline u64 umx_sip(const u8 key[UMX_SIP_KEY], const u8 *data,
			  unsigned int len)
{
	struct umx_sip s = umx_sip_begin(umx_sip_word(key),
					 umx_sip_word(key + 8));
	u8 last[8] = { 0 };
	unsigned int i;

	for (i = 0; i + 8 <= len; i += 8)
		umx_sip_block(&s, umx_sip_word(data + i));
	memcpy(last, data + i, len - i);
	last[7] = len;
	umx_sip_block(&s, umx_sip_word(last));
	return umx_sip_end(&s);
}

#endif /* _UMX_SIP_H */
