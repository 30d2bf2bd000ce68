/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns the counters of umx.ko: their names, which are stable for
 * ever, and the sentence that explains each (umctl stats show --explain).
 */
#ifndef _UMX_MIB_H
#define _UMX_MIB_H

#include <linux/percpu.h>
#include <linux/types.h>
#include <linux/umx.h>

struct sk_buff;
struct umx_net;
struct umx_pool;

/* enum umx_stats_kind in the words of the table below */
enum umx_mib_kind {
	UMX_MIB_LIFE = UMX_STATS_LIFE,
	UMX_MIB_DROP = UMX_STATS_DROP,
	UMX_MIB_REFUSE = UMX_STATS_REFUSAL,
};

#define UMX_MIB_TABLE(X)						\
X(EA_CREATED, ea_created, LIFE,						\
  "client sessions that were given an EA")				\
X(EA_LENT, ea_lent, LIFE,						\
  "EAs given to sessions of IPv4 that umx_bis translates")		\
X(EA_RELEASED, ea_released, LIFE,					\
  "EAs whose session has ended")					\
X(EA_FALLBACK, ea_fallback, LIFE,					\
  "client sessions that left from a legacy address because the pool had none and the rule allows it") \
X(EA_LEGACY, ea_legacy, LIFE,						\
  "client sessions a rule keeps on legacy addresses")			\
X(EA_NEVER, ea_never, LIFE,						\
  "client sessions whose program wants no EA (socket option UMX_SO_EA)")	\
X(UDP_CREATED, udp_created, LIFE,					\
  "of ea_created, those of connected UDP sockets")			\
X(UDP_UNUSED, udp_unused, LIFE,						\
  "EAs of UDP sockets that sent no datagram: some programs connect to learn their source address only") \
X(UDP_PORT0, udp_port0, LIFE,						\
  "UDP sockets connected to port 0, to learn their source address: left alone") \
X(SSA_CREATED, ssa_created, LIFE,					\
  "SSAs that were added, and began to wait for their connection ('ssa add', 'das')") \
X(SSA_LEASED, ssa_leased, LIFE,						\
  "SSAs of ports in mode auto that were leased to a client")		\
X(SSA_CLAIMED, ssa_claimed, LIFE,					\
  "SSAs claimed by a completed handshake")				\
X(SSA_EXPIRED, ssa_expired, LIFE,					\
  "SSAs disposed unused: lifetime over, deleted, or listener gone")	\
X(SSA_RELEASED, ssa_released, LIFE,					\
  "SSAs whose session has ended")					\
X(COOKIE_SENT, cookie_sent, LIFE,					\
  "SYNs to a waiting SSA answered with a cookie: it has had its share of half-open handshakes") \
X(COOKIE_ACCEPTED, cookie_accepted, LIFE,				\
  "handshakes completed by a cookie")					\
X(ND_PROBE, nd_probe, LIFE,						\
  "neighbor solicitations by which addresses of on-link pools were proven unique (DAD)") \
X(ND_DEFENDED, nd_defended, LIFE,					\
  "neighbor advertisements that kept others from taking an on-link pool address") \
X(ND_ANSWERED, nd_answered, LIFE,					\
  "neighbor advertisements to whom asked for a live address of an on-link pool")	\
X(ND_ANNOUNCED, nd_announced, LIFE,					\
  "neighbor advertisements that told routers of a live address of an on-link pool") \
X(ND_UNANNOUNCED, nd_unannounced, LIFE,					\
  "live addresses of on-link pools that routers were not told of: too many at a time") \
X(ND_CONFLICT, nd_conflict, LIFE,					\
  "neighbor advertisements by which others claimed a live address of an on-link pool") \
X(PORTS_RESTORED, ports_restored, LIFE,					\
  "segments, and errors about them, whose ports were changed on the way and put back (port_ignore 0)") \
X(SPARE_CREATED, spare_created, LIFE,					\
  "addresses of other pools made for sessions that may move there (umx_preserve)") \
X(LISTEN_RULED, listen_ruled, LIFE,					\
  "ports that a rule has closed because a server called listen()")	\
X(CLOSING, closing, LIFE,						\
  "ended sessions whose address waited for TIME_WAIT")			\
X(DISPOSED, disposed, LIFE,						\
  "addresses used up")							\
X(IN_UNKNOWN, in_unknown, DROP,						\
  "packets to a pool address that is not live: never made, expired or used") \
X(IN_UNCERTAIN, in_uncertain, DROP,					\
  "TCP segments to an SSA that is ready but leased to nobody yet")	\
X(IN_OTHER, in_other, DROP,						\
  "TCP segments to a live address that are not its session's")		\
X(IN_STRANGER, in_stranger, DROP,					\
  "datagrams to the EA of a UDP socket from another address or port than its peer's") \
X(IN_NOT_SYN, in_not_syn, DROP,						\
  "TCP segments other than SYN or a handshake's ACK to a waiting SSA")	\
X(IN_FROM, in_from, DROP,						\
  "SYNs to a waiting SSA from outside the client prefix it was given to") \
X(IN_PORT, in_port, DROP,						\
  "SYNs to a waiting SSA on another port than its listener's, where ports matter (port_ignore 3)") \
X(IN_DEVICE, in_device, DROP,						\
  "packets to a pool or SSA that came in on another device than it allows") \
X(IN_NO_LISTENER, in_no_listener, DROP,					\
  "SYNs to a waiting SSA whose port has no listening socket we follow")	\
X(IN_NO_COOKIE, in_no_cookie, DROP,					\
  "SYNs to a waiting SSA beyond its half-open handshakes that got no cookie: over the rate, or no route back") \
X(IN_COOKIE_WAITS, in_cookie_waits, DROP,				\
  "ACKs with a cookie for which no request socket was made: queue full, or a server that waits for data") \
X(IN_EXTHDR, in_exthdr, DROP,						\
  "fragments and packets with extension headers to a pool address")	\
X(IN_PROTO, in_proto, DROP,						\
  "packets to a pool address that are no session could ask for: UDP to nobody, echo, ...") \
X(IN_ICMP, in_icmp, DROP,						\
  "ICMPv6 errors to a pool address that quote no packet of its session") \
X(IN_LO_DOWN, in_lo_down, DROP,						\
  "packets of sessions that could not be delivered because lo is down or without ::1")	\
X(IN_MALFORMED, in_malformed, DROP,					\
  "packets to a pool address too short for their header")		\
X(IN_LISTEN0, in_listen0, DROP,						\
  "SYNs to a legacy address on a port in mode das or auto")		\
X(IN_LISTEN0_IPV4, in_listen0_ipv4, DROP,				\
  "TCP segments over IPv4 to a port in mode das or auto")		\
X(OUT_LISTEN0, out_listen0, DROP,					\
  "SYN-ACKs, RSTs and ACKs that would have answered a legacy address on a port in mode das or auto") \
X(OUT_OWNER, out_owner, DROP,						\
  "packets sent from a pool address by somebody it does not belong to")	\
X(OUT_STRANGER, out_stranger, DROP,					\
  "datagrams a UDP socket with an EA sent to somebody else than its peer; sendto() says EPERM") \
X(OUT_SILENT, out_silent, DROP,						\
  "replies of the stack from a pool address that has nothing to say: RSTs, late ACKs") \
X(OUT_ICMP, out_icmp, DROP,						\
  "ICMPv6 errors of the stack about packets to a pool address")		\
X(IN_SOLICIT, in_solicit, DROP,						\
  "neighbor solicitations for an on-link pool address that is nobody's yet")	\
X(CLAIM_LOST, claim_lost, DROP,						\
  "completed handshakes on an SSA that another one had claimed first")	\
X(EA_EXHAUSTED, ea_exhausted, REFUSE,					\
  "connect() refused: the pool gave no address")			\
X(EA_NO_POOL, ea_no_pool, REFUSE,					\
  "connect() refused: the pool of the rule is gone")			\
X(EA_DRAINING, ea_draining, REFUSE,					\
  "connect() refused: the namespace is being drained")			\
X(EA_BOUND, ea_bound, REFUSE,						\
  "connect() refused: the socket was bound to a pool address")		\
X(EA_REQUIRED, ea_required, REFUSE,					\
  "connect() refused: the program requires an EA (UMX_SO_EA) where none may be had: by rules, pools, destination or bind()") \
X(EA_NOT_OFFERED, ea_not_offered, REFUSE,				\
  "setsockopt() or connect() refused: the pool the program names (UMX_SO_POOL) is not there, or no rule offers it to its user") \
X(LEASE_NONE, lease_none, REFUSE,					\
  "leases refused: as many SSAs wait as the backlog is long, or the pool gave none") \
X(EA_LIMIT, ea_limit, REFUSE,						\
  "connect() refused: the namespace has as many EAs as its limit allows")	\
X(EA_LIMIT_UID, ea_limit_uid, REFUSE,					\
  "connect() refused: the user has as many EAs as the limit allows")	\
X(LISTEN_REFUSED, listen_refused, REFUSE,				\
  "listen() refused: a rule is to close its port, but rules have closed as many as they may, or no memory") \
X(SPARE_NONE, spare_none, REFUSE,					\
  "sessions without an address of another pool to move to: the pool gave none, or a limit is reached") \
X(SSA_NO_CHILD, ssa_no_child, REFUSE,					\
  "completed handshakes on an SSA for which no socket could be made: accept queue full, no memory") \
X(WINDOW_END, window_end, REFUSE,					\
  "addresses refused: the reserved window of a traceable pool is used up; 'umctl pool reserve NAME' gives it another")

enum umx_mib {
#define UMX_MIB_ENUM(id, name, kind, text) UMX_MIB_##id,
	UMX_MIB_TABLE(UMX_MIB_ENUM)
#undef UMX_MIB_ENUM
	UMX_MIB_MAX
};

/**
 * struct umx_mib_counters - the counters of one CPU
 * @c: by enum umx_mib
 */
struct umx_mib_counters {
	unsigned long c[UMX_MIB_MAX];
};

const char *umx_mib_name(enum umx_mib id);
const char *umx_mib_explain(enum umx_mib id);
enum umx_mib_kind umx_mib_kind(enum umx_mib id);
u64 umx_mib_read(const struct umx_net *un, enum umx_mib id);
void umx_mib_inc(struct umx_net *un, enum umx_mib id);

/* A packet is dropped: every drop goes through here. @pool and @skb may be NULL. */
void umx_drop(struct umx_net *un, struct umx_pool *pool, enum umx_mib reason,
	      const struct sk_buff *skb);

#endif /* _UMX_MIB_H */
