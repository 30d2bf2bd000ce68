/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns the counters of umx_bis.ko: their names, which are stable for
 * ever, and the sentence that explains each (umctl bis stats --explain).
 */
#ifndef _UMX_BIS_MIB_H
#define _UMX_BIS_MIB_H

#include <linux/percpu.h>
#include <linux/types.h>

struct umx_bis_net;

/* out_: from IPv4 to IPv6; in_: from IPv6 to IPv4. */
#define UMX_BIS_MIB_TABLE(X)						\
X(OUT_PACKETS, out_packets,						\
  "IPv4 packets that left as IPv6; a GSO packet is one")		\
X(OUT_DIRECT, out_direct,						\
  "IPv4 packets of this host that were taken over before they reached the device") \
X(OUT_SPLIT, out_split,							\
  "GSO packets of kinds that must be cut before they are translated")	\
X(OUT_TOO_BIG, out_too_big,						\
  "packets with DF longer than the IPv6 path takes, answered with ICMP fragmentation needed") \
X(OUT_FRAGMENT, out_fragment,						\
  "fragments put together before translation; dropped if others of their packet are missing") \
X(OUT_NOT_IPV4, out_not_ipv4,						\
  "packets dropped because IPv4 only is translated here; the device's own router solicitations are such, in router mode, too") \
X(OUT_NO_SPOOL, out_no_spool,						\
  "packets dropped because there is no spool")				\
X(OUT_NO_PAIR, out_no_pair,						\
  "packets to an address no pair has, answered with ICMP host unreachable") \
X(OUT_NOT_SELF, out_not_self,						\
  "packets from an address that is not the host's of the spool, answered with ICMP administratively prohibited") \
X(OUT_LOOP, out_loop,							\
  "packets dropped because they would have been translated twice")	\
X(OUT_EA, out_ea,							\
  "sessions that leave from an EA of umx")				\
X(OUT_NO_EA, out_no_ea,							\
  "packets of sessions that were to leave from an EA, and there was none, answered with ICMP administratively prohibited") \
X(OUT_EA_ICMP, out_ea_icmp,						\
  "ICMP errors of this host dropped because they are about a session on an EA, and would show its peer the source address") \
X(OUT_NO_ROUTE, out_no_route,						\
  "packets to hosts without an IPv6 route, answered with ICMP host unreachable") \
X(OUT_POLICY, out_policy,						\
  "packets dropped because IPsec policy does not let them out as they are") \
X(OUT_PORT_CLASH, out_port_clash,					\
  "packets from a port an IPv6 socket of the host has, answered with ICMP administratively prohibited") \
X(OUT_PORT_SHARED, out_port_shared,					\
  "TCP sessions begun from a port IPv6 connections to others have, too: both ends tell them apart") \
X(OUT_PORT_WAIT, out_port_wait,						\
  "packets that waited for a moment until their port could be reserved") \
X(OUT_PORT_LATE, out_port_late,						\
  "packets dropped because too many others waited for their port to be reserved") \
X(OUT_PORT_FULL, out_port_full,						\
  "packets from a new port while as many are reserved as may be, answered with ICMP administratively prohibited") \
X(OUT_PORT_NONE, out_port_none,						\
  "packets of a protocol without ports, whose answers IPv6 would get at a shared source, answered with ICMP protocol unreachable") \
X(OUT_MALFORMED, out_malformed,						\
  "packets dropped because their lengths contradict each other")	\
X(OUT_SOURCE_ROUTE, out_source_route,					\
  "packets with a source route, answered with ICMP source route failed") \
X(OUT_PROTO, out_proto,							\
  "packets dropped because their protocol number is an extension header in IPv6, or its ICMP") \
X(OUT_ICMP_TYPE, out_icmp_type,						\
  "ICMP messages dropped because ICMPv6 has none like them")		\
X(OUT_ICMP_POINTER, out_icmp_pointer,					\
  "ICMP errors dropped because they point at a field IPv6 has not")	\
X(OUT_ICMP_QUOTE, out_icmp_quote,					\
  "ICMP errors dropped because what they quote cannot be translated")	\
X(OUT_NO_MEMORY, out_no_memory,						\
  "packets dropped for want of memory")					\
X(IN_PACKETS, in_packets,						\
  "IPv6 packets that were delivered as IPv4; a GRO packet is one")	\
X(IN_DIRECT, in_direct,							\
  "of these, packets of TCP that followed others of their connection without passing the device") \
X(IN_SPLIT, in_split,							\
  "GRO packets of kinds that must be cut before they are translated")	\
X(IN_FRAGMENT, in_fragment,						\
  "fragments put together before translation, or before it is known whose they are; dropped if others of their packet are missing") \
X(IN_PMTU, in_pmtu,							\
  "ICMPv6 packet too big that were told to IPv4 and to the IPv6 route")	\
X(IN_NATIVE, in_native,							\
  "packets to the source address left to the host's own IPv6: neighbour discovery, IPsec, connections of IPv6 sockets, and at a shared source all that is not for IPv4") \
X(IN_BOTH, in_both,							\
  "ICMPv6 echo replies and errors at a shared source given to IPv6 and to IPv4, since either may have asked") \
X(IN_NO_DEVICE, in_no_device,						\
  "packets dropped because the device is missing or down")		\
X(IN_NO_PAIR, in_no_pair,						\
  "packets from hosts that have no pair and get none, answered with ICMPv6 administratively prohibited") \
X(IN_NEW_PAIR, in_new_pair,						\
  "hosts that got a pair because their packet came in")			\
X(IN_SPOOL_FULL, in_spool_full,						\
  "packets from hosts without a pair while others use the share of the spool packets may take, answered with ICMPv6 address unreachable") \
X(IN_POLICY, in_policy,							\
  "packets dropped because IPsec policy does not let them in")		\
X(IN_MALFORMED, in_malformed,						\
  "packets dropped because their lengths contradict each other")	\
X(IN_ROUTING_HEADER, in_routing_header,					\
  "packets with segments left, answered with ICMPv6 parameter problem")	\
X(IN_EXTHDR, in_exthdr,							\
  "packets with an extension header behind the fragment header, answered with ICMPv6 administratively prohibited") \
X(IN_PROTO, in_proto,							\
  "packets dropped because their next header is IPv4's ICMP")		\
X(IN_NO_CHECKSUM, in_no_checksum,					\
  "UDP datagrams dropped because they have no checksum, which IPv6 requires") \
X(IN_ICMP_TYPE, in_icmp_type,						\
  "ICMPv6 messages dropped because ICMP has none like them")		\
X(IN_ICMP_POINTER, in_icmp_pointer,					\
  "ICMPv6 errors dropped because they point at a field IPv4 has not")	\
X(IN_ICMP_QUOTE, in_icmp_quote,						\
  "ICMPv6 errors dropped because what they quote cannot be translated, or is not of a pair") \
X(IN_NO_MEMORY, in_no_memory,						\
  "packets dropped for want of memory")					\
X(IN_LOOP, in_loop,							\
  "IPv6 packets dropped because they would have been translated twice")	\
X(ROUTER_OUT_PACKETS, router_out_packets,				\
  "IPv4 packets of others that were translated to IPv6; a GSO packet is one") \
X(ROUTER_IN_PACKETS, router_in_packets,					\
  "IPv6 packets of others that were translated to IPv4; a GSO packet is one") \
X(ROUTER_SHORTCUT, router_shortcut,					\
  "of these, packets that followed others of their flow without going through IP in both versions") \
X(ROUTER_HAIRPIN, router_hairpin,					\
  "packets from one IPv6 host to another by their IPv4 addresses, translated both ways") \
X(ROUTER_VOUCHED, router_vouched,					\
  "ICMP errors of routers without a mapping, sent on from an address of this host") \
X(ROUTER_CUT, router_cut,						\
  "packets without DF cut into fragments that fit into 1280 bytes of IPv6") \
X(ROUTER_OUT_SOURCE, router_out_source,					\
  "packets from an IPv4 address without a mapping, answered with ICMP administratively prohibited") \
X(ROUTER_OUT_DEST, router_out_dest,					\
  "packets to an IPv4 address without a mapping, answered with ICMP host unreachable") \
X(ROUTER_IN_SOURCE, router_in_source,					\
  "packets from an IPv6 address without a mapping, answered with ICMPv6 source address failed policy") \
X(ROUTER_IN_DEST, router_in_dest,					\
  "packets to an IPv6 address without a mapping, answered with ICMPv6 no route") \
X(ROUTER_NOT_GLOBAL, router_not_global,					\
  "packets with a private IPv4 address, which 64:ff9b::/96 must not carry, answered with ICMP or ICMPv6 administratively prohibited") \
X(ROUTER_NO_CHECKSUM, router_no_checksum,				\
  "fragments of UDP datagrams dropped because they have no checksum, which IPv6 requires") \
X(ROUTER_NO_ROUTE, router_no_route,					\
  "ICMP errors from this host dropped because IPv4 has no route to whom they are for") \
X(ROUTER_BACKLOG, router_backlog,					\
  "translated packets dropped because the queue of received packets is full")

enum umx_bis_mib {
#define UMX_BIS_MIB_ENUM(id, name, text) UMX_BIS_MIB_##id,
	UMX_BIS_MIB_TABLE(UMX_BIS_MIB_ENUM)
#undef UMX_BIS_MIB_ENUM
	UMX_BIS_MIB_MAX
};

/**
 * struct umx_bis_mib_counters - the counters of one CPU
 * @c: by enum umx_bis_mib
 */
struct umx_bis_mib_counters {
	unsigned long c[UMX_BIS_MIB_MAX];
};

const char *umx_bis_mib_name(enum umx_bis_mib id);
const char *umx_bis_mib_explain(enum umx_bis_mib id);
u64 umx_bis_mib_read(const struct umx_bis_net *bn, enum umx_bis_mib id);

#endif /* _UMX_BIS_MIB_H */
