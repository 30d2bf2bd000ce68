/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns the counters of umx_anycast.ko: their names, which are
 * stable for ever, and the sentence that explains each (umctl anycast stats
 * --explain).
 */
#ifndef _UMX_ANYCAST_MIB_H
#define _UMX_ANYCAST_MIB_H

#include <linux/percpu.h>
#include <linux/types.h>

struct umx_anycast_net;

/* Where it is switched on; everything but the first two is left to TCP. */
#define UMX_ANYCAST_MIB_TABLE(X)					\
X(ANSWERED, answered,							\
  "SYNs answered with ICMPv6 address unreachable, and dropped")		\
X(SUPPRESSED, suppressed,						\
  "SYNs dropped without an answer: the kernel's limits for ICMPv6 errors (icmp_msgs_per_sec, icmp/ratelimit), or no memory") \
X(NOT_SYN, not_syn,							\
  "TCP segments that do not open a connection: ACK, RST, FIN, SYN-ACK, ...") \
X(NOT_HOST, not_host,							\
  "SYNs sent to more than one node on the link")			\
X(BAD_SOURCE, bad_source,						\
  "SYNs from an address that names no single node: multicast, unspecified, anycast") \
X(BAD_CHECKSUM, bad_checksum,						\
  "SYNs with a wrong checksum")						\
X(MALFORMED, malformed,							\
  "TCP segments too short for their header")				\
X(POLICY, policy,							\
  "SYNs that IPsec policy does not let in")				\
X(NO_ADDRESS, no_address,						\
  "SYNs for which there was no route back, or no unicast address to answer from")

enum umx_anycast_mib {
#define UMX_ANYCAST_MIB_ENUM(id, name, text) UMX_ANYCAST_MIB_##id,
	UMX_ANYCAST_MIB_TABLE(UMX_ANYCAST_MIB_ENUM)
#undef UMX_ANYCAST_MIB_ENUM
	UMX_ANYCAST_MIB_MAX
};

/**
 * struct umx_anycast_mib_counters - the counters of one CPU
 * @c: by enum umx_anycast_mib
 */
struct umx_anycast_mib_counters {
	unsigned long c[UMX_ANYCAST_MIB_MAX];
};

const char *umx_anycast_mib_name(enum umx_anycast_mib id);
const char *umx_anycast_mib_explain(enum umx_anycast_mib id);
u64 umx_anycast_mib_read(const struct umx_anycast_net *an,
			 enum umx_anycast_mib id);
void umx_anycast_mib_inc(struct umx_anycast_net *an, enum umx_anycast_mib id);

#endif /* _UMX_ANYCAST_MIB_H */
