/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns the counters of umx_preserve.ko: their names, which are
 * stable for ever, and the sentence that explains each (umctl preserve stats
 * --explain).
 */
#ifndef _UMX_PRESERVE_MIB_H
#define _UMX_PRESERVE_MIB_H

#include <linux/percpu.h>
#include <linux/types.h>

struct umx_preserve_net;

#define UMX_PRESERVE_MIB_TABLE(X)					\
X(OFFERED, offered,							\
  "SYNs sent with an offer")						\
X(OFFER_CUT, offer_cut,							\
  "offers that left addresses out: they do not fit into header_max or max_prefixes") \
X(AGREED, agreed,							\
  "connections with an agreed set of address pairs")			\
X(PEER_PLAIN, peer_plain,						\
  "connections whose server does not answer offers")			\
X(SKIP_BOUND, skip_bound,						\
  "no offer or answer: the application has bound an address or a device") \
X(SKIP_SOCKET, skip_socket,						\
  "no offer or answer: TCP-MD5 or TCP-AO, or IPv6 options of the application's") \
X(SKIP_POOL, skip_pool,							\
  "no offer or answer: the address is on no device and none of umx's (a routed prefix)") \
X(SKIP_FASTOPEN, skip_fastopen,						\
  "no offer: TCP Fast Open")						\
X(SKIP_BLACKHOLE, skip_blackhole,					\
  "no offer: SYNs with the option got lost on the way to this destination") \
X(SKIP_OFF, skip_off,							\
  "no offer or answer: the application has switched it off for the socket") \
X(SKIP_EXCLUDED, skip_excluded,						\
  "no offer or answer: an address of the connection is in an excluded prefix") \
X(BLACKHOLE, blackhole,							\
  "destinations remembered because only the SYN without the option arrived") \
X(SYN_IN, syn_in,							\
  "SYNs received with an offer")					\
X(SYNACK_OUT, synack_out,						\
  "SYN-ACKs sent with an acceptance and an offer")			\
X(SYNACK_COOKIE, synack_cookie,						\
  "offers not answered: SYN cookies, of which nothing may be kept")	\
X(SYNACK_REPEAT, synack_repeat,						\
  "SYN-ACKs repeated without the option")				\
X(MALFORMED, malformed,							\
  "options that cannot be read; the connection goes on without")	\
X(MIXED, mixed,								\
  "Destination Options headers that hold others' options too; left alone") \
X(BAD_CHECK, bad_check,							\
  "acceptances of something that was not offered: a set corrupted on the way, a forger, another key") \
X(BAD_FORM, bad_form,							\
  "offers or acceptances without a check, which the setting \"check\" or a key demands") \
X(BAD_CHECKSUM, bad_checksum,						\
  "segments with an option or on another pair whose TCP checksum is wrong") \
X(STRAY, stray,								\
  "acceptances for which there is no connection in that state")		\
X(LATE, late,								\
  "options in established connections; a set is agreed upon once")	\
X(NO_PREFIX, no_prefix,							\
  "entries of offers that are no unicast address of that scope, or too many") \
X(NO_EXCLUDED, no_excluded,						\
  "entries of offers in an excluded prefix; not accepted")		\
X(NO_SET, no_set,							\
  "connections left plain: no memory, or too many sets")		\
X(MOVED_ADMIN, moved_admin, "moves: administrator")			\
X(MOVED_ADDRESS, moved_address, "moves: the local address has gone")	\
X(MOVED_LINK, moved_link, "moves: the link is down")			\
X(MOVED_PEER, moved_peer, "moves: the peer has moved")			\
X(MOVED_SILENCE, moved_silence,						\
  "moves: the peer answered a copy sent on another pair during a silence") \
X(MOVED_TIMEOUT, moved_timeout, "moves: retransmission timeouts without progress") \
X(MOVED_UNREACHABLE, moved_unreachable, "moves: an ICMPv6 error, or no route") \
X(MOVED_REVERT, moved_revert, "moves: back to the original pair")	\
X(NOTIFIED, notified,							\
  "moves an application was told of, which had asked for it")		\
X(NOT_NOTIFIED, not_notified,						\
  "moves it was not told of: it does not read what it was told before") \
X(NO_PATH, no_path,							\
  "moves that were needed and not possible: no other pair has a route")	\
X(COPY_SILENCE, copy_silence,						\
  "copies of the head of the queue sent on another pair during a silence") \
X(COPY_HELD, copy_held,							\
  "copies held back during a silence: many sessions were silent at once") \
X(COPY_TIMEOUT, copy_timeout,						\
  "copies of a segment sent on another pair at a retransmission timeout") \
X(IN_ALTERNATIVE, in_alternative,					\
  "segments received on the current pair, which is not the original one") \
X(OUT_ALTERNATIVE, out_alternative,					\
  "segments sent on a pair that is not the original one")		\
X(IN_WINDOW, in_window,							\
  "segments dropped on a pair that is not the current one: outside the window, they move nothing") \
X(IN_CROWDED, in_crowded,						\
  "segments whose pair too many sets have; not every one was asked")	\
X(IN_RST, in_rst,							\
  "resets dropped on a pair the peer has not yet used")			\
X(IN_TIMEWAIT, in_timewait,						\
  "segments on another pair given to a TIME_WAIT")			\
X(ICMP, icmp,								\
  "ICMPv6 errors about a segment in flight on the current pair")		\
X(ICMP_FORGED, icmp_forged,						\
  "such errors about data that is not in flight; they move nothing")

enum umx_preserve_mib {
#define UMX_PRESERVE_MIB_ENUM(id, name, text) UMX_PRESERVE_MIB_##id,
	UMX_PRESERVE_MIB_TABLE(UMX_PRESERVE_MIB_ENUM)
#undef UMX_PRESERVE_MIB_ENUM
	UMX_PRESERVE_MIB_MAX
};

/**
 * struct umx_preserve_mib_counters - the counters of one CPU
 * @c: by enum umx_preserve_mib
 */
struct umx_preserve_mib_counters {
	unsigned long c[UMX_PRESERVE_MIB_MAX];
};

const char *umx_preserve_mib_name(enum umx_preserve_mib id);
const char *umx_preserve_mib_explain(enum umx_preserve_mib id);
u64 umx_preserve_mib_read(const struct umx_preserve_net *pn,
			  enum umx_preserve_mib id);
void umx_preserve_mib_inc(struct umx_preserve_net *pn,
			  enum umx_preserve_mib id);

#endif /* _UMX_PRESERVE_MIB_H */
