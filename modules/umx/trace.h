/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns the tracepoints of umx.ko. Switched off, each costs a branch
 * that is patched out.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM umx

#if !defined(_UMX_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define _UMX_TRACE_H

#include <linux/in6.h>
#include <linux/tracepoint.h>
#include <linux/umx.h>
#include "address.h"
#include "mib.h"
#include "netns.h"
#include "pool.h"

struct sk_buff;

#define UMX_TRACE_REASON_MAX	20	/* the longest name of a counter of drops */

#ifndef _UMX_TRACE_FLOW
#define _UMX_TRACE_FLOW
/* It was not live before. */
#define UMX_TRACE_NONE		0xff

/**
 * struct umx_trace_flow - whose packet it is
 * @saddr: source; an IPv4 one is mapped, there is no packet: ::
 * @daddr: destination
 * @sport: 0 if there is none
 * @dport: 0 if there is none
 * @proto: next header
 */
struct umx_trace_flow {
	struct in6_addr saddr;
	struct in6_addr daddr;
	u16 sport;
	u16 dport;
	u8 proto;
};

void umx_trace_flow_of(const struct sk_buff *skb, struct umx_trace_flow *flow);
#endif

TRACE_DEFINE_ENUM(UMX_ADDR_TENTATIVE);
TRACE_DEFINE_ENUM(UMX_ADDR_UNCERTAIN);
TRACE_DEFINE_ENUM(UMX_ADDR_VALID);
TRACE_DEFINE_ENUM(UMX_ADDR_CLOSING);
TRACE_DEFINE_ENUM(UMX_ADDR_DISPOSED);
TRACE_DEFINE_ENUM(UMX_ROLE_EA);
TRACE_DEFINE_ENUM(UMX_ROLE_SSA);

#define umx_trace_state(state)						\
	__print_symbolic(state,						\
			 { UMX_ADDR_TENTATIVE, "tentative" },		\
			 { UMX_ADDR_UNCERTAIN, "uncertain" },		\
			 { UMX_ADDR_VALID, "valid" },			\
			 { UMX_ADDR_CLOSING, "closing" },		\
			 { UMX_ADDR_DISPOSED, "disposed" },		\
			 { 0xff, "none" })

#define umx_trace_role(role)						\
	__print_symbolic(role, { UMX_ROLE_EA, "ea" }, { UMX_ROLE_SSA, "ssa" })

/*
 * A transition of the diagram in address.h. A claim and its undoing lead from
 * valid to valid, and change @bound.
 */
TRACE_EVENT(umx_address,
	TP_PROTO(const struct umx_addr *addr, u8 from, u8 to),
	TP_ARGS(addr, from, to),
	TP_STRUCT__entry(
		__field(u64, netns)
		__array(u8, address, sizeof(struct in6_addr))
		__array(char, pool, UMX_POOL_NAME_MAX)
		__field(u16, port)
		__field(u8, role)
		__field(u8, from)
		__field(u8, to)
		__field(bool, bound)
	),
	TP_fast_assign(
		__entry->netns = addr->pool->un->net->net_cookie;
		memcpy(__entry->address, &addr->addr, sizeof(addr->addr));
		strscpy(__entry->pool, addr->pool->name, UMX_POOL_NAME_MAX);
		__entry->port = addr->port;
		__entry->role = addr->role;
		__entry->from = from;
		__entry->to = to;
		__entry->bound = addr->bound;
	),
	TP_printk("netns=%llu pool=%s address=%pI6c role=%s from=%s to=%s bound=%d port=%u",
		  __entry->netns, __entry->pool, __entry->address,
		  umx_trace_role(__entry->role), umx_trace_state(__entry->from),
		  umx_trace_state(__entry->to), __entry->bound, __entry->port)
);

/* A packet is dropped, and counted. */
TRACE_EVENT(umx_drop,
	TP_PROTO(const struct umx_net *un, const struct umx_pool *pool,
		 enum umx_mib reason, const struct sk_buff *skb),
	TP_ARGS(un, pool, reason, skb),
	TP_STRUCT__entry(
		__field(u64, netns)
		__array(char, reason, UMX_TRACE_REASON_MAX)
		__array(char, pool, UMX_POOL_NAME_MAX)
		__array(u8, saddr, sizeof(struct in6_addr))
		__array(u8, daddr, sizeof(struct in6_addr))
		__field(u16, sport)
		__field(u16, dport)
		__field(u8, proto)
	),
	TP_fast_assign(
		struct umx_trace_flow flow;

		umx_trace_flow_of(skb, &flow);
		__entry->netns = un->net->net_cookie;
		strscpy(__entry->reason, umx_mib_name(reason),
			UMX_TRACE_REASON_MAX);
		strscpy(__entry->pool, pool ? pool->name : "-",
			UMX_POOL_NAME_MAX);
		memcpy(__entry->saddr, &flow.saddr, sizeof(flow.saddr));
		memcpy(__entry->daddr, &flow.daddr, sizeof(flow.daddr));
		__entry->sport = flow.sport;
		__entry->dport = flow.dport;
		__entry->proto = flow.proto;
	),
	TP_printk("netns=%llu reason=%s pool=%s proto=%u saddr=%pI6c sport=%u daddr=%pI6c dport=%u",
		  __entry->netns, __entry->reason, __entry->pool,
		  __entry->proto, __entry->saddr, __entry->sport,
		  __entry->daddr, __entry->dport)
);

#endif /* _UMX_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
