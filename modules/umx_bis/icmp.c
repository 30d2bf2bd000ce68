// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns what both directions of ICMP share: the packet an error
 * quotes, and extensions (RFC 4884) behind it. Pure.
 */
#include "icmp.h"

/* RFC 4884, section 3: with extensions, the quote has at least this. */
#define QUOTE_MIN	128

/**
 * umx_bis_quote_read() - find what an error quotes
 * @quote: gets it
 * @in: the message
 * @len: its length, 8 at least
 * @datagram: length of the quote as the message has it, in bytes; 0: all of
 *	it is quote
 *
 * Return: false if the message has not what it says.
 */
bool umx_bis_quote_read(struct umx_bis_quote *quote, const u8 *in, size_t len,
			size_t datagram)
{
	quote->data = in + UMX_BIS_HEAD_ICMP;
	quote->len = len - UMX_BIS_HEAD_ICMP;
	quote->ext = NULL;
	quote->ext_len = 0;
	if (!datagram)
		return true;
	if (datagram > quote->len)
		return false;
	quote->ext = quote->data + datagram;
	quote->ext_len = quote->len - datagram;
	quote->len = datagram;
	return true;
}

/**
 * umx_bis_quote_write() - finish a translated quote
 * @out: the quote, already translated
 * @max: room there
 * @len: its length
 * @unit: what its length is counted in on this side: 4 or 8 bytes
 * @ext: extensions to put behind it; they are opaque, as the RFC wants them
 * @length: gets the length field of the message
 *
 * A quote with extensions is padded, or cut to make room for them. Extensions
 * that leave no room for the least a quote must have are left out.
 *
 * Return: bytes in @out.
 */
size_t umx_bis_quote_write(u8 *out, size_t max, size_t len, size_t unit,
			   const struct umx_bis_quote *ext, u8 *length)
{
	size_t padded, room;

	*length = 0;
	if (!ext->ext_len || ext->ext_len + QUOTE_MIN > max)
		return len;
	room = (max - ext->ext_len) / unit * unit;
	if (len > room)
		len = room;
	padded = (len + unit - 1) / unit * unit;
	if (padded < QUOTE_MIN)
		padded = QUOTE_MIN;
	memset(out + len, 0, padded - len);
	memcpy(out + padded, ext->ext, ext->ext_len);
	*length = padded / unit;
	return padded + ext->ext_len;
}

/**
 * umx_bis_icmp_check() - the checksum of a message
 * @message: the message; its checksum counts as 0
 * @len: its length
 * @pseudo: sum of the pseudo header; 0 for IPv4, which has none
 */
u16 umx_bis_icmp_check(const u8 *message, size_t len, u32 pseudo)
{
	u32 sum = umx_bis_sum(message, len, umx_bis_fold(pseudo));

	return umx_bis_resum(~umx_bis_fold(sum), umx_bis_get16(message + 2), 0);
}
